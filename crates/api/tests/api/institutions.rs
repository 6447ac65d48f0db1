//! AC-2, AC-3, AC-9: an institution sees the participation it provides, and what one unit writes of health
//! and family stays its own.

use crate::steps::{
    CASEWORKER, COUNSELLOR, INSTITUTION, LEADER, STRANGER, close, done, entry, join, refused,
    shared_plan, step,
};
use serde_json::{Value, json};
use test_support::{Answer, OpenCase, TestApp};
use uuid::Uuid;

const TREATMENT: &str = "rusmiddel.behandler";

async fn case_file(app: &TestApp, who: &str, case: OpenCase) -> Answer {
    app.as_(who).get(&format!("/api/v1/young-people/{}/case-file", case.young_person)).await
}

const NOBODY: [Vec<Uuid>; 3] = [Vec::new(), Vec::new(), Vec::new()];

/// Whom an account finds: in its list, by a name all have, and by their number.
async fn finds(app: &TestApp, who: &str, numbers: &[String]) -> [Vec<Uuid>; 3] {
    let me = app.as_(who);
    let ids = |items: &[Value]| -> Vec<Uuid> {
        let mut ids: Vec<Uuid> =
            items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    };
    let list = ids(me.get("/api/v1/young-people").await.expect(200).items());
    let search = ids(me
        .post("/api/v1/young-people/search", json!({ "text": "Freja Prøvesen" }))
        .await
        .expect(200)
        .items());
    let mut looked_up = Vec::new();
    for cpr in numbers {
        let answer = me.post("/api/v1/young-people/lookup", json!({ "cpr": cpr })).await;
        looked_up.extend((answer.status == 200).then(|| answer.id()));
    }
    [list, search, looked_up]
}

/// What of a case file an institution may be told, once for each account that provides something.
async fn sees_its_own_alone(who: &str, offer: &str) {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    app.active_plan(CASEWORKER).await;
    let numbers = app.numbers_used();
    assert_eq!(finds(&app, who, &numbers).await, NOBODY);
    app.started(CASEWORKER, case.plan, "stigen").await;
    let own = app.referral(CASEWORKER, case.plan, offer).await;
    let file = case_file(&app, who, case).await.expect(200);
    assert_eq!(file.body["youngPerson"]["id"], json!(case.young_person));
    assert_eq!(file.body["interventions"].as_array().unwrap().len(), 1);
    assert_eq!(file.body["interventions"][0]["id"], json!(own.id()));
    assert_eq!(
        [&file.body["plan"], &file.body["tasks"], &file.body["hiddenAreas"]],
        [&Value::Null, &json!([]), &json!([])]
    );
    assert_eq!(
        app.as_(who).get(&format!("/api/v1/plans/{}", case.plan)).await.problem(),
        (404, "not-found")
    );
    let them = vec![case.young_person];
    assert_eq!(finds(&app, who, &numbers).await, [them.clone(), them.clone(), them]);
    let listed = app.as_(who).get("/api/v1/young-people").await.expect(200).items()[0].clone();
    for member in ["planId", "planState", "coordinatingDepartment", "startedInterventions"] {
        assert_eq!(listed[member], Value::Null, "{member}");
    }
    done(step(&app, who, own.id(), "start", json!({ "on": app.today() })).await).await;
    done(
        step(&app, who, own.id(), "end", json!({ "on": app.today(), "reason": "completed" })).await,
    )
    .await;
    assert_eq!(case_file(&app, who, case).await.problem(), (404, "not-found"));
    assert_eq!(app.as_(who).get(&format!("/api/v1/interventions/{}", own.id())).await.status, 404);
    assert_eq!(finds(&app, who, &numbers).await, NOBODY);
}

#[actix_web::test]
async fn ac_09_an_institution_sees_identity_and_its_own_provision_while_it_lasts() {
    sees_its_own_alone(INSTITUTION, "fast-konsulent").await;
}

#[actix_web::test]
async fn ac_09_a_mentor_sees_identity_and_their_own_provision_while_it_lasts() {
    sees_its_own_alone("mentor", "mentor").await;
}

#[actix_web::test]
async fn ac_09_an_institution_changes_nothing_of_the_young_person_or_the_plan() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let own = app.referral(CASEWORKER, case.plan, "fast-konsulent").await;
    let other = app.referral(CASEWORKER, case.plan, "stigen").await.id();
    let me = app.as_(INSTITUTION);
    let person = format!("/api/v1/young-people/{}", case.young_person);
    for call in [
        me.patch(&person, json!({ "givenName": "Ny" })).if_match(1),
        me.post(&format!("{person}/plans"), json!({ "purpose": "Vores." })),
        me.post("/api/v1/young-people", app.registration(INSTITUTION)),
        me.post(&format!("/api/v1/interventions/{}/withdraw", own.id()), json!({}))
            .if_match(own.version()),
    ] {
        let _ = refused(&app, call, (403, "access.denied")).await;
    }
    for call in [
        me.post(&format!("/api/v1/plans/{}/close", case.plan), json!({ "outcome": "education" })).if_match(case.version),
        me.post(&format!("/api/v1/plans/{}/interventions", case.plan), json!({ "catalogueCode": "igmu", "plannedStart": app.today(), "responsibleId": app.employee(INSTITUTION) })),
        step(&app, INSTITUTION, other, "start", json!({ "on": app.today() })).await,
        step(&app, INSTITUTION, other, "decline", json!({ "reason": "Nej." })).await,
    ] {
        let _ = refused(&app, call, (404, "not-found")).await;
    }
}

#[actix_web::test]
async fn ac_09_the_last_of_two_provisions_keeps_the_young_person_in_sight() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let first = app.started(CASEWORKER, case.plan, "fast-konsulent").await.id();
    let second = app.referral(CASEWORKER, case.plan, "gruppeforloeb").await.id();
    done(
        step(&app, INSTITUTION, first, "end", json!({ "on": app.today(), "reason": "moved" }))
            .await,
    )
    .await;
    assert_eq!(
        case_file(&app, INSTITUTION, case).await.expect(200).body["interventions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    done(step(&app, INSTITUTION, second, "decline", json!({ "reason": "Kom ikke." })).await).await;
    assert_eq!(case_file(&app, INSTITUTION, case).await.status, 404);
}

#[actix_web::test]
async fn ac_09_the_task_that_a_provider_gives_rise_to_is_not_theirs_to_see() {
    let app = TestApp::new().await;
    let mut urgent = entry(&app);
    urgent["cannotWait"] = json!(true);
    urgent["providerId"] = json!(app.unit("vaeksthuset"));
    app.employ("vaeksthuset.leder", "team-leader", "vaeksthuset").await;
    done(app.as_("vaeksthuset.leder").put("/api/v1/intervention-catalogue/akut", urgent)).await;
    let draft = app.draft(CASEWORKER).await;
    let id = app.referral(CASEWORKER, draft.plan, "akut").await.id();
    done(step(&app, INSTITUTION, id, "start", json!({ "on": app.today() })).await).await;
    assert_eq!(case_file(&app, CASEWORKER, draft).await.body["tasks"][0]["kind"], "activate-plan");
    assert_eq!(case_file(&app, INSTITUTION, draft).await.expect(200).body["tasks"], json!([]));
}

#[actix_web::test]
async fn ac_03_health_and_family_are_their_units_own_and_only_their_area_is_told() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, TREATMENT).await;
    for other in [STRANGER, COUNSELLOR] {
        done(join(&app, CASEWORKER, case.plan, other)).await;
    }
    let health = app.referral(TREATMENT, case.plan, "rusmiddelcentret").await.id();
    let family = app.referral(STRANGER, case.plan, "familieraadgivning").await.id();
    let common = app.referral(COUNSELLOR, case.plan, "igmu").await.id();
    for (who, sees, hidden) in [
        (CASEWORKER, vec![common], vec!["health", "family-and-social"]),
        (COUNSELLOR, vec![common], vec!["health", "family-and-social"]),
        (TREATMENT, vec![health, common], vec!["family-and-social"]),
        (STRANGER, vec![family, common], vec!["health"]),
    ] {
        let file = case_file(&app, who, case).await.expect(200);
        let ids: Vec<_> = file.body["interventions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].clone())
            .collect();
        assert_eq!(ids, sees.iter().map(|id| json!(id)).collect::<Vec<_>>(), "{who}");
        assert_eq!(file.body["hiddenAreas"], json!(hidden), "{who}");
        for id in [health, family, common] {
            let path = format!("/api/v1/interventions/{id}");
            let status = if sees.contains(&id) { 200 } else { 404 };
            assert_eq!(app.as_(who).get(&path).await.status, status, "{who}");
            if status == 404 {
                refused(&app, step(&app, who, id, "withdraw", json!({})).await, (404, "not-found"))
                    .await;
            }
        }
        let listed = app.as_(who).get("/api/v1/young-people").await.expect(200);
        assert_eq!(listed.items()[0]["startedInterventions"], 0);
    }
    done(step(&app, TREATMENT, health, "start", json!({ "on": app.today() })).await).await;
    for (who, running) in [(CASEWORKER, 0), (TREATMENT, 1)] {
        let listed = app.as_(who).get("/api/v1/young-people").await.expect(200);
        assert_eq!(listed.items()[0]["startedInterventions"], running, "{who}");
    }
    // The provider of the family's course is told of no area at all.
    app.employ("familie.raadgiver", "adviser", "familie-og-raadgivning").await;
    let file = case_file(&app, "familie.raadgiver", case).await.expect(200);
    assert_eq!(
        (file.body["interventions"][0]["id"].clone(), &file.body["hiddenAreas"]),
        (json!(family), &json!([]))
    );
}

#[actix_web::test]
async fn ac_07_a_role_that_is_taken_away_counts_at_the_next_request() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let new = app.employ("jv.ny", "caseworker", "jobspor").await;
    let path = format!("/api/v1/plans/{}", case.plan);
    assert_eq!(app.as_("jv.ny").get(&path).await.status, 200);
    let role = app.sql(&format!("SELECT id FROM employee_role WHERE employee_id = '{new}'")).await
        [0]["id"]
        .clone();
    done(
        app.as_("admin")
            .post_nothing(&format!("/api/v1/employees/{new}/roles/{}/end", role.as_str().unwrap())),
    )
    .await;
    assert_eq!(app.as_("jv.ny").get(&path).await.problem(), (404, "not-found"));
    app.give_role(new, "caseworker", "jobspor").await.expect(200);
    assert_eq!(app.as_("jv.ny").get(&path).await.status, 200);
    done(app.as_("admin").post_nothing(&format!("/api/v1/employees/{new}/deactivate")).if_match(1))
        .await;
    assert_eq!(app.as_("jv.ny").get(&path).await.problem(), (401, "session.required"));
}

#[actix_web::test]
async fn ac_02_a_leader_sees_what_lies_below_and_not_what_lies_beside() {
    let app = TestApp::new().await;
    let case = app.active_plan(COUNSELLOR).await;
    for (who, status) in [
        (LEADER, 200),
        ("job.afdelingsleder", 404),
        ("jv.teamleder", 404),
        ("styregruppe", 404),
        ("dpo", 404),
        ("admin", 404),
        ("uu.hotline", 404),
    ] {
        assert_eq!(case_file(&app, who, case).await.status, status, "{who}");
    }
    let jobs = app.active_plan(CASEWORKER).await;
    assert_eq!(case_file(&app, "job.afdelingsleder", jobs).await.status, 200);
    close(&app, CASEWORKER, jobs.plan).await;
}
