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
    /// A role or a pass phrase that one person proposes and another confirms.
    RightsRequest,
    /// How many cases a function of a unit may have.
    CaseloadNorm,
    /// How much of that is an employee's own.
    CaseloadTerms,
    /// That somebody covers for an absent colleague.
    Cover,
    /// An intervention that can be referred to.
    CatalogueEntry,
    /// A group in which interventions run.
    InterventionGroup,
    /// A young person.
    YoungPerson,
    /// A benefit they have.
    BenefitEpisode,
    /// A sanction against it.
    Sanction,
    /// An assessment of their readiness.
    Readiness,
    /// Something they learn or work at, or did.
    EducationAndWork,
    /// Where they live.
    Residence,
    /// A guardian of theirs.
    Guardian,
    /// The state six months after.
    FollowUp,
    /// A conversation or a note.
    JournalEntry,
    /// Their joint plan.
    Plan,
    /// A goal in it.
    Goal,
    /// A unit that takes part in it.
    PlanParticipant,
    /// A department's own plan, linked from it.
    PlanLink,
    /// An education order in it.
    EducationOrder,
    /// A remark on support needs that goes with it to a school.
    SupportRemark,
    /// Somebody outside who takes part in it.
    ExternalParticipant,
    /// What was sent to them.
    ExternalDisclosure,
    /// An intervention in it.
    Intervention,
    /// An assessment of whether they are in an offer's target group.
    IntakeAssessment,
    /// That somebody has the case.
    Assignment,
    /// That the case lies in a unit's intake.
    IntakeEntry,
    /// An absence from it.
    Absence,
    /// A periodic exemption of their plan.
    PlanExemption,
    /// The clocks of a 15-17-year-old who does not follow the plan.
    ActivityClock,
    /// A need of support that goes on after 18.
    SupportNeed,
    /// The need of a transition meeting.
    TransitionNeed,
    /// What the aftercare committee said of it.
    TransitionCommittee,
    /// A referral instead of a meeting.
    TransitionReferral,
    /// That a unit decides under a law.
    StatutoryResponsibility,
    /// That the coordination passes to a unit.
    ResponsibilityAgreement,
    /// A handover from school to youth education.
    EducationHandover,
    /// Something that is to be done.
    Task,
    /// A contact of the hotline.
    HotlineContact,
    /// A room in which meetings are held.
    MeetingRoom,
    /// A window of meetings.
    MeetingWindow,
    /// A slot of a window.
    MeetingSlot,
    /// A meeting about them.
    Meeting,
    /// A pregnancy, and the network meetings about it.
    Pregnancy,
    /// A calendar that an employee subscribes to.
    CalendarSubscription,
    /// A correction of what was written on the wrong young person.
    Correction,
    /// Two registrations that were merged.
    Merge,
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
    EmployeeTelephoneTold "employee.telephone-told" of Employee: "Medarbejders telefonnummer oplyst" / "Employee's telephone number told";
    EmployeeDeactivated "employee.deactivated" of Employee: "Medarbejders adgang stoppet" / "Employee's sign-in stopped";
    RoleProposed "employee.role-proposed" of RightsRequest: "Rolle foreslået" / "Role proposed";
    PassPhraseProposed "employee.pass-phrase-proposed" of RightsRequest: "Ny adgangssætning foreslået" / "New pass phrase proposed";
    RightsRequestRefused "rights-request.refused" of RightsRequest: "Forslag om rettighed afvist" / "Request for a right refused";
    RightsRequestWithdrawn "rights-request.withdrawn" of RightsRequest: "Forslag om rettighed trukket tilbage" / "Request for a right withdrawn";
    AccessChecksAlarmed "access-checks.alarmed" of Employee: "Mange opslag uden adgang" / "Many checks without access";
    EmployeeRoleGiven "employee.role-given" of EmployeeRole: "Rolle givet" / "Role given";
    PassPhraseReset "employee.pass-phrase-reset" of Employee: "Adgangssætning nulstillet" / "Pass phrase reset";
    AdministratorAppointed "employee.administrator-appointed" of Employee: "Administrator udpeget af driften" / "Administrator appointed on the machine";
    EmployeeRoleEnded "employee.role-ended" of EmployeeRole: "Rolle afsluttet" / "Role ended";
    EmployeeReactivated "employee.reactivated" of Employee: "Medarbejders adgang åbnet igen" / "Employee's sign-in opened again";
    EmploymentEnded "employee.employment-ended" of Employee: "Ansættelse afsluttet" / "Employment ended";
    CaseloadNormDecided "caseload.norm-decided" of CaseloadNorm: "Norm for sagstal besluttet" / "Caseload norm decided";
    CaseloadTermsAgreed "caseload.terms-agreed" of CaseloadTerms: "Vilkår for sagstal aftalt" / "Caseload terms agreed";
    CoverDecided "cover.decided" of Cover: "Afløsning besluttet" / "Cover decided";
    CoverEnded "cover.ended" of Cover: "Afløsning afsluttet" / "Cover ended";
    CatalogueEntryWritten "catalogue.entry-written" of CatalogueEntry: "Katalogindgang skrevet" / "Catalogue entry written";
    CataloguePlacesDecided "catalogue.places-decided" of CatalogueEntry: "Pladser besluttet" / "Places decided";
    GroupSetUp "group.set-up" of InterventionGroup: "Hold oprettet" / "Group set up";
    GroupChanged "group.changed" of InterventionGroup: "Hold ændret" / "Group changed";

    YoungPersonRegistered "young-person.registered" of YoungPerson: "Den unge blev registreret" / "The young person was registered";
    AccessWidened "young-person.access-widened" of YoungPerson: "En enheds adgang til den unge blev udvidet" / "A unit's access to the young person was widened";
    YoungPersonAmended "young-person.amended" of YoungPerson: "Den unges navn eller nummer blev rettet" / "The young person's name or number was amended";

    BenefitRecorded "benefit.recorded" of BenefitEpisode: "Ydelse registreret" / "Benefit recorded";
    BenefitEnded "benefit.ended" of BenefitEpisode: "Ydelse afsluttet" / "Benefit ended";
    BenefitLeadPassed "benefit.lead-passed" of BenefitEpisode: "En anden ydelse er nu den ledende" / "Another benefit leads from now on";
    SanctionRecorded "sanction.recorded" of Sanction: "Sanktion registreret" / "Sanction recorded";
    ReadinessAssessed "readiness.assessed" of Readiness: "Parathed vurderet" / "Readiness assessed";
    EpisodeRecorded "episode.recorded" of EducationAndWork: "Uddannelse eller arbejde registreret" / "Education or work recorded";
    EpisodeDaysTold "episode.days-told" of EducationAndWork: "Uddannelse eller arbejde er kommet videre" / "Education or work came further";
    ResidenceTold "residence.told" of Residence: "Bopæl registreret" / "Residence recorded";
    GuardianRecorded "guardian.recorded" of Guardian: "Værge eller forælder registreret" / "Guardian recorded";
    GuardianAmended "guardian.amended" of Guardian: "Værge eller forælder ændret" / "Guardian amended";
    FollowUpTaken "follow-up.taken" of FollowUp: "Status efter seks måneder taget" / "State six months after taken";

    ConversationWritten "conversation.written" of JournalEntry: "Samtale noteret" / "Conversation written down";
    ConversationCorrected "conversation.corrected" of JournalEntry: "Rettelse til en samtale" / "Conversation corrected";
    NoteWritten "note.written" of JournalEntry: "Notat skrevet" / "Note written";
    NoteCorrected "note.corrected" of JournalEntry: "Rettelse til et notat" / "Note corrected";

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
    EducationOrderGiven "education-order.given" of EducationOrder: "Uddannelsespålæg givet" / "Education order given";
    EducationOrderReceived "education-order.received" of EducationOrder: "Skolen har kvitteret for et uddannelsespålæg" / "School has received an education order";
    SupportRemarkSent "support-remark.sent" of SupportRemark: "Bemærkning om støttebehov sendt til skolen" / "Remark on support needs sent to the school";
    SupportRemarkReceived "support-remark.received" of SupportRemark: "Skolen har kvitteret for en bemærkning" / "School has received a remark on support needs";
    SupportRemarkAnswered "support-remark.answered" of SupportRemark: "Skolen har svaret på en bemærkning" / "School has answered a remark on support needs";
    ExternalParticipantNamed "external-participant.named" of ExternalParticipant: "Ekstern deltager tilføjet" / "Outside participant named";
    ExternalParticipantConsentWithdrawn "external-participant.consent-withdrawn" of ExternalParticipant: "Samtykke til en ekstern deltager trukket tilbage" / "Consent to an outside participant withdrawn";
    ExternalParticipantEnded "external-participant.ended" of ExternalParticipant: "Ekstern deltager deltager ikke længere" / "Outside participant takes part no longer";
    ExternalParticipantTold "external-participant.told" of ExternalDisclosure: "Noget sendt til en ekstern deltager" / "Something sent to an outside participant";

    AssignmentMade "assignment.made" of Assignment: "Sagen blev tildelt en medarbejder" / "The case was assigned";
    AssignmentHandedOver "assignment.handed-over" of Assignment: "Sagen blev overdraget til en kollega" / "The case was handed over";
    AssignmentEnded "assignment.ended" of Assignment: "Medarbejderen har ikke længere sagen" / "The assignment ended";
    IntakeEntered "intake.entered" of IntakeEntry: "Sagen blev lagt i en enheds indbakke" / "The case was put into a unit's intake";
    IntakeLeft "intake.left" of IntakeEntry: "Sagen blev taget ud af en enheds indbakke" / "The case left a unit's intake";

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
    HotlineLogged "hotline.logged" of HotlineContact: "Henvendelse til hotlinen" / "Contact of the hotline logged";
    HotlineTaken "hotline.taken" of HotlineContact: "Henvendelse taget" / "Contact of the hotline taken";
    HotlineAnswered "hotline.answered" of HotlineContact: "Henvendelse besvaret" / "Contact of the hotline answered";
    HotlineClosed "hotline.closed" of HotlineContact: "Henvendelse lukket" / "Contact of the hotline closed";
    HotlineReopened "hotline.reopened" of HotlineContact: "Henvendelse åbnet igen" / "Contact of the hotline opened again";
    HotlineLinked "hotline.linked" of HotlineContact: "Henvendelse knyttet til den unge" / "Contact of the hotline tied to the young person";
    HotlineUnlinked "hotline.unlinked" of HotlineContact: "Henvendelse ikke længere knyttet til den unge" / "Contact of the hotline tied to the young person no longer";
    HotlineCorrected "hotline.corrected" of HotlineContact: "Rettelse til en henvendelse" / "Contact of the hotline corrected";
    HotlineConcernAssessed "hotline.concern-assessed" of HotlineContact: "Underretning vurderet" / "Notification of concern assessed";
    HotlineReceiptGiven "hotline.receipt-given" of HotlineContact: "Kvittering for underretning givet" / "Receipt for a notification of concern given";
    AbsenceTold "absence.told" of Absence: "Fravær meldt" / "Absence reported";
    PlanExempted "plan.exempted" of PlanExemption: "Planen fritaget for en tid" / "Plan exempted for a time";
    ActivityClocksStarted "activity-clocks.started" of ActivityClock: "Frister for kontakt og ny aktivitet startet" / "Clocks for contact and a new activity started";
    SupportNeedTold "support-need.told" of SupportNeed: "Støttebehov vurderet" / "Need of support judged";
    SupportNeedEnded "support-need.ended" of SupportNeed: "Støtte afsluttet" / "Support ended";
    TransitionNeedFound "transition-need.found" of TransitionNeed: "Behov for et overgangsmøde fundet" / "Need of a transition meeting found";
    TransitionNeedRaised "transition-need.raised" of TransitionNeed: "Behov for et overgangsmøde rejst" / "Need of a transition meeting raised";
    TransitionNeedJudged "transition-need.judged" of TransitionNeed: "Behov for et overgangsmøde vurderet" / "Need of a transition meeting judged";
    TransitionNeedBroughtBeforeCommittee "transition-need.brought-before-committee" of TransitionCommittee: "Drøftet i efterværnsudvalget" / "Brought before the aftercare committee";
    TransitionNeedHeld "transition-need.held" of TransitionNeed: "Overgangsmødet er holdt" / "Transition meeting held";
    TransitionNeedReferred "transition-need.referred" of TransitionReferral: "Henvist i stedet for et overgangsmøde" / "Referred instead of a transition meeting";
    ResponsibilityDecided "responsibility.decided" of StatutoryResponsibility: "Myndighedsansvar besluttet" / "Statutory responsibility decided";
    ResponsibilityEnded "responsibility.ended" of StatutoryResponsibility: "Myndighedsansvar afsluttet" / "Statutory responsibility ended";
    ResponsibilityAgreed "responsibility.agreed" of ResponsibilityAgreement: "Overgang af koordineringen aftalt" / "Passing of the coordination agreed";
    ResponsibilityReplaced "responsibility.replaced" of ResponsibilityAgreement: "En anden overgang af koordineringen aftalt i stedet" / "Another passing of the coordination agreed instead";
    ResponsibilityAccepted "responsibility.accepted" of ResponsibilityAgreement: "Koordineringen modtaget" / "Coordination accepted";
    ResponsibilityPassed "responsibility.passed" of ResponsibilityAgreement: "Koordineringen er overgået" / "Coordination passed";
    EducationHandoverMade "education-handover.made" of EducationHandover: "Overleveret til ungdomsuddannelse" / "Handed over to youth education";
    EducationHandoverReceived "education-handover.received" of EducationHandover: "Uddannelsen har kvitteret for overleveringen" / "Education has received the handover";
    TaskCompleted "task.completed" of Task: "Opgave klaret" / "Task done";
    TaskExempted "task.exempted" of Task: "Frist fritaget" / "Deadline exempted";
    TaskRaised "task.raised" of Task: "Overskreden frist løftet til teamlederen" / "Overdue deadline raised to the team leader";
    MeetingRoomTold "meeting-room.told" of MeetingRoom: "Mødelokale oprettet" / "Meeting room told";
    MeetingRoomWithdrawn "meeting-room.withdrawn" of MeetingRoom: "Mødelokale taget ud af brug" / "Meeting room withdrawn";
    MeetingWindowWithdrawn "meeting-window.withdrawn" of MeetingWindow: "Mødevindue taget tilbage" / "Meeting window withdrawn";
    MeetingSlotWithdrawn "meeting-slot.withdrawn" of MeetingSlot: "Mødetid taget tilbage" / "Meeting slot withdrawn";
    MeetingWindowSet "meeting-window.set" of MeetingWindow: "Mødevindue fastsat" / "Meeting window set";
    MeetingSlotsOffered "meeting-window.slots-offered" of MeetingWindow: "Mødetider lagt i et vindue" / "Meeting slots offered in a window";
    MeetingCalled "meeting.called" of Meeting: "Indkaldt til møde" / "Meeting called";
    MeetingMoved "meeting.moved" of Meeting: "Møde flyttet" / "Meeting moved";
    MeetingCancelled "meeting.cancelled" of Meeting: "Møde aflyst" / "Meeting cancelled";
    MeetingHeld "meeting.held" of Meeting: "Møde holdt" / "Meeting held";
    MeetingPartyCalled "meeting.party-called" of Meeting: "Flere indkaldt til mødet" / "Others called to the meeting";
    MeetingPartyExcused "meeting.party-excused" of Meeting: "Afbud til mødet" / "Somebody cannot come to the meeting";
    MeetingPlaceProtected "meeting.place-protected" of Meeting: "Beskyttelse af mødestedet ændret" / "Protection of the meeting's place changed";
    MeetingMinutesSent "meeting.minutes-sent" of Meeting: "Referat sendt til en ekstern part" / "Minutes sent to somebody outside";
    PregnancyRegistered "pregnancy.registered" of Pregnancy: "Netværksmøder om en graviditet sat i gang" / "Network meetings about a pregnancy begun";
    PregnancyEnded "pregnancy.ended" of Pregnancy: "Netværksmøder om en graviditet afsluttet" / "Network meetings about a pregnancy ended";
    PregnancyBirthTold "pregnancy.birth-told" of Pregnancy: "Fødsel meldt" / "Birth told";
    CalendarSubscribed "calendar.subscribed" of CalendarSubscription: "Kalenderabonnement oprettet" / "Calendar subscribed to";
    CalendarWithdrawn "calendar.withdrawn" of CalendarSubscription: "Kalenderabonnement trukket tilbage" / "Calendar subscription withdrawn";
    CorrectionVoided "correction.voided" of Correction: "Noget fejlskrevet blev annulleret" / "Something written by mistake was voided";
    CorrectionMovedAway "correction.moved-away" of Correction: "Noget fejlskrevet blev flyttet til en anden ung" / "Something written by mistake was moved to another young person";
    CorrectionMovedHere "correction.moved-here" of Correction: "Noget blev flyttet hertil fra en anden ung" / "Something was moved here from another young person";
    YoungPeopleMerged "merge.made" of Merge: "To registreringer blev slået sammen" / "Two registrations were merged";
    MergeUndone "merge.undone" of Merge: "En sammenlægning blev fortrudt" / "A merge was undone";
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
