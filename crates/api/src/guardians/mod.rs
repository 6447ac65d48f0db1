//! Guardians, while the young person is under 18. One file per operation.

pub mod amend;
pub mod list;
pub mod record;

use crate::problem::ApiError;
use crate::schema;
use chrono::NaiveDate;
use domain::access::Permit;
use domain::access::policy::RecordGuardian;
use domain::calendar::day_of;
use domain::guardians::{Guardian, GuardianEvent, GuardianRefusal, Relation};
use persistence::young_people::YoungPersonRow;
use persistence::{Change, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A guardian.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuardianView {
    id: Uuid,
    name: String,
    #[schema(schema_with = schema::code::<Relation>)]
    relation: Relation,
    has_custody: bool,
    telephone: Option<String>,
    email: Option<String>,
    from: NaiveDate,
    /// The last day; null: until the young person is of age.
    to: Option<NaiveDate>,
    /// Are they a guardian today? Never of somebody who is 18.
    current: bool,
    version: i64,
}

impl GuardianView {
    /// As it stands on a day, of this young person.
    fn new(theirs: Guardian, of: &YoungPersonRow, today: NaiveDate) -> Self {
        let current = theirs.is_current(of.birth_date, today);
        Self {
            id: theirs.id.0,
            name: theirs.name,
            relation: theirs.relation,
            has_custody: theirs.has_custody,
            telephone: theirs.telephone,
            email: theirs.email,
            from: theirs.from,
            to: theirs.to,
            current,
            version: theirs.version,
        }
    }
}

impl From<GuardianRefusal> for ApiError {
    fn from(refusal: GuardianRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// Decides whether a guardian is written so, stores it with its event, and answers it as it is now.
async fn write(
    tx: &mut Tx,
    permit: &Permit<RecordGuardian>,
    person: &YoungPersonRow,
    new: Guardian,
) -> Result<GuardianView, ApiError> {
    let today = day_of(tx.now());
    let event: GuardianEvent = new.write(person.birth_date, today)?;
    tx.store_guardian(permit, person.id.into(), &event).await?;
    let theirs = event.guardian();
    tx.record(permit, Change { subject: &theirs.id, kind: event.kind(), payload: &event }).await?;
    Ok(GuardianView::new(theirs.clone(), person, today))
}
