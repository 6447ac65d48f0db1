use super::booking::{self, Takes};
use super::step::{begin, locked, meeting_changed};
use super::{CalledBody, MeetingView, OutsidePartyBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::ids::EmployeeId;
use domain::meetings::{Called, MeetingStep};
use domain::timeline::EventKind;
use persistence::meetings::{NewParties, OutsideParty};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who else is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteBody {
    #[serde(default)]
    #[schema(max_items = 30)]
    employees: Vec<CalledBody>,
    #[serde(default)]
    #[schema(max_items = 30)]
    outside_parties: Vec<OutsidePartyBody>,
}

/// Call others to a meeting
///
/// PPR where it is asked, somebody instead of one who cannot come, or somebody outside; or one who could not come, and can.
#[utoipa::path(
    operation_id = "inviteToMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = InviteBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/participants")]
pub async fn invite_to_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<InviteBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "inviteToMeeting", Some(*id), &body.raw, async |tx| {
        let new = &body.value;
        if new.employees.is_empty() && new.outside_parties.is_empty() {
            return Err(ApiError::field("/employees", Fault::Required));
        }
        let (permit, meeting) = begin(tx, *id).await?;
        let mut people = booking::called(tx, &new.employees).await?;
        let employees: Vec<EmployeeId> = people.iter().map(|one| one.employee).collect();
        let there = tx.employees_of_meeting(meeting.id).await?;
        if let Some(index) = employees.iter().position(|one| there.contains(one)) {
            let pointer = format!("/employees/{index}/employeeId");
            return Err(ApiError::field(&pointer, Fault::Contradiction));
        }
        // Also those who are there already: the slots that are offered suit all.
        let all = [there, employees.clone()].concat();
        let takes = Takes {
            kind: meeting.kind,
            young_person: meeting.young_person,
            employees: &all,
            besides: Some(meeting.id),
        };
        booking::lock(tx, &takes, &meeting.place, "/employees").await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::Invite).await?;
        booking::ensure_free(tx, &takes, &before.place).await?;
        let expected = tx.expected_at(before.id).await?;
        let excused: Vec<EmployeeId> =
            expected.iter().filter_map(|one| one.called).map(|one| one.employee).collect();
        // Whoever is called again comes for the unit they were called for.
        let elsewhere = |one: &Called| {
            let before = expected.iter().filter_map(|one| one.called);
            before
                .into_iter()
                .any(|called| called.employee == one.employee && called.unit != one.unit)
        };
        if let Some(index) = people.iter().position(elsewhere) {
            return Err(ApiError::field(
                &format!("/employees/{index}/unitId"),
                Fault::Contradiction,
            ));
        }
        tx.call_again(&permit, before.id, &employees).await?;
        people.retain(|one| !excused.contains(&one.employee));
        let outside: Vec<OutsideParty> =
            new.outside_parties.iter().cloned().map(Into::into).collect();
        let parties = NewParties { young_person: false, employees: &people, outside: &outside };
        tx.call_parties(&permit, before.id, &parties).await?;
        booking::ensure_not_crowded(tx, before.id).await?;
        tx.touch_meeting(&permit, &before).await?;
        let payload = json!({ "employees": employees, "outsideParties": outside.len() });
        meeting_changed(tx, &permit, &before, EventKind::MeetingPartyCalled, &payload).await
    })
    .await
}
