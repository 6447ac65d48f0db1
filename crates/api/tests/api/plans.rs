//! PL-1 to PL-3, PL-9, PL-10: one open plan, what it needs to come into force, and that nobody overwrites another.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, LEADER, STRANGER, close, done, join, plan_step, refused,
    row, shared_plan, step,
};
use serde_json::{Value, json};
use test_support::{Call, TestApp};
use uuid::Uuid;

const NOT_FOUND: (u16, &str) = (404, "not-found");

/// Opens a plan with these members beside its purpose.
fn open<'a>(app: &'a TestApp, who: &'a str, person: Uuid, mut members: Value) -> Call<'a> {
    members["purpose"] = json!("At komme videre.");
    app.as_(who).post(&format!("/api/v1/young-people/{person}/plans"), members)
}

fn goal() -> Value {
    json!({ "area": "education", "wishedResult": "Er begyndt.", "targetDate": "2027-08-01" })
}

#[actix_web::test]
async fn pl_01_a_second_open_plan_is_refused_while_the_first_is_a_draft_or_active() {
    let app = TestApp::new().await;
    let draft = app.draft(CASEWORKER).await;
    done(join(&app, CASEWORKER, draft.plan, COUNSELLOR)).await;
    let again = |who| {
        open(
            &app,
            who,
            draft.young_person,
            json!({ "goals": [goal()], "coordinatorId": app.employee(CASEWORKER) }),
        )
    };
    refused(&app, again(CASEWORKER), (409, "plan.already-open")).await;
    refused(&app, again(COUNSELLOR), (409, "plan.already-open")).await;
    refused(&app, again(STRANGER), NOT_FOUND).await;
    let nobody = json!({ "declined": { "reason": "Nej tak." } });
    done(plan_step(&app, CASEWORKER, draft.plan, "contact-person", nobody).await).await;
    done(plan_step(&app, CASEWORKER, draft.plan, "activate", json!({})).await).await;
    refused(&app, again(COUNSELLOR), (409, "plan.already-open")).await;
}

#[actix_web::test]
async fn pl_01_two_who_open_at_once_make_one_plan() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let person = app.young_person(CASEWORKER).await.id();
    let (one, two) = tokio::join!(
        open(&app, CASEWORKER, person, json!({})),
        open(&other, "jv.sagsbehandler2", person, json!({})),
    );
    let mut problems = [one.problem(), two.problem()];
    problems.sort_unstable();
    assert_eq!(problems, [(201, ""), (409, "plan.already-open")]);
    assert_eq!(app.sql("SELECT FROM plan").await.len(), 1);
}

#[actix_web::test]
async fn pl_09_a_new_plan_after_the_closing_names_the_old_one() {
    let app = TestApp::new().await;
    let (old, other) = (app.active_plan(CASEWORKER).await, app.active_plan(CASEWORKER).await);
    let reopen = |previous: Uuid| {
        open(&app, CASEWORKER, old.young_person, json!({ "previousPlanId": previous }))
    };
    close(&app, CASEWORKER, other.plan).await;
    // Not closed yet, another young person's, and nobody's.
    for wrong in [old.plan, other.plan, old.young_person] {
        refused(&app, reopen(wrong), (409, "plan.previous-not-closed")).await;
    }
    close(&app, CASEWORKER, old.plan).await;
    for wrong in [other.plan, old.young_person] {
        refused(&app, reopen(wrong), (409, "plan.previous-not-closed")).await;
    }
    let new = done(reopen(old.plan)).await;
    assert_eq!((new.uuid("previousPlanId"), &new.body["state"]), (old.plan, &json!("draft")));
    assert_eq!(row(&app, "plan", old.plan).await["state"], "closed");
    let file = app
        .as_(CASEWORKER)
        .get(&format!("/api/v1/young-people/{}/case-file", old.young_person))
        .await;
    assert_eq!(file.body["plan"]["id"], json!(new.id()), "the open plan is shown");
}

#[actix_web::test]
async fn pl_03_activation_names_all_that_is_missing() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let plan = done(open(&app, CASEWORKER, person, json!({}))).await.id();
    done(join(&app, CASEWORKER, plan, COUNSELLOR)).await;
    let activate = async || plan_step(&app, CASEWORKER, plan, "activate", json!({})).await;
    let lacks = async |code: &str, missing: &[&str]| {
        let answer = refused(&app, activate().await, (409, code)).await;
        assert_eq!(answer.body["missing"], json!(missing));
    };
    lacks("plan.not-ready", &["goal", "own-words", "coordinator", "contact-person"]).await;
    done(app.as_(CASEWORKER).post(&format!("/api/v1/plans/{plan}/goals"), goal())).await;
    lacks("plan.not-ready", &["own-words", "coordinator", "contact-person"]).await;
    let asked = json!({ "ownWordsAbsent": "Spurgt to gange, ville ikke svare." });
    done(plan_step(&app, CASEWORKER, plan, "", asked).await).await;
    lacks("plan.coordinator-missing", &["coordinator", "contact-person"]).await;
    let who = json!({ "coordinatorId": app.employee(COUNSELLOR) });
    done(plan_step(&app, CASEWORKER, plan, "coordinator", who).await).await;
    lacks("plan.contact-person-not-offered", &["contact-person"]).await;
    let who = json!({ "outside": { "name": "Lærer Jensen", "telephone": "87 87 00 00", "organisation": "Nordre Skole" } });
    done(plan_step(&app, CASEWORKER, plan, "contact-person", who).await).await;
    let active = done(activate().await).await;
    assert_eq!(
        (&active.body["state"], &active.body["activatedAt"]),
        (&json!("active"), &json!("2026-11-23T09:00:00Z"))
    );
    let answer = refused(&app, activate().await, (409, "plan.step-not-allowed")).await;
    assert_eq!(
        (&answer.body["state"], &answer.body["step"]),
        (&json!("active"), &json!("activate"))
    );
}

#[actix_web::test]
async fn pl_03_own_words_and_their_absence_exclude_each_other() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let both = json!({ "ownWords": "Jeg vil.", "ownWordsAbsent": "Ville ikke." });
    for call in [
        plan_step(&app, CASEWORKER, case.plan, "", both.clone()).await,
        open(&app, CASEWORKER, app.young_person(CASEWORKER).await.id(), both),
    ] {
        assert_eq!(
            refused(&app, call, (422, "request.invalid")).await.pointers(),
            ["/ownWordsAbsent"]
        );
    }
    let asked = json!({ "ownWordsAbsent": "Ville ikke sige noget." });
    let amended = done(plan_step(&app, CASEWORKER, case.plan, "", asked).await).await;
    assert_eq!(amended.body["ownWords"], Value::Null);
    assert_eq!(amended.body["ownWordsAbsent"], "Ville ikke sige noget.");
    assert_eq!(amended.body["purpose"], "At komme i gang.", "what is left out stays");
}

#[actix_web::test]
async fn pl_02_the_coordinator_sees_the_young_person() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let coordinator = async |who: Uuid| {
        plan_step(&app, CASEWORKER, case.plan, "coordinator", json!({ "coordinatorId": who })).await
    };
    app.referral(CASEWORKER, case.plan, "fast-konsulent").await;
    // A stranger, the provider of an intervention (who does not see the plan), and nobody.
    for who in [app.employee(STRANGER), app.employee(INSTITUTION), Uuid::nil()] {
        let answer = refused(&app, coordinator(who).await, (422, "request.invalid")).await;
        assert_eq!(answer.body["errors"][0]["pointer"], "/coordinatorId");
        assert_eq!(answer.body["errors"][0]["code"], "employee.no-basis");
    }
    app.advance(chrono::TimeDelta::minutes(1));
    let plan = done(coordinator(app.employee("jv.sagsbehandler2")).await).await;
    assert_eq!(plan.body["coordinator"]["employeeId"], json!(app.employee("jv.sagsbehandler2")));
    let stranger = json!({ "coordinatorId": app.employee(STRANGER) });
    let person = app.young_person(CASEWORKER).await.id();
    refused(&app, open(&app, CASEWORKER, person, stranger), (422, "request.invalid")).await;
    // One whose sign-in has been stopped sees nobody.
    app.execute(&format!(
        "UPDATE employee SET deactivated_at = '2026-11-01' WHERE id = '{}'",
        app.employee("jv.jobkonsulent")
    ))
    .await;
    refused(&app, coordinator(app.employee("jv.jobkonsulent")).await, (422, "request.invalid"))
        .await;
}

#[actix_web::test]
async fn pl_02_the_coordinator_does_casework_or_leads_those_who_do() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, "ydelse.medarbejder").await;
    done(join(&app, CASEWORKER, case.plan, "uu.hotline")).await;
    let coordinator = async |who: &str| {
        app.advance(chrono::TimeDelta::minutes(1));
        let who = json!({ "coordinatorId": app.employee(who) });
        plan_step(&app, CASEWORKER, case.plan, "coordinator", who).await
    };
    for who in ["ydelse.medarbejder", "uu.hotline", "job.afdelingsleder"] {
        let answer = refused(&app, coordinator(who).await, (422, "request.invalid")).await;
        assert_eq!(answer.body["errors"][0]["code"], "employee.may-not-coordinate", "{who}");
    }
    // UU's leader leads the hotline, which takes part; but their own unit does not (PL-17).
    let answer = refused(&app, coordinator(LEADER).await, (422, "request.invalid")).await;
    assert_eq!(answer.body["errors"][0]["code"], "employee.unit-not-participating");
    done(coordinator("jv.teamleder").await).await;
}

#[actix_web::test]
async fn pl_02_a_second_unit_in_an_active_plan_asks_for_a_contact_person() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let asked = async || {
        let file = format!("/api/v1/young-people/{}/case-file", case.young_person);
        let tasks = app.as_(CASEWORKER).get(&file).await.expect(200).body["tasks"].clone();
        let kinds = tasks.as_array().unwrap().iter().map(|task| task["kind"].clone());
        kinds.filter(|kind| kind == "offer-contact-person").count()
    };
    assert_eq!(asked().await, 0);
    done(join(&app, CASEWORKER, case.plan, COUNSELLOR)).await;
    assert_eq!(asked().await, 1);
    let declined = json!({ "declined": { "reason": "Vil selv." } });
    done(plan_step(&app, CASEWORKER, case.plan, "contact-person", declined).await).await;
    assert_eq!(asked().await, 0);
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    assert_eq!(asked().await, 0);
}

#[actix_web::test]
async fn pl_02_open_tasks_follow_the_coordinator() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let plan = done(open(&app, CASEWORKER, person, json!({}))).await.id();
    let urgent = app.referral(CASEWORKER, plan, "jobigen").await.id();
    done(step(&app, CASEWORKER, urgent, "start", json!({ "on": app.today() })).await).await;
    let holder = async || {
        let file = format!("/api/v1/young-people/{person}/case-file");
        let file = app.as_(CASEWORKER).get(&file).await.expect(200);
        file.body["tasks"][0]["employeeId"].clone()
    };
    assert_eq!(holder().await, Value::Null, "nobody coordinates yet");
    for who in [CASEWORKER, "jv.sagsbehandler2"] {
        app.advance(chrono::TimeDelta::minutes(1));
        let coordinator = json!({ "coordinatorId": app.employee(who) });
        done(plan_step(&app, CASEWORKER, plan, "coordinator", coordinator).await).await;
        assert_eq!(holder().await, json!(app.employee(who)));
    }
}

#[actix_web::test]
async fn pl_02_a_contact_person_needs_no_account_and_gets_no_access() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let set = async |who: Value| {
        app.advance(chrono::TimeDelta::minutes(1));
        plan_step(&app, CASEWORKER, case.plan, "contact-person", who).await
    };
    let outside = json!({ "outside": { "name": "Lærer Jensen" } });
    let plan = done(set(outside).await).await;
    assert_eq!(plan.body["contactPerson"]["name"], "Lærer Jensen");
    assert_eq!(plan.body["contactPerson"]["employeeId"], Value::Null);
    let plan = done(set(json!({ "employeeId": app.employee(INSTITUTION) })).await).await;
    assert_eq!(plan.uuid("id"), case.plan);
    assert_eq!(plan.body["contactPerson"]["employeeId"], json!(app.employee(INSTITUTION)));
    for path in [format!("plans/{}", case.plan), format!("young-people/{}", case.young_person)] {
        let answer = app.as_(INSTITUTION).get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.problem(), NOT_FOUND, "{path}");
    }
    let plan = done(set(json!({ "declined": { "reason": "Vil selv." } })).await).await;
    assert_eq!(plan.body["contactPerson"]["declined"], "Vil selv.");
    for wrong in [
        json!({ "employeeId": Uuid::nil() }),
        json!({ "declined": { "reason": " " } }),
        json!({ "outside": { "telephone": "87 87 00 00" } }),
        json!({ "employeeId": app.employee(STRANGER), "declined": { "reason": "Begge." } }),
        json!({}),
    ] {
        refused(&app, set(wrong).await, (422, "request.invalid")).await;
    }
    assert_eq!(
        app.sql("SELECT FROM plan_role WHERE kind = 'contact-person'").await.len(),
        3,
        "each stays as history"
    );
}

#[actix_web::test]
async fn pl_10_of_two_who_change_the_same_plan_one_is_refused_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let path = format!("/api/v1/plans/{}", case.plan);
    let mine =
        app.as_(CASEWORKER).patch(&path, json!({ "purpose": "Mit." })).if_match(case.version);
    let theirs = other
        .as_("jv.sagsbehandler2")
        .patch(&path, json!({ "purpose": "Deres." }))
        .if_match(case.version);
    let (mine, theirs) = tokio::join!(mine, theirs);
    let (won, lost) = if mine.status == 200 { (mine, theirs) } else { (theirs, mine) };
    assert_eq!((won.status, lost.problem()), (200, (412, "version.stale")));
    let kept = row(&app, "plan", case.plan).await;
    assert_eq!(
        (&kept["purpose"], kept["version"].as_i64()),
        (&won.body["purpose"], Some(case.version + 1))
    );
    assert_eq!(app.sql("SELECT FROM event WHERE kind = 'plan.amended'").await.len(), 1);
}

#[actix_web::test]
async fn pl_10_every_change_of_a_plan_or_goal_names_the_version_it_saw() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let me = app.as_(CASEWORKER);
    let goal = done(me.post(&format!("/api/v1/plans/{}/goals", case.plan), goal())).await.id();
    let plan = |rest: &str| format!("/api/v1/plans/{}{rest}", case.plan);
    let changes = || {
        [
            me.patch(&plan(""), json!({ "purpose": "Nyt." })),
            me.post(&plan("/activate"), json!({})),
            me.post(&plan("/close"), json!({ "outcome": "education" })),
            me.put(&plan("/coordinator"), json!({ "coordinatorId": app.employee(CASEWORKER) })),
            me.put(&plan("/contact-person"), json!({ "declined": { "reason": "Nej." } })),
            me.patch(&format!("/api/v1/goals/{goal}"), json!({ "result": "Nået." })),
        ]
    };
    for change in changes() {
        refused(&app, change, (428, "version.missing")).await;
    }
    for change in changes() {
        refused(&app, change.header("If-Match", "*"), (428, "version.missing")).await;
    }
    for change in changes() {
        refused(&app, change.if_match(99), (412, "version.stale")).await;
    }
    // A goal that is set meanwhile does not stand in the way of a change of the plan's words.
    done(me.patch(&plan(""), json!({ "purpose": "Nyt." })).if_match(case.version)).await;
}
