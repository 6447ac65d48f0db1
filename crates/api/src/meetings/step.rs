//! How every step of a meeting begins and ends.

use super::MeetingView;
use crate::conditional::IfMatch;
use crate::edge::changed;
use crate::problem::ApiError;
use domain::access::policy::CallMeeting;
use domain::access::{InformationArea, Permit, Row, Scope, authorize};
use domain::ids::{MeetingId, PregnancyId};
use domain::meetings::{Meeting, MeetingKind, MeetingStep};
use domain::timeline::EventKind;
use persistence::meetings::network::PregnancyRow;
use persistence::{Answer, Change, StoreError, Tx};
use serde::Serialize;
use uuid::Uuid;

/// A meeting that the caller may take a step of, not locked yet.
pub async fn begin(tx: &mut Tx, id: Uuid) -> Result<(Permit<CallMeeting>, Meeting), ApiError> {
    let actor = tx.actor().await?;
    let meeting = tx.meeting(id.into()).await?.ok_or(ApiError::NotFound)?;
    let case = tx.case_of(meeting.young_person).await?.at(meeting.row());
    // NM-2: a network meeting is that of the unit that registered the pregnancy, and of nobody else.
    let scope = match meeting.kind {
        MeetingKind::Network => Scope::Own(&case, meeting.unit),
        MeetingKind::Transition | MeetingKind::Sparring => Scope::Written(&case, meeting.unit),
    };
    let permit = authorize::<CallMeeting>(&actor, scope)?;
    Ok((permit, meeting))
}

/// The meeting, locked, in the version that was named, still about whom it was, and such that the step can be taken. Whoever
/// books for it has locked the others before.
pub async fn locked(
    tx: &mut Tx,
    before: &Meeting,
    if_match: &IfMatch,
    step: MeetingStep,
) -> Result<Meeting, ApiError> {
    let meeting = tx.lock_meeting(before.id).await?.ok_or(ApiError::NotFound)?;
    // Merged meanwhile: nobody is there under whom it was permitted.
    if meeting.young_person != before.young_person {
        return Err(ApiError::NotFound);
    }
    if_match.check(meeting.version)?;
    meeting.ensure_may(step)?;
    Ok(meeting)
}

/// Records what became of a meeting, and answers with it as it is now.
pub async fn meeting_changed(
    tx: &mut Tx,
    permit: &Permit<CallMeeting>,
    meeting: &Meeting,
    kind: EventKind,
    payload: &impl Serialize,
) -> Result<Answer, ApiError> {
    let change = Change { subject: &meeting.id, kind, payload };
    tx.record(permit, change).await?;
    let view = view(tx, meeting.id).await?;
    changed(meeting.version + 1, Some(meeting.young_person), &view)
}

/// The meeting as it is now.
pub async fn view(tx: &mut Tx, id: MeetingId) -> Result<MeetingView, ApiError> {
    Ok(tx.meeting_file(id).await?.ok_or(StoreError::Hidden)?.into())
}

/// A pregnancy that the caller's unit registered, in the version that was named, with its young person locked.
pub async fn locked_pregnancy(
    tx: &mut Tx,
    id: PregnancyId,
    if_match: &IfMatch,
) -> Result<(Permit<CallMeeting>, PregnancyRow), ApiError> {
    let actor = tx.actor().await?;
    let known = tx.pregnancy(id).await?.ok_or(ApiError::NotFound)?;
    let unit = known.writing_unit_id.into();
    let case = tx.case_of(known.young_person_id.into()).await?;
    let case = case.at(Row::of(InformationArea::Health, unit));
    let permit = authorize::<CallMeeting>(&actor, Scope::Own(&case, unit))?;
    tx.lock_young_people(&[case.young_person]).await?;
    let known = tx.pregnancy(id).await?.ok_or(ApiError::NotFound)?;
    // Merged meanwhile: nobody is there under whom it was permitted.
    if known.young_person_id != case.young_person.0 {
        return Err(ApiError::NotFound);
    }
    if_match.check(known.version)?;
    Ok((permit, known))
}
