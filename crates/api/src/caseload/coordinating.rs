//! PL-17: the employee who coordinates an open plan has the case, and the case counts in that employee's caseload.

use super::assigning::{Asked, assign_all, assigns_in};
use crate::problem::{ApiError, Fault};
use domain::access::{Actor, Scope, authorize};
use domain::caseload::{Exception, Wish};
use domain::ids::EmployeeId;
use domain::plans::Plan;
use persistence::caseload::Particulars;
use persistence::{StoreError, Tx};

/// The reason recorded when a colleague's assignment ends by the hand-over.
const TAKEN_OVER: &str = "En kollega koordinerer planen fra nu af.";

/// Assigns the case to the employee who was just named as coordinator of the plan, unless that employee has it already.
/// The assignment is within the norm, or beyond it by an exception of the unit's leader (CL-3). If a colleague in a
/// unit in which the caller assigns had the case in that function, it is handed over. The employees, the young person
/// and the plan must be locked.
pub async fn give_case(
    tx: &mut Tx,
    actor: &Actor,
    plan: &Plan,
    who: EmployeeId,
    exception: Option<Exception>,
) -> Result<(), ApiError> {
    let post = tx.coordinating_post(plan.id, who).await?;
    let post =
        post.ok_or_else(|| ApiError::field("/coordinatorId", Fault::EmployeeUnitNotParticipating))?;
    if post.has_case {
        return Ok(());
    }
    let young_person = plan.young_person;
    let case = tx.case_of(young_person).await?;
    let board = tx.board(post.unit, &[young_person]).await?;
    let from = match board.assignment(young_person, post.function) {
        // Only a caller who assigns in this unit changes its assignments.
        Some(id) if assigns_in(actor, post.unit) => {
            Some(tx.assignment(id).await?.ok_or(StoreError::Hidden)?.1)
        }
        _ => None,
    };
    let asked = Asked {
        permit: authorize(actor, Scope::Case(&case))?,
        unit: post.unit,
        wish: Wish { young_person, employee: who, function: post.function, exception },
        particulars: Particulars::default(),
        from,
    };
    assign_all(tx, actor, &[asked], TAKEN_OVER).await?;
    Ok(())
}
