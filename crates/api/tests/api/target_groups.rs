//! TG-1 to TG-4: the target group follows from age, leading benefit and readiness, on any day.

use crate::steps::{
    CASEWORKER, COUNSELLOR, STRANGER, done, everything, join, number, refused, registration,
};
use futures_util::future::{join as both, join_all};
use serde_json::{Value, json};
use std::future::IntoFuture as _;
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

/// Somebody of the caseworker's, born on this day.
async fn born(app: &TestApp, day: &str, serial: u32) -> Uuid {
    let body = registration(app, CASEWORKER, &number(day, serial));
    done(app.as_(CASEWORKER).post("/api/v1/young-people", body)).await.id()
}

fn path(person: Uuid, what: &str) -> String {
    format!("/api/v1/young-people/{person}/{what}")
}

fn benefit(app: &TestApp, person: Uuid, body: Value) -> Call<'_> {
    app.as_(CASEWORKER).post(&path(person, "benefits"), body)
}

fn assess(app: &TestApp, person: Uuid, body: Value) -> Call<'_> {
    app.as_(CASEWORKER).post(&path(person, "readiness"), body)
}

/// A step of a benefit, in the version in which it was last answered.
fn step<'a>(app: &'a TestApp, benefit: &Answer, step: &str, body: Value) -> Call<'a> {
    let path = format!("/api/v1/benefits/{}/{step}", benefit.id());
    app.as_(CASEWORKER).post(&path, body).if_match(benefit.version())
}

/// The target group on a day, and what it follows from.
async fn group_on(app: &TestApp, person: Uuid, day: &str) -> Value {
    let path = path(person, &format!("target-group?on={day}"));
    done(app.as_(CASEWORKER).get(&path)).await.body["group"].clone()
}

/// The dossier's table, of 18-29-year-olds: without a category, åbenlyst uddannelsesparat, uddannelsesparat,
/// aktivitetsparat, jobparat. `-` is no group, `x` what the law does not know.
const TABLE: [(&str, bool, [&str; 5]); 13] = [
    ("a-dagpenge", false, ["1", "1", "1", "1", "1"]),
    ("sygedagpenge", false, ["1", "1", "1", "1", "1"]),
    ("kontanthjaelp", false, ["-", "x", "x", "3", "1"]),
    ("kontanthjaelp", true, ["-", "x", "x", "3", "1"]),
    ("uddannelseshjaelp", false, ["-", "1", "2", "3", "x"]),
    ("integrationsydelse", false, ["-", "1", "2", "3", "1"]),
    ("integrationsydelse", true, ["-", "x", "x", "3", "1"]),
    ("ressourceforloeb", false, ["3", "3", "3", "3", "3"]),
    ("jobafklaringsforloeb", false, ["3", "3", "3", "3", "3"]),
    ("rehabilitent", false, ["3", "3", "3", "3", "3"]),
    ("fleksjob", false, ["4", "4", "4", "4", "4"]),
    ("ledighedsydelse", false, ["4", "4", "4", "4", "4"]),
    ("foertidspension", false, ["4", "4", "4", "4", "4"]),
];
const CATEGORIES: [Option<&str>; 5] = [
    None,
    Some("aabenlyst-uddannelsesparat"),
    Some("uddannelsesparat"),
    Some("aktivitetsparat"),
    Some("jobparat"),
];
/// The years 13 to 30 of somebody born on 2000-02-29: the day before each birthday, and the birthday.
const BIRTHDAYS: [(i32, &str, &str); 18] = [
    (13, "2013-02-28", "2013-03-01"),
    (14, "2014-02-28", "2014-03-01"),
    (15, "2015-02-28", "2015-03-01"),
    (16, "2016-02-28", "2016-02-29"),
    (17, "2017-02-28", "2017-03-01"),
    (18, "2018-02-28", "2018-03-01"),
    (19, "2019-02-28", "2019-03-01"),
    (20, "2020-02-28", "2020-02-29"),
    (21, "2021-02-28", "2021-03-01"),
    (22, "2022-02-28", "2022-03-01"),
    (23, "2023-02-28", "2023-03-01"),
    (24, "2024-02-28", "2024-02-29"),
    (25, "2025-02-28", "2025-03-01"),
    (26, "2026-02-28", "2026-03-01"),
    (27, "2027-02-28", "2027-03-01"),
    (28, "2028-02-28", "2028-02-29"),
    (29, "2029-02-28", "2029-03-01"),
    (30, "2030-02-28", "2030-03-01"),
];

#[actix_web::test]
async fn tg_01_every_age_benefit_programme_and_category_is_as_the_dossier_says() {
    let app = TestApp::new().await;
    let mut serial = 0;
    let mut next = async || {
        serial += 1;
        born(&app, "2000-02-29", serial).await
    };
    let mut everybody = vec![(next().await, "-")];
    for (kind, programme, groups) in TABLE {
        let had =
            json!({ "kind": kind, "from": "2013-01-01", "inIntegrationProgramme": programme });
        for (category, group) in CATEGORIES.into_iter().zip(groups) {
            let found = json!({ "on": "2013-01-01", "category": category });
            let person = next().await;
            if group == "x" {
                let problem = (409, "target-group.not-defined");
                let other = next().await;
                done(assess(&app, person, found.clone())).await;
                let told = refused(&app, benefit(&app, person, had.clone()), problem).await;
                assert_eq!(told.body["on"], "2013-01-01");
                assert_eq!(
                    [&told.body["benefit"], &told.body["category"]],
                    [kind, category.unwrap()]
                );
                done(benefit(&app, other, had.clone())).await;
                refused(&app, assess(&app, other, found), problem).await;
                continue;
            }
            done(benefit(&app, person, had.clone())).await;
            if category.is_some() {
                done(assess(&app, person, found)).await;
            }
            everybody.push((person, group));
        }
    }
    let today = |group: &str, of_age: bool| match group.parse::<i32>() {
        Ok(group) if of_age => json!(group),
        _ => Value::Null,
    };
    for (person, group) in &everybody {
        let all = done(app.as_(CASEWORKER).get(&path(*person, "target-group"))).await;
        assert_eq!([&all.body["group"], &all.body["age"]], [&today(group, true), &json!(26)]);
    }
    // On each day, by one of every row; which row it is decides nothing but the group.
    for (age, before, birthday) in BIRTHDAYS {
        for (on, of_age) in [(before, (19..=30)), (birthday, (18..=29))] {
            for (person, group) in everybody.iter().step_by(3) {
                let expected = today(group, of_age.contains(&age));
                assert_eq!(group_on(&app, *person, on).await, expected, "{group} on {on}");
            }
        }
    }
}

#[actix_web::test]
async fn tg_01_group_0_is_15_to_17_and_ready_for_nothing() {
    let app = TestApp::new().await;
    let person = born(&app, "2009-06-15", 1).await;
    assert_eq!(group_on(&app, person, "2026-11-23").await, Value::Null, "not assessed");
    let find = async |education: &str, ready: bool| {
        let body = json!({ "on": app.today(), "education": education, "ready": ready });
        done(assess(&app, person, body)).await;
        group_on(&app, person, &app.today()).await
    };
    assert_eq!(find("gymnasium", false).await, 0);
    assert_eq!(find("eud", false).await, 0);
    assert_eq!(find("hf", true).await, Value::Null, "ready for one of them");
    assert_eq!(find("hf", false).await, 0);
    for (day, group) in
        [("2027-06-14", json!(0)), ("2027-06-15", Value::Null), ("2026-11-22", Value::Null)]
    {
        assert_eq!(group_on(&app, person, day).await, group, "{day}");
    }
}

/// The benefit and the assessment are written at the same moment: one of the two is refused.
#[actix_web::test]
async fn tg_01_a_benefit_and_a_readiness_that_do_not_go_together_never_meet() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    for round in 1..=10 {
        let person = born(&app, "2000-06-15", round).await;
        let had = json!({ "kind": "uddannelseshjaelp", "from": "2026-01-01" });
        let found = json!({ "on": "2026-02-01", "category": "jobparat" });
        let (one, other) = both(
            benefit(&app, person, had).into_future(),
            assess(&second, person, found).into_future(),
        )
        .await;
        let mut told = [one.problem(), other.problem()];
        told.sort_unstable();
        assert_eq!(told, [(201, ""), (409, "target-group.not-defined")], "round {round}");
    }
}

#[actix_web::test]
async fn tg_02_of_twenty_clients_one_has_the_leading_benefit() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    for round in 1..=5 {
        let person = born(&app, "2000-06-15", round).await;
        let record = |on: usize| {
            let app = if on.is_multiple_of(2) { &app } else { &second };
            let kind = ["sygedagpenge", "rehabilitent", "fleksjob"][on % 3];
            benefit(app, person, json!({ "kind": kind, "from": format!("2026-03-{:02}", on + 1) }))
                .into_future()
        };
        let answers = join_all((0..20).map(record)).await;
        let with = |problem| answers.iter().filter(|answer| answer.problem() == problem).count();
        let told = (with((201, "")), with((409, "benefit.overlap")));
        assert_eq!(told, (1, 19), "round {round}");
        let kept = done(app.as_(CASEWORKER).get(&path(person, "benefits"))).await;
        assert_eq!(kept.items().len(), 1);
    }
}

#[actix_web::test]
async fn tg_02_another_one_leads_and_the_first_goes_on_beside_it() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    let beside = json!({ "kind": "rehabilitent", "from": "2026-03-01", "leading": false });
    let missing = (409, "benefit.leading-missing");
    assert_eq!(
        refused(&app, benefit(&app, person, beside.clone()), missing).await.body["on"],
        "2026-03-01"
    );
    let first =
        done(benefit(&app, person, json!({ "kind": "sygedagpenge", "from": "2026-01-01" }))).await;
    let second = done(benefit(&app, person, beside)).await;
    let on = json!({ "on": "2026-06-30" });
    refused(&app, step(&app, &first, "end", on.clone()), missing).await;
    let outside = refused(
        &app,
        step(&app, &second, "lead", json!({ "from": "2026-02-28" })),
        (409, "benefit.day-out-of-range"),
    )
    .await;
    assert_eq!([&outside.body["from"], &outside.body["to"]], [&json!("2026-03-01"), &Value::Null]);
    refused(
        &app,
        step(&app, &first, "lead", json!({ "from": "2026-02-28" })),
        (409, "benefit.leads-already"),
    )
    .await;

    let led = done(step(&app, &second, "lead", json!({ "from": "2026-04-01" }))).await;
    // The answer is the one in the path, as it is now, and names the one that leads.
    assert_eq!(
        [&led.body["id"], &led.body["from"], &led.body["to"], &led.body["leading"]],
        [&second.body["id"], &json!("2026-03-01"), &json!("2026-03-31"), &json!(false)]
    );
    assert_eq!((led.version(), led.header("etag")), (2, "\"2\""));
    refused(&app, step(&app, &second, "end", on.clone()), (412, "version.stale")).await;
    let list = done(app.as_(CASEWORKER).get(&path(person, "benefits"))).await;
    let leads = list.items().iter().find(|one| one["id"] == led.body["leadingId"]).unwrap();
    assert_eq!([&leads["from"], &leads["leading"]], [&json!("2026-04-01"), &json!(true)]);
    let told: Vec<Value> = list
        .items()
        .iter()
        .map(|one| json!([one["kind"], one["from"], one["to"], one["leading"], one["version"]]))
        .collect();
    let mut expected = [
        json!(["rehabilitent", "2026-04-01", null, true, 1]),
        json!(["sygedagpenge", "2026-04-01", null, false, 1]),
        json!(["rehabilitent", "2026-03-01", "2026-03-31", false, 2]),
        json!(["sygedagpenge", "2026-01-01", "2026-03-31", true, 2]),
    ];
    assert_eq!(list.items()[0]["from"], "2026-04-01", "the latest first");
    if told[0] != expected[0] {
        expected.swap(0, 1);
    }
    assert_eq!(told, expected);
    for (day, group) in [("2026-03-31", 1), ("2026-04-01", 3)] {
        assert_eq!(group_on(&app, person, day).await, group);
    }
    // Now the first may end, and what was told of the lead is in one event, to be replayed from.
    let beside =
        list.items().iter().find(|one| one["leading"] == false && one["to"].is_null()).unwrap();
    let end = format!("/api/v1/benefits/{}/end", beside["id"].as_str().unwrap());
    done(app.as_(CASEWORKER).post(&end, on).if_match(1)).await;
    let events = app.sql("SELECT payload FROM event WHERE kind = 'benefit.lead-passed'").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["payload"]["benefits"].as_array().unwrap().len(), 4);
}

#[actix_web::test]
async fn tg_03_the_group_of_every_past_day_is_told() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    done(benefit(
        &app,
        person,
        json!({ "kind": "uddannelseshjaelp", "from": "2018-06-01", "to": "2019-03-31" }),
    ))
    .await;
    done(benefit(&app, person, json!({ "kind": "a-dagpenge", "from": "2019-04-01" }))).await;
    for (on, category) in [("2019-01-01", "uddannelsesparat"), ("2018-09-01", "aktivitetsparat")] {
        done(assess(&app, person, json!({ "on": on, "category": category }))).await;
    }
    done(assess(&app, person, json!({ "on": "2015-01-01", "education": "eud", "ready": false })))
        .await;
    for (day, group) in [
        ("2015-06-14", Value::Null),
        ("2015-06-15", json!(0)),
        ("2018-06-14", json!(0)),
        ("2018-06-15", Value::Null),
        ("2018-09-01", json!(3)),
        ("2018-12-31", json!(3)),
        ("2019-01-01", json!(2)),
        ("2019-03-31", json!(2)),
        ("2019-04-01", json!(1)),
        ("2030-06-14", json!(1)),
        ("2030-06-15", Value::Null),
    ] {
        assert_eq!(group_on(&app, person, day).await, group, "{day}");
    }
    let told = done(app.as_(CASEWORKER).get(&path(person, "target-group?on=2019-03-31"))).await;
    assert_eq!(
        told.body,
        json!({
            "on": "2019-03-31", "age": 18, "group": 2, "benefit": "uddannelseshjaelp", "inIntegrationProgramme": false,
            "category": "uddannelsesparat", "educationReadiness": [{ "education": "eud", "ready": false }],
            "history": [
                { "from": "2015-06-15", "group": 0 }, { "from": "2018-06-15", "group": null },
                { "from": "2018-09-01", "group": 3 }, { "from": "2019-01-01", "group": 2 },
            ],
        })
    );
}

#[actix_web::test]
async fn tg_04_an_assessment_carries_date_and_assessor_and_none_is_overwritten() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    done(benefit(&app, person, json!({ "kind": "integrationsydelse", "from": "2026-01-01" })))
        .await;
    let first = json!({ "on": "2026-02-01", "category": "jobparat" });
    let first = done(assess(&app, person, first)).await;
    assert_eq!(group_on(&app, person, "2026-02-01").await, 1);
    app.advance(chrono::TimeDelta::minutes(1));
    let again = json!({ "on": "2026-02-01", "category": "aktivitetsparat", "note": "Efter lægens udtalelse." });
    let again = done(assess(&app, person, again)).await;
    assert_eq!(group_on(&app, person, "2026-02-01").await, 3, "of one day the last recorded");
    let assessor = &again.body;
    assert_eq!(assessor["assessorId"], json!(app.employee(CASEWORKER)));
    assert_eq!(assessor["assessorName"], "Sofie Nygaard");
    let list = done(app.as_(CASEWORKER).get(&path(person, "readiness"))).await;
    assert_eq!(list.items(), [again.body.clone(), first.body]);
    for (body, wrong) in [
        (json!({ "on": "2027-01-19", "category": "jobparat" }), "/on"),
        (json!({ "on": "2026-11-24", "education": "hf", "ready": true }), "/on"),
        (json!({ "on": "2026-11-23" }), "/category"),
        (json!({ "on": "2026-11-23", "education": "hf" }), "/ready"),
        (json!({ "on": "2026-11-23", "ready": true }), "/education"),
        (json!({ "on": "2026-11-23", "category": "jobparat", "ready": true }), "/category"),
    ] {
        let told = refused(&app, assess(&app, person, body), (422, "request.invalid")).await;
        assert_eq!(told.pointers(), [wrong]);
    }
}

/// From kontanthjælp to uddannelseshjælp on the 1st: all of it can be recorded before that.
#[actix_web::test]
async fn tg_04_a_change_of_benefit_that_is_to_come_is_recorded_ahead() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    let had = json!({ "kind": "kontanthjaelp", "from": "2026-01-01" });
    let had = done(benefit(&app, person, had)).await;
    done(assess(&app, person, json!({ "on": "2026-01-01", "category": "jobparat" }))).await;
    let next = json!({ "kind": "uddannelseshjaelp", "from": "2026-12-01" });
    let ready = json!({ "on": "2026-12-01", "category": "uddannelsesparat" });
    let undefined = (409, "target-group.not-defined");
    refused(&app, assess(&app, person, ready.clone()), undefined).await;
    done(step(&app, &had, "end", json!({ "on": "2026-11-30" }))).await;
    refused(&app, benefit(&app, person, next.clone()), undefined).await;
    done(assess(&app, person, ready)).await;
    done(benefit(&app, person, next)).await;
    for (day, group) in [("2026-11-23", 1), ("2026-11-30", 1), ("2026-12-01", 2)] {
        assert_eq!(group_on(&app, person, day).await, group, "{day}");
    }
}

#[actix_web::test]
async fn tg_02_what_cannot_be_a_benefit_is_told_by_its_field() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    for (body, wrong) in [
        (json!({ "kind": "su", "from": "2026-01-01" }), "/kind"),
        (json!({ "kind": "fleksjob", "from": "2026-01-32" }), "/from"),
        (json!({ "kind": "fleksjob", "from": "2026-01-02", "to": "2026-01-01" }), "/to"),
        (
            json!({ "kind": "fleksjob", "from": "2026-01-01", "inIntegrationProgramme": true }),
            "/inIntegrationProgramme",
        ),
    ] {
        let told = refused(&app, benefit(&app, person, body), (422, "request.invalid")).await;
        assert_eq!(told.pointers(), [wrong]);
    }
}

#[actix_web::test]
async fn ac_10_list_and_case_file_tell_a_group_to_whom_it_is_open_alone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let other = app.young_person(CASEWORKER).await.id();
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    done(benefit(&app, case.young_person, json!({ "kind": "rehabilitent", "from": "2026-01-01" })))
        .await;
    done(benefit(&app, other, json!({ "kind": "fleksjob", "from": "2026-01-01" }))).await;
    let found = async |who: &'static str, filter: &str| {
        let list = done(app.as_(who).get(&format!("/api/v1/young-people{filter}"))).await;
        list.items().iter().map(|one| json!([one["id"], one["targetGroup"]])).collect::<Vec<_>>()
    };
    let (theirs, others) = (json!([case.young_person, 3]), json!([other, 4]));
    assert_eq!(found(CASEWORKER, "").await, [others.clone(), theirs.clone()]);
    assert_eq!(found(CASEWORKER, "?group=3").await, std::slice::from_ref(&theirs));
    assert_eq!(found(CASEWORKER, "?group=4&limit=1").await, [others]);
    assert_eq!(found(CASEWORKER, "?group=2").await, [Value::Null; 0]);
    assert_eq!(found(COUNSELLOR, "?group=3").await, [theirs]);
    assert_eq!(found(STRANGER, "?group=3").await, [Value::Null; 0]);
    for group in ["-1", "5"] {
        let path = format!("/api/v1/young-people?group={group}");
        let told = refused(&app, app.as_(CASEWORKER).get(&path), (422, "request.invalid")).await;
        assert_eq!(told.pointers(), ["group"]);
    }
    let case_file = path(case.young_person, "case-file");
    assert_eq!(done(app.as_(COUNSELLOR).get(&case_file)).await.body["targetGroup"], 3);
    // By a basis that opens identity and plan alone there is a case, and no group in it.
    app.execute("UPDATE access_basis SET areas = 3 WHERE kind = 'participation'").await;
    let file = done(app.as_(COUNSELLOR).get(&case_file)).await;
    assert_eq!(file.body["targetGroup"], Value::Null);
    assert_eq!(file.body["hiddenAreas"], json!(["education-and-employment"]));
    assert_eq!(found(COUNSELLOR, "").await, [json!([case.young_person, null])]);
    for group in 0..=4 {
        assert_eq!(found(COUNSELLOR, &format!("?group={group}")).await, [Value::Null; 0]);
    }
    let hidden = app.as_(COUNSELLOR).get(&path(case.young_person, "target-group"));
    refused(&app, hidden, (404, "not-found")).await;
    assert_eq!(
        done(app.as_(COUNSELLOR).get(&path(case.young_person, "benefits"))).await.items(),
        [Value::Null; 0]
    );
    // Nor do they write there (AC-16).
    let body = json!({ "on": "2026-02-01", "category": "jobparat" });
    app.execute(
        "UPDATE benefit_episode SET kind = 'uddannelseshjaelp' WHERE kind = 'rehabilitent'",
    )
    .await;
    let against = app.as_(COUNSELLOR).post(&path(case.young_person, "readiness"), body);
    refused(&app, against, (403, "access.denied")).await;
}

#[actix_web::test]
async fn ac_10_a_page_of_a_group_is_filled_however_few_they_are() {
    let app = TestApp::new().await;
    let mut wanted = Vec::new();
    for serial in 0..30 {
        let person = born(&app, "2000-06-15", serial).await;
        let kind = if serial % 10 == 0 { "fleksjob" } else { "sygedagpenge" };
        done(benefit(&app, person, json!({ "kind": kind, "from": "2026-01-01" }))).await;
        if serial % 10 == 0 {
            wanted.insert(0, json!(person));
        }
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/young-people?group=4&limit=2{cursor}");
        let page = done(app.as_(CASEWORKER).get(&path)).await;
        found.extend(page.items().iter().map(|one| one["id"].clone()));
        let Some(next) = page.body["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, wanted);
}

#[actix_web::test]
async fn tg_02_the_same_request_twice_is_one_benefit() {
    let app = TestApp::new().await;
    let person = born(&app, "2000-06-15", 1).await;
    let body = json!({ "kind": "fleksjob", "from": "2026-01-01" });
    let first = done(benefit(&app, person, body.clone()).key("one")).await;
    let before = everything(&app).await;
    let again = done(benefit(&app, person, body).key("one")).await;
    assert_eq!((&again.body, again.header("etag")), (&first.body, "\"1\""));
    assert_eq!(everything(&app).await, before);
}
