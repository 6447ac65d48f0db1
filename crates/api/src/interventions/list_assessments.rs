use super::assess_intake::AssessmentView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadYoungPerson;
use domain::access::{Scope, authorize};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// How many of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAssessments {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List intake assessments
///
/// Those of a young person that the caller may see, newest written first.
#[utoipa::path(
    operation_id = "listAssessments",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), ListAssessments),
    responses((status = 200, description = "A page", body = Page<AssessmentView>), ReadProblems),
)]
#[get("/young-people/{id}/intake-assessments")]
pub async fn list_assessments(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<ListAssessments>,
) -> Result<Json<Page<AssessmentView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let page = edge
        .read(&caller, "listAssessments", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadYoungPerson>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let rows = tx.assessments(case.young_person, asked.after, asked.limit + 1).await?;
            Ok::<_, ApiError>(asked.page(rows, |row| row.id, |row| row.into()))
        })
        .await?;
    Ok(Json(page))
}
