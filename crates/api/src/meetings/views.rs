//! A meeting as it is told.

use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::meetings::{
    MeetingKind, MeetingState, MoveBecause, OutsideBecause, OutsideRole, Party,
};
use persistence::meetings::views::{
    AgreedRow, DecisionRow, MeetingFile, MinutesRow, MoveRow, ParticipantRow,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A meeting, with those who are called and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeetingView {
    id: Uuid,
    young_person_id: Uuid,
    #[schema(schema_with = schema::code::<MeetingKind>)]
    kind: String,
    /// The need it is held for; null of a network meeting.
    need_id: Option<Uuid>,
    /// The pregnancy it is about; of a network meeting.
    pregnancy_id: Option<Uuid>,
    /// The first or the second about it.
    network_no: Option<i32>,
    /// Why it is without the young person; of a sparring meeting.
    without_because: Option<String>,
    /// The unit that called it.
    unit_id: Uuid,
    /// The slot of a window; null outside of them, and where the place is not told.
    slot_id: Option<Uuid>,
    room_id: Option<Uuid>,
    place: Option<String>,
    /// The place gives somebody away: it is told to those who are called, and to the unit that called it.
    place_protected: bool,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    #[schema(schema_with = schema::optional_code::<OutsideBecause>)]
    outside_because: Option<String>,
    #[schema(schema_with = schema::code::<MeetingState>)]
    state: String,
    called_by_id: Uuid,
    called_at: DateTime<Utc>,
    cancelled_at: Option<DateTime<Utc>>,
    cancel_reason: Option<String>,
    held_at: Option<DateTime<Utc>>,
    participants: Vec<ParticipantView>,
    /// What it was before it was moved, in order.
    moves: Vec<MoveView>,
    /// Once it was held.
    minutes: Option<MinutesView>,
    decisions: Vec<DecisionView>,
    agreed: Vec<AgreedView>,
    version: i64,
}

/// Somebody who is called.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantView {
    id: Uuid,
    #[schema(schema_with = schema::code::<Party>)]
    party: String,
    unit_id: Option<Uuid>,
    employee_id: Option<Uuid>,
    /// Null once what was told of them was voided, or is another young person's.
    guardian_id: Option<Uuid>,
    /// Of all but the young person; of a guardian as they were called.
    name: Option<String>,
    #[schema(schema_with = schema::optional_code::<OutsideRole>)]
    role: Option<String>,
    organisation: Option<String>,
    invited_at: DateTime<Utc>,
    /// When they told that they cannot come.
    excused_at: Option<DateTime<Utc>>,
    excuse: Option<String>,
    /// Null until it is held.
    came: Option<bool>,
    absence_reason: Option<String>,
    minutes_sent_at: Option<DateTime<Utc>>,
}

/// When a meeting was to be before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    #[schema(schema_with = schema::code::<MoveBecause>)]
    because: String,
    reason: String,
    moved_by_id: Uuid,
    moved_at: DateTime<Utc>,
}

/// What was said, by the topics of Barnets lov § 122, and who receives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesView {
    support_needs: Option<String>,
    education: Option<String>,
    job_and_income: Option<String>,
    housing: Option<String>,
    social_relations: Option<String>,
    other: Option<String>,
    receiving_unit_id: Option<Uuid>,
    /// Who of them is the one responsible from the 18th birthday.
    responsible_id: Option<Uuid>,
}

/// A decision, and the law it stands on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    legal_basis: String,
    /// Who decides under it.
    unit_id: Uuid,
    words: String,
    from: NaiveDate,
    /// The last day.
    to: Option<NaiveDate>,
}

/// Something that was agreed to be done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreedView {
    /// The subject of its task.
    id: Uuid,
    what: String,
    employee_id: Uuid,
    due_on: NaiveDate,
    done_at: Option<DateTime<Utc>>,
}

impl From<MeetingFile> for MeetingView {
    fn from(file: MeetingFile) -> Self {
        Self {
            id: file.id,
            young_person_id: file.young_person_id,
            kind: file.kind,
            need_id: file.need_id,
            pregnancy_id: file.pregnancy_id,
            network_no: file.network_no,
            without_because: file.without_because,
            unit_id: file.writing_unit_id,
            slot_id: file.slot_id,
            room_id: file.room_id,
            place: file.place,
            place_protected: file.place_protected,
            starts_at: file.starts_at,
            ends_at: file.ends_at,
            outside_because: file.outside_because,
            state: file.state,
            called_by_id: file.called_by_id,
            called_at: file.called_at,
            cancelled_at: file.cancelled_at,
            cancel_reason: file.cancel_reason,
            held_at: file.held_at,
            participants: file.participants.0.into_iter().map(Into::into).collect(),
            moves: file.moves.0.into_iter().map(Into::into).collect(),
            minutes: file.minutes.map(|minutes| minutes.0.into()),
            decisions: file.decisions.0.into_iter().map(Into::into).collect(),
            agreed: file.agreed.0.into_iter().map(Into::into).collect(),
            version: file.version,
        }
    }
}

impl From<ParticipantRow> for ParticipantView {
    fn from(row: ParticipantRow) -> Self {
        Self {
            id: row.id,
            party: row.party,
            unit_id: row.unit_id,
            employee_id: row.employee_id,
            guardian_id: row.guardian_id,
            name: row.name,
            role: row.role,
            organisation: row.organisation,
            invited_at: row.invited_at,
            excused_at: row.excused_at,
            excuse: row.excuse,
            came: row.came,
            absence_reason: row.absence_reason,
            minutes_sent_at: row.minutes_sent_at,
        }
    }
}

impl From<MoveRow> for MoveView {
    fn from(row: MoveRow) -> Self {
        Self {
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            because: row.because,
            reason: row.reason,
            moved_by_id: row.moved_by_id,
            moved_at: row.moved_at,
        }
    }
}

impl From<MinutesRow> for MinutesView {
    fn from(row: MinutesRow) -> Self {
        Self {
            support_needs: row.support_needs,
            education: row.education,
            job_and_income: row.job_and_income,
            housing: row.housing,
            social_relations: row.social_relations,
            other: row.other,
            receiving_unit_id: row.receiving_unit_id,
            responsible_id: row.responsible_id,
        }
    }
}

impl From<DecisionRow> for DecisionView {
    fn from(row: DecisionRow) -> Self {
        Self {
            legal_basis: row.legal_basis,
            unit_id: row.deciding_unit_id,
            words: row.words,
            from: row.from_day,
            to: row.to_day,
        }
    }
}

impl From<AgreedRow> for AgreedView {
    fn from(row: AgreedRow) -> Self {
        Self {
            id: row.id,
            what: row.what,
            employee_id: row.employee_id,
            due_on: row.due_on,
            done_at: row.done_at,
        }
    }
}
