//! A permit proves that the policy allowed an action, and names the access basis. A write requires one.

use super::policy::{Action, ActionKind, Relation, allows};
use super::{Actor, Basis, BasisKind, HeldRole, Row};
use crate::ids::{BasisId, EmployeeId, UnitId, YoungPersonId};
use crate::organisation::Role;
use std::marker::PhantomData;

/// A young person as they stand to the caller.
#[derive(Debug, Clone)]
pub struct Case {
    /// Who.
    pub young_person: YoungPersonId,
    /// The caller's valid bases; none means that the young person does not exist for them.
    pub bases: Vec<Basis>,
    /// The unit that provides the intervention in question, where there is one.
    pub provider: Option<UnitId>,
    /// The row of the case that is written or changed, if the required area depends on it (AC-16).
    pub row: Option<Row>,
}

impl Case {
    /// The same case, with the row that is written or changed.
    #[must_use]
    pub fn at(self, row: Row) -> Self {
        Self { row: Some(row), ..self }
    }
}

/// What an action is done to.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// A young person, or something that hangs on them.
    Case(&'a Case),
    /// Something that hangs on a young person, of a unit: what is allowed for its own is allowed where it has the case.
    Written(&'a Case, UnitId),
    /// The same, of that unit's own alone.
    Own(&'a Case, UnitId),
    /// A unit, or something of its own.
    Unit(UnitId),
    /// Nothing of anybody's.
    Nothing,
}

/// Proof that [`authorize`] said yes to `A`, for this caller and this scope. Events and access entries
/// take who, role, unit and basis from it.
#[derive(Debug)]
pub struct Permit<A> {
    action: ActionKind,
    employee: EmployeeId,
    role: HeldRole,
    young_person: Option<YoungPersonId>,
    basis: Option<BasisId>,
    _action: PhantomData<fn() -> A>,
}

impl<A> Permit<A> {
    /// What they may.
    #[must_use]
    pub const fn action(&self) -> ActionKind {
        self.action
    }

    /// Who may.
    #[must_use]
    pub const fn employee(&self) -> EmployeeId {
        self.employee
    }

    /// The role that may.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role.role
    }

    /// The unit in which that role is held: the writing unit of what the permit writes.
    #[must_use]
    pub const fn unit(&self) -> UnitId {
        self.role.unit
    }

    /// Whose case it is for; none for what hangs on no young person.
    #[must_use]
    pub const fn young_person(&self) -> Option<YoungPersonId> {
        self.young_person
    }

    /// The young person. A permit that is for nobody is a fault of the program.
    pub fn person(&self) -> Result<YoungPersonId, ForAnother> {
        self.young_person.ok_or(ForAnother)
    }

    /// The young person, if the permit is for this one. A permit for another one, or for nobody, is a fault of the program,
    /// never of the caller.
    pub fn for_person(&self, id: YoungPersonId) -> Result<YoungPersonId, ForAnother> {
        if self.young_person == Some(id) { Ok(id) } else { Err(ForAnother) }
    }

    /// The access basis that allows the action.
    #[must_use]
    pub const fn basis(&self) -> Option<BasisId> {
        self.basis
    }
}

/// A permit was used for another young person than the one it was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the permit is for another young person")]
pub struct ForAnother;

/// The policy said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The young person does not exist for the caller: 404.
    Hidden,
    /// They see it, and may not do that: 403.
    Forbidden(ActionKind),
}

/// Asks the policy, and hands out the proof.
pub fn authorize<A: Action>(actor: &Actor, scope: Scope<'_>) -> Result<Permit<A>, Denied> {
    if let Scope::Case(case) | Scope::Written(case, _) | Scope::Own(case, _) = scope
        && case.bases.is_empty()
    {
        return Err(Denied::Hidden);
    }
    actor
        .roles
        .iter()
        .find_map(|held| {
            let Standing { basis } = standing(actor, held, scope, A::KIND)?;
            let young_person = match scope {
                Scope::Case(case) | Scope::Written(case, _) | Scope::Own(case, _) => {
                    Some(case.young_person)
                }
                Scope::Unit(_) | Scope::Nothing => None,
            };
            Some(Permit {
                action: A::KIND,
                employee: actor.employee,
                role: *held,
                young_person,
                basis,
                _action: PhantomData,
            })
        })
        .ok_or(Denied::Forbidden(A::KIND))
}

/// That a role may do it, and the basis this rests on (none where no person is touched).
struct Standing {
    basis: Option<BasisId>,
}

/// How this role may do it, if it may.
fn standing(
    actor: &Actor,
    held: &HeldRole,
    scope: Scope<'_>,
    action: ActionKind,
) -> Option<Standing> {
    let may = |relation| allows(held.department, held.role, relation, action);
    match scope {
        Scope::Nothing => may(Relation::Any).then_some(Standing { basis: None }),
        Scope::Unit(unit) => (may(Relation::Any) || unit == held.unit && may(Relation::OwnUnit))
            .then_some(Standing { basis: None }),
        Scope::Case(case) | Scope::Written(case, _) | Scope::Own(case, _) => {
            let own = matches!(scope, Scope::Written(_, unit) | Scope::Own(_, unit) if unit == held.unit)
                && may(Relation::OwnUnit);
            let works = own || may(Relation::Works) && !matches!(scope, Scope::Own(..));
            let provides = may(Relation::Provides) && !matches!(scope, Scope::Own(..));
            let needs = action.needs()?;
            // Who was given a case was given it in one unit, which has a basis of its own beside theirs: no other
            // role of theirs comes to it by that.
            let mut of_this_role = case.bases.iter().filter(|basis| {
                basis.holder == held.unit.0
                    || basis.holder == actor.employee.0 && basis.kind != BasisKind::Assignment
            });
            of_this_role
                .clone()
                .find(|basis| works && needs.are_met_by(basis, case, held.unit))
                .or_else(|| {
                    of_this_role.find(|basis| {
                        provides
                            && basis.kind == BasisKind::Provision
                            && case.provider.is_none_or(|provider| provider == held.unit)
                    })
                })
                .map(|basis| Standing { basis: Some(basis.id) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::{AmendPlan, RegisterYoungPerson};
    use crate::access::{Areas, InformationArea};
    use crate::organisation::Department;
    use uuid::Uuid;

    /// A permit is good for one young person: the proof is checked in release builds too.
    #[test]
    fn a_permit_is_for_one_young_person() {
        let (unit, person) = (UnitId(Uuid::from_u128(1)), YoungPersonId(Uuid::from_u128(2)));
        let department = Department::JobsAndWelfare;
        let held = HeldRole { role: Role::Caseworker, unit, department };
        let actor = Actor { employee: EmployeeId(Uuid::from_u128(3)), roles: vec![held] };
        let basis = Basis {
            id: BasisId(Uuid::from_u128(4)),
            holder: unit.0,
            kind: BasisKind::Participation,
            areas: Areas::WORKING,
            giver: None,
        };
        let row = Some(Row::new(InformationArea::Plan));
        let case = Case { young_person: person, bases: vec![basis], provider: None, row };
        let permit = authorize::<AmendPlan>(&actor, Scope::Case(&case)).unwrap();
        assert_eq!(permit.person(), Ok(person));
        assert_eq!(permit.for_person(person), Ok(person));
        assert_eq!(permit.for_person(YoungPersonId(Uuid::from_u128(5))), Err(ForAnother));
        let of_nobody = authorize::<RegisterYoungPerson>(&actor, Scope::Unit(unit)).unwrap();
        assert_eq!(of_nobody.person(), Err(ForAnother));
        assert_eq!(of_nobody.for_person(person), Err(ForAnother));
    }
}
