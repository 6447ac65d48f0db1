//! A client that speaks as any account, and the answers it gets.

use crate::app::TestApp;
use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Bytes;
use actix_web::{App, Error};
use serde_json::Value;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use uuid::Uuid;

type Awaited<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
/// The service behind one door, whatever its type.
pub(crate) type Service = Box<dyn Fn(TestRequest, Option<Payload>) -> Awaited<'static, Answer>>;

pub(crate) async fn serve<F, B>(app: App<F>) -> Service
where
    F: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let service = Rc::new(init_service(app).await);
    Box::new(move |request, arriving| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            let mut request = request.to_request();
            if let Some(payload) = arriving {
                *request.payload() = payload;
            }
            let answer = call_service(&*service, request).await;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let raw = to_bytes(answer.into_body()).await.unwrap_or_default();
            Answer { status, headers, body: serde_json::from_slice(&raw).unwrap_or_default(), raw }
        })
    })
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, null where it is no JSON.
    pub body: Value,
    /// The body as it came.
    pub raw: Bytes,
}

impl Answer {
    /// The same, if it has this status.
    #[expect(clippy::return_self_not_must_use, reason = "often it is all that is asked")]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    /// The `id` of what was answered.
    #[must_use]
    #[track_caller]
    pub fn id(&self) -> Uuid {
        self.uuid("id")
    }

    /// A member that is an id.
    #[must_use]
    #[track_caller]
    pub fn uuid(&self, member: &str) -> Uuid {
        let id = self.body[member].as_str().and_then(|id| id.parse().ok());
        id.unwrap_or_else(|| panic!("no {member} in {}: {:#}", self.status, self.body))
    }

    /// The newest pending request of this kind (`role` or `pass-phrase`) in the response with an employee.
    #[must_use]
    #[track_caller]
    pub fn pending(&self, kind: &str) -> Value {
        let pending = self.body["pending"].as_array().map_or(&[][..], Vec::as_slice);
        let found = pending.iter().rfind(|request| request["kind"] == kind);
        found
            .unwrap_or_else(|| panic!("no pending {kind} in {}: {:#}", self.status, self.body))
            .clone()
    }

    /// The `version` of what was answered.
    #[must_use]
    #[track_caller]
    pub fn version(&self) -> i64 {
        let version = self.body["version"].as_i64();
        version.unwrap_or_else(|| panic!("no version in {}: {:#}", self.status, self.body))
    }

    /// The problem's code; empty where it is no problem.
    #[must_use]
    pub fn code(&self) -> &str {
        let is_problem = self.header("content-type") == "application/problem+json";
        self.body["code"].as_str().filter(|_| is_problem).unwrap_or_default()
    }

    /// The status and the problem's code, to compare at once.
    #[must_use]
    pub fn problem(&self) -> (u16, &str) {
        (self.status, self.code())
    }

    /// The things of a list.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().map_or(&[], Vec::as_slice)
    }

    /// A header; empty where it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The pointers of the fields that are wrong.
    #[must_use]
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().filter_map(|error| error["pointer"].as_str()).collect()
    }
}

/// Somebody who speaks to the service.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) who: Option<&'a str>,
}

impl fmt::Debug for Speaker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Speaker({})", self.who.unwrap_or("nobody"))
    }
}

impl<'a> Speaker<'a> {
    /// Reads.
    #[must_use]
    pub fn get(self, path: &str) -> Call<'a> {
        self.call(Method::GET, path)
    }

    /// Posts a body.
    #[must_use]
    pub fn post(self, path: &str, body: Value) -> Call<'a> {
        self.call(Method::POST, path).json(body)
    }

    /// Posts without a body.
    #[must_use]
    pub fn post_nothing(self, path: &str) -> Call<'a> {
        self.call(Method::POST, path)
    }

    /// Puts.
    #[must_use]
    pub fn put(self, path: &str, body: Value) -> Call<'a> {
        self.call(Method::PUT, path).json(body)
    }

    /// Changes.
    #[must_use]
    pub fn patch(self, path: &str, body: Value) -> Call<'a> {
        self.call(Method::PATCH, path).json(body)
    }

    /// Deletes.
    #[must_use]
    pub fn delete(self, path: &str) -> Call<'a> {
        self.call(Method::DELETE, path)
    }

    /// Any method, without a body yet.
    #[must_use]
    pub fn call(self, method: Method, path: &str) -> Call<'a> {
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        let request = Draft { method, uri: path.to_owned(), from, headers: vec![], body: None };
        Call { speaker: self, request, arriving: None }
    }
}

/// A request that can be sent more than once.
#[derive(Clone)]
struct Draft {
    method: Method,
    uri: String,
    from: SocketAddr,
    headers: Vec<(String, String)>,
    body: Option<Bytes>,
}

impl Draft {
    fn request(&self) -> TestRequest {
        let request =
            TestRequest::default().method(self.method.clone()).uri(&self.uri).peer_addr(self.from);
        let request = match &self.body {
            Some(body) => request.set_payload(body.clone()),
            None => request,
        };
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| {
            request.insert_header((name.as_str(), value.as_str()))
        })
    }
}

/// A request on its way; awaiting it sends it.
pub struct Call<'a> {
    speaker: Speaker<'a>,
    request: Draft,
    arriving: Option<Payload>,
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call by {:?}", self.speaker)
    }
}

impl Call<'_> {
    /// With this JSON.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "mostly a literal")]
    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With whatever.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.request.body = Some(body.into());
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// With JSON that arrives bit by bit, after the head.
    #[must_use]
    pub fn arriving(self, body: Payload) -> Self {
        let call = self.header(CONTENT_TYPE.as_str(), "application/json");
        Self { arriving: Some(body), ..call }
    }

    /// If the thing still has this version.
    #[must_use]
    pub fn if_match(self, version: i64) -> Self {
        self.header("If-Match", &format!("\"{version}\""))
    }

    /// Under this idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// With any header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// From this address.
    #[must_use]
    pub fn from(mut self, address: [u8; 4]) -> Self {
        self.request.from = SocketAddr::from((address, 50_000));
        self
    }
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Answer;
    type IntoFuture = Awaited<'a, Answer>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { speaker: Speaker { app, who }, mut request, arriving } = self;
            if let Some(who) = who {
                let token = app.token(who).await;
                request.headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
            }
            let path = request.uri.split('?').next().unwrap_or_default();
            let Some(name) = app.repeats(request.method.as_str(), path) else {
                return (app.service)(request.request(), arriving).await;
            };
            request.headers.push(("Idempotency-Key".to_owned(), Uuid::now_v7().to_string()));
            let first = (app.service)(request.request(), arriving).await;
            if (200..300).contains(&first.status) {
                let second = (app.service)(request.request(), None).await;
                app.was_repeated(name, &first, second);
            }
            first
        })
    }
}
