use super::{CompanyBody, record};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, changed};
use crate::interventions::{InterventionView, step};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::ArrangeIntervention;
use uuid::Uuid;

/// Name the company
///
/// At which the intervention runs, with who follows the young person there. What is company-oriented is
/// not started before.
#[utoipa::path(
    operation_id = "setCompany",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = CompanyBody,
    responses((status = 200, description = "The intervention", body = InterventionView), CommandProblems, VersionProblems),
)]
#[put("/interventions/{id}/company")]
pub async fn set_company(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<CompanyBody>,
) -> Result<HttpResponse, ApiError> {
    let company = body.value.read("")?;
    edge.command(&caller, "setCompany", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let step = step::<ArrangeIntervention>(tx, &actor, *id, false).await?;
        if_match.check(step.thing.version)?;
        let event = step.thing.name_company(company)?;
        record(tx, &step.permit, &step.thing, &event).await?;
        let version = tx.raise_version(&step.permit, &step.thing).await?;
        let file = tx.intervention_file(step.thing.id).await?.ok_or(ApiError::NotFound)?;
        changed(version, Some(step.thing.young_person), &InterventionView::from(file))
    })
    .await
}
