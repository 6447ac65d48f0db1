use super::list_handovers::EducationHandoverView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::on_day::ensure_not_after;
use crate::outside_parties::BasisBody;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{Datelike as _, NaiveDate};
use domain::access::policy::HandOverToEducation;
use domain::access::{Scope, authorize};
use domain::calendar::day_of;
use domain::disclosures::Disclosure;
use domain::ids::EmployeeId;
use domain::organisation::Department;
use domain::timeline::EventKind;
use persistence::Change;
use persistence::transitions::EducationHandover;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is handed over, and to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EducationHandoverBody {
    #[schema(schema_with = schema::line::<200>)]
    from_school: String,
    #[schema(schema_with = schema::line::<200>)]
    to_education: String,
    /// Who is told there, by name.
    #[schema(schema_with = schema::line::<200>)]
    receiver: String,
    /// What is known.
    #[schema(schema_with = schema::prose::<8000>)]
    told: String,
    /// Today where nothing is told; not ahead.
    #[serde(default)]
    on: Option<Day>,
    basis: BasisBody,
    /// UU's mentor, who follows until about November.
    #[serde(default)]
    mentor_id: Option<Uuid>,
    /// Their last day; the last of the next November where nothing is told.
    #[serde(default)]
    mentor_until: Option<Day>,
}

/// Hand over from school to youth education
///
/// What is known, on which basis, to a named receiver; with UU's mentor, and later the receipt: kept as one.
#[utoipa::path(
    operation_id = "handOverToEducation",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = EducationHandoverBody,
    responses((status = 201, description = "The handover", body = EducationHandoverView), CommandProblems),
)]
#[post("/young-people/{id}/education-handovers")]
pub async fn hand_over_to_education(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<EducationHandoverBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "handOverToEducation", Some(*id), &body.raw, async |tx| {
        let (told, today) = (body.value, day_of(tx.now()));
        let on = told.on.map_or(today, Day::date);
        ensure_not_after("/on", on, today)?;
        let mentor = match (told.mentor_id, told.mentor_until.map(Day::date)) {
            (None, Some(_)) => return Err(ApiError::field("/mentorUntil", Fault::Contradiction)),
            (Some(_), Some(until)) if until < on => {
                return Err(ApiError::field("/mentorUntil", Fault::AtLeast(on.to_string())));
            }
            (who, until) => who.map(|who| (EmployeeId(who), until.unwrap_or_else(|| november(on)))),
        };
        let basis = told.basis.read("/basis")?;
        let actor = tx.actor().await?;
        let case = tx.case_of((*id).into()).await?;
        let permit = authorize::<HandOverToEducation>(&actor, Scope::Case(&case))?;
        if let Some((who, _)) = mentor {
            let held = tx.held_roles(who).await?;
            let of_uu = held.iter().find(|role| role.department == Department::Guidance);
            let works = match of_uu {
                Some(role) => tx.works_in(who, role.unit).await?,
                None => false,
            };
            if !works {
                return Err(ApiError::field("/mentorId", Fault::EmployeeNotInUnit));
            }
        }
        let new = EducationHandover {
            from_school: told.from_school,
            to_education: told.to_education,
            receiver: told.receiver,
            told: told.told,
            disclosure: Disclosure { on, basis },
            mentor,
        };
        let row = tx.add_education_handover(&permit, case.young_person, &new).await?;
        let kind = EventKind::EducationHandoverMade;
        tx.record(&permit, Change { subject: &row.id, kind, payload: &new }).await?;
        let location = format!("/api/v1/young-people/{}/education-handovers", case.young_person);
        let (version, view) = (row.version, EducationHandoverView::from(row));
        created(version, location, Some(case.young_person), &view)
    })
    .await
}

/// The last day of the next November: so long UU's mentors follow (TM-15).
fn november(on: NaiveDate) -> NaiveDate {
    let year = if on.month() == 12 { on.year() + 1 } else { on.year() };
    NaiveDate::from_ymd_opt(year, 11, 30).unwrap_or(on)
}
