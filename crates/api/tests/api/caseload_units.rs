//! What units decide and see of their caseload: norms, terms, cover, the overview, the intake and the forecast
//! (CL-1, CL-3, CL-5 to CL-7, CL-10, CL-11), through the interface.

use crate::entry_of;
use crate::steps::{CASEWORKER, STRANGER, done, refused};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

const COLLEAGUE: &str = "jv.sagsbehandler2";
const LEADER: &str = "jv.teamleder";
/// Leads another unit of the same department.
const OTHER_LEADER: &str = "social.teamleder";

fn unit_path(app: &TestApp, what: &str) -> String {
    format!("/api/v1/units/{}/{what}", app.unit("jobspor"))
}

fn employee_path(app: &TestApp, who: &str, what: &str) -> String {
    format!("/api/v1/employees/{}/{what}", app.employee(who))
}

/// JobSpor's leader decides a norm of its caseworkers, in the present version.
async fn decide<'a>(app: &'a TestApp, from: &str, cases: Value) -> Call<'a> {
    let version = app.as_(LEADER).get(&unit_path(app, "norms")).await.expect(200).version();
    let norm =
        json!({ "function": "caseworker", "from": from, "cases": cases, "reason": "Aftalt." });
    app.as_(LEADER).put(&unit_path(app, "norms"), norm).if_match(version)
}

async fn norm_today(app: &TestApp, cases: u32) {
    done(decide(app, &app.today(), json!(cases)).await).await;
}

fn agree<'a>(app: &'a TestApp, who: &str, terms: (&str, i32, i32)) -> Call<'a> {
    let (from, share, reduction) = terms;
    let terms = json!({
        "unitId": app.unit("jobspor"), "function": "caseworker", "from": from, "employmentShare": share,
        "reduction": reduction, "reason": "Aftalt.",
    });
    app.as_(LEADER).post(&employee_path(app, who, "caseload-terms"), terms)
}

fn cover<'a>(app: &'a TestApp, absent: &str, by: &str, days: (&str, &str)) -> Call<'a> {
    let cover = json!({
        "unitId": app.unit("jobspor"), "byEmployeeId": app.employee(by), "from": days.0, "until": days.1,
        "reason": "Orlov.",
    });
    app.as_(LEADER).post(&employee_path(app, absent, "cover"), cover)
}

fn give<'a>(app: &'a TestApp, by: &'a str, person: Uuid, body: &Value) -> Call<'a> {
    app.as_(by).post(&format!("/api/v1/young-people/{person}/assignments"), body.clone())
}

fn to(app: &TestApp, who: &str) -> Value {
    json!({ "employeeId": app.employee(who), "function": "caseworker" })
}

/// A new young person of JobSpor's, given to this caseworker.
async fn given(app: &TestApp, who: &str) -> (Uuid, Answer) {
    let person = app.young_person(CASEWORKER).await.id();
    (person, done(give(app, CASEWORKER, person, &to(app, who))).await)
}

async fn overview(app: &TestApp, on: &str) -> Value {
    let on = if on.is_empty() { String::new() } else { format!("?on={on}") };
    app.as_(LEADER).get(&unit_path(app, &format!("caseload{on}"))).await.expect(200).body
}

/// How a caseworker stands by an overview: limit, current, room, exceptions, breaches, covered, away, keeps the norm.
fn stands(app: &TestApp, overview: &Value, who: &str) -> Value {
    let one = of(app, overview, who);
    let parts =
        ["limit", "current", "room", "exceptions", "breaches", "covered", "away", "keepsNorm"];
    parts.map(|part| one[part].clone()).into()
}

fn of(app: &TestApp, overview: &Value, who: &str) -> Value {
    let employees = overview["employees"].as_array().unwrap();
    let found: Vec<&Value> =
        employees.iter().filter(|one| one["employeeId"] == json!(app.employee(who))).collect();
    assert_eq!(found.len(), 1, "{who}: {employees:?}");
    found[0].clone()
}

/// The one event of a change: its kind and its payload.
async fn event(app: &TestApp, answer: &Answer) -> (String, Value) {
    let id = answer.header("x-request-id");
    let events = app.sql(&format!("SELECT * FROM event WHERE request_id = '{id}'")).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["young_person_id"], Value::Null);
    (events[0]["kind"].as_str().unwrap().to_owned(), events[0]["payload"].clone())
}

/// Whom an answer told of, by the access log.
async fn told_of(app: &TestApp, answer: &Answer) -> Vec<Uuid> {
    let mut told: Vec<Uuid> =
        serde_json::from_value(entry_of(app, answer).await["young_people"].clone()).unwrap();
    told.sort_unstable();
    told
}

fn sorted(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids
}

#[actix_web::test]
async fn cl_01_norms_are_told_as_they_were_decided_and_which_holds() {
    let app = TestApp::new().await;
    let norms = || app.as_(STRANGER).get(&unit_path(&app, "norms"));
    let loaded = norms().await.expect(200);
    assert_eq!((loaded.version(), loaded.items().len()), (2, 2));
    let ahead = done(decide(&app, "2026-12-01", json!(40)).await).await;
    assert_eq!((ahead.header("etag"), ahead.version()), ("\"3\"", 3));
    let (kind, payload) = event(&app, &ahead).await;
    assert_eq!(
        (&*kind, &payload["unitId"]),
        ("caseload.norm-decided", &json!(app.unit("jobspor")))
    );
    assert_eq!(payload["norm"]["cases"], 40);
    done(decide(&app, "2026-11-23", Value::Null).await).await;
    let told = norms().await.expect(200);
    let shown = |at: usize| {
        let item = &told.items()[at];
        json!([item["function"], item["from"], item["cases"], item["reason"], item["holds"]])
    };
    assert_eq!(shown(0), json!(["caseworker", "2026-11-23", null, "Aftalt.", true]));
    assert_eq!(shown(1), json!(["caseworker", "2026-12-01", 40, "Aftalt.", false]));
    assert_eq!(shown(3), json!(["caseworker", "2017-01-01", 45, "JobSpor's norm.", false]));
    assert_eq!(told.items()[2]["holds"], true);
    assert_eq!(told.items()[0]["decidedAt"], "2026-11-23T09:00:00Z");
    // What begins later takes over, whenever it was decided.
    app.at("2026-12-01T09:00:00Z");
    let told = norms().await.expect(200);
    assert_eq!([&told.items()[0]["holds"], &told.items()[1]["holds"]], [false, true]);
    let none = format!("/api/v1/units/{}/norms", app.unit("ungeenheden"));
    let none = app.as_(STRANGER).get(&none).await.expect(200);
    assert_eq!((none.items().len(), none.version()), (0, 0));
    let nowhere = app.as_(STRANGER).get(&format!("/api/v1/units/{}/norms", Uuid::nil())).await;
    assert_eq!(nowhere.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn cl_01_a_norm_is_decided_by_the_units_leader_from_the_version_there_is() {
    let app = TestApp::new().await;
    let path = unit_path(&app, "norms");
    let norm = |cases: Value, from: &str| json!({ "function": "caseworker", "from": from, "cases": cases, "reason": "x" });
    let put = |who: &'static str| app.as_(who).put(&path, norm(json!(9), "2026-11-23"));
    for who in [CASEWORKER, STRANGER, OTHER_LEADER, "admin"] {
        refused(&app, put(who).if_match(2), (403, "access.denied")).await;
    }
    refused(&app, put(LEADER), (428, "version.missing")).await;
    refused(&app, put(LEADER).if_match(1), (412, "version.stale")).await;
    let past = app.as_(LEADER).put(&path, norm(json!(9), "2026-11-22")).if_match(2);
    let past = refused(&app, past, (409, "caseload.day-past")).await;
    assert_eq!(past.body["from"], "2026-11-23");
    for (body, pointer) in [
        (norm(json!(501), "2026-11-23"), "/cases"),
        (norm(json!(-1), "2026-11-23"), "/cases"),
        (json!({ "function": "caseworker", "from": "2026-11-23", "reason": "x" }), "/cases"),
        (
            json!({ "function": "hotline", "from": "2026-11-23", "cases": 1, "reason": "x" }),
            "/function",
        ),
    ] {
        let call = app.as_(LEADER).put(&path, body).if_match(2);
        let answer = refused(&app, call, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    let nowhere = app
        .as_(LEADER)
        .put(&format!("/api/v1/units/{}/norms", Uuid::nil()), norm(json!(1), "2026-11-23"));
    refused(&app, nowhere.if_match(0), (404, "not-found")).await;
    // Two who decide at once, through two instances: one of them is told to look again.
    let second = app.instance().await;
    let answers = join_all((0..8).map(|on| {
        let app = if on % 2 == 0 { &app } else { &second };
        app.as_(LEADER).put(&path, norm(json!(on), "2026-11-23")).if_match(2).into_future()
    }))
    .await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let lost = answers.iter().filter(|answer| answer.problem() == (412, "version.stale")).count();
    assert_eq!((won, lost), (1, 7));
    // The head above decides, too.
    done(app.as_("job.afdelingsleder").put(&path, norm(json!(45), "2026-11-23")).if_match(3)).await;
}

#[actix_web::test]
async fn cl_07_a_lower_norm_takes_no_case_and_gives_no_new_one() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        given(&app, CASEWORKER).await;
    }
    norm_today(&app, 2).await;
    let now = overview(&app, "").await;
    assert_eq!(stands(&app, &now, CASEWORKER), json!([2, 3, -1, 0, 0, 0, false, false]));
    assert_eq!(stands(&app, &now, COLLEAGUE), json!([2, 0, 2, 0, 0, 0, false, true]));
    let person = app.young_person(CASEWORKER).await.id();
    let no = refused(
        &app,
        give(&app, CASEWORKER, person, &to(&app, CASEWORKER)),
        (409, "caseload.limit-reached"),
    )
    .await;
    assert_eq!([&no.body["limit"], &no.body["current"]], [2, 3]);
    let mine = app.as_(CASEWORKER).get("/api/v1/me/caseload").await.expect(200);
    assert_eq!(mine.body["cases"].as_array().unwrap().len(), 3);
    norm_today(&app, 4).await;
    done(give(&app, CASEWORKER, person, &to(&app, CASEWORKER))).await;
    let now = overview(&app, "").await;
    assert_eq!(stands(&app, &now, CASEWORKER), json!([4, 4, 0, 0, 0, 0, false, true]));
}

#[actix_web::test]
async fn cl_01_a_norm_of_the_first_of_next_month_holds_from_that_midnight_in_copenhagen() {
    let app = TestApp::new().await;
    given(&app, CASEWORKER).await;
    done(decide(&app, "2026-12-01", json!(1)).await).await;
    assert_eq!(of(&app, &overview(&app, "2026-11-30").await, CASEWORKER)["limit"], 45);
    assert_eq!(of(&app, &overview(&app, "2026-12-01").await, CASEWORKER)["limit"], 1);
    app.at("2026-11-30T22:59:59Z");
    assert_eq!(of(&app, &overview(&app, "").await, CASEWORKER)["limit"], 45);
    given(&app, CASEWORKER).await;
    let person = app.young_person(CASEWORKER).await.id();
    app.at("2026-11-30T23:00:00Z");
    let now = overview(&app, "").await;
    assert_eq!(
        (&now["on"], stands(&app, &now, CASEWORKER)),
        (&json!("2026-12-01"), json!([1, 2, -1, 0, 0, 0, false, false]))
    );
    let no = give(&app, CASEWORKER, person, &to(&app, CASEWORKER));
    refused(&app, no, (409, "caseload.limit-reached")).await;
    // The day before is as it was.
    let before = overview(&app, "2026-11-30").await;
    assert_eq!(stands(&app, &before, CASEWORKER), json!([45, 2, 43, 0, 0, 0, false, true]));
}

#[actix_web::test]
async fn cl_05_share_ramp_and_reduction_make_one_limit_rounded_down_at_the_end() {
    let app = TestApp::new().await;
    let employed = async |on: &str| {
        let who = app.employee(CASEWORKER);
        app.execute(&format!("UPDATE employee SET employed_on = '{on}' WHERE id = '{who}'")).await;
    };
    let agreed = done(agree(&app, CASEWORKER, ("2026-11-23", 86, 3))).await;
    assert_eq!(agreed.status, 201);
    let (kind, payload) = event(&app, &agreed).await;
    assert_eq!(
        (&*kind, &payload["employeeId"]),
        ("caseload.terms-agreed", &json!(app.employee(CASEWORKER)))
    );
    assert_eq!([&payload["terms"]["employmentShare"], &payload["terms"]["reduction"]], [86, 3]);
    let parts = async |on: &str| {
        let one = of(&app, &overview(&app, on).await, CASEWORKER);
        json!([one["norm"], one["employmentShare"], one["ramp"], one["reduction"], one["limit"]])
    };
    // 45 × 86 % is 38.7; half of it 19.35, three quarters 29.025.
    for (employed_on, on, ramp, limit) in [
        ("2026-11-30", "2027-02-27", "half", 16),
        ("2026-11-30", "2027-02-28", "three-quarters", 26),
        ("2026-11-30", "2027-05-29", "three-quarters", 26),
        ("2026-11-30", "2027-05-30", "full", 35),
        // Three months from 30 November of a year before a leap year.
        ("2027-11-30", "2028-02-28", "half", 16),
        ("2027-11-30", "2028-02-29", "three-quarters", 26),
        ("2028-02-29", "2028-05-28", "half", 16),
        ("2028-02-29", "2028-05-29", "three-quarters", 26),
        ("2028-02-29", "2028-08-29", "full", 35),
    ] {
        employed(employed_on).await;
        assert_eq!(parts(on).await, json!([45, 86, ramp, 3, limit]), "{employed_on} {on}");
    }
    // The day before they were agreed they did not hold; others have their own.
    assert_eq!(parts("2026-11-22").await, json!([45, 100, "half", 0, 22]));
    assert_eq!(of(&app, &overview(&app, "").await, COLLEAGUE)["limit"], 45);
    // It is the limit that refuses: 4 × 50 % × 3/4 = 1.5.
    employed("2026-08-01").await;
    norm_today(&app, 4).await;
    done(agree(&app, CASEWORKER, ("2026-11-23", 50, 0))).await;
    given(&app, CASEWORKER).await;
    let person = app.young_person(CASEWORKER).await.id();
    let no = give(&app, CASEWORKER, person, &to(&app, CASEWORKER));
    let no = refused(&app, no, (409, "caseload.limit-reached")).await;
    assert_eq!([&no.body["limit"], &no.body["current"]], [1, 1]);
}

#[actix_web::test]
async fn cl_05_terms_are_agreed_by_the_leader_and_told_to_whom_they_concern() {
    let app = TestApp::new().await;
    let path = employee_path(&app, CASEWORKER, "caseload-terms");
    let terms = |unit: &str, share: i32, from: &str| {
        json!({
            "unitId": app.unit(unit), "function": "caseworker", "from": from, "employmentShare": share,
            "reduction": 0, "reason": "x",
        })
    };
    let today = "2026-11-23";
    for who in [CASEWORKER, OTHER_LEADER, "admin"] {
        let call = app.as_(who).post(&path, terms("jobspor", 80, today));
        refused(&app, call, (403, "access.denied")).await;
    }
    for (path, body, problem) in [
        (&path, terms("jobspor", 101, today), (422, "request.invalid")),
        (&path, terms("jobspor", 80, "2026-11-22"), (409, "caseload.day-past")),
        (&path, terms("ungeenheden", 80, today), (403, "access.denied")),
        (
            &employee_path(&app, STRANGER, "caseload-terms"),
            terms("jobspor", 80, today),
            (422, "request.invalid"),
        ),
        (
            &format!("/api/v1/employees/{}/caseload-terms", Uuid::nil()),
            terms("jobspor", 80, today),
            (404, "not-found"),
        ),
    ] {
        refused(&app, app.as_(LEADER).post(path, body), problem).await;
    }
    let agreed = done(agree(&app, CASEWORKER, (today, 80, 2))).await;
    let later = done(agree(&app, CASEWORKER, ("2027-01-01", 100, 0))).await;
    assert_eq!(agreed.header("location"), path);
    for who in [CASEWORKER, LEADER, "job.afdelingsleder"] {
        let told = app.as_(who).get(&path).await.expect(200);
        assert_eq!(told.items(), [later.body.clone(), agreed.body.clone()], "{who}");
    }
    for who in [COLLEAGUE, STRANGER, OTHER_LEADER] {
        assert!(app.as_(who).get(&path).await.expect(200).items().is_empty(), "{who}");
    }
    let nobody = app.as_(LEADER).get(&format!("/api/v1/employees/{}/caseload-terms", Uuid::nil()));
    assert_eq!(nobody.await.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn cl_05_cover_is_shown_beside_the_number_and_never_refused_for_it() {
    let app = TestApp::new().await;
    norm_today(&app, 1).await;
    given(&app, CASEWORKER).await;
    given(&app, COLLEAGUE).await;
    let (today, last) = ("2026-11-23", "2026-12-04");
    let decided = done(cover(&app, COLLEAGUE, CASEWORKER, (today, last))).await;
    let at = format!("/api/v1/covers/{}", decided.id());
    assert_eq!((decided.status, decided.header("location"), decided.version()), (201, &*at, 1));
    assert_eq!(event(&app, &decided).await.0, "cover.decided");
    let now = overview(&app, "").await;
    assert_eq!(stands(&app, &now, CASEWORKER), json!([1, 1, 0, 0, 0, 1, false, true]));
    assert_eq!(stands(&app, &now, COLLEAGUE), json!([1, 1, 0, 0, 0, 0, true, true]));
    // From the first day to the last one.
    for (on, covered) in [("2026-11-22", 0), (today, 1), (last, 1), ("2026-12-05", 0)] {
        assert_eq!(of(&app, &overview(&app, on).await, CASEWORKER)["covered"], covered, "{on}");
    }
    // Known in the unit, and there alone.
    let listed =
        app.as_(CASEWORKER).get(&employee_path(&app, COLLEAGUE, "cover")).await.expect(200);
    assert_eq!(
        (&listed.items()[0]["id"], &listed.items()[0]["byEmployee"]),
        (&decided.body["id"], &json!("Sofie Nygaard"))
    );
    assert_eq!(app.as_(CASEWORKER).get(&at).await.expect(200).body, decided.body);
    assert!(
        app.as_(STRANGER)
            .get(&employee_path(&app, COLLEAGUE, "cover"))
            .await
            .expect(200)
            .items()
            .is_empty()
    );
    assert_eq!(app.as_(STRANGER).get(&at).await.problem(), (404, "not-found"));
    // Ended by the leader, once.
    let end = format!("{at}/end");
    refused(&app, app.as_(CASEWORKER).post_nothing(&end).if_match(1), (403, "access.denied")).await;
    refused(&app, app.as_(STRANGER).post_nothing(&end).if_match(1), (404, "not-found")).await;
    refused(&app, app.as_(LEADER).post_nothing(&end).if_match(2), (412, "version.stale")).await;
    refused(&app, app.as_(LEADER).post_nothing(&end), (428, "version.missing")).await;
    app.at("2026-11-25T09:00:00Z");
    let ended = done(app.as_(LEADER).post_nothing(&end).if_match(1)).await;
    assert_eq!((ended.version(), &ended.body["endedAt"]), (2, &json!("2026-11-25T09:00:00Z")));
    assert_eq!(event(&app, &ended).await.0, "cover.ended");
    refused(&app, app.as_(LEADER).post_nothing(&end).if_match(2), (409, "cover.ended")).await;
    assert_eq!(of(&app, &overview(&app, "").await, CASEWORKER)["covered"], 0);
    assert_eq!(of(&app, &overview(&app, "2026-11-24").await, CASEWORKER)["covered"], 1);
    // One whose last day has passed is over, too.
    let short = done(cover(&app, COLLEAGUE, CASEWORKER, ("2026-11-25", "2026-11-25"))).await;
    app.at("2026-11-26T09:00:00Z");
    let end = format!("/api/v1/covers/{}/end", short.id());
    refused(&app, app.as_(LEADER).post_nothing(&end).if_match(1), (409, "cover.ended")).await;
}

#[actix_web::test]
async fn cl_05_cover_that_cannot_be_is_refused() {
    let app = TestApp::new().await;
    let today = "2026-11-23";
    let range = (409, "cover.days-out-of-range");
    for (days, problem) in [
        (("2026-11-22", "2026-11-30"), (409, "caseload.day-past")),
        ((today, "2026-11-22"), range),
        ((today, "2027-11-24"), range),
    ] {
        refused(&app, cover(&app, COLLEAGUE, CASEWORKER, days), problem).await;
    }
    for (absent, by, pointer) in [
        (COLLEAGUE, COLLEAGUE, "/byEmployeeId"),
        (COLLEAGUE, STRANGER, "/byEmployeeId"),
        (STRANGER, CASEWORKER, "/unitId"),
    ] {
        let call = cover(&app, absent, by, (today, today));
        let answer = refused(&app, call, (422, "request.invalid")).await;
        assert_eq!(answer.pointers(), [pointer]);
    }
    let body = json!({
        "unitId": app.unit("jobspor"), "byEmployeeId": app.employee(CASEWORKER), "from": today, "until": today,
        "reason": "x",
    });
    let path = employee_path(&app, COLLEAGUE, "cover");
    for who in [CASEWORKER, OTHER_LEADER] {
        refused(&app, app.as_(who).post(&path, body.clone()), (403, "access.denied")).await;
    }
    let nobody = format!("/api/v1/employees/{}/cover", Uuid::nil());
    refused(&app, app.as_(LEADER).post(&nobody, body.clone()), (404, "not-found")).await;
    // Of two who decide the same at once, one does.
    let second = app.instance().await;
    let answers = join_all((0..4).map(|on| {
        let app = if on % 2 == 0 { &app } else { &second };
        app.as_(LEADER).post(&path, body.clone()).into_future()
    }))
    .await;
    let count = |problem| answers.iter().filter(|answer| answer.problem() == problem).count();
    assert_eq!((count((201, "")), count((409, "cover.already-covered"))), (1, 3));
    // To the longest, and for both ways at once.
    done(cover(&app, COLLEAGUE, CASEWORKER, ("2026-11-24", "2027-11-24"))).await;
    done(cover(&app, CASEWORKER, COLLEAGUE, (today, today))).await;
}

#[actix_web::test]
async fn cl_05_cl_03_a_leave_overlaps_an_exception() {
    let app = TestApp::new().await;
    norm_today(&app, 1).await;
    given(&app, COLLEAGUE).await;
    let person = app.young_person(CASEWORKER).await.id();
    let mut beyond = to(&app, COLLEAGUE);
    beyond["exception"] = json!({ "reason": "Overgang.", "until": "2026-11-27" });
    done(give(&app, LEADER, person, &beyond)).await;
    done(cover(&app, COLLEAGUE, CASEWORKER, ("2026-11-25", "2026-11-30"))).await;
    // limit, current, room, exceptions, breaches, covered, away, keeps the norm
    let colleague = async |on: &str| stands(&app, &overview(&app, on).await, COLLEAGUE);
    let covered =
        async |on: &str| of(&app, &overview(&app, on).await, CASEWORKER)["covered"].clone();
    for (on, stands, covers) in [
        ("2026-11-23", json!([1, 1, 0, 1, 0, 0, false, false]), 0),
        ("2026-11-25", json!([1, 1, 0, 1, 0, 0, true, false]), 2),
        ("2026-11-27", json!([1, 1, 0, 1, 0, 0, true, false]), 2),
        // Past its end it is a breach, while the leave goes on.
        ("2026-11-28", json!([1, 2, -1, 0, 1, 0, true, false]), 2),
        ("2026-12-01", json!([1, 2, -1, 0, 1, 0, false, false]), 0),
    ] {
        assert_eq!(
            (colleague(on).await, covered(on).await),
            (stands.clone(), json!(covers)),
            "{on} ahead"
        );
        app.at(&format!("{on}T12:00:00Z"));
        assert_eq!((colleague("").await, covered("").await), (stands, json!(covers)), "{on}");
    }
    let now = overview(&app, "").await;
    // Three have a post with a norm; the job consultant keeps theirs, too.
    assert_eq!((&now["shareKeepingNorm"], &now["youngPeople"]), (&json!(0.667), &json!(2)));
}

#[actix_web::test]
async fn cl_10_nothing_told_later_changes_a_past_day() {
    let app = TestApp::new().await;
    let mut past: Vec<(String, Value)> =
        vec![("2026-01-04".to_owned(), overview(&app, "2026-01-04").await)];
    // Before the municipality was loaded there was nobody.
    assert_eq!(past[0].1["employees"], json!([]));
    assert_eq!(
        (&past[0].1["shareKeepingNorm"], &past[0].1["changesPerYoungPerson"]),
        (&Value::Null, &Value::Null)
    );
    let (_, first) = given(&app, CASEWORKER).await;
    given(&app, COLLEAGUE).await;
    let leader = app.as_(LEADER);
    for day in 23..=30 {
        let today = format!("2026-11-{day}");
        app.at(&format!("{today}T12:00:00Z"));
        match day {
            23 => done(agree(&app, COLLEAGUE, (&today, 50, 1))).await,
            24 => done(cover(&app, COLLEAGUE, CASEWORKER, (&today, "2026-12-31"))).await,
            25 => {
                let moves = json!([{ "assignmentId": first.id(), "toEmployeeId": app.employee(COLLEAGUE) }]);
                done(leader.post("/api/v1/handovers", json!({ "moves": moves, "reason": "x" })))
                    .await
            }
            26 => done(decide(&app, &today, json!(1)).await).await,
            27 => {
                let id =
                    app.sql("SELECT id FROM cover").await[0]["id"].as_str().unwrap().to_owned();
                done(leader.post_nothing(&format!("/api/v1/covers/{id}/end")).if_match(1)).await
            }
            28 => done(agree(&app, COLLEAGUE, (&today, 100, 0))).await,
            29 => given(&app, CASEWORKER).await.1,
            _ => done(decide(&app, &today, Value::Null).await).await,
        };
        // Late in the day it stands as it will be told of that day for ever.
        app.at(&format!("{today}T22:00:00Z"));
        past.push((today.clone(), overview(&app, "").await));
        for (day, was) in &past {
            assert_eq!(&overview(&app, day).await, was, "{day} as seen on {today}");
        }
    }
    let told = |at: usize, part: &str| {
        past.iter()
            .skip(1)
            .map(|(_, was)| of(&app, was, [CASEWORKER, COLLEAGUE][at])[part].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(told(0, "current"), [1, 1, 0, 0, 0, 0, 1, 1]);
    assert_eq!(told(1, "current"), [1, 1, 2, 2, 2, 2, 2, 2]);
    assert_eq!(told(0, "covered"), [0, 1, 2, 2, 0, 0, 0, 0]);
    assert_eq!(json!(told(1, "limit")), json!([21, 21, 21, 0, 0, 1, 1, null]));
    assert_eq!(told(1, "changes"), [0, 0, 1, 1, 1, 1, 1, 1]);
}

/// A sign-in that was stopped and opened again was stopped on the days between.
#[actix_web::test]
async fn cl_10_who_was_present_on_a_past_day_stays_so() {
    let app = TestApp::new().await;
    let admin = app.as_("admin");
    let mut past: Vec<(String, Value)> = Vec::new();
    for (day, step) in
        [(23, ""), (24, "deactivate"), (25, ""), (26, "reactivate"), (27, ""), (28, "deactivate")]
    {
        let today = format!("2026-11-{day}");
        app.at(&format!("{today}T12:00:00Z"));
        if !step.is_empty() {
            let version =
                app.sql("SELECT version FROM employee WHERE username = 'jv.sagsbehandler2'").await;
            let call = admin.post_nothing(&employee_path(&app, COLLEAGUE, step));
            done(call.if_match(version[0]["version"].as_i64().unwrap())).await;
        }
        app.at(&format!("{today}T22:00:00Z"));
        past.push((today, overview(&app, "").await));
        for (day, was) in &past {
            assert_eq!(
                &overview(&app, day).await,
                was,
                "{day} as seen on the {}",
                past.last().unwrap().0
            );
        }
    }
    let present: Vec<Value> =
        past.iter().map(|(_, was)| of(&app, was, COLLEAGUE)["present"].clone()).collect();
    assert_eq!(present, [true, false, false, true, true, false]);
}

#[actix_web::test]
async fn cl_10_the_overview_is_the_leaders_and_counts_changes_for_each_young_person() {
    let app = TestApp::new().await;
    let (_, first) = given(&app, CASEWORKER).await;
    given(&app, CASEWORKER).await;
    given(&app, COLLEAGUE).await;
    let moves = json!([{ "assignmentId": first.id(), "toEmployeeId": app.employee(COLLEAGUE) }]);
    done(app.as_(LEADER).post("/api/v1/handovers", json!({ "moves": moves, "reason": "x" }))).await;
    let now = overview(&app, "").await;
    assert_eq!(
        json!([now["unitId"], now["on"], now["youngPeople"]]),
        json!([app.unit("jobspor"), "2026-11-23", 3])
    );
    assert_eq!([&now["shareKeepingNorm"], &now["changesPerYoungPerson"]], [1.0, 0.333]);
    let names: Vec<&str> = now["employees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(of(&app, &now, COLLEAGUE)["changes"], 1);
    for who in [CASEWORKER, OTHER_LEADER, "admin", "styregruppe"] {
        for what in ["caseload", "intake", "forecast"] {
            let answer = app.as_(who).get(&unit_path(&app, what)).await;
            assert_eq!(answer.problem(), (403, "access.denied"), "{who} {what}");
            assert_eq!(entry_of(&app, &answer).await["outcome"], "refused");
        }
    }
    for what in ["caseload", "intake", "forecast"] {
        app.as_("job.afdelingsleder").get(&unit_path(&app, what)).await.expect(200);
        let nowhere = app.as_(LEADER).get(&format!("/api/v1/units/{}/{what}", Uuid::nil())).await;
        assert_eq!(nowhere.problem(), (404, "not-found"), "{what}");
    }
    let answer = app.as_(LEADER).get(&unit_path(&app, "caseload?on=1899-12-31")).await;
    assert_eq!((answer.problem(), answer.pointers()), ((422, "request.invalid"), vec!["on"]));
}

#[actix_web::test]
async fn cl_11_the_intake_lists_those_who_wait_and_whose_employee_is_gone() {
    let app = TestApp::new().await;
    let (gone, assignment) = given(&app, COLLEAGUE).await;
    let waits = app.young_person(CASEWORKER).await.id();
    let entry = json!({ "unitId": app.unit("jobspor"), "function": "job-consultant", "reason": "Ingen plads.", "from": "2027-01-04" });
    let entry =
        done(app.as_(CASEWORKER).post(&format!("/api/v1/young-people/{waits}/intake"), entry))
            .await;
    app.at("2026-11-24T09:00:00Z");
    done(app.as_("admin").post_nothing(&employee_path(&app, COLLEAGUE, "deactivate")).if_match(1))
        .await;
    app.execute(&format!(
        "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
         SELECT gen_random_uuid(), '{gone}', 2, '{}', 'hand-over', gen_random_uuid(), due, '2026-11-01Z'
           FROM (VALUES (date '2026-11-20'), ('2026-12-01')) v (due)",
        app.unit("jobspor")
    ))
    .await;
    let listed = app.as_(LEADER).get(&unit_path(&app, "intake")).await.expect(200);
    let shown = |at: usize, parts: &[&str]| -> Vec<Value> {
        parts.iter().map(|part| listed.items()[at][*part].clone()).collect()
    };
    let parts = [
        "id",
        "kind",
        "youngPersonId",
        "function",
        "since",
        "from",
        "reason",
        "employeeId",
        "employee",
        "nextTaskDue",
        "overdueTasks",
    ];
    assert_eq!(
        json!(shown(0, &parts)),
        json!([
            entry.id(),
            "entry",
            waits,
            "job-consultant",
            "2026-11-23T09:00:00Z",
            "2027-01-04",
            "Ingen plads.",
            null,
            null,
            null,
            0
        ])
    );
    assert_eq!(
        json!(shown(1, &parts)),
        json!([
            assignment.id(),
            "assignment",
            gone,
            "caseworker",
            "2026-11-24T09:00:00Z",
            null,
            null,
            app.employee(COLLEAGUE),
            "Rasmus Toft",
            "2026-11-20",
            1
        ])
    );
    assert!(listed.items()[0]["youngPerson"].as_str().unwrap().starts_with("Freja Prøvesen"));
    assert_eq!(told_of(&app, &listed).await, sorted(vec![gone, waits]));
    // What is listed can be read.
    let read =
        app.as_(LEADER).get(&format!("/api/v1/intake-entries/{}", entry.id())).await.expect(200);
    assert_eq!(read.version(), listed.items()[0]["version"]);
    let read =
        app.as_(LEADER).get(&format!("/api/v1/assignments/{}", assignment.id())).await.expect(200);
    assert_eq!(
        (&read.body["inIntake"], read.version()),
        (&json!(true), listed.items()[1]["version"].as_i64().unwrap())
    );
    // A page at a time, and of each the one who is told.
    let path = unit_path(&app, "intake?limit=1");
    let page = app.as_(LEADER).get(&path).await.expect(200);
    assert_eq!((page.items(), told_of(&app, &page).await), (&listed.items()[..1], vec![waits]));
    let next = format!("{path}&cursor={}", page.body["nextCursor"].as_str().unwrap());
    let page = app.as_(LEADER).get(&next).await.expect(200);
    assert_eq!((page.items(), &page.body["nextCursor"]), (&listed.items()[1..], &Value::Null));
    assert_eq!(told_of(&app, &page).await, [gone]);
    for (asked, pointer) in [("limit=0", "limit"), ("cursor=x", "cursor")] {
        let answer = app.as_(LEADER).get(&unit_path(&app, &format!("intake?{asked}"))).await;
        assert_eq!(
            (answer.problem(), answer.pointers()),
            ((422, "request.invalid"), vec![pointer])
        );
    }
    // The overview shows that they are not on anybody's hands.
    let now = overview(&app, "").await;
    assert_eq!(
        (&of(&app, &now, COLLEAGUE)["present"], &of(&app, &now, COLLEAGUE)["current"]),
        (&json!(false), &json!(1))
    );
}

#[actix_web::test]
async fn cl_06_the_forecast_tells_birthdays_comings_goings_and_where_the_norm_is_passed() {
    let app = TestApp::new().await;
    let born = async |person: Uuid, on: &str| {
        app.execute(&format!("UPDATE young_person SET birth_date = '{on}' WHERE id = '{person}'"))
            .await;
    };
    norm_today(&app, 1).await;
    // Their limits together are two: theirs and the colleague's.
    let (thirty, _) = given(&app, CASEWORKER).await;
    born(thirty, "1997-02-28").await;
    let (ends, assigned) = given(&app, COLLEAGUE).await;
    app.execute(&format!(
        "UPDATE assignment SET planned_end = '2027-04-30' WHERE id = '{}'",
        assigned.id()
    ))
    .await;
    // Born on 29 February: 15 and 17 on 1 March, where there is no 29th.
    let leap = app.young_person(CASEWORKER).await.id();
    born(leap, "2012-02-29").await;
    let leap_too = app.young_person(CASEWORKER).await.id();
    born(leap_too, "2010-02-28").await;
    // Today is past; the last day is the last one of the twelfth month.
    let today = app.young_person(CASEWORKER).await.id();
    born(today, "2008-11-23").await;
    let last = app.young_person(CASEWORKER).await.id();
    born(last, "2009-10-31").await;
    let after = app.young_person(CASEWORKER).await.id();
    born(after, "2009-11-01").await;
    let comes = app.young_person(CASEWORKER).await.id();
    let entry = json!({ "unitId": app.unit("jobspor"), "function": "caseworker", "reason": "x", "from": "2027-01-31" });
    done(app.as_(CASEWORKER).post(&format!("/api/v1/young-people/{comes}/intake"), entry)).await;

    let told = app.as_(LEADER).get(&unit_path(&app, "forecast")).await.expect(200);
    let months = told.body["months"].as_array().unwrap();
    let names: Vec<&str> = months.iter().map(|month| month["month"].as_str().unwrap()).collect();
    assert_eq!((names.len(), names[0], names[11]), (12, "2026-11", "2027-10"));
    let of_all = |what: &str| -> Vec<Value> {
        months.iter().flat_map(|month| month[what].as_array().unwrap().clone()).collect()
    };
    let turns =
        |who: Uuid, age: u8, on: &str| json!({ "age": age, "youngPersonId": who, "on": on });
    assert_eq!(
        of_all("turning"),
        [
            turns(leap_too, 17, "2027-02-28"),
            turns(thirty, 30, "2027-02-28"),
            turns(leap, 15, "2027-03-01"),
            turns(last, 18, "2027-10-31"),
        ]
        .into_iter()
        .sorted_as_told()
    );
    let moves =
        |who: Uuid, on: &str| json!({ "youngPersonId": who, "on": on, "function": "caseworker" });
    assert_eq!(of_all("coming"), [moves(comes, "2027-01-31")]);
    assert_eq!(of_all("leaving"), [moves(thirty, "2027-02-28"), moves(ends, "2027-04-30")]);
    let caseworkers: Vec<Value> = months
        .iter()
        .map(|month| {
            let functions = month["functions"].as_array().unwrap();
            let one = functions.iter().find(|one| one["function"] == "caseworker").unwrap();
            json!([one["expected"], one["capacity"], one["passesNorm"]])
        })
        .collect();
    let as_it_is = json!([2, 2, false]);
    assert_eq!(caseworkers[..2], [as_it_is.clone(), as_it_is.clone()]);
    assert_eq!(caseworkers[2], json!([3, 2, true]));
    assert_eq!(caseworkers[3..5], [as_it_is.clone(), as_it_is]);
    assert!(caseworkers[5..].iter().all(|month| *month == json!([1, 2, false])));
    assert_eq!(told.body["firstPassed"], json!([{ "function": "caseworker", "month": "2027-01" }]));
    assert_eq!(told_of(&app, &told).await, sorted(vec![leap_too, thirty, leap, last, comes, ends]));
    // A norm to come and a colleague who leaves count from then on.
    done(decide(&app, "2027-05-01", json!(0)).await).await;
    let told = app.as_(LEADER).get(&unit_path(&app, "forecast")).await.expect(200);
    let may = &told.body["months"][6];
    assert_eq!(
        (&may["month"], &may["functions"][0]["capacity"], &may["functions"][0]["passesNorm"]),
        (&json!("2027-05"), &json!(0), &json!(true))
    );
}

/// By day, and of one day by whom: as the forecast is told.
trait AsTold {
    fn sorted_as_told(self) -> Vec<Value>;
}

impl<I: Iterator<Item = Value>> AsTold for I {
    fn sorted_as_told(self) -> Vec<Value> {
        let mut all: Vec<Value> = self.collect();
        let key = |one: &Value| (one["on"].to_string(), one["youngPersonId"].to_string());
        all.sort_by_key(key);
        all
    }
}

/// Somebody whom a colleague has in two functions of one post is one case, and leaves once.
#[actix_web::test]
async fn cl_06_young_people_leave_once() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    app.execute(&format!(
        "UPDATE young_person SET birth_date = '1997-02-28' WHERE id = '{person}'"
    ))
    .await;
    for function in ["job-consultant", "mentor"] {
        let body = json!({ "employeeId": app.employee("jv.jobkonsulent"), "function": function });
        done(give(&app, CASEWORKER, person, &body)).await;
    }
    let told = app.as_(LEADER).get(&unit_path(&app, "forecast")).await.expect(200);
    let load = |month: usize| {
        let functions = told.body["months"][month]["functions"].as_array().unwrap();
        let one = functions.iter().find(|one| one["function"] == "job-consultant").unwrap();
        one["expected"].clone()
    };
    assert_eq!([load(0), load(2), load(3), load(11)], [1, 1, 0, 0]);
    assert_eq!(told.body["months"][3]["leaving"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn cl_05_ones_own_caseload_has_the_cases_one_covers_marked() {
    let app = TestApp::new().await;
    let (own, _) = given(&app, CASEWORKER).await;
    let (covered, _) = given(&app, COLLEAGUE).await;
    let (elsewhere, _) = given(&app, COLLEAGUE).await;
    // In another unit of the colleague's, for which the cover is not.
    app.execute(&format!(
        "UPDATE assignment SET unit_id = '{}' WHERE young_person_id = '{elsewhere}'",
        app.unit("jobigen")
    ))
    .await;
    let mine = || app.as_(CASEWORKER).get("/api/v1/me/caseload");
    let people = |answer: &Answer| -> Vec<Uuid> {
        let cases = answer.body["cases"].as_array().unwrap();
        cases.iter().map(|one| one["youngPersonId"].as_str().unwrap().parse().unwrap()).collect()
    };
    let before = mine().await.expect(200);
    assert_eq!((people(&before), told_of(&app, &before).await), (vec![own], vec![own]));
    let decided = done(cover(&app, COLLEAGUE, CASEWORKER, ("2026-11-24", "2026-11-25"))).await;
    assert_eq!(people(&mine().await.expect(200)), [own]);
    for (at, covers) in [
        ("2026-11-23T23:00:00Z", true),
        ("2026-11-25T22:59:59Z", true),
        ("2026-11-25T23:00:00Z", false),
    ] {
        app.at(at);
        let answer = mine().await.expect(200);
        let expected = if covers { vec![own, covered] } else { vec![own] };
        assert_eq!(sorted(people(&answer)), sorted(expected.clone()), "{at}");
        assert_eq!(told_of(&app, &answer).await, sorted(expected), "{at}");
        let standing = &answer.body["standings"][0];
        assert_eq!(
            json!([
                standing["unitId"],
                standing["function"],
                standing["limit"],
                standing["current"],
                standing["covered"]
            ]),
            json!([app.unit("jobspor"), "caseworker", 45, 1, u8::from(covers)])
        );
        for case in answer.body["cases"].as_array().unwrap() {
            let marked = if case["youngPersonId"] == json!(own) {
                Value::Null
            } else {
                json!({ "coverId": decided.id(), "employeeId": app.employee(COLLEAGUE), "employee": "Rasmus Toft", "until": "2026-11-25" })
            };
            assert_eq!(case["coversFor"], marked);
            assert!(case["youngPerson"].as_str().unwrap().starts_with("Freja"));
        }
    }
    // Somebody without a post has neither.
    let leader = app.as_(LEADER).get("/api/v1/me/caseload").await.expect(200);
    assert_eq!(leader.body, json!({ "standings": [], "cases": [] }));
}
