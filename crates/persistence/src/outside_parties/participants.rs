//! People outside who take part in a plan, and what was sent to them (PL-16).

use super::{Recorded, basis, disclosure, ensure_changed};
use crate::access::row_of;
use crate::error::StoreError;
use crate::plans::follow_up::Author;
use crate::schema::{employee, external_disclosure, external_participant};
use crate::store::Tx;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::policy::AmendPlan;
use domain::access::{Areas, InformationArea, Permit};
use domain::disclosures::BasisKind;
use domain::ids::{ExternalParticipantId, PlanId};
use domain::outside_parties::{Consent, ExternalParticipant, Ground, OutsideEvent, Sending};
use domain::plans::Plan;
use uuid::Uuid;

/// Somebody outside with what was sent to them, as far as the caller sees it.
#[derive(Debug, Clone)]
pub struct ParticipantFile {
    /// Who.
    pub participant: Recorded<ExternalParticipant>,
    /// The latest first.
    pub sent: Vec<SentRow>,
}

/// Something that was sent.
#[derive(Debug, Clone)]
pub struct SentRow {
    /// Ours.
    pub id: Uuid,
    /// What, when, and on which basis.
    pub sending: Sending,
    /// Who wrote it down.
    pub author: Author,
    /// When.
    pub entered_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = external_participant)]
struct ParticipantRow {
    id: Uuid,
    plan_id: Uuid,
    information_area: i32,
    writing_unit_id: Uuid,
    name: String,
    role: String,
    role_words: Option<String>,
    organisation: Option<String>,
    contact: Option<String>,
    basis_kind: String,
    basis_paragraph: Option<String>,
    basis_words: String,
    consent_given_on: Option<NaiveDate>,
    consent_areas: Option<i32>,
    consent_until: Option<NaiveDate>,
    consent_withdrawn_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    entered_at: DateTime<Utc>,
    version: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = external_disclosure)]
struct DisclosureRow {
    id: Uuid,
    participant_id: Uuid,
    information_area: i32,
    told: String,
    on_day: NaiveDate,
    basis_kind: String,
    basis_paragraph: Option<String>,
    basis_words: String,
    entered_at: DateTime<Utc>,
}

impl Tx {
    /// Names somebody outside. It opens nothing to anybody.
    pub async fn name_external_participant(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        new: &ExternalParticipant,
    ) -> Result<ExternalParticipantId, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let (kind, paragraph, words, consent) = match &new.ground {
            Ground::Consent(given) => (BasisKind::Consent, None, &*given.purpose, Some(given)),
            Ground::Without(basis) => (basis.kind(), basis.paragraph(), basis.words(), None),
        };
        diesel::insert_into(external_participant::table)
            .values((
                external_participant::id.eq(id),
                external_participant::plan_id.eq(plan.id.0),
                external_participant::young_person_id.eq(plan.young_person.0),
                external_participant::information_area.eq(new.information_area.bit()),
                external_participant::writing_unit_id.eq(permit.unit().0),
                external_participant::name.eq(&new.name),
                external_participant::role.eq(<&str>::from(new.role)),
                external_participant::role_words.eq(&new.role_words),
                external_participant::organisation.eq(&new.organisation),
                external_participant::contact.eq(&new.contact),
                external_participant::basis_kind.eq(<&str>::from(kind)),
                external_participant::basis_paragraph.eq(paragraph),
                external_participant::basis_words.eq(words),
                external_participant::consent_given_on.eq(consent.map(|given| given.given_on)),
                external_participant::consent_areas.eq(consent.map(|given| given.areas.0)),
                external_participant::consent_until.eq(consent.and_then(|given| given.until)),
                external_participant::entered_by_id.eq(permit.employee().0),
                external_participant::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id.into())
    }

    /// Somebody outside; none where they do not exist for the caller.
    pub async fn external_participant(
        &mut self,
        id: ExternalParticipantId,
    ) -> Result<Option<Recorded<ExternalParticipant>>, StoreError> {
        let row: Option<(ParticipantRow, Author)> = external_participant::table
            .inner_join(employee::table.on(employee::id.eq(external_participant::entered_by_id)))
            .filter(external_participant::id.eq(id.0))
            .select((ParticipantRow::as_select(), Author::as_select()))
            .first(self.conn())
            .await
            .optional()?;
        row.map(TryInto::try_into).transpose()
    }

    /// Those outside who take part or took part in a plan, the latest first.
    pub async fn external_participants(
        &mut self,
        plan: PlanId,
    ) -> Result<Vec<ParticipantFile>, StoreError> {
        let participants: Vec<(ParticipantRow, Author)> = external_participant::table
            .inner_join(employee::table.on(employee::id.eq(external_participant::entered_by_id)))
            .filter(external_participant::plan_id.eq(plan.0))
            .order((external_participant::entered_at.desc(), external_participant::id.desc()))
            .select((ParticipantRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        let sent: Vec<(DisclosureRow, Author)> = external_disclosure::table
            .inner_join(employee::table.on(employee::id.eq(external_disclosure::entered_by_id)))
            .filter(external_disclosure::plan_id.eq(plan.0))
            .order((external_disclosure::on_day.desc(), external_disclosure::id.desc()))
            .select((DisclosureRow::as_select(), Author::as_select()))
            .load(self.conn())
            .await?;
        let mut files: Vec<ParticipantFile> = participants
            .into_iter()
            .map(|row| Ok(ParticipantFile { participant: row.try_into()?, sent: Vec::new() }))
            .collect::<Result<_, StoreError>>()?;
        for (row, author) in sent {
            let to = row.participant_id;
            if let Some(file) = files.iter_mut().find(|file| file.participant.id == to) {
                file.sent.push((row, author).try_into()?);
            }
        }
        Ok(files)
    }

    /// Records what was sent to somebody outside. One whose consent does not cover it breaks the rule
    /// `external-participant.no-basis`.
    pub async fn add_sending(
        &mut self,
        permit: &Permit<AmendPlan>,
        plan: &Plan,
        to: ExternalParticipantId,
        new: &Sending,
    ) -> Result<Uuid, StoreError> {
        let (id, now) = (Uuid::now_v7(), self.now());
        let basis = &new.disclosure.basis;
        diesel::insert_into(external_disclosure::table)
            .values((
                external_disclosure::id.eq(id),
                external_disclosure::participant_id.eq(to.0),
                external_disclosure::plan_id.eq(plan.id.0),
                external_disclosure::young_person_id.eq(plan.young_person.0),
                external_disclosure::information_area.eq(new.information_area.bit()),
                external_disclosure::writing_unit_id.eq(permit.unit().0),
                external_disclosure::told.eq(&new.what),
                external_disclosure::on_day.eq(new.disclosure.on),
                external_disclosure::basis_kind.eq(<&str>::from(basis.kind())),
                external_disclosure::basis_paragraph.eq(basis.paragraph()),
                external_disclosure::basis_words.eq(basis.words()),
                external_disclosure::entered_by_id.eq(permit.employee().0),
                external_disclosure::entered_at.eq(now),
            ))
            .execute(self.conn())
            .await?;
        Ok(id)
    }

    /// Stores what ends.
    pub async fn store_external_participant(
        &mut self,
        permit: &Permit<AmendPlan>,
        participant: &Recorded<ExternalParticipant>,
        event: OutsideEvent,
    ) -> Result<(), StoreError> {
        let row = diesel::update(external_participant::table.find(participant.id))
            .filter(external_participant::young_person_id.eq(permit.person()?.0))
            .filter(external_participant::version.eq(participant.version));
        let version = external_participant::version.eq(participant.version + 1);
        let changed = match event {
            OutsideEvent::ConsentWithdrawn { withdrawn_on } => {
                row.set((version, external_participant::consent_withdrawn_on.eq(withdrawn_on)))
                    .execute(self.conn())
                    .await?
            }
            OutsideEvent::Ended { ended_on } => {
                row.set((version, external_participant::ended_on.eq(ended_on)))
                    .execute(self.conn())
                    .await?
            }
        };
        ensure_changed(changed)
    }
}

impl TryFrom<(ParticipantRow, Author)> for Recorded<ExternalParticipant> {
    type Error = StoreError;

    fn try_from((row, author): (ParticipantRow, Author)) -> Result<Self, StoreError> {
        const TABLE: &str = "external_participant";
        let corrupt = |column| StoreError::Corrupt { table: TABLE, column };
        let consent = row.consent_given_on.zip(row.consent_areas);
        let ground = if let Some((given_on, areas)) = consent {
            Ground::Consent(Consent {
                given_on,
                purpose: row.basis_words,
                areas: Areas(areas),
                until: row.consent_until,
                withdrawn_on: row.consent_withdrawn_on,
            })
        } else {
            let basis = basis(TABLE, &row.basis_kind, row.basis_paragraph, row.basis_words)?;
            Ground::new(None, Some(basis)).ok_or_else(|| corrupt("consent_given_on"))?
        };
        let area = InformationArea::of_bit(row.information_area);
        let thing = ExternalParticipant {
            information_area: area.ok_or_else(|| corrupt("information_area"))?,
            name: row.name,
            role: row.role.parse().map_err(|_| corrupt("role"))?,
            role_words: row.role_words,
            organisation: row.organisation,
            contact: row.contact,
            ground,
            ended_on: row.ended_on,
        };
        Ok(Self {
            id: row.id,
            plan: row.plan_id,
            row: row_of(TABLE, row.information_area, row.writing_unit_id)?,
            thing,
            author,
            entered_at: row.entered_at,
            version: row.version,
        })
    }
}

impl TryFrom<(DisclosureRow, Author)> for SentRow {
    type Error = StoreError;

    fn try_from((row, author): (DisclosureRow, Author)) -> Result<Self, StoreError> {
        const TABLE: &str = "external_disclosure";
        let corrupt = StoreError::Corrupt { table: TABLE, column: "information_area" };
        let (kind, paragraph) = (row.basis_kind, row.basis_paragraph);
        let sending = Sending {
            information_area: InformationArea::of_bit(row.information_area).ok_or(corrupt)?,
            what: row.told,
            disclosure: disclosure(TABLE, row.on_day, &kind, paragraph, row.basis_words)?,
        };
        Ok(Self { id: row.id, sending, author, entered_at: row.entered_at })
    }
}
