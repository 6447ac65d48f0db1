//! A unit's caseload as it is being decided on: who has how many, and what becomes of it.

use super::limit::Parts;
use super::{COLLEAGUES_TOLD, CaseloadRefusal, Colleague, EXCEPTION_DAYS, Function};
use crate::ids::{AssignmentId, EmployeeId, YoungPersonId};
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use std::cmp::Reverse;

/// How somebody stands in a post of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub employee: EmployeeId,
    /// Their name.
    pub name: String,
    /// The post.
    pub function: Function,
    /// They hold it, and can sign in.
    pub present: bool,
    /// Somebody covers for them.
    pub away: bool,
    /// What their limit is made of.
    pub parts: Parts,
    /// How many young people they have: without exceptions that hold, and without those of colleagues whom
    /// they cover for.
    pub young_people: u32,
    /// How many more beyond the norm, by an exception that holds (CL-3).
    pub exceptions: u32,
    /// The number of cases for which room is reserved, because they arrive by an accepted transition on the day or
    /// later (PL-17).
    pub reserved: u32,
}

impl Standing {
    /// Is there room for one more?
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.room().is_none_or(|room| room > 0)
    }

    /// Room for how many more; below zero: so many over. None without a norm.
    #[must_use]
    pub fn room(&self) -> Option<i64> {
        let taken = i64::from(self.young_people) + i64::from(self.reserved);
        Some(i64::from(self.parts.limit()?) - taken)
    }

    /// Is the norm kept, exceptions included? Without one it is.
    #[must_use]
    pub fn keeps_norm(&self) -> bool {
        self.parts.limit().is_none_or(|limit| self.young_people + self.exceptions <= limit)
    }

    /// Does the caseload show this position? The position of a team leader is shown only while the leader has a case
    /// (PL-17).
    #[must_use]
    pub fn is_shown(&self) -> bool {
        let has_cases = self.young_people + self.exceptions + self.reserved > 0;
        self.function != Function::TeamLeader || has_cases
    }

    /// How full: a share of the limit in millionths; of those without a norm nothing.
    fn fullness(&self) -> u64 {
        let share = |limit| u64::from(self.young_people) * 1_000_000 / u64::from(limit);
        match self.parts.limit() {
            None => 0,
            Some(0) => u64::MAX,
            Some(limit) => share(limit),
        }
    }

    fn as_colleague(&self, has_had: bool) -> Colleague {
        Colleague {
            employee_id: self.employee,
            name: self.name.clone(),
            current: self.young_people,
            limit: self.parts.limit(),
            has_had,
        }
    }
}

/// Somebody of the unit has a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The assignment; none where it is only thought of.
    pub id: Option<AssignmentId>,
    /// Whose.
    pub young_person: YoungPersonId,
    /// Who.
    pub employee: EmployeeId,
    /// Doing what.
    pub function: Function,
    /// Under which post's norm.
    pub counts_as: Function,
    /// Beyond the norm, until and with this day.
    pub exception_until: Option<NaiveDate>,
}

/// That somebody goes beyond the norm (CL-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: NaiveDate,
}

/// A case to assign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whose.
    pub young_person: YoungPersonId,
    /// To whom.
    pub employee: EmployeeId,
    /// To do what.
    pub function: Function,
    /// Where there is no room.
    pub exception: Option<Exception>,
}

/// How a case is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Under which post's norm.
    pub counts_as: Function,
    /// Only where there was no room.
    pub exception: Option<Exception>,
}

/// A unit's caseload on a day, and the cases of the young people in question.
#[derive(Debug, Clone)]
pub struct Board {
    on: NaiveDate,
    pub(super) standings: Vec<Standing>,
    cases: Vec<Case>,
    /// Who has had whom before, the latest first.
    known: Vec<(YoungPersonId, EmployeeId)>,
    /// Whose case was taken from whom.
    released: Vec<(YoungPersonId, EmployeeId)>,
}

impl Board {
    /// Everybody of the unit, the cases that these young people have there, and who has had them before, the
    /// latest first.
    #[must_use]
    pub const fn new(
        on: NaiveDate,
        standings: Vec<Standing>,
        cases: Vec<Case>,
        known: Vec<(YoungPersonId, EmployeeId)>,
    ) -> Self {
        Self { on, standings, cases, known, released: Vec::new() }
    }

    /// How everybody stands, as it is now.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// Somebody's standing in a post.
    #[must_use]
    pub fn standing(&self, employee: EmployeeId, function: Function) -> Option<&Standing> {
        self.standings.iter().find(|one| one.employee == employee && one.function == function)
    }

    /// Takes a case from whoever has it; none where nobody of the unit does.
    pub fn release(&mut self, id: AssignmentId) -> Option<Case> {
        let at = self.cases.iter().position(|case| case.id == Some(id))?;
        let case = *self.cases.get(at)?;
        self.change(case, |cases| {
            cases.remove(at);
        });
        self.released.push((case.young_person, case.employee));
        Some(case)
    }

    /// Assigns a case, or tells why not (CL-2).
    pub fn assign(&mut self, wish: &Wish) -> Result<Assigned, CaseloadRefusal> {
        let (young_person, employee) = (wish.young_person, wish.employee);
        if let Some(exception) = &wish.exception {
            let to = self.on + TimeDelta::days(EXCEPTION_DAYS);
            if !(self.on..=to).contains(&exception.until) {
                return Err(CaseloadRefusal::ExceptionOutOfRange { from: self.on, to });
            }
        }
        if let Some(employee_id) = self.has_case(young_person, wish.function) {
            return Err(CaseloadRefusal::AlreadyAssigned {
                young_person_id: young_person,
                employee_id,
            });
        }
        let post = self.post(employee, wish.function).filter(|post| post.present);
        let Some(post) = post else {
            return Err(CaseloadRefusal::NotInFunction { employee_id: employee });
        };
        let counts_as = post.function;
        let mut case = Case {
            id: None,
            young_person,
            employee,
            function: wish.function,
            counts_as,
            exception_until: None,
        };
        let is_full = !self.has_room_for(young_person, post);
        let exception = wish.exception.clone().filter(|_| is_full);
        if is_full && exception.is_none() {
            return Err(CaseloadRefusal::LimitReached {
                employee_id: employee,
                young_person_id: young_person,
                limit: post.parts.limit().unwrap_or_default(),
                current: post.young_people,
                reserved: post.reserved,
                colleagues: self.colleagues_with_room(wish),
            });
        }
        case.exception_until = exception.as_ref().map(|exception| exception.until);
        self.change(case, |cases| cases.push(case));
        Ok(Assigned { counts_as, exception })
    }

    /// Of those who do that in the unit, those with room, but for the one it is taken from: who has had the young
    /// person before first, the latest of them first; then by the share of their limit.
    fn colleagues_with_room(&self, wish: &Wish) -> Vec<Colleague> {
        let mut all: Vec<&Standing> = self
            .doing(wish.function)
            .filter(|one| {
                one.employee != wish.employee
                    && !self.released.contains(&(wish.young_person, one.employee))
                    && one.present
                    && !one.away
                    && self.has_room_for(wish.young_person, one)
            })
            .collect();
        all.sort_by_key(|one| self.rank(wish.young_person, one));
        let known = |one: &Standing| self.has_had(wish.young_person, one.employee).is_some();
        all.into_iter().take(COLLEAGUES_TOLD).map(|one| one.as_colleague(known(one))).collect()
    }

    /// Those who do this in the unit, each in the post it counts under.
    pub(super) fn doing(&self, function: Function) -> impl Iterator<Item = &Standing> {
        self.standings.iter().filter(move |one| {
            self.post(one.employee, function).is_some_and(|post| post.function == one.function)
        })
    }

    /// The post in which somebody does this: the first one they hold, else one they held.
    fn post(&self, employee: EmployeeId, function: Function) -> Option<&Standing> {
        let mut posts = function.posts().iter().filter_map(|post| self.standing(employee, *post));
        posts.clone().find(|post| post.present).or_else(|| posts.next())
    }

    /// Whom to ask first: continuity, then the lowest share of the limit.
    pub(super) fn rank(
        &self,
        young_person: YoungPersonId,
        one: &Standing,
    ) -> (Reverse<bool>, usize, u64, u32, EmployeeId) {
        let known = self.has_had(young_person, one.employee);
        (
            Reverse(known.is_some()),
            known.unwrap_or_default(),
            one.fullness(),
            one.young_people,
            one.employee,
        )
    }

    /// How many others have had the young person since they did; none where they never had.
    pub(super) fn has_had(
        &self,
        young_person: YoungPersonId,
        employee: EmployeeId,
    ) -> Option<usize> {
        let of_them = self.known.iter().filter(|(whose, _)| *whose == young_person);
        of_them.map(|(_, who)| *who).position(|who| who == employee)
    }

    /// Who does this for the young person already.
    #[must_use]
    pub fn has_case(&self, young_person: YoungPersonId, function: Function) -> Option<EmployeeId> {
        let of_them = |case: &&Case| (case.young_person, case.function) == (young_person, function);
        self.cases.iter().find(of_them).map(|case| case.employee)
    }

    /// The assignment of the young person in this function.
    #[must_use]
    pub fn assignment(
        &self,
        young_person: YoungPersonId,
        function: Function,
    ) -> Option<AssignmentId> {
        let of_them = |case: &&Case| (case.young_person, case.function) == (young_person, function);
        self.cases.iter().find(of_them).and_then(|case| case.id)
    }

    /// Does somebody have any part of a young person's case in the unit?
    #[must_use]
    pub fn has_part(&self, young_person: YoungPersonId, employee: EmployeeId) -> bool {
        self.cases.iter().any(|case| (case.young_person, case.employee) == (young_person, employee))
    }

    /// Could they take this one? One whom they have already, in another function of the same post, is no new
    /// one.
    pub(super) fn has_room_for(&self, young_person: YoungPersonId, one: &Standing) -> bool {
        one.has_room() || self.counted(young_person, one.employee, one.function).0
    }

    /// Does somebody have a young person under this post's norm: ordinarily, or else by an exception?
    fn counted(
        &self,
        young_person: YoungPersonId,
        employee: EmployeeId,
        post: Function,
    ) -> (bool, bool) {
        let same = self.cases.iter().filter(|case| {
            (case.young_person, case.employee, case.counts_as) == (young_person, employee, post)
        });
        let mut any = false;
        let mut ordinary = false;
        for case in same {
            any = true;
            ordinary |= case.exception_until.is_none_or(|until| until < self.on);
        }
        (ordinary, any && !ordinary)
    }

    /// Changes the cases, and how the case's employee stands by that.
    fn change(&mut self, case: Case, change: impl FnOnce(&mut Vec<Case>)) {
        let counted =
            |board: &Self| board.counted(case.young_person, case.employee, case.counts_as);
        let was = counted(self);
        change(&mut self.cases);
        let is = counted(self);
        let post =
            |one: &&mut Standing| (one.employee, one.function) == (case.employee, case.counts_as);
        if let Some(standing) = self.standings.iter_mut().find(post) {
            let moved = |number: u32, was: bool, is: bool| {
                (number + u32::from(is)).saturating_sub(u32::from(was))
            };
            standing.young_people = moved(standing.young_people, was.0, is.0);
            standing.exceptions = moved(standing.exceptions, was.1, is.1);
        }
    }
}
