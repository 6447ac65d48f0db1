//! Who could take a young person: continuity first, then the lowest share of the norm.

use super::Function;
use super::board::{Board, Standing, Wish};
use crate::ids::{EmployeeId, YoungPersonId};
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

/// How somebody of the unit comes into question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Possibility {
    /// They have had the young person before, and have room.
    HasHad,
    /// They have room.
    HasRoom,
    /// Their limit is reached.
    LimitReached,
    /// Somebody covers for them.
    Away,
    /// They hold the post no more, or cannot sign in.
    NotPresent,
    /// They have the case already.
    HasCase,
    /// A colleague has it: it is handed over.
    ColleagueHasCase,
}

impl Possibility {
    /// Could they take it?
    #[must_use]
    pub const fn is_possible(self) -> bool {
        matches!(self, Self::HasHad | Self::HasRoom)
    }
}

/// Somebody of the unit, and how they come into question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// How they stand before this one.
    pub standing: Standing,
    /// Could they, and why (not)?
    pub possibility: Possibility,
}

/// For one young person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// Whom.
    pub young_person: YoungPersonId,
    /// Who should take them; none: nobody can.
    pub employee: Option<EmployeeId>,
    /// Everybody who does that in the unit, the best first.
    pub candidates: Vec<Candidate>,
}

impl Board {
    /// Recommends somebody for a young person, and takes it that they do: the next one finds less room.
    pub fn recommend(&mut self, young_person: YoungPersonId, function: Function) -> Recommendation {
        let mut ranked: Vec<&Standing> = self.doing(function).collect();
        ranked.sort_by_key(|one| self.rank(young_person, one));
        let mut candidates: Vec<Candidate> = ranked
            .into_iter()
            .map(|one| Candidate {
                standing: one.clone(),
                possibility: self.possibility(young_person, function, one),
            })
            .collect();
        candidates.sort_by_key(|candidate| !candidate.possibility.is_possible());
        let best = candidates.iter().find(|candidate| candidate.possibility.is_possible());
        let employee = best.map(|best| best.standing.employee).filter(|employee| {
            let wish = Wish { young_person, employee: *employee, function, exception: None };
            self.assign(&wish).is_ok()
        });
        Recommendation { young_person, employee, candidates }
    }

    fn possibility(
        &self,
        young_person: YoungPersonId,
        function: Function,
        one: &Standing,
    ) -> Possibility {
        let has_case = self.has_case(young_person, function);
        if has_case == Some(one.employee) {
            Possibility::HasCase
        } else if has_case.is_some() {
            Possibility::ColleagueHasCase
        } else if !one.present {
            Possibility::NotPresent
        } else if one.away {
            Possibility::Away
        } else if !self.has_room_for(young_person, one) {
            Possibility::LimitReached
        } else if self.has_had(young_person, one.employee).is_some() {
            Possibility::HasHad
        } else {
            Possibility::HasRoom
        }
    }
}
