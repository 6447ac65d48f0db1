use super::AbsenceView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::interventions::{Step, step};
use crate::language::Language;
use crate::problem::{ApiError, catalogue};
use crate::responses::CommandProblems;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, ResponseError as _, post};
use domain::absence::Absence;
use domain::access::policy::{RecordAttendance, ReportAbsences};
use domain::access::{Actor, Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Absences and drop-outs, one or many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<ReportedAbsence>,
}

/// An absence from a running intervention that one's unit provides, or of somebody one works with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportedAbsence {
    intervention_id: Uuid,
    /// The first day, from the start of the intervention to today. What was told of the same first day is told anew.
    from: Day,
    /// The last day, not after today; left out: it goes on, until a day of presence is told.
    #[serde(default)]
    #[schema(required = false)]
    to: Option<Day>,
    /// The day on which they stopped coming for good, one of these days.
    #[serde(default)]
    #[schema(required = false)]
    dropped_out_on: Option<Day>,
}

/// What came of each, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reported {
    items: Vec<ReportedItem>,
}

/// What came of one: it is told, or why not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportedItem {
    intervention_id: Uuid,
    absence: Option<AbsenceView>,
    problem: Option<ItemProblem>,
}

/// Why one of them was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemProblem {
    #[schema(example = 409)]
    status: u16,
    #[schema(example = "intervention.day-out-of-range")]
    code: String,
    title: String,
    detail: String,
}

impl From<&ReportedAbsence> for Absence {
    fn from(told: &ReportedAbsence) -> Self {
        Self {
            from: told.from.date(),
            to: told.to.map(Day::date),
            dropped_out_on: told.dropped_out_on.map(Day::date),
        }
    }
}

/// What was told, and what the same absence was told to be before.
#[derive(Serialize)]
struct Told<'a> {
    absence: &'a Absence,
    former: Option<AbsenceView>,
}

/// Report absences and drop-outs
///
/// Each is checked and taken on its own: the answer tells, in order, what was taken and why something was not. Absences
/// that touch or overlap are one spell. After as many working days as the institution has for it, it is asked itself to
/// take contact; after 14 days, or at once when somebody dropped out, the coordinating caseworker and UU are asked to
/// speak with the young person: once for each spell.
#[utoipa::path(
    operation_id = "reportAbsences",
    tag = "absence",
    security(("bearer" = [])),
    request_body = ReportBody,
    responses((status = 200, description = "What came of each", body = Reported), CommandProblems),
)]
#[post("/absences")]
pub async fn report_absences(
    caller: Caller,
    edge: Data<Edge>,
    language: Language,
    body: Body<ReportBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "reportAbsences", None, &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReportAbsences>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let mut results = Vec::with_capacity(body.value.items.len());
        // Taken by id, as everybody locks them; answered in the order they came.
        let mut in_order: Vec<_> = body.value.items.iter().enumerate().collect();
        in_order.sort_by_key(|(_, told)| told.intervention_id);
        for (position, told) in in_order {
            let item = match report(tx, &actor, told).await {
                Ok(absence) => ReportedItem {
                    intervention_id: told.intervention_id,
                    absence: Some(absence),
                    problem: None,
                },
                Err(error) if error.is_refusal() => {
                    tx.refused_in_part();
                    ReportedItem {
                        intervention_id: told.intervention_id,
                        absence: None,
                        problem: Some(ItemProblem::of(&error, language)),
                    }
                }
                Err(error) => return Err(error),
            };
            results.push((position, item));
        }
        results.sort_by_key(|(position, _)| *position);
        let view = Reported { items: results.into_iter().map(|(_, item)| item).collect() };
        // The refused absences may concern young people who are visible to the caller, so the refusal is logged, too.
        answer(StatusCode::OK, None, None, tx.seen_people(), &view)
    })
    .await
}

/// Takes one of them. What is refused was refused before anything was written.
async fn report(
    tx: &mut Tx,
    actor: &Actor,
    told: &ReportedAbsence,
) -> Result<AbsenceView, ApiError> {
    let Step { permit, thing, .. } =
        step::<RecordAttendance>(tx, actor, told.intervention_id, false).await?;
    let absence = Absence::from(told);
    absence.of(&thing, day_of(tx.now()))?;
    let former = tx.absence_from(thing.id, absence.from).await?;
    let row = tx.tell_absence(&permit, &thing, &absence).await?;
    let payload = Told { absence: &absence, former: former.as_ref().map(Into::into) };
    let change = Change { subject: &row.id, kind: EventKind::AbsenceTold, payload: &payload };
    tx.record(&permit, change).await?;
    Ok((&row).into())
}

impl ItemProblem {
    fn of(error: &ApiError, language: Language) -> Self {
        let kind = catalogue::find(error.code());
        Self {
            status: error.status_code().as_u16(),
            code: error.code().to_owned(),
            title: kind.map(|kind| kind.title(language).to_owned()).unwrap_or_default(),
            detail: kind.map(|kind| kind.detail(language).to_owned()).unwrap_or_default(),
        }
    }
}
