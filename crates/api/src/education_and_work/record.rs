use super::{EpisodeDaysBody, EpisodeView, store};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, created};
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordEducationAndWork;
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::calendar::day_of;
use domain::courses::WeeklyHours;
use domain::education_and_work::{Episode, EpisodeEvent, EpisodeKind, Pursuit, Source};
use domain::ids::EpisodeId;
use serde::Deserialize;
use serde_json::Number;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a young person applied for, or is or was in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordEpisodeBody {
    #[schema(schema_with = schema::code::<EpisodeKind>)]
    kind: EpisodeKind,
    /// Of an education or an apprenticeship: which education or trade.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    name: Option<String>,
    /// The institution, the school or the employer.
    #[schema(schema_with = schema::line::<200>)]
    place: String,
    /// Of school.
    #[serde(default)]
    #[schema(minimum = 7, maximum = 10)]
    grade: Option<i16>,
    /// Of an apprenticeship, a job or a spare-time job.
    #[serde(default)]
    #[schema(schema_with = schema::optional_weekly_hours, required = false)]
    hours_per_week: Option<Number>,
    /// At least one of them before an end.
    days: EpisodeDaysBody,
    #[schema(schema_with = schema::code::<Source>)]
    source: Source,
}

/// Tell of an education or of work
///
/// As far as it has come: applied for, with a place, started, carried through or given up. A change of hours
/// is a job that ends and another that begins.
#[utoipa::path(
    operation_id = "recordEpisode",
    tag = "education and work",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = RecordEpisodeBody,
    responses((status = 201, description = "As it is recorded", body = EpisodeView), CommandProblems),
)]
#[post("/young-people/{id}/education-and-work")]
pub async fn record_episode(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<RecordEpisodeBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "recordEpisode", Some(*id), &body.raw, async |tx| {
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let days = body.value.days.until("/days", day_of(tx.now()))?;
        let source = body.value.source;
        let pursuit = Pursuit::try_from(body.value)?;
        let row = Row::new(InformationArea::EducationAndEmployment);
        let case = tx.case_of((*id).into()).await?.at(row);
        let permit = authorize::<RecordEducationAndWork>(&actor, Scope::Case(&case))?;
        tx.lock_young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
        let (id, course) = (EpisodeId(Uuid::now_v7()), days.course()?);
        let event = EpisodeEvent::Recorded(Episode { id, pursuit, course, source, version: 1 });
        let view = store(tx, &permit, case.young_person, &event).await?;
        let location = format!("/api/v1/young-people/{}/education-and-work", case.young_person);
        created(view.version, location, Some(case.young_person), &view)
    })
    .await
}

impl TryFrom<RecordEpisodeBody> for Pursuit {
    type Error = ApiError;

    fn try_from(body: RecordEpisodeBody) -> Result<Self, ApiError> {
        use EpisodeKind as K;
        let RecordEpisodeBody { kind, name, place, grade, hours_per_week, .. } = body;
        let hours = hours_per_week.map(|hours| {
            WeeklyHours::parse(&hours.to_string())
                .ok_or_else(|| ApiError::field("/hoursPerWeek", Fault::Format("7.5".to_owned())))
        });
        let hours = hours.transpose()?;
        for (pointer, is_given, belongs) in [
            ("/name", name.is_some(), matches!(kind, K::Education | K::Apprenticeship)),
            ("/grade", grade.is_some(), kind == K::School),
            (
                "/hoursPerWeek",
                hours.is_some(),
                matches!(kind, K::Apprenticeship | K::Job | K::SpareTimeJob),
            ),
        ] {
            if is_given && !belongs {
                return Err(ApiError::field(pointer, Fault::Contradiction));
            }
        }
        let name = name.ok_or_else(|| ApiError::field("/name", Fault::Required));
        let grade = grade.ok_or_else(|| ApiError::field("/grade", Fault::Required));
        let hours = hours.ok_or_else(|| ApiError::field("/hoursPerWeek", Fault::Required));
        Ok(match kind {
            K::Education => Self::Education { name: name?, place },
            K::School => Self::School { grade: grade?, place },
            K::Apprenticeship => {
                Self::Apprenticeship { name: name?, place, hours_per_week: hours? }
            }
            K::Job => Self::Job { place, hours_per_week: hours? },
            K::SpareTimeJob => Self::SpareTimeJob { place, hours_per_week: hours? },
        })
    }
}
