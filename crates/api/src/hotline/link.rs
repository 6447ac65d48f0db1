use super::{WholeContactView, permitted, step};
use crate::body::Body;
use crate::caller::Caller;
use crate::conditional::IfMatch;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use crate::responses::{CommandProblems, VersionProblems};
use crate::schema;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::access::Permit;
use domain::access::policy::LogContact;
use domain::calendar::day_of;
use domain::hotline::{ConcernAbout, Contact, EntryKind};
use domain::ids::{ContactId, YoungPersonId};
use domain::timeline::EventKind;
use domain::young_people::Cpr;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom it is about: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkBody {
    /// Somebody whom the caller sees.
    #[serde(default)]
    young_person_id: Option<Uuid>,
    #[serde(default)]
    #[schema(schema_with = schema::cpr, required = false)]
    cpr: Option<String>,
    /// Why, where it is tied to another whom the caller sees.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    reason: Option<String>,
}

/// That it is tied: to whom, the event itself tells.
#[derive(Clone, Serialize)]
struct Linked {}

/// Tie a contact to a young person
///
/// From then on it is seen by those who see that young person's education and employment. The answer is the same whether
/// anybody has the number or not: nobody learns from it who is known; of a number that nobody has, it is tied to nobody. To another
/// one than before with a reason.
#[utoipa::path(
    operation_id = "linkContact",
    tag = "hotline",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The contact"), ("If-Match" = String, Header, description = "The `ETag` it was read with")),
    request_body = LinkBody,
    responses((status = 200, description = "As it is now", body = WholeContactView), CommandProblems, VersionProblems),
)]
#[post("/hotline/contacts/{id}/link")]
pub async fn link_contact(
    caller: Caller,
    edge: Data<Edge>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<LinkBody>,
) -> Result<HttpResponse, ApiError> {
    edge.command(&caller, "linkContact", Some(*id), &body.raw, async |tx| {
        let (id, wanted) = (ContactId(*id), &body.value);
        let actor = tx.actor().await?;
        let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
        let permit = permitted::<LogContact>(tx, &actor, &file).await?;
        let before = tx.lock_contact(id).await?.ok_or(ApiError::NotFound)?;
        if_match.check(before.version)?;
        Contact::ensure_linkable(file.young_person(), wanted.reason.as_deref())?;
        if wanted.young_person_id.is_some() == wanted.cpr.is_some() {
            let fault = if wanted.cpr.is_some() { Fault::Contradiction } else { Fault::Required };
            return Err(ApiError::field("/cpr", fault));
        }
        let concern = before.concern.map(|concern| concern.about);
        let about = About { concern, called_at: file.called_at };
        let whom = about.whom(tx, &permit, wanted.young_person_id, wanted.cpr.as_deref()).await?;
        let after = Contact { young_person: whom, version: before.version + 1, ..before };
        tx.store_contact(&permit, id, &after).await?;
        if let Some(reason) = &wanted.reason {
            tx.write_to_contact(&permit, id, EntryKind::Link, reason, None).await?;
        }
        if whom != before.young_person {
            tx.contact_is_answered(id).await?;
            let not_followed = file.plan_not_followed;
            tx.contact_is_tied(&permit, id, &after, file.topic()?, not_followed).await?;
        }
        let change = Change { kind: EventKind::HotlineLinked, subject: &id, payload: &Linked {} };
        tx.record_for(&permit, whom, change.clone()).await?;
        if let Some(former) = before.young_person.filter(|former| Some(*former) != whom) {
            // The clocks that it started for the former are nobody's (HL-9).
            tx.reckon_deadlines(former).await?;
            let change = Change { kind: EventKind::HotlineUnlinked, ..change };
            tx.record_for(&permit, Some(former), change).await?;
        }
        step::answered(tx, id).await
    })
    .await
}

/// What is asked of whomever a contact is tied to.
pub(super) struct About {
    pub concern: Option<ConcernAbout>,
    pub called_at: DateTime<Utc>,
}

impl About {
    /// The young person of an id, whom the caller has to see, or of a number, who may be nobody. What is refused because of
    /// a number is refused for what the number itself tells, whether anybody has it or not.
    pub(super) async fn whom(
        &self,
        tx: &mut Tx,
        permit: &Permit<LogContact>,
        young_person_id: Option<Uuid>,
        number: Option<&str>,
    ) -> Result<Option<YoungPersonId>, ApiError> {
        if let Some(id) = young_person_id {
            let case = tx.case_of(id.into()).await?;
            if case.bases.is_empty() {
                return Err(ApiError::field("/youngPersonId", Fault::YoungPersonUnknown));
            }
            return Ok(Some(case.young_person));
        }
        let Some(number) = number else { return Ok(None) };
        let number = Cpr::parse(number).map_err(|_| ApiError::field("/cpr", Fault::CprInvalid))?;
        let called_on = day_of(self.called_at);
        if let Some(about) = self.concern {
            about.ensure_about(number.birth_date(), called_on)?;
        }
        let child_on = (self.concern == Some(ConcernAbout::Minor)).then_some(called_on);
        Ok(tx.person_of_number(permit, &number, child_on).await?)
    }
}
