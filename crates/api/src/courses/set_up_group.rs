use super::{GroupView, SessionBody, sessions};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::SetUpGroups;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::courses::Group;
use domain::ids::{GroupId, UnitId};
use domain::timeline::EventKind;
use persistence::courses::groups::NewGroup;
use persistence::{Change, StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A group to set up.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupBody {
    /// Of which offer of the unit's; none: of no one in particular.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<60>, required = false)]
    catalogue_code: Option<String>,
    #[schema(schema_with = schema::line::<200>)]
    title: String,
    /// One of the caller's units.
    provider_id: Uuid,
    from: Day,
    /// Its last day, where it is known.
    #[serde(default)]
    to: Option<Day>,
    #[schema(min_items = 1, max_items = 35)]
    sessions: Vec<SessionBody>,
    /// How many it takes at once; none: as many as come.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    size: Option<i32>,
}

/// Set up a group
///
/// With its sessions in the week, by those who run what the unit provides.
#[utoipa::path(
    operation_id = "setUpGroup",
    tag = "courses",
    security(("bearer" = [])),
    request_body = GroupBody,
    responses((status = 201, description = "The group", body = GroupView), CommandProblems),
)]
#[post("/intervention-groups")]
pub async fn set_up_group(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<GroupBody>,
) -> Result<HttpResponse, ApiError> {
    let new = body.value;
    let week = sessions(&new.sessions)?;
    if new.to.is_some_and(|to| to < new.from) {
        return Err(ApiError::field("/to", Fault::AtLeast(new.from.date().to_string())));
    }
    edge.command(&caller, "setUpGroup", None, &body.raw, async |tx| {
        let actor = tx.actor().await?;
        let provider = UnitId(new.provider_id);
        let permit = authorize::<SetUpGroups>(&actor, Scope::Unit(provider))?;
        ensure_provided(tx, &new).await?;
        let group = Group {
            id: GroupId(Uuid::now_v7()),
            provider,
            catalogue_code: new.catalogue_code.clone(),
            from: new.from.date(),
            to: new.to.map(Day::date),
            size: new.size,
            version: 1,
        };
        let stored = NewGroup { title: &new.title, sessions: &week };
        tx.set_up_group(&permit, &group, &stored).await?;
        let change = Change { subject: &group.id, kind: EventKind::GroupSetUp, payload: &new };
        tx.record(&permit, change).await?;
        let made = tx.groups(Some(group.id), None, None, day_of(tx.now()), 1).await?;
        let made = made.first().ok_or(StoreError::Hidden)?;
        let location = format!("/api/v1/intervention-groups/{}", group.id);
        created(made.version, location, None, &GroupView::from(made))
    })
    .await
}

/// The unit works with young people itself, and the offer is its own.
async fn ensure_provided(tx: &mut Tx, new: &GroupBody) -> Result<(), ApiError> {
    if !tx.unit(UnitId(new.provider_id)).await?.is_some_and(|unit| unit.operational) {
        return Err(ApiError::field("/providerId", Fault::UnitUnknown));
    }
    let Some(code) = &new.catalogue_code else { return Ok(()) };
    match tx.catalogue_entry(code).await? {
        None => Err(ApiError::field("/catalogueCode", Fault::CatalogueUnknown)),
        Some(entry) if entry.provider_unit_id != new.provider_id => {
            Err(ApiError::field("/catalogueCode", Fault::Contradiction))
        }
        Some(_) => Ok(()),
    }
}
