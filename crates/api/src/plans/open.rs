use super::{GoalBody, PlanView, ensure_contact_person, ensure_coordinates, own_words, view};
use crate::body::Body;
use crate::caller::Caller;
use crate::caseload::ExceptionBody;
use crate::caseload::coordinating::give_case;
use crate::edge::{Edge, created};
use crate::problem::ApiError;
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::OpenPlan;
use domain::access::{Permit, Scope, authorize};
use domain::ids::{EmployeeId, PlanId};
use domain::organisation::Department;
use domain::plans::{ContactPerson, Goal, OwnWords, Plan, PlanRefusal, PlanState};
use domain::timeline::EventKind;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A joint plan to open, as a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenPlanBody {
    #[schema(schema_with = schema::prose::<4000>)]
    purpose: String,
    /// What the young person wants, as they said it.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    own_words: Option<String>,
    /// How they were asked, and would not or could not say.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<4000>, required = false)]
    own_words_absent: Option<String>,
    /// An employee who carries the relation.
    #[serde(default)]
    contact_person_id: Option<Uuid>,
    /// The coordinating caseworker: an employee of the caller's unit. The case is assigned to this employee within the norm. If
    /// `null`, the draft is in the unit's intake queue.
    #[serde(default)]
    coordinator_id: Option<Uuid>,
    /// An exception to the norm by the unit's leader, if the coordinating caseworker has no room.
    #[serde(default)]
    #[schema(required = false)]
    exception: Option<ExceptionBody>,
    #[serde(default)]
    #[schema(max_items = 50)]
    goals: Vec<GoalBody>,
    /// A closed plan of the same young person that this one reopens.
    #[serde(default)]
    previous_plan_id: Option<Uuid>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened<'a> {
    purpose: &'a str,
    own_words: &'a OwnWords,
    goals: &'a [Goal],
    coordinator_id: Option<Uuid>,
    contact_person_id: Option<Uuid>,
    previous_plan_id: Option<Uuid>,
}

/// Open a joint plan
///
/// At most one is open for each young person. The caller's unit is its first participant, and its department
/// coordinates where none did before. The case is assigned to the employee who is named as coordinating caseworker.
#[utoipa::path(
    operation_id = "openPlan",
    tag = "plans",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = OpenPlanBody,
    responses((status = 201, description = "The draft", body = PlanView), CommandProblems),
)]
#[post("/young-people/{id}/plans")]
pub async fn open_plan(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<OpenPlanBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "openPlan", Some(*id), &body.raw, async |tx| {
        let new = body.value;
        let own_words = own_words(new.own_words, new.own_words_absent)?;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<OpenPlan>(&actor, Scope::Case(&case))?;
        let department = actor
            .roles
            .iter()
            .find(|held| held.unit == permit.unit())
            .map_or(Department::JobsAndWelfare, |held| held.department);
        let coordinator = new.coordinator_id.map(EmployeeId);
        tx.lock_employees_of(case.young_person, coordinator.as_slice()).await?;
        tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let plan = Plan {
            id: PlanId(Uuid::now_v7()),
            young_person: case.young_person,
            purpose: new.purpose,
            own_words,
            previous: new.previous_plan_id.map(Into::into),
            opened_at: tx.now(),
            state: PlanState::Draft,
            version: 1,
        };
        if let Some(previous) = plan.previous
            && !tx.is_closed_plan_of(previous, plan.young_person).await?
        {
            return Err(PlanRefusal::PreviousNotClosed {}.into());
        }
        let goals: Vec<Goal> = new.goals.into_iter().map(Into::into).collect();
        tx.coordinate_first(&permit, plan.young_person, department).await?;
        tx.open_plan(&permit, &plan).await?;
        let participant =
            tx.add_participant(&permit, &plan, permit.unit(), permit.employee()).await?;
        tx.open_to_participant(&permit, &plan, (permit.unit(), participant)).await?;
        for goal in &goals {
            tx.add_goal(&permit, &plan, goal).await?;
        }
        if let Some(who) = coordinator {
            ensure_coordinates(tx, who, plan.young_person).await?;
            tx.set_coordinator(&permit, &plan, who).await?;
            give_case(tx, &actor, &plan, who, new.exception.map(Into::into)).await?;
        }
        set_contact_person(tx, &permit, &plan, new.contact_person_id).await?;
        let payload = Opened {
            purpose: &plan.purpose,
            own_words: &plan.own_words,
            goals: &goals,
            coordinator_id: new.coordinator_id,
            contact_person_id: new.contact_person_id,
            previous_plan_id: new.previous_plan_id,
        };
        let change = Change { subject: &plan.id, kind: EventKind::PlanOpened, payload: &payload };
        tx.record(&permit, change).await?;
        let view = view(tx, plan.id).await?;
        created(plan.version, format!("/api/v1/plans/{}", plan.id), Some(plan.young_person), &view)
    })
    .await
}

async fn set_contact_person(
    tx: &mut Tx,
    permit: &Permit<OpenPlan>,
    plan: &Plan,
    contact_person: Option<Uuid>,
) -> Result<(), ApiError> {
    if let Some(who) = contact_person {
        let who = ContactPerson::Employee(who.into());
        ensure_contact_person(tx, &who, "/contactPersonId").await?;
        tx.set_contact_person(permit, plan, &who).await?;
    }
    Ok(())
}
