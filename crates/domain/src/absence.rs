//! Absence and drop-out, as an institution tells them (AB-1): when it was, and when it was told.

use crate::Refusal;
use crate::interventions::{Intervention, InterventionState};
use chrono::NaiveDate;
use serde::Serialize;

/// An absence that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// The first day.
    pub from: NaiveDate,
    /// The last; none: it goes on.
    pub to: Option<NaiveDate>,
    /// The day on which they stopped coming for good.
    pub dropped_out_on: Option<NaiveDate>,
}

/// Why an absence is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum AbsenceRefusal {
    /// It does not run.
    #[error("the intervention is {state}")]
    NotRunning {
        /// Where it is in its life.
        state: &'static str,
    },
    /// Before its start, ahead of today, or in the wrong order.
    #[error("the days lie between {from} and {to}, in order")]
    DayOutOfRange {
        /// The first day of the intervention.
        from: NaiveDate,
        /// Today.
        to: NaiveDate,
    },
}

impl Refusal for AbsenceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotRunning { .. } => "intervention.step-not-allowed",
            Self::DayOutOfRange { .. } => "intervention.day-out-of-range",
        }
    }
}

impl Absence {
    /// Decides whether it can be told of an intervention: of one that runs, of days from its start to today, the
    /// drop-out among them.
    pub fn of(&self, thing: &Intervention, today: NaiveDate) -> Result<(), AbsenceRefusal> {
        let InterventionState::Started { on, .. } = thing.state else {
            return Err(AbsenceRefusal::NotRunning { state: thing.state.name() });
        };
        let last = self.to.unwrap_or(today);
        let dropped_out = self.dropped_out_on.unwrap_or(self.from);
        if on <= self.from && self.from <= dropped_out && dropped_out <= last && last <= today {
            Ok(())
        } else {
            Err(AbsenceRefusal::DayOutOfRange { from: on, to: today })
        }
    }
}
