use super::assigning::{Known, assigns_in};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json};
use domain::caseload::{Candidate, Function, Possibility, Recommendation};
use domain::ids::{UnitId, YoungPersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// For whom somebody is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendBody {
    /// One of the caller's units.
    unit_id: Uuid,
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    #[schema(min_items = 1, max_items = 100)]
    young_person_ids: Vec<Uuid>,
}

/// Whom to ask, for each of them in their order; each takes the room that it takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommendations {
    items: Vec<RecommendationView>,
}

/// Whom to ask for one young person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendationView {
    young_person_id: Uuid,
    /// Null: nobody can, as the candidates tell.
    employee_id: Option<Uuid>,
    /// Everybody who does that in the unit, the best first.
    candidates: Vec<CandidateView>,
}

/// Somebody who does that in the unit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    employee_id: Uuid,
    name: String,
    current: u32,
    /// Null: no norm is decided.
    limit: Option<u32>,
    possible: bool,
    /// Why, or why not.
    #[schema(schema_with = schema::code::<Possibility>)]
    because: Possibility,
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        Self {
            employee_id: candidate.standing.employee.0,
            current: candidate.standing.young_people,
            limit: candidate.standing.parts.limit(),
            name: candidate.standing.name,
            possible: candidate.possibility.is_possible(),
            because: candidate.possibility,
        }
    }
}

impl From<Recommendation> for RecommendationView {
    fn from(recommendation: Recommendation) -> Self {
        Self {
            young_person_id: recommendation.young_person.0,
            employee_id: recommendation.employee.map(Into::into),
            candidates: recommendation.candidates.into_iter().map(Into::into).collect(),
        }
    }
}

/// Recommend somebody for each of a list
///
/// Who has had the young person before first, then the lowest share of the limit. Nothing is assigned.
#[utoipa::path(
    operation_id = "recommend",
    tag = "caseload",
    security(("bearer" = [])),
    request_body = RecommendBody,
    responses((status = 200, description = "Whom to ask", body = Recommendations), ReadProblems, BodyProblems),
)]
#[post("/caseload/recommendations")]
pub async fn recommend(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<RecommendBody>,
) -> Result<Json<Recommendations>, ApiError> {
    edge.read(&caller, "recommend", None, async |tx| {
        let (asked, actor) = (&body.value, tx.actor().await?);
        let unit = UnitId(asked.unit_id);
        let people: Vec<YoungPersonId> =
            asked.young_person_ids.iter().copied().map(Into::into).collect();
        let known = Known::of(tx, &actor, &people, &[]).await?;
        for (n, young_person) in people.iter().enumerate() {
            let at = format!("/youngPersonIds/{n}");
            tx.acted_as(&known.permit(*young_person, &at)?);
        }
        if !assigns_in(&actor, unit) {
            return Err(ApiError::field("/unitId", Fault::UnitUnknown));
        }
        let mut board = tx.board(unit, &people).await?;
        let items = people
            .into_iter()
            .map(|young_person| board.recommend(young_person, asked.function).into())
            .collect();
        Ok(Json(Recommendations { items }))
    })
    .await
}
