use crate::caller::Caller;
use crate::edge::Edge;
use crate::on_day::OnDay;
use crate::problem::ApiError;
use crate::query::Query;
use crate::responses::ReadProblems;
use crate::schema;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use domain::access::policy::ReadBenefits;
use domain::access::{InformationArea, Scope, authorize};
use domain::target_groups::{BenefitKind, Category, Circumstances, Step, YouthEducation};
use domain::young_people::age_on;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The target group on a day, and what it follows from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetGroupView {
    on: NaiveDate,
    /// In full years, that day.
    age: u32,
    /// 0 to 4; null: no group.
    group: Option<i32>,
    /// The leading one.
    #[schema(schema_with = schema::optional_code::<BenefitKind>)]
    benefit: Option<BenefitKind>,
    in_integration_programme: bool,
    #[schema(schema_with = schema::optional_code::<Category>)]
    category: Option<Category>,
    education_readiness: Vec<EducationReadinessView>,
    /// The groups up to that day, each from its first day on.
    history: Vec<StepView>,
}

/// Ready for a kind of youth education, or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct EducationReadinessView {
    #[schema(schema_with = schema::code::<YouthEducation>)]
    education: YouthEducation,
    ready: bool,
}

/// From a day on a group, or none.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    from: NaiveDate,
    group: Option<i32>,
}

/// Read the target group
///
/// As it follows from age, leading benefit and readiness on any day; it is never typed in.
#[utoipa::path(
    operation_id = "readTargetGroup",
    tag = "target groups",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person"), OnDay),
    responses((status = 200, description = "The target group", body = TargetGroupView), ReadProblems),
)]
#[get("/young-people/{id}/target-group")]
pub async fn read_target_group(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    query: Query<OnDay>,
) -> Result<Json<TargetGroupView>, ApiError> {
    let view = edge
        .read(&caller, "readTargetGroup", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let case = tx.case_of((*id).into()).await?;
            let permit = authorize::<ReadBenefits>(&actor, Scope::Case(&case))?;
            tx.acted_as(&permit);
            // From all that tells of it, or not at all: a part would tell a wrong group.
            if !tx.opens(case.young_person, InformationArea::EducationAndEmployment).await? {
                return Err(ApiError::NotFound);
            }
            let person = tx.young_person(case.young_person).await?.ok_or(ApiError::NotFound)?;
            let known = tx.circumstances(&person).await?;
            Ok(TargetGroupView::new(&known, query.or_today(tx)))
        })
        .await?;
    Ok(Json(view))
}

impl TargetGroupView {
    fn new(known: &Circumstances, on: NaiveDate) -> Self {
        let leading = known.leading_on(on);
        let educations = known.educations_on(on).into_iter();
        let step = |Step { from, group }| StepView { from, group };
        Self {
            on,
            age: age_on(known.birth_date, on),
            group: known.group_on(on),
            benefit: leading.map(|benefit| benefit.kind),
            in_integration_programme: leading
                .is_some_and(|benefit| benefit.in_integration_programme),
            category: known.category_on(on),
            education_readiness: educations
                .map(|(education, ready)| EducationReadinessView { education, ready })
                .collect(),
            history: known.history(on).into_iter().map(step).collect(),
        }
    }
}
