use crate::problem::ApiError;
use chrono::NaiveDate;
use domain::ids::YoungPersonId;
use domain::interventions::{Intervention, Limits, Outside, ensure_reason, outside, weeks_of};
use domain::young_people::age_on;
use persistence::interventions::catalogue::CatalogueEntry;
use persistence::{StoreError, Tx};

/// In what a referral lies outside its offer, with a reason; without one it is refused (IV-6).
pub(super) async fn tailored(
    tx: &mut Tx,
    young_person: YoungPersonId,
    entry: &CatalogueEntry,
    period: (NaiveDate, Option<NaiveDate>),
    reason: Option<&str>,
) -> Result<Vec<Outside>, ApiError> {
    let outside = outside_offer(tx, young_person, entry, period).await?;
    ensure_reason(&outside, reason)?;
    Ok(outside)
}

/// Refuses a start that lies further outside the offer than was planned, or than a reason was given for:
/// earlier, say, or longer (IV-6).
pub(super) async fn ensure_begun_with_reason(
    tx: &mut Tx,
    thing: &Intervention,
    on: NaiveDate,
    reason: Option<&str>,
) -> Result<(), ApiError> {
    let Some(code) = &thing.catalogue_code else { return Ok(()) };
    let entry = tx.catalogue_entry(code).await?.ok_or(StoreError::Hidden)?;
    let end = thing.planned_end;
    let planned = outside_offer(tx, thing.young_person, &entry, (thing.planned_start, end)).await?;
    let begun = outside_offer(tx, thing.young_person, &entry, (on, end)).await?;
    Ok(ensure_reason(&thing.newly_outside(&planned, &begun), reason)?)
}

async fn outside_offer(
    tx: &mut Tx,
    young_person: YoungPersonId,
    entry: &CatalogueEntry,
    (start, end): (NaiveDate, Option<NaiveDate>),
) -> Result<Vec<Outside>, ApiError> {
    let person = tx.young_person(young_person).await?.ok_or(StoreError::Hidden)?;
    let offer = Limits {
        min_age: entry.min_age,
        max_age: entry.max_age,
        target_groups: &entry.target_groups,
        usual_weeks: entry.usual_weeks,
    };
    let age = age_on(person.birth_date, start);
    let group = tx.target_group_on(young_person, start).await?;
    Ok(outside(offer, age, group, end.map(|end| weeks_of(start, end))))
}
