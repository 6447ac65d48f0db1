use super::area_of_offer;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::AssessIntake;
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::interventions::assessments::Assessment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a young person is in the target group of an offer.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessmentBody {
    /// The offer.
    #[schema(schema_with = schema::line::<60>)]
    catalogue_code: String,
    /// When it was assessed: not after today.
    on: Day,
    in_target_group: bool,
    #[schema(schema_with = schema::prose::<4000>)]
    reason: String,
}

/// An assessment of whether a young person is in the target group of an offer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentView {
    id: Uuid,
    catalogue_code: String,
    on: NaiveDate,
    in_target_group: bool,
    reason: String,
    /// Who assessed it.
    assessed_by_id: Uuid,
}

impl From<&Assessment> for AssessmentView {
    fn from(row: &Assessment) -> Self {
        Self {
            id: row.id,
            catalogue_code: row.catalogue_code.clone(),
            on: row.assessed_on,
            in_target_group: row.in_target_group,
            reason: row.reason.clone(),
            assessed_by_id: row.assessed_by_id,
        }
    }
}

/// Assess intake
///
/// By UU's counsellors and leaders who work with the young person. The newest day counts, and of one day the
/// last written: what asks for an assessment starts where it says yes.
#[utoipa::path(
    operation_id = "assessIntake",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = AssessmentBody,
    responses((status = 201, description = "The assessment", body = AssessmentView), CommandProblems),
)]
#[post("/young-people/{id}/intake-assessments")]
pub async fn assess_intake(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<AssessmentBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "assessIntake", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let today = day_of(tx.now());
        if new.on.date() > today {
            return Err(ApiError::field("/on", Fault::AtMost(today.to_string())));
        }
        let actor = tx.actor().await?;
        let area = area_of_offer(tx, &new.catalogue_code).await?;
        let case = tx.case_of((*id).into()).await?;
        let case = case.at(Row::new(area.unwrap_or(InformationArea::Plan)));
        let permit = authorize::<AssessIntake>(&actor, Scope::Case(&case))?;
        if area.is_none() {
            return Err(ApiError::field("/catalogueCode", Fault::CatalogueUnknown));
        }
        let made = Assessment {
            id: Uuid::now_v7(),
            catalogue_code: new.catalogue_code.clone(),
            assessed_on: new.on.date(),
            assessed_by_id: permit.employee().0,
            in_target_group: new.in_target_group,
            reason: new.reason.clone(),
        };
        tx.assess(&permit, case.young_person, &made).await?;
        let change =
            Change { subject: &made.id, kind: EventKind::IntakeAssessmentMade, payload: &new };
        tx.record(&permit, change).await?;
        let view = AssessmentView::from(&made);
        answer(StatusCode::CREATED, None, None, Some(case.young_person), &view)
    })
    .await
}
