use super::EpisodeView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadEducationAndWork;
use domain::access::{Scope, authorize};
use domain::education_and_work::{Standing, grades_passed, standing_on};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// School, education and work, the latest first, and what follows from it of a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EducationAndWork {
    on: NaiveDate,
    /// That day: in an education or at school, an apprentice, or in a job of at least 18 hours a week; null:
    /// nothing was heard until then.
    in_education_or_work: Option<bool>,
    /// The grades of school that were passed by then.
    grades_passed: Vec<i16>,
    items: Vec<EpisodeView>,
}

/// List education and work
///
/// All that was told of school, education and work, the latest first, and whether the young person was in
/// any of it on a day.
#[utoipa::path(
    operation_id = "listEducationAndWork",
    tag = "education and work",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), OnDay),
    responses((status = 200, description = "The episodes", body = EducationAndWork), ReadProblems),
)]
#[get("/young-people/{id}/education-and-work")]
pub async fn list_education_and_work(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<Json<EducationAndWork>, ApiError> {
    let view = edge
        .read(&caller, "listEducationAndWork", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let on = query.or_today(tx);
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadEducationAndWork>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let episodes = tx.episodes(case.young_person).await?;
            let standing = standing_on(&episodes, on);
            Ok(EducationAndWork {
                on,
                in_education_or_work: standing.map(Standing::in_education_or_work),
                grades_passed: grades_passed(&episodes, on),
                items: episodes.into_iter().map(Into::into).collect(),
            })
        })
        .await?;
    Ok(Json(view))
}
