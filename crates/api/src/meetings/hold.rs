use super::MeetingView;
use super::step::{begin, locked, meeting_changed};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::Edge;
use crate::plans::step::{does_casework, join_as_receiver};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use crate::transitions::agree_responsibility::{AgreementBody, agree};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::Permit;
use domain::access::policy::CallMeeting;
use domain::calendar::day_of;
use domain::ids::{TransitionNeedId, UnitId};
use domain::meetings::{
    Attendance, Expected, Holding, Meeting, MeetingKind, MeetingStep, Receiver, Topic,
};
use domain::timeline::EventKind;
use domain::transitions::TransitionNeed;
use persistence::meetings::{Minutes, NewAgreed, NewDecision};
use persistence::transitions::NewResponsibility;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What "held" means.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HoldBody {
    /// Of each one who is called, and did not tell that they cannot come. Somebody came; of a handover, of each side.
    #[schema(max_items = 60)]
    attendance: Vec<AttendanceBody>,
    minutes: MinutesBody,
    /// On law that was in force on the day of the meeting; of a handover alone, and at least one.
    #[serde(default)]
    #[schema(max_items = 20)]
    decisions: Vec<DecisionBody>,
    /// Of a handover.
    #[serde(default)]
    receiver: Option<ReceiverBody>,
    /// What was agreed to be done; the coordination waits for it.
    #[serde(default)]
    #[schema(max_items = 30)]
    agreed: Vec<AgreedBody>,
}

/// Did somebody come?
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttendanceBody {
    participant_id: Uuid,
    came: bool,
    /// Why not; asked for of those of the municipality.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    absence_reason: Option<String>,
}

/// What was said, by the topics of Barnets lov § 122. Of a handover, all but `other` are told; of others, something.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct MinutesBody {
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    support_needs: Option<String>,
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    education: Option<String>,
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    job_and_income: Option<String>,
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    housing: Option<String>,
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    social_relations: Option<String>,
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    other: Option<String>,
}

/// A decision, and the law it stands on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionBody {
    /// The code of a legal basis that was in force on the day of the meeting, for the age they have when it begins.
    #[schema(schema_with = schema::line::<60>)]
    legal_basis: String,
    /// Who decides under it.
    unit_id: Uuid,
    #[schema(schema_with = schema::prose::<2000>)]
    words: String,
    from: Day,
    /// The last day.
    #[serde(default)]
    to: Option<Day>,
}

/// Who receives, and from when.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiverBody {
    unit_id: Uuid,
    /// Who of them is the one responsible from the 18th birthday: in a role that coordinates.
    employee_id: Uuid,
    supports_from: Day,
    /// Not before they support.
    coordinates_from: Day,
}

/// Something that was agreed to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreedBody {
    #[schema(schema_with = schema::line::<500>)]
    what: String,
    /// Somebody who sees the plan, or of the unit that receives; of a network meeting, somebody who is called to it.
    employee_id: Uuid,
    /// Today at the earliest.
    due_on: Day,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    kind: MeetingKind,
    attendance: Vec<Attendance>,
    receiver: Option<Receiver>,
    decisions: usize,
    agreed: usize,
}

impl From<ReceiverBody> for Receiver {
    fn from(body: ReceiverBody) -> Self {
        Self {
            unit_id: body.unit_id.into(),
            employee_id: body.employee_id.into(),
            supports_from: body.supports_from.date(),
            coordinates_from: body.coordinates_from.date(),
        }
    }
}

impl MinutesBody {
    fn topics(&self) -> Vec<Topic> {
        [
            (Topic::SupportNeeds, &self.support_needs),
            (Topic::Education, &self.education),
            (Topic::JobAndIncome, &self.job_and_income),
            (Topic::Housing, &self.housing),
            (Topic::SocialRelations, &self.social_relations),
        ]
        .into_iter()
        .filter_map(|(topic, told)| told.as_ref().map(|_| topic))
        .collect()
    }
}

impl From<MinutesBody> for Minutes {
    fn from(body: MinutesBody) -> Self {
        Self {
            support_needs: body.support_needs,
            education: body.education,
            job_and_income: body.job_and_income,
            housing: body.housing,
            social_relations: body.social_relations,
            other: body.other,
        }
    }
}

/// Hold a meeting
///
/// Who came, what was said, what was decided on which law, who receives and from when, and what is to be done. Whoever receives gets
/// access and takes part in the joint plan.
#[utoipa::path(
    operation_id = "holdMeeting",
    tag = "meetings",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meeting"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = HoldBody,
    responses((status = 200, description = "As it is now", body = MeetingView), CommandProblems, VersionProblems),
)]
#[post("/meetings/{id}/hold")]
pub async fn hold_meeting(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<HoldBody>,
) -> Result<HttpResponse, ApiError> {
    let HoldBody { attendance, minutes, decisions, receiver, agreed } = body.value;
    let attendance: Vec<Attendance> = attendance.into_iter().map(Into::into).collect();
    edge.command(&caller, "holdMeeting", Some(*id), &body.raw, async |tx| {
        let (permit, meeting) = begin(tx, *id).await?;
        tx.lock_next_coordinator(meeting.young_person).await?;
        tx.lock_young_people(&[meeting.young_person]).await?;
        let before = locked(tx, &meeting, &if_match, MeetingStep::Hold).await?;
        let takes_over = receiver;
        let receiver = read_receiver(tx, &before, takes_over).await?;
        let expected = tx.expected_at(before.id).await?;
        let told = Holding {
            attendance: &attendance,
            topics: &minutes.topics(),
            other: minutes.other.is_some(),
            decisions: decisions.len(),
            receiver,
        };
        tx.does_not_see_any_of(attendance.iter().map(|one| one.participant_id), |id| {
            expected.iter().any(|one| one.id == *id)
        });
        ensure_called(&attendance, &expected)?;
        let raised_by = raised_by(tx, &before).await?;
        before.hold(raised_by, &expected, &told, tx.now())?;
        let decisions = read_decisions(tx, &before, decisions).await?;
        let agreed = read_agreed(tx, &before, receiver, agreed).await?;
        tx.hold_meeting(&permit, &before, &attendance, &minutes.into(), receiver).await?;
        if let Some(receiver) = receiver {
            open_to(tx, &permit, &before, receiver).await?;
        }
        for decision in &decisions {
            tx.decide_at_meeting(&permit, &before, decision).await?;
        }
        for one in &agreed {
            tx.agree_at_meeting(&permit, &before, one).await?;
        }
        if let Some(takes_over) = takes_over {
            hand_over(tx, &permit, &before, takes_over, &decisions).await?;
        }
        if before.kind == MeetingKind::Network {
            tx.network_meeting_held(&before).await?;
        }
        tx.reckon_transition(&permit, before.young_person).await?;
        let held = Held {
            kind: before.kind,
            attendance,
            receiver,
            decisions: decisions.len(),
            agreed: agreed.len(),
        };
        meeting_changed(tx, &permit, &before, EventKind::MeetingHeld, &held).await
    })
    .await
}

impl From<AttendanceBody> for Attendance {
    fn from(body: AttendanceBody) -> Self {
        Self {
            participant_id: body.participant_id,
            came: body.came,
            // Whoever came has no reason not to.
            absence_reason: body.absence_reason.filter(|_| !body.came),
        }
    }
}

/// Whoever is told of is called to it, told of once, and did not come where they told ahead that they cannot.
fn ensure_called(told: &[Attendance], expected: &[Expected]) -> Result<(), ApiError> {
    for (index, one) in told.iter().enumerate() {
        let fault =
            |member, fault| Err(ApiError::field(&format!("/attendance/{index}/{member}"), fault));
        let is_them = |before: &&Attendance| before.participant_id == one.participant_id;
        if told.iter().take(index).any(|before| is_them(&before)) {
            return fault("participantId", Fault::Contradiction);
        }
        match expected.iter().find(|expected| expected.id == one.participant_id) {
            None => return fault("participantId", Fault::ParticipantUnknown),
            Some(expected) if expected.excused && one.came => {
                return fault("came", Fault::Contradiction);
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The unit that raised the need of a meeting; none of a network meeting.
async fn raised_by(tx: &mut Tx, meeting: &Meeting) -> Result<Option<UnitId>, ApiError> {
    let Some(need) = tx.need_of_meeting(meeting.id).await? else { return Ok(None) };
    let (_, need) = tx.met_need(need).await?.ok_or(ApiError::NotFound)?;
    Ok(Some(need.raised_by))
}

/// Who receives: of a handover alone, somebody of a municipal unit that works with young people itself, in a role that coordinates.
async fn read_receiver(
    tx: &mut Tx,
    meeting: &Meeting,
    body: Option<ReceiverBody>,
) -> Result<Option<Receiver>, ApiError> {
    let Some(body) = body else { return Ok(None) };
    if meeting.kind != MeetingKind::Transition {
        return Err(ApiError::field("/receiver", Fault::Contradiction));
    }
    let receiver = Receiver::from(body);
    if !does_casework(tx, receiver.unit_id).await? {
        return Err(ApiError::field("/receiver/unitId", Fault::UnitUnknown));
    }
    if !tx.works_in(receiver.employee_id, receiver.unit_id).await? {
        return Err(ApiError::field("/receiver/employeeId", Fault::EmployeeNotInUnit));
    }
    let held = tx.held_roles(receiver.employee_id).await?;
    if !held.iter().any(|role| role.unit == receiver.unit_id && role.may_coordinate()) {
        return Err(ApiError::field("/receiver/employeeId", Fault::EmployeeMayNotCoordinate));
    }
    Ok(Some(receiver))
}

async fn read_decisions(
    tx: &mut Tx,
    meeting: &Meeting,
    bodies: Vec<DecisionBody>,
) -> Result<Vec<NewDecision>, ApiError> {
    if meeting.kind != MeetingKind::Transition && !bodies.is_empty() {
        return Err(ApiError::field("/decisions", Fault::Contradiction));
    }
    let mut decisions = Vec::with_capacity(bodies.len());
    for (index, body) in bodies.into_iter().enumerate() {
        let at = |field: &str| format!("/decisions/{index}/{field}");
        if !does_casework(tx, UnitId(body.unit_id)).await? {
            return Err(ApiError::field(&at("unitId"), Fault::UnitUnknown));
        }
        if !tx.is_legal_basis(&body.legal_basis).await? {
            return Err(ApiError::field(&at("legalBasis"), Fault::LegalBasisUnknown));
        }
        if body.to.is_some_and(|to| to < body.from) {
            return Err(ApiError::field(&at("to"), Fault::AtLeast(body.from.date().to_string())));
        }
        decisions.push(NewDecision {
            legal_basis: body.legal_basis,
            unit: body.unit_id.into(),
            words: body.words,
            from: body.from.date(),
            to: body.to.map(Day::date),
        });
    }
    Ok(decisions)
}

/// Whoever is to do something sees the plan, or is about to, being of the unit that receives; of a network meeting they are called
/// to it, and see that.
async fn read_agreed(
    tx: &mut Tx,
    meeting: &Meeting,
    receiver: Option<Receiver>,
    bodies: Vec<AgreedBody>,
) -> Result<Vec<NewAgreed>, ApiError> {
    let today = day_of(tx.now());
    let mut agreed = Vec::with_capacity(bodies.len());
    for (index, body) in bodies.into_iter().enumerate() {
        let who = body.employee_id.into();
        let sees = match (meeting.kind, receiver) {
            (MeetingKind::Network, _) => tx.is_called_to(meeting.id, who).await?,
            (_, Some(receiver)) if tx.works_in(who, receiver.unit_id).await? => true,
            _ => tx.employee_sees_plan(who, meeting.young_person).await?,
        };
        if !sees {
            let pointer = format!("/agreed/{index}/employeeId");
            return Err(ApiError::field(&pointer, Fault::EmployeeNoBasis));
        }
        if body.due_on.date() < today {
            let pointer = format!("/agreed/{index}/dueOn");
            return Err(ApiError::field(&pointer, Fault::AtLeast(today.to_string())));
        }
        agreed.push(NewAgreed { what: body.what, employee: who, due_on: body.due_on.date() });
    }
    Ok(agreed)
}

/// TM-8: the receiver gets access by the meeting, and takes part in the open plan if there is one.
async fn open_to(
    tx: &mut Tx,
    permit: &Permit<CallMeeting>,
    meeting: &Meeting,
    receiver: Receiver,
) -> Result<(), ApiError> {
    tx.open_to_receiver(meeting).await?;
    let Some(plan) = tx.lock_open_plan_of(meeting.young_person).await? else { return Ok(()) };
    if !tx.takes_part(plan.id, receiver.unit_id).await? {
        join_as_receiver(tx, permit, &plan, receiver.unit_id, receiver.employee_id).await?;
    }
    Ok(())
}

/// TM-9: the need is met about, on the day of the meeting; who decides under which law is on record since then; and the coordination
/// is to pass.
async fn hand_over(
    tx: &mut Tx,
    permit: &Permit<CallMeeting>,
    meeting: &Meeting,
    receiver: ReceiverBody,
    decisions: &[NewDecision],
) -> Result<(), ApiError> {
    let Some(need) = tx.need_of_meeting(meeting.id).await?.map(TransitionNeedId) else {
        return Ok(());
    };
    let (_, known) = tx.transition_need(need).await?.ok_or(ApiError::NotFound)?;
    let event = TransitionNeed::try_from(&known)?.hold(meeting.day(), day_of(tx.now()))?;
    tx.store_need(permit, &known, &event).await?;
    let change = Change { subject: &need, kind: EventKind::TransitionNeedHeld, payload: &event };
    tx.record(permit, change).await?;
    for decision in decisions {
        let Some(id) = tx.decides_since_meeting(permit, meeting, decision).await? else { continue };
        let payload = NewResponsibility {
            unit_id: decision.unit,
            legal_basis: decision.legal_basis.clone(),
            from: decision.from,
            to: decision.to,
        };
        let kind = EventKind::ResponsibilityDecided;
        tx.record(permit, Change { subject: &id, kind, payload: &payload }).await?;
    }
    let agreed = AgreementBody {
        unit_id: receiver.unit_id,
        coordinator_id: Some(receiver.employee_id),
        supports_from: receiver.supports_from,
        coordinates_from: receiver.coordinates_from,
    };
    agree(tx, permit, &known, &agreed, "/receiver").await?;
    Ok(())
}
