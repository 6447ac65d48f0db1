//! A8: whoever gives rights has none by that, and gives none to themselves.

use serde_json::{Value, json};
use test_support::{Answer, TestApp};

async fn employ(app: &TestApp, who: &str, username: &str) -> Answer {
    let body = json!({ "username": username, "givenName": "Eva", "familyName": "Ny" });
    app.as_(who).post("/api/v1/employees", body).await
}

#[actix_web::test]
async fn a8_nobody_changes_their_own_rights() {
    let app = TestApp::new().await;
    let admin = app.as_("admin");
    let own = format!("/api/v1/employees/{}", app.employee("admin"));
    let listed = admin.get("/api/v1/employees?limit=200").await.expect(200);
    let own_view = listed.items().iter().find(|one| one["username"] == "admin").unwrap();
    let role = own_view["roles"][0]["id"].as_str().unwrap();
    let before = app.dump().await;
    let caseworker = json!({ "role": "caseworker", "unitId": app.unit("jobspor") });
    for answer in [
        admin.post(&format!("{own}/roles"), caseworker).await,
        admin.post_nothing(&format!("{own}/reset-password")).await,
        admin.post_nothing(&format!("{own}/roles/{role}/end")).await,
        admin.post_nothing(&format!("{own}/deactivate")).if_match(1).await,
    ] {
        assert_eq!(answer.problem(), (409, "employee.own-rights"));
    }
    assert_eq!(app.dump().await, before);
}

#[actix_web::test]
async fn a8_a_role_of_somebody_else_is_not_ended_by_a_path_of_a_third() {
    let app = TestApp::new().await;
    let roles = app.sql("SELECT r.id FROM employee_role r WHERE employee_id = (SELECT id FROM employee WHERE username = 'mentor')");
    let role = roles.await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/employees/{}/roles/{role}/end", app.employee("dpo"));
    assert_eq!(app.as_("admin").post_nothing(&path).await.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn only_an_administrator_employs_and_whoever_is_new_may_do_nothing() {
    let app = TestApp::new().await;
    for who in ["jv.teamleder", "job.afdelingsleder", "dpo", "styregruppe"] {
        assert_eq!(employ(&app, who, "ny").await.problem(), (403, "access.denied"), "{who}");
    }
    let employed = employ(&app, "admin", "ny").await.expect(201);
    assert_eq!(
        (&employed.body["roles"], &employed.body["deactivatedAt"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(employ(&app, "admin", "ny").await.problem(), (409, "employee.username-taken"));
    // Capitals do not count in a user name (U11).
    assert_eq!(employ(&app, "admin", "Ny").await.problem(), (409, "employee.username-taken"));

    let opened = app.confirm("admin2", &employed.pending("pass-phrase")).await.expect(200);
    let one_time = &opened.body["oneTimePassPhrase"];
    let credentials = json!({ "username": "ny", "password": one_time });
    let tokens = app.as_nobody().post("/api/v1/session", credentials).await.expect(201);
    let bearer = format!("Bearer {}", tokens.body["accessToken"].as_str().unwrap());
    let me = app.as_nobody().get("/api/v1/me").header("Authorization", &bearer).await.expect(200);
    assert_eq!((&me.body["may"], &me.body["roles"]), (&json!([]), &json!([])));
    assert_eq!(me.body["mustChangePassword"], true);
    let units = || app.as_nobody().get("/api/v1/units").header("Authorization", &bearer);
    assert_eq!(units().await.problem(), (403, "session.password-must-change"));
    let own = json!({ "current": one_time, "new": "en anden lang adgangssætning" });
    let change = app.as_nobody().put("/api/v1/me/password", own).header("Authorization", &bearer);
    change.await.expect(204);
    assert_eq!(units().await.problem(), (403, "access.denied"));
}

#[actix_web::test]
async fn a_role_is_held_once_and_may_be_given_again_after_it_ended() {
    let app = TestApp::new().await;
    let admin = app.as_("admin");
    let new = employ(&app, "admin", "ny").await.id();
    let roles = format!("/api/v1/employees/{new}/roles");
    let mentor = json!({ "role": "mentor", "unitId": app.unit("uu-mentorer") });
    app.give_role(new, "mentor", "uu-mentorer").await.expect(200);
    assert_eq!(
        admin.post(&roles, mentor.clone()).await.problem(),
        (409, "employee.role-already-held")
    );
    app.give_role(new, "mentor", "fgu").await.expect(200);
    let held = async || {
        let listed = admin.get("/api/v1/employees?limit=200").await.expect(200);
        let found = listed.items().iter().find(|one| one["id"] == json!(new)).unwrap().clone();
        found["roles"].as_array().unwrap().clone()
    };
    let held_first = held().await;
    assert_eq!(held_first.len(), 2);

    let role = held_first[0]["id"].as_str().unwrap();
    let end = format!("{roles}/{role}/end");
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(
        admin.post_nothing(&end).await.expect(200).body["roles"].as_array().unwrap().len(),
        1
    );
    assert_eq!(admin.post_nothing(&end).await.problem(), (404, "not-found"));
    app.give_role(new, "mentor", "uu-mentorer").await.expect(200);

    let nowhere = json!({ "role": "mentor", "unitId": uuid::Uuid::nil() });
    assert_eq!(admin.post(&roles, nowhere).await.pointers(), ["/unitId"]);
    let unheard_of = json!({ "role": "king", "unitId": app.unit("fgu") });
    assert_eq!(admin.post(&roles, unheard_of).await.pointers(), ["/role"]);
    // A role that the unit's department does not have would have no effect.
    for (role, unit) in [("administrator", "jobspor"), ("caseworker", "systemforvaltning")] {
        let without_effect = json!({ "role": role, "unitId": app.unit(unit) });
        let refused = admin.post(&roles, without_effect).await;
        assert_eq!(
            (refused.problem(), refused.pointers()),
            ((422, "request.invalid"), vec!["/role"]),
            "{role} in {unit}"
        );
        assert_eq!(refused.body["errors"][0]["code"], "field.enumeration");
    }
}

/// AC-1, D-6: a leader sees what those below see; nobody sees what those above or beside see.
#[actix_web::test]
async fn a_leader_sees_the_units_below_and_nobody_those_above() {
    let app = TestApp::new().await;
    let person = app.young_person("jv.sagsbehandler").await.id();
    let path = format!("/api/v1/young-people/{person}");
    app.employ("test.over", "adviser", "jobcenter").await;
    app.employ("test.under", "caseworker", "jobspor").await;
    for (who, status) in [
        ("job.afdelingsleder", 200),
        ("jv.teamleder", 200),
        ("test.under", 200),
        ("test.over", 404),
        ("ydelse.medarbejder", 404),
        ("social.teamleder", 404),
        ("uu.teamleder", 404),
    ] {
        assert_eq!(app.as_(who).get(&path).await.status, status, "{who}");
    }
}
