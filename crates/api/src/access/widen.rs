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
use chrono::{NaiveDate, TimeDelta};
use domain::access::policy::WidenAccess;
use domain::access::{Areas, InformationArea, Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use persistence::{Change, Widening};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest duration of widened access (*chosen*).
const LONGEST: TimeDelta = TimeDelta::weeks(26);

/// The access that a unit receives from now on, with its reason and its end.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WidenAccessBody {
    /// A unit that already has access to the young person.
    unit_id: Uuid,
    /// The information areas that are opened to the unit.
    #[schema(schema_with = schema::codes::<InformationArea>)]
    areas: Vec<InformationArea>,
    /// The `code` of one of `GET /legal-bases`.
    #[schema(schema_with = schema::line::<60>)]
    legal_basis: String,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
    /// The last day of the access: today at the earliest, 26 weeks ahead at the latest.
    until: Day,
}

/// An access basis that widens what a unit sees.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WidenedAccessView {
    id: Uuid,
    young_person_id: Uuid,
    unit_id: Uuid,
    #[schema(schema_with = schema::codes::<InformationArea>)]
    areas: Vec<InformationArea>,
    legal_basis: String,
    reason: String,
    /// The last day.
    until: NaiveDate,
}

/// Widen a unit's access to a young person
///
/// A unit that sees a young person for one purpose only (a meeting, guidance, an intervention) can receive wider
/// access, with a legal basis, a reason and an end. A unit that works with the young person can open at most what it
/// sees itself. If no unit works with the young person, the leader of the unit that has access by law can widen the
/// access of that unit. Widened access cannot be passed on.
#[utoipa::path(
    operation_id = "widenAccess",
    tag = "access",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = WidenAccessBody,
    responses((status = 201, description = "The widened access", body = WidenedAccessView), CommandProblems),
)]
#[post("/young-people/{id}/access-bases")]
pub async fn widen_access(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<WidenAccessBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "widenAccess", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<WidenAccess>(&actor, Scope::Case(&case))?;
        let (today, until) = (day_of(tx.now()), new.until.date());
        if until < today {
            return Err(ApiError::field("/until", Fault::AtLeast(today.to_string())));
        }
        if until > today + LONGEST {
            return Err(ApiError::field("/until", Fault::AtMost((today + LONGEST).to_string())));
        }
        if !tx.is_legal_basis(&new.legal_basis).await? {
            return Err(ApiError::field("/legalBasis", Fault::LegalBasisUnknown));
        }
        if !tx.unit(new.unit_id.into()).await?.is_some_and(|unit| unit.operational) {
            return Err(ApiError::field("/unitId", Fault::UnitUnknown));
        }
        let widening = Widening {
            unit: new.unit_id.into(),
            areas: Areas::of(&new.areas),
            legal_basis: &new.legal_basis,
            reason: &new.reason,
            until,
        };
        let basis = tx.widen_access(&permit, case.young_person, &widening).await?;
        let kind = EventKind::AccessWidened;
        tx.record(&permit, Change { subject: &case.young_person, kind, payload: &new }).await?;
        let view = WidenedAccessView {
            id: basis.0,
            young_person_id: *id,
            unit_id: new.unit_id,
            areas: new.areas,
            legal_basis: new.legal_basis,
            reason: new.reason,
            until,
        };
        answer(StatusCode::CREATED, None, None, Some(case.young_person), &view)
    })
    .await
}
