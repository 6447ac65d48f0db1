use super::MeetingView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::ReadMeetings;
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Read a meeting
#[utoipa::path(
    operation_id = "readMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting")),
    responses((status = 200, description = "The meeting", body = MeetingView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/meetings/{id}")]
pub async fn read_meeting(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let file = edge
        .read(&caller, "readMeeting", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let file = tx.meeting_file((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let case = tx.case_of(file.young_person_id.into()).await?;
            let permit = authorize::<ReadMeetings>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<_, ApiError>(file)
        })
        .await?;
    let version = file.version;
    answer_with_version(&request, version, &MeetingView::from(file))
}
