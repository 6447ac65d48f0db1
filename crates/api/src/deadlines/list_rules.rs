use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::deadlines::{StartsFrom, Unit, Whose};
use persistence::deadlines::RuleRow;
use serde::Serialize;
use utoipa::ToSchema;

/// Every rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineRules {
    items: Vec<DeadlineRuleView>,
}

/// How long after what begins something is to be done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineRuleView {
    /// The kind of task it asks for; `raise-overdue`: how long a task is past due before it rises.
    #[schema(example = "hold-first-conversation")]
    code: String,
    /// The number of the rule.
    #[schema(example = "DL-1")]
    rule: String,
    #[schema(schema_with = schema::code::<StartsFrom>)]
    starts_from: String,
    /// Of which benefits or offers; none: of all.
    of: Vec<String>,
    /// Days that pass before it is asked for; the length runs from then on.
    asked_after_days: i32,
    length: i32,
    #[schema(schema_with = schema::code::<Unit>)]
    unit: String,
    #[schema(schema_with = schema::code::<Whose>)]
    whose: String,
    /// The operation that ends it; null: it is ticked.
    act: Option<String>,
    /// The source in the dossier; `chosen` where it has none.
    source: String,
    /// Of what begins from this day on …
    valid_from: NaiveDate,
    /// … to this one; null: it goes on.
    valid_to: Option<NaiveDate>,
}

impl From<RuleRow> for DeadlineRuleView {
    fn from(row: RuleRow) -> Self {
        Self {
            code: row.code,
            rule: row.rule,
            starts_from: row.starts_from,
            of: row.of,
            asked_after_days: row.asked_after,
            length: row.length,
            unit: row.unit,
            whose: row.whose,
            act: row.act,
            source: row.source,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// List the rules of deadlines
///
/// Law moves: each holds for what begins on its days.
#[utoipa::path(
    operation_id = "listDeadlineRules",
    tag = "deadlines",
    security(("bearer" = [])),
    responses((status = 200, description = "The rules", body = DeadlineRules), ReadProblems),
)]
#[get("/deadline-rules")]
pub async fn list_deadline_rules(
    caller: Caller,
    edge: Data<Edge>,
) -> Result<Json<DeadlineRules>, ApiError> {
    edge.read(&caller, "listDeadlineRules", None, async |tx| {
        let actor = tx.actor().await?;
        authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
        let rows = tx.deadline_rules().await?;
        Ok(Json(DeadlineRules { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
