use super::IntakeEntryView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::plans::does_casework;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::AssignCase;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::caseload::{CaseloadRefusal, Function};
use domain::timeline::EventKind;
use persistence::Change;
use persistence::caseload::intake::NewEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Into whose intake, and why.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntakeBody {
    /// A municipal unit that works with young people itself; also another one than the caller's.
    unit_id: Uuid,
    /// Who is wanted.
    #[schema(schema_with = schema::code::<Function>)]
    function: Function,
    #[schema(schema_with = schema::prose::<2000>)]
    reason: String,
    /// From which day on: today where nothing is told; ahead, it is a planned transition.
    from: Option<Day>,
}

/// Put a case into a unit's intake
///
/// Where nobody of the unit has room, or somebody of another unit is wanted: the young person lies in sight of the
/// unit's leader, with the deadlines running, and is never parked on anybody. The unit gets access to identity, plan,
/// education and employment meanwhile.
#[utoipa::path(
    operation_id = "putIntoIntake",
    tag = "caseload",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = IntakeBody,
    responses((status = 201, description = "The entry", body = IntakeEntryView), CommandProblems),
)]
#[post("/young-people/{id}/intake")]
pub async fn put_into_intake(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<IntakeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "putIntoIntake", Some(*id), &body.raw, async |tx| {
        let new = &body.value;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<AssignCase>(&actor, Scope::Case(&case))?;
        let (unit, today) = (new.unit_id.into(), day_of(tx.now()));
        if !does_casework(tx, unit).await? {
            return Err(ApiError::field("/unitId", Fault::UnitUnknown));
        }
        let from = new.from.map_or(today, Day::date);
        if from < today {
            return Err(ApiError::field("/from", Fault::AtLeast(today.to_string())));
        }
        tx.lock_young_people(&[case.young_person]).await?;
        if let Some(employee_id) = tx.has_case(unit, case.young_person, new.function).await? {
            let young_person_id = case.young_person;
            return Err(CaseloadRefusal::AlreadyAssigned { young_person_id, employee_id }.into());
        }
        let entry = NewEntry { unit, function: new.function, from, reason: &new.reason };
        let row = tx.enter_intake(&permit, case.young_person, entry).await?;
        let change = Change { subject: &row.id, kind: EventKind::IntakeEntered, payload: new };
        tx.record(&permit, change).await?;
        let location = format!("/api/v1/intake-entries/{}", row.id);
        created(row.version, location, Some(case.young_person), &IntakeEntryView::from(row))
    })
    .await
}
