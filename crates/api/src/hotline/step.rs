//! How every step of a contact begins and ends.

use super::{WholeContactView, permitted};
use crate::conditional::IfMatch;
use crate::edge::changed;
use crate::problem::ApiError;
use chrono::{DateTime, Utc};
use domain::access::families::ChangesContact;
use domain::hotline::{Contact, ContactEvent, EntryKind, HotlineRefusal};
use domain::ids::{ContactId, EmployeeId};
use domain::timeline::EventKind;
use persistence::hotline::consequences::Follows;
use persistence::hotline::views::ContactFile;
use persistence::{Answer, Change, StoreError, Tx};
use uuid::Uuid;

/// A step, and what is written with it.
pub(super) struct Step<'a> {
    /// What happened.
    pub kind: EventKind,
    /// In words, where it has some.
    pub written: Option<(EntryKind, &'a str)>,
}

/// Takes a step of a contact: decides, stores the contact and what is written with it, and records.
pub(super) async fn take<A: ChangesContact>(
    tx: &mut Tx,
    id: Uuid,
    if_match: &IfMatch,
    step: Step<'_>,
    decide: impl FnOnce(&Contact, EmployeeId, DateTime<Utc>) -> Result<ContactEvent, HotlineRefusal>,
) -> Result<Answer, ApiError> {
    let id = ContactId(id);
    let actor = tx.actor().await?;
    let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
    let permit = permitted::<A>(tx, &actor, &file).await?;
    let before = tx.lock_contact(id, None).await?.ok_or(ApiError::NotFound)?;
    if_match.check(before.version)?;
    let event = decide(&before, permit.employee(), tx.now())?;
    let after = before.apply(event);
    tx.store_contact(&permit, id, &after).await?;
    if let Some((kind, text)) = step.written {
        tx.write_to_contact(&permit, id, kind, text, None).await?;
    }
    match event {
        ContactEvent::Answered { .. } => tx.contact_is_answered(id).await?,
        ContactEvent::Reopened { .. } => {
            tx.follow_contact(&permit, id, after.young_person, Follows::Later).await?;
        }
        _ => {}
    }
    let change = Change { kind: step.kind, subject: &id, payload: &event };
    tx.record_for(&permit, after.young_person, change).await?;
    answered(tx, id).await
}

/// 200 with the contact as it is now.
pub(super) async fn answered(tx: &mut Tx, id: ContactId) -> Result<Answer, ApiError> {
    let file: ContactFile = tx.contact_file(id).await?.ok_or(StoreError::Hidden)?;
    // Given again where the case leads to it still (AC-7).
    changed(file.version, file.young_person(), &WholeContactView::from(&file))
}
