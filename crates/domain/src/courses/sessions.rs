//! Weekly sessions: a weekday, from a time of day to another (IV-12).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use strum::{IntoStaticStr, VariantArray};

/// A day of the week.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Weekday {
    /// Mandag.
    Monday,
    /// Tirsdag.
    Tuesday,
    /// Onsdag.
    Wednesday,
    /// Torsdag.
    Thursday,
    /// Fredag.
    Friday,
    /// Lørdag.
    Saturday,
    /// Søndag.
    Sunday,
}

impl Weekday {
    /// ISO 8601: Monday is 1.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Monday => 1,
            Self::Tuesday => 2,
            Self::Wednesday => 3,
            Self::Thursday => 4,
            Self::Friday => 5,
            Self::Saturday => 6,
            Self::Sunday => 7,
        }
    }

    /// The day with this number.
    #[must_use]
    pub fn of(number: i16) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|day| day.number() == number)
    }
}

/// A time of day, to the minute: `09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeOfDay {
    minutes: i16,
}

/// It is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day")]
pub struct NotATime;

impl TimeOfDay {
    /// That many minutes after midnight; none where the day has fewer.
    #[must_use]
    pub fn after_midnight(minutes: i16) -> Option<Self> {
        (0..24 * 60).contains(&minutes).then_some(Self { minutes })
    }

    /// Minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.minutes
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATime)?;
        let part = |text: &str, most: i16| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| digits && (0..most).contains(number)).ok_or(NotATime)
        };
        Ok(Self { minutes: part(hours, 24)? * 60 + part(minutes, 60)? })
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// One session in the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Session {
    /// On which weekday.
    pub weekday: Weekday,
    /// When it begins.
    pub from: TimeOfDay,
    /// When it is over.
    pub to: TimeOfDay,
}

impl Session {
    /// Are the two held at the same time of the week?
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.weekday == other.weekday && self.from < other.to && other.from < self.to
    }
}

/// How many minutes of the week they take together.
#[must_use]
pub fn weekly_minutes(sessions: &[Session]) -> i32 {
    sessions.iter().map(|session| i32::from(session.to.minutes - session.from.minutes)).sum()
}

/// The places of those that end before they have begun, or meet one before them; none in a whole week.
#[must_use]
pub fn faults(sessions: &[Session]) -> Vec<usize> {
    let wrong = |(place, session): &(usize, &Session)| {
        session.to <= session.from
            || sessions.iter().take(*place).any(|before| before.meets(session))
    };
    sessions.iter().enumerate().filter(wrong).map(|(place, _)| place).collect()
}
