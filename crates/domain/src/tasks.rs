//! Tasks: what is to be done, by which rule, and by which act it is done (DL-1, DL-2).

use crate::Refusal;
use crate::calendar::day_of;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

macro_rules! task_kinds {
    ($($kind:ident $name:literal $rule:literal $act:expr, $at:expr;
       $danish:literal / $english:literal; $why_danish:literal / $why_english:literal;)+) => {
        /// Everything that can be asked for.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr, VariantArray,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum TaskKind {
            $(
                #[doc = concat!($english, " (", $rule, ").")]
                #[strum(serialize = $name)]
                $kind,
            )+
        }

        impl TaskKind {
            /// The number of the rule that asks for it.
            #[must_use]
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$kind => $rule,)+ }
            }

            /// The operation that does it, as in the `OpenAPI` document; none: it is ticked.
            #[must_use]
            pub const fn act(self) -> Option<&'static str> {
                match self { $(Self::$kind => $act,)+ }
            }

            /// The path of that operation, below the version, with `{subject}` or `{person}` where their ids
            /// stand; none where it names another thing.
            #[must_use]
            pub const fn act_path(self) -> Option<&'static str> {
                match self { $(Self::$kind => $at,)+ }
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

            /// Why, in plain Danish.
            #[must_use]
            pub const fn why_in_danish(self) -> &'static str {
                match self { $(Self::$kind => $why_danish,)+ }
            }

            /// Why, in plain English.
            #[must_use]
            pub const fn why_in_english(self) -> &'static str {
                match self { $(Self::$kind => $why_english,)+ }
            }
        }
    };
}

task_kinds! {
    AnswerOffer "answer-offer" "IV-3" Some("startIntervention"), Some("/interventions/{subject}/start");
        "Svar på den tilbudte plads" / "Answer the offered place";
        "En plads er ledig og tilbudt" / "A place is free and was offered";
    ActivatePlan "activate-plan" "IV-4" Some("activatePlan"), Some("/plans/{subject}/activate");
        "Sæt planen i gang: noget er startet i den" / "Activate the plan: something has started in it";
        "Noget er startet i et udkast til en plan" / "Something has started in a draft plan";
    OfferContactPerson "offer-contact-person" "PL-2" Some("setContactPerson"), Some("/plans/{subject}/contact-person");
        "Tilbyd en kontaktperson" / "Offer a contact person";
        "To enheder eller flere deltager i planen" / "Two units or more take part in the plan";
    HoldReview "hold-review" "PL-5" Some("holdReview"), Some("/plans/{subject}/reviews");
        "Hold opfølgning på planen" / "Hold a review of the plan";
        "Planen har en dag for opfølgning" / "The plan has a day for its review";
    MeasureIndicators "measure-indicators" "PL-12" Some("measureIndicators"), Some("/plans/{subject}/indicators");
        "Mål de fire indikatorer" / "Measure the four indicators";
        "Planen er i gang uden en måling" / "The plan is active without a measurement";
    TakeState "take-state" "PL-8" Some("takeState"), None;
        "Tag status seks måneder efter planen" / "Take the state six months after the plan";
        "Planen er afsluttet" / "The plan was closed";
    TakeGroupState "take-group-state" "PL-8" Some("takeState"), Some("/young-people/{person}/follow-ups");
        "Tag status seks måneder efter målgruppen" / "Take the state six months after the target group";
        "Den unge forlader en målgruppe" / "The young person leaves a target group";
    HandOver "hand-over" "YP-6" None, None;
        "Overlever sagen: den unge er flyttet" / "Hand the case over: the young person has moved away";
        "Den unge bor i en anden kommune eller i udlandet" / "The young person lives in another municipality or abroad";
    AnswerHotline "answer-hotline" "HL-6" Some("answerContact"), Some("/hotline/contacts/{subject}/answer");
        "Tag og besvar henvendelsen til hotlinen" / "Take and answer the contact of the hotline";
        "Nogen har ringet om risiko for frafald" / "Somebody called about a risk of dropping out";
    HotlineNotice "hotline-notice" "HL-6" None, None;
        "Der er noget om en ung, du er kontaktperson for" / "There is something about a young person whose contact person you are";
        "Nogen har ringet til hotlinen" / "Somebody called the hotline";
    HoldFirstConversation "hold-first-conversation" "DL-1" Some("writeConversation"), Some("/young-people/{person}/conversations");
        "Hold den første samtale" / "Hold the first conversation";
        "Den unge får uddannelseshjælp" / "The young person gets uddannelseshjælp";
    CallSickListed "call-sick-listed" "DL-1" Some("writeConversation"), Some("/young-people/{person}/conversations");
        "Ring til den sygemeldte og arbejdsgiveren" / "Call the sick-listed young person and the employer";
        "Den unge er lige blevet sygemeldt" / "The young person was sick-listed just now";
    StartInternship "start-internship" "DL-1" Some("startIntervention"), None;
        "Start en jobrettet praktik" / "Start a job-oriented internship";
        "Den unge er i straksaktivering" / "The young person is in immediate activation";
    ContactYoungPerson "contact-young-person" "HL-9" Some("writeConversation"), Some("/young-people/{person}/conversations");
        "Kontakt den unge" / "Contact the young person";
        "En 15-17-årig følger ikke planen" / "A 15-17-year-old does not follow the plan";
    StartActivity "start-activity" "HL-9" Some("startIntervention"), None;
        "Få en ny aktivitet i gang" / "Get a new activity started";
        "Den unge er kontaktet, og planen følges ikke" / "The young person was contacted, and does not follow the plan";
    ContactAbsent "contact-absent" "AB-1" None, None;
        "Kontakt den fraværende" / "Contact the absent young person";
        "Fraværet har nået stedets grænse" / "The absence has reached the institution's limit";
    AnswerAbsence "answer-absence" "AB-1" Some("writeConversation"), Some("/young-people/{person}/conversations");
        "Tal med den unge om fravær eller frafald" / "Speak with the young person about absence or drop-out";
        "Langt fravær eller frafald er meldt" / "A long absence or a drop-out was reported";
    GuideAbsentee "guide-absentee" "AB-1" Some("writeConversation"), Some("/young-people/{person}/conversations");
        "Vejled den unge om fravær eller frafald" / "Guide the young person about absence or drop-out";
        "Langt fravær eller frafald er meldt" / "A long absence or a drop-out was reported";
    CheckNumber "check-number" "YP-2" None, None;
        "Undersøg CPR-nummeret" / "Check the CPR number";
        "En anden registrering har fået det samme nummer" / "Another registration was given the same number";
    AgreedAtMeeting "agreed-at-meeting" "TM-8" None, None;
        "Gør det, der blev aftalt på mødet" / "Do what was agreed at the meeting";
        "Det blev aftalt på et møde om den unge" / "It was agreed at a meeting about the young person";
    HoldFirstNetworkMeeting "hold-first-network-meeting" "NM-1" Some("holdMeeting"), None;
        "Hold det første netværksmøde" / "Hold the first network meeting";
        "En graviditet er kendt" / "A pregnancy is known";
    HoldSecondNetworkMeeting "hold-second-network-meeting" "NM-1" Some("holdMeeting"), None;
        "Hold det andet netværksmøde" / "Hold the second network meeting";
        "Barnet er født" / "The child is born";
    CloseGap "close-gap" "AB-2" Some("referIntervention"), Some("/plans/{subject}/interventions");
        "Aftal en ny indsats" / "Agree on a new intervention";
        "Planen er uden en indsats, der er i gang eller aftalt" / "The plan has no intervention that runs or is agreed";
    HoldTransitionMeeting "hold-transition-meeting" "TM-3" Some("holdMeeting"), None;
        "Hold overgangsmødet" / "Hold the transition meeting";
        "Den unge får brug for hjælp efter det fyldte 18. år" / "The young person will need help after 18";
    JudgeNeed "judge-need" "TM-1" Some("judgeTransitionNeed"), Some("/transition-needs/{subject}/judge");
        "Vurdér, om der er brug for et overgangsmøde" / "Judge whether a transition meeting is needed";
        "Den unge går på STU eller en specialskole" / "The young person goes to STU or a special school";
    ReferInstead "refer-instead" "TM-2" Some("referTransitionNeed"), Some("/transition-needs/{subject}/refer");
        "Henvis til jobcentret eller UU" / "Refer to the jobcenter or UU";
        "Støtten er undtaget fra et overgangsmøde" / "The support is exempt from a transition meeting";
    BringBeforeCommittee "bring-before-committee" "TM-12" Some("tellAftercareCommittee"), Some("/transition-needs/{subject}/committee");
        "Tag sagen op i efterværnsudvalget" / "Bring the case before the aftercare committee";
        "Efterværn drøftes før overgangsmødet" / "Aftercare is talked through before the transition meeting";
    AcceptResponsibility "accept-responsibility" "TM-9" Some("acceptTransitionNeed"), None;
        "Tag imod koordineringen af den unges forløb" / "Accept the coordination";
        "Det er aftalt, at enheden overtager" / "It is agreed that the unit takes over";
    PressForAcceptance "press-for-acceptance" "TM-9" Some("acceptTransitionNeed"), None;
        "Få modtageren til at tage imod koordineringen" / "Have the receiver accept the coordination";
        "Dagen er kommet, og modtageren har ikke taget imod" / "The day has come, and the receiver has not accepted";
    SettleResponsibility "settle-responsibility" "TM-9" Some("acceptTransitionNeed"), None;
        "Få afgjort, hvem der koordinerer" / "Settle who coordinates";
        "Fem arbejdsdage efter dagen har modtageren ikke taget imod" / "Five working days after the day the receiver has not accepted";
    PlanLeavingSchool "plan-leaving-school" "TM-14" None, None;
        "Forbered, hvad der skal ske efter grundskolen" / "Prepare what follows primary school";
        "Den unge går ud af skolen om et halvt år" / "The young person leaves school in half a year";
}

/// A task as it lies there.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// What is asked for.
    pub kind: TaskKind,
    /// By when.
    pub due_on: NaiveDate,
    /// By when at first (DL-4).
    pub original_due_on: NaiveDate,
    /// The due day that had passed when it was exempted.
    pub missed_on: Option<NaiveDate>,
    /// When it was done; none: it is open.
    pub done_at: Option<DateTime<Utc>>,
}

/// Why a task is not ticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum TaskRefusal {
    /// DL-2.
    #[error("the task is done by {act}")]
    DoneByAct {
        /// The operation that does it.
        act: &'static str,
    },
    /// It is done once.
    #[error("the task is done already")]
    DoneAlready {},
    /// DL-4: an exemption has an end ahead.
    #[error("an exemption lasts from {from} to {to}")]
    ExemptionOutOfRange {
        /// The first day until which it may last.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
}

impl Refusal for TaskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DoneByAct { .. } => "task.done-by-act",
            Self::DoneAlready {} => "task.done-already",
            Self::ExemptionOutOfRange { .. } => "task.exemption-out-of-range",
        }
    }
}

/// That a task was ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completed {
    /// What was asked for.
    pub task: TaskKind,
    /// By when it had to be done.
    pub due_on: NaiveDate,
    /// Was it done in time?
    pub in_time: bool,
}

/// What an exemption gives (DL-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Until a day.
    Until(NaiveDate),
    /// So many days from today.
    Days(u16),
}

/// That a deadline was exempted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exempted {
    /// What is asked for.
    pub task: TaskKind,
    /// Why it may wait.
    pub reason: String,
    /// Until when.
    pub until: NaiveDate,
    /// By when it was asked for at first.
    pub original_due_on: NaiveDate,
    /// By when it is asked for now.
    pub due_on: NaiveDate,
    /// Was it past due already? Then it stays counted as broken.
    pub was_overdue: bool,
}

/// How long an exemption may last, in days (*chosen*).
pub const LONGEST_EXEMPTION_DAYS: u64 = 365;

impl Task {
    /// Was it past due, on the day it was done or today, or before it was exempted (DL-4)?
    #[must_use]
    pub fn is_broken(&self, today: NaiveDate) -> bool {
        self.missed_on.is_some() || self.done_at.map_or(today, day_of) > self.due_on
    }

    /// Decides on an exemption: due is the later of the original day and of what the exemption gives, counted
    /// from today (DL-4).
    pub fn exempt(
        &self,
        given: Given,
        reason: String,
        today: NaiveDate,
    ) -> Result<Exempted, TaskRefusal> {
        if self.done_at.is_some() {
            return Err(TaskRefusal::DoneAlready {});
        }
        let later = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
        let (from, to) = (later(1), later(LONGEST_EXEMPTION_DAYS));
        let until = match given {
            Given::Until(day) => day,
            Given::Days(days) => later(days.into()),
        };
        if !(from..=to).contains(&until) {
            return Err(TaskRefusal::ExemptionOutOfRange { from, to });
        }
        Ok(Exempted {
            task: self.kind,
            reason,
            until,
            original_due_on: self.original_due_on,
            due_on: self.original_due_on.max(until),
            was_overdue: self.is_broken(today),
        })
    }

    /// Decides whether it is ticked: those that an act does are done by it alone (DL-2).
    pub fn complete(&self, now: DateTime<Utc>) -> Result<Completed, TaskRefusal> {
        if self.done_at.is_some() {
            return Err(TaskRefusal::DoneAlready {});
        }
        if let Some(act) = self.kind.act() {
            return Err(TaskRefusal::DoneByAct { act });
        }
        Ok(Completed { task: self.kind, due_on: self.due_on, in_time: day_of(now) <= self.due_on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn due(on: &str) -> Task {
        let day = on.parse().unwrap();
        let kind = TaskKind::HandOver;
        Task { kind, due_on: day, original_due_on: day, missed_on: None, done_at: None }
    }

    #[test]
    fn dl_02_only_what_no_act_does_is_ticked_and_once() {
        let now: DateTime<Utc> = "2026-11-22T22:59:59Z".parse().unwrap();
        for kind in TaskKind::VARIANTS {
            let task = Task { kind: *kind, ..due("2026-11-22") };
            match kind.act() {
                Some(act) => assert_eq!(task.complete(now), Err(TaskRefusal::DoneByAct { act })),
                None => assert!(task.complete(now).unwrap().in_time),
            }
            assert!(kind.act().is_some() || kind.act_path().is_none(), "a path is an act's");
            let done = Task { done_at: Some(now), ..task };
            assert_eq!(done.complete(now), Err(TaskRefusal::DoneAlready {}));
            let exempted = done.exempt(Given::Days(1), String::new(), day_of(now));
            assert_eq!(exempted, Err(TaskRefusal::DoneAlready {}));
        }
    }

    #[test]
    fn dl_02_in_time_is_told_by_the_day_in_copenhagen() {
        let task = due("2026-11-22");
        let at = |moment: &str| task.complete(moment.parse().unwrap()).unwrap().in_time;
        assert!(at("2026-11-22T22:59:59Z"));
        assert!(!at("2026-11-22T23:00:00Z"), "it is the 23rd in Copenhagen");
    }

    #[test]
    fn dl_05_broken_is_by_the_day_it_was_done_or_today_and_stays_so() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let open = due("2026-11-22");
        assert!(!open.is_broken(day("2026-11-22")));
        assert!(open.is_broken(day("2026-11-23")));
        let done = |at: &str| Task { done_at: Some(at.parse().unwrap()), ..open };
        assert!(!done("2026-11-22T22:59:59Z").is_broken(day("2027-01-01")));
        assert!(done("2026-11-22T23:00:00Z").is_broken(day("2027-01-01")));
        let missed = Task { missed_on: Some(day("2026-11-01")), ..open };
        assert!(missed.is_broken(day("2026-11-02")));
    }

    proptest! {
        /// DL-4, over every place of today, the original day, a former exemption and a new one.
        #[test]
        fn dl_04_an_exemption_gives_the_later_day_and_never_mends_what_was_broken(
            original in 0_u64..400, exempted in 0_u64..400, now in 0_u64..400, days in 0_u16..500, until in -400_i64..800,
            missed: bool,
        ) {
            let first: NaiveDate = "2026-01-01".parse().unwrap();
            let on = |days| first + Days::new(days);
            let (original, today) = (on(original), on(now));
            let due_on = original.max(on(exempted));
            let missed_on = missed.then_some(first);
            let task = Task { due_on, original_due_on: original, missed_on, ..due("2026-01-01") };
            let by_day = first + chrono::TimeDelta::days(until);
            for (given, asked) in [(Given::Days(days), today + Days::new(days.into())), (Given::Until(by_day), by_day)] {
                let decided = task.exempt(given, "x".to_owned(), today);
                let ahead = (asked - today).num_days();
                prop_assert_eq!(decided.is_ok(), (1..=365).contains(&ahead));
                let Ok(exempted) = decided else { continue };
                prop_assert!(exempted.due_on >= original && exempted.due_on >= asked);
                prop_assert!(exempted.due_on == original || exempted.due_on == asked);
                prop_assert_eq!(exempted.original_due_on, original);
                prop_assert_eq!(exempted.was_overdue, missed || today > due_on);
            }
        }
    }
}
