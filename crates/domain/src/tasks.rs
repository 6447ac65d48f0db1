//! Tasks: what is to be done, by which rule, and by which act it is done (DL-1, DL-2).

use crate::Refusal;
use crate::calendar::day_of;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

macro_rules! task_kinds {
    ($($kind:ident $name:literal $rule:literal $act:expr; $danish:literal / $english:literal;)+) => {
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

task_kinds! {
    AnswerOffer "answer-offer" "IV-3" Some("startIntervention");
        "Svar på den tilbudte plads" / "Answer the offered place";
    ActivatePlan "activate-plan" "IV-4" Some("activatePlan");
        "Sæt planen i gang: noget er startet i den" / "Activate the plan: something has started in it";
    OfferContactPerson "offer-contact-person" "PL-2" Some("setContactPerson");
        "Tilbyd en kontaktperson" / "Offer a contact person";
    HoldReview "hold-review" "PL-5" Some("holdReview");
        "Hold opfølgning på planen" / "Hold a review of the plan";
    MeasureIndicators "measure-indicators" "PL-12" Some("measureIndicators");
        "Mål de fire indikatorer" / "Measure the four indicators";
    TakeState "take-state" "PL-8" Some("takeState");
        "Tag status seks måneder efter planen" / "Take the state six months after the plan";
    TakeGroupState "take-group-state" "PL-8" Some("takeState");
        "Tag status seks måneder efter målgruppen" / "Take the state six months after the target group";
    HandOver "hand-over" "YP-6" None;
        "Overlever sagen: den unge er flyttet" / "Hand the case over: the young person has moved away";
    AnswerHotline "answer-hotline" "HL-6" Some("answerContact");
        "Tag og besvar henvendelsen til hotlinen" / "Take and answer the contact of the hotline";
    HotlineNotice "hotline-notice" "HL-6" None;
        "Der er noget om en ung, du er kontaktperson for" / "There is something about a young person whose contact person you are";
}

/// A task as it lies there.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// What is asked for.
    pub kind: TaskKind,
    /// By when.
    pub due_on: NaiveDate,
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
}

impl Refusal for TaskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DoneByAct { .. } => "task.done-by-act",
            Self::DoneAlready {} => "task.done-already",
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

impl Task {
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

    #[test]
    fn dl_02_only_what_no_act_does_is_ticked_and_once() {
        let now: DateTime<Utc> = "2026-11-22T22:59:59Z".parse().unwrap();
        for kind in TaskKind::VARIANTS {
            let task = Task { kind: *kind, due_on: "2026-11-22".parse().unwrap(), done_at: None };
            match kind.act() {
                Some(act) => assert_eq!(task.complete(now), Err(TaskRefusal::DoneByAct { act })),
                None => assert!(task.complete(now).unwrap().in_time),
            }
            let done = Task { done_at: Some(now), ..task };
            assert_eq!(done.complete(now), Err(TaskRefusal::DoneAlready {}));
        }
    }

    #[test]
    fn dl_02_in_time_is_told_by_the_day_in_copenhagen() {
        let due_on = "2026-11-22".parse().unwrap();
        let task = Task { kind: TaskKind::HandOver, due_on, done_at: None };
        let at = |moment: &str| task.complete(moment.parse().unwrap()).unwrap().in_time;
        assert!(at("2026-11-22T22:59:59Z"));
        assert!(!at("2026-11-22T23:00:00Z"), "it is the 23rd in Copenhagen");
    }
}
