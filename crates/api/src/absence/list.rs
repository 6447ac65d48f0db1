use super::AbsenceView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadIntervention;
use domain::access::{InformationArea, Scope, authorize};
use persistence::absence::Spell;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The absences of an intervention.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Absences {
    /// As they were reported, by day.
    items: Vec<AbsenceView>,
    /// Those that touch or overlap as one, with the days that were told as attendance.
    spells: Vec<SpellView>,
    /// Where the young person lives, if that is another municipality; null also where the caller's areas do not open it.
    #[schema(example = "0751")]
    municipality_code: Option<String>,
}

/// Absences that touch or overlap.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpellView {
    first_day: NaiveDate,
    /// The last day so far.
    last_day: NaiveDate,
    /// Does it go on?
    goes_on: bool,
    dropped_out_on: Option<NaiveDate>,
    /// The day on which it was reported first; null: it was told as attendance.
    told_on: Option<NaiveDate>,
}

impl From<Spell> for SpellView {
    fn from(spell: Spell) -> Self {
        Self {
            first_day: spell.first_day,
            last_day: spell.last_day,
            goes_on: spell.goes_on,
            dropped_out_on: spell.dropped_out_on,
            told_on: spell.told_on,
        }
    }
}

/// List the absences of an intervention
#[utoipa::path(
    operation_id = "listAbsences",
    tag = "absence",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The intervention")),
    responses((status = 200, description = "The absences", body = Absences), ReadProblems),
)]
#[get("/interventions/{id}/absences")]
pub async fn list_absences(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<Absences>, ApiError> {
    edge.read(&caller, "listAbsences", Some(*id), async |tx| {
        let actor = tx.actor().await?;
        let case = tx.case_of_intervention((*id).into()).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<ReadIntervention>(&actor, Scope::Case(&case))?;
        tx.acted_as(&permit);
        let told = tx.absences((*id).into()).await?;
        let spells = tx.absence_spells((*id).into()).await?;
        // Where somebody lives is common to those who take part in the plan.
        let opens = tx.opens(case.young_person, InformationArea::Plan).await?;
        let elsewhere = told.last().filter(|_| opens).and_then(|row| row.municipality_code.clone());
        Ok(Json(Absences {
            items: told.iter().map(Into::into).collect(),
            spells: spells.into_iter().map(Into::into).collect(),
            municipality_code: elsewhere,
        }))
    })
    .await
}
