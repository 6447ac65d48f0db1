//! How interventions run: company and hours, sessions, groups, what runs at once, and what clashes. One
//! file per operation.

pub mod add_member;
pub mod change_group;
pub mod combination;
pub mod end_membership;
pub mod list_groups;
pub mod plan_clashes;
pub mod read_group;
pub mod set_company;
pub mod set_schedule;
pub mod set_up_group;
pub mod tell_hours;
mod warnings;

pub use warnings::{WithClashes, with_clashes};

use crate::problem::{ApiError, Fault, FieldFault};
use crate::schema;
use chrono::NaiveDate;
use domain::access::Permit;
use domain::access::families::ChangesIntervention;
use domain::courses::{
    Company, CourseEvent, Cvr, GroupRefusal, HoursForm, Session, Supervisor, TimeOfDay, Weekday,
    faults, weekly_minutes,
};
use domain::figures::shown;
use domain::interventions::Intervention;
use persistence::courses::groups::GroupFile;
use persistence::courses::views::{CompanyRow, CourseFile, HoursRow, SessionRow};
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A company, and who follows the young person there.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyBody {
    #[schema(schema_with = schema::cvr)]
    cvr: String,
    #[schema(schema_with = schema::line::<200>)]
    name: String,
    supervisor: SupervisorBody,
}

/// Who follows the young person at the company.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisorBody {
    #[schema(schema_with = schema::line::<200>)]
    name: String,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    telephone: Option<String>,
}

/// A session in the week.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    #[schema(schema_with = schema::code::<Weekday>)]
    weekday: Weekday,
    #[schema(schema_with = schema::time_of_day)]
    from: TimeOfDay,
    /// Later the same day.
    #[schema(schema_with = schema::time_of_day)]
    to: TimeOfDay,
}

/// Hours a week from a day on, until the next begins.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoursView {
    from: NaiveDate,
    #[schema(schema_with = schema::weekly_hours)]
    hours_per_week: f64,
    #[schema(schema_with = schema::code::<HoursForm>)]
    form: String,
}

/// The sessions of a week: its own, or of the group it is in; of one it is to join where it has none of its own.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleView {
    /// None: its own.
    group_id: Option<Uuid>,
    sessions: Vec<SessionBody>,
    hours_per_week: f64,
}

/// A group. It tells of nobody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    id: Uuid,
    provider_id: Uuid,
    /// Of which offer; none: of no one in particular.
    catalogue_code: Option<String>,
    title: String,
    from: NaiveDate,
    /// Its last day, once it is known.
    to: Option<NaiveDate>,
    /// How many it takes at once; none: as many as come.
    size: Option<i32>,
    sessions: Vec<SessionBody>,
    hours_per_week: f64,
    /// The largest number of members on any day from today on. `null` if one to four of them are hidden from the
    /// caller; a larger hidden number is rounded down to the nearest five.
    member_count: Option<i64>,
    version: i64,
}

impl CompanyBody {
    /// The company; a wrong number is the fault of `cvr` below `at`.
    pub fn read(self, at: &str) -> Result<Company, ApiError> {
        let cvr = Cvr::parse(&self.cvr)
            .map_err(|_| ApiError::field(&format!("{at}/cvr"), Fault::CvrInvalid))?;
        let SupervisorBody { name, telephone } = self.supervisor;
        Ok(Company { cvr, name: self.name, supervisor: Supervisor { name, telephone } })
    }
}

/// The sessions of a week: each ends after it has begun, and none meets another.
pub fn sessions(bodies: &[SessionBody]) -> Result<Vec<Session>, ApiError> {
    let week: Vec<Session> = bodies.iter().copied().map(Into::into).collect();
    let wrong = faults(&week);
    if wrong.is_empty() {
        return Ok(week);
    }
    let fault =
        |place| FieldFault { pointer: format!("/sessions/{place}"), fault: Fault::Contradiction };
    Err(ApiError::Invalid(wrong.into_iter().map(fault).collect()))
}

impl From<SessionBody> for Session {
    fn from(SessionBody { weekday, from, to }: SessionBody) -> Self {
        Self { weekday, from, to }
    }
}

impl From<Session> for SessionBody {
    fn from(Session { weekday, from, to }: Session) -> Self {
        Self { weekday, from, to }
    }
}

impl From<CompanyRow> for CompanyBody {
    fn from(row: CompanyRow) -> Self {
        let supervisor =
            SupervisorBody { name: row.supervisor_name, telephone: row.supervisor_telephone };
        Self { cvr: row.cvr, name: row.name, supervisor }
    }
}

impl From<HoursRow> for HoursView {
    fn from(row: HoursRow) -> Self {
        Self {
            from: row.from_day,
            hours_per_week: hours(row.weekly_minutes.into()),
            form: row.form,
        }
    }
}

impl From<&CourseFile> for ScheduleView {
    fn from(file: &CourseFile) -> Self {
        // Its own without a first day are held now; those with one are held again after the group's.
        let is_own = |held: &&SessionRow| held.group_id.is_none() && held.from_day.is_none();
        let mut now: Vec<&SessionRow> = file.sessions.iter().filter(is_own).collect();
        if now.is_empty() {
            now.extend(file.sessions.iter().filter(|held| held.group_id.is_some()));
        }
        let week: Vec<Session> = now.iter().map(|held| held.session).collect();
        Self {
            group_id: now.iter().find_map(|held| held.group_id),
            hours_per_week: hours(weekly_minutes(&week)),
            sessions: week.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<&GroupFile> for GroupView {
    fn from(file: &GroupFile) -> Self {
        let week: Vec<Session> = file.sessions.0.iter().map(|held| held.session).collect();
        Self {
            id: file.id,
            provider_id: file.provider_unit_id,
            catalogue_code: file.catalogue_code.clone(),
            title: file.title.clone(),
            from: file.from_day,
            to: file.to_day,
            size: file.size,
            hours_per_week: hours(weekly_minutes(&week)),
            sessions: week.into_iter().map(Into::into).collect(),
            member_count: shown(file.members, file.members_seen),
            version: file.version,
        }
    }
}

/// Minutes as hours, to the hundredth.
fn hours(minutes: i32) -> f64 {
    (f64::from(minutes) / 0.6).round() / 100.0
}

impl From<GroupRefusal> for ApiError {
    fn from(refusal: GroupRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// Stores what was decided about how an intervention runs, with its event.
async fn record<A: ChangesIntervention>(
    tx: &mut Tx,
    permit: &Permit<A>,
    thing: &Intervention,
    event: &CourseEvent,
) -> Result<(), ApiError> {
    tx.store_course(permit, thing, event).await?;
    let change = Change { subject: &thing.id, kind: event.kind(), payload: event };
    Ok(tx.record(permit, change).await?)
}

/// How an intervention is to run, as its referral tells it.
#[derive(Debug, Serialize)]
pub struct Course {
    company: Option<Company>,
    sessions: Vec<Session>,
}

impl Course {
    /// Reads it, with all that is wrong with it.
    pub fn read(company: Option<CompanyBody>, week: &[SessionBody]) -> Result<Self, ApiError> {
        match (company.map(|company| company.read("/company")).transpose(), sessions(week)) {
            (Ok(company), Ok(sessions)) => Ok(Self { company, sessions }),
            (Err(ApiError::Invalid(one)), Err(ApiError::Invalid(two))) => {
                Err(ApiError::Invalid([one, two].concat()))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// Stores it. It is told by the referral's own event.
    pub async fn store<A: ChangesIntervention>(
        &self,
        tx: &mut Tx,
        permit: &Permit<A>,
        thing: &Intervention,
    ) -> Result<(), ApiError> {
        if let Some(company) = &self.company {
            tx.store_course(permit, thing, &thing.name_company(company.clone())?).await?;
        }
        if !self.sessions.is_empty() {
            tx.store_course(permit, thing, &thing.schedule(self.sessions.clone())?).await?;
        }
        Ok(())
    }
}
