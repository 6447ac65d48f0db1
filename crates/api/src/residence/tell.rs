use super::MoveView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::on_day::ensure_not_after;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordResidence;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::education_and_work::Source;
use domain::ids::YoungPersonId;
use domain::residence::{Move, Moved, Place, lives_on, moved};
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::{Change, StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where the young person lives from a day on: in a municipality, or abroad.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResidenceBody {
    /// The first day; not after today.
    from: Day,
    /// Four digits.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{4}$", example = "0791")]
    municipality_code: Option<String>,
    /// Two letters by ISO 3166-1; not Denmark's.
    #[serde(default)]
    #[schema(pattern = "^[A-Z]{2}$", example = "NO")]
    country_code: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<300>, required = false)]
    address: Option<String>,
    #[schema(schema_with = schema::code::<Source>)]
    source: Source,
}

/// Tell of a move
///
/// Also of one of the past. Moving out of the municipality ends nothing: the coordinating caseworker of the
/// open plan is asked to hand the case over, until it is closed, another one coordinates, or the young
/// person has moved back.
#[utoipa::path(
    operation_id = "tellResidence",
    tag = "residence",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = ResidenceBody,
    responses((status = 201, description = "The move", body = MoveView), CommandProblems),
)]
#[post("/young-people/{id}/residence")]
pub async fn tell_residence(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<ResidenceBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellResidence", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let new = Move::try_from(&body.value)?;
        ensure_not_after("/from", new.from, day_of(tx.now()))?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<RecordResidence>(&actor, Scope::Case(&case))?;
        tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let before = told_moves(tx, case.young_person).await?;
        let address = body.value.address.as_deref();
        let row = tx.add_move(&permit, case.young_person, &new, address).await?;
        let change = Change { subject: &row.id, kind: EventKind::ResidenceTold, payload: &new };
        tx.record(&permit, change).await?;
        ask_for_hand_over(tx, case.young_person, &before, new).await?;
        let location = format!("/api/v1/young-people/{}/residence", case.young_person);
        let view = MoveView::from(row);
        answer(StatusCode::CREATED, None, Some(location), Some(case.young_person), &view)
    })
    .await
}

async fn told_moves(tx: &mut Tx, whose: YoungPersonId) -> Result<Vec<Move>, StoreError> {
    tx.moves(whose).await?.iter().map(TryInto::try_into).collect()
}

/// YP-6: asks for what moving out asks for; who has moved back need not be handed over.
async fn ask_for_hand_over(
    tx: &mut Tx,
    whose: YoungPersonId,
    before: &[Move],
    new: Move,
) -> Result<(), ApiError> {
    let Some(plan) = tx.open_plan_of(whose).await? else { return Ok(()) };
    let (today, ours) = (day_of(tx.now()), tx.own_municipality().await?);
    let after = [before, &[new]].concat();
    match moved(lives_on(before, today), lives_on(&after, today), &ours) {
        Moved::Out => {
            tx.ask_in_time(TaskKind::HandOver, plan.0).await?;
        }
        Moved::In => tx.task_done(TaskKind::HandOver, plan.0).await?,
        Moved::Within => {}
    }
    Ok(())
}

impl TryFrom<&ResidenceBody> for Move {
    type Error = ApiError;

    fn try_from(body: &ResidenceBody) -> Result<Self, ApiError> {
        let to = match (body.municipality_code.clone(), body.country_code.clone()) {
            (Some(municipality_code), None) => Place::Municipality { municipality_code },
            (None, Some(country_code)) if country_code != "DK" => Place::Abroad { country_code },
            (None, None) => return Err(ApiError::field("/municipalityCode", Fault::Required)),
            _ => return Err(ApiError::field("/countryCode", Fault::Contradiction)),
        };
        Ok(Self { from: body.from.date(), to, source: body.source })
    }
}
