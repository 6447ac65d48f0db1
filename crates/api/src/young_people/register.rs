use super::{YoungPersonView, cpr};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, ask};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::access::policy::RegisterYoungPerson;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::ids::UnitId;
use domain::timeline::EventKind;
use domain::young_people::ensure_registrable;
use persistence::{Change, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// A young person to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterYoungPersonBody {
    #[schema(schema_with = schema::cpr)]
    cpr: String,
    #[schema(schema_with = schema::name::<100>)]
    given_name: String,
    #[schema(schema_with = schema::name::<100>)]
    family_name: String,
    /// The registering unit: one of the caller's. It gets the first access basis.
    unit_id: Uuid,
}

/// What the event tells: never the number (YP-4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registered<'a> {
    given_name: &'a str,
    family_name: &'a str,
    identifier: &'static str,
}

/// Register a young person
///
/// From the 13th birthday to the day before the 30th, once for each CPR number. If the person is already registered,
/// the response identifies that young person only to callers who may see them; to other callers it states which unit to
/// ask for access. Checks that lead to no access are limited to 20 per employee within an hour and 100 per unit within
/// a day.
#[utoipa::path(
    operation_id = "registerYoungPerson",
    tag = "young people",
    security(("bearer" = [])),
    request_body = RegisterYoungPersonBody,
    responses((status = 201, description = "Registered", body = YoungPersonView), CommandProblems),
)]
#[post("/young-people")]
pub async fn register_young_person(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<RegisterYoungPersonBody>,
) -> Result<HttpResponse, ApiError> {
    let new = body.value;
    let number = cpr(&new.cpr)?;
    edge.check_number(&caller, "registerYoungPerson", &number).await?;
    let registered = edge
        .command(&caller, "registerYoungPerson", None, &body.raw, async |tx| {
            let actor = tx.actor().await?;
            tx.checks_number(&number);
            let permit =
                authorize::<RegisterYoungPerson>(&actor, Scope::Unit(UnitId(new.unit_id)))?;
            let today = day_of(tx.now());
            ensure_registrable(number.birth_date(), today)?;
            let id = tx.register(&permit, &number, &new.given_name, &new.family_name).await?;
            let change = Change {
                subject: &id,
                kind: EventKind::YoungPersonRegistered,
                payload: &Registered {
                    given_name: &new.given_name,
                    family_name: &new.family_name,
                    identifier: number.kind().into(),
                },
            };
            tx.record_for(&permit, Some(id), change).await?;
            let row = tx.lock_young_person(id).await?.ok_or(StoreError::Hidden)?;
            created(
                row.version,
                format!("/api/v1/young-people/{id}"),
                Some(id),
                &YoungPersonView::new(&row, today),
            )
        })
        .await;
    match registered {
        Err(ApiError::Rule { code, mut members }) if code == "young-person.already-registered" => {
            // The young person if visible to the caller, otherwise the unit to ask for access (AC-19).
            let known = edge
                .read(&caller, "registerYoungPerson", None, async |tx| {
                    tx.actor().await?;
                    let found = tx.find_by_cpr(&number).await?;
                    match found {
                        Some(id) => {
                            tx.case_of(id).await?;
                        }
                        None => members.extend(ask(tx.whom_to_ask(&[]).await?)),
                    }
                    Ok::<_, ApiError>(found)
                })
                .await?;
            if let Some(id) = known {
                edge.check_gave_access(&caller, "registerYoungPerson").await?;
                members.insert("youngPersonId".to_owned(), json!(id));
            }
            Err(ApiError::Rule { code, members })
        }
        other => other,
    }
}
