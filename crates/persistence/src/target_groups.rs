//! Benefits, sanctions, readiness, the target group that follows from them (TG-1 to TG-5), and the state
//! six months after (PL-8). Whoever writes any of them locks the young person first.

use crate::error::StoreError;
use crate::schema::{benefit_episode, employee, follow_up, plan, readiness, sanction};
use crate::store::Tx;
use crate::young_people::YoungPersonRow;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::{AssessReadiness, FollowUp, RecordBenefit};
use domain::calendar::day_of;
use domain::ids::{PlanId, YoungPersonId};
use domain::target_groups::follow_ups::TakenState;
use domain::target_groups::sanctions::Sanction;
use domain::target_groups::{Assessment, Benefit, BenefitEvent, Circumstances, Verdict};
use uuid::Uuid;

diesel::define_sql_function! {
    /// The target group on a day; none: no group, or not for the caller.
    fn target_group_on(person: SqlUuid, day: Date) -> Nullable<Int4>;
}

/// A benefit as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = benefit_episode)]
pub struct BenefitRow {
    /// Ours.
    pub id: Uuid,
    /// Whose.
    pub young_person_id: Uuid,
    /// Which.
    pub kind: String,
    /// Does it decide the group while it is had?
    pub leads: bool,
    /// Is it had in the integration programme?
    pub in_integration_programme: bool,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day; none: it goes on.
    pub to_day: Option<NaiveDate>,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
}

/// A sanction as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sanction)]
pub struct SanctionRow {
    /// Ours.
    pub id: Uuid,
    /// Against which benefit.
    pub benefit_id: Uuid,
    /// What it does.
    pub kind: String,
    /// From which day.
    pub on_day: NaiveDate,
    /// Why.
    pub ground: String,
    /// How we came to know of it.
    pub source: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

/// An assessment as stored.
#[derive(Debug, Clone, Queryable)]
pub struct AssessmentRow {
    /// Ours.
    pub id: Uuid,
    /// When, and what was found.
    pub assessment: StoredAssessment,
    /// By whom.
    pub assessor_id: Uuid,
    /// Their given and family name.
    pub assessor_name: (String, String),
    /// What there is to say about it.
    pub note: Option<String>,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

/// When an assessment was made, of what, and what it found.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = readiness)]
pub struct StoredAssessment {
    assessed_on: NaiveDate,
    track: String,
    verdict: String,
}

impl Tx {
    /// The target group on a day, from all that tells of it; none: no group, or the caller's bases do not
    /// open it.
    pub async fn target_group_on(
        &mut self,
        young_person: YoungPersonId,
        day: NaiveDate,
    ) -> Result<Option<i32>, StoreError> {
        Ok(diesel::select(target_group_on(young_person.0, day)).get_result(self.conn()).await?)
    }

    /// What the young person's target group follows from, as far as the caller sees it.
    pub async fn circumstances(
        &mut self,
        person: &YoungPersonRow,
    ) -> Result<Circumstances, StoreError> {
        let benefits = self.benefits(person.id.into()).await?;
        let assessments: Vec<StoredAssessment> = readiness::table
            .filter(readiness::young_person_id.eq(person.id))
            .order((readiness::recorded_at, readiness::id))
            .select(StoredAssessment::as_select())
            .load(self.conn())
            .await?;
        Ok(Circumstances {
            birth_date: person.birth_date,
            benefits: benefits.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            assessments: assessments.iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            episodes: self.episodes(person.id.into()).await?,
        })
    }

    /// The sanctions that the caller sees, the latest first.
    pub async fn sanctions(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<SanctionRow>, StoreError> {
        Ok(sanction::table
            .filter(sanction::young_person_id.eq(young_person.0))
            .order((sanction::on_day.desc(), sanction::id.desc()))
            .select(SanctionRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Stores a sanction against a benefit.
    pub async fn add_sanction(
        &mut self,
        permit: &Permit<RecordBenefit>,
        young_person: YoungPersonId,
        new: &Sanction,
    ) -> Result<SanctionRow, StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        Ok(diesel::insert_into(sanction::table)
            .values((
                sanction::id.eq(Uuid::now_v7()),
                sanction::benefit_id.eq(new.benefit_id.0),
                sanction::young_person_id.eq(young_person.0),
                sanction::writing_unit_id.eq(permit.unit().0),
                sanction::kind.eq(<&str>::from(new.kind)),
                sanction::on_day.eq(new.on),
                sanction::ground.eq(&new.ground),
                sanction::source.eq(<&str>::from(new.source)),
                sanction::recorded_at.eq(now),
            ))
            .returning(SanctionRow::as_returning())
            .get_result(self.conn())
            .await?)
    }

    /// The benefits that the caller sees, the latest first.
    pub async fn benefits(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<BenefitRow>, StoreError> {
        Ok(benefit_episode::table
            .filter(benefit_episode::young_person_id.eq(young_person.0))
            .order((benefit_episode::from_day.desc(), benefit_episode::id.desc()))
            .select(BenefitRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// The assessments that the caller sees, the latest first.
    pub async fn readiness_assessments(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<AssessmentRow>, StoreError> {
        Ok(readiness::table
            .inner_join(employee::table.on(employee::id.eq(readiness::assessor_id)))
            .filter(readiness::young_person_id.eq(young_person.0))
            .order((
                readiness::assessed_on.desc(),
                readiness::recorded_at.desc(),
                readiness::id.desc(),
            ))
            .select((
                readiness::id,
                StoredAssessment::as_select(),
                readiness::assessor_id,
                (employee::given_name, employee::family_name),
                readiness::note,
                readiness::recorded_at,
            ))
            .load(self.conn())
            .await?)
    }

    /// Stores what was decided of benefits. The database keeps TG-1 and TG-2 as well, also over what the
    /// caller does not see.
    pub async fn store_benefits(
        &mut self,
        permit: &Permit<RecordBenefit>,
        young_person: YoungPersonId,
        event: &BenefitEvent,
    ) -> Result<(), StoreError> {
        permit.for_person(young_person)?;
        let now = self.now();
        for benefit in event.benefits() {
            let columns = (
                benefit_episode::leads.eq(benefit.leading),
                benefit_episode::from_day.eq(benefit.from),
                benefit_episode::to_day.eq(benefit.to),
                benefit_episode::version.eq(benefit.version),
            );
            let changed = if benefit.version == 1 {
                diesel::insert_into(benefit_episode::table)
                    .values((
                        benefit_episode::id.eq(benefit.id.0),
                        benefit_episode::young_person_id.eq(young_person.0),
                        benefit_episode::writing_unit_id.eq(permit.unit().0),
                        benefit_episode::kind.eq(<&str>::from(benefit.kind)),
                        benefit_episode::in_integration_programme
                            .eq(benefit.in_integration_programme),
                        benefit_episode::recorded_at.eq(now),
                        columns,
                    ))
                    .execute(self.conn())
                    .await?
            } else {
                diesel::update(benefit_episode::table.find(benefit.id.0))
                    .filter(benefit_episode::version.eq(benefit.version - 1))
                    .set(columns)
                    .execute(self.conn())
                    .await?
            };
            if changed != 1 {
                return Err(StoreError::Stale);
            }
        }
        Ok(())
    }

    /// Stores an assessment, by the permit's holder.
    pub async fn add_assessment(
        &mut self,
        permit: &Permit<AssessReadiness>,
        young_person: YoungPersonId,
        new: &Assessment,
        note: Option<&str>,
    ) -> Result<Uuid, StoreError> {
        permit.for_person(young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        let (track, verdict) = match new.verdict {
            Verdict::Category { category } => (BENEFIT, category.into()),
            Verdict::Education { education, ready } => {
                (education.into(), if ready { READY } else { NOT_READY })
            }
        };
        diesel::insert_into(readiness::table)
            .values((
                readiness::id.eq(id),
                readiness::young_person_id.eq(young_person.0),
                readiness::writing_unit_id.eq(permit.unit().0),
                readiness::track.eq(track),
                readiness::verdict.eq(verdict),
                readiness::assessed_on.eq(new.on),
                readiness::assessor_id.eq(permit.employee().0),
                readiness::note.eq(note),
                readiness::recorded_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// The young person's closed plans, and the day of each closing.
    pub async fn closings(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<(PlanId, NaiveDate)>, StoreError> {
        let closed: Vec<(Uuid, DateTime<Utc>)> = plan::table
            .filter(plan::young_person_id.eq(young_person.0))
            .filter(plan::closed_at.is_not_null())
            .select((plan::id, plan::closed_at.assume_not_null()))
            .load(self.conn())
            .await?;
        Ok(closed.into_iter().map(|(id, at)| (id.into(), day_of(at))).collect())
    }

    /// The states that were taken.
    pub async fn taken_states(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<TakenState>, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "follow_up", column };
        let rows: Vec<(String, NaiveDate, String, String, NaiveDate)> = follow_up::table
            .filter(follow_up::young_person_id.eq(young_person.0))
            .select((
                follow_up::kind,
                follow_up::left_on,
                follow_up::state,
                follow_up::source,
                follow_up::taken_on,
            ))
            .load(self.conn())
            .await?;
        rows.into_iter()
            .map(|(of, left_on, state, source, taken_on)| {
                Ok(TakenState {
                    of: of.parse().map_err(|_| corrupt("kind"))?,
                    left_on,
                    state: state.parse().map_err(|_| corrupt("state"))?,
                    source: source.parse().map_err(|_| corrupt("source"))?,
                    taken_on,
                })
            })
            .collect()
    }

    /// Stores a state. One that is taken already breaks the rule `follow-up.already-taken` (PL-8).
    pub async fn take_state(
        &mut self,
        permit: &Permit<FollowUp>,
        young_person: YoungPersonId,
        new: &TakenState,
    ) -> Result<Uuid, StoreError> {
        permit.for_person(young_person)?;
        let (id, now) = (Uuid::now_v7(), self.now());
        diesel::insert_into(follow_up::table)
            .values((
                follow_up::id.eq(id),
                follow_up::young_person_id.eq(young_person.0),
                follow_up::writing_unit_id.eq(permit.unit().0),
                follow_up::kind.eq(<&str>::from(new.of)),
                follow_up::left_on.eq(new.left_on),
                follow_up::state.eq(<&str>::from(new.state)),
                follow_up::source.eq(<&str>::from(new.source)),
                follow_up::taken_on.eq(new.taken_on),
                follow_up::recorded_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }
}

/// The track of categories; the others are named by the kind of education.
const BENEFIT: &str = "benefit";
const READY: &str = "ready";
const NOT_READY: &str = "not-ready";

impl TryFrom<BenefitRow> for Benefit {
    type Error = StoreError;

    fn try_from(row: BenefitRow) -> Result<Self, StoreError> {
        let corrupt = |_| StoreError::Corrupt { table: "benefit_episode", column: "kind" };
        Ok(Self {
            id: row.id.into(),
            kind: row.kind.parse().map_err(corrupt)?,
            leading: row.leads,
            in_integration_programme: row.in_integration_programme,
            from: row.from_day,
            to: row.to_day,
            version: row.version,
        })
    }
}

impl TryFrom<&StoredAssessment> for Assessment {
    type Error = StoreError;

    fn try_from(row: &StoredAssessment) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "readiness", column };
        let verdict = match (row.track.as_str(), row.verdict.as_str()) {
            (BENEFIT, category) => {
                Verdict::Category { category: category.parse().map_err(|_| corrupt("verdict"))? }
            }
            (education, READY | NOT_READY) => Verdict::Education {
                education: education.parse().map_err(|_| corrupt("track"))?,
                ready: row.verdict == READY,
            },
            _ => return Err(corrupt("verdict")),
        };
        Ok(Self { on: row.assessed_on, verdict })
    }
}
