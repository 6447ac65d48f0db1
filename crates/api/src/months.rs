//! The months that figures are asked for.

use crate::problem::{ApiError, Fault};
use domain::calendar::Month;
use serde::Deserialize;
use utoipa::IntoParams;

/// How many months are told at most.
const MOST_MONTHS: u32 = 36;

/// Which months.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Months {
    /// The first month, as `2026-01`; eleven before the last one where nothing is asked.
    from: Option<String>,
    /// The last month, at most 36 in all; the present one where nothing is asked.
    to: Option<String>,
}

impl Months {
    /// The first and the last one.
    pub fn between(&self, present: Month) -> Result<(Month, Month), ApiError> {
        let last = month("to", self.to.as_deref())?.unwrap_or(present);
        let first = month("from", self.from.as_deref())?.unwrap_or_else(|| last.before(11));
        let latest = first.later(MOST_MONTHS - 1);
        if last < first {
            return Err(ApiError::field("to", Fault::AtLeast(first.to_string())));
        }
        if last > latest {
            return Err(ApiError::field("to", Fault::AtMost(latest.to_string())));
        }
        Ok((first, last))
    }
}

fn month(parameter: &str, text: Option<&str>) -> Result<Option<Month>, ApiError> {
    let fault = |_| ApiError::field(parameter, Fault::Format("2026-01".to_owned()));
    text.map(|text| text.parse().map_err(fault)).transpose()
}
