//! Benefits, sanctions, readiness, target groups, and the state six months after. One file per operation: request,
//! response, docs, handler.

pub mod assess_readiness;
pub mod end_benefit;
pub mod lead_benefit;
pub mod list_benefits;
pub mod list_follow_ups;
pub mod list_readiness;
pub mod list_sanctions;
pub mod read_target_group;
pub mod record_benefit;
pub mod record_sanction;
pub mod take_state;

use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::RecordBenefit;
use domain::access::{InformationArea, Permit};
use domain::calendar::day_of;
use domain::ids::YoungPersonId;
use domain::residence::Move;
use domain::target_groups::follow_ups::{
    FollowUp, FollowUpRefusal, Left, StateAfter, StateSource, due_on, follow_ups,
};
use domain::target_groups::sanctions::{SanctionKind, SanctionRefusal, SanctionSource};
use domain::target_groups::{
    Assessment, Benefit, BenefitEvent, BenefitKind, Category, TargetGroupRefusal, Verdict,
    YouthEducation,
};
use persistence::target_groups::{AssessmentRow, BenefitRow, SanctionRow};
use persistence::young_people::YoungPersonRow;
use persistence::{Change, StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A benefit that is had from one day to another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BenefitView {
    id: Uuid,
    young_person_id: Uuid,
    #[schema(schema_with = schema::code::<BenefitKind>)]
    kind: String,
    /// Does it decide the target group while it is had?
    leading: bool,
    in_integration_programme: bool,
    /// The first day.
    from: NaiveDate,
    /// The last day; null: it goes on.
    to: Option<NaiveDate>,
    recorded_at: DateTime<Utc>,
    version: i64,
}

/// A sanction against a benefit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SanctionView {
    id: Uuid,
    benefit_id: Uuid,
    #[schema(schema_with = schema::code::<SanctionKind>)]
    kind: String,
    /// From which day.
    on: NaiveDate,
    ground: String,
    #[schema(schema_with = schema::code::<SanctionSource>)]
    source: String,
    recorded_at: DateTime<Utc>,
}

/// An assessment of readiness: a category for a benefit, or for a kind of youth education ready or not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentView {
    id: Uuid,
    /// When it was made.
    on: NaiveDate,
    #[schema(schema_with = schema::optional_code::<Category>)]
    category: Option<Category>,
    #[schema(schema_with = schema::optional_code::<YouthEducation>)]
    education: Option<YouthEducation>,
    ready: Option<bool>,
    assessor_id: Uuid,
    assessor_name: String,
    note: Option<String>,
    recorded_at: DateTime<Utc>,
}

/// A state six months after, to be taken or taken.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpView {
    #[schema(schema_with = schema::code::<Left>)]
    of: Left,
    /// The first day outside the group, or the day the plan was closed.
    left_on: NaiveDate,
    due_on: NaiveDate,
    /// Once it is due, what the young person's benefits, education, work and residence tell of that day;
    /// null: nothing or too much, it is to be asked.
    #[schema(schema_with = schema::optional_code::<StateAfter>)]
    told: Option<StateAfter>,
    /// What was taken; null: to be taken.
    #[schema(schema_with = schema::optional_code::<StateAfter>)]
    state: Option<StateAfter>,
    /// How that was found.
    #[schema(schema_with = schema::optional_code::<StateSource>)]
    source: Option<StateSource>,
    taken_on: Option<NaiveDate>,
}

impl From<TargetGroupRefusal> for ApiError {
    fn from(refusal: TargetGroupRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<FollowUpRefusal> for ApiError {
    fn from(refusal: FollowUpRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<SanctionRefusal> for ApiError {
    fn from(refusal: SanctionRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<SanctionRow> for SanctionView {
    fn from(row: SanctionRow) -> Self {
        Self {
            id: row.id,
            benefit_id: row.benefit_id,
            kind: row.kind,
            on: row.on_day,
            ground: row.ground,
            source: row.source,
            recorded_at: row.recorded_at,
        }
    }
}

impl From<BenefitRow> for BenefitView {
    fn from(row: BenefitRow) -> Self {
        Self {
            id: row.id,
            young_person_id: row.young_person_id,
            kind: row.kind,
            leading: row.leads,
            in_integration_programme: row.in_integration_programme,
            from: row.from_day,
            to: row.to_day,
            recorded_at: row.recorded_at,
            version: row.version,
        }
    }
}

impl TryFrom<AssessmentRow> for AssessmentView {
    type Error = StoreError;

    fn try_from(row: AssessmentRow) -> Result<Self, StoreError> {
        let Assessment { on, verdict } = (&row.assessment).try_into()?;
        let (category, education, ready) = match verdict {
            Verdict::Category { category } => (Some(category), None, None),
            Verdict::Education { education, ready } => (None, Some(education), Some(ready)),
        };
        let (given_name, family_name) = row.assessor_name;
        Ok(Self {
            id: row.id,
            on,
            category,
            education,
            ready,
            assessor_id: row.assessor_id,
            assessor_name: format!("{given_name} {family_name}"),
            note: row.note,
            recorded_at: row.recorded_at,
        })
    }
}

impl From<FollowUp> for FollowUpView {
    fn from(known: FollowUp) -> Self {
        Self {
            of: known.of,
            left_on: known.left_on,
            due_on: due_on(known.left_on),
            told: known.told,
            source: known.taken.map(|taken| taken.source),
            state: known.taken.map(|taken| taken.state),
            taken_on: known.taken.map(|taken| taken.taken_on),
        }
    }
}

/// The benefit among those that were locked with the young person.
fn find(benefits: &[Benefit], id: Uuid) -> Result<Benefit, ApiError> {
    benefits.iter().find(|benefit| benefit.id.0 == id).copied().ok_or(ApiError::NotFound)
}

/// Stores what was decided of benefits, and its event; answers one of them as it is now.
async fn store(
    tx: &mut Tx,
    permit: &Permit<RecordBenefit>,
    young_person: YoungPersonId,
    event: &BenefitEvent,
    answered: Uuid,
) -> Result<BenefitView, ApiError> {
    tx.store_benefits(permit, young_person, event).await?;
    let change = Change { subject: &answered, kind: event.kind(), payload: event };
    tx.record(permit, change).await?;
    tx.reckon_group_task(young_person).await?;
    let rows = tx.benefits(young_person).await?;
    let row = rows.into_iter().find(|row| row.id == answered).ok_or(StoreError::Hidden)?;
    Ok(row.into())
}

/// All that was left, as far as the caller may see: groups, and what the young person's own history tells,
/// are derived from all that tells of them or not at all.
async fn known_follow_ups(tx: &mut Tx, person: &YoungPersonRow) -> Result<Vec<FollowUp>, ApiError> {
    let (whose, today) = (person.id.into(), day_of(tx.now()));
    let circumstances = if tx.opens(whose, InformationArea::EducationAndEmployment).await? {
        Some(tx.circumstances(person).await?)
    } else {
        None
    };
    let moves = if tx.opens(whose, InformationArea::Plan).await? {
        let moves = tx.moves(whose).await?;
        Some(moves.iter().map(TryInto::try_into).collect::<Result<Vec<Move>, StoreError>>()?)
    } else {
        None
    };
    let leavings = circumstances.as_ref().map_or_else(Vec::new, |known| known.leavings(today));
    let closings: Vec<NaiveDate> =
        tx.closings(whose).await?.into_iter().map(|(_, day)| day).collect();
    let taken = tx.taken_states(whose).await?;
    Ok(follow_ups(&leavings, &closings, &taken, |due_on| {
        let known = circumstances.as_ref().filter(|_| due_on <= today)?;
        known.state_on(moves.as_ref()?, due_on)
    }))
}
