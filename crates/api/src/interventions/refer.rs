use super::area_of_offer;
use super::tailoring::tailored;
use crate::body::Body;
use crate::caller::Caller;
use crate::courses::{CompanyBody, Course, SessionBody, WithClashes, with_clashes};
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::language::Language;
use crate::plans::take_part;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::ReferIntervention;
use domain::access::{InformationArea, Permit, Row, Scope, authorize};
use domain::calendar::{add_working_days, day_of};
use domain::ids::{EmployeeId, InterventionId, UnitId};
use domain::interventions::{
    Intervention, InterventionState, OnNoPlace, Outside, Priority, Subject,
    VISITATION_ANSWERS_WORKING_DAYS, ensure_may_begin, place_referral,
};
use domain::plans::Plan;
use domain::timeline::EventKind;
use persistence::interventions::Referral;
use persistence::interventions::catalogue::CatalogueEntry;
use persistence::{Change, StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A referral: to an offer of the catalogue, or to what is tailored for this young person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferBody {
    /// An offer of the catalogue; or `tailored`.
    #[serde(default)]
    #[schema(schema_with = schema::line::<60>, required = false)]
    catalogue_code: Option<String>,
    #[serde(default)]
    tailored: Option<Tailored>,
    planned_start: Day,
    #[serde(default)]
    planned_end: Option<Day>,
    /// The employee who is responsible.
    responsible_id: Uuid,
    /// Where no place is free: stand in line, or be refused.
    #[serde(default = "wait")]
    #[schema(schema_with = schema::code::<OnNoPlace>, required = false)]
    on_no_place: OnNoPlace,
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    reason: Option<String>,
    /// The day by which the provider's visitation answers; where it is asked and none is named, in five
    /// working days.
    #[serde(default)]
    answer_by: Option<Day>,
    /// Where it runs. What is company-oriented is not started before a company is named.
    #[serde(default)]
    company: Option<CompanyBody>,
    /// Its weekly sessions, where it is to have some of its own.
    #[serde(default)]
    #[schema(max_items = 35)]
    sessions: Vec<SessionBody>,
}

const fn wait() -> OnNoPlace {
    OnNoPlace::Wait
}

/// An individually tailored intervention: its own title and area, and no catalogue entry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tailored {
    #[schema(schema_with = schema::line::<200>)]
    title: String,
    #[schema(schema_with = schema::code::<Subject>)]
    area: Subject,
    /// Who provides it; the caller's unit where nobody is named.
    #[serde(default)]
    provider_id: Option<Uuid>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Referred<'a> {
    plan_id: Uuid,
    catalogue_code: Option<&'a str>,
    title: &'a str,
    area: Subject,
    provider_id: Uuid,
    state: &'static str,
    planned_start: NaiveDate,
    planned_end: Option<NaiveDate>,
    responsible_id: Uuid,
    reason: Option<&'a str>,
    outside: Vec<Outside>,
    answer_by: Option<NaiveDate>,
    #[serde(flatten)]
    course: &'a Course,
}

/// Refer to an intervention
///
/// Holds a place from the planned start where one is free and nobody waits; else it stands in line, or
/// is refused where a place was asked for. Outside the offer's ages, target groups or usual length it needs a reason. What
/// cannot wait may be referred to in a draft plan. Tells what it clashes with, and refuses nothing for it.
#[utoipa::path(
    operation_id = "referIntervention",
    tag = "interventions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = ReferBody,
    responses((status = 201, description = "Referred, or waiting, and what clashes", body = WithClashes), CommandProblems),
)]
#[post("/plans/{id}/interventions")]
pub async fn refer_intervention(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    language: Language,
    body: Body<ReferBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "referIntervention", Some(*id), &body.raw, async |tx| {
        let mut wanted = body.value;
        let course = Course::read(wanted.company.take(), &wanted.sessions)?;
        let (start, end) = (wanted.planned_start.date(), wanted.planned_end.map(Day::date));
        if end.is_some_and(|end| end < start) {
            return Err(ApiError::field("/plannedEnd", Fault::AtLeast(start.to_string())));
        }
        let today = day_of(tx.now());
        let answer_by = wanted.answer_by.map(Day::date);
        if answer_by.is_some_and(|by| by < today) {
            return Err(ApiError::field("/answerBy", Fault::AtLeast(today.to_string())));
        }
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let case = case.at(Row::new(about(tx, &wanted).await?));
        let permit = authorize::<ReferIntervention>(&actor, Scope::Case(&case))?;
        if !tx.is_employed(EmployeeId(wanted.responsible_id)).await? {
            return Err(ApiError::field("/responsibleId", Fault::EmployeeUnknown));
        }
        // The offer is locked before it is read, and before the plan (D-13).
        let ticket = match &wanted.catalogue_code {
            Some(code) => tx.draw_ticket(code).await?,
            None => None,
        };
        let offer = Offer::of(tx, &permit, &wanted).await?;
        let plan = tx.lock_plan((*id).into()).await?.ok_or(ApiError::NotFound)?;
        plan.ensure_open()?;
        take_part(tx, &permit, &plan).await?;
        let cannot_wait = offer.entry.as_ref().is_some_and(|entry| entry.cannot_wait);
        ensure_may_begin(plan.state.stage(), cannot_wait)?;
        let outside = match &offer.entry {
            Some(entry) => {
                let reason = wanted.reason.as_deref();
                tailored(tx, plan.young_person, entry, (start, end), reason).await?
            }
            None => Vec::new(),
        };
        let new = place(tx, &plan, &offer, &wanted, ticket).await?;
        let is_visited = offer.entry.as_ref().is_some_and(|entry| entry.visitation);
        let in_time = is_visited.then(|| add_working_days(today, VISITATION_ANSWERS_WORKING_DAYS));
        let referral = Referral {
            title: &offer.title,
            subject: offer.subject,
            responsible: EmployeeId(wanted.responsible_id),
            answer_by: answer_by.or(in_time),
        };
        tx.refer(&permit, &new, &referral).await?;
        course.store(tx, &permit, &new).await?;
        let payload = Referred {
            plan_id: plan.id.0,
            catalogue_code: new.catalogue_code.as_deref(),
            title: &offer.title,
            area: offer.subject,
            provider_id: new.provider.0,
            state: new.state.name(),
            planned_start: start,
            planned_end: end,
            responsible_id: wanted.responsible_id,
            reason: wanted.reason.as_deref(),
            outside,
            answer_by: referral.answer_by,
            course: &course,
        };
        let change =
            Change { kind: EventKind::InterventionReferred, subject: &new.id, payload: &payload };
        tx.record(&permit, change).await?;
        tx.reckon_deadlines(new.young_person).await?;
        let view = with_clashes(tx, &case, new.id, language).await?;
        created(
            new.version,
            format!("/api/v1/interventions/{}", new.id),
            Some(new.young_person),
            &view,
        )
    })
    .await
}

/// The information area of the catalogue entry; the area plan if the entry does not exist.
async fn about(tx: &mut Tx, wanted: &ReferBody) -> Result<InformationArea, ApiError> {
    Ok(match (&wanted.catalogue_code, &wanted.tailored) {
        (Some(code), _) => area_of_offer(tx, code).await?.unwrap_or(InformationArea::Plan),
        (None, Some(tailored)) => tailored.area.information_area(),
        (None, None) => InformationArea::Plan,
    })
}

/// What is referred to.
struct Offer {
    entry: Option<CatalogueEntry>,
    title: String,
    subject: Subject,
    provider: UnitId,
}

impl Offer {
    async fn of(
        tx: &mut Tx,
        permit: &Permit<ReferIntervention>,
        wanted: &ReferBody,
    ) -> Result<Self, ApiError> {
        match (&wanted.catalogue_code, &wanted.tailored) {
            (Some(code), None) => {
                let entry = tx
                    .catalogue_entry(code)
                    .await?
                    .ok_or_else(|| ApiError::field("/catalogueCode", Fault::CatalogueUnknown))?;
                let subject = entry.area.parse().map_err(|_| StoreError::Corrupt {
                    table: "catalogue_entry",
                    column: "area",
                })?;
                Ok(Self {
                    title: entry.title.clone(),
                    subject,
                    provider: entry.provider_unit_id.into(),
                    entry: Some(entry),
                })
            }
            (None, Some(tailored)) => {
                let provider = tailored.provider_id.map_or(permit.unit(), UnitId);
                if !tx.unit(provider).await?.is_some_and(|unit| unit.operational) {
                    return Err(ApiError::field("/tailored/providerId", Fault::UnitUnknown));
                }
                Ok(Self {
                    entry: None,
                    title: tailored.title.clone(),
                    subject: tailored.area,
                    provider,
                })
            }
            (Some(_), Some(_)) => Err(ApiError::field("/tailored", Fault::Contradiction)),
            (None, None) => Err(ApiError::field("/catalogueCode", Fault::Required)),
        }
    }
}

/// The new intervention, with the place or the number in line it gets (IV-3). One whose offer lapsed
/// keeps its number and priority.
async fn place(
    tx: &mut Tx,
    plan: &Plan,
    offer: &Offer,
    wanted: &ReferBody,
    drawn: Option<i64>,
) -> Result<Intervention, ApiError> {
    let today = day_of(tx.now());
    let planned_start = wanted.planned_start.date();
    let mut new = Intervention {
        id: InterventionId(Uuid::now_v7()),
        plan: plan.id,
        young_person: plan.young_person,
        provider: offer.provider,
        catalogue_code: offer.entry.as_ref().map(|entry| entry.code.clone()),
        planned_start,
        carried_on_by: None,
        planned_end: wanted.planned_end.map(Day::date),
        reason: wanted.reason.clone(),
        state: InterventionState::Referred { holds_from: planned_start.max(today) },
        acceptance: None,
        priority: Priority::default(),
        version: 1,
    };
    if let (Some(entry), Some(drawn)) = (&offer.entry, drawn) {
        let (ticket, priority) = tx.kept_place(&new).await?.unwrap_or((drawn, Priority::default()));
        let free = tx.free_places(&entry.code, new.wants_place_from(today)).await?;
        let waiting = tx.waiting_count(&entry.code).await?;
        new.state =
            place_referral(planned_start, today, free, waiting, ticket, wanted.on_no_place)?;
        if let InterventionState::Waiting { .. } = new.state {
            new.priority = priority;
        }
    }
    Ok(new)
}
