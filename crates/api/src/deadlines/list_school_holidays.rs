use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::query::Query;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use persistence::deadlines::SchoolHolidayRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of which municipality.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhoseHolidays {
    /// Four digits; our own where none is named.
    #[param(example = "0791")]
    municipality_code: Option<String>,
}

/// The school holidays of a municipality.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchoolHolidays {
    items: Vec<SchoolHolidayView>,
}

/// Days on which schools are closed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchoolHolidayView {
    #[schema(example = "0791")]
    municipality_code: String,
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    #[schema(example = "Efterårsferie")]
    name: String,
}

impl From<SchoolHolidayRow> for SchoolHolidayView {
    fn from(row: SchoolHolidayRow) -> Self {
        let SchoolHolidayRow { municipality_code, from_day, to_day, name } = row;
        Self { municipality_code, from: from_day, to: to_day, name }
    }
}

/// List school holidays
///
/// As the municipality decided them. They are working days of its own all the same.
#[utoipa::path(
    operation_id = "listSchoolHolidays",
    tag = "deadlines",
    security(("bearer" = [])),
    params(WhoseHolidays),
    responses((status = 200, description = "The holidays, in order", body = SchoolHolidays), ReadProblems),
)]
#[get("/school-holidays")]
pub async fn list_school_holidays(
    caller: Caller,
    edge: Data<Edge>,
    query: Query<WhoseHolidays>,
) -> Result<Json<SchoolHolidays>, ApiError> {
    edge.read(&caller, "listSchoolHolidays", None, async |tx| {
        let actor = tx.actor().await?;
        let asked = query.into_inner().municipality_code;
        let fits =
            |code: &String| code.len() == 4 && code.bytes().all(|digit| digit.is_ascii_digit());
        if !asked.as_ref().is_none_or(fits) {
            return Err(ApiError::field("municipalityCode", Fault::Format("0791".to_owned())));
        }
        authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
        let code = match asked {
            Some(code) => code,
            None => tx.own_municipality().await?,
        };
        let rows = tx.school_holidays(&code).await?;
        Ok(Json(SchoolHolidays { items: rows.into_iter().map(Into::into).collect() }))
    })
    .await
}
