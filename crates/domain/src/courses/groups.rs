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
    /// Of which offer; none: of no one in particular.
    pub catalogue_code: Option<String>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day, once it is known.
    pub to: Option<NaiveDate>,
    /// How many it takes at once; none: as many as come.
    pub size: Option<i32>,
    /// The `ETag`.
    pub version: i64,
}

/// Why an intervention does not join a group, or the group does not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum GroupRefusal {
    /// Another unit's.
    #[error("the group is another provider's")]
    AnotherProvider {},
    /// Another offer's.
    #[error("the group is of another offer")]
    AnotherOffer {},
    /// No room on some day from then on.
    #[error("the group takes {size}")]
    Full {
        /// How many it takes.
        size: i32,
    },
    /// More members than it would take.
    #[error("the group has {members} members")]
    MembersBeyond {
        /// How many it has at most on any day from now on.
        members: i64,
    },
    /// Its last day has been.
    #[error("the group is over")]
    Over {},
    /// The intervention is over.
    #[error(transparent)]
    Intervention(InterventionRefusal),
}

impl Refusal for GroupRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AnotherProvider {} => "group.another-provider",
            Self::AnotherOffer {} => "group.another-offer",
            Self::Full { .. } => "group.full",
            Self::MembersBeyond { .. } => "group.members-beyond",
            Self::Over {} => "group.over",
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
        if self.catalogue_code.is_some() && self.catalogue_code != thing.catalogue_code {
            return Err(GroupRefusal::AnotherOffer {});
        }
        thing.ensure_running("join-group").map_err(GroupRefusal::Intervention)?;
        match self.size {
            Some(size) if members >= i64::from(size) => Err(GroupRefusal::Full { size }),
            _ => Ok(CourseEvent::GroupJoined { group_id: self.id, from }),
        }
    }

    /// Decides its size and its last day from now on, with the `members` that it has at most on any day to come.
    pub fn change(
        &self,
        size: Option<i32>,
        to: Option<NaiveDate>,
        members: i64,
        today: NaiveDate,
    ) -> Result<Self, GroupRefusal> {
        if self.to.is_some_and(|to| to < today) {
            Err(GroupRefusal::Over {})
        } else if size.is_some_and(|size| members > i64::from(size)) {
            Err(GroupRefusal::MembersBeyond { members })
        } else {
            Ok(Self { to, size, ..self.clone() })
        }
    }

    /// Decides that `thing`, a member since `from`, is none any more from a day on: told on that day
    /// or after.
    pub fn leave(
        &self,
        thing: &Intervention,
        from: NaiveDate,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<CourseEvent, InterventionRefusal> {
        thing.ensure_running("leave-group")?;
        let to = today.max(from);
        if (from..=to).contains(&on) {
            Ok(CourseEvent::GroupLeft { group_id: self.id, on })
        } else {
            Err(InterventionRefusal::DayOutOfRange { from, to })
        }
    }
}
