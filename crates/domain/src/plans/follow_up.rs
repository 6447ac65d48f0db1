//! How it goes with a plan: progress on its goals in two voices (PL-4), reviews (PL-5) and the BIP
//! indicators (PL-12).

use super::{Plan, PlanEvent, PlanRefusal, PlanState};
use crate::calendar::day_of;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How far ahead the next review may be set, in days (*chosen*, PL-5).
pub const REVIEW_WITHIN_DAYS: u64 = 26 * 7;
/// How long before a plan was opened a day may lie that is told of, in days (*chosen*): a plan takes over
/// what a department followed before.
pub const TOLD_BACK_DAYS: u64 = 26 * 7;

/// Whose view of the progress it is (PL-4).
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
pub enum Voice {
    /// The young person's, entered in their name by whom they sit with.
    YoungPerson,
    /// The professional's.
    Professional,
}

/// How far somebody is with a goal, as one voice sees it (PL-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// As who sees it.
    pub voice: Voice,
    /// 0 to 10.
    pub score: i16,
    /// On which day.
    pub on: NaiveDate,
    /// What there is to say about it.
    pub note: Option<String>,
}

/// A measurement of the BIP indicators, 1 to 5 each (PL-12); none: not measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Indicators {
    /// On which day.
    pub on: NaiveDate,
    /// Coping with everyday life.
    pub everyday_coping: Option<i16>,
    /// A realistic reservation wage.
    pub reservation_wage: Option<i16>,
    /// The caseworker's belief that the young person will make it.
    pub caseworker_belief: Option<i16>,
    /// A supportive network.
    pub supportive_network: Option<i16>,
}

/// A review that was held (PL-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// On which day.
    pub on: NaiveDate,
    /// Who took part beside the young person: names or roles.
    pub took_part: Vec<String>,
    /// Did the young person?
    pub young_person_took_part: bool,
    /// What was decided.
    pub decisions: String,
}

/// When an active plan is reviewed next (PL-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextReview {
    /// The day.
    pub on: NaiveDate,
    /// The day on which it was set.
    pub set_on: NaiveDate,
}

impl NextReview {
    /// Sets it: [`REVIEW_WITHIN_DAYS`] ahead at most, and just so where no day is named.
    pub fn set(on: Option<NaiveDate>, today: NaiveDate) -> Result<Self, PlanRefusal> {
        let to = today.checked_add_days(Days::new(REVIEW_WITHIN_DAYS)).unwrap_or(today);
        let on = on.unwrap_or(to);
        if !(today..=to).contains(&on) {
            return Err(PlanRefusal::ReviewOutOfRange { from: today, to });
        }
        Ok(Self { on, set_on: today })
    }
}

impl Plan {
    /// Decides of which day something is told, today where none is named: in an open plan, not ahead,
    /// and not more than [`TOLD_BACK_DAYS`] before the plan was opened.
    pub fn day_told(
        &self,
        on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<NaiveDate, PlanRefusal> {
        self.ensure_open()?;
        let opened = day_of(self.opened_at);
        let from = opened.checked_sub_days(Days::new(TOLD_BACK_DAYS)).unwrap_or(opened);
        let on = on.unwrap_or(today);
        if (from..=today).contains(&on) {
            Ok(on)
        } else {
            Err(PlanRefusal::DayOutOfRange { from, to: today })
        }
    }

    /// Decides whether the plan may be without an intervention until a day, with it (AB-2): while it is open, and
    /// as long ahead as the next review at most.
    pub fn exempt(&self, until: NaiveDate, today: NaiveDate) -> Result<(), PlanRefusal> {
        self.ensure_open()?;
        let to = today.checked_add_days(Days::new(REVIEW_WITHIN_DAYS)).unwrap_or(today);
        if (today..=to).contains(&until) {
            Ok(())
        } else {
            Err(PlanRefusal::ExemptionOutOfRange { from: today, to })
        }
    }

    /// Decides that a review was held, and when the next one is (PL-5).
    pub fn review(
        &self,
        review: Review,
        next_review_on: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<PlanEvent, PlanRefusal> {
        let today = day_of(now);
        self.day_told(Some(review.on), today)?;
        let PlanState::Active { .. } = self.state else {
            return Err(PlanRefusal::StepNotAllowed { state: self.state.name(), step: "review" });
        };
        let next_review = NextReview::set(Some(next_review_on), today)?;
        Ok(PlanEvent::Reviewed { review, next_review })
    }
}
