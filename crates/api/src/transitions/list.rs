use crate::caller::Caller;
use crate::edge::Edge;
use crate::page::{Asked, Page};
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use domain::access::policy::FindYoungPeople;
use domain::access::{Areas, Scope, authorize};
use domain::calendar::day_of;
use domain::responsibility::{Agreement, Breach};
use domain::transitions::{Origin, Standing};
use persistence::transitions::{ListedNeed, NeedFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which needs, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListNeeds {
    /// Of this young person.
    young_person_id: Option<Uuid>,
    /// How they stand today.
    #[param(schema_with = schema::code::<Standing>)]
    state: Option<Standing>,
    /// The unit that called for it, or that receives.
    unit_id: Option<Uuid>,
    /// Of whom goes to this school now.
    #[param(max_length = 200)]
    school: Option<String>,
    /// Of whom was born in this month, 1 to 12.
    #[param(minimum = 1, maximum = 12)]
    birth_month: Option<i32>,
    /// Due in this quarter, as `2027-Q1`: for the two team leaders who meet about them.
    #[param(pattern = "^[0-9]{4}-Q[1-4]$")]
    quarter: Option<String>,
    /// Only those whose receiver has not accepted though the day has come.
    breach: Option<bool>,
    /// 1 to 200; 50 where nothing is asked.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A need in the shared overview.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedNeedView {
    id: Uuid,
    young_person_id: Uuid,
    /// Their name; null where the caller's areas do not open it.
    young_person: Option<String>,
    birth_date: Option<NaiveDate>,
    /// Where they go to school now; null where there is none, or not for the caller.
    school: Option<String>,
    /// How it stands today.
    #[schema(schema_with = schema::code::<Standing>)]
    state: String,
    #[schema(schema_with = schema::code::<Origin>)]
    origin: String,
    guide: Option<i16>,
    acute: bool,
    /// By when the meeting is held.
    due_on: NaiveDate,
    raised_on: NaiveDate,
    /// The unit that called for it.
    unit_id: Uuid,
    unit: String,
    last_meeting: Option<DateTime<Utc>>,
    next_meeting: Option<DateTime<Utc>>,
    receiving_unit_id: Option<Uuid>,
    receiving_unit: Option<String>,
    coordinates_from: Option<NaiveDate>,
    accepted_at: Option<DateTime<Utc>>,
    /// To whom it has risen that the receiver has not accepted; null: to nobody.
    #[schema(schema_with = schema::optional_code::<Breach>)]
    breach: Option<Breach>,
    version: i64,
}

impl ListedNeedView {
    fn new(need: &ListedNeed, today: NaiveDate) -> Self {
        let name = need.given_name.as_ref().zip(need.family_name.as_ref());
        let agreed = need.coordinates_from.map(|coordinates_from| Agreement {
            supports_from: coordinates_from,
            coordinates_from,
            accepted_at: need.accepted_at,
            passed_at: need.passed_at,
        });
        Self {
            id: need.id,
            young_person_id: need.young_person_id,
            young_person: name.map(|(given, family)| format!("{given} {family}")),
            birth_date: need.birth_date,
            school: need.school.clone(),
            state: need.standing.clone(),
            origin: need.origin.clone(),
            guide: need.guide,
            acute: need.acute,
            due_on: need.due_on,
            raised_on: need.raised_on,
            unit_id: need.unit_id,
            unit: need.unit_name.clone(),
            last_meeting: need.last_meeting,
            next_meeting: need.next_meeting,
            receiving_unit_id: need.receiving_unit_id,
            receiving_unit: need.receiving_unit_name.clone(),
            coordinates_from: need.coordinates_from,
            accepted_at: need.accepted_at,
            breach: agreed.and_then(|agreed| agreed.breach(today)),
            version: need.version,
        }
    }
}

/// The first and the last day of a quarter: `2027-Q1`.
fn quarter(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, number) = text.split_once("-Q").filter(|(year, _)| year.len() == 4)?;
    let month = match number {
        "1" => 1,
        "2" => 4,
        "3" => 7,
        "4" => 10,
        _ => return None,
    };
    let first = NaiveDate::from_ymd_opt(
        year.parse().ok().filter(|year| (1900..2200).contains(year))?,
        month,
        1,
    )?;
    Some((first, first.checked_add_months(Months::new(3))?.checked_sub_days(Days::new(1))?))
}

impl TryFrom<&ListNeeds> for NeedFilter {
    type Error = ApiError;

    fn try_from(asked: &ListNeeds) -> Result<Self, ApiError> {
        let due = asked.quarter.as_deref().map(|text| {
            let fault = || ApiError::field("quarter", Fault::Format("2027-Q1".to_owned()));
            quarter(text).ok_or_else(fault)
        });
        let due = due.transpose()?;
        if asked.birth_month.is_some_and(|month| !(1..=12).contains(&month)) {
            return Err(ApiError::field("birthMonth", Fault::Invalid));
        }
        if asked.school.as_ref().is_some_and(|school| school.chars().any(char::is_control)) {
            return Err(ApiError::field("school", Fault::Invalid));
        }
        if asked.school.as_ref().is_some_and(|school| school.chars().count() > 200) {
            return Err(ApiError::field("school", Fault::LengthAtMost(200)));
        }
        Ok(Self {
            young_person: asked.young_person_id.map(Into::into),
            standing: asked.state,
            unit: asked.unit_id.map(Into::into),
            school: asked.school.clone(),
            birth_month: asked.birth_month,
            breach: asked.breach.unwrap_or(false),
            due_from: due.map(|(first, _)| first),
            due_to: due.map(|(_, last)| last),
        })
    }
}

/// List needs of transition meetings
///
/// The shared overview of all departments, of the young people whom the caller may see: who is to be booked, booked, held,
/// overdue, exempt or to be judged, with past and next meeting; the soonest due first.
#[utoipa::path(
    operation_id = "listTransitionNeeds",
    tag = "transitions",
    security(("bearer" = [])),
    params(ListNeeds),
    responses((status = 200, description = "A page", body = Page<ListedNeedView>), ReadProblems),
)]
#[get("/transition-needs")]
pub async fn list_transition_needs(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<ListNeeds>,
) -> Result<Json<Page<ListedNeedView>>, ApiError> {
    let asked = Asked::new(&edge, &caller, query.limit, query.cursor.as_deref())?;
    let filter = NeedFilter::try_from(&*query)?;
    edge.read(&caller, "listTransitionNeeds", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        if let Some(whose) = filter.young_person
            && tx.case_of(whose).await?.bases.is_empty()
        {
            // The list is empty, as for an id that does not exist; the access log records the caller.
            tx.refused_in_part();
        }
        let rows = tx.list_transition_needs(&filter, asked.after, asked.limit + 1).await?;
        for row in rows.iter().take(asked.limit.into()) {
            tx.saw(row.young_person_id.into(), row.basis_id.into(), Areas(row.areas));
        }
        let today = day_of(tx.now());
        let view = |row: &ListedNeed| ListedNeedView::new(row, today);
        Ok(Json(asked.page(rows, |row| (row.due_on, row.id), view)))
    })
    .await
}
