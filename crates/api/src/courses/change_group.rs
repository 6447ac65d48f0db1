use super::{GroupView, SessionBody, sessions};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::day::Day;
use crate::edge::{Edge, changed};
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use domain::access::policy::SetUpGroups;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::ids::GroupId;
use domain::timeline::EventKind;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What to change; what is left out stays as it is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeGroupBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = schema::line::<200>, required = false)]
    title: Option<String>,
    /// Its last day: today or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Day>,
    /// All of its sessions in the week from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 35)]
    sessions: Option<Vec<SessionBody>>,
    /// How many it takes at once: not fewer than its members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    size: Option<i32>,
}

/// Change a group
///
/// Its title, size, last day or sessions, by those who run what the unit provides. What it was on past days
/// stays; so one that is over changes no more.
#[utoipa::path(
    operation_id = "changeGroup",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The group"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = ChangeGroupBody,
    responses((status = 200, description = "As it is now", body = GroupView), CommandProblems, VersionProblems),
)]
#[patch("/intervention-groups/{id}")]
pub async fn change_group(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ChangeGroupBody>,
) -> Result<HttpResponse, ApiError> {
    let wanted = body.value;
    let week = wanted.sessions.as_deref().map(sessions).transpose()?;
    edge.command(&caller, "changeGroup", Some(*id), &body.raw, async |tx| {
        let (actor, today) = (tx.actor().await?, day_of(tx.now()));
        let group = tx.lock_group(GroupId(*id)).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<SetUpGroups>(&actor, Scope::Unit(group.provider))?;
        if_match.check(group.version)?;
        let first = today.max(group.from);
        let to = wanted.to.map(Day::date);
        if to.is_some_and(|to| to < first) {
            return Err(ApiError::field("/to", Fault::AtLeast(first.to_string())));
        }
        let members = tx.group_members(group.id, today).await?;
        let (size, to) = (wanted.size.or(group.size), to.or(group.to));
        let group = group.change(size, to, members, today)?;
        let version =
            tx.change_group(&permit, &group, wanted.title.as_deref(), week.as_deref()).await?;
        let change = Change { subject: &group.id, kind: EventKind::GroupChanged, payload: &wanted };
        tx.record(&permit, change).await?;
        let found = tx.groups(Some(group.id), None, None, today, 1).await?;
        let file = found.first().ok_or(StoreError::Hidden)?;
        changed(version, None, &GroupView::from(file))
    })
    .await
}
