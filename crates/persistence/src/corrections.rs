//! Corrections and merges (YP-8). The functions of the database do them, in one step each.

use crate::error::StoreError;
use crate::schema::{correction, intervention, merge, young_person};
use crate::store::Tx;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::families::Corrects;
use domain::access::policy::MergeYoungPeople;
use domain::access::{Case, Permit};
use domain::corrections::Written;
use domain::ids::{CorrectionId, MergeId, YoungPersonId};
use uuid::Uuid;

diesel::define_sql_function! {
    /// Voids what was written; false where the caller's units wrote no such thing.
    fn void_written(correction: SqlUuid, target: Text, thing: SqlUuid, person: SqlUuid, why: Text) -> Bool;
}
diesel::define_sql_function! {
    /// Moves what was written; false where the caller's units wrote no such thing.
    fn move_written(away: SqlUuid, here: SqlUuid, target: Text, thing: SqlUuid, person: SqlUuid, other: SqlUuid, why: Text) -> Bool;
}
diesel::define_sql_function! {
    /// Merges two registrations; false where the caller does not see both.
    fn merge_young_people(merge: SqlUuid, kept: SqlUuid, merged: SqlUuid, unit: SqlUuid, why: Text) -> Bool;
}
diesel::define_sql_function! {
    /// Undoes a merge; false where it is undone already.
    fn undo_merge(merge: SqlUuid, why: Text) -> Bool;
}

/// Something that was written on the wrong young person.
#[derive(Debug, Clone, Copy)]
pub struct Mistake<'a> {
    /// On whom.
    pub young_person: YoungPersonId,
    /// What.
    pub written: Written,
    /// Which one.
    pub id: Uuid,
    /// Why it is corrected.
    pub reason: &'a str,
}

/// A correction as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = correction)]
pub struct CorrectionRow {
    /// Ours.
    pub id: Uuid,
    /// What was done.
    pub act: String,
    /// The table of what was written.
    pub written: String,
    /// Which row.
    pub written_id: Uuid,
    /// Where it was moved to or from.
    pub other_id: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub corrected_by_id: Uuid,
    /// When.
    pub corrected_at: DateTime<Utc>,
}

/// A merge as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = merge)]
pub struct MergeRow {
    /// Ours.
    pub id: Uuid,
    /// The registration that was kept.
    pub young_person_id: Uuid,
    /// The one that was merged into it.
    pub merged_id: Uuid,
    /// Why.
    pub reason: String,
    /// By whom.
    pub merged_by_id: Uuid,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// Why it was undone.
    pub undo_reason: Option<String>,
    /// By whom.
    pub undone_by_id: Option<Uuid>,
    /// When.
    pub undone_at: Option<DateTime<Utc>>,
    /// The `ETag`.
    pub version: i64,
}

impl Tx {
    /// Voids what was written, with all that hangs on it; none where the caller's units wrote no such thing.
    pub async fn void<A: Corrects>(
        &mut self,
        permit: &Permit<A>,
        mistake: &Mistake<'_>,
    ) -> Result<Option<CorrectionId>, StoreError> {
        let Mistake { young_person, written, id, reason } = *mistake;
        permit.for_person(young_person)?;
        let offers = self.offers_of(written, id).await?;
        let new = Uuid::now_v7();
        let voided: bool =
            diesel::select(void_written(new, written.table(), id, young_person.0, reason))
                .get_result(self.conn())
                .await?;
        if !voided {
            self.does_not_see(id);
        }
        // What it held is free.
        for code in offers {
            self.serve_line(&code).await?;
        }
        Ok(voided.then_some(new.into()))
    }

    /// The offers in which the intervention, or those of the plan, may hold a place.
    async fn offers_of(&mut self, written: Written, id: Uuid) -> Result<Vec<String>, StoreError> {
        if !matches!(written, Written::Plan | Written::Intervention) {
            return Ok(Vec::new());
        }
        Ok(intervention::table
            .filter(intervention::id.eq(id).or(intervention::plan_id.eq(id)))
            .filter(intervention::catalogue_code.is_not_null())
            .select(intervention::catalogue_code.assume_not_null())
            .distinct()
            .load(self.conn())
            .await?)
    }

    /// Moves what was written to another young person whom the caller may correct as well; none where the
    /// caller's units wrote no such thing. Gives the corrections of the one and of the other.
    pub async fn move_to<A: Corrects>(
        &mut self,
        (permit, there): (&Permit<A>, &Permit<A>),
        mistake: &Mistake<'_>,
        other: YoungPersonId,
    ) -> Result<Option<[CorrectionId; 2]>, StoreError> {
        let Mistake { young_person, written, id, reason } = *mistake;
        permit.for_person(young_person)?;
        there.for_person(other)?;
        let [away, here] = [Uuid::now_v7(), Uuid::now_v7()];
        let moved: bool = diesel::select(move_written(
            away,
            here,
            written.table(),
            id,
            young_person.0,
            other.0,
            reason,
        ))
        .get_result(self.conn())
        .await?;
        if !moved {
            self.does_not_see(id);
        }
        Ok(moved.then(|| [away.into(), here.into()]))
    }

    /// The corrections that the caller sees, newest first, `limit` of them after one.
    pub async fn corrections(
        &mut self,
        young_person: YoungPersonId,
        after: Option<Uuid>,
        limit: u8,
    ) -> Result<Vec<CorrectionRow>, StoreError> {
        Ok(correction::table
            .filter(correction::young_person_id.eq(young_person.0))
            .filter(correction::id.lt(after.unwrap_or(Uuid::max())))
            .order(correction::id.desc())
            .limit(limit.into())
            .select(CorrectionRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Those of some young people whom the caller sees.
    pub async fn seen_of(&mut self, people: Vec<Uuid>) -> Result<Vec<Uuid>, StoreError> {
        Ok(young_person::table
            .filter(young_person::id.eq_any(people))
            .select(young_person::id)
            .load(self.conn())
            .await?)
    }

    /// Merges one registration into another; none where the caller does not see both any more.
    pub async fn merge(
        &mut self,
        (permit, other): (&Permit<MergeYoungPeople>, &Permit<MergeYoungPeople>),
        (kept, merged): (YoungPersonId, YoungPersonId),
        reason: &str,
    ) -> Result<Option<MergeRow>, StoreError> {
        permit.for_person(kept)?;
        other.for_person(merged)?;
        let new = Uuid::now_v7();
        let merged: bool =
            diesel::select(merge_young_people(new, kept.0, merged.0, permit.unit().0, reason))
                .get_result(self.conn())
                .await?;
        if merged { self.merge_row(new).await } else { Ok(None) }
    }

    async fn merge_row(&mut self, id: Uuid) -> Result<Option<MergeRow>, StoreError> {
        Ok(merge::table
            .find(id)
            .select(MergeRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// A merge, with how the caller stands to the young person; none where it does not exist for them.
    pub async fn merge_of(&mut self, id: MergeId) -> Result<Option<(Case, MergeRow)>, StoreError> {
        let Some(row) = self.merge_row(id.0).await? else { return Ok(None) };
        Ok(Some((self.case_of(row.young_person_id.into()).await?, row)))
    }

    /// All merges into a young person, the latest first.
    pub async fn merges(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<MergeRow>, StoreError> {
        Ok(merge::table
            .filter(merge::young_person_id.eq(young_person.0))
            .order((merge::merged_at.desc(), merge::id.desc()))
            .select(MergeRow::as_select())
            .load(self.conn())
            .await?)
    }

    /// Undoes a merge; none where somebody else did meanwhile.
    pub async fn undo_merge(
        &mut self,
        permit: &Permit<MergeYoungPeople>,
        row: &MergeRow,
        reason: &str,
    ) -> Result<Option<MergeRow>, StoreError> {
        permit.for_person(row.young_person_id.into())?;
        let undone: bool =
            diesel::select(undo_merge(row.id, reason)).get_result(self.conn()).await?;
        // Not read again: the caller's only basis may have gone back with it.
        Ok(undone.then(|| MergeRow {
            undo_reason: Some(reason.to_owned()),
            undone_by_id: Some(permit.employee().0),
            undone_at: Some(self.now()),
            version: row.version + 1,
            ..row.clone()
        }))
    }
}
