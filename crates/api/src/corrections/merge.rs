use super::{MergeView, also_for};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::MergeYoungPeople;
use domain::access::{Scope, authorize};
use domain::ids::YoungPersonId;
use domain::timeline::EventKind;
use persistence::Change;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The other registration.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeBody {
    /// The registration that is merged into this one.
    merged_id: Uuid,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
}

/// Merge two registrations of one young person
///
/// All that is written on the other one, and whoever has access to it, goes over to this one; nobody is found under
/// the other id any more. Of two open plans one is closed first, for there is one plan (PL-1). The current CPR number is
/// this one's: keep the registration with the right number. It can be undone.
#[utoipa::path(
    operation_id = "mergeYoungPeople",
    tag = "corrections",
    security(("bearer" = [])),
    params(
        ("id" = Uuid, Path, description = "The registration that is kept"),
        ("If-Match" = String, Header, description = "The `ETag` it was read with"),
    ),
    request_body = MergeBody,
    responses((status = 201, description = "The merge", body = MergeView), CommandProblems, VersionProblems),
)]
#[post("/young-people/{id}/merge")]
pub async fn merge_young_people(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<MergeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "mergeYoungPeople", Some(*id), &body.raw, async |tx| {
        let new = &body.value;
        let merged = YoungPersonId(new.merged_id);
        if new.merged_id == *id {
            return Err(ApiError::field("/mergedId", Fault::Contradiction));
        }
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<MergeYoungPeople>(&actor, Scope::Case(&case))?;
        let other = also_for::<MergeYoungPeople>(tx, &actor, merged, "/mergedId").await?;
        let person = tx.young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        if_match.check(person.version)?;
        let row = tx
            .merge((&permit, &other), (case.young_person, merged), &new.reason)
            .await?
            .ok_or(ApiError::NotFound)?;
        let change = Change { kind: EventKind::YoungPeopleMerged, subject: &row.id, payload: new };
        tx.record(&permit, change).await?;
        let location = format!("/api/v1/young-people/{id}/merges");
        created(row.version, location, Some(case.young_person), &MergeView::new(row, &[]))
    })
    .await
}
