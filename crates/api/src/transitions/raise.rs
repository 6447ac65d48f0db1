use super::{TransitionNeedView, guide, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use crate::young_people::cpr;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::RaiseNeed;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use domain::transitions::{Guide, ensure_minor};
use persistence::{Change, StoreError};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose need it is, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RaiseBody {
    /// Somebody whom the caller sees; or their number.
    #[serde(default)]
    young_person_id: Option<Uuid>,
    #[serde(default)]
    #[schema(schema_with = schema::cpr, required = false)]
    cpr: Option<String>,
    /// By which birthday the meeting is held.
    #[serde(default = "seventeen")]
    #[schema(schema_with = guide, required = false)]
    guide: Guide,
    /// Seen late, or moved in: it has its own way, outside the windows.
    #[serde(default)]
    acute: bool,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

const fn seventeen() -> Guide {
    Guide::Seventeen
}

/// Raise the need of a transition meeting
///
/// By hand, by whoever of a municipal unit sees it: adviser, counsellor, caseworker, psychologist. One at a time.
#[utoipa::path(
    operation_id = "raiseTransitionNeed",
    tag = "transitions",
    security(("bearer" = [])),
    request_body = RaiseBody,
    responses((status = 201, description = "The need", body = TransitionNeedView), CommandProblems),
)]
#[post("/transition-needs")]
pub async fn raise_transition_need(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<RaiseBody>,
) -> Result<HttpResponse, ApiError> {
    let number = body.value.cpr.as_deref().map(cpr).transpose()?;
    if let Some(number) = &number {
        edge.check_number(&caller, "raiseTransitionNeed", number).await?;
    }
    edge.command(&caller, "raiseTransitionNeed", None, &body.raw, async |tx| {
        let asked = body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let whose = match (asked.young_person_id, &number) {
            (Some(id), None) => id.into(),
            (None, Some(number)) => {
                tx.checks_number(number);
                tx.find_by_cpr(number).await?.ok_or(ApiError::NotFound)?
            }
            (None, None) => return Err(ApiError::field("/youngPersonId", Fault::Required)),
            (Some(_), Some(_)) => return Err(ApiError::field("/cpr", Fault::Contradiction)),
        };
        let case = tx.case_of(whose).await?;
        let permit = authorize::<RaiseNeed>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        ensure_minor(person.birth_date, day_of(tx.now()))?;
        let raised = (asked.guide, asked.acute, asked.reason.as_str());
        let id = tx.raise_need(&permit, whose, raised).await?;
        let change = Change {
            subject: &id,
            kind: EventKind::TransitionNeedRaised,
            payload: &json!({ "guide": asked.guide, "acute": asked.acute }),
        };
        tx.record(&permit, change).await?;
        tx.reckon_transition(&permit, whose).await?;
        let (_, row) = tx.transition_need(id).await?.ok_or(StoreError::Hidden)?;
        let view = view(tx, row).await?;
        created(view.version, format!("/api/v1/transition-needs/{id}"), Some(whose), &view)
    })
    .await
}
