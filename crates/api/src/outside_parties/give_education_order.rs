use super::views::EducationOrderView;
use super::{BasisBody, disclosure};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::plans::step_of;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::access::{InformationArea, Row};
use domain::outside_parties::EducationOrder;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An education order, and that the school is told of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiveEducationOrderBody {
    #[schema(schema_with = schema::line::<200>)]
    education: String,
    #[schema(schema_with = schema::line::<200>)]
    school: String,
    from: Day,
    /// The last day; left out: none is known.
    #[serde(default)]
    to: Option<Day>,
    /// Who helps there.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    mentor: Option<String>,
    /// What the school is told besides the order itself.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    told: Option<String>,
    /// Today where nothing is told; not ahead, and not more than 26 weeks before the plan was opened.
    #[serde(default)]
    told_on: Option<Day>,
    basis: BasisBody,
}

/// Record an education order
///
/// An uddannelsespålæg: which education, where and when, and on which basis the school was told of it.
#[utoipa::path(
    operation_id = "giveEducationOrder",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = GiveEducationOrderBody,
    responses((status = 201, description = "The order", body = EducationOrderView), CommandProblems),
)]
#[post("/plans/{id}/education-orders")]
pub async fn give_education_order(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<GiveEducationOrderBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "giveEducationOrder", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let (from, to) = (told.from.date(), told.to.map(Day::date));
        if to.is_some_and(|to| to < from) {
            return Err(ApiError::field("/to", Fault::AtLeast(from.to_string())));
        }
        let basis = told.basis.read("/basis")?;
        let (actor, row) = (tx.actor().await?, Row::new(InformationArea::EducationAndEmployment));
        let (permit, plan) = step_of::<AmendPlan>(tx, &actor, ((*id).into(), row), None).await?;
        let order = EducationOrder {
            education: told.education,
            school: told.school,
            from,
            to,
            mentor: told.mentor,
            told: told.told,
            disclosure: disclosure(tx, &plan, told.told_on.map(Day::date), basis)?,
            receipt: None,
        };
        let new = tx.add_education_order(&permit, &plan, &order).await?;
        let kind = EventKind::EducationOrderGiven;
        tx.record(&permit, Change { subject: &new, kind, payload: &order }).await?;
        let view: EducationOrderView =
            tx.education_order(new).await?.ok_or(StoreError::Hidden)?.into();
        let location = format!("/api/v1/plans/{}/education-orders", plan.id);
        created(1, location, Some(plan.young_person), &view)
    })
    .await
}
