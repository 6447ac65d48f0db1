//! Groups with sessions in the week, and their members (IV-12).

use super::CourseEvent;
use crate::Refusal;
use crate::ids::{GroupId, UnitId};
use crate::interventions::{Intervention, InterventionRefusal};
use chrono::NaiveDate;
use serde::Serialize;

/// A group. It tells of nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Ours.
    pub id: GroupId,
    /// Whose.
    pub provider: UnitId,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day, once it is known.
    pub to: Option<NaiveDate>,
    /// How many it takes at once; none: as many as come.
    pub size: Option<i32>,
}

/// Why an intervention does not join a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum GroupRefusal {
    /// Another unit's.
    #[error("the group is another provider's")]
    AnotherProvider {},
    /// No room on some day from then on.
    #[error("the group takes {size}")]
    Full {
        /// How many it takes.
        size: i32,
    },
    /// The intervention is over.
    #[error(transparent)]
    Intervention(InterventionRefusal),
}

impl Refusal for GroupRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AnotherProvider {} => "group.another-provider",
            Self::Full { .. } => "group.full",
            Self::Intervention(refusal) => refusal.code(),
        }
    }
}

impl Group {
    /// Decides that `thing` is a member from a day on, beside the `members` that the group has at most
    /// from then on.
    pub fn admit(
        &self,
        thing: &Intervention,
        from: NaiveDate,
        members: i64,
    ) -> Result<CourseEvent, GroupRefusal> {
        if thing.provider != self.provider {
            return Err(GroupRefusal::AnotherProvider {});
        }
        thing.ensure_running("join-group").map_err(GroupRefusal::Intervention)?;
        match self.size {
            Some(size) if members >= i64::from(size) => Err(GroupRefusal::Full { size }),
            _ => Ok(CourseEvent::GroupJoined { group_id: self.id, from }),
        }
    }

    /// Decides that one who is a member since `from` is none any more from a day on: told on that day or
    /// after.
    pub fn leave(
        &self,
        from: NaiveDate,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<CourseEvent, InterventionRefusal> {
        let to = today.max(from);
        if (from..=to).contains(&on) {
            Ok(CourseEvent::GroupLeft { group_id: self.id, on })
        } else {
            Err(InterventionRefusal::DayOutOfRange { from, to })
        }
    }
}
