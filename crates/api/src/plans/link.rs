use super::step::step;
use super::{PlanView, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::plans::LinkKind;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::plans::NewLink;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A department's own plan.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkBody {
    #[schema(schema_with = schema::code::<LinkKind>)]
    kind: LinkKind,
    #[schema(schema_with = schema::line::<200>)]
    title: String,
    /// Where it is found: a case number or an address in the department's own system.
    #[schema(schema_with = schema::line::<500>)]
    reference: String,
}

/// Link a department's own plan
///
/// An education plan, Min plan, handleplan or course plan is linked from the joint plan, never a second
/// plan beside it. Answers with the plan.
#[utoipa::path(
    operation_id = "linkPlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = LinkBody,
    responses((status = 201, description = "The plan with the new link", body = PlanView), CommandProblems),
)]
#[post("/plans/{id}/links")]
pub async fn link_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<LinkBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "linkPlan", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let (permit, plan) = step::<AmendPlan>(tx, *id, None).await?;
        let link = NewLink { kind: new.kind, title: &new.title, reference: &new.reference };
        let subject = tx.add_link(&permit, &plan, &link).await?;
        tx.record(
            &permit,
            Change { subject: &subject, kind: EventKind::PlanLinked, payload: &new },
        )
        .await?;
        let view = view(tx, plan.id).await?;
        created(plan.version, format!("/api/v1/plans/{}", plan.id), Some(plan.young_person), &view)
    })
    .await
}
