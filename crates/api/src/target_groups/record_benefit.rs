use super::{BenefitView, store};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordBenefit;
use domain::access::{Scope, authorize};
use domain::ids::BenefitId;
use domain::target_groups::{Benefit, BenefitKind};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A benefit to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordBenefitBody {
    #[schema(schema_with = schema::code::<BenefitKind>)]
    kind: BenefitKind,
    /// The first day.
    from: Day,
    /// The last day; left out: it goes on.
    #[serde(default)]
    to: Option<Day>,
    /// Does it decide the target group while it is had? One of those had on a day does.
    #[serde(default = "yes")]
    #[schema(default = true)]
    leading: bool,
    /// Of kontanthjælp and integrationsydelse alone.
    #[serde(default)]
    in_integration_programme: bool,
}

const fn yes() -> bool {
    true
}

/// Record a benefit
///
/// Also of days gone by. On each day with benefits exactly one of them leads; with the category that holds
/// on its days it makes a target group that the law knows.
#[utoipa::path(
    operation_id = "recordBenefit",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = RecordBenefitBody,
    responses((status = 201, description = "The benefit", body = BenefitView), CommandProblems),
)]
#[post("/young-people/{id}/benefits")]
pub async fn record_benefit(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<RecordBenefitBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "recordBenefit", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let new = Benefit::try_from(body.value)?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<RecordBenefit>(&actor, Scope::Case(&case))?;
        let person = tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let event = tx.circumstances(&person).await?.record(new)?;
        let view = store(tx, &permit, case.young_person, &event, new.id.0).await?;
        let location = format!("/api/v1/young-people/{}/benefits", case.young_person);
        created(view.version, location, Some(case.young_person), &view)
    })
    .await
}

impl TryFrom<RecordBenefitBody> for Benefit {
    type Error = ApiError;

    fn try_from(body: RecordBenefitBody) -> Result<Self, ApiError> {
        if body.to.is_some_and(|to| to < body.from) {
            return Err(ApiError::field("/to", Fault::AtLeast(body.from.date().to_string())));
        }
        if body.in_integration_programme && !body.kind.knows_integration_programme() {
            return Err(ApiError::field("/inIntegrationProgramme", Fault::Contradiction));
        }
        Ok(Self {
            id: BenefitId(Uuid::now_v7()),
            kind: body.kind,
            leading: body.leading,
            in_integration_programme: body.in_integration_programme,
            from: body.from.date(),
            to: body.to.map(Day::date),
            version: 1,
        })
    }
}
