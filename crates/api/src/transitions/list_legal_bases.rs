use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::organisation::Department;
use domain::transitions::LeadsTo;
use persistence::transitions::LegalBasisRow;
use serde::Serialize;
use utoipa::ToSchema;

/// Paragraphs, by code.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegalBases {
    items: Vec<LegalBasisView>,
}

/// A paragraph that decides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalBasisView {
    code: String,
    law: String,
    paragraph: String,
    title: String,
    /// A new decision is taken by it from this day on.
    valid_from: NaiveDate,
    /// The last such day; null: it goes on.
    valid_to: Option<NaiveDate>,
    /// Of whom that has so many full years.
    from_age: i32,
    /// Up to this year of age; null: all later ones.
    to_age: Option<i32>,
    #[schema(schema_with = schema::code::<Department>)]
    department: String,
    /// What a need of support that answers to it after 18 leads to; null: it is no such need.
    #[schema(schema_with = schema::optional_code::<LeadsTo>)]
    leads_to: Option<String>,
    /// Does it go before the aftercare committee?
    aftercare: bool,
    /// Which one came instead.
    successor: Option<String>,
}

impl From<LegalBasisRow> for LegalBasisView {
    fn from(row: LegalBasisRow) -> Self {
        Self {
            code: row.code,
            law: row.law,
            paragraph: row.paragraph,
            title: row.title,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            from_age: row.from_age,
            to_age: row.to_age,
            department: row.department,
            leads_to: row.leads_to,
            aftercare: row.aftercare,
            successor: row.successor,
        }
    }
}

/// List the law
///
/// Law moves, so it is data with days: a new decision uses a row that holds that day and for that age, older ones keep theirs.
#[utoipa::path(
    operation_id = "listLegalBases",
    tag = "transitions",
    security(("bearer" = [])),
    responses((status = 200, description = "The paragraphs", body = LegalBases), ReadProblems),
)]
#[get("/legal-bases")]
pub async fn list_legal_bases(
    caller: Caller,
    edge: Data<Edge>,
) -> Result<Json<LegalBases>, ApiError> {
    edge.read(&caller, "listLegalBases", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let items = tx.legal_bases().await?.into_iter().map(Into::into).collect();
        Ok(Json(LegalBases { items }))
    })
    .await
}
