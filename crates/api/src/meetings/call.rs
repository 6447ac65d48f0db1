use super::booking::{self, Takes};
use super::step::view;
use super::{CalledBody, MeetingView, OutsideBody, OutsidePartyBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::CallMeeting;
use domain::access::{Row, Scope, authorize};
use domain::ids::EmployeeId;
use domain::meetings::{MeetingKind, Place};
use domain::timeline::EventKind;
use persistence::Change;
use persistence::meetings::{HeldFor, NewMeeting, NewParties, OutsideParty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a meeting about a need is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum CalledKind {
    /// The handover, with the young person.
    Transition,
    /// The same parties find a direction together, without the young person.
    Sparring,
}

/// A meeting to call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallBody {
    kind: CalledKind,
    /// A free slot of a window; or else `outside`.
    #[serde(default)]
    slot_id: Option<Uuid>,
    #[serde(default)]
    outside: Option<OutsideBody>,
    /// Somebody who sends (of B&U, or of the unit that raised the need), somebody of J&V, and somebody of UU: three at least.
    #[schema(min_items = 1, max_items = 30)]
    employees: Vec<CalledBody>,
    #[serde(default)]
    #[schema(max_items = 30)]
    outside_parties: Vec<OutsidePartyBody>,
    /// Why it is without the young person; of a sparring meeting.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    without_because: Option<String>,
    /// The place gives somebody away: it stands in no calendar.
    #[serde(default)]
    place_protected: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CalledEvent<'a> {
    need_id: Uuid,
    kind: MeetingKind,
    #[serde(flatten)]
    place: Place,
    employees: &'a [EmployeeId],
}

/// Call a meeting about a need
///
/// In a free slot of a window; outside of them where the need is acute or overdue. The young person is called to a handover, and
/// their guardians where they are under 18 by then. Whatever is taken is named, with the next three slots that suit all.
#[utoipa::path(
    operation_id = "callMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The need")),
    request_body = CallBody,
    responses((status = 201, description = "The meeting", body = MeetingView), CommandProblems),
)]
#[post("/transition-needs/{id}/meetings")]
pub async fn call_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CallBody>,
) -> Result<HttpResponse, ApiError> {
    let new = body.value;
    let kind = match new.kind {
        CalledKind::Transition => MeetingKind::Transition,
        CalledKind::Sparring => MeetingKind::Sparring,
    };
    ensure_reason(kind, new.without_because.as_deref())?;
    edge.command(&caller, "callMeeting", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let (young_person, need) = tx.met_need(*id).await?.ok_or(ApiError::NotFound)?;
        let row = Row::of(kind.area(), need.raised_by);
        let case = tx.case_of(young_person).await?.at(row);
        let permit = authorize::<CallMeeting>(&actor, Scope::Written(&case, need.raised_by))?;
        let people = booking::called(tx, &new.employees).await?;
        let employees: Vec<EmployeeId> = people.iter().map(|one| one.employee).collect();
        let place = booking::place_of(tx, new.slot_id, new.outside).await?;
        let takes = Takes { kind, young_person, employees: &employees, besides: None };
        booking::lock(tx, &takes, &place, "/outside/at/roomId").await?;
        // As it stands now that the young person is locked.
        let (_, need) = tx.met_need(*id).await?.ok_or(ApiError::NotFound)?;
        need.ensure_parties(&people)?;
        place.ensure_suits(Some(&need), false, tx.now())?;
        booking::ensure_free(tx, &takes, &place).await?;
        let meeting = NewMeeting {
            young_person,
            kind,
            held_for: HeldFor::Need(*id),
            without_because: new.without_because.as_deref(),
            place,
            place_protected: new.place_protected,
        };
        let meeting_id = tx.call_meeting(&permit, &meeting).await?;
        let outside: Vec<OutsideParty> =
            new.outside_parties.iter().cloned().map(Into::into).collect();
        let parties = NewParties {
            young_person: kind == MeetingKind::Transition,
            employees: &people,
            outside: &outside,
        };
        tx.call_parties(&permit, meeting_id, &parties).await?;
        booking::ensure_not_crowded(tx, meeting_id).await?;
        let payload = CalledEvent { need_id: *id, kind, place, employees: &employees };
        let change =
            Change { subject: &meeting_id, kind: EventKind::MeetingCalled, payload: &payload };
        tx.record(&permit, change).await?;
        let view = view(tx, meeting_id).await?;
        created(1, format!("/api/v1/meetings/{meeting_id}"), Some(young_person), &view)
    })
    .await
}

/// TM-7: a sparring meeting says why it is without the young person; a handover is not.
fn ensure_reason(kind: MeetingKind, without_because: Option<&str>) -> Result<(), ApiError> {
    match (kind, without_because) {
        (MeetingKind::Sparring, None) => Err(ApiError::field("/withoutBecause", Fault::Required)),
        (MeetingKind::Transition, Some(_)) => {
            Err(ApiError::field("/withoutBecause", Fault::Contradiction))
        }
        _ => Ok(()),
    }
}
