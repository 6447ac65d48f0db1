use super::views::ExternalParticipantView;
use super::{BasisBody, disclosure, file};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::journal::written_area;
use crate::plans::step_of;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::InformationArea;
use domain::access::policy::AmendPlan;
use domain::outside_parties::Sending;
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that was sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellExternalParticipantBody {
    /// What it is about: a consent covers the areas it names.
    #[schema(schema_with = written_area)]
    information_area: InformationArea,
    #[schema(schema_with = schema::prose::<4000>)]
    what: String,
    /// Today where nothing is told; not ahead, and not more than 26 weeks before the plan was opened.
    #[serde(default)]
    on: Option<Day>,
    basis: BasisBody,
}

/// Record what was sent to somebody outside
///
/// Under the consent only what it covers, on the days on which it holds; law and necessity are given in
/// words. Answers with the participant.
#[utoipa::path(
    operation_id = "tellExternalParticipant",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The participant")),
    request_body = TellExternalParticipantBody,
    responses((status = 201, description = "The participant with all that was sent", body = ExternalParticipantView), CommandProblems),
)]
#[post("/external-participants/{id}/sent")]
pub async fn tell_external_participant(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<TellExternalParticipantBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellExternalParticipant", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let basis = told.basis.read("/basis")?;
        let actor = tx.actor().await?;
        let to = tx.external_participant((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let (permit, plan) =
            step_of::<AmendPlan>(tx, &actor, (to.plan.into(), to.row), None).await?;
        let sending = Sending {
            information_area: told.information_area,
            what: told.what,
            disclosure: disclosure(tx, &plan, told.on.map(Day::date), basis)?,
        };
        // As they stand now that the plan is locked.
        let to = tx.external_participant((*id).into()).await?.ok_or(ApiError::NotFound)?;
        to.thing.send(&sending)?;
        let sent = tx.add_sending(&permit, &plan, to.id.into(), &sending).await?;
        let kind = EventKind::ExternalParticipantTold;
        tx.record(&permit, Change { subject: &sent, kind, payload: &sending }).await?;
        let view = ExternalParticipantView::from(file(tx, plan.id, *id).await?);
        let location = format!("/api/v1/plans/{}/external-participants", plan.id);
        created(to.version, location, Some(plan.young_person), &view)
    })
    .await
}
