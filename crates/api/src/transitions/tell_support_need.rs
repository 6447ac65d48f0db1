use super::{SupportNeedView, guide};
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::on_day::ensure_not_after;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use domain::access::policy::RecordSupport;
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::calendar::day_of;
use domain::timeline::EventKind;
use domain::transitions::Guide;
use persistence::Change;
use persistence::transitions::NewSupportNeed;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A need of support.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupportNeedBody {
    /// To which paragraph it answers after 18: a code of `/legal-bases` that leads to a meeting or a referral.
    #[schema(schema_with = schema::line::<60>)]
    legal_basis: String,
    /// By which birthday it is handed over.
    #[serde(default = "seventeen")]
    #[schema(schema_with = guide, required = false)]
    guide: Guide,
    /// Is it judged to go on after 18?
    goes_on_after_18: bool,
    #[schema(schema_with = schema::prose::<4000>)]
    words: String,
    /// The first day.
    from: Day,
    /// The last day; left out: it goes on.
    #[serde(default)]
    to: Option<Day>,
    /// Today where nothing is told; not ahead.
    #[serde(default)]
    judged_on: Option<Day>,
}

const fn seventeen() -> Guide {
    Guide::Seventeen
}

/// Tell of a need of support
///
/// By an adviser of B&U. Where it goes on after 18 the need of a transition meeting is found from it by itself: half a year
/// before the birthday of its guide, or at once where that is past.
#[utoipa::path(
    operation_id = "tellSupportNeed",
    tag = "transitions",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The young person")),
    request_body = SupportNeedBody,
    responses((status = 201, description = "The need", body = SupportNeedView), CommandProblems),
)]
#[post("/young-people/{id}/support-needs")]
pub async fn tell_support_need(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<SupportNeedBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "tellSupportNeed", Some(*id), &body.raw, async |tx| {
        let (told, today) = (body.value, day_of(tx.now()));
        let new = NewSupportNeed {
            legal_basis: told.legal_basis,
            guide: told.guide,
            goes_on_after_18: told.goes_on_after_18,
            words: told.words,
            from: told.from.date(),
            to: told.to.map(Day::date),
            judged_on: told.judged_on.map_or(today, Day::date),
        };
        if new.to.is_some_and(|to| to < new.from) {
            return Err(ApiError::field("/to", Fault::AtLeast(new.from.to_string())));
        }
        ensure_not_after("/judgedOn", new.judged_on, today)?;
        let actor = tx.actor().await?;
        tx.may_check().await?;
        let case = tx.case_of((*id).into()).await?.at(Row::new(InformationArea::FamilyAndSocial));
        let permit = authorize::<RecordSupport>(&actor, Scope::Case(&case))?;
        let whose = case.young_person;
        tx.lock_young_person(whose).await?.ok_or(ApiError::NotFound)?;
        let row = tx.add_support_need(&permit, whose, &new).await?;
        let kind = EventKind::SupportNeedTold;
        tx.record(&permit, Change { subject: &row.id, kind, payload: &new }).await?;
        tx.reckon_transition(&permit, whose).await?;
        let location = format!("/api/v1/young-people/{whose}/support-needs");
        created(row.version, location, Some(whose), &SupportNeedView::from(row))
    })
    .await
}
