//! What is read of meetings: one, and all of a young person.

use crate::error::StoreError;
use crate::json_rows::FromJson;
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use domain::ids::{MeetingId, YoungPersonId};
use serde::Deserialize;
use uuid::Uuid;

/// A meeting, with those who are called and what came of it.
#[derive(Debug, Clone, QueryableByName)]
pub struct MeetingFile {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// About whom.
    #[diesel(sql_type = SqlUuid)]
    pub young_person_id: Uuid,
    /// What for.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// For which need.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub need_id: Option<Uuid>,
    /// About which pregnancy.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub pregnancy_id: Option<Uuid>,
    /// The first or the second about it.
    #[diesel(sql_type = Nullable<Integer>)]
    pub network_no: Option<i32>,
    /// Why it is without the young person.
    #[diesel(sql_type = Nullable<Text>)]
    pub without_because: Option<String>,
    /// Whose meeting.
    #[diesel(sql_type = SqlUuid)]
    pub writing_unit_id: Uuid,
    /// In which slot; none where the place is not told.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub slot_id: Option<Uuid>,
    /// In which room; none where the place is not told.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub room_id: Option<Uuid>,
    /// Where; none where it is not told.
    #[diesel(sql_type = Nullable<Text>)]
    pub place: Option<String>,
    /// Does the place give somebody away (YP-5)?
    #[diesel(sql_type = Bool)]
    pub place_protected: bool,
    /// From when.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// Until when.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// Why it is outside the windows.
    #[diesel(sql_type = Nullable<Text>)]
    pub outside_because: Option<String>,
    /// Where it is in its life.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Who called it.
    #[diesel(sql_type = SqlUuid)]
    pub called_by_id: Uuid,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub called_at: DateTime<Utc>,
    /// When it was cancelled.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    #[diesel(sql_type = Nullable<Text>)]
    pub cancel_reason: Option<String>,
    /// When it was told that it was held.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub held_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Who is called.
    #[diesel(sql_type = Json)]
    pub participants: FromJson<Vec<ParticipantRow>>,
    /// What it was before it was moved, in order.
    #[diesel(sql_type = Json)]
    pub moves: FromJson<Vec<MoveRow>>,
    /// What was said.
    #[diesel(sql_type = Nullable<Json>)]
    pub minutes: Option<FromJson<MinutesRow>>,
    /// What was decided.
    #[diesel(sql_type = Json)]
    pub decisions: FromJson<Vec<DecisionRow>>,
    /// What was agreed to do.
    #[diesel(sql_type = Json)]
    pub agreed: FromJson<Vec<AgreedRow>>,
}

/// Somebody who is called.
#[derive(Debug, Clone, Deserialize)]
pub struct ParticipantRow {
    /// Ours.
    pub id: Uuid,
    /// How they take part.
    pub party: String,
    /// Of which unit.
    pub unit_id: Option<Uuid>,
    /// Which employee.
    pub employee_id: Option<Uuid>,
    /// Which guardian; none once that was voided, or is another young person's.
    pub guardian_id: Option<Uuid>,
    /// What they are called.
    pub name: Option<String>,
    /// What somebody outside is to the young person.
    pub role: Option<String>,
    /// Of what they are.
    pub organisation: Option<String>,
    /// When they were called.
    pub invited_at: DateTime<Utc>,
    /// When they told that they cannot come.
    pub excused_at: Option<DateTime<Utc>>,
    /// Why.
    pub excuse: Option<String>,
    /// Did they come?
    pub came: Option<bool>,
    /// Why not.
    pub absence_reason: Option<String>,
    /// When the minutes were sent to them.
    pub minutes_sent_at: Option<DateTime<Utc>>,
}

/// A move.
#[derive(Debug, Clone, Deserialize)]
pub struct MoveRow {
    /// When it was to be.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Why it was moved.
    pub because: String,
    /// In words.
    pub reason: String,
    /// By whom.
    pub moved_by_id: Uuid,
    /// When.
    pub moved_at: DateTime<Utc>,
}

/// What was said.
#[derive(Debug, Clone, Deserialize)]
pub struct MinutesRow {
    /// What support they need.
    pub support_needs: Option<String>,
    /// Education.
    pub education: Option<String>,
    /// Job and income.
    pub job_and_income: Option<String>,
    /// Where they live.
    pub housing: Option<String>,
    /// Friends, family, network.
    pub social_relations: Option<String>,
    /// What else there is.
    pub other: Option<String>,
    /// Which unit receives.
    pub receiving_unit_id: Option<Uuid>,
    /// Who of them is the one responsible.
    pub responsible_id: Option<Uuid>,
}

/// A decision.
#[derive(Debug, Clone, Deserialize)]
pub struct DecisionRow {
    /// On which law.
    pub legal_basis: String,
    /// Who decides under it.
    pub deciding_unit_id: Uuid,
    /// What.
    pub words: String,
    /// From which day.
    pub from_day: NaiveDate,
    /// The last day.
    pub to_day: Option<NaiveDate>,
}

/// What was agreed to do.
#[derive(Debug, Clone, Deserialize)]
pub struct AgreedRow {
    /// Ours: the subject of its task.
    pub id: Uuid,
    /// What.
    pub what: String,
    /// By whom.
    pub employee_id: Uuid,
    /// By when.
    pub due_on: NaiveDate,
    /// Was it done?
    pub done_at: Option<DateTime<Utc>>,
}

/// The place of one that is protected is told to the unit that called it, and to those who are called (YP-5).
const FILE: &str = "
    SELECT m.id, m.young_person_id, m.kind, m.need_id, m.pregnancy_id, m.network_no, m.without_because, m.writing_unit_id,
           m.place_protected, m.starts_at, m.ends_at, m.outside_because, m.state, m.called_by_id, m.called_at, m.cancelled_at,
           m.cancel_reason, m.held_at, m.version,
           CASE WHEN told.place THEN m.slot_id END AS slot_id, CASE WHEN told.place THEN m.room_id END AS room_id,
           CASE WHEN told.place THEN r.name || ', ' || r.place END AS place,
           (SELECT coalesce(json_agg(json_build_object('id', p.id, 'party', p.party, 'unit_id', p.unit_id, 'employee_id', p.employee_id,
                'guardian_id', p.guardian_id, 'name', coalesce(e.given_name || ' ' || e.family_name, p.name), 'role', p.role,
                'organisation', p.organisation, 'invited_at', p.invited_at, 'excused_at', p.excused_at, 'excuse', p.excuse,
                'came', p.came, 'absence_reason', p.absence_reason, 'minutes_sent_at', p.minutes_sent_at)
                ORDER BY array_position(ARRAY['young-person', 'guardian', 'employee', 'outside'], p.party), p.id), '[]')
              FROM meeting_participant p LEFT JOIN employee e ON e.id = p.employee_id
             WHERE p.meeting_id = m.id) AS participants,
           (SELECT coalesce(json_agg(to_json(v) ORDER BY v.moved_at, v.id), '[]') FROM meeting_move v WHERE v.meeting_id = m.id) AS moves,
           (SELECT to_json(n) FROM meeting_minutes n WHERE n.meeting_id = m.id) AS minutes,
           (SELECT coalesce(json_agg(to_json(d) ORDER BY d.id), '[]') FROM meeting_decision d WHERE d.meeting_id = m.id) AS decisions,
           (SELECT coalesce(json_agg(json_build_object('id', k.id, 'what', k.what, 'employee_id', k.employee_id, 'due_on', k.due_on,
                'done_at', t.done_at) ORDER BY k.id), '[]')
              FROM meeting_task k LEFT JOIN task t ON t.kind = 'agreed-at-meeting' AND t.subject_id = k.id
             WHERE k.meeting_id = m.id) AS agreed
      FROM meeting m
      JOIN meeting_room r ON r.id = m.room_id
     CROSS JOIN LATERAL (SELECT NOT m.place_protected OR m.writing_unit_id = ANY (acting_holders())
            OR EXISTS (SELECT FROM meeting_participant p WHERE p.meeting_id = m.id AND p.employee_id = acting_employee()) AS place) told
     WHERE ";

impl Tx {
    /// One meeting; none where it does not exist for the caller.
    pub async fn meeting_file(&mut self, id: MeetingId) -> Result<Option<MeetingFile>, StoreError> {
        Ok(diesel::sql_query(format!("{FILE} m.id = $1"))
            .bind::<SqlUuid, _>(id.0)
            .get_result(self.conn())
            .await
            .optional()?)
    }

    /// The meetings of a young person that the caller sees, the latest first.
    pub async fn meetings_of(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<MeetingFile>, StoreError> {
        Ok(diesel::sql_query(format!(
            "{FILE} m.young_person_id = $1 ORDER BY m.starts_at DESC, m.id DESC LIMIT 100"
        ))
        .bind::<SqlUuid, _>(young_person.0)
        .load(self.conn())
        .await?)
    }
}
