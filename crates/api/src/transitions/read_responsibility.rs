use super::AgreementView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::policy::ReadTransition;
use domain::access::{Scope, authorize};
use domain::calendar::{day_of, start_of};
use domain::organisation::Department;
use persistence::StoreError;
use persistence::transitions::{CoordinationStep, ResponsibilityRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who decides and who coordinates on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResponsibilityView {
    on: NaiveDate,
    /// Which units decide, each under its law.
    statutory: Vec<StatutoryView>,
    /// Which department coordinates; two where it passes in the course of the day; none where there was no plan yet. Of a day
    /// ahead: as it will be by what was agreed and accepted.
    coordinating: Vec<CoordinatingView>,
    /// The unit that supports before it coordinates.
    supporting_unit_id: Option<Uuid>,
    /// What is agreed, and not passed yet.
    agreement: Option<AgreementView>,
}

/// A unit that decides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatutoryView {
    id: Uuid,
    unit_id: Uuid,
    unit: String,
    #[schema(schema_with = schema::code::<Department>)]
    department: String,
    /// A code of `/legal-bases`.
    legal_basis: String,
    law: String,
    paragraph: String,
    title: String,
    from: NaiveDate,
    /// The last day, as told or by the age for which the law holds; null: it goes on.
    to: Option<NaiveDate>,
    decided_on: NaiveDate,
    version: i64,
}

/// A department that coordinates, until the next one does.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoordinatingView {
    #[schema(schema_with = schema::code::<Department>)]
    department: String,
    from: DateTime<Utc>,
}

impl From<ResponsibilityRow> for StatutoryView {
    fn from(row: ResponsibilityRow) -> Self {
        Self {
            id: row.id,
            unit_id: row.unit_id,
            unit: row.unit,
            department: row.department,
            legal_basis: row.legal_basis,
            law: row.law,
            paragraph: row.paragraph,
            title: row.title,
            from: row.from_day,
            to: row.to_day,
            decided_on: row.decided_on,
            version: row.version,
        }
    }
}

impl From<CoordinationStep> for CoordinatingView {
    fn from(step: CoordinationStep) -> Self {
        Self { department: step.department, from: step.from_at }
    }
}

/// Read who is responsible on a day
///
/// Any day: as it was, or as it will be by what is agreed and accepted by now.
#[utoipa::path(
    operation_id = "readResponsibility",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), OnDay),
    responses((status = 200, description = "Who is responsible", body = ResponsibilityView), ReadProblems),
)]
#[get("/young-people/{id}/responsibility")]
pub async fn read_responsibility(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<Json<ResponsibilityView>, ApiError> {
    let view = edge
        .read(&caller, "readResponsibility", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadTransition>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            let (on, today, whose) = (query.or_today(tx), day_of(tx.now()), case.young_person);
            let agreement = tx.open_agreement(whose).await?;
            let mut coordinating = tx.coordinated_on(whose, on).await?;
            let expected = agreement.as_ref().filter(|agreed| {
                agreed.accepted_at.is_some()
                    && today < agreed.coordinates_from
                    && agreed.coordinates_from <= on
            });
            if let Some(agreed) = expected {
                let receiver = tx.unit(agreed.receiving_unit_id.into()).await?;
                coordinating = vec![CoordinationStep {
                    from_at: start_of(agreed.coordinates_from),
                    department: receiver.ok_or(StoreError::Hidden)?.department,
                }];
            }
            let supporting = match expected {
                Some(_) => None,
                None => tx.supporting_on(whose, on).await?,
            };
            Ok::<_, ApiError>(ResponsibilityView {
                on,
                statutory: tx.statutory_on(whose, on).await?.into_iter().map(Into::into).collect(),
                coordinating: coordinating.into_iter().map(Into::into).collect(),
                supporting_unit_id: supporting.map(|agreed| agreed.receiving_unit_id),
                agreement: agreement.map(|agreed| AgreementView::new(&agreed, today)),
            })
        })
        .await?;
    Ok(Json(view))
}
