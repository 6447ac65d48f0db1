use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadEducationAndWork;
use domain::access::{Scope, authorize};
use domain::disclosures::BasisKind;
use persistence::transitions::HandoverRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Handovers, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EducationHandovers {
    items: Vec<EducationHandoverView>,
}

/// A handover from school to youth education.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EducationHandoverView {
    id: Uuid,
    young_person_id: Uuid,
    from_school: String,
    to_education: String,
    /// Who is told there, by name.
    receiver: String,
    /// What is known.
    told: String,
    on: NaiveDate,
    #[schema(schema_with = schema::code::<BasisKind>)]
    basis_kind: String,
    basis_paragraph: Option<String>,
    basis_words: String,
    /// UU's mentor.
    mentor_id: Option<Uuid>,
    /// Their last day.
    mentor_until: Option<NaiveDate>,
    /// Null: there is no receipt yet.
    received_on: Option<NaiveDate>,
    received_by: Option<String>,
    entered_at: DateTime<Utc>,
    version: i64,
}

impl From<HandoverRow> for EducationHandoverView {
    fn from(row: HandoverRow) -> Self {
        Self {
            id: row.id,
            young_person_id: row.young_person_id,
            from_school: row.from_school,
            to_education: row.to_education,
            receiver: row.receiver,
            told: row.told,
            on: row.on_day,
            basis_kind: row.basis_kind,
            basis_paragraph: row.basis_paragraph,
            basis_words: row.basis_words,
            mentor_id: row.mentor_id,
            mentor_until: row.mentor_until,
            received_on: row.received_on,
            received_by: row.received_by,
            entered_at: row.entered_at,
            version: row.version,
        }
    }
}

/// Read handovers to youth education
#[utoipa::path(
    operation_id = "listEducationHandovers",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    responses((status = 200, description = "Those the caller sees", body = EducationHandovers), ReadProblems),
)]
#[get("/young-people/{id}/education-handovers")]
pub async fn list_education_handovers(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<Json<EducationHandovers>, ApiError> {
    let rows = edge
        .read(&caller, "listEducationHandovers", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadEducationAndWork>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            Ok::<Vec<HandoverRow>, ApiError>(tx.education_handovers(case.young_person).await?)
        })
        .await?;
    Ok(Json(EducationHandovers { items: rows.into_iter().map(Into::into).collect() }))
}
