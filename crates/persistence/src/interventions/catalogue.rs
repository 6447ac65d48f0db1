//! The catalogue: what there is, who provides it, and its dated places (IV-1, IV-3).

use crate::error::StoreError;
use crate::jobs::JobKind;
use crate::schema::{catalogue_entry, catalogue_excludes, catalogue_places, catalogue_presumes};
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::Permit;
use domain::access::policy::EditCatalogue;
use domain::calendar::start_of;
use domain::courses::Presumptions;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

diesel::define_sql_function! {
    /// Draws the next number in line, and so locks the offer.
    fn draw_ticket(offer: Text) -> Nullable<BigInt>;
}
diesel::define_sql_function! {
    /// How many wait, whoever they are.
    fn waiting_count(offer: Text) -> BigInt;
}
diesel::define_sql_function! {
    /// How many more could hold a place from that day on; none where places are not limited.
    fn free_places(offer: Text, first: Date) -> Nullable<Integer>;
}

/// An entry of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = catalogue_entry, treat_none_as_null = true, primary_key(code))]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct CatalogueEntry {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Who provides it.
    pub provider_unit_id: Uuid,
    /// What it is about.
    pub area: String,
    /// Its usual length, in weeks.
    pub usual_weeks: Option<i32>,
    /// From which age, in full years.
    pub min_age: Option<i32>,
    /// To which age, in full years.
    pub max_age: Option<i32>,
    /// For which target groups; none: for all.
    pub target_groups: Vec<i32>,
    /// In a company.
    pub company_oriented: bool,
    /// May run more than once at a time for one young person (IV-2).
    pub repeatable: bool,
    /// May be referred to and started while the plan is a draft (IV-4).
    pub cannot_wait: bool,
    /// Starts only after the provider has accepted (IV-11).
    pub visitation: bool,
    /// Starts only where UU's newest intake assessment says yes (IV-11).
    pub assessment_required: bool,
    /// One adult who follows the young person: two of them at once clash.
    pub mentoring: bool,
    /// The `ETag`.
    pub version: i64,
}

/// A decided number of places, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = catalogue_places)]
pub struct DatedPlaces {
    /// Of which entry.
    pub code: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// How many; none: as many as are needed.
    pub places: Option<i32>,
    /// Why.
    pub reason: String,
}

/// An offer's places on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct PlacesOnDay {
    /// How many there are; none: not limited.
    #[diesel(sql_type = Nullable<Integer>)]
    pub places: Option<i32>,
    /// Taken by those who have started.
    #[diesel(sql_type = BigInt)]
    pub started: i64,
    /// Held by those referred or offered.
    #[diesel(sql_type = BigInt)]
    pub reserved: i64,
}

/// The numbers of young people with a place of a catalogue entry, or on its waiting list, who are visible to the
/// caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Seen {
    /// The visible young people who have started.
    #[diesel(sql_type = BigInt)]
    pub started: i64,
    /// The visible young people who are referred or have an offer.
    #[diesel(sql_type = BigInt)]
    pub reserved: i64,
    /// The visible young people on the waiting list.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
}

/// Somebody in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct InLine {
    /// Which intervention.
    #[diesel(sql_type = SqlUuid)]
    pub intervention_id: Uuid,
    /// 1 is next.
    #[diesel(sql_type = BigInt)]
    pub place_in_line: i64,
}

impl Tx {
    /// The whole catalogue, by code.
    pub async fn catalogue(
        &mut self,
    ) -> Result<(Vec<CatalogueEntry>, Vec<DatedPlaces>), StoreError> {
        let entries = catalogue_entry::table
            .order(catalogue_entry::code)
            .select(CatalogueEntry::as_select())
            .load(self.conn())
            .await?;
        let places = catalogue_places::table
            .order((catalogue_places::code, catalogue_places::from_day))
            .select(DatedPlaces::as_select())
            .load(self.conn())
            .await?;
        Ok((entries, places))
    }

    /// One entry.
    pub async fn catalogue_entry(
        &mut self,
        code: &str,
    ) -> Result<Option<CatalogueEntry>, StoreError> {
        Ok(catalogue_entry::table
            .find(code)
            .select(CatalogueEntry::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// The decided places of one entry, oldest first.
    pub async fn dated_places(&mut self, code: &str) -> Result<Vec<DatedPlaces>, StoreError> {
        Ok(catalogue_places::table
            .filter(catalogue_places::code.eq(code))
            .order(catalogue_places::from_day)
            .select(DatedPlaces::as_select())
            .load(self.conn())
            .await?)
    }

    /// What every entry presumes, and what it excludes or is excluded by.
    pub async fn all_presumptions(&mut self) -> Result<HashMap<String, Presumptions>, StoreError> {
        let presumed: Vec<(String, String)> = catalogue_presumes::table
            .order((catalogue_presumes::code, catalogue_presumes::presumed_code))
            .load(self.conn())
            .await?;
        let excluded: Vec<(String, String)> = catalogue_excludes::table.load(self.conn()).await?;
        let mut all: HashMap<String, Presumptions> = HashMap::new();
        for (code, presumes) in presumed {
            all.entry(code).or_default().presumes.push(presumes);
        }
        let both_ways =
            excluded.into_iter().flat_map(|(one, two)| [(one.clone(), two.clone()), (two, one)]);
        for (code, excludes) in both_ways.collect::<BTreeSet<_>>() {
            all.entry(code).or_default().excludes.push(excludes);
        }
        Ok(all)
    }

    /// What one entry presumes, and what it excludes or is excluded by.
    pub async fn presumptions_of(&mut self, code: &str) -> Result<Presumptions, StoreError> {
        Ok(self.all_presumptions().await?.remove(code).unwrap_or_default())
    }

    /// Stores what an entry presumes and excludes, in the place of what it said before.
    pub async fn store_presumptions(
        &mut self,
        _permit: &Permit<EditCatalogue>,
        code: &str,
        presumes: &[String],
        excludes: &[String],
    ) -> Result<(), StoreError> {
        diesel::delete(catalogue_presumes::table.filter(catalogue_presumes::code.eq(code)))
            .execute(self.conn())
            .await?;
        diesel::delete(catalogue_excludes::table.filter(catalogue_excludes::code.eq(code)))
            .execute(self.conn())
            .await?;
        store_presumptions(self.conn(), code, presumes, excludes).await
    }

    /// Stores an entry, new or changed; refused as stale where somebody changed it meanwhile.
    pub async fn store_catalogue_entry(
        &mut self,
        _permit: &Permit<EditCatalogue>,
        entry: &CatalogueEntry,
        read: Option<i64>,
    ) -> Result<(), StoreError> {
        let changed = match read {
            None => {
                diesel::insert_into(catalogue_entry::table)
                    .values(entry)
                    .on_conflict_do_nothing()
                    .execute(self.conn())
                    .await?
            }
            Some(read) => {
                diesel::update(catalogue_entry::table.find(&entry.code))
                    .filter(catalogue_entry::version.eq(read))
                    .set(entry)
                    .execute(self.conn())
                    .await?
            }
        };
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Decides places from a day on. Fewer than are held breaks the rule `catalogue.places-held`; more
    /// serve the line when this transaction has committed.
    pub async fn set_places(
        &mut self,
        permit: &Permit<EditCatalogue>,
        code: &str,
        from_day: NaiveDate,
        places: Option<i32>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let values = (
            catalogue_places::places.eq(places),
            catalogue_places::reason.eq(reason),
            catalogue_places::decided_by_id.eq(permit.employee().0),
        );
        diesel::insert_into(catalogue_places::table)
            .values((
                catalogue_places::code.eq(code),
                catalogue_places::from_day.eq(from_day),
                values,
            ))
            .on_conflict((catalogue_places::code, catalogue_places::from_day))
            .do_update()
            .set(values)
            .execute(self.conn())
            .await?;
        // What was decided for a later day falls free then.
        if start_of(from_day) > self.now() {
            self.add_job_at(start_of(from_day), JobKind::ServeLine, code).await?;
        }
        self.serve_line(code).await
    }

    /// Draws the next number in line, and so locks the offer until the transaction ends: whoever comes
    /// to count its places does so after this (D-14). None where there is no such offer.
    pub async fn draw_ticket(&mut self, code: &str) -> Result<Option<i64>, StoreError> {
        Ok(diesel::select(draw_ticket(code)).get_result(self.conn()).await?)
    }

    /// Locks the offer until the transaction ends, before anything of it is counted.
    pub async fn lock_offer(&mut self, code: &str) -> Result<(), StoreError> {
        diesel::sql_query("SELECT lock_offer($1)")
            .bind::<Text, _>(code)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// How many more could hold a place from `first` on; none where places are not limited.
    pub async fn free_places(
        &mut self,
        code: &str,
        first: NaiveDate,
    ) -> Result<Option<i32>, StoreError> {
        Ok(diesel::select(free_places(code, first)).get_result(self.conn()).await?)
    }

    /// An offer's places on a day.
    pub async fn places_on(
        &mut self,
        code: &str,
        on: NaiveDate,
    ) -> Result<PlacesOnDay, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM places_on($1, $2)")
            .bind::<Text, _>(code)
            .bind::<Date, _>(on)
            .get_result(self.conn())
            .await?)
    }

    /// The first who wait, in order: ids and places only, whoever they are.
    pub async fn waiting_line(
        &mut self,
        code: &str,
        first: i32,
    ) -> Result<Vec<InLine>, StoreError> {
        Ok(diesel::sql_query("SELECT * FROM waiting_line($1, $2)")
            .bind::<Text, _>(code)
            .bind::<Integer, _>(first)
            .load(self.conn())
            .await?)
    }

    /// The numbers of young people counted by [`Tx::places_on`] and [`Tx::waiting_count`] who are visible to the caller
    /// (AC-8).
    pub async fn places_seen(&mut self, code: &str, on: NaiveDate) -> Result<Seen, StoreError> {
        Ok(diesel::sql_query(
            "SELECT count(*) FILTER (WHERE i.held @> $2::date AND i.started_on IS NOT NULL) AS started,
                    count(*) FILTER (WHERE i.held @> $2::date AND i.started_on IS NULL) AS reserved,
                    count(*) FILTER (WHERE i.state = 'waiting') AS waiting
               FROM intervention i WHERE i.catalogue_code = $1 AND (i.held @> $2::date OR i.state = 'waiting')",
        )
        .bind::<Text, _>(code)
        .bind::<Date, _>(on)
        .get_result(self.conn())
        .await?)
    }

    /// How many wait.
    pub async fn waiting_count(&mut self, code: &str) -> Result<i64, StoreError> {
        Ok(diesel::select(waiting_count(code)).get_result(self.conn()).await?)
    }
}

/// Adds to what an entry presumes and excludes.
pub(crate) async fn store_presumptions(
    conn: &mut AsyncPgConnection,
    code: &str,
    presumes: &[String],
    excludes: &[String],
) -> Result<(), StoreError> {
    let presumes: Vec<_> = presumes
        .iter()
        .map(|other| {
            (catalogue_presumes::code.eq(code), catalogue_presumes::presumed_code.eq(other))
        })
        .collect();
    diesel::insert_into(catalogue_presumes::table).values(presumes).execute(conn).await?;
    let excludes: Vec<_> = excludes
        .iter()
        .map(|other| {
            (catalogue_excludes::code.eq(code), catalogue_excludes::excluded_code.eq(other))
        })
        .collect();
    diesel::insert_into(catalogue_excludes::table).values(excludes).execute(conn).await?;
    Ok(())
}
