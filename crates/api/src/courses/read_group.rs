use super::GroupView;
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use domain::access::policy::{ReadIntervention, ReadOrganisation};
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::ids::{GroupId, InterventionId};
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
            let rows = tx.visible_members(id, today).await?;
            let ids: Vec<InterventionId> = rows.iter().map(|(id, _)| *id).collect();
            let cases = tx.cases_of_interventions(&ids).await?;
            let mut members = Vec::with_capacity(rows.len());
            for (id, from) in rows {
                let Some((case, area)) = cases.get(&id) else { continue };
                let readable = authorize::<ReadIntervention>(&actor, Scope::Case(case)).ok();
                let whose = readable.and_then(|one| one.young_person().zip(one.basis()));
                if let Some((whose, basis)) = whose {
                    tx.saw(whose, basis, *area);
                    members.push(MemberView {
                        intervention_id: id.0,
                        young_person_id: whose.0,
                        from,
                    });
                }
            }
            Ok((file.version, GroupWithMembers { group: file.into(), members }))
        })
        .await?;
    answer_with_version(&request, version, &view)
}
