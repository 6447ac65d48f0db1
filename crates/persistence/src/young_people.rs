//! Young people and their CPR numbers (YP-1 to YP-7).

pub mod views;

use crate::error::StoreError;
use crate::jobs::JobKind;
use crate::schema::{coordination, person_identifier, young_person};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::access::Permit;
use domain::access::policy::{AmendYoungPerson, OpenPlan, ReadCpr, RegisterYoungPerson};
use domain::calendar::day_of;
use domain::ids::YoungPersonId;
use domain::organisation::Department;
use domain::young_people::{Cpr, CprKind};
use uuid::Uuid;

/// A young person as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = young_person)]
pub struct YoungPersonRow {
    /// Ours.
    pub id: Uuid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// From the CPR number.
    pub birth_date: NaiveDate,
    /// When they were registered.
    pub registered_at: DateTime<Utc>,
    /// The `ETag`.
    pub version: i64,
}

diesel::define_sql_function! {
    /// The young person with this number, if the caller has an access basis.
    fn person_of_mine(number: Binary) -> Nullable<SqlUuid>;
}

/// By which key a number is looked up.
pub(crate) const CPR_DIGEST: &str = "cpr";

impl Tx {
    /// Registers a young person, with the basis of the registering unit (D-9). A number that is
    /// anybody's already breaks the rule `young-person.already-registered` (YP-2).
    pub async fn register(
        &mut self,
        permit: &Permit<RegisterYoungPerson>,
        cpr: &Cpr,
        given_name: &str,
        family_name: &str,
    ) -> Result<YoungPersonId, StoreError> {
        let id = YoungPersonId(Uuid::now_v7());
        let now = self.now();
        diesel::insert_into(young_person::table)
            .values((
                young_person::id.eq(id.0),
                young_person::writing_unit_id.eq(permit.unit().0),
                young_person::given_name.eq(given_name),
                young_person::family_name.eq(family_name),
                young_person::birth_date.eq(cpr.birth_date()),
                young_person::registered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        self.grant_first(permit, id).await?;
        self.add_identifier(id, permit.unit().0, cpr).await?;
        self.check_gave_access().await?;
        Ok(id)
    }

    /// The young person with this number, if the caller has an access basis. The work is the same whether the number is
    /// registered or not, so the response time reveals nothing (AC-19).
    pub async fn find_by_cpr(&mut self, cpr: &Cpr) -> Result<Option<YoungPersonId>, StoreError> {
        let digest = self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes());
        let found: Option<Uuid> =
            diesel::select(person_of_mine(digest)).get_result(self.conn()).await?;
        Ok(found.map(Into::into))
    }

    /// Who the young person is; none where they do not exist for the caller.
    pub async fn young_person(
        &mut self,
        id: YoungPersonId,
    ) -> Result<Option<YoungPersonRow>, StoreError> {
        Ok(young_person::table
            .find(id.0)
            .select(YoungPersonRow::as_select())
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Who the young person is, locked until the transaction ends.
    pub async fn lock_young_person(
        &mut self,
        id: YoungPersonId,
    ) -> Result<Option<YoungPersonRow>, StoreError> {
        Ok(young_person::table
            .find(id.0)
            .select(YoungPersonRow::as_select())
            .for_no_key_update()
            .first(self.conn())
            .await
            .optional()?)
    }

    /// Changes names, and the number if there is one: the number until now stays theirs, of the past. An earlier number of
    /// theirs becomes the current one again (YP-2).
    pub async fn amend_young_person(
        &mut self,
        permit: &Permit<AmendYoungPerson>,
        person: &YoungPersonRow,
        new_cpr: Option<&Cpr>,
    ) -> Result<YoungPersonRow, StoreError> {
        let birth_date = new_cpr.map_or(person.birth_date, Cpr::birth_date);
        let amended: YoungPersonRow = diesel::update(young_person::table.find(person.id))
            .filter(young_person::version.eq(person.version))
            .set((
                young_person::given_name.eq(&person.given_name),
                young_person::family_name.eq(&person.family_name),
                young_person::birth_date.eq(birth_date),
                young_person::version.eq(person.version + 1),
            ))
            .returning(YoungPersonRow::as_returning())
            .get_result(self.conn())
            .await
            .optional()?
            .ok_or(StoreError::Stale)?;
        if let Some(cpr) = new_cpr {
            let today = day_of(self.now());
            let digest = self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes());
            let theirs = person_identifier::young_person_id.eq(person.id);
            diesel::update(person_identifier::table)
                .filter(theirs)
                .filter(person_identifier::valid_to.is_null())
                .filter(person_identifier::digest.ne(&digest))
                .set(person_identifier::valid_to.eq(today))
                .execute(self.conn())
                .await?;
            let earlier: Option<Uuid> = diesel::update(person_identifier::table)
                .filter(theirs)
                .filter(person_identifier::digest.eq(&digest))
                .set(person_identifier::valid_to.eq(None::<NaiveDate>))
                .returning(person_identifier::id)
                .get_result(self.conn())
                .await
                .optional()?;
            let given = match earlier {
                Some(earlier) => earlier,
                None => self.add_identifier(person.id.into(), permit.unit().0, cpr).await?,
            };
            // The job runs after the response, so that the response time does not reveal whether another young person
            // has the number (AC-19).
            self.add_job_at(self.now(), JobKind::NumberGiven, &given.to_string()).await?;
        }
        Ok(amended)
    }

    /// Reads the current number out (YP-4).
    pub async fn read_cpr(
        &mut self,
        permit: &Permit<ReadCpr>,
    ) -> Result<(String, CprKind), StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "person_identifier", column };
        let whose = permit.young_person().ok_or_else(|| corrupt("young_person_id"))?;
        let (kind, key_id, cipher): (String, i16, Vec<u8>) = person_identifier::table
            .filter(person_identifier::young_person_id.eq(whose.0))
            .filter(person_identifier::valid_to.is_null())
            .select((person_identifier::kind, person_identifier::key_id, person_identifier::cipher))
            .first(self.conn())
            .await?;
        let digits = self.vault().open(key_id, &cipher, whose.0.as_bytes())?;
        let digits = String::from_utf8(digits).map_err(|_| corrupt("cipher"))?;
        Ok((digits, kind.parse().map_err(|_| corrupt("kind"))?))
    }

    /// The first coordinating department of a young person: the one that opens their first plan.
    pub async fn coordinate_first(
        &mut self,
        permit: &Permit<OpenPlan>,
        young_person: YoungPersonId,
        department: Department,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let known: i64 = coordination::table
            .filter(coordination::young_person_id.eq(young_person.0))
            .count()
            .get_result(self.conn())
            .await?;
        if known == 0 {
            diesel::insert_into(coordination::table)
                .values((
                    coordination::young_person_id.eq(young_person.0),
                    coordination::from_at.eq(now),
                    coordination::writing_unit_id.eq(permit.unit().0),
                    coordination::department.eq(department.as_ref()),
                ))
                .execute(self.conn())
                .await?;
        }
        Ok(())
    }

    async fn add_identifier(
        &mut self,
        whose: YoungPersonId,
        unit: Uuid,
        cpr: &Cpr,
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let vault = self.vault();
        let (key_id, cipher) = vault.seal(cpr.digits().as_bytes(), whose.0.as_bytes())?;
        let today = day_of(self.now());
        diesel::insert_into(person_identifier::table)
            .values((
                person_identifier::id.eq(id),
                person_identifier::young_person_id.eq(whose.0),
                person_identifier::writing_unit_id.eq(unit),
                person_identifier::kind.eq(<&str>::from(cpr.kind())),
                person_identifier::cipher.eq(cipher),
                person_identifier::digest.eq(vault.digest(CPR_DIGEST, cpr.digits().as_bytes())),
                person_identifier::key_id.eq(key_id),
                person_identifier::valid_from.eq(today),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }
}

/// Checks the new number of a young person: if another young person has it, the unit that has that case receives a task
/// to check it (YP-2).
pub(crate) async fn number_given(
    conn: &mut AsyncPgConnection,
    subject: &str,
) -> Result<(), StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: "job", column: "subject" };
    diesel::sql_query("SELECT ask_to_check_number($1, $2)")
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(Uuid::parse_str(subject).map_err(corrupt)?)
        .execute(conn)
        .await?;
    Ok(())
}
