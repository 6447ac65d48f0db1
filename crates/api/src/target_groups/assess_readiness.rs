use super::AssessmentView;
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
use domain::access::policy::AssessReadiness;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::target_groups::{Assessment, Category, Verdict, YouthEducation};
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An assessment: a category, or a kind of youth education and whether they are ready for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessReadinessBody {
    /// From which day it holds: not after today, or a category up to eight weeks ahead, for the first day of
    /// a benefit that is to come.
    on: Day,
    #[serde(default)]
    #[schema(schema_with = schema::code::<Category>, required = false)]
    category: Option<Category>,
    #[serde(default)]
    #[schema(schema_with = schema::code::<YouthEducation>, required = false)]
    education: Option<YouthEducation>,
    #[serde(default)]
    ready: Option<bool>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    note: Option<String>,
}

#[derive(Serialize)]
struct Assessed<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    note: Option<&'a str>,
}

/// Assess readiness
///
/// For a benefit, by its category, or for a kind of youth education. It holds from its day until the next
/// one of its kind; of one day the last recorded counts, and none is overwritten.
#[utoipa::path(
    operation_id = "assessReadiness",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = AssessReadinessBody,
    responses((status = 201, description = "The assessment", body = AssessmentView), CommandProblems),
)]
#[post("/young-people/{id}/readiness")]
pub async fn assess_readiness(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<AssessReadinessBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "assessReadiness", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let new = Assessment::try_from(&body.value)?;
        ensure_not_after("/on", new.on, new.last_day(day_of(tx.now())))?;
        let note = body.value.note.as_deref();
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<AssessReadiness>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        tx.circumstances(&person).await?.assess(&new)?;
        let assessment = tx.add_assessment(&permit, case.young_person, &new, note).await?;
        tx.record(
            &permit,
            Change {
                subject: &assessment,
                kind: EventKind::ReadinessAssessed,
                payload: &Assessed { assessment: &new, note },
            },
        )
        .await?;
        tx.reckon_group_task(case.young_person).await?;
        let rows = tx.readiness_assessments(case.young_person).await?;
        let row = rows.into_iter().find(|row| row.id == assessment).ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/young-people/{}/readiness", case.young_person);
        let view = AssessmentView::try_from(row)?;
        answer(StatusCode::CREATED, None, Some(location), Some(case.young_person), &view)
    })
    .await
}

impl TryFrom<&AssessReadinessBody> for Assessment {
    type Error = ApiError;

    fn try_from(body: &AssessReadinessBody) -> Result<Self, ApiError> {
        let fault = |pointer, fault| Err(ApiError::field(pointer, fault));
        let verdict = match (body.category, body.education, body.ready) {
            (Some(category), None, None) => Verdict::Category { category },
            (None, Some(education), Some(ready)) => Verdict::Education { education, ready },
            (None, Some(_), None) => return fault("/ready", Fault::Required),
            (None, None, Some(_)) => return fault("/education", Fault::Required),
            (None, None, None) => return fault("/category", Fault::Required),
            (Some(_), ..) => return fault("/category", Fault::Contradiction),
        };
        Ok(Self { on: body.on.date(), verdict })
    }
}
