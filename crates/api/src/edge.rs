//! What a handler may reach for, one for each actix worker, and the two ways through it: read and command.

use crate::caller::{Caller, Identity};
use crate::clock::Clock;
use crate::origin::{Origin, TrustedProxies};
use crate::passwords::Passwords;
use crate::problem::ApiError;
use crate::throttle::Throttle;
use crate::tokens::TokenKeys;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use domain::ids::YoungPersonId;
use domain::young_people::Cpr;
use persistence::{Answer, Operation, Store, Tx};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// Everything that all workers share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Where "now" comes from.
    pub clock: Clock,
    /// Access tokens.
    pub tokens: Arc<TokenKeys>,
    /// Pass phrases.
    pub passwords: Passwords,
    /// Wrong tries.
    pub throttle: Arc<Throttle>,
    /// The proxies whose forwarding headers are used.
    pub proxies: Arc<TrustedProxies>,
    /// The number of seconds for which browsers use only TLS (`Strict-Transport-Security`); `None` if there is no TLS.
    pub strict_transport: Option<u32>,
}

/// What one worker's handlers reach for.
#[derive(Debug)]
pub struct Edge {
    store: Store,
    shared: Shared,
}

impl Edge {
    /// One worker's edge.
    #[must_use]
    pub const fn new(store: Store, shared: Shared) -> Self {
        Self { store, shared }
    }

    /// The way to the database.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where "now" comes from.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Access tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenKeys {
        &self.shared.tokens
    }

    /// Pass phrases.
    #[must_use]
    pub const fn passwords(&self) -> &Passwords {
        &self.shared.passwords
    }

    /// Wrong tries.
    #[must_use]
    pub fn throttle(&self) -> &Throttle {
        &self.shared.throttle
    }

    /// The origin of a request, by which limits count.
    #[must_use]
    pub fn origin(&self, request: &HttpRequest) -> Origin {
        self.shared.proxies.origin(request)
    }

    /// The number of seconds for which browsers use only TLS.
    #[must_use]
    pub const fn strict_transport(&self) -> Option<u32> {
        self.shared.strict_transport
    }

    /// Reads, in one snapshot; what was seen is logged before this returns.
    pub async fn read<T>(
        &self,
        caller: &Caller,
        name: &'static str,
        subject: Option<Uuid>,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let opening = caller.opening(self.clock().now())?;
        self.store.read(opening, Operation { name, subject }, work).await
    }

    /// Records in the access log a request that was refused before its transaction began, for example because of the form
    /// of its body (LG-2).
    pub async fn refused_unopened(
        &self,
        identity: &Identity,
        name: &'static str,
        subject: Option<Uuid>,
    ) -> Result<(), ApiError> {
        let opening = identity.opening(self.clock().now())?;
        Ok(self.store.was_refused(opening, Operation { name, subject }).await?)
    }

    /// Counts the check of a CPR number before it is made, because checks that could reveal a registration are limited
    /// (AC-19).
    pub async fn check_number(
        &self,
        caller: &Caller,
        name: &'static str,
        cpr: &Cpr,
    ) -> Result<(), ApiError> {
        let opening = caller.opening(self.clock().now())?;
        Ok(self.store.check_number(opening, Operation { name, subject: None }, cpr).await?)
    }

    /// Counts a card of the hotline before it is shown, because their number is limited (HL-5).
    pub async fn check_card(
        &self,
        caller: &Caller,
        (name, contact): (&'static str, Uuid),
        cpr: &Cpr,
        most: i32,
    ) -> Result<(), ApiError> {
        let opening = caller.opening(self.clock().now())?;
        let operation = Operation { name, subject: Some(contact) };
        Ok(self.store.check_card(opening, operation, cpr, most).await?)
    }

    /// Cancels the count of this request's check, because the young person is visible to the caller.
    pub async fn check_gave_access(
        &self,
        caller: &Caller,
        name: &'static str,
    ) -> Result<(), ApiError> {
        let opening = caller.opening(self.clock().now())?;
        Ok(self.store.check_gave_access(opening, Operation { name, subject: None }).await?)
    }

    /// Changes something, all or nothing, and once for each idempotency key.
    pub async fn command(
        &self,
        caller: &Caller,
        name: &'static str,
        subject: Option<Uuid>,
        body: &[u8],
        work: impl AsyncFnOnce(&mut Tx) -> Result<Answer, ApiError>,
    ) -> Result<HttpResponse, ApiError> {
        let (opening, request) = (caller.opening(self.clock().now())?, caller.command(body));
        let answer =
            self.store.command(opening, Operation { name, subject }, request, work).await?;
        Ok(respond(answer))
    }
}

/// The answer of a command: what was made or changed, with its version, and of whom it tells.
pub fn answer(
    status: StatusCode,
    version: Option<i64>,
    location: Option<String>,
    young_people: impl IntoIterator<Item = YoungPersonId>,
    view: &impl Serialize,
) -> Result<Answer, ApiError> {
    let body = serde_json::to_vec(view).map_err(|error| ApiError::Internal(Box::new(error)))?;
    Ok(Answer {
        status: status.as_u16(),
        etag: version.map(crate::conditional::etag),
        location,
        body,
        young_people: young_people.into_iter().collect(),
    })
}

/// 201 with the path where the new thing is found.
pub fn created(
    version: i64,
    location: String,
    young_people: impl IntoIterator<Item = YoungPersonId>,
    view: &impl Serialize,
) -> Result<Answer, ApiError> {
    answer(StatusCode::CREATED, Some(version), Some(location), young_people, view)
}

/// 200 with the new version.
pub fn changed(
    version: i64,
    young_people: impl IntoIterator<Item = YoungPersonId>,
    view: &impl Serialize,
) -> Result<Answer, ApiError> {
    answer(StatusCode::OK, Some(version), None, young_people, view)
}

/// 204: there is nothing to tell.
#[must_use]
pub const fn nothing() -> Answer {
    Answer { status: 204, etag: None, location: None, body: Vec::new(), young_people: Vec::new() }
}

fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(etag) = answer.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        response.insert_header((ETAG, etag));
    }
    if let Some(location) =
        answer.location.and_then(|location| HeaderValue::from_str(&location).ok())
    {
        response.insert_header((LOCATION, location));
    }
    if answer.body.is_empty() {
        response.finish()
    } else {
        response.content_type("application/json").body(answer.body)
    }
}
