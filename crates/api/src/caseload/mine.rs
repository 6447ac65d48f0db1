use super::CaseBriefView;
use super::units::StandingView;
use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::access::policy::FindYoungPeople;
use domain::access::{Areas, Scope, authorize};
use domain::calendar::day_of;
use domain::ids::EmployeeId;
use persistence::caseload::OwnLoad;
use persistence::caseload::cover::CoverRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The caller's own caseload.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyCaseload {
    /// In each of their posts.
    standings: Vec<OwnStandingView>,
    /// Their cases, and today those of colleagues for whom they cover; the soonest due first.
    cases: Vec<MyCaseView>,
}

/// How the caller stands in a post.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnStandingView {
    unit_id: Uuid,
    unit: String,
    #[serde(flatten)]
    standing: StandingView,
}

/// A case of the caller's, or of a colleague's for whom they cover.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyCaseView {
    #[serde(flatten)]
    case: CaseBriefView,
    /// For whom the caller covers; null: the case is their own.
    covers_for: Option<CoversForView>,
}

/// For whom somebody covers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoversForView {
    cover_id: Uuid,
    employee_id: Uuid,
    employee: String,
    /// The last day.
    until: NaiveDate,
}

/// See one's own caseload
///
/// How many cases the caller has, and may have, in each of their posts; and their cases, with what is to be known
/// of each first. While they cover for a colleague, that one's cases in the unit, too.
#[utoipa::path(
    operation_id = "myCaseload",
    tag = "caseload",
    security(("bearer" = [])),
    responses((status = 200, description = "The caller's caseload", body = MyCaseload), ReadProblems),
)]
#[get("/me/caseload")]
pub async fn my_caseload(caller: Caller, edge: Data<Edge>) -> Result<Json<MyCaseload>, ApiError> {
    edge.read(&caller, "myCaseload", None, async |tx| {
        let actor = tx.actor().await?;
        let permit = authorize::<FindYoungPeople>(&actor, Scope::Nothing)?;
        tx.acted_as(&permit);
        let today = day_of(tx.now());
        let standings = tx.own_caseload(actor.employee).await?;
        let covered = tx.covered_by(actor.employee, today).await?;
        let mut who = vec![actor.employee];
        who.extend(covered.iter().map(|(cover, ..)| EmployeeId(cover.absent_id)));
        let mut cases = Vec::new();
        for brief in tx.cases_of_employees(&who).await? {
            let case = &brief.assignment;
            let cover = covered.iter().find(|(cover, ..)| {
                (cover.absent_id, cover.unit_id) == (case.employee_id, case.unit_id)
            });
            if case.employee_id != actor.employee.0 && cover.is_none() {
                continue; // In another unit of the colleague's.
            }
            tx.saw(case.young_person_id.into(), brief.basis_id.into(), Areas(brief.areas));
            let covers_for = cover.map(CoversForView::from);
            cases.push(MyCaseView { case: brief.into(), covers_for });
        }
        let standings = standings.iter().map(Into::into).collect();
        Ok(Json(MyCaseload { standings, cases }))
    })
    .await
}

impl From<&OwnLoad> for OwnStandingView {
    fn from(own: &OwnLoad) -> Self {
        Self { unit_id: own.unit.0, unit: own.unit_name.clone(), standing: (&own.load).into() }
    }
}

impl From<&(CoverRow, String, String)> for CoversForView {
    fn from((cover, given, family): &(CoverRow, String, String)) -> Self {
        Self {
            cover_id: cover.id,
            employee_id: cover.absent_id,
            employee: format!("{given} {family}"),
            until: cover.until_day,
        }
    }
}
