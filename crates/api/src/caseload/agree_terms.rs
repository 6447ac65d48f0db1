use super::units::{TermsView, known_employee};
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
use domain::access::policy::RunCaseload;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::Function;
use domain::caseload::decisions::ensure_not_past;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::caseload::norms::NewTerms;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Terms to agree.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreeTermsBody {
    /// In which unit.
    unit_id: Uuid,
    /// For which post.
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// The first day, today or later; they hold until the next ones agreed begin.
    from: Day,
    /// In percent of full time.
    #[schema(minimum = 0, maximum = 100)]
    employment_share: i32,
    /// How many cases fewer, after that.
    #[schema(minimum = 0, maximum = 500)]
    reduction: i32,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Agree caseload terms with an employee
///
/// By the leader of a unit they work in: how much of its norm is theirs. Less than before takes no case from
/// them.
#[utoipa::path(
    operation_id = "agreeCaseloadTerms",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The employee")),
    request_body = AgreeTermsBody,
    responses((status = 201, description = "The terms", body = TermsView), CommandProblems),
)]
#[post("/employees/{id}/caseload-terms")]
pub async fn agree_caseload_terms(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<AgreeTermsBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "agreeCaseloadTerms", Some(*id), &body.raw, async |tx| {
        let (new, unit) = (&body.value, body.value.unit_id.into());
        let actor = tx.actor().await?;
        let employee = known_employee(tx, *id).await?;
        let permit = authorize::<RunCaseload>(&actor, Scope::Unit(unit))?;
        if !tx.works_in(employee, unit).await? {
            return Err(ApiError::field("/unitId", Fault::EmployeeNotInUnit));
        }
        ensure_not_past(new.from.date(), day_of(tx.now()))?;
        let terms = NewTerms {
            unit,
            function: new.function,
            from: new.from.date(),
            employment_share: new.employment_share,
            reduction: new.reduction,
            reason: &new.reason,
        };
        let row = tx.agree_terms(&permit, employee, terms).await?;
        let change = Change {
            subject: &row.id,
            kind: EventKind::CaseloadTermsAgreed,
            payload: &json!({ "employeeId": employee, "terms": new }),
        };
        tx.record(&permit, change).await?;
        let location = format!("/api/v1/employees/{employee}/caseload-terms");
        answer(StatusCode::CREATED, None, Some(location), None, &TermsView::try_from(row)?)
    })
    .await
}
