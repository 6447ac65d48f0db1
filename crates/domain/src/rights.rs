//! Two people for rights (OR-3): one person proposes a role or a one-time pass phrase, and another confirms it.
//!
//! No role can be given by one person alone. Every role either opens cases, confirms rights, or reads logs and figures.
//! The database can also enforce a rule without exceptions.

use crate::Refusal;
use crate::access::{Action, Actor, Denied, Permit, Scope, authorize};
use crate::ids::{EmployeeId, RightsRequestId, UnitId};
use crate::organisation::Role;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The right that a request proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A role in a unit.
    Role(Role, UnitId),
    /// A one-time pass phrase: it opens the employee's account, or replaces a pass phrase.
    PassPhrase,
}

/// The state of a request.
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
pub enum State {
    /// Waits for another person to confirm it.
    Pending,
    /// Confirmed and in force.
    Confirmed,
    /// Refused by another person.
    Refused,
    /// Withdrawn by the requester.
    Withdrawn,
    /// Ended because a sign-in was stopped, or the requester is no longer an administrator.
    Lapsed,
    /// Not confirmed in time.
    Expired,
}

/// A request for rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsRequest {
    /// The id of the request.
    pub id: RightsRequestId,
    /// The proposed right.
    pub asked: Asked,
    /// The employee who gets it.
    pub employee: EmployeeId,
    /// The units that it concerns: the unit of the role, or all units in which the employee holds a role now.
    pub units: Vec<UnitId>,
    /// The requester; `None` if a command on the machine made it.
    pub requested_by: Option<EmployeeId>,
    /// The state at the time of reading.
    pub state: State,
}

/// The reason why a request cannot be confirmed or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum NotSettled {
    /// It was confirmed, refused or withdrawn before, or it lapsed or expired.
    #[error("the request is no longer pending")]
    NotPending {
        /// Its state.
        state: State,
    },
    /// The caller is the requester.
    #[error("a request is confirmed by another person than the requester")]
    OwnRequest {},
    /// The caller is the employee who would receive the right.
    #[error("nobody confirms their own rights")]
    OwnRights {},
}

impl Refusal for NotSettled {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPending { .. } => "rights-request.not-pending",
            Self::OwnRequest {} => "rights-request.own-request",
            Self::OwnRights {} => "employee.own-rights",
        }
    }
}

impl RightsRequest {
    /// Checks an action on this request against the policy, in every unit that it concerns. A leader therefore never
    /// handles an account with rights outside their units (A8). If it concerns no unit, only a role for all units is
    /// allowed.
    pub fn authorize<A: Action>(&self, actor: &Actor) -> Result<Permit<A>, Denied> {
        let mut units = self.units.iter();
        let Some(first) = units.next() else { return authorize(actor, Scope::Nothing) };
        let permit = authorize(actor, Scope::Unit(*first))?;
        for unit in units {
            authorize::<A>(actor, Scope::Unit(*unit))?;
        }
        Ok(permit)
    }

    /// OR-3: may `caller` confirm it as the second person?
    pub fn confirm(&self, caller: EmployeeId) -> Result<(), NotSettled> {
        if self.requested_by == Some(caller) {
            return Err(NotSettled::OwnRequest {});
        }
        if self.employee == caller {
            return Err(NotSettled::OwnRights {});
        }
        self.is_pending()
    }

    /// The state after `caller` refuses the request, or withdraws it as its requester. One person is enough.
    pub fn refuse(&self, caller: EmployeeId) -> Result<State, NotSettled> {
        self.is_pending()?;
        Ok(if self.requested_by == Some(caller) { State::Withdrawn } else { State::Refused })
    }

    const fn is_pending(&self) -> Result<(), NotSettled> {
        match self.state {
            State::Pending => Ok(()),
            state => Err(NotSettled::NotPending { state }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::HeldRole;
    use crate::access::policy::ConfirmRights;
    use crate::organisation::Department;
    use uuid::Uuid;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn request(units: &[u128]) -> RightsRequest {
        RightsRequest {
            id: id(1).into(),
            asked: Asked::PassPhrase,
            employee: id(10).into(),
            units: units.iter().map(|unit| id(*unit).into()).collect(),
            requested_by: Some(id(11).into()),
            state: State::Pending,
        }
    }

    #[test]
    fn or_03_the_second_person_is_another_one_who_gains_nothing() {
        let pending = request(&[]);
        assert_eq!(pending.confirm(id(11).into()), Err(NotSettled::OwnRequest {}));
        assert_eq!(pending.confirm(id(10).into()), Err(NotSettled::OwnRights {}));
        assert_eq!(pending.confirm(id(12).into()), Ok(()));
        assert_eq!(pending.refuse(id(11).into()), Ok(State::Withdrawn));
        assert_eq!(pending.refuse(id(12).into()), Ok(State::Refused));
    }

    #[test]
    fn or_03_only_what_is_pending_is_confirmed_or_refused() {
        for state in State::VARIANTS.iter().copied().filter(|state| *state != State::Pending) {
            let settled = RightsRequest { state, ..request(&[]) };
            let refusal = NotSettled::NotPending { state };
            assert_eq!(settled.confirm(id(12).into()), Err(refusal));
            assert_eq!(settled.refuse(id(11).into()), Err(refusal));
        }
    }

    /// A8: a leader of one unit does not confirm a pass phrase of an account with a role in another one.
    #[test]
    fn a8_a_leader_confirms_only_what_lies_within_their_units() {
        let held = |role, unit| HeldRole {
            role,
            unit: id(unit).into(),
            department: Department::JobsAndWelfare,
        };
        let leader = Actor {
            employee: id(12).into(),
            roles: vec![held(Role::TeamLeader, 1), held(Role::TeamLeader, 2)],
        };
        let may = |request: RightsRequest| request.authorize::<ConfirmRights>(&leader).is_ok();
        assert!(may(request(&[1])) && may(request(&[1, 2])));
        assert!(!may(request(&[])) && !may(request(&[3])) && !may(request(&[1, 3])));
        let worker = Actor { employee: id(13).into(), roles: vec![held(Role::Caseworker, 1)] };
        assert!(request(&[1]).authorize::<ConfirmRights>(&worker).is_err());
    }
}
