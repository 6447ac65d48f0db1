use super::Code;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::{ReadIntervention, ReadOrganisation};
use domain::access::{Scope, authorize};
use domain::figures::{free_at_least, shown};
use domain::ids::InterventionId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// So many of the line are shown.
const SHOWN: i32 = 50;

/// An offer's places on a day, and who waits for one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacesOnDay {
    on: NaiveDate,
    /// How many there are; none: as many as are needed.
    places: Option<i32>,
    /// The number of places taken by young people who have started. This and the next three numbers are `null` if one
    /// to four of the counted young people are hidden from the caller. If five or more are hidden, their number is
    /// rounded down to the nearest five.
    started: Option<i64>,
    /// Held by those who are referred or were offered one.
    reserved: Option<i64>,
    /// The number of places that are free at least; also `null` if places are not limited.
    free: Option<i64>,
    /// How many wait.
    waiting_count: Option<i64>,
    /// Those of the first 50 on the waiting list that are visible to the caller. The intervention itself states the position, too.
    waiting: Vec<Waiting>,
}

/// Somebody in line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// 1 is next.
    place: i64,
    /// The intervention.
    intervention_id: Uuid,
    /// The young person.
    young_person_id: Uuid,
}

/// See an offer's places and its line
///
/// Places on a day, taken and free, and the waiting list as far as it is visible to the caller. Small numbers of hidden young people are
/// not shown, nor any number that would reveal them.
#[utoipa::path(
    operation_id = "readPlaces",
    tag = "interventions",
    security(("bearer" = [])),
    params(("code" = String, Path, description = "The entry's code"), OnDay),
    responses((status = 200, description = "Places and line", body = PlacesOnDay), ReadProblems),
)]
#[get("/intervention-catalogue/{code}/places")]
pub async fn read_places(
    caller: Caller,
    edge: Data<Edge>,
    code: Path<Code>,
    query: Query<OnDay>,
) -> Result<Json<PlacesOnDay>, ApiError> {
    let view = edge
        .read(&caller, "readPlaces", None, async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let on = query.or_today(tx);
            tx.catalogue_entry(&code).await?.ok_or(ApiError::NotFound)?;
            let places = tx.places_on(&code, on).await?;
            let line = tx.waiting_line(&code, SHOWN).await?;
            let ids: Vec<InterventionId> =
                line.iter().map(|waits| waits.intervention_id.into()).collect();
            let cases = tx.cases_of_interventions(&ids).await?;
            let mut waiting = Vec::with_capacity(line.len());
            for waits in line {
                let case = cases.get(&waits.intervention_id.into());
                let permit = case.and_then(|(case, _)| {
                    authorize::<ReadIntervention>(&actor, Scope::Case(case)).ok()
                });
                let readable = permit.and_then(|permit| permit.young_person().zip(permit.basis()));
                if let (Some((whose, basis)), Some((_, area))) = (readable, case) {
                    tx.saw(whose, basis, *area);
                    waiting.push(Waiting {
                        place: waits.place_in_line,
                        intervention_id: waits.intervention_id,
                        young_person_id: whose.0,
                    });
                }
            }
            let (seen, waits) = (tx.places_seen(&code, on).await?, tx.waiting_count(&code).await?);
            let started = shown(places.started, seen.started);
            let reserved = shown(places.reserved, seen.reserved);
            let (taken, taken_seen) =
                (places.started + places.reserved, seen.started + seen.reserved);
            Ok(PlacesOnDay {
                on,
                places: places.places,
                started,
                reserved,
                free: places
                    .places
                    .filter(|_| started.is_some() && reserved.is_some())
                    .and_then(|all| free_at_least(i64::from(all), taken, taken_seen)),
                waiting_count: shown(waits, seen.waiting),
                waiting,
            })
        })
        .await?;
    Ok(Json(view))
}
