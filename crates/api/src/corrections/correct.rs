use super::{CorrectionView, also_for};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::families::Corrects;
use domain::access::policy::{Correct, CorrectEntry};
use domain::access::{Scope, authorize};
use domain::corrections::{CorrectionAct, Written};
use domain::timeline::EventKind;
use persistence::corrections::{CorrectionRow, Mistake};
use persistence::{Answer, Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What was written on the wrong young person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectBody {
    #[schema(schema_with = schema::code::<Written>)]
    written: Written,
    written_id: Uuid,
    /// Whose it is; left out: it is voided. Only what hangs on the young person itself is moved (a benefit, an
    /// assessment, an episode, a conversation …): what stands in a plan is voided, and written anew in the other one.
    #[serde(default)]
    #[schema(required = false)]
    move_to: Option<Uuid>,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Corrected<'a> {
    written: Written,
    written_id: Uuid,
    reason: &'a str,
}

/// Correct what was written on the wrong young person
///
/// It is moved to the right one, or voided with all that hangs on it; both timelines tell of it. Of what one's own
/// unit wrote: what hangs on it by another unit's hand, that unit corrects first.
#[utoipa::path(
    operation_id = "correct",
    tag = "corrections",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person on whom it stands")),
    request_body = CorrectBody,
    responses((status = 201, description = "The correction", body = CorrectionView), CommandProblems),
)]
#[post("/young-people/{id}/corrections")]
pub async fn correct(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CorrectBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "correct", Some(*id), &body.raw, async |tx| {
        // A caller who may write a note may also void a wrong one (AC-16).
        match body.value.written {
            Written::JournalEntry => correct_by::<CorrectEntry>(tx, *id, body.value).await,
            _ => correct_by::<Correct>(tx, *id, body.value).await,
        }
    })
    .await
}

async fn correct_by<A: Corrects>(
    tx: &mut Tx,
    id: Uuid,
    wrong: CorrectBody,
) -> Result<Answer, ApiError> {
    let CorrectBody { written, written_id, move_to, ref reason } = wrong;
    let actor = tx.actor().await?;
    tx.may_check().await?;
    let case = tx.case_of(id.into()).await?;
    let permit = authorize::<A>(&actor, Scope::Case(&case))?;
    let mistake = Mistake { young_person: case.young_person, written, id: written_id, reason };
    let payload = Corrected { written, written_id, reason };
    let unknown = || ApiError::field("/writtenId", Fault::WrittenUnknown);
    let (correction, act) = match move_to {
        None => {
            let voided = tx.void(&permit, &mistake).await?.ok_or_else(unknown)?;
            let kind = EventKind::CorrectionVoided;
            tx.record(&permit, Change { kind, subject: &voided, payload: &payload }).await?;
            (voided, CorrectionAct::Voided)
        }
        Some(other) => {
            if !written.can_be_moved() || other == id {
                return Err(ApiError::field("/moveTo", Fault::Contradiction));
            }
            let there = also_for::<A>(tx, &actor, other.into(), "/moveTo").await?;
            let moved = tx.move_to((&permit, &there), &mistake, other.into()).await?;
            let [away, here] = moved.ok_or_else(unknown)?;
            let kind = EventKind::CorrectionMovedHere;
            tx.record(&there, Change { kind, subject: &here, payload: &payload }).await?;
            let kind = EventKind::CorrectionMovedAway;
            tx.record(&permit, Change { kind, subject: &away, payload: &payload }).await?;
            (away, CorrectionAct::MovedAway)
        }
    };
    // The record is not read again: the voided record may have been the caller's only access.
    let row = CorrectionRow {
        id: correction.0,
        act: <&str>::from(act).to_owned(),
        written: written.table(),
        written_id,
        other_id: move_to,
        reason: reason.clone(),
        corrected_by_id: permit.employee().0,
        corrected_at: tx.now(),
    };
    let view = CorrectionView::new(row, move_to.as_slice());
    let location = format!("/api/v1/young-people/{id}/corrections");
    answer(StatusCode::CREATED, None, Some(location), Some(case.young_person), &view)
}
