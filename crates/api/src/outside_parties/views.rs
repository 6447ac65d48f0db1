//! What is answered.

use crate::plans::by;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::InformationArea;
use domain::disclosures::{Basis, BasisKind, Receipt, SchoolAnswer};
use domain::outside_parties::{
    Consent, EducationOrder, Ground, OutsideRole, REMARK_AREAS, SupportRemark,
};
use persistence::outside_parties::{ParticipantFile, Recorded, SentRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;
use uuid::Uuid;

/// On which basis something was told.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasisView {
    #[schema(schema_with = schema::code::<BasisKind>)]
    kind: BasisKind,
    /// Which law and paragraph; of a law alone.
    paragraph: Option<String>,
    words: String,
}

/// That the school received it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    on: NaiveDate,
    /// By whom there.
    by: String,
}

/// What the school answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchoolAnswerView {
    on: NaiveDate,
    text: String,
}

/// An education order, and that the school was told of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EducationOrderView {
    id: Uuid,
    plan_id: Uuid,
    education: String,
    school: String,
    from: NaiveDate,
    /// The last day; null: none is known.
    to: Option<NaiveDate>,
    /// Who helps there.
    mentor: Option<String>,
    /// What the school was told besides the order itself.
    told: Option<String>,
    told_on: NaiveDate,
    basis: BasisView,
    receipt: Option<ReceiptView>,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
    version: i64,
}

/// A remark on support needs that was sent to a school.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupportRemarkView {
    id: Uuid,
    plan_id: Uuid,
    #[schema(schema_with = remark_area)]
    information_area: InformationArea,
    school: String,
    remark: String,
    sent_on: NaiveDate,
    basis: BasisView,
    receipt: Option<ReceiptView>,
    answer: Option<SchoolAnswerView>,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
    version: i64,
}

/// Somebody outside who takes part, and what was sent to them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalParticipantView {
    id: Uuid,
    plan_id: Uuid,
    /// What it tells of the young person that they take part.
    #[schema(schema_with = schema::code::<InformationArea>)]
    information_area: InformationArea,
    name: String,
    #[schema(schema_with = schema::code::<OutsideRole>)]
    role: OutsideRole,
    /// The role in words, where it is another.
    role_words: Option<String>,
    organisation: Option<String>,
    contact: Option<String>,
    /// The young person's consent; null: it rests on `basis`.
    consent: Option<ConsentView>,
    /// Law or necessity; null: it rests on a consent.
    basis: Option<BasisView>,
    /// What was sent, as far as the caller may see it, the latest first.
    sent: Vec<SentView>,
    /// The day on which they ceased to take part.
    ended_on: Option<NaiveDate>,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
    version: i64,
}

/// A consent to tell somebody outside.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    given_on: NaiveDate,
    purpose: String,
    #[schema(schema_with = schema::codes::<InformationArea>)]
    areas: Vec<InformationArea>,
    /// The last day; null: until it is withdrawn.
    until: Option<NaiveDate>,
    /// The first day on which it holds no more.
    withdrawn_on: Option<NaiveDate>,
}

/// What was sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentView {
    id: Uuid,
    #[schema(schema_with = schema::code::<InformationArea>)]
    information_area: InformationArea,
    what: String,
    on: NaiveDate,
    basis: BasisView,
    entered_by_id: Uuid,
    entered_by: String,
    entered_at: DateTime<Utc>,
}

/// The areas of a remark on support needs.
pub fn remark_area() -> Object {
    schema::one_of(&REMARK_AREAS)
}

impl From<Basis> for BasisView {
    fn from(basis: Basis) -> Self {
        Self {
            kind: basis.kind(),
            paragraph: basis.paragraph().map(str::to_owned),
            words: basis.words().to_owned(),
        }
    }
}

impl From<Receipt> for ReceiptView {
    fn from(Receipt { on, by }: Receipt) -> Self {
        Self { on, by }
    }
}

impl From<SchoolAnswer> for SchoolAnswerView {
    fn from(SchoolAnswer { on, text }: SchoolAnswer) -> Self {
        Self { on, text }
    }
}

impl From<Recorded<EducationOrder>> for EducationOrderView {
    fn from(recorded: Recorded<EducationOrder>) -> Self {
        let order = recorded.thing;
        Self {
            id: recorded.id,
            plan_id: recorded.plan,
            education: order.education,
            school: order.school,
            from: order.from,
            to: order.to,
            mentor: order.mentor,
            told: order.told,
            told_on: order.disclosure.on,
            basis: order.disclosure.basis.into(),
            receipt: order.receipt.map(Into::into),
            entered_by_id: recorded.author.id,
            entered_by: by(&recorded.author),
            entered_at: recorded.entered_at,
            version: recorded.version,
        }
    }
}

impl From<Recorded<SupportRemark>> for SupportRemarkView {
    fn from(recorded: Recorded<SupportRemark>) -> Self {
        let remark = recorded.thing;
        Self {
            id: recorded.id,
            plan_id: recorded.plan,
            information_area: remark.information_area,
            school: remark.school,
            remark: remark.remark,
            sent_on: remark.disclosure.on,
            basis: remark.disclosure.basis.into(),
            receipt: remark.receipt.map(Into::into),
            answer: remark.answer.map(Into::into),
            entered_by_id: recorded.author.id,
            entered_by: by(&recorded.author),
            entered_at: recorded.entered_at,
            version: recorded.version,
        }
    }
}

impl From<ParticipantFile> for ExternalParticipantView {
    fn from(file: ParticipantFile) -> Self {
        let recorded = file.participant;
        let participant = recorded.thing;
        let (consent, basis) = match participant.ground {
            Ground::Consent(consent) => (Some(consent.into()), None),
            Ground::Without(basis) => (None, Some(basis.into())),
        };
        Self {
            id: recorded.id,
            plan_id: recorded.plan,
            information_area: participant.information_area,
            name: participant.name,
            role: participant.role,
            role_words: participant.role_words,
            organisation: participant.organisation,
            contact: participant.contact,
            consent,
            basis,
            sent: file.sent.into_iter().map(Into::into).collect(),
            ended_on: participant.ended_on,
            entered_by_id: recorded.author.id,
            entered_by: by(&recorded.author),
            entered_at: recorded.entered_at,
            version: recorded.version,
        }
    }
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        Self {
            given_on: consent.given_on,
            purpose: consent.purpose,
            areas: consent.areas.iter().collect(),
            until: consent.until,
            withdrawn_on: consent.withdrawn_on,
        }
    }
}

impl From<SentRow> for SentView {
    fn from(row: SentRow) -> Self {
        let sending = row.sending;
        Self {
            id: row.id,
            information_area: sending.information_area,
            what: sending.what,
            on: sending.disclosure.on,
            basis: sending.disclosure.basis.into(),
            entered_by_id: row.author.id,
            entered_by: by(&row.author),
            entered_at: row.entered_at,
        }
    }
}
