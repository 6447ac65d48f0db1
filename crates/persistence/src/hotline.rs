//! Contacts of the hotline: as they were logged, and what became of them (HL-1 to HL-10).

pub mod consequences;
pub mod views;

use crate::error::StoreError;
use crate::requests::CommandRequest;
use crate::schema::{hotline_caller, hotline_contact, hotline_duty, hotline_entry};
use crate::store::Tx;
use crate::young_people::CPR_DIGEST;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::access::families::ChangesContact;
use domain::access::policy::LogContact;
use domain::access::{InformationArea, Permit};
use domain::hotline::{
    CallerKind, Channel, Concern, Contact, EntryKind, Held, Life, State, Topic, Urgency,
};
use domain::ids::{ContactId, EmployeeId, UnitId, YoungPersonId};
use domain::young_people::Cpr;
use strum::IntoStaticStr;
use uuid::Uuid;

/// What a unit does for the hotline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Duty {
    /// Runs it.
    Contacts,
    /// Takes notifications of concern.
    Concerns,
}

/// What was told, beside what its rules ask for.
#[derive(Debug)]
pub struct Told<'a> {
    /// Who called.
    pub caller: CallerKind,
    /// Which institution that was.
    pub institution: Option<UnitId>,
    /// By which way.
    pub channel: Channel,
    /// About what.
    pub topic: Topic,
    /// How soon it is to be answered.
    pub urgency: Urgency,
    /// In words.
    pub summary: &'a str,
    /// When.
    pub called_at: DateTime<Utc>,
    /// Nothing is asked.
    pub only_information: bool,
    /// Of a 15-17-year-old who does not follow the plan (HL-9).
    pub plan_not_followed: bool,
    /// They called about the same before.
    pub earlier: Option<ContactId>,
    /// It was not for us: where they were shown to.
    pub shown_to: Option<&'a str>,
    /// The CPR number of the young person whom the contact concerns.
    pub number: Option<&'a Cpr>,
}

/// A contact that was logged by this very request before.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct LoggedBefore {
    /// Ours.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// When they called.
    #[diesel(sql_type = Timestamptz)]
    pub called_at: DateTime<Utc>,
    /// When it was noted.
    #[diesel(sql_type = Timestamptz)]
    pub logged_at: DateTime<Utc>,
    /// The last moment in which it is in time.
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
}

/// Who it was that called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hotline_caller)]
pub struct CallerRow {
    /// What they are called.
    pub name: Option<String>,
    /// How to reach them.
    pub telephone: Option<String>,
    /// How they stand to the young person.
    pub relation: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = hotline_contact)]
struct ContactRow {
    young_person_id: Option<Uuid>,
    tie_asked: bool,
    concern: Option<String>,
    assess_by: Option<DateTime<Utc>>,
    assessed_at: Option<DateTime<Utc>>,
    receipt_by: Option<NaiveDate>,
    receipted_at: Option<DateTime<Utc>>,
    due_at: DateTime<Utc>,
    state: String,
    owner_id: Option<Uuid>,
    taken_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    version: i64,
}

impl TryFrom<ContactRow> for Contact {
    type Error = StoreError;

    fn try_from(row: ContactRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "hotline_contact", column };
        let held = || {
            let (owner, taken_at) = row.owner_id.zip(row.taken_at)?;
            Some(Held { owner: owner.into(), taken_at })
        };
        let life = match row.state.parse().map_err(|_| corrupt("state"))? {
            State::Open => Some(Life::Open),
            State::Taken => held().map(Life::Taken),
            State::Answered => held()
                .zip(row.answered_at)
                .map(|(held, answered_at)| Life::Answered { held, answered_at }),
            State::Closed => held().zip(row.answered_at).zip(row.closed_at).map(
                |((held, answered_at), closed_at)| Life::Closed { held, answered_at, closed_at },
            ),
        };
        let concern = match (&row.concern, row.assess_by, row.receipt_by) {
            (Some(about), Some(assess_by), Some(receipt_by)) => Some(Concern {
                about: about.parse().map_err(|_| corrupt("concern"))?,
                assess_by,
                assessed_at: row.assessed_at,
                receipt_by,
                receipted_at: row.receipted_at,
            }),
            (None, None, None) => None,
            _ => return Err(corrupt("concern")),
        };
        Ok(Self {
            young_person: row.young_person_id.map(Into::into),
            tie_asked: row.tie_asked,
            life: life.ok_or_else(|| corrupt("state"))?,
            concern,
            due_at: row.due_at,
            version: row.version,
        })
    }
}

impl Tx {
    /// The unit that does it; none where nobody was told to.
    pub async fn on_duty(&mut self, duty: Duty) -> Result<Option<UnitId>, StoreError> {
        let unit: Option<Uuid> = hotline_duty::table
            .find(<&str>::from(duty))
            .select(hotline_duty::unit_id)
            .first(self.conn())
            .await
            .optional()?;
        Ok(unit.map(Into::into))
    }

    /// Stores the number that a locked contact is to be linked to, or removes it: the job links it after the response (AC-19).
    pub async fn tie_to_number(
        &mut self,
        _permit: &Permit<LogContact>,
        id: ContactId,
        cpr: Option<&Cpr>,
    ) -> Result<(), StoreError> {
        let digest = cpr.map(|cpr| self.number_digest(cpr));
        diesel::update(hotline_contact::table.find(id.0))
            .set(hotline_contact::tie_number.eq(digest))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    fn number_digest(&self, cpr: &Cpr) -> Vec<u8> {
        self.vault().digest(CPR_DIGEST, cpr.digits().as_bytes())
    }

    /// HL-8: the contact that the caller logged by this request before, however long ago. `None` if it has no key.
    pub async fn logged_before(
        &mut self,
        permit: &Permit<LogContact>,
        request: &CommandRequest,
    ) -> Result<Option<LoggedBefore>, StoreError> {
        let Some(digest) = self.digest_of(request) else { return Ok(None) };
        let found: Option<LoggedBefore> = diesel::sql_query("SELECT * FROM contact_of_request($1)")
            .bind::<Binary, _>(digest)
            .get_result(self.conn())
            .await
            .optional()?;
        if found.is_some() {
            self.was_allowed(permit);
        }
        Ok(found)
    }

    /// Of the key and what came under it: another contact under the same key is another.
    fn digest_of(&self, request: &CommandRequest) -> Option<Vec<u8>> {
        let value = [request.key.as_ref()?.as_bytes(), &[0], &request.content].concat();
        Some(self.vault().digest("hotline-request", &value))
    }

    /// Logs a contact, on the list of whose it is: of a concern that is the unit that takes them, and whoever logs it does not
    /// see it any more.
    pub async fn log_contact(
        &mut self,
        permit: &Permit<LogContact>,
        contact: &Contact,
        told: &Told<'_>,
        caller: &CallerRow,
        request: &CommandRequest,
    ) -> Result<ContactId, StoreError> {
        let missing = StoreError::Corrupt { table: "hotline_duty", column: "unit_id" };
        let (duty, area) = match contact.concern {
            None => (Duty::Contacts, InformationArea::EducationAndEmployment),
            Some(_) => (Duty::Concerns, InformationArea::FamilyAndSocial),
        };
        let whose = self.on_duty(duty).await?.ok_or(missing)?;
        let tie_number = told.number.map(|cpr| self.number_digest(cpr));
        let request_digest = self.digest_of(request);
        let (id, now, life, concern) = (Uuid::now_v7(), self.now(), &contact.life, contact.concern);
        diesel::insert_into(hotline_contact::table)
            .values((
                hotline_contact::id.eq(id),
                hotline_contact::young_person_id.eq(contact.young_person.map(|id| id.0)),
                hotline_contact::tie_asked.eq(contact.tie_asked),
                hotline_contact::information_area.eq(area.bit()),
                hotline_contact::writing_unit_id.eq(whose.0),
                hotline_contact::logging_unit_id.eq(permit.unit().0),
                (
                    hotline_contact::caller_kind.eq(<&str>::from(told.caller)),
                    hotline_contact::institution_id.eq(told.institution.map(|unit| unit.0)),
                    hotline_contact::channel.eq(<&str>::from(told.channel)),
                    hotline_contact::topic.eq(<&str>::from(told.topic)),
                    hotline_contact::urgency.eq(<&str>::from(told.urgency)),
                    hotline_contact::summary.eq(told.summary),
                    hotline_contact::called_at.eq(told.called_at),
                    hotline_contact::logged_at.eq(now),
                    hotline_contact::logged_by_id.eq(permit.employee().0),
                    hotline_contact::only_information.eq(told.only_information),
                    hotline_contact::plan_not_followed.eq(told.plan_not_followed),
                    hotline_contact::earlier_contact_id.eq(told.earlier.map(|id| id.0)),
                    hotline_contact::shown_to.eq(told.shown_to),
                ),
                (
                    hotline_contact::concern.eq(concern.map(|it| <&str>::from(it.about))),
                    hotline_contact::assess_by.eq(concern.map(|it| it.assess_by)),
                    hotline_contact::receipt_by.eq(concern.map(|it| it.receipt_by)),
                    hotline_contact::due_at.eq(contact.due_at),
                    hotline_contact::state.eq(<&str>::from(life.state())),
                    hotline_contact::owner_id.eq(life.held().map(|held| held.owner.0)),
                    hotline_contact::taken_at.eq(life.held().map(|held| held.taken_at)),
                    hotline_contact::answered_at.eq(life.answered_at()),
                    hotline_contact::closed_at.eq(life.closed_at()),
                    hotline_contact::request_digest.eq(request_digest),
                    hotline_contact::tie_number.eq(tie_number),
                ),
            ))
            .execute(self.conn())
            .await?;
        if *caller != CallerRow::default() {
            diesel::insert_into(hotline_caller::table)
                .values((
                    hotline_caller::contact_id.eq(id),
                    hotline_caller::name.eq(&caller.name),
                    hotline_caller::telephone.eq(&caller.telephone),
                    hotline_caller::relation.eq(&caller.relation),
                ))
                .execute(self.conn())
                .await?;
        }
        Ok(id.into())
    }

    /// A contact, as its rules ask for it; none where it does not exist for the caller.
    pub async fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        let row: Option<ContactRow> = hotline_contact::table
            .find(id.0)
            .select(ContactRow::as_select())
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// The same, locked until the transaction ends; and before it whom it is tied to, and whom it is to be tied to.
    pub async fn lock_contact(
        &mut self,
        id: ContactId,
        to: Option<YoungPersonId>,
    ) -> Result<Option<Contact>, StoreError> {
        diesel::sql_query("SELECT lock_people_of_contact($1, $2)")
            .bind::<SqlUuid, _>(id.0)
            .bind::<Nullable<SqlUuid>, _>(to.map(|to| to.0))
            .execute(self.conn())
            .await?;
        let row: Option<ContactRow> = hotline_contact::table
            .find(id.0)
            .select(ContactRow::as_select())
            .for_no_key_update()
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// Stores what was decided of a contact that was locked.
    pub async fn store_contact<A: ChangesContact>(
        &mut self,
        _permit: &Permit<A>,
        id: ContactId,
        after: &Contact,
    ) -> Result<(), StoreError> {
        let (life, concern) = (&after.life, after.concern);
        let changed = diesel::update(hotline_contact::table.find(id.0))
            .filter(hotline_contact::version.eq(after.version - 1))
            .set((
                hotline_contact::young_person_id.eq(after.young_person.map(|id| id.0)),
                hotline_contact::tie_asked.eq(after.tie_asked),
                hotline_contact::state.eq(<&str>::from(life.state())),
                hotline_contact::owner_id.eq(life.held().map(|held| held.owner.0)),
                hotline_contact::taken_at.eq(life.held().map(|held| held.taken_at)),
                hotline_contact::answered_at.eq(life.answered_at()),
                hotline_contact::closed_at.eq(life.closed_at()),
                hotline_contact::assessed_at.eq(concern.and_then(|it| it.assessed_at)),
                hotline_contact::receipted_at.eq(concern.and_then(|it| it.receipted_at)),
                hotline_contact::version.eq(after.version),
            ))
            .execute(self.conn())
            .await?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Puts what was written beside a contact.
    pub async fn write_to_contact<A: ChangesContact>(
        &mut self,
        permit: &Permit<A>,
        id: ContactId,
        kind: EntryKind,
        text: &str,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let (now, by): (_, EmployeeId) = (self.now(), permit.employee());
        diesel::insert_into(hotline_entry::table)
            .values((
                hotline_entry::id.eq(Uuid::now_v7()),
                hotline_entry::contact_id.eq(id.0),
                hotline_entry::kind.eq(<&str>::from(kind)),
                hotline_entry::text.eq(text),
                hotline_entry::reason.eq(reason),
                hotline_entry::entered_by_id.eq(by.0),
                hotline_entry::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
