//! Interventions and the catalogue they come from. One file per operation.

pub mod accept;
pub mod assess_intake;
pub mod attend;
pub mod attendance;
pub mod decline;
pub mod end;
pub mod extend;
pub mod get;
pub mod list_assessments;
pub mod list_catalogue;
pub mod offer;
pub mod places;
pub mod prioritise;
pub mod put_catalogue_entry;
pub mod read_catalogue_entry;
pub mod refer;
pub mod refuse;
pub mod set_places;
pub mod start;
mod tailoring;
pub mod withdraw;

use crate::courses::{CompanyBody, HoursView, ScheduleView};
use crate::edge::changed;
use crate::problem::ApiError;
use crate::schema;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::families::ChangesIntervention;
use domain::access::{Actor, Areas, Case, InformationArea, Permit, Scope, authorize};
use domain::courses::Presumptions;
use domain::ids::InterventionId;
use domain::interventions::{
    DeclinedBy, EndReason, Intervention, InterventionEvent, InterventionRefusal, Subject,
};
use domain::plans::PlanStage;
use domain::tasks::TaskKind;
use persistence::interventions::catalogue::{CatalogueEntry, DatedPlaces};
use persistence::interventions::views::InterventionFile;
use persistence::{Answer, Change, StoreError, Tx};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;
use strum::{IntoStaticStr, VariantArray};
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
    /// 0, as usual, to 9, who stands first in line.
    priority: i32,
    priority_reason: Option<String>,
    planned_start: NaiveDate,
    planned_end: Option<NaiveDate>,
    /// Later planned ends, oldest first; the last is `plannedEnd`.
    extensions: Vec<ExtensionView>,
    responsible_id: Uuid,
    responsible: String,
    reason: Option<String>,
    referred_at: DateTime<Utc>,
    visitation: VisitationView,
    offered_at: Option<DateTime<Utc>>,
    /// The last day to answer an offer.
    offer_expires_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    #[schema(schema_with = schema::optional_code::<EndReason>)]
    end_reason: Option<String>,
    /// `lapsed` where the offer was not answered in time.
    #[schema(schema_with = schema::optional_code::<DeclinedBy>)]
    declined_by: Option<String>,
    decline_reason: Option<String>,
    note: Option<String>,
    /// The unit that carries it on after the plan has closed.
    carried_on_by_id: Option<Uuid>,
    /// Where it runs, once it is named.
    company: Option<CompanyBody>,
    /// Hours a week over time, oldest first.
    hours: Vec<HoursView>,
    schedule: ScheduleView,
    version: i64,
}

/// A later planned end.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionView {
    planned_end: NaiveDate,
    reason: String,
    /// When it was told.
    on: NaiveDate,
}

/// What the provider's visitation answers to a referral.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitationView {
    /// The day by which it answers; none where it was not asked.
    answer_by: Option<NaiveDate>,
    /// None as long as there is no answer.
    #[schema(schema_with = schema::optional_code::<Visited>)]
    answer: Option<Visited>,
    reason: Option<String>,
    /// When it answered.
    on: Option<NaiveDate>,
}

/// The visitation's answer.
#[derive(Debug, Clone, Copy, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Visited {
    /// The provider takes the young person.
    Accepted,
    /// The provider does not.
    Refused,
}

impl VisitationView {
    fn of(file: &InterventionFile) -> Self {
        let refused = file.declined_by.as_deref() == Some(DeclinedBy::Provider.into());
        let (answer, reason, on) = if refused {
            (Some(Visited::Refused), &file.decline_reason, file.declined_on)
        } else {
            (file.accepted_on.map(|_| Visited::Accepted), &file.acceptance_reason, file.accepted_on)
        };
        Self { answer_by: file.answer_by, answer, reason: reason.clone(), on }
    }
}

impl From<InterventionRefusal> for ApiError {
    fn from(refusal: InterventionRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<InterventionFile> for InterventionView {
    fn from(file: InterventionFile) -> Self {
        Self {
            visitation: VisitationView::of(&file),
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
            priority: file.priority,
            priority_reason: file.priority_reason,
            planned_start: file.planned_start,
            planned_end: file.planned_end,
            extensions: file
                .extensions
                .0
                .into_iter()
                .map(|row| ExtensionView {
                    planned_end: row.planned_end,
                    reason: row.reason,
                    on: row.extended_on,
                })
                .collect(),
            responsible_id: file.responsible_id,
            responsible: file.responsible_name,
            reason: file.reason,
            referred_at: file.referred_at,
            offered_at: file.offered_at,
            offer_expires_on: file.offer_expires_on,
            started_on: file.started_on,
            ended_on: file.ended_on,
            end_reason: file.end_reason,
            declined_by: file.declined_by,
            decline_reason: file.decline_reason,
            note: file.note,
            carried_on_by_id: file.carried_on_by_id,
            schedule: (&file.course.0).into(),
            company: file.course.0.company.map(Into::into),
            hours: file.course.0.hours.into_iter().map(Into::into).collect(),
            version: file.version,
        }
    }
}

/// An entry of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
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
    /// Starts only after the provider's visitation has accepted.
    visitation: bool,
    /// Starts only where UU's newest intake assessment says yes.
    assessment_required: bool,
    /// One adult who follows the young person: two of them at once clash.
    mentoring: bool,
    /// The codes of what is to have ended before it begins.
    presumes: Vec<String>,
    /// The codes of what cannot run at the same time, whichever of the two says so.
    excludes: Vec<String>,
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
    fn new(
        entry: CatalogueEntry,
        places: impl Iterator<Item = DatedPlaces>,
        presumptions: Presumptions,
    ) -> Self {
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
            visitation: entry.visitation,
            assessment_required: entry.assessment_required,
            mentoring: entry.mentoring,
            presumes: presumptions.presumes,
            excludes: presumptions.excludes,
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

/// The information area of the interventions of a catalogue entry; `None` if the entry does not exist.
pub(crate) async fn area_of_offer(
    tx: &mut Tx,
    code: &str,
) -> Result<Option<InformationArea>, ApiError> {
    let Some(entry) = tx.catalogue_entry(code).await? else { return Ok(None) };
    let subject: Subject = entry
        .area
        .parse()
        .map_err(|_| StoreError::Corrupt { table: "catalogue_entry", column: "area" })?;
    Ok(Some(subject.information_area()))
}

/// The intervention, its plan and the proof that the caller may: loaded and locked in the fixed order
/// (offer, plan, intervention), authorised last, so that nothing is told of what is not visible.
pub(crate) struct Step<A> {
    pub(crate) case: Case,
    pub(crate) permit: Permit<A>,
    stage: PlanStage,
    pub(crate) thing: Intervention,
}

pub(crate) async fn step<A: ChangesIntervention>(
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
    Ok(Step { case, permit, stage, thing })
}

/// Stores a step and answers with the intervention as it is now.
async fn record<A: ChangesIntervention>(
    tx: &mut Tx,
    step: Step<A>,
    event: &InterventionEvent,
) -> Result<Answer, ApiError> {
    let Step { permit, thing, .. } = step;
    // Read before the provider's basis ends, for they may be the one who asked.
    let before =
        if event.is_last() { Box::pin(tx.intervention_file(thing.id)).await? } else { None };
    if event.is_step() {
        tx.task_done(TaskKind::AnswerOffer, thing.id.0).await?;
    }
    let change = Change { subject: &thing.id, kind: event.kind(), payload: event };
    tx.record(&permit, change).await?;
    let thing = Box::pin(tx.store_intervention(&permit, thing, event)).await?;
    tx.reckon_deadlines(thing.young_person).await?;
    let view: InterventionView = match before {
        Some(file) => ended(file, &thing, event).into(),
        None => Box::pin(tx.intervention_file(thing.id)).await?.ok_or(StoreError::Hidden)?.into(),
    };
    changed(thing.version, Some(thing.young_person), &view)
}

/// The same once it is over by `event`.
fn ended(
    mut file: InterventionFile,
    thing: &Intervention,
    event: &InterventionEvent,
) -> InterventionFile {
    thing.state.name().clone_into(&mut file.state);
    file.version = thing.version;
    (file.place_in_line, file.offered_at, file.offer_expires_on) = (None, None, None);
    match event.clone() {
        InterventionEvent::Ended { on, reason, note } => {
            file.ended_on = Some(on);
            file.end_reason = Some(<&str>::from(reason).to_owned());
            file.note = note;
        }
        InterventionEvent::Withdrawn { note } => file.note = note,
        InterventionEvent::Declined { by, on, reason } => {
            file.declined_by = Some(<&str>::from(by).to_owned());
            file.declined_on = Some(on);
            file.decline_reason = Some(reason);
        }
        _ => {}
    }
    file
}

/// Refused where no place is free; tells how many wait.
async fn no_place(tx: &mut Tx, code: &str) -> Result<ApiError, ApiError> {
    let waiting = tx.waiting_count(code).await?;
    Ok(InterventionRefusal::NoPlace { waiting }.into())
}
