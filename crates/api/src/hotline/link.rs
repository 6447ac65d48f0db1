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
use domain::access::policy::LogContact;
use domain::calendar::day_of;
use domain::hotline::{ConcernAbout, Contact, EntryKind};
use domain::ids::{ContactId, YoungPersonId};
use domain::timeline::EventKind;
use domain::young_people::Cpr;
use persistence::hotline::consequences::Follows;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom it is about: one of the two; neither, with a reason, where it is about nobody who is known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkBody {
    /// Somebody whom the caller sees.
    #[serde(default)]
    young_person_id: Option<Uuid>,
    #[serde(default)]
    #[schema(schema_with = schema::cpr, required = false)]
    cpr: Option<String>,
    /// Why, where somebody asked to tie it before.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<2000>, required = false)]
    reason: Option<String>,
}

impl LinkBody {
    const fn ties(&self) -> bool {
        self.young_person_id.is_some() || self.cpr.is_some()
    }

    fn ensure_consistent(&self) -> Result<(), ApiError> {
        match (self.young_person_id, &self.cpr, &self.reason) {
            (Some(_), Some(_), _) => Err(ApiError::field("/cpr", Fault::Contradiction)),
            (None, None, None) => Err(ApiError::field("/cpr", Fault::Required)),
            _ => Ok(()),
        }
    }
}

/// That it is tied: to whom, the event itself tells.
#[derive(Serialize)]
struct Linked {}

/// Tie a contact to a young person
///
/// From then on it is seen by those who see that young person's education and employment. The answer is the same whether
/// anybody has the number or not: nobody learns from it who is known; of a number that nobody has, it is tied to nobody. Once
/// somebody asked to tie it, also when it was logged, with a reason; with a reason and nothing else it is tied to nobody any more.
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
    body.value.ensure_consistent()?;
    edge.command(&caller, "linkContact", Some(*id), &body.raw, async |tx| {
        let (id, wanted) = (ContactId(*id), &body.value);
        let actor = tx.actor().await?;
        let file = tx.contact_file(id).await?.ok_or(ApiError::NotFound)?;
        let permit = permitted::<LogContact>(tx, &actor, &file).await?;
        let about = About { concern: file.concern()?, called_at: file.called_at };
        let whom = about.whom(tx, wanted.young_person_id, wanted.cpr.as_deref()).await?;
        let before = tx.lock_contact(id, whom.seen).await?.ok_or(ApiError::NotFound)?;
        if_match.check(before.version)?;
        if !wanted.ties() && !before.tie_asked {
            return Err(ApiError::field("/cpr", Fault::Required));
        }
        before.ensure_linkable(wanted.reason.as_deref())?;
        let (version, former) = (before.version + 1, before.young_person);
        let after = Contact { young_person: whom.seen, tie_asked: true, version, ..before };
        tx.store_contact(&permit, id, &after).await?;
        tx.tie_to_number(&permit, id, whom.number.as_ref()).await?;
        if let Some(reason) = &wanted.reason {
            tx.write_to_contact(&permit, id, EntryKind::Link, reason, None).await?;
        }
        // The former young person may be hidden, too: the consequences for them are never computed before the response (AC-19).
        tx.follow_contact(&permit, id, former, Follows::Later).await?;
        let kind =
            if wanted.ties() { EventKind::HotlineLinked } else { EventKind::HotlineUnlinked };
        let change = Change { kind, subject: &id, payload: &Linked {} };
        tx.record_for(&permit, whom.seen, change).await?;
        step::answered(tx, id).await
    })
    .await
}

/// What is asked of whomever a contact is tied to.
pub(super) struct About {
    pub concern: Option<ConcernAbout>,
    pub called_at: DateTime<Utc>,
}

/// The young person to link a contact to.
#[derive(Default)]
pub(super) struct Whom {
    /// A young person who is visible to the caller.
    pub seen: Option<YoungPersonId>,
    /// Alternatively the CPR number, whether it is registered or not.
    pub number: Option<Cpr>,
}

impl Whom {
    /// Before the response if the young person is visible to the caller.
    pub(super) const fn follows(&self) -> Follows {
        if self.seen.is_some() { Follows::AtOnce } else { Follows::Later }
    }
}

impl About {
    /// The young person of an id, who must be visible to the caller, or a CPR number, which may be unregistered. A
    /// refusal because of a number depends only on the number itself and not on its registration.
    pub(super) async fn whom(
        &self,
        tx: &mut Tx,
        young_person_id: Option<Uuid>,
        number: Option<&str>,
    ) -> Result<Whom, ApiError> {
        if let Some(id) = young_person_id {
            let case = tx.case_of(id.into()).await?;
            if case.bases.is_empty() {
                return Err(ApiError::field("/youngPersonId", Fault::YoungPersonUnknown));
            }
            return Ok(Whom { seen: Some(case.young_person), number: None });
        }
        let Some(number) = number else { return Ok(Whom::default()) };
        let number = Cpr::parse(number).map_err(|_| ApiError::field("/cpr", Fault::CprInvalid))?;
        tx.checks_number(&number);
        if let Some(about) = self.concern {
            about.ensure_about(number.birth_date(), day_of(self.called_at))?;
        }
        Ok(Whom { seen: None, number: Some(number) })
    }
}
