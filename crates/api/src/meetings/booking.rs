//! Where, when and with whom a meeting is: read from a request, locked, and held against what is booked (TM-4, TM-5).

use super::{CalledBody, OutsideBody, OutsidePartyBody, OwnTimeBody};
use crate::problem::{ApiError, Fault, FieldFault};
use domain::ids::{EmployeeId, MeetingId, UnitId, YoungPersonId};
use domain::meetings::{Called, Clash, MeetingKind, MeetingRefusal, Place, Taken};
use domain::organisation::Department;
use persistence::Tx;
use persistence::meetings::OutsideParty;
use persistence::meetings::calendar::Needed;
use serde_json::{Map, json};
use uuid::Uuid;

impl OwnTimeBody {
    /// The time and the room, outside the windows.
    pub fn place(self) -> Place {
        Place {
            room: self.room_id.into(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            slot: None,
            outside_because: None,
        }
    }
}

impl From<OutsidePartyBody> for OutsideParty {
    fn from(body: OutsidePartyBody) -> Self {
        Self { name: body.name, role: body.role, organisation: body.organisation }
    }
}

/// The most people that take part in a meeting: of each of them it is told in one request whether they came.
const MOST: i64 = 60;

/// Where and when a handover is: in a slot, or outside the windows.
pub async fn place_of(
    tx: &mut Tx,
    slot: Option<Uuid>,
    outside: Option<OutsideBody>,
) -> Result<Place, ApiError> {
    match (slot, outside) {
        (Some(slot), None) => tx
            .slot(slot.into())
            .await?
            .ok_or_else(|| ApiError::field("/slotId", Fault::SlotUnknown)),
        (None, Some(outside)) => {
            Ok(Place { outside_because: Some(outside.because), ..outside.at.place() })
        }
        (None, None) => Err(ApiError::field("/slotId", Fault::Required)),
        (Some(_), Some(_)) => Err(ApiError::field("/outside", Fault::Contradiction)),
    }
}

/// Those of the municipality who are called: each holds a role in the unit, which works with young people itself.
pub async fn called(tx: &mut Tx, bodies: &[CalledBody]) -> Result<Vec<Called>, ApiError> {
    let mut called: Vec<Called> = Vec::with_capacity(bodies.len());
    let mut faults = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        let (unit, employee) = (UnitId(body.unit_id), EmployeeId(body.employee_id));
        let mut wrong = |field: &str, fault| {
            faults.push(FieldFault { pointer: format!("/employees/{index}/{field}"), fault });
        };
        let found = tx.unit(unit).await?.filter(|unit| unit.operational);
        let department = found.and_then(|unit| unit.department.parse::<Department>().ok());
        match department.filter(|department| department.does_casework()) {
            None => wrong("unitId", Fault::UnitUnknown),
            Some(_) if !tx.works_in(employee, unit).await? => {
                wrong("employeeId", Fault::EmployeeNotInUnit);
            }
            Some(_) if called.iter().any(|one| one.employee == employee) => {
                wrong("employeeId", Fault::Contradiction);
            }
            Some(department) => called.push(Called { employee, unit, department }),
        }
    }
    if faults.is_empty() { Ok(called) } else { Err(ApiError::Invalid(faults)) }
}

/// Whom and what a meeting takes.
pub struct Takes<'a> {
    /// What it is held for.
    pub kind: MeetingKind,
    /// About whom.
    pub young_person: YoungPersonId,
    /// Those of the municipality who are called.
    pub employees: &'a [EmployeeId],
    /// The meeting itself, where it is moved.
    pub besides: Option<MeetingId>,
}

/// Locks the employees, the room and the young person, in this order (D-13). Another transaction that books one of them waits here.
pub async fn lock(
    tx: &mut Tx,
    takes: &Takes<'_>,
    place: &Place,
    pointer: &str,
) -> Result<(), ApiError> {
    tx.lock_employees(takes.employees).await?;
    if !tx.lock_room(place.room).await? {
        return Err(ApiError::field(pointer, Fault::RoomUnknown));
    }
    tx.lock_young_people(&[takes.young_person]).await?;
    Ok(())
}

/// Refuses if a participant or the meeting room is booked for another meeting at that time, and states the next times
/// at which all are free. All of them are locked. The refusal names an employee or a meeting room; it names the young
/// person only if the caller sees that meeting (AC-18).
pub async fn ensure_free(tx: &mut Tx, takes: &Takes<'_>, place: &Place) -> Result<(), ApiError> {
    let there = takes.kind != MeetingKind::Sparring;
    let needed = Needed {
        young_person: there.then_some(takes.young_person),
        employees: takes.employees,
        besides: takes.besides,
    };
    let clashes = tx.clashes_of_meeting(&needed, place).await?;
    if clashes.is_empty() {
        return Ok(());
    }
    let seen = tx.sees_young_person_booked(&needed, place).await?;
    let visible: Vec<Clash> =
        clashes.into_iter().filter(|clash| clash.what != Taken::YoungPerson || seen).collect();
    let next_free = tx.next_free_slots(&needed).await?;
    if visible.is_empty() {
        let members = Map::from_iter([("nextFree".to_owned(), json!(next_free))]);
        return Err(ApiError::OverRows("meeting.double-booked:young-person".to_owned(), members));
    }
    Err(MeetingRefusal::DoubleBooked { taken: visible, next_free }.into())
}

/// Refuses a meeting of more people than can be told of. Those who are called are stored.
pub async fn ensure_not_crowded(tx: &mut Tx, id: MeetingId) -> Result<(), ApiError> {
    if tx.parties_of_meeting(id).await? > MOST {
        let fault = Fault::ItemsAtMost(MOST.unsigned_abs());
        return Err(ApiError::field("/outsideParties", fault));
    }
    Ok(())
}
