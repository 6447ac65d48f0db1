//! Joint plans. One file per operation: request, response, docs, handler.

pub mod activate;
pub mod add_goal;
pub mod add_participant;
pub mod amend;
pub mod amend_goal;
pub mod close;
pub mod end_participation;
pub mod get;
pub mod get_goal;
pub mod hold_review;
pub mod indicators;
pub mod link;
pub mod list_reviews;
pub mod measure_indicators;
pub mod open;
pub mod progress;
pub mod set_contact_person;
pub mod set_coordinator;
pub mod step;
pub mod tell_progress;

pub(crate) use step::{does_casework, step_of, take_part};

use crate::day::Day;
use crate::problem::{ApiError, Fault};
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::HeldRole;
use domain::ids::{EmployeeId, PlanId, YoungPersonId};
use domain::organisation::Department;
use domain::plans::{ContactPerson, Goal, GoalArea, LinkKind, OwnWords, PlanOutcome, PlanRefusal};
use persistence::plans::follow_up::Author;
use persistence::plans::views::{GoalFile, LinkRow, ParticipantRow, PlanFile, RoleRow};
use persistence::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A joint plan with all that hangs on it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    id: Uuid,
    young_person_id: Uuid,
    #[schema(example = "active")]
    state: String,
    purpose: String,
    /// What the young person wants, as they said it.
    own_words: Option<String>,
    /// How they were asked, and would not or could not say.
    own_words_absent: Option<String>,
    #[schema(schema_with = schema::optional_code::<Department>)]
    coordinating_department: Option<String>,
    /// The one who carries the relation.
    contact_person: Option<ContactPersonView>,
    /// The coordinating caseworker.
    coordinator: Option<CoordinatorView>,
    goals: Vec<GoalView>,
    /// The units that take part, each with a named person.
    participants: Vec<ParticipantView>,
    /// The departments' own plans.
    links: Vec<LinkView>,
    opened_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    /// When it is reviewed next, while it is active.
    next_review_on: Option<NaiveDate>,
    /// The last review that was held.
    last_review_on: Option<NaiveDate>,
    closed_at: Option<DateTime<Utc>>,
    #[schema(schema_with = schema::optional_code::<PlanOutcome>)]
    outcome: Option<String>,
    outcome_note: Option<String>,
    /// The closed plan it reopens.
    previous_plan_id: Option<Uuid>,
    version: i64,
}

/// The one who carries the relation: an employee, somebody outside, or nobody because it was declined.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactPersonView {
    employee_id: Option<Uuid>,
    name: Option<String>,
    telephone: Option<String>,
    organisation: Option<String>,
    /// A contact person was offered and declined; why.
    declined: Option<String>,
    since: DateTime<Utc>,
}

/// The coordinating caseworker.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoordinatorView {
    employee_id: Uuid,
    name: Option<String>,
    since: DateTime<Utc>,
}

/// A goal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalView {
    id: Uuid,
    plan_id: Uuid,
    #[schema(schema_with = schema::code::<GoalArea>)]
    area: String,
    wished_result: String,
    target_date: NaiveDate,
    /// What came of it, once known.
    result: Option<String>,
    progress: LatestProgress,
    set_at: DateTime<Utc>,
    version: i64,
}

/// How far it was when it was told last, 0 to 10, in each voice.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LatestProgress {
    young_person: Option<i16>,
    professional: Option<i16>,
}

/// A unit that takes part.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantView {
    id: Uuid,
    unit_id: Uuid,
    unit_code: String,
    unit: String,
    employee_id: Uuid,
    employee: String,
    since: DateTime<Utc>,
}

/// A department's own plan.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    id: Uuid,
    unit_id: Uuid,
    unit: String,
    #[schema(schema_with = schema::code::<LinkKind>)]
    kind: String,
    title: String,
    reference: String,
    since: DateTime<Utc>,
}

/// A goal to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalBody {
    #[schema(schema_with = schema::code::<GoalArea>)]
    area: GoalArea,
    #[schema(schema_with = schema::prose::<2000>)]
    wished_result: String,
    target_date: Day,
}

/// Who carries the relation: exactly one of the three.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactPersonBody {
    /// An employee. Being it gives no access to the case by itself.
    #[serde(default)]
    employee_id: Option<Uuid>,
    /// A teacher or another outside the case; no account is needed.
    #[serde(default)]
    outside: Option<OutsideBody>,
    /// A contact person was offered and declined; why.
    #[serde(default)]
    declined: Option<DeclinedBody>,
}

/// Why nobody was wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclinedBody {
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Somebody outside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutsideBody {
    #[schema(schema_with = schema::line::<200>)]
    name: String,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    telephone: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    organisation: Option<String>,
}

impl From<PlanRefusal> for ApiError {
    fn from(refusal: PlanRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl TryFrom<ContactPersonBody> for ContactPerson {
    type Error = ApiError;

    fn try_from(body: ContactPersonBody) -> Result<Self, ApiError> {
        match (body.employee_id, body.outside, body.declined) {
            (Some(id), None, None) => Ok(Self::Employee(id.into())),
            (None, Some(OutsideBody { name, telephone, organisation }), None) => {
                Ok(Self::Outside { name, telephone, organisation })
            }
            (None, None, Some(DeclinedBody { reason })) => Ok(Self::Declined(reason)),
            _ => Err(ApiError::field("", Fault::Contradiction)),
        }
    }
}

impl From<GoalBody> for Goal {
    fn from(body: GoalBody) -> Self {
        Self {
            area: body.area,
            wished_result: body.wished_result,
            target_date: body.target_date.date(),
            result: None,
        }
    }
}

impl From<PlanFile> for PlanView {
    fn from(file: PlanFile) -> Self {
        let (mut contact_person, mut coordinator) = (None, None);
        for role in file.roles.0 {
            match (role.kind.as_str(), role.employee_id) {
                ("coordinator", Some(employee_id)) => {
                    coordinator = Some(CoordinatorView {
                        employee_id,
                        name: role.employee_name,
                        since: role.from_at,
                    });
                }
                _ => contact_person = Some(role.into()),
            }
        }
        Self {
            id: file.id,
            young_person_id: file.young_person_id,
            state: file.state,
            purpose: file.purpose,
            own_words: file.own_words,
            own_words_absent: file.own_words_absent,
            coordinating_department: file.coordinating_department,
            contact_person,
            coordinator,
            goals: file.goals.0.into_iter().map(Into::into).collect(),
            participants: file.participants.0.into_iter().map(Into::into).collect(),
            links: file.links.0.into_iter().map(Into::into).collect(),
            opened_at: file.opened_at,
            activated_at: file.activated_at,
            next_review_on: file.next_review_on,
            last_review_on: file.last_review_on,
            closed_at: file.closed_at,
            outcome: file.outcome,
            outcome_note: file.outcome_note,
            previous_plan_id: file.previous_plan_id,
            version: file.version,
        }
    }
}

impl From<RoleRow> for ContactPersonView {
    fn from(row: RoleRow) -> Self {
        Self {
            employee_id: row.employee_id,
            name: row.employee_name.or(row.outside_name),
            telephone: row.outside_telephone,
            organisation: row.outside_organisation,
            declined: row.declined_reason,
            since: row.from_at,
        }
    }
}

impl From<GoalFile> for GoalView {
    fn from(row: GoalFile) -> Self {
        Self {
            id: row.id,
            plan_id: row.plan_id,
            area: row.area,
            wished_result: row.wished_result,
            target_date: row.target_date,
            result: row.result,
            progress: LatestProgress {
                young_person: row.young_person_score,
                professional: row.professional_score,
            },
            set_at: row.set_at,
            version: row.version,
        }
    }
}

impl From<ParticipantRow> for ParticipantView {
    fn from(row: ParticipantRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            unit_code: row.unit_code,
            unit: row.unit_name,
            employee_id: row.employee_id,
            employee: row.employee_name,
            since: row.joined_at,
        }
    }
}

impl From<LinkRow> for LinkView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            unit: row.unit_name,
            kind: row.kind,
            title: row.title,
            reference: row.reference,
            since: row.linked_at,
        }
    }
}

/// The young person's own words out of a body's two members: at most one of them.
fn own_words(said: Option<String>, absent: Option<String>) -> Result<OwnWords, ApiError> {
    match (said, absent) {
        (Some(_), Some(_)) => Err(ApiError::field("/ownWordsAbsent", Fault::Contradiction)),
        (Some(said), None) => Ok(OwnWords::Said(said)),
        (None, Some(how)) => Ok(OwnWords::Absent(how)),
        (None, None) => Ok(OwnWords::NotAsked),
    }
}

/// Refuses a coordinator who does not see the young person (D-21), or whose role does no casework.
async fn ensure_coordinates(
    tx: &mut Tx,
    who: EmployeeId,
    whom: YoungPersonId,
) -> Result<(), ApiError> {
    let fault = if !tx.employee_sees_plan(who, whom).await? {
        Fault::EmployeeNoBasis
    } else if !tx.held_roles(who).await?.iter().any(HeldRole::may_coordinate) {
        Fault::EmployeeMayNotCoordinate
    } else {
        return Ok(());
    };
    Err(ApiError::field("/coordinatorId", fault))
}

/// Refuses a contact person of ours who is not employed; `pointer` is where they stand in the body.
async fn ensure_contact_person(
    tx: &mut Tx,
    who: &ContactPerson,
    pointer: &str,
) -> Result<(), ApiError> {
    match who {
        ContactPerson::Employee(id) if !tx.is_employed(*id).await? => {
            Err(ApiError::field(pointer, Fault::EmployeeUnknown))
        }
        _ => Ok(()),
    }
}

/// The name of one who wrote something down.
pub(crate) fn by(author: &Author) -> String {
    format!("{} {}", author.given_name, author.family_name)
}

/// The plan as it is after a command.
async fn view(tx: &mut Tx, id: PlanId) -> Result<PlanView, ApiError> {
    Ok(tx.plan_file(id).await?.ok_or(StoreError::Hidden)?.into())
}
