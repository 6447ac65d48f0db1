//! Families of actions. A function that several actions call names their family, so that a permit for another action is
//! refused when the program is compiled.

use super::policy::{
    AcceptResponsibility, Action, ActivatePlan, AmendPlan, ArrangeIntervention, CallMeeting,
    ClosePlan, CompleteOwnTask, CompleteTask, Correct, CorrectEntry, DecideResponsibility,
    DeclineIntervention, EndIntervention, ExtendIntervention, HandleConcern, HandleContact,
    JudgeNeed, LogContact, OfferPlace, OpenPlan, RaiseNeed, RecordAttendance, RecordSupport,
    ReferIntervention, SettleNeed, StartIntervention, Visitate, WriteConversation, WriteNote,
};

macro_rules! families {
    ($($(#[doc = $doc:literal])+ $family:ident: $($action:ident),+;)+) => {
        $(
            $(#[doc = $doc])+
            pub trait $family: Action {}
            $(impl $family for $action {})+
        )+
    };
}

families! {
    /// Changes a plan, or makes a unit a participant of it.
    ChangesPlan: AcceptResponsibility, ActivatePlan, AmendPlan, CallMeeting, ClosePlan, OpenPlan, ReferIntervention;
    /// Takes a step with an intervention.
    ChangesIntervention: ArrangeIntervention, DeclineIntervention, EndIntervention, ExtendIntervention, OfferPlace,
        RecordAttendance, ReferIntervention, StartIntervention, Visitate;
    /// Takes a step in a transition to another department.
    ChangesTransition: AcceptResponsibility, CallMeeting, DecideResponsibility, JudgeNeed, RaiseNeed, RecordSupport, SettleNeed;
    /// Takes a step with a contact of the hotline.
    ChangesContact: HandleConcern, HandleContact, LogContact;
    /// Writes or corrects an entry of the journal.
    WritesEntry: WriteConversation, WriteNote;
    /// Marks a task as done.
    CompletesTask: CompleteOwnTask, CompleteTask;
    /// Moves or voids what was written about the wrong young person.
    Corrects: Correct, CorrectEntry;
}
