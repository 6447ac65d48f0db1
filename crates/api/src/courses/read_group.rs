use super::GroupView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use domain::access::policy::ReadOrganisation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::ids::GroupId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A group, and those of its members whom the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupWithMembers {
    #[serde(flatten)]
    group: GroupView,
    members: Vec<MemberView>,
}

/// A member whom the caller may see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    intervention_id: Uuid,
    young_person_id: Uuid,
    from: NaiveDate,
}

/// Read a group
///
/// With those of its members whom the caller may see; of the others only how many they all are.
#[utoipa::path(
    operation_id = "readGroup",
    tag = "courses",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The group")),
    responses((status = 200, description = "The group", body = GroupWithMembers), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/intervention-groups/{id}")]
pub async fn read_group(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let (version, view) = edge
        .read(&caller, "readGroup", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let permit = authorize::<ReadOrganisation>(&actor, Scope::Nothing)?;
            tx.acted_as(&permit);
            let (id, today) = (GroupId(*id), day_of(tx.now()));
            let found = tx.groups(Some(id), None, None, today, 1).await?;
            let file = found.first().ok_or(ApiError::NotFound)?;
            let members = tx
                .visible_members(id, today)
                .await?
                .into_iter()
                .map(|member| MemberView {
                    intervention_id: member.intervention_id,
                    young_person_id: member.young_person_id,
                    from: member.from_day,
                })
                .collect();
            Ok((file.version, GroupWithMembers { group: file.into(), members }))
        })
        .await?;
    answer_with_version(&request, version, &view)
}
