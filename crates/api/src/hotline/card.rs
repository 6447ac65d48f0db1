use crate::body::Body;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault, Problem};
use crate::responses::{BodyProblems, ReadProblems};
use crate::schema;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use domain::access::policy::ReadCard;
use domain::access::{Scope, authorize};
use domain::hotline::{CARDS_WITHIN_AN_HOUR, Step};
use domain::ids::ContactId;
use domain::young_people::Cpr;
use persistence::hotline::views::{Card, Reachable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A number that was told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardBody {
    #[schema(schema_with = schema::cpr)]
    cpr: String,
}

/// That there is a plan, and how to reach those who have the case.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// There is an open plan. Where there is none, or nobody has the number, nothing else is told.
    has_plan: bool,
    /// The coordinating caseworker.
    coordinator: Option<ReachableView>,
    contact_person: Option<ReachableView>,
}

/// Somebody, and how to reach them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReachableView {
    /// `null` if no employee has the case now; it is then in the unit's intake queue.
    name: Option<String>,
    /// The account, of somebody employed here.
    username: Option<String>,
    unit: Option<String>,
    telephone: Option<String>,
    /// Of somebody outside.
    organisation: Option<String>,
}

impl From<Reachable> for ReachableView {
    fn from(one: Reachable) -> Self {
        let Reachable { name, username, unit, telephone, organisation } = one;
        Self { name, username, unit, telephone, organisation }
    }
}

/// See how to reach those who have a young person's case
///
/// Within a contact of the hotline that is not answered yet, with its purpose on the access log. None of it is for the caller to
/// be told: they are called back. An unknown number is answered like one of somebody without a plan; so is every other one than
/// that of whom the contact is tied to, once somebody asked to tie it. Twenty numbers may be asked for within an hour, in
/// whatever contacts; the next one waits.
#[utoipa::path(
    operation_id = "readCard",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact")),
    request_body = CardBody,
    responses(
        (status = 200, description = "That there is a plan, and who has it", body = CardView),
        (status = 409, description = "The contact is answered", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many numbers", body = Problem, content_type = "application/problem+json"),
        ReadProblems, BodyProblems,
    ),
)]
#[post("/hotline/contacts/{id}/card")]
pub async fn read_card(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<CardBody>,
) -> Result<Json<CardView>, ApiError> {
    let number =
        Cpr::parse(&body.value.cpr).map_err(|_| ApiError::field("/cpr", Fault::CprInvalid))?;
    edge.check_card(&caller, ("readCard", *id), &number, CARDS_WITHIN_AN_HOUR).await?;
    let card = edge
        .read(&caller, "readCard", Some(*id), async |tx| {
            let id = ContactId(*id);
            let actor = tx.actor().await?;
            let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
            let permit = authorize::<ReadCard>(&actor, Scope::Unit(file.unit()))?;
            tx.acted_as(&permit);
            let contact = tx.contact(id).await?.ok_or(ApiError::NotFound)?;
            contact.ensure_unanswered(Step::Card)?;
            Ok(tx.card(&permit, id, &number).await?)
        })
        .await?;
    let Card { has_plan, coordinator, contact_person } = card;
    Ok(Json(CardView {
        has_plan,
        coordinator: coordinator.map(Into::into),
        contact_person: contact_person.map(Into::into),
    }))
}
