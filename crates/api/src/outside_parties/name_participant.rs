use super::BasisBody;
use super::views::ExternalParticipantView;
use crate::body::Body;
use crate::caller::Caller;
use crate::day::Day;
use crate::edge::{Edge, created};
use crate::journal::written_area;
use crate::plans::step_of;
use crate::problem::{ApiError, Fault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::access::policy::AmendPlan;
use domain::access::{Areas, InformationArea, Row};
use domain::calendar::day_of;
use domain::outside_parties::{Consent, ExternalParticipant, Ground, OutsideRole};
use domain::timeline::EventKind;
use persistence::outside_parties::ParticipantFile;
use persistence::{Change, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody outside, and on what it rests that they take part: a consent, or law or necessity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameExternalParticipantBody {
    #[schema(schema_with = schema::name::<200>)]
    name: String,
    #[schema(schema_with = schema::code::<OutsideRole>)]
    role: OutsideRole,
    /// The role in words, where it is another.
    #[serde(default)]
    #[schema(schema_with = schema::line::<200>, required = false)]
    role_words: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    organisation: Option<String>,
    /// How to reach them.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    contact: Option<String>,
    /// What it tells of the young person that they take part. Where nothing is told the role decides: a
    /// doctor, psychiatry, a midwife and a health visitor tell of health, the prison service of crime, all
    /// others of the plan.
    #[serde(default)]
    #[schema(schema_with = written_area, required = false)]
    information_area: Option<InformationArea>,
    #[serde(default)]
    consent: Option<ConsentBody>,
    /// Law or necessity, where there is no consent.
    #[serde(default)]
    basis: Option<BasisBody>,
}

/// A consent to tell somebody outside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentBody {
    /// Not ahead.
    given_on: Day,
    #[schema(schema_with = schema::prose::<2000>)]
    purpose: String,
    /// What may be told.
    #[schema(schema_with = schema::codes::<InformationArea>)]
    areas: Vec<InformationArea>,
    /// The last day; left out: until it is withdrawn.
    #[serde(default)]
    until: Option<Day>,
}

/// Name somebody outside who takes part
///
/// A doctor, psychiatry, the prison service, a lawyer. They have no account, and being named opens nothing
/// to them; what is sent to them is recorded.
#[utoipa::path(
    operation_id = "nameExternalParticipant",
    tag = "outside parties",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = NameExternalParticipantBody,
    responses((status = 201, description = "The participant", body = ExternalParticipantView), CommandProblems),
)]
#[post("/plans/{id}/external-participants")]
pub async fn name_external_participant(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    body: Body<NameExternalParticipantBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "nameExternalParticipant", Some(*id), &body.raw, async |tx| {
        let new = body.value.read(day_of(tx.now()))?;
        let (actor, row) = (tx.actor().await?, Row::new(new.information_area));
        let (permit, plan) = step_of::<AmendPlan>(tx, &actor, ((*id).into(), row), None).await?;
        let named = tx.name_external_participant(&permit, &plan, &new).await?;
        let kind = EventKind::ExternalParticipantNamed;
        tx.record(&permit, Change { subject: &named, kind, payload: &new }).await?;
        let participant = tx.external_participant(named).await?.ok_or(StoreError::Hidden)?;
        let view = ExternalParticipantView::from(ParticipantFile { participant, sent: Vec::new() });
        let location = format!("/api/v1/plans/{}/external-participants", plan.id);
        created(1, location, Some(plan.young_person), &view)
    })
    .await
}

impl NameExternalParticipantBody {
    fn read(self, today: NaiveDate) -> Result<ExternalParticipant, ApiError> {
        let fault = |pointer, fault| Err(ApiError::field(pointer, fault));
        match (self.role, &self.role_words) {
            (OutsideRole::Other, None) => return fault("/roleWords", Fault::Required),
            (OutsideRole::Other, Some(_)) | (_, None) => {}
            (_, Some(_)) => return fault("/roleWords", Fault::Contradiction),
        }
        let consent = self.consent.map(|consent| consent.read(today)).transpose()?;
        let basis = self.basis.map(|basis| basis.read("/basis")).transpose()?;
        let Some(ground) = Ground::new(consent, basis) else {
            return fault("/basis", Fault::Contradiction);
        };
        Ok(ExternalParticipant {
            information_area: self.information_area.unwrap_or_else(|| self.role.tells_of()),
            name: self.name,
            role: self.role,
            role_words: self.role_words,
            organisation: self.organisation,
            contact: self.contact,
            ground,
            ended_on: None,
        })
    }
}

impl ConsentBody {
    fn read(self, today: NaiveDate) -> Result<Consent, ApiError> {
        let (given_on, until) = (self.given_on.date(), self.until.map(Day::date));
        if given_on > today {
            return Err(ApiError::field("/consent/givenOn", Fault::AtMost(today.to_string())));
        }
        if until.is_some_and(|until| until < given_on) {
            let earliest = Fault::AtLeast(given_on.to_string());
            return Err(ApiError::field("/consent/until", earliest));
        }
        Ok(Consent {
            given_on,
            purpose: self.purpose,
            areas: Areas::of(&self.areas),
            until,
            withdrawn_on: None,
        })
    }
}
