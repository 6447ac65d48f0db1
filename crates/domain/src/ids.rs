//! Typed identifiers (`UUIDv7`), so that a plan's can never be passed where a young person's is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

typed_ids! {
    /// A unit of the organisation, or an institution outside it.
    UnitId,
    /// Somebody who signs in.
    EmployeeId,
    /// A request for rights, which another person confirms (OR-3).
    RightsRequestId,
    /// One signing-in, until it ends.
    SessionId,
    /// A young person.
    YoungPersonId,
    /// Why somebody may see a young person (AC-1).
    BasisId,
    /// A joint plan.
    PlanId,
    /// A goal of a plan.
    GoalId,
    /// A unit's participation in a plan.
    ParticipantId,
    /// An intervention.
    InterventionId,
    /// A group in which interventions run.
    GroupId,
    /// That somebody has a case.
    AssignmentId,
    /// That somebody covers for a colleague.
    CoverId,
    /// A young person's place in a unit's intake.
    IntakeEntryId,
    /// A benefit that was had from one day to another.
    BenefitId,
    /// A correction of what was written on the wrong young person.
    CorrectionId,
    /// Two registrations that were merged.
    MergeId,
    /// Something to be done.
    TaskId,
    /// A conversation or a note.
    EntryId,
    /// An education order.
    EducationOrderId,
    /// A remark on support needs.
    SupportRemarkId,
    /// Somebody outside who takes part in a plan.
    ExternalParticipantId,
    /// An episode of education or work.
    EpisodeId,
    /// A guardian.
    GuardianId,
    /// A contact of the hotline.
    ContactId,
    /// A meeting about a young person.
    MeetingId,
    /// A room in which meetings are held.
    RoomId,
    /// A window of meetings.
    WindowId,
    /// A slot in one.
    SlotId,
    /// A round of network meetings about a pregnancy.
    PregnancyId,
    /// The need of a transition meeting.
    TransitionNeedId,
    /// One HTTP request, in logs and problems.
    RequestId,
}
