use super::{NotForUs, link};
use crate::body::Body;
use crate::caller::Caller;
use crate::edge::{Edge, answer};
use crate::problem::{ApiError, Fault, FieldFault};
use crate::responses::CommandProblems;
use crate::schema;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::access::policy::LogContact;
use domain::access::{Scope, authorize};
use domain::calendar::happened_at;
use domain::hotline::{
    Call, CallerKind, Channel, ConcernAbout, Contact, EntryKind, State, Topic, Urgency,
};
use domain::ids::UnitId;
use domain::organisation::Department;
use domain::timeline::EventKind;
use domain::young_people::Cpr;
use persistence::hotline::{CallerRow, Duty, LoggedBefore, Told};
use persistence::{Answer, Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A contact to log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogContactBody {
    #[schema(schema_with = schema::code::<CallerKind>)]
    caller_kind: CallerKind,
    /// Where it is an institution that calls.
    #[serde(default)]
    institution_id: Option<Uuid>,
    /// Kept apart from the contact, as are the next two.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    caller_name: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<40>, required = false)]
    caller_telephone: Option<String>,
    /// How they stand to whom it is about.
    #[serde(default)]
    #[schema(schema_with = schema::optional_line::<200>, required = false)]
    caller_relation: Option<String>,
    #[schema(schema_with = schema::code::<Channel>)]
    channel: Channel,
    #[schema(schema_with = schema::code::<Topic>)]
    topic: Topic,
    #[schema(schema_with = schema::code::<Urgency>)]
    urgency: Urgency,
    #[schema(schema_with = schema::prose::<8000>)]
    summary: String,
    /// About somebody whom the caller sees.
    #[serde(default)]
    young_person_id: Option<Uuid>,
    /// Or about whoever has this number, known or not.
    #[serde(default)]
    #[schema(schema_with = schema::cpr, required = false)]
    cpr: Option<String>,
    /// When they called; now, where nothing is told. Told by clients that keep contacts while the network is gone.
    #[serde(default)]
    called_at: Option<DateTime<Utc>>,
    /// What was answered, where it was solved while speaking: it is closed at once.
    #[serde(default)]
    #[schema(schema_with = schema::optional_prose::<8000>, required = false)]
    outcome: Option<String>,
    /// Nothing is asked: it is closed at once.
    #[serde(default)]
    only_information: bool,
    /// The contact in which they called about the same before.
    #[serde(default)]
    called_before: Option<Uuid>,
    /// It is closed at once.
    #[serde(default)]
    not_for_us: Option<NotForUs>,
    /// It is about a 15-17-year-old who does not follow the plan.
    #[serde(default)]
    plan_not_followed: bool,
    /// It is a notification of concern, and passed on at once to those who take them.
    #[serde(default)]
    concern: Option<ConcernBody>,
}

/// A notification of concern.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernBody {
    #[schema(schema_with = schema::code::<ConcernAbout>)]
    about: ConcernAbout,
}

/// That a contact was logged.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedView {
    id: Uuid,
    #[schema(schema_with = schema::code::<State>)]
    state: State,
    /// The last moment in which it is in time.
    due_at: DateTime<Utc>,
    called_at: DateTime<Utc>,
    logged_at: DateTime<Utc>,
    /// A concern: whoever logged it sees no more of it.
    passed_on: bool,
    version: i64,
}

/// What the event tells: nothing of what was said, nor of who called.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    /// Of a concern it is for those alone who take them.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_kind: Option<CallerKind>,
    channel: Channel,
    topic: Topic,
    urgency: Urgency,
    state: State,
    concern: Option<ConcernAbout>,
    called_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

/// Log a contact
///
/// In one request, with its outcome where it was solved while speaking; also about somebody not known or not named. Sent again
/// under the same `Idempotency-Key` it is no second one, however much later, so it can be kept while the network is gone: with
/// `calledAt`, for else the call is when it arrives. The answer is the same whether anybody has the number or not.
#[utoipa::path(
    operation_id = "logContact",
    tag = "hotline",
    security(("bearer" = [])),
    request_body = LogContactBody,
    responses((status = 201, description = "That it was logged, and when it is due", body = LoggedView), CommandProblems),
)]
#[post("/hotline/contacts")]
pub async fn log_contact(
    caller: Caller,
    edge: Data<Edge>,
    body: Body<LogContactBody>,
) -> Result<HttpResponse, ApiError> {
    let new = &body.value;
    new.ensure_consistent()?;
    edge.command(&caller, "logContact", None, &body.raw, async |tx| {
        let (actor, now) = (tx.actor().await?, tx.now());
        let unit = tx.on_duty(Duty::Contacts).await?.ok_or(ApiError::NotFound)?;
        let permit = authorize::<LogContact>(&actor, Scope::Unit(unit))?;
        let request = caller.command(&body.raw);
        if let Some(before) = tx.logged_before(&permit, &request).await? {
            return new.logged_as(before);
        }
        new.ensure_known(tx).await?;
        let called_at = new.called_at.map_or(now, |said| happened_at(said, now));
        let concern = new.concern.map(|concern| concern.about);
        let about = link::About { concern, called_at };
        let whom = about.whom(tx, new.young_person_id, new.cpr.as_deref()).await?;
        let done = new.is_done();
        let tie_asked = new.young_person_id.is_some() || new.cpr.is_some();
        let call = Call { called_at, urgency: new.urgency, concern, done, tie_asked };
        let contact = call.log(permit.employee(), whom.seen, now)?;
        let told = new.told(called_at, whom.number.as_ref());
        let id = tx.log_contact(&permit, &contact, &told, &new.caller(), &request).await?;
        if let Some(outcome) = &new.outcome {
            tx.write_to_contact(&permit, id, EntryKind::Answer, outcome, None).await?;
        }
        if tie_asked {
            tx.follow_contact(&permit, id, None, whom.follows()).await?;
        }
        let payload = new.logged(&contact, called_at);
        let change = Change { kind: EventKind::HotlineLogged, subject: &id, payload: &payload };
        tx.record_for(&permit, whom.seen, change).await?;
        new.logged_as(LoggedBefore { id: id.0, called_at, logged_at: now, due_at: contact.due_at })
    })
    .await
}

impl LogContactBody {
    /// What cannot stand together: all of it at once.
    fn ensure_consistent(&self) -> Result<(), ApiError> {
        let faults: Vec<FieldFault> = [
            (
                "/institutionId",
                self.institution_id.is_some() && self.caller_kind != CallerKind::Institution,
            ),
            ("/cpr", self.cpr.is_some() && self.young_person_id.is_some()),
            ("/outcome", self.concern.is_some() && self.outcome.is_some()),
            ("/onlyInformation", self.concern.is_some() && self.only_information),
            ("/notForUs", self.concern.is_some() && self.not_for_us.is_some()),
            ("/planNotFollowed", self.concern.is_some() && self.plan_not_followed),
        ]
        .into_iter()
        .filter(|(_, contradicts)| *contradicts)
        .map(|(pointer, _)| FieldFault { pointer: pointer.to_owned(), fault: Fault::Contradiction })
        .collect();
        if faults.is_empty() { Ok(()) } else { Err(ApiError::Invalid(faults)) }
    }

    /// All was done while speaking.
    const fn is_done(&self) -> bool {
        self.outcome.is_some() || self.only_information || self.not_for_us.is_some()
    }

    /// 201, now or again, with the contact as it was when it was logged.
    fn logged_as(&self, contact: LoggedBefore) -> Result<Answer, ApiError> {
        let LoggedBefore { id, called_at, logged_at, due_at } = contact;
        let state = if self.is_done() { State::Closed } else { State::Open };
        let passed_on = self.concern.is_some();
        let view = LoggedView { id, state, due_at, called_at, logged_at, passed_on, version: 1 };
        // Of what was passed on there is nothing to be read where it was logged.
        let location = (!passed_on).then(|| format!("/api/v1/hotline/contacts/{id}"));
        answer(StatusCode::CREATED, Some(view.version), location, None, &view)
    }

    /// The institution is one, and the earlier contact one that the caller sees.
    async fn ensure_known(&self, tx: &mut Tx) -> Result<(), ApiError> {
        let institution = Department::Institution.as_ref();
        if let Some(id) = self.institution_id
            && tx.unit(UnitId(id)).await?.is_none_or(|unit| unit.department != institution)
        {
            return Err(ApiError::field("/institutionId", Fault::UnitUnknown));
        }
        if let Some(id) = self.called_before
            && !tx.sees_contact(id.into()).await?
        {
            return Err(ApiError::field("/calledBefore", Fault::ContactUnknown));
        }
        Ok(())
    }

    fn told<'a>(&'a self, called_at: DateTime<Utc>, number: Option<&'a Cpr>) -> Told<'a> {
        Told {
            caller: self.caller_kind,
            institution: self.institution_id.map(Into::into),
            channel: self.channel,
            topic: self.topic,
            urgency: self.urgency,
            summary: &self.summary,
            called_at,
            only_information: self.only_information,
            plan_not_followed: self.plan_not_followed,
            earlier: self.called_before.map(Into::into),
            shown_to: self.not_for_us.as_ref().map(|not_for_us| &*not_for_us.shown_to),
            number,
        }
    }

    fn caller(&self) -> CallerRow {
        CallerRow {
            name: self.caller_name.clone(),
            telephone: self.caller_telephone.clone(),
            relation: self.caller_relation.clone(),
        }
    }

    fn logged(&self, contact: &Contact, called_at: DateTime<Utc>) -> Logged {
        Logged {
            caller_kind: self.concern.is_none().then_some(self.caller_kind),
            channel: self.channel,
            topic: self.topic,
            urgency: self.urgency,
            state: contact.life.state(),
            concern: self.concern.map(|concern| concern.about),
            called_at,
            due_at: contact.due_at,
        }
    }
}
