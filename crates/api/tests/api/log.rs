//! LG-1 to LG-3: every change is one event with it, every reading and refusal an entry before the answer.

use crate::steps::{
    CASEWORKER, COUNSELLOR, LEADER, STRANGER, done, entry, join, places, plan_step, refer,
    referral, refused, step,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::fmt::Write as _;
use test_support::{Answer, TestApp};

/// The events of an answered request.
async fn events(app: &TestApp, answer: &Answer) -> Vec<Value> {
    let request = answer.header("x-request-id");
    app.sql(&format!("SELECT * FROM event WHERE request_id = '{request}'")).await
}

#[actix_web::test]
async fn lg_01_each_command_is_one_event() {
    let app = TestApp::new().await;
    let mut told = String::new();
    let mut one = async |answer: Answer| {
        let events = events(&app, &answer).await;
        assert_eq!(events.len(), 1, "{:#}", answer.body);
        let event = &events[0];
        let (role, kind, subject) =
            (event["role"].as_str(), event["kind"].as_str(), event["subject_kind"].as_str());
        let whose = if event["young_person_id"].is_null() { "nobody's" } else { "a case" };
        let basis = if event["basis_id"].is_null() { "no basis" } else { "a basis" };
        writeln!(
            told,
            "{} {} by {}, {whose}, {basis}",
            kind.unwrap(),
            subject.unwrap(),
            role.unwrap()
        )
        .unwrap();
        app.advance(TimeDelta::minutes(1));
        answer
    };
    let me = app.as_(CASEWORKER);
    let person = one(app.young_person(CASEWORKER).await).await.id();
    one(done(
        me.patch(&format!("/api/v1/young-people/{person}"), json!({ "givenName": "Ny" }))
            .if_match(1),
    )
    .await)
    .await;
    // The coordinator already has the case (PL-17); otherwise there would be another event.
    let given = json!({ "employeeId": app.employee(CASEWORKER), "function": "caseworker" });
    let path = format!("/api/v1/young-people/{person}/assignments");
    one(done(me.post(&path, given)).await).await;
    let plan = one(app.plan(CASEWORKER, person).await).await.id();
    one(done(plan_step(&app, CASEWORKER, plan, "", json!({ "purpose": "Nyt." })).await).await)
        .await;
    let goal =
        json!({ "area": "education", "wishedResult": "Er begyndt.", "targetDate": "2027-08-01" });
    let goal = one(done(me.post(&format!("/api/v1/plans/{plan}/goals"), goal)).await).await.id();
    one(done(me.patch(&format!("/api/v1/goals/{goal}"), json!({ "result": "Nået." })).if_match(1))
        .await)
    .await;
    let score = json!({ "voice": "young-person", "score": 5, "note": "Bedre." });
    one(done(me.post(&format!("/api/v1/goals/{goal}/progress"), score)).await).await;
    let measured = json!({ "everydayCoping": 3 });
    one(done(me.post(&format!("/api/v1/plans/{plan}/indicators"), measured)).await).await;
    one(done(join(&app, CASEWORKER, plan, COUNSELLOR)).await).await;
    let link = json!({ "kind": "min-plan", "title": "Min plan", "reference": "1" });
    one(done(me.post(&format!("/api/v1/plans/{plan}/links"), link)).await).await;
    let who = json!({ "coordinatorId": app.employee(CASEWORKER) });
    one(done(plan_step(&app, CASEWORKER, plan, "coordinator", who).await).await).await;
    let who = json!({ "declined": { "reason": "Nej." } });
    one(done(plan_step(&app, CASEWORKER, plan, "contact-person", who).await).await).await;
    one(done(plan_step(&app, CASEWORKER, plan, "activate", json!({})).await).await).await;
    let review = json!({ "heldOn": app.today(), "tookPart": ["Mor"], "youngPersonTookPart": true,
                         "decisions": "Videre.", "nextReviewOn": "2027-02-01" });
    one(done(plan_step(&app, CASEWORKER, plan, "reviews", review).await).await).await;
    one(done(app.as_(LEADER).put("/api/v1/intervention-catalogue/kursus", entry(&app))).await)
        .await;
    one(done(places(&app, LEADER, "kursus", "2026-01-01", 0)).await).await;
    one(done(places(&app, LEADER, "kursus", "2026-11-24", 1)).await).await;
    let first = one(done(refer(&app, CASEWORKER, plan, referral(&app, "kursus"))).await).await.id();
    app.advance(TimeDelta::days(1));
    one(done(step(&app, LEADER, first, "offer", json!({})).await).await).await;
    one(done(step(&app, LEADER, first, "start", json!({ "on": app.today() })).await).await).await;
    one(done(
        step(&app, CASEWORKER, first, "end", json!({ "on": app.today(), "reason": "moved" })).await,
    )
    .await)
    .await;
    let second = one(done(refer(&app, COUNSELLOR, plan, referral(&app, "igmu"))).await).await.id();
    one(done(step(&app, COUNSELLOR, second, "withdraw", json!({})).await).await).await;
    let third = one(done(refer(&app, CASEWORKER, plan, referral(&app, "igmu"))).await).await.id();
    one(done(step(&app, CASEWORKER, third, "decline", json!({ "reason": "Nej." })).await).await)
        .await;
    let theirs = app
        .sql(&format!(
            "SELECT id FROM plan_participant WHERE unit_id = '{}'",
            app.unit("uu-vejledningen")
        ))
        .await;
    let theirs = theirs[0]["id"].as_str().unwrap();
    one(done(me.post_nothing(&format!("/api/v1/plans/{plan}/participants/{theirs}/end"))).await)
        .await;
    one(done(plan_step(&app, CASEWORKER, plan, "close", json!({ "outcome": "education" })).await)
        .await)
    .await;
    insta::assert_snapshot!(told, @"
    young-person.registered young-person by caseworker, a case, no basis
    young-person.amended young-person by caseworker, a case, a basis
    assignment.made assignment by caseworker, a case, a basis
    plan.opened plan by caseworker, a case, a basis
    plan.amended plan by caseworker, a case, a basis
    goal.set goal by caseworker, a case, a basis
    goal.amended goal by caseworker, a case, a basis
    goal.progress-told goal by caseworker, a case, a basis
    plan.indicators-measured plan by caseworker, a case, a basis
    plan.participant-joined plan-participant by caseworker, a case, a basis
    plan.linked plan-link by caseworker, a case, a basis
    plan.coordinator-set plan by caseworker, a case, a basis
    plan.contact-person-set plan by caseworker, a case, a basis
    plan.activated plan by caseworker, a case, a basis
    plan.reviewed plan by caseworker, a case, a basis
    catalogue.entry-written catalogue-entry by team-leader, nobody's, no basis
    catalogue.places-decided catalogue-entry by team-leader, nobody's, no basis
    catalogue.places-decided catalogue-entry by team-leader, nobody's, no basis
    intervention.referred intervention by caseworker, a case, a basis
    intervention.offered intervention by team-leader, a case, a basis
    intervention.started intervention by team-leader, a case, a basis
    intervention.ended intervention by caseworker, a case, a basis
    intervention.referred intervention by counsellor, a case, a basis
    intervention.withdrawn intervention by counsellor, a case, a basis
    intervention.referred intervention by caseworker, a case, a basis
    intervention.declined intervention by caseworker, a case, a basis
    plan.participant-left plan-participant by caseworker, a case, a basis
    plan.closed plan by caseworker, a case, a basis
    ");
}

#[actix_web::test]
async fn lg_01_the_event_is_written_in_the_transaction_of_the_change() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let referral = app.referral(CASEWORKER, case.plan, "igmu").await;
    let same = |table: &str, kind: &str| {
        format!(
            "SELECT r.xmin = e.xmin AS same FROM {table} r JOIN event e ON e.subject_id = r.id::text AND e.kind = '{kind}'"
        )
    };
    for (table, kind) in [
        ("young_person", "young-person.registered"),
        ("plan", "plan.activated"),
        ("intervention", "intervention.referred"),
    ] {
        assert_eq!(app.sql(&same(table, kind)).await, [json!({ "same": true })], "{kind}");
    }
    // Where the event cannot be written, nothing is changed.
    app.execute("REVOKE INSERT ON event FROM enplan_app").await;
    let call = step(&app, CASEWORKER, referral.id(), "start", json!({ "on": app.today() })).await;
    refused(&app, call, (500, "service.failed")).await;
    refused(
        &app,
        app.as_(CASEWORKER).post("/api/v1/young-people", app.registration(CASEWORKER)),
        (500, "service.failed"),
    )
    .await;
}

#[actix_web::test]
async fn lg_01_a_refused_command_is_no_event_but_an_entry() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let again = format!("/api/v1/young-people/{}/plans", case.young_person);
    for (who, status) in [
        (CASEWORKER, (409, "plan.already-open")),
        (STRANGER, (404, "not-found")),
        ("job.afdelingsleder", (403, "access.denied")),
    ] {
        let answer =
            refused(&app, app.as_(who).post(&again, json!({ "purpose": "Igen." })), status).await;
        let request = answer.header("x-request-id");
        let told = format!(
            "SELECT actor_id, outcome, operation, subject, young_people FROM access_entry WHERE request_id = '{request}'"
        );
        let seen = if status.0 == 404 { json!([]) } else { json!([case.young_person]) };
        assert_eq!(
            app.sql(&told).await,
            [json!({
                "actor_id": app.employee(who), "outcome": "refused", "operation": "openPlan", "subject": case.young_person, "young_people": seen,
            })]
        );
    }
}

#[actix_web::test]
async fn lg_02_every_reading_is_an_entry_with_whom_area_role_and_basis() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let second = app.young_person(CASEWORKER).await.id();
    let igmu = app.referral(CASEWORKER, case.plan, "igmu").await.id();
    let goal = app.sql("SELECT id FROM goal").await[0]["id"].as_str().unwrap().to_owned();
    let number = app.numbers_used().remove(0);
    let me = app.as_(CASEWORKER);
    let person = format!("/api/v1/young-people/{}", case.young_person);
    for (call, operation, areas, people) in [
        (me.get(&person), "readYoungPerson", 7, 1),
        (me.get(&format!("{person}/case-file")), "readCaseFile", 7, 1),
        (me.get(&format!("/api/v1/plans/{}", case.plan)), "readPlan", 7, 1),
        (
            me.get(&format!("/api/v1/plans/{}", case.plan))
                .header("If-None-Match", &format!("\"{}\"", case.version)),
            "readPlan",
            7,
            1,
        ),
        (me.get(&format!("/api/v1/goals/{goal}")), "readGoal", 7, 1),
        (me.get(&format!("/api/v1/goals/{goal}/progress")), "readProgress", 7, 1),
        (me.get(&format!("/api/v1/plans/{}/indicators", case.plan)), "readIndicators", 7, 1),
        (me.get(&format!("/api/v1/plans/{}/reviews", case.plan)), "listReviews", 7, 1),
        (me.get(&format!("/api/v1/interventions/{igmu}")), "readIntervention", 7, 1),
        (me.get("/api/v1/young-people"), "listYoungPeople", 7, 2),
        (me.get("/api/v1/young-people?limit=1"), "listYoungPeople", 7, 1),
        (
            me.post("/api/v1/young-people/search", json!({ "text": "Prøvesen" })),
            "searchYoungPeople",
            1,
            2,
        ),
        (
            me.post("/api/v1/young-people/lookup", json!({ "cpr": number })),
            "lookUpYoungPerson",
            7,
            1,
        ),
    ] {
        let answer = call.await;
        assert!([200, 304].contains(&answer.status), "{operation}: {:#}", answer.body);
        let request = answer.header("x-request-id");
        let entries =
            app.sql(&format!("SELECT * FROM access_entry WHERE request_id = '{request}'")).await;
        assert_eq!(entries.len(), 1, "{operation}");
        let entry = &entries[0];
        assert_eq!([&entry["operation"], &entry["outcome"]], [operation, "read"]);
        assert_eq!(
            (&entry["areas"], &entry["actor_id"]),
            (&json!(areas), &json!(app.employee(CASEWORKER))),
            "{operation}"
        );
        let whom = entry["young_people"].as_array().unwrap();
        assert_eq!(whom.len(), people, "{operation}");
        assert!(whom.iter().all(|id| [json!(case.young_person), json!(second)].contains(id)));
        let bases = format!(
            "SELECT FROM access_entry e, unnest(e.young_people, e.bases) AS s (person, basis)
               JOIN access_basis b ON b.id = s.basis AND b.young_person_id = s.person WHERE e.request_id = '{request}'"
        );
        assert_eq!(app.sql(&bases).await.len(), people, "{operation}: each by a basis of theirs");
    }
    // What tells of nobody leaves none.
    let before = app.sql("SELECT FROM access_entry").await.len();
    done(app.as_(STRANGER).get("/api/v1/young-people")).await;
    done(me.get("/api/v1/intervention-catalogue")).await;
    assert_eq!(app.sql("SELECT FROM access_entry").await.len(), before);
}

#[actix_web::test]
async fn lg_02_what_cannot_be_logged_is_not_answered() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let number = app.numbers_used().remove(0);
    let me = app.as_(CASEWORKER);
    let person = format!("/api/v1/young-people/{}", case.young_person);
    app.execute("REVOKE INSERT ON access_entry FROM enplan_app").await;
    for call in [
        me.get(&person),
        me.get(&format!("{person}/case-file")),
        me.get(&format!("/api/v1/plans/{}", case.plan)),
        me.get("/api/v1/young-people"),
        me.post("/api/v1/young-people/search", json!({ "text": "Prøvesen" })),
        me.post("/api/v1/young-people/lookup", json!({ "cpr": number })),
        me.post_nothing(&format!("{person}/cpr")),
        app.as_(STRANGER).get(&person),
        me.post("/api/v1/young-people", crate::steps::registration(&app, CASEWORKER, &number)),
    ] {
        let answer = refused(&app, call, (503, "service.unavailable")).await;
        assert_ne!(answer.header("retry-after"), "");
        let told = String::from_utf8_lossy(&answer.raw).into_owned();
        for secret in ["Prøvesen", "2006-05-14", &number, &case.young_person.to_string()] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    app.execute("GRANT INSERT ON access_entry TO enplan_app").await;
    done(me.get(&person)).await;
}

#[actix_web::test]
async fn lg_03_no_role_of_the_service_changes_either_log() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    done(app.as_(CASEWORKER).get(&format!("/api/v1/plans/{}", case.plan))).await;
    let logs = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND (relname LIKE 'event%' OR relname LIKE 'access\\_entry%')";
    let logs = app.sql(logs).await;
    assert!(logs.len() >= 4, "both logs and their partitions");
    let both = "SELECT md5((SELECT string_agg(e::text, '' ORDER BY id) FROM event e) || (SELECT string_agg(a::text, '' ORDER BY id) FROM access_entry a))";
    let before = app.sql(both).await;
    for log in &logs {
        let log = log["relname"].as_str().unwrap();
        for role in ["enplan_app", "enplan_worker", "enplan_figures"] {
            for change in [
                format!("UPDATE {log} SET role = 'x'"),
                format!("DELETE FROM {log}"),
                format!("TRUNCATE {log}"),
            ] {
                app.execute(&format!(
                    "DO $$ BEGIN SET LOCAL ROLE {role}; {change}; RAISE 'somebody could';
                     EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
                ))
                .await;
            }
        }
    }
    assert_eq!(app.sql(both).await, before);
}
