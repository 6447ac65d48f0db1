//! Conversations and notes (PL-13): written once and never changed; corrections stand beside them. When it
//! took place and when it was written down are both kept (duty to note).

use crate::Refusal;
use crate::access::InformationArea;
use crate::calendar::{day_of, start_of};
use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How long ago something may have taken place that is written down, in days (*chosen*).
pub const WRITTEN_BACK_DAYS: u64 = 365;

/// The areas that something is written in. Who somebody is has a place of its own.
pub const WRITTEN_AREAS: [InformationArea; 5] = [
    InformationArea::Plan,
    InformationArea::EducationAndEmployment,
    InformationArea::Health,
    InformationArea::FamilyAndSocial,
    InformationArea::Crime,
];

/// How a conversation was held.
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
pub enum Form {
    /// In the same room.
    FaceToFace,
    /// By telephone.
    Telephone,
    /// Seeing one another on a screen.
    Video,
    /// In writing.
    Letter,
}

impl Form {
    /// Does it last a time? A letter does not.
    #[must_use]
    pub const fn lasts(self) -> bool {
        !matches!(self, Self::Letter)
    }
}

/// What a conversation has besides a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// How it was held.
    pub form: Form,
    /// How long; none of a letter.
    pub minutes: Option<i16>,
    /// Who took part beside the young person: names or roles.
    pub took_part: Vec<String>,
    /// Did the young person?
    pub young_person_took_part: bool,
}

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum EntryKind {
    /// A conversation.
    Conversation,
    /// A note.
    Note,
}

/// A conversation or a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What it is about (AC-3).
    pub information_area: InformationArea,
    /// When it began; of a note: the moment it is about.
    pub took_place_at: DateTime<Utc>,
    /// What there is to say.
    pub text: String,
    /// Of a conversation.
    #[serde(flatten)]
    pub conversation: Option<Conversation>,
}

/// What stands beside an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// How it is instead.
    pub text: String,
    /// Why it is corrected.
    pub reason: String,
}

/// How much time a unit spent on conversations in a month, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpent {
    /// How many.
    pub conversations: i32,
    /// How long, all together.
    pub minutes: i32,
    /// How long face to face.
    pub minutes_face_to_face: i32,
}

impl TimeSpent {
    /// The share of time face to face, to the thousandth; none where no time was spent.
    #[must_use]
    pub fn share_face_to_face(&self) -> Option<f64> {
        let share = f64::from(self.minutes_face_to_face) / f64::from(self.minutes);
        (self.minutes > 0).then(|| (share * 1000.0).round() / 1000.0)
    }
}

/// Why an entry is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum JournalRefusal {
    /// It lies ahead, or too long ago.
    #[error("what is written took place between {from} and {to}")]
    MomentOutOfRange {
        /// The first moment.
        from: DateTime<Utc>,
        /// The last moment.
        to: DateTime<Utc>,
    },
}

impl Refusal for JournalRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::MomentOutOfRange { .. } => "journal.moment-out-of-range",
        }
    }
}

impl Entry {
    /// Which of the two it is.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        match self.conversation {
            Some(_) => EntryKind::Conversation,
            None => EntryKind::Note,
        }
    }

    /// Decides whether it is written down now: not of what lies ahead, nor of a day more than
    /// [`WRITTEN_BACK_DAYS`] ago.
    pub fn write(&self, now: DateTime<Utc>) -> Result<(), JournalRefusal> {
        let today = day_of(now);
        let from = start_of(today.checked_sub_days(Days::new(WRITTEN_BACK_DAYS)).unwrap_or(today));
        if (from..=now).contains(&self.took_place_at) {
            Ok(())
        } else {
            Err(JournalRefusal::MomentOutOfRange { from, to: now })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(at: &str) -> Entry {
        Entry {
            information_area: InformationArea::Plan,
            took_place_at: at.parse().unwrap(),
            text: "Mødte op.".to_owned(),
            conversation: None,
        }
    }

    #[test]
    fn pl_13_what_is_written_took_place_within_a_year_and_not_ahead() {
        // A day in Copenhagen begins at 23:00Z in winter.
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        for (at, is_written) in [
            ("2026-11-23T09:00:00Z", true),
            ("2026-11-23T09:00:00.000001Z", false),
            ("2026-11-23T08:59:59Z", true),
            ("2025-11-22T23:00:00Z", true),
            ("2025-11-22T22:59:59Z", false),
        ] {
            assert_eq!(note(at).write(now).is_ok(), is_written, "{at}");
        }
        let from = "2025-11-22T23:00:00Z".parse().unwrap();
        let refusal = note("2026-11-24T09:00:00Z").write(now).unwrap_err();
        assert_eq!(refusal, JournalRefusal::MomentOutOfRange { from, to: now });
    }

    #[test]
    fn pl_13_the_share_of_time_face_to_face_is_told_to_the_thousandth() {
        for (minutes, minutes_face_to_face, share) in [
            (0, 0, None),
            (60, 0, Some(0.0)),
            (60, 60, Some(1.0)),
            (90, 30, Some(0.333)),
            (90, 60, Some(0.667)),
        ] {
            let spent = TimeSpent { conversations: 2, minutes, minutes_face_to_face };
            assert_eq!(spent.share_face_to_face(), share);
        }
    }

    #[test]
    fn pl_13_only_a_letter_lasts_no_time() {
        let lasting = Form::VARIANTS.iter().filter(|form| form.lasts()).count();
        assert_eq!((lasting, Form::Letter.lasts()), (3, false));
    }
}
