use super::SanctionView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordBenefit;
use domain::access::{Scope, authorize};
use domain::target_groups::sanctions::{Sanction, SanctionKind, SanctionSource};
use domain::timeline::EventKind;
use persistence::Change;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A sanction to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordSanctionBody {
    /// One of the young person's.
    benefit_id: Uuid,
    #[schema(schema_with = schema::code::<SanctionKind>)]
    kind: SanctionKind,
    /// From which day, one of the benefit's.
    on: Day,
    #[schema(schema_with = schema::prose::<4000>)]
    ground: String,
    /// Recorded here, where nothing is told.
    #[serde(default = "recorded")]
    #[schema(schema_with = schema::code::<SanctionSource>, required = false)]
    source: SanctionSource,
}

const fn recorded() -> SanctionSource {
    SanctionSource::Recorded
}

/// Record a sanction
///
/// Against a benefit, on one of its days. Where the benefit is split the sanction goes with the part that
/// has its day, and a benefit does not end before it.
#[utoipa::path(
    operation_id = "recordSanction",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = RecordSanctionBody,
    responses((status = 201, description = "The sanction", body = SanctionView), CommandProblems),
)]
#[post("/young-people/{id}/sanctions")]
pub async fn record_sanction(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<RecordSanctionBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "recordSanction", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let RecordSanctionBody { benefit_id, kind, on, ground, source } = body.value;
        let new = Sanction { benefit_id: benefit_id.into(), kind, on: on.date(), ground, source };
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<RecordBenefit>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let known = tx.circumstances(&person).await?.benefits;
        tx.does_not_see_any_of([benefit_id], |id| known.iter().any(|one| one.id.0 == *id));
        let against = known.iter().find(|benefit| benefit.id == new.benefit_id);
        let against = against.ok_or_else(|| ApiError::field("/benefitId", Fault::Invalid))?;
        new.ensure_within(against)?;
        let row = tx.add_sanction(&permit, case.young_person, &new).await?;
        let change = Change { subject: &row.id, kind: EventKind::SanctionRecorded, payload: &new };
        tx.record(&permit, change).await?;
        let location = format!("/api/v1/young-people/{}/sanctions", case.young_person);
        let view = SanctionView::from(row);
        answer(StatusCode::CREATED, None, Some(location), Some(case.young_person), &view)
    })
    .await
}
