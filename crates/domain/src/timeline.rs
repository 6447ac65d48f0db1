//! What can happen, in plain words: the kinds of events, and what each tells of.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What an event tells of. Its name is that of the table in which the thing lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Subject {
    /// Somebody who works with young people.
    Employee,
    /// A role that somebody holds.
    EmployeeRole,
    /// An intervention that can be referred to.
    CatalogueEntry,
    /// A group in which interventions run.
    InterventionGroup,
    /// A young person.
    YoungPerson,
    /// A benefit they have.
    BenefitEpisode,
    /// An assessment of their readiness.
    Readiness,
    /// The state six months after.
    FollowUp,
    /// Their joint plan.
    Plan,
    /// A goal in it.
    Goal,
    /// A unit that takes part in it.
    PlanParticipant,
    /// A department's own plan, linked from it.
    PlanLink,
    /// An intervention in it.
    Intervention,
    /// An assessment of whether they are in an offer's target group.
    IntakeAssessment,
    /// Something that is to be done.
    Task,
}

macro_rules! event_kinds {
    ($($kind:ident $name:literal of $subject:ident: $danish:literal / $english:literal;)+) => {
        /// Everything that can happen (LG-1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
        pub enum EventKind {
            $(
                #[doc = concat!($english, ".")]
                #[strum(serialize = $name)]
                $kind,
            )+
        }

        impl EventKind {
            /// What it tells of.
            #[must_use]
            pub const fn subject(self) -> Subject {
                match self { $(Self::$kind => Subject::$subject,)+ }
            }

            /// In plain Danish.
            #[must_use]
            pub const fn in_danish(self) -> &'static str {
                match self { $(Self::$kind => $danish,)+ }
            }

            /// In plain English.
            #[must_use]
            pub const fn in_english(self) -> &'static str {
                match self { $(Self::$kind => $english,)+ }
            }
        }
    };
}

event_kinds! {
    EmployeeEmployed "employee.employed" of Employee: "Medarbejder ansat" / "Employee employed";
    EmployeeDeactivated "employee.deactivated" of Employee: "Medarbejders adgang stoppet" / "Employee's sign-in stopped";
    EmployeeRoleGiven "employee.role-given" of EmployeeRole: "Rolle givet" / "Role given";
    EmployeeRoleEnded "employee.role-ended" of EmployeeRole: "Rolle afsluttet" / "Role ended";
    CatalogueEntryWritten "catalogue.entry-written" of CatalogueEntry: "Katalogindgang skrevet" / "Catalogue entry written";
    CataloguePlacesDecided "catalogue.places-decided" of CatalogueEntry: "Pladser besluttet" / "Places decided";
    GroupSetUp "group.set-up" of InterventionGroup: "Hold oprettet" / "Group set up";
    GroupChanged "group.changed" of InterventionGroup: "Hold ændret" / "Group changed";

    YoungPersonRegistered "young-person.registered" of YoungPerson: "Den unge blev registreret" / "The young person was registered";
    YoungPersonAmended "young-person.amended" of YoungPerson: "Den unges navn eller nummer blev rettet" / "The young person's name or number was amended";

    BenefitRecorded "benefit.recorded" of BenefitEpisode: "Ydelse registreret" / "Benefit recorded";
    BenefitEnded "benefit.ended" of BenefitEpisode: "Ydelse afsluttet" / "Benefit ended";
    BenefitLeadPassed "benefit.lead-passed" of BenefitEpisode: "En anden ydelse er nu den ledende" / "Another benefit leads from now on";
    ReadinessAssessed "readiness.assessed" of Readiness: "Parathed vurderet" / "Readiness assessed";
    FollowUpTaken "follow-up.taken" of FollowUp: "Status efter seks måneder taget" / "State six months after taken";

    PlanOpened "plan.opened" of Plan: "Fælles plan åbnet" / "Joint plan opened";
    PlanAmended "plan.amended" of Plan: "Planen ændret" / "Plan amended";
    PlanContactPersonSet "plan.contact-person-set" of Plan: "Kontaktperson besluttet" / "Contact person decided";
    PlanCoordinatorSet "plan.coordinator-set" of Plan: "Koordinerende sagsbehandler valgt" / "Coordinating caseworker chosen";
    PlanActivated "plan.activated" of Plan: "Planen sat i gang" / "Plan activated";
    PlanReviewed "plan.reviewed" of Plan: "Opfølgning på planen holdt" / "Review of the plan held";
    PlanIndicatorsMeasured "plan.indicators-measured" of Plan: "Indikatorer målt" / "Indicators measured";
    PlanClosed "plan.closed" of Plan: "Planen afsluttet" / "Plan closed";
    GoalSet "goal.set" of Goal: "Mål sat" / "Goal set";
    GoalAmended "goal.amended" of Goal: "Mål ændret" / "Goal amended";
    GoalProgressTold "goal.progress-told" of Goal: "Fremgang på et mål fortalt" / "Progress on a goal told";
    PlanParticipantJoined "plan.participant-joined" of PlanParticipant: "En enhed deltager nu i planen" / "A unit takes part in the plan";
    PlanParticipantLeft "plan.participant-left" of PlanParticipant: "En enhed deltager ikke længere i planen" / "A unit takes part in the plan no longer";
    PlanLinked "plan.linked" of PlanLink: "En afdelings egen plan knyttet til" / "A department's own plan linked";

    InterventionReferred "intervention.referred" of Intervention: "Henvist til indsats" / "Referred to an intervention";
    InterventionAccepted "intervention.accepted" of Intervention: "Henvisning modtaget af udbyderen" / "Referral accepted by the provider";
    InterventionPrioritised "intervention.prioritised" of Intervention: "Prioriteret på ventelisten" / "Prioritised on the waiting list";
    InterventionOffered "intervention.offered" of Intervention: "Plads tilbudt" / "Place offered";
    InterventionStarted "intervention.started" of Intervention: "Indsats startet" / "Intervention started";
    InterventionExtended "intervention.extended" of Intervention: "Indsats forlænget" / "Intervention extended";
    InterventionEnded "intervention.ended" of Intervention: "Indsats afsluttet" / "Intervention ended";
    InterventionWithdrawn "intervention.withdrawn" of Intervention: "Henvisning trukket tilbage" / "Referral withdrawn";
    InterventionDeclined "intervention.declined" of Intervention: "Henvisning eller plads afslået" / "Referral or place declined";
    InterventionAttended "intervention.attended" of Intervention: "Fremmøde registreret" / "Attendance recorded";
    InterventionCompanyNamed "intervention.company-named" of Intervention: "Virksomhed angivet" / "Company named";
    InterventionHoursTold "intervention.hours-told" of Intervention: "Timer om ugen angivet" / "Hours a week told";
    InterventionScheduleSet "intervention.schedule-set" of Intervention: "Ugeskema lagt" / "Sessions of the week set";
    InterventionGroupJoined "intervention.group-joined" of Intervention: "Kommet på hold" / "Joined a group";
    InterventionGroupLeft "intervention.group-left" of Intervention: "Forladt et hold" / "Left a group";
    IntakeAssessmentMade "intake-assessment.made" of IntakeAssessment: "Målgruppevurdering lavet" / "Target-group assessment made";
    TaskCompleted "task.completed" of Task: "Opgave klaret" / "Task done";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lg_01_each_kind_of_event_has_a_name_and_words_of_its_own() {
        let kinds = EventKind::VARIANTS;
        let names: BTreeSet<&str> = kinds.iter().map(|kind| (*kind).into()).collect();
        let danish: BTreeSet<&str> = kinds.iter().map(|kind| kind.in_danish()).collect();
        let english: BTreeSet<&str> = kinds.iter().map(|kind| kind.in_english()).collect();
        assert_eq!(
            [names.len(), danish.len(), english.len()],
            [kinds.len(); 3],
            "two kinds are told apart by their words"
        );
    }
}
