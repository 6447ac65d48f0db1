//! Whom a plan reaches outside: schools, and people without an account who take part. One file per
//! operation: request, response, docs, handler.

pub mod answer_support_remark;
pub mod end_participant;
pub mod give_education_order;
pub mod list_education_orders;
pub mod list_participants;
pub mod list_support_remarks;
pub mod name_participant;
pub mod receive_education_order;
pub mod receive_support_remark;
pub mod send_support_remark;
pub mod tell_participant;
mod views;
pub mod withdraw_consent;

use crate::day::Day;
use crate::problem::{ApiError, Fault};
use crate::schema;
use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::disclosures::{Basis, BasisKind, Disclosure, DisclosureRefusal, Receipt};
use domain::ids::PlanId;
use domain::outside_parties::OutsideRefusal;
use domain::plans::Plan;
use persistence::outside_parties::ParticipantFile;
use persistence::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// On which basis something is told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasisBody {
    #[schema(schema_with = schema::code::<BasisKind>)]
    kind: BasisKind,
    /// Which law and paragraph; of a law alone.
    #[serde(default)]
    #[schema(schema_with = schema::line::<200>, required = false)]
    paragraph: Option<String>,
    /// Why it applies; of a consent: to what, and how it was given.
    #[schema(schema_with = schema::prose::<2000>)]
    words: String,
}

/// That a school received something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptBody {
    /// Today where nothing is told; not ahead, and not before the school was told.
    #[serde(default)]
    on: Option<Day>,
    /// By whom there.
    #[schema(schema_with = schema::line::<200>)]
    by: String,
}

impl BasisBody {
    /// The basis; `pointer` is where it stands in the body.
    pub fn read(self, pointer: &str) -> Result<Basis, ApiError> {
        let fault = if self.paragraph.is_none() { Fault::Required } else { Fault::Contradiction };
        Basis::new(self.kind, self.paragraph, self.words)
            .ok_or_else(|| ApiError::field(&format!("{pointer}/paragraph"), fault))
    }
}

impl ReceiptBody {
    /// The receipt, of today where no day is told.
    pub fn read(self, today: NaiveDate) -> Receipt {
        Receipt { on: self.on.map_or(today, Day::date), by: self.by }
    }
}

impl From<DisclosureRefusal> for ApiError {
    fn from(refusal: DisclosureRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<OutsideRefusal> for ApiError {
    fn from(refusal: OutsideRefusal) -> Self {
        Self::refused(&refusal)
    }
}

/// That something was told on a day, today where none is named, which fits the plan.
fn disclosure(
    tx: &Tx,
    plan: &Plan,
    on: Option<NaiveDate>,
    basis: Basis,
) -> Result<Disclosure, ApiError> {
    Ok(Disclosure { on: plan.day_told(on, day_of(tx.now()))?, basis })
}

/// Somebody outside as they are after a command, with what was sent to them.
async fn file(tx: &mut Tx, plan: PlanId, id: Uuid) -> Result<ParticipantFile, ApiError> {
    let all = tx.external_participants(plan).await?;
    Ok(all.into_iter().find(|file| file.participant.id == id).ok_or(StoreError::Hidden)?)
}
