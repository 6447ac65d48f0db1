use super::icalendar;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use domain::access::policy::{ReadMeetings, SubscribeCalendar};
use domain::access::{Scope, authorize};
use uuid::Uuid;

/// Take a meeting into a calendar
///
/// By those of the municipality who are called to it, whether they see the case or not; and by whoever may read the meeting, for the
/// young person and those outside who are invited. Initials and place, and no place where that is protected.
#[utoipa::path(
    operation_id = "readMeetingCalendar",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting")),
    responses((status = 200, description = "iCalendar (RFC 5545)", body = String, content_type = "text/calendar"), ReadProblems),
)]
#[get("/meetings/{id}/calendar.ics")]
pub async fn read_meeting_calendar(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let entry = edge
        .read(&caller, "readMeetingCalendar", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            if let Ok(permit) = authorize::<SubscribeCalendar>(&actor, Scope::Nothing)
                && let Some(entry) = tx.calendar_entry((*id).into()).await?
            {
                tx.acted_as(&permit);
                return Ok(entry);
            }
            let meeting = tx.meeting((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let case = tx.case_of(meeting.young_person).await?;
            let permit = authorize::<ReadMeetings>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            tx.calendar_entry_to_hand_on(meeting.id).await?.ok_or(ApiError::NotFound)
        })
        .await?;
    Ok(icalendar::one(&entry))
}
