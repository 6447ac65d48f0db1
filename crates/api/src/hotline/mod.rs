//! The hotline: contacts, what became of them, and notifications of concern. One file per operation.

pub mod answer;
pub mod assess_concern;
pub mod card;
pub mod close;
pub mod correct;
pub mod link;
pub mod list;
pub mod list_passed_on;
pub mod log;
pub mod read;
pub mod read_caller;
pub mod receipt_concern;
pub mod reopen;
pub mod search;
mod step;
pub mod take;

use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::{Action, ActionKind};
use domain::access::{Actor, Permit, Scope, authorize};
use domain::hotline::{
    CallerKind, Channel, ConcernAbout, EntryKind, HotlineRefusal, State, Topic, Urgency,
};
use persistence::Tx;
use persistence::hotline::views::{ContactEntryRow, ContactFile};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A contact, without who it was that called.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    id: Uuid,
    #[schema(schema_with = schema::code::<State>)]
    state: String,
    /// On whose list it is.
    unit_id: Uuid,
    unit: String,
    /// Of a notification of concern null, as is the institution, for everybody but those who take them.
    #[schema(schema_with = schema::optional_code::<CallerKind>)]
    caller_kind: Option<String>,
    institution_id: Option<Uuid>,
    institution: Option<String>,
    #[schema(schema_with = schema::code::<Channel>)]
    channel: String,
    #[schema(schema_with = schema::code::<Topic>)]
    topic: String,
    #[schema(schema_with = schema::code::<Urgency>)]
    urgency: String,
    summary: String,
    /// Whom it is tied to; null also where the caller does not see them.
    young_person_id: Option<Uuid>,
    /// When they called.
    called_at: DateTime<Utc>,
    /// When it was noted.
    logged_at: DateTime<Utc>,
    logged_by_id: Uuid,
    logged_by: String,
    /// The last moment in which it is in time.
    due_at: DateTime<Utc>,
    /// Nothing was asked.
    only_information: bool,
    /// Of a 15-17-year-old who does not follow the plan.
    plan_not_followed: bool,
    /// The contact in which they called about the same before.
    called_before: Option<Uuid>,
    not_for_us: Option<NotForUs>,
    concern: Option<ConcernView>,
    /// Who has it, since when.
    owner_id: Option<Uuid>,
    owner: Option<String>,
    taken_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    version: i64,
}

/// A contact with what was written to it later.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeContactView {
    #[serde(flatten)]
    contact: ContactView,
    /// In the order in which they were written.
    entries: Vec<EntryView>,
}

/// What was written to a contact later. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    id: Uuid,
    #[schema(schema_with = schema::code::<EntryKind>)]
    kind: String,
    text: String,
    /// Of a correction: why.
    reason: Option<String>,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
}

/// It was not for us.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotForUs {
    /// Where they were shown to.
    #[schema(schema_with = schema::line::<200>)]
    shown_to: String,
}

/// The clocks of a notification of concern.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConcernView {
    #[schema(schema_with = schema::code::<ConcernAbout>)]
    about: String,
    /// 24 hours after the call.
    assess_by: Option<DateTime<Utc>>,
    assessed_at: Option<DateTime<Utc>>,
    /// 6 working days after the day of the call.
    receipt_by: Option<NaiveDate>,
    receipted_at: Option<DateTime<Utc>>,
}

/// What there is to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextBody {
    #[schema(schema_with = schema::prose::<8000>)]
    text: String,
}

impl From<HotlineRefusal> for ApiError {
    fn from(refusal: HotlineRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<&ContactFile> for ContactView {
    fn from(file: &ContactFile) -> Self {
        let file = file.clone();
        let young_person_id = file.young_person().map(Into::into);
        let concern = file.concern.map(|about| ConcernView {
            about,
            assess_by: file.assess_by,
            assessed_at: file.assessed_at,
            receipt_by: file.receipt_by,
            receipted_at: file.receipted_at,
        });
        Self {
            id: file.id,
            state: file.state,
            unit_id: file.writing_unit_id,
            unit: file.writing_unit_name,
            caller_kind: file.caller_kind,
            institution_id: file.institution_id,
            institution: file.institution_name,
            channel: file.channel,
            topic: file.topic,
            urgency: file.urgency,
            summary: file.summary,
            young_person_id,
            called_at: file.called_at,
            logged_at: file.logged_at,
            logged_by_id: file.logged_by_id,
            logged_by: file.logged_by,
            due_at: file.due_at,
            only_information: file.only_information,
            plan_not_followed: file.plan_not_followed,
            called_before: file.earlier_contact_id,
            not_for_us: file.shown_to.map(|shown_to| NotForUs { shown_to }),
            concern,
            owner_id: file.owner_id,
            owner: file.owner_name,
            taken_at: file.taken_at,
            answered_at: file.answered_at,
            closed_at: file.closed_at,
            version: file.version,
        }
    }
}

impl From<&ContactFile> for WholeContactView {
    fn from(file: &ContactFile) -> Self {
        let entries = file.entries.0.iter().cloned().map(Into::into).collect();
        Self { contact: file.into(), entries }
    }
}

impl From<ContactEntryRow> for EntryView {
    fn from(row: ContactEntryRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            text: row.text,
            reason: row.reason,
            entered_by_id: row.entered_by_id,
            entered_by: row.entered_by,
            entered_at: row.entered_at,
        }
    }
}

/// The permit to do it to a contact: by the unit on whose list it is, else by the case that it is tied to. What is done
/// with a concern is that unit's alone.
async fn permitted<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    file: &ContactFile,
) -> Result<Permit<A>, ApiError> {
    let by_case = file.concern.is_none() || A::KIND == ActionKind::ReadContact;
    match (authorize::<A>(actor, Scope::Unit(file.unit())), file.young_person()) {
        (Err(_), Some(whom)) if by_case => {
            let case = tx.case_of(whom).await?.at(file.row()?);
            Ok(authorize::<A>(actor, Scope::Case(&case))?)
        }
        (by_unit, _) => Ok(by_unit?),
    }
}
