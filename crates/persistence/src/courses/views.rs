//! How an intervention runs, as the caller may see it: a part of `intervention_file`.

use crate::error::StoreError;
use chrono::NaiveDate;
use domain::courses::{Session, TimeOfDay, Weekday};
use serde::Deserialize;
use uuid::Uuid;

/// Company, hours and sessions.
#[derive(Debug, Clone, Deserialize)]
pub struct CourseFile {
    /// Where it runs.
    pub company: Option<CompanyRow>,
    /// Hours a week over time, oldest first.
    pub hours: Vec<HoursRow>,
    /// The weekly sessions, of its group or its own.
    pub sessions: Vec<SessionRow>,
}

/// A company with who follows the young person there.
#[derive(Debug, Clone, Deserialize)]
pub struct CompanyRow {
    /// Its number.
    pub cvr: String,
    /// What it is called.
    pub name: String,
    /// Who follows the young person there.
    pub supervisor_name: String,
    /// How to reach them.
    pub supervisor_telephone: Option<String>,
}

/// Hours a week from a day on.
#[derive(Debug, Clone, Deserialize)]
pub struct HoursRow {
    /// The first day.
    pub from_day: NaiveDate,
    /// How many minutes.
    pub weekly_minutes: i16,
    /// As what.
    pub form: String,
}

/// A weekly session.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "StoredSession")]
pub struct SessionRow {
    /// Whose; none: the intervention's own.
    pub group_id: Option<Uuid>,
    /// When in the week.
    pub session: Session,
    /// Held from this day on, where that is another than the intervention's.
    pub from_day: Option<NaiveDate>,
    /// The first day on which it is not held any more, likewise.
    pub until_day: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct StoredSession {
    group_id: Option<Uuid>,
    weekday: i16,
    from_minute: i16,
    to_minute: i16,
    from_day: Option<NaiveDate>,
    until_day: Option<NaiveDate>,
}

impl TryFrom<StoredSession> for SessionRow {
    type Error = StoreError;

    fn try_from(row: StoredSession) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "session", column };
        let weekday = Weekday::of(row.weekday).ok_or_else(|| corrupt("weekday"))?;
        let from =
            TimeOfDay::after_midnight(row.from_minute).ok_or_else(|| corrupt("from_minute"))?;
        let to = TimeOfDay::after_midnight(row.to_minute).ok_or_else(|| corrupt("to_minute"))?;
        Ok(Self {
            group_id: row.group_id,
            session: Session { weekday, from, to },
            from_day: row.from_day,
            until_day: row.until_day,
        })
    }
}
