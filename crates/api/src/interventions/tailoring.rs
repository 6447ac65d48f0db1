use crate::problem::ApiError;
use chrono::NaiveDate;
use domain::ids::YoungPersonId;
use domain::interventions::{Limits, Outside, ensure_reason, outside, weeks_of};
use domain::young_people::age_on;
use persistence::interventions::catalogue::CatalogueEntry;
use persistence::{StoreError, Tx};

/// In what a referral lies outside its offer, with a reason; without one it is refused (IV-6).
pub(super) async fn tailored(
    tx: &mut Tx,
    young_person: YoungPersonId,
    entry: &CatalogueEntry,
    (start, end): (NaiveDate, Option<NaiveDate>),
    reason: Option<&str>,
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
    let outside = outside(offer, age, group, end.map(|end| weeks_of(start, end)));
    ensure_reason(&outside, reason)?;
    Ok(outside)
}
