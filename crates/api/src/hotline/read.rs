use super::{WholeContactView, permitted};
use crate::caller::Caller;
use crate::conditional::answer_with_version;
use crate::edge::Edge;
use crate::problem::ApiError;
use crate::responses::ReadProblems;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::policy::{ReadContact, ReferIntervention};
use domain::access::{InformationArea, Row, Scope, authorize};
use domain::hotline::{DOUBLE_GUIDANCE, Topic};
use persistence::Tx;
use persistence::hotline::views::ContactFile;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A contact, and what may be started from it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadContactView {
    #[serde(flatten)]
    contact: WholeContactView,
    /// Of a risk of dropping out, where the caller may refer in the young person's open plan.
    double_guidance: Option<DoubleGuidance>,
}

/// How double guidance is referred to: it cannot wait, and starts in a draft plan too.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DoubleGuidance {
    /// Posted to with the code (`referIntervention`).
    path: String,
    catalogue_code: &'static str,
}

/// Read a contact of the hotline
///
/// With what was written to it later. Who called is read by itself.
#[utoipa::path(
    operation_id = "readContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact")),
    responses((status = 200, description = "The contact", body = ReadContactView), (status = 304, description = "Not changed"), ReadProblems),
)]
#[get("/hotline/contacts/{id}")]
pub async fn read_contact(
    caller: Caller,
    request: HttpRequest,
    edge: Data<Edge>,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let (version, view) = edge
        .read(&caller, "readContact", Some(*id), async |tx| {
            let actor = tx.actor().await?;
            let file = tx.contact_file((*id).into()).await?.ok_or(ApiError::NotFound)?;
            let permit = permitted::<ReadContact>(tx, &actor, &file).await?;
            tx.acted_as(&permit);
            let mut double_guidance = None;
            if let Some(whom) = file.young_person() {
                let row = Row::new(InformationArea::EducationAndEmployment);
                let case = tx.case_of(whom).await?.at(row);
                if authorize::<ReferIntervention>(&actor, Scope::Case(&case)).is_ok() {
                    double_guidance = rescue(tx, &file).await?;
                }
            }
            let contact = WholeContactView::from(&file);
            Ok::<_, ApiError>((file.version, ReadContactView { contact, double_guidance }))
        })
        .await?;
    answer_with_version(&request, version, &view)
}

/// HL-6: what a risk of dropping out may start at once.
async fn rescue(tx: &mut Tx, file: &ContactFile) -> Result<Option<DoubleGuidance>, ApiError> {
    let Some(whom) = file.young_person().filter(|_| file.topic == <&str>::from(Topic::DropOutRisk))
    else {
        return Ok(None);
    };
    Ok(tx.open_plan_of(whom).await?.map(|plan| DoubleGuidance {
        path: format!("/api/v1/plans/{plan}/interventions"),
        catalogue_code: DOUBLE_GUIDANCE,
    }))
}
