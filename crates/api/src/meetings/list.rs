use super::MeetingView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadMeetings;
use domain::access::{Scope, authorize};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The meetings about a young person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meetings {
    items: Vec<MeetingView>,
}

/// List the meetings about a young person
///
/// The latest first, also those that were cancelled; a hundred at most.
#[utoipa::path(
    operation_id = "listMeetings",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "The meetings", body = Meetings), ReadProblems),
)]
#[get("/young-people/{id}/meetings")]
pub async fn list_meetings(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Meetings>, ApiError> {
    edge.read(&caller, "listMeetings", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<ReadMeetings>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let files = tx.meetings_of((*id).into()).await?;
        Ok(Json(Meetings { items: files.into_iter().map(Into::into).collect() }))
    })
    .await
}
