//! Conversations and notes: written once, corrections beside them. One file per operation: request,
//! response, docs, handler.

pub mod correct_conversation;
pub mod correct_note;
pub mod face_to_face;
pub mod list_conversations;
pub mod list_notes;
pub mod read_conversation;
pub mod read_note;
pub mod write_conversation;
pub mod write_note;

use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::page::{Asked, Page};
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, Utc};
use domain::access::families::WritesEntry;
use domain::access::policy::{ReadJournal, WriteConversation, WriteNote};
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::calendar::happened_at;
use domain::journal::{Correction, Entry, EntryKind, Form, JournalRefusal, WRITTEN_AREAS};
use domain::timeline::EventKind;
use persistence::journal::{CorrectionRow, EntryFile};
use persistence::{Answer, Change, StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A conversation, as it was written down.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    #[serde(flatten)]
    entry: EntryView,
    #[schema(schema_with = schema::code::<Form>)]
    form: String,
    /// How long it lasted; null of a letter.
    minutes: Option<i16>,
    /// Who took part beside the young person: names or roles.
    took_part: Vec<String>,
    young_person_took_part: bool,
}

/// A note, as it was written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteView {
    #[serde(flatten)]
    entry: EntryView,
}

/// What a conversation and a note have in common.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    id: Uuid,
    young_person_id: Uuid,
    #[schema(schema_with = written_area)]
    information_area: InformationArea,
    /// When it began; of a note: the moment it is about.
    took_place_at: DateTime<Utc>,
    text: String,
    /// Whose writing it is.
    unit_id: Uuid,
    unit: String,
    /// Who wrote it down.
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
    /// In the order in which they were made.
    corrections: Vec<CorrectionView>,
    /// 1, and 1 more for each correction.
    version: i64,
}

/// What stands beside it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionView {
    id: Uuid,
    /// How it is instead.
    text: String,
    reason: String,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
}

/// How it is instead, and why it is corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    #[schema(schema_with = schema::prose::<8000>)]
    text: String,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEntries {
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

pub(crate) fn written_area() -> Object {
    schema::one_of(&WRITTEN_AREAS)
}

impl From<JournalRefusal> for ApiError {
    fn from(refusal: JournalRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<CorrectionBody> for Correction {
    fn from(CorrectionBody { text, reason }: CorrectionBody) -> Self {
        Self { text, reason }
    }
}

impl TryFrom<EntryFile> for EntryView {
    type Error = StoreError;

    fn try_from(file: EntryFile) -> Result<Self, StoreError> {
        let corrupt = StoreError::Corrupt { table: "journal_entry", column: "information_area" };
        let corrections: Vec<CorrectionView> =
            file.corrections.0.into_iter().map(Into::into).collect();
        Ok(Self {
            id: file.id,
            young_person_id: file.young_person_id,
            information_area: InformationArea::of_bit(file.information_area).ok_or(corrupt)?,
            took_place_at: file.took_place_at,
            text: file.text,
            unit_id: file.writing_unit_id,
            unit: file.writing_unit_name,
            entered_by_id: file.entered_by_id,
            entered_by: file.entered_by,
            entered_at: file.entered_at,
            version: (1..).nth(corrections.len()).unwrap_or(i64::MAX),
            corrections,
        })
    }
}

impl From<CorrectionRow> for CorrectionView {
    fn from(row: CorrectionRow) -> Self {
        Self {
            id: row.id,
            text: row.text,
            reason: row.reason,
            entered_by_id: row.entered_by_id,
            entered_by: row.entered_by,
            entered_at: row.entered_at,
        }
    }
}

impl TryFrom<EntryFile> for ConversationView {
    type Error = StoreError;

    fn try_from(mut file: EntryFile) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "journal_entry", column };
        Ok(Self {
            form: file.form.take().ok_or_else(|| corrupt("form"))?,
            minutes: file.minutes,
            took_part: file.took_part.take().ok_or_else(|| corrupt("took_part"))?,
            young_person_took_part: file
                .young_person_took_part
                .ok_or_else(|| corrupt("young_person_took_part"))?,
            entry: file.try_into()?,
        })
    }
}

impl TryFrom<EntryFile> for NoteView {
    type Error = StoreError;

    fn try_from(file: EntryFile) -> Result<Self, StoreError> {
        Ok(Self { entry: file.try_into()? })
    }
}

/// A view of an entry, of either kind.
trait View: Serialize + TryFrom<EntryFile, Error = StoreError> {
    /// The action that writes such an entry.
    type Write: WritesEntry;
    /// Which kind.
    const KIND: EntryKind;
    /// Its path.
    const PATH: &'static str;
    /// That it was corrected.
    const CORRECTED: EventKind;

    /// What both kinds have.
    fn entry(&self) -> &EntryView;
}

impl View for ConversationView {
    type Write = WriteConversation;
    const KIND: EntryKind = EntryKind::Conversation;
    const PATH: &'static str = "/api/v1/conversations";
    const CORRECTED: EventKind = EventKind::ConversationCorrected;

    fn entry(&self) -> &EntryView {
        &self.entry
    }
}

impl View for NoteView {
    type Write = WriteNote;
    const KIND: EntryKind = EntryKind::Note;
    const PATH: &'static str = "/api/v1/notes";
    const CORRECTED: EventKind = EventKind::NoteCorrected;

    fn entry(&self) -> &EntryView {
        &self.entry
    }
}

/// Writes an entry down.
async fn write<V: View>(
    tx: &mut Tx,
    young_person: Uuid,
    entry: &Entry,
    kind: EventKind,
) -> Result<Answer, ApiError> {
    let actor = tx.actor().await?;
    let case = tx.case_of(young_person.into()).await?;
    let case = case.at(Row::new(entry.information_area));
    let permit = authorize::<V::Write>(&actor, Scope::Case(&case))?;
    let took_place_at = happened_at(entry.took_place_at, tx.now());
    let entry = &Entry { took_place_at, ..entry.clone() };
    entry.write(tx.now())?;
    let id = tx.write_entry(&permit, case.young_person, entry).await?;
    tx.record(&permit, Change { subject: &id, kind, payload: entry }).await?;
    // Answered before: with what it ends, the access of who was asked to guide ends too (AB-1).
    let answer = written::<V>(tx, id.0).await?;
    tx.reckon_deadlines(case.young_person).await?;
    Ok(answer)
}

/// Puts a correction beside an entry.
async fn correct<V: View>(
    tx: &mut Tx,
    id: Uuid,
    correction: &Correction,
) -> Result<Answer, ApiError> {
    let actor = tx.actor().await?;
    let entry = tx.entry_file(V::KIND, id.into()).await?.ok_or(ApiError::NotFound)?;
    let case = tx.case_of(entry.young_person_id.into()).await?.at(entry.row()?);
    let permit = authorize::<V::Write>(&actor, Scope::Case(&case))?;
    tx.correct_entry(&permit, &entry, correction).await?;
    let change = Change { subject: &id, kind: V::CORRECTED, payload: correction };
    tx.record(&permit, change).await?;
    written::<V>(tx, id).await
}

/// 201 with the entry as it is now.
async fn written<V: View>(tx: &mut Tx, id: Uuid) -> Result<Answer, ApiError> {
    let file = tx.entry_file(V::KIND, id.into()).await?.ok_or(StoreError::Hidden)?;
    let young_person = file.young_person_id.into();
    let view = V::try_from(file)?;
    created(view.entry().version, format!("{}/{id}", V::PATH), Some(young_person), &view)
}

/// One entry, as the caller sees it.
async fn read<V: View>(
    edge: &Edge,
    caller: &Caller,
    name: &'static str,
    id: Uuid,
) -> Result<V, ApiError> {
    edge.read(caller, name, Some(id), async |tx| {
        let actor = tx.actor().await?;
        let entry = tx.entry_file(V::KIND, id.into()).await?.ok_or(ApiError::NotFound)?;
        let case = tx.case_of(entry.young_person_id.into()).await?;
        let permit = authorize::<ReadJournal>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        Ok(entry.try_into()?)
    })
    .await
}

/// A page of entries, newest first.
async fn list<V: View>(
    edge: &Edge,
    caller: &Caller,
    name: &'static str,
    young_person: Uuid,
    query: &ListEntries,
) -> Result<Page<V>, ApiError> {
    let asked = Asked::new(edge, caller, query.limit, query.cursor.as_deref())?;
    let page = edge
        .read(caller, name, Some(young_person), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of(young_person.into()).await?;
            let permit = authorize::<ReadJournal>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let (whose, limit) = (case.young_person, asked.limit + 1);
            let rows = tx.entry_files(V::KIND, whose, asked.after, limit).await?;
            Ok::<_, ApiError>(asked.page(rows, |row| (row.took_place_at, row.id), Clone::clone))
        })
        .await?;
    let items: Result<_, StoreError> = page.items.into_iter().map(V::try_from).collect();
    Ok(Page { items: items?, next_cursor: page.next_cursor })
}
