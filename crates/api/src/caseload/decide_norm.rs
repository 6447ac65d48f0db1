use super::units::{Norms, known_unit};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::ApiError;
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, put};
use domain::access::policy::RunCaseload;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::Function;
use domain::caseload::decisions::ensure_not_past;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::caseload::norms::NewNorm;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A norm to decide.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideNormBody {
    /// Of which post.
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    /// The first day, today or later; it holds until the next one decided begins.
    from: Day,
    /// How many cases; null: from that day on there is no norm.
    #[schema(required, minimum = 0, maximum = 500)]
    cases: Option<i32>,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Decide a norm
///
/// By the unit's leader. A lower one takes no case from anyone: those over it are shown over it, and get no new
/// ones.
#[utoipa::path(
    operation_id = "decideNorm",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The unit"), ("If-Match" = String, Header, description = "The `ETag` the norms were read with; `\"0\"` where there are none")),
    request_body = DecideNormBody,
    responses((status = 200, description = "The norms", body = Norms), CommandProblems, VersionProblems),
)]
#[put("/units/{id}/norms")]
pub async fn decide_norm(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<DecideNormBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "decideNorm", None, &body.raw, async |tx| {
        let (new, today) = (&body.value, day_of(tx.now()));
        let actor = tx.actor().await?;
        let unit = known_unit(tx, *id).await?;
        let permit = authorize::<RunCaseload>(&actor, Scope::Unit(unit))?;
        let version = Norms::of(tx, unit, today).await?.version;
        if_match.check(version)?;
        ensure_not_past(new.from.date(), today)?;
        let norm = NewNorm {
            function: new.function,
            from: new.from.date(),
            cases: new.cases,
            reason: &new.reason,
        };
        let decided = tx.decide_norm(&permit, unit, version, norm).await?;
        let change = Change {
            subject: &decided,
            kind: EventKind::CaseloadNormDecided,
            payload: &json!({ "unitId": unit, "norm": new }),
        };
        tx.record(&permit, change).await?;
        let view = Norms::of(tx, unit, today).await?;
        changed(view.version, None, &view)
    })
    .await
}
