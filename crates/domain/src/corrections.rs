//! Corrections (YP-8): what was written on the wrong young person is moved or voided. The database does it,
//! also to what hangs on it beyond the caller's sight.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What can be corrected. Its name is that of the table in which it lies.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Written {
    /// A benefit.
    BenefitEpisode,
    /// A sanction.
    Sanction,
    /// An assessment of readiness.
    Readiness,
    /// A state six months after.
    FollowUp,
    /// An episode of school, education or work.
    EducationAndWork,
    /// A move.
    Residence,
    /// A guardian.
    Guardian,
    /// A conversation or a note, with what was corrected beside it.
    JournalEntry,
    /// A joint plan, with all that is in it.
    Plan,
    /// A goal, with its progress.
    Goal,
    /// A score on a goal.
    GoalProgress,
    /// A measurement of the indicators.
    PlanIndicators,
    /// A held review.
    PlanReview,
    /// A link to a department's own plan.
    PlanLink,
    /// An education order.
    EducationOrder,
    /// A remark on support needs.
    SupportRemark,
    /// Somebody outside who takes part, with what was sent to them.
    ExternalParticipant,
    /// An intervention, with all that tells of how it ran.
    Intervention,
    /// An assessment of whether somebody is in an offer's target group.
    IntakeAssessment,
    /// That somebody has the case.
    Assignment,
    /// That it lies in a unit's intake.
    IntakeEntry,
    /// An absence that was told of an intervention.
    Absence,
    /// A periodic exemption of a plan.
    PlanExemption,
    /// The clocks of a 15-17-year-old who does not follow the plan.
    ActivityClock,
    /// Support that was told of, with the need of a meeting that follows from it.
    SupportNeed,
    /// The need of a transition meeting, with all that came of it.
    TransitionNeed,
    /// That a unit decides under a law.
    StatutoryResponsibility,
    /// A handover from school to youth education.
    EducationHandover,
    /// A pregnancy, with the network meetings about it.
    Pregnancy,
    /// A meeting; not a handover that was held.
    Meeting,
}

impl Written {
    /// Does it hang on the young person itself, so that it can be moved to another one? What stands in a plan is
    /// voided, and written anew in the other plan.
    #[must_use]
    pub const fn can_be_moved(self) -> bool {
        matches!(
            self,
            Self::BenefitEpisode
                | Self::Readiness
                | Self::EducationAndWork
                | Self::Residence
                | Self::Guardian
                | Self::JournalEntry
                | Self::IntakeAssessment
        )
    }

    /// Its table.
    #[must_use]
    pub fn table(self) -> String {
        <&str>::from(self).replace('-', "_")
    }
}

/// What was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CorrectionAct {
    /// It is not there any more.
    Voided,
    /// It is another young person's now.
    MovedAway,
    /// It was another young person's before.
    MovedHere,
}
