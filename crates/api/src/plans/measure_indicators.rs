use super::indicators::IndicatorsView;
use super::step::step;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AmendPlan;
use domain::calendar::day_of;
use domain::plans::Indicators;
use domain::tasks::TaskKind;
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A measurement: at least one of the four.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureIndicatorsBody {
    /// Today where nothing is told; not ahead, and not more than 26 weeks before the plan was opened.
    #[serde(default)]
    #[schema(required = false)]
    on: Option<Day>,
    /// Coping with everyday life.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, required = false)]
    everyday_coping: Option<i16>,
    /// A realistic reservation wage.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, required = false)]
    reservation_wage: Option<i16>,
    /// The caseworker's belief that the young person will make it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, required = false)]
    caseworker_belief: Option<i16>,
    /// A supportive network.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, required = false)]
    supportive_network: Option<i16>,
}

impl MeasureIndicatorsBody {
    fn is_empty(&self) -> bool {
        [
            self.everyday_coping,
            self.reservation_wage,
            self.caseworker_belief,
            self.supportive_network,
        ]
        .iter()
        .all(Option::is_none)
    }
}

/// Measure the indicators of a plan
///
/// The four that predict progress (BIP), 1 to 5 each. The first measurement does the task that the
/// plan's activation asks for. Answers with the four series.
#[utoipa::path(
    operation_id = "measureIndicators",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = MeasureIndicatorsBody,
    responses((status = 201, description = "The four series", body = IndicatorsView), CommandProblems),
)]
#[post("/plans/{id}/indicators")]
pub async fn measure_indicators(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<MeasureIndicatorsBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "measureIndicators", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        if told.is_empty() {
            return Err(ApiError::field("", Fault::Contradiction));
        }
        let (permit, plan) = step::<AmendPlan>(tx, *id, None).await?;
        let indicators = Indicators {
            on: plan.day_told(told.on.map(Day::date), day_of(tx.now()))?,
            everyday_coping: told.everyday_coping,
            reservation_wage: told.reservation_wage,
            caseworker_belief: told.caseworker_belief,
            supportive_network: told.supportive_network,
        };
        tx.add_indicators(&permit, &plan, &indicators).await?;
        tx.task_done(TaskKind::MeasureIndicators, plan.id.0).await?;
        tx.record(
            &permit,
            Change {
                subject: &plan.id,
                kind: EventKind::PlanIndicatorsMeasured,
                payload: &indicators,
            },
        )
        .await?;
        let view = IndicatorsView::from(tx.indicators(plan.id).await?);
        let location = format!("/api/v1/plans/{id}/indicators");
        answer(StatusCode::CREATED, None, Some(location), Some(plan.young_person), &view)
    })
    .await
}
