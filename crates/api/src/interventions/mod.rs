//! Interventions and the catalogue they come from. One file per operation.

pub mod decline;
pub mod end;
pub mod get;
pub mod list_catalogue;
pub mod offer;
pub mod places;
pub mod put_catalogue_entry;
pub mod read_catalogue_entry;
pub mod refer;
pub mod set_places;
pub mod start;
pub mod withdraw;

use crate::edge::changed;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::Action;
use domain::access::{Actor, Areas, InformationArea, Permit, Scope, authorize};
use domain::ids::InterventionId;
use domain::interventions::{
    EndReason, Intervention, InterventionEvent, InterventionRefusal, Subject,
};
use domain::plans::PlanStage;
use persistence::interventions::catalogue::{CatalogueEntry, DatedPlaces};
use persistence::interventions::views::InterventionFile;
use persistence::{Answer, Change, StoreError, Tx, tasks};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;
use utoipa::ToSchema;
use uuid::Uuid;

/// The code of a catalogue entry, as it stands in a path: 1 to 60 of a-z, 0-9 and hyphen. What is no
/// code is nobody's, and reaches no query.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Code(String);

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=60).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text))
        } else {
            Err("not a code")
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Deref for Code {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// An intervention.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterventionView {
    id: Uuid,
    plan_id: Uuid,
    young_person_id: Uuid,
    /// None for a tailored one.
    catalogue_code: Option<String>,
    title: String,
    /// What it is about.
    #[schema(schema_with = schema::code::<Subject>)]
    area: String,
    /// Which area of information it belongs to.
    #[schema(schema_with = schema::code::<InformationArea>)]
    information_area: Option<InformationArea>,
    provider_id: Uuid,
    provider_code: String,
    provider: String,
    #[schema(example = "referred")]
    state: String,
    /// The place in line, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<i64>,
    planned_start: NaiveDate,
    planned_end: Option<NaiveDate>,
    responsible_id: Uuid,
    responsible: String,
    reason: Option<String>,
    referred_at: DateTime<Utc>,
    offered_at: Option<DateTime<Utc>>,
    /// The last day to answer an offer.
    offer_expires_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    #[schema(schema_with = schema::optional_code::<EndReason>)]
    end_reason: Option<String>,
    decline_reason: Option<String>,
    note: Option<String>,
    /// The unit that carries it on after the plan has closed.
    carried_on_by_id: Option<Uuid>,
    version: i64,
}

impl From<InterventionRefusal> for ApiError {
    fn from(refusal: InterventionRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<InterventionFile> for InterventionView {
    fn from(file: InterventionFile) -> Self {
        Self {
            id: file.id,
            plan_id: file.plan_id,
            young_person_id: file.young_person_id,
            catalogue_code: file.catalogue_code,
            title: file.title,
            area: file.area,
            information_area: Areas(file.information_area).iter().next(),
            provider_id: file.providing_unit_id,
            provider_code: file.providing_unit_code,
            provider: file.providing_unit_name,
            state: file.state,
            place: file.place_in_line,
            planned_start: file.planned_start,
            planned_end: file.planned_end,
            responsible_id: file.responsible_id,
            responsible: file.responsible_name,
            reason: file.reason,
            referred_at: file.referred_at,
            offered_at: file.offered_at,
            offer_expires_on: file.offer_expires_on,
            started_on: file.started_on,
            ended_on: file.ended_on,
            end_reason: file.end_reason,
            decline_reason: file.decline_reason,
            note: file.note,
            carried_on_by_id: file.carried_on_by_id,
            version: file.version,
        }
    }
}

/// An entry of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntryView {
    code: String,
    title: String,
    description: String,
    provider_id: Uuid,
    #[schema(schema_with = schema::code::<Subject>)]
    area: String,
    usual_weeks: Option<i32>,
    min_age: Option<i32>,
    max_age: Option<i32>,
    /// Target groups; none: for all.
    target_groups: Vec<i32>,
    company_oriented: bool,
    /// May run more than once at a time for one young person.
    repeatable: bool,
    /// May be referred to and started while the plan is a draft.
    cannot_wait: bool,
    /// Decided places, each from its day on; none decided: as many as are needed.
    places: Vec<PlacesView>,
    version: i64,
}

/// A decided number of places.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacesView {
    from: NaiveDate,
    /// None: as many as are needed.
    places: Option<i32>,
    reason: String,
}

impl CatalogueEntryView {
    fn new(entry: CatalogueEntry, places: impl Iterator<Item = DatedPlaces>) -> Self {
        Self {
            code: entry.code,
            title: entry.title,
            description: entry.description,
            provider_id: entry.provider_unit_id,
            area: entry.area,
            usual_weeks: entry.usual_weeks,
            min_age: entry.min_age,
            max_age: entry.max_age,
            target_groups: entry.target_groups,
            company_oriented: entry.company_oriented,
            repeatable: entry.repeatable,
            cannot_wait: entry.cannot_wait,
            places: places
                .map(|step| PlacesView {
                    from: step.from_day,
                    places: step.places,
                    reason: step.reason,
                })
                .collect(),
            version: entry.version,
        }
    }
}

/// The intervention, its plan and the proof that the caller may: loaded and locked in the fixed order
/// (offer, plan, intervention), authorised last, so that nothing is told of what is not visible.
struct Step<A> {
    permit: Permit<A>,
    stage: PlanStage,
    thing: Intervention,
}

async fn step<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
    locks_offer: bool,
) -> Result<Step<A>, ApiError> {
    let id = InterventionId(id);
    let case = tx.case_of_intervention(id).await?.ok_or(ApiError::NotFound)?;
    let permit = authorize::<A>(actor, Scope::Case(&case))?;
    let (plan, code) = tx.place_of_intervention(id).await?.ok_or(ApiError::NotFound)?;
    if let (true, Some(code)) = (locks_offer, code) {
        tx.lock_offer(&code).await?;
    }
    // A provider does not see the plan: only where it is in its life is asked for.
    let stage = tx.stage_of_plan(plan).await?;
    let thing = tx.lock_intervention(id).await?.ok_or(ApiError::NotFound)?;
    Ok(Step { permit, stage, thing })
}

/// Stores a step and answers with the intervention as it is now.
async fn record<A>(
    tx: &mut Tx,
    step: Step<A>,
    event: &InterventionEvent,
) -> Result<Answer, ApiError> {
    let Step { permit, thing, .. } = step;
    let subject = thing.id.to_string();
    // Read before the provider's basis ends, for they may be the one who asked.
    let before = tx.intervention_file(thing.id).await?.ok_or(StoreError::Hidden)?;
    tx.task_done(tasks::ANSWER_OFFER, thing.id.0).await?;
    let change = Change {
        subject_kind: "intervention",
        subject: &subject,
        kind: event.kind(),
        payload: event,
    };
    tx.record(&permit, change).await?;
    let thing = tx.store_intervention(&permit, thing, event).await?;
    let view = InterventionView::from(before).after(&thing, event);
    changed(thing.version, Some(thing.young_person), &view)
}

impl InterventionView {
    /// The same once `event` has happened.
    fn after(mut self, thing: &Intervention, event: &InterventionEvent) -> Self {
        thing.state.name().clone_into(&mut self.state);
        self.version = thing.version;
        self.place = None;
        match event.clone() {
            InterventionEvent::Offered { at, expires_on, .. } => {
                self.offered_at = Some(at);
                self.offer_expires_on = Some(expires_on);
                return self;
            }
            InterventionEvent::Started { on } => self.started_on = Some(on),
            InterventionEvent::Ended { on, reason, note } => {
                self.ended_on = Some(on);
                self.end_reason = Some(<&str>::from(reason).to_owned());
                self.note = note;
            }
            InterventionEvent::Withdrawn { note } => self.note = note,
            InterventionEvent::Declined { reason } => self.decline_reason = Some(reason),
        }
        self.offered_at = None;
        self.offer_expires_on = None;
        self
    }
}

/// Refused where no place is free; tells how many wait.
async fn no_place(tx: &mut Tx, code: &str) -> Result<ApiError, ApiError> {
    let waiting = i64::try_from(tx.waiting_line(code).await?.len()).unwrap_or(i64::MAX);
    Ok(InterventionRefusal::NoPlace { waiting }.into())
}
