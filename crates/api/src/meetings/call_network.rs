use super::booking::{self, Takes};
use super::step::view;
use super::{CalledBody, MeetingView, OutsidePartyBody, OwnTimeBody};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::{CallMeeting, RegisterPregnancy};
use domain::access::{Actor, Case, Permit, Row, Scope, authorize};
use domain::ids::{EmployeeId, PregnancyId, YoungPersonId};
use domain::meetings::{MeetingKind, MeetingRefusal, Place};
use domain::timeline::EventKind;
use persistence::meetings::{HeldFor, NewMeeting, NewParties, OutsideParty};
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A network meeting to call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallNetworkBody {
    at: OwnTimeBody,
    /// Of the municipality: it is their duty to come.
    #[schema(min_items = 1, max_items = 30)]
    employees: Vec<CalledBody>,
    /// Doctor, midwife, health visitor, psychiatry, and whoever else: they get the minutes.
    #[serde(default)]
    #[schema(max_items = 30)]
    outside_parties: Vec<OutsidePartyBody>,
    /// The place gives somebody away: it stands in no calendar.
    #[serde(default)]
    place_protected: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CalledEvent<'a> {
    pregnancy_id: PregnancyId,
    kind: MeetingKind,
    no: i32,
    #[serde(flatten)]
    place: Place,
    employees: &'a [EmployeeId],
}

/// Call the next network meeting
///
/// The first as soon as the pregnancy is known, the second once the child is born; by the unit that registered it. Where two
/// pregnancies lack one, that of the first is called. The units that are called see the meeting, until 28 days after it.
#[utoipa::path(
    operation_id = "callNetworkMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = CallNetworkBody,
    responses((status = 201, description = "The meeting", body = MeetingView), CommandProblems),
)]
#[post("/young-people/{id}/network-meetings")]
pub async fn call_network_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CallNetworkBody>,
) -> Result<HttpResponse, ApiError> {
    let new = body.value;
    edge.command(&caller, "callNetworkMeeting", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let young_person = YoungPersonId(*id);
        let case = tx.case_of(young_person).await?.at(Row::new(MeetingKind::Network.area()));
        let (permit, _) = next_meeting(tx, &actor, &case).await?;
        let people = booking::called(tx, &new.employees).await?;
        let employees: Vec<EmployeeId> = people.iter().map(|one| one.employee).collect();
        let place = new.at.place();
        let kind = MeetingKind::Network;
        let takes = Takes { kind, young_person, employees: &employees, besides: None };
        booking::lock(tx, &takes, &place, "/at/roomId").await?;
        // As it stands now that the young person is locked.
        let (permit, next) = match permit {
            Some(_) => next_meeting(tx, &actor, &case).await?,
            None => (None, None),
        };
        let (Some(permit), Some((pregnancy, no))) = (permit, next) else {
            return Err(MeetingRefusal::NeedNotOpen {}.into());
        };
        place.ensure_suits(None, false, tx.now())?;
        booking::ensure_free(tx, &takes, &place).await?;
        let meeting = NewMeeting {
            young_person,
            kind,
            held_for: HeldFor::Pregnancy(pregnancy, no),
            without_because: None,
            place,
            place_protected: new.place_protected,
        };
        let meeting_id = tx.call_meeting(&permit, &meeting).await?;
        let outside: Vec<OutsideParty> =
            new.outside_parties.iter().cloned().map(Into::into).collect();
        let parties = NewParties { young_person: true, employees: &people, outside: &outside };
        tx.call_parties(&permit, meeting_id, &parties).await?;
        booking::ensure_not_crowded(tx, meeting_id).await?;
        let payload =
            CalledEvent { pregnancy_id: pregnancy, kind, no, place, employees: &employees };
        let change =
            Change { subject: &meeting_id, kind: EventKind::MeetingCalled, payload: &payload };
        tx.record(&permit, change).await?;
        let view = view(tx, meeting_id).await?;
        created(1, format!("/api/v1/meetings/{meeting_id}"), Some(young_person), &view)
    })
    .await
}

/// Which meeting is called now, and the permit of the unit that registered the pregnancy (NM-2), or the last one where no meeting
/// is lacking. Where there is none, whoever may register one may ask, and is told that there is nothing to meet about.
async fn next_meeting(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
) -> Result<(Option<Permit<CallMeeting>>, Option<(PregnancyId, i32)>), ApiError> {
    let next = tx.next_network_meeting(case.young_person).await?;
    let about = match &next {
        Some((lacking, _)) => Some(lacking.writing_unit_id),
        None => tx.pregnancies(case.young_person).await?.first().map(|last| last.writing_unit_id),
    };
    let Some(unit) = about else {
        authorize::<RegisterPregnancy>(actor, Scope::Case(case))?;
        return Ok((None, None));
    };
    let permit = authorize::<CallMeeting>(actor, Scope::Own(case, unit.into()))?;
    Ok((Some(permit), next.map(|(lacking, no)| (lacking.id.into(), no))))
}
