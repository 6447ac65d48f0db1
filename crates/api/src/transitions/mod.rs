//! From B&U to J&V: the law, needs of support and of transition meetings, who decides and who coordinates, and the
//! handover to youth education. One file per operation: request, response, docs, handler.

pub mod accept;
pub mod agree_responsibility;
pub mod committee;
pub mod decide_responsibility;
pub mod end_responsibility;
pub mod end_support_need;
pub mod hand_over_to_education;
pub mod judge;
pub mod list;
pub mod list_handovers;
pub mod list_legal_bases;
pub mod list_support_needs;
pub mod raise;
pub mod read;
pub mod read_responsibility;
pub mod receive_handover;
pub mod refer;
pub mod tell_support_need;
pub mod window_demand;

use crate::conditional::IfMatch;
use crate::edge::changed;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::families::ChangesTransition;
use domain::access::{Permit, Scope, authorize};
use domain::calendar::day_of;
use domain::responsibility::{Agreement, Breach, ResponsibilityRefusal};
use domain::transitions::{NeedRefusal, NeedState, Origin, Standing, TransitionNeed, standing};
use persistence::transitions::{AgreementRow, NeedRow, ReferralRow, SupportNeedRow};
use persistence::{Answer, StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Object, ObjectBuilder};
use uuid::Uuid;

/// 15 or 17: the birthday by which the meeting is held.
fn guide() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([15, 17])).build()
}

/// A need of support that B&U judged.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupportNeedView {
    id: Uuid,
    young_person_id: Uuid,
    /// To which paragraph it answers after 18: a code of `/legal-bases`.
    legal_basis: String,
    /// By which birthday it is handed over.
    #[schema(schema_with = guide)]
    guide: i16,
    goes_on_after_18: bool,
    words: String,
    /// The first day.
    from: NaiveDate,
    /// The last day; null: it goes on.
    to: Option<NaiveDate>,
    judged_on: NaiveDate,
    judged_by_id: Uuid,
    version: i64,
}

/// The need of a transition meeting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitionNeedView {
    id: Uuid,
    young_person_id: Uuid,
    /// The unit that called for it.
    unit_id: Uuid,
    #[schema(schema_with = schema::code::<Origin>)]
    origin: String,
    /// By which birthday the meeting is held; null: of an aftercare that ends.
    #[schema(required = false)]
    guide: Option<i16>,
    /// Has it its own way, outside the windows?
    acute: bool,
    /// Why it was raised by hand.
    reason: Option<String>,
    raised_on: NaiveDate,
    /// By when the meeting is held.
    due_on: NaiveDate,
    #[schema(schema_with = schema::code::<NeedState>)]
    state: NeedState,
    /// How it stands today.
    #[schema(schema_with = schema::code::<Standing>)]
    standing: Standing,
    decided_on: Option<NaiveDate>,
    decided_words: Option<String>,
    /// Does it still go before the aftercare committee?
    wants_committee: bool,
    committee_on: Option<NaiveDate>,
    committee_words: Option<String>,
    last_meeting: Option<DateTime<Utc>>,
    next_meeting: Option<DateTime<Utc>>,
    /// To whom it was referred instead.
    referrals: Vec<ReferralView>,
    /// What is agreed of the coordination, and not passed yet.
    agreement: Option<AgreementView>,
    version: i64,
}

/// A referral instead of a meeting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralView {
    id: Uuid,
    unit_id: Uuid,
    words: String,
    made_on: NaiveDate,
}

/// That the coordination passes to a unit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementView {
    id: Uuid,
    receiving_unit_id: Uuid,
    /// Who of them coordinates the plan then.
    coordinator_id: Option<Uuid>,
    supports_from: NaiveDate,
    coordinates_from: NaiveDate,
    /// Null: the receiver has not accepted.
    accepted_at: Option<DateTime<Utc>>,
    /// The last day of an acceptance beyond the norm of the employee who is to coordinate; `null` if it is within the
    /// norm.
    exception_until: Option<NaiveDate>,
    /// To whom it has risen that the day has come and the receiver has not accepted; null: to nobody.
    #[schema(schema_with = schema::optional_code::<Breach>)]
    breach: Option<Breach>,
}

impl From<NeedRefusal> for ApiError {
    fn from(refusal: NeedRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<ResponsibilityRefusal> for ApiError {
    fn from(refusal: ResponsibilityRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<SupportNeedRow> for SupportNeedView {
    fn from(row: SupportNeedRow) -> Self {
        Self {
            id: row.id,
            young_person_id: row.young_person_id,
            legal_basis: row.legal_basis_code,
            guide: row.guide,
            goes_on_after_18: row.goes_on_after_18,
            words: row.words,
            from: row.from_day,
            to: row.to_day,
            judged_on: row.judged_on,
            judged_by_id: row.judged_by_id,
            version: row.version,
        }
    }
}

impl From<ReferralRow> for ReferralView {
    fn from(row: ReferralRow) -> Self {
        Self { id: row.id, unit_id: row.unit_id, words: row.words, made_on: row.made_on }
    }
}

impl AgreementView {
    fn new(row: &AgreementRow, today: NaiveDate) -> Self {
        Self {
            id: row.id,
            receiving_unit_id: row.receiving_unit_id,
            coordinator_id: row.coordinator_id,
            supports_from: row.supports_from,
            coordinates_from: row.coordinates_from,
            accepted_at: row.accepted_at,
            exception_until: row.exception_until,
            breach: Agreement::from(row).breach(today),
        }
    }
}

/// A need with what hangs on it, as the caller sees it.
async fn view(tx: &mut Tx, row: NeedRow) -> Result<TransitionNeedView, ApiError> {
    let today = day_of(tx.now());
    let need = TransitionNeed::try_from(&row)?;
    let referrals = tx.referrals(need.id).await?;
    let agreement = tx.open_agreement(row.young_person_id.into()).await?;
    let agreement = agreement.filter(|agreed| agreed.need_id == row.id);
    Ok(TransitionNeedView {
        id: row.id,
        young_person_id: row.young_person_id,
        unit_id: row.writing_unit_id,
        origin: row.origin,
        guide: row.guide,
        acute: row.acute,
        reason: row.reason,
        raised_on: row.raised_on,
        due_on: row.due,
        state: need.state,
        standing: standing(need.state, row.due, row.next_at.is_some(), today),
        decided_on: row.decided_on,
        decided_words: row.decided_words,
        wants_committee: row.wants_committee,
        committee_on: row.committee_on,
        committee_words: row.committee_words,
        last_meeting: row.last_at,
        next_meeting: row.next_at,
        referrals: referrals.into_iter().map(Into::into).collect(),
        agreement: agreement.map(|agreed| AgreementView::new(&agreed, today)),
        version: row.version,
    })
}

/// The need, with its young person locked, and the proof that the caller may.
async fn step<A: ChangesTransition>(
    tx: &mut Tx,
    id: Uuid,
    if_match: Option<&IfMatch>,
) -> Result<(Permit<A>, NeedRow), ApiError> {
    let actor = tx.actor().await?;
    let (case, known) = tx.transition_need(id.into()).await?.ok_or(ApiError::NotFound)?;
    let raised_by = known.writing_unit_id.into();
    let permit = authorize::<A>(&actor, Scope::Written(&case, raised_by))?;
    tx.lock_next_coordinator(case.young_person).await?;
    tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
    let (_, row) = tx.transition_need(id.into()).await?.ok_or(ApiError::NotFound)?;
    if let Some(if_match) = if_match {
        if_match.check(row.version)?;
    }
    Ok((permit, row))
}

/// After a step: what follows from it is reckoned, and the need answered as it is now.
async fn settled<A: ChangesTransition>(
    tx: &mut Tx,
    permit: &Permit<A>,
    before: &NeedRow,
) -> Result<Answer, ApiError> {
    let whose = before.young_person_id.into();
    tx.reckon_transition(permit, whose).await?;
    let (_, row) = tx.transition_need(before.id.into()).await?.ok_or(StoreError::Hidden)?;
    let view = view(tx, row).await?;
    changed(view.version, Some(whose), &view)
}
