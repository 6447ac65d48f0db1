use super::views::{SupportRemarkView, remark_area};
use super::{BasisBody, disclosure};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::plans::step_of;
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::access::{InformationArea, Row};
use domain::outside_parties::SupportRemark;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A remark on support needs that is sent to a school.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendSupportRemarkBody {
    /// What it is about. What a unit writes in health or family is its own until it is shared.
    #[serde(default = "usual_area")]
    #[schema(schema_with = remark_area, required = false)]
    information_area: InformationArea,
    #[schema(schema_with = schema::line::<200>)]
    school: String,
    #[schema(schema_with = schema::prose::<4000>)]
    remark: String,
    /// Today where nothing is told; not ahead, and not more than 26 weeks before the plan was opened.
    #[serde(default)]
    sent_on: Option<Day>,
    basis: BasisBody,
}

const fn usual_area() -> InformationArea {
    InformationArea::EducationAndEmployment
}

/// Send a remark on support needs
///
/// It goes with the plan to the school. Education and employment is its area where nothing is told.
#[utoipa::path(
    operation_id = "sendSupportRemark",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = SendSupportRemarkBody,
    responses((status = 201, description = "The remark", body = SupportRemarkView), CommandProblems),
)]
#[post("/plans/{id}/support-remarks")]
pub async fn send_support_remark(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<SendSupportRemarkBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "sendSupportRemark", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let basis = told.basis.read("/basis")?;
        let (actor, row) = (tx.actor().await?, Row::new(told.information_area));
        let (permit, plan) = step_of::<AmendPlan>(tx, &actor, ((*id).into(), row), None).await?;
        let remark = SupportRemark {
            information_area: told.information_area,
            school: told.school,
            remark: told.remark,
            disclosure: disclosure(tx, &plan, told.sent_on.map(Day::date), basis)?,
            receipt: None,
            answer: None,
        };
        let new = tx.add_support_remark(&permit, &plan, &remark).await?;
        let kind = EventKind::SupportRemarkSent;
        tx.record(&permit, Change { subject: &new, kind, payload: &remark }).await?;
        let view: SupportRemarkView =
            tx.support_remark(new).await?.ok_or(StoreError::Hidden)?.into();
        let location = format!("/api/v1/plans/{}/support-remarks", plan.id);
        created(1, location, Some(plan.young_person), &view)
    })
    .await
}
