//! E2: every failure is a problem document, in the client's language, and tells nothing it was told.

use crate::access_matrix::{body, municipality};
use crate::walk::standing;
use crate::{but_for_the_request, committed};
use actix_web::body::to_bytes;
use actix_web::dev::Service as _;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::get;
use actix_web::{App, HttpResponse};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;
use test_support::contract::operations;
use test_support::{Answer, TestApp};
use uuid::Uuid;

const WORKER: &str = "jv.sagsbehandler";

#[test]
fn the_printed_problems_are_the_catalogue() {
    committed("docs/ERRORS.md", &api::problem::catalogue::as_markdown(), "UPDATE_DOCS");
}

#[actix_web::test]
async fn problems_speak_danish_and_english_on_demand() {
    let app = TestApp::new().await;
    let ask =
        |language: &str| app.as_nobody().get("/api/v1/me").header("Accept-Language", language);
    let unasked = app.as_nobody().get("/api/v1/me").await;
    let (danish, english) = (ask("de, da;q=0.5").await, ask("en-GB, da;q=0.5").await);
    assert_eq!(
        (unasked.header("content-language"), danish.header("content-language")),
        ("da", "da")
    );
    assert_eq!(english.header("content-language"), "en");
    for member in ["title", "detail"] {
        assert_eq!(unasked.body[member], danish.body[member]);
        assert_ne!(unasked.body[member], english.body[member]);
    }
    assert_eq!(unasked.code(), english.code());
}

#[actix_web::test]
async fn every_problem_is_explained_where_its_type_points() {
    let app = TestApp::new().await;
    let table = api::problem::catalogue::as_markdown();
    let (table, _) = table.split_once("## Fields").unwrap();
    let codes: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(codes.len() > 30);
    for code in codes {
        let path = format!("/problems/{code}");
        let danish = app.as_nobody().get(&path).await.expect(200);
        let english = app.as_nobody().get(&path).header("Accept-Language", "en").await.expect(200);
        assert_eq!(danish.body["code"], code);
        assert_eq!(danish.body["status"], english.body["status"]);
        assert_ne!(danish.body["title"], english.body["title"], "{code}");
        assert!(!danish.body["detail"].as_str().unwrap().is_empty(), "{code}");
    }
    assert_eq!(
        app.as_nobody().get("/problems/plan.unheard-of").await.problem(),
        (404, "not-found")
    );
}

/// All at once, each with its pointer, and never with the value: it may be a name or a number.
#[actix_web::test]
async fn every_wrong_field_is_told_at_once_and_no_value_is() {
    let app = TestApp::new().await;
    let case = app.active_plan(WORKER).await;
    let plans = format!("/api/v1/plans/{}", case.plan);
    let secret = "Hemmelig-6101701234";
    for (path, body, pointers) in [
        (
            "/api/v1/young-people",
            json!({ "cpr": secret, "givenName": "\u{7}Hemmelig", "familyName": 7, "unitId": secret, "extra": secret }),
            vec!["/cpr", "/extra", "/familyName", "/givenName", "/unitId"],
        ),
        (
            &format!("{plans}/goals"),
            json!({ "area": secret, "wishedResult": "   ", "targetDate": secret }),
            vec!["/area", "/targetDate", "/wishedResult"],
        ),
        (
            &format!("/api/v1/young-people/{}/plans", case.young_person),
            json!({ "purpose": secret.repeat(400), "goals": [{ "area": "social" }, secret] }),
            vec!["/goals/0/targetDate", "/goals/0/wishedResult", "/goals/1", "/purpose"],
        ),
        (
            &format!("{plans}/interventions"),
            json!({ "tailored": { "title": "", "area": secret }, "plannedStart": "2026-02-30", "responsibleId": 1 }),
            vec!["/plannedStart", "/responsibleId", "/tailored/area", "/tailored/title"],
        ),
    ] {
        let answer = app.as_(WORKER).post(path, body.clone()).await;
        assert_eq!(answer.problem(), (422, "request.invalid"), "{path}");
        let mut told = answer.pointers();
        told.sort_unstable();
        assert_eq!(told, pointers, "{path}: each once: {:#}", answer.body);
        let english = app.as_(WORKER).post(path, body).header("Accept-Language", "en").await;
        let both = |answer: &Answer| answer.body["errors"].as_array().unwrap().clone();
        for (danish, english) in both(&answer).iter().zip(both(&english)) {
            assert_eq!(danish["code"], english["code"]);
            assert_ne!(danish["detail"], english["detail"], "{english}");
        }
        let text = String::from_utf8_lossy(&answer.raw);
        assert!(!text.contains("Hemmelig") && !text.contains("6101701234"), "{text}");
    }
}

/// A number whose date does not exist is refused without being told back.
#[actix_web::test]
async fn yp_04_a_wrong_number_is_not_told_back() {
    let app = TestApp::new().await;
    let mut body = app.registration(WORKER);
    body["cpr"] = json!("9102051234");
    let registered = app.as_(WORKER).post("/api/v1/young-people", body).await;
    let looked_up =
        app.as_(WORKER).post("/api/v1/young-people/lookup", json!({ "cpr": "9102051234" })).await;
    for answer in [registered, looked_up] {
        assert_eq!((answer.status, answer.pointers()), (422, vec!["/cpr"]));
        assert_eq!(answer.body["errors"][0]["code"], "young-person.cpr-invalid");
        assert!(!String::from_utf8_lossy(&answer.raw).contains("9102051234"));
    }
}

#[actix_web::test]
async fn parameters_that_do_not_fit_are_refused() {
    let app = TestApp::new().await;
    for (query, pointer) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=%20", "cursor"),
        ("cursor=AAAA", "cursor"),
        ("limit=x", "limit"),
        ("limit=256", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=1&limit=2", "limit"),
        ("unitId=x", "unitId"),
        ("offset=7", "offset"),
    ] {
        let answer = app.as_(WORKER).get(&format!("/api/v1/young-people?{query}")).await;
        assert_eq!(
            (answer.problem(), answer.pointers()),
            ((422, "request.invalid"), vec![pointer]),
            "{query}"
        );
    }
    for day in ["2026-02-30", "-9999-01-01", "2200-01-01"] {
        let path = format!("/api/v1/intervention-catalogue/stigen/places?on={day}");
        let answer = app.as_(WORKER).get(&path).await;
        assert_eq!((answer.problem(), answer.pointers()), ((422, "request.invalid"), vec!["on"]));
    }
    // What it takes is told, too.
    let limit = app.as_(WORKER).get("/api/v1/young-people?limit=201").await;
    assert!(limit.body["errors"][0]["detail"].as_str().unwrap().contains("200"), "{}", limit.body);
}

/// Every whole number in a JSON value, as a client writes it whose language has no integers: `5.0`.
fn with_fractions(value: &mut Value) -> bool {
    match value {
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            *value = json!(number.as_f64().unwrap());
            true
        }
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, one| with_fractions(one) | found)
        }
        Value::Object(members) => {
            members.values_mut().fold(false, |found, one| with_fractions(one) | found)
        }
        _ => false,
    }
}

/// E2: `5.0` fits `integer` in JSON Schema: it is taken as `5`, by every operation alike.
#[actix_web::test]
async fn e2_a_whole_number_is_an_integer_however_it_is_written() {
    let app = municipality().await;
    let standing = standing(&app).await;
    let mut asked = 0;
    for operation in operations() {
        let Some(whole) = body(&app, WORKER, &operation.id, &standing) else { continue };
        let mut fraction = whole.clone();
        if !with_fractions(&mut fraction) {
            continue;
        }
        let nowhere = operation.path_to(&Uuid::now_v7().to_string());
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let send = async |body: Value| {
            app.as_(WORKER).call(method.clone(), &nowhere).json(body).if_match(1).await
        };
        let (first, second) = (send(whole).await, send(fraction.clone()).await);
        assert_eq!(
            (second.problem(), second.pointers()),
            (first.problem(), first.pointers()),
            "{}: {fraction}",
            operation.id
        );
        asked += 1;
    }
    assert!(asked >= 5, "{asked} operations take numbers");
    let case = app.active_plan(WORKER).await;
    let plan = app.as_(WORKER).get(&format!("/api/v1/plans/{}", case.plan)).await;
    let progress =
        format!("/api/v1/goals/{}/progress", plan.body["goals"][0]["id"].as_str().unwrap());
    for (score, status) in [("5.0", 201), ("5.5", 422), ("1e400", 400)] {
        let text = format!("{{\"voice\":\"young-person\",\"score\":{score}}}");
        let answer = app.as_(WORKER).post_nothing(&progress).body("application/json", text).await;
        assert_eq!(answer.status, status, "{score}: {}", answer.body);
        assert!(answer.pointers().iter().all(|pointer| *pointer == "/score"), "{}", answer.body);
    }
}

/// E2: what cannot be a code is nobody's, and reaches no query.
#[actix_web::test]
async fn a_path_that_holds_no_code_is_not_there() {
    let app = TestApp::new().await;
    let not_there = app.as_("uu.teamleder").get("/api/v1/intervention-catalogue/nothing").await;
    assert_eq!(not_there.problem(), (404, "not-found"));
    for code in ["%00", "STIGEN", "a%20b", &"a".repeat(61)] {
        let path = format!("/api/v1/intervention-catalogue/{code}");
        let me = app.as_("uu.teamleder");
        for call in [
            me.get(&path),
            me.get(&format!("{path}/places")),
            me.post(
                &format!("{path}/places"),
                json!({ "from": "2026-12-01", "places": 5, "reason": "x" }),
            ),
        ] {
            assert_eq!(but_for_the_request(&call.await), but_for_the_request(&not_there), "{code}");
        }
    }
}

/// E1: methods that a client makes up are one line of figures, not one each.
#[actix_web::test]
async fn e1_made_up_methods_count_as_one() {
    let app = TestApp::new().await;
    let counted = Counted::default();
    let _guard = metrics::set_default_local_recorder(&counted);
    for method in ["GET", "A1", "A2", "A3"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        app.as_nobody().call(method, "/health/live").await;
    }
    let methods = counted.0.lock().unwrap();
    assert_eq!(*methods, BTreeSet::from(["GET".to_owned(), "OTHER".to_owned()]));
}

/// Notes the methods of whatever is counted.
#[derive(Default)]
struct Counted(Mutex<BTreeSet<String>>);

impl Recorder for Counted {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let methods = key.labels().filter(|label| label.key() == "method");
        self.0.lock().unwrap().extend(methods.map(|label| label.value().to_owned()));
        Histogram::noop()
    }
}

/// E1: a fault of ours that nobody foresaw is answered like any other.
#[actix_web::test]
async fn e1_a_panic_is_answered_too() {
    async fn broken() -> HttpResponse {
        panic!("nobody foresaw this")
    }
    let app = App::new().route("/", get().to(broken)).wrap(from_fn(api::problem::render));
    let service = init_service(app).await;
    let request = TestRequest::default().insert_header(("Accept-Language", "en")).to_request();
    let error = service.call(request).await.unwrap_err();
    let answer = error.error_response();
    assert_eq!(answer.status(), 500);
    let id = answer.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
    let problem = to_bytes(answer.into_body()).await.unwrap();
    let problem: Value = serde_json::from_slice(&problem).unwrap();
    assert_eq!(problem["title"], "Something went wrong on our side");
    assert_eq!(problem["instance"], format!("urn:uuid:{id}"));
    assert!(!problem.to_string().contains("foresaw"));
}
