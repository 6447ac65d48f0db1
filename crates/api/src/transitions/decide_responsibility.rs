use super::read_responsibility::StatutoryView;
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
use domain::access::policy::DecideResponsibility;
use domain::access::{Scope, authorize};
use domain::timeline::EventKind;
use persistence::transitions::NewResponsibility;
use persistence::{Change, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Under which law, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponsibilityBody {
    /// A code of `/legal-bases`, of a law under which the caller's department decides.
    #[schema(schema_with = schema::line::<60>)]
    legal_basis: String,
    /// From which day; also one to come.
    from: Day,
    /// To which day; left out: as long as the law holds for their age.
    #[serde(default)]
    to: Option<Day>,
}

/// Tell that one's unit decides
///
/// The statutory responsibility passes by date and decision: what holds for children ends at the 18th birthday by itself,
/// what holds for adults begins then. Several units may decide, each under its law.
#[utoipa::path(
    operation_id = "decideResponsibility",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = ResponsibilityBody,
    responses((status = 201, description = "Who decides", body = StatutoryView), CommandProblems),
)]
#[post("/young-people/{id}/responsibility")]
pub async fn decide_responsibility(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<ResponsibilityBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "decideResponsibility", Some(*id), &body.raw, async |tx| {
        let told = body.value;
        let (from, to) = (told.from.date(), told.to.map(Day::date));
        if to.is_some_and(|to| to < from) {
            return Err(ApiError::field("/to", Fault::AtLeast(from.to_string())));
        }
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<DecideResponsibility>(&actor, Scope::Case(&case))?;
        let whose = case.young_person;
        tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        let new =
            NewResponsibility { unit_id: permit.unit(), legal_basis: told.legal_basis, from, to };
        let new_id = tx.decide_responsibility(&permit, whose, &new).await?;
        let kind = EventKind::ResponsibilityDecided;
        tx.record(&permit, Change { subject: &new_id, kind, payload: &new }).await?;
        let rows = tx.statutory_on(whose, from).await?;
        let row = rows.into_iter().find(|row| row.id == new_id).ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/young-people/{whose}/responsibility?on={from}");
        answer(StatusCode::CREATED, None, Some(location), Some(whose), &StatutoryView::from(row))
    })
    .await
}
