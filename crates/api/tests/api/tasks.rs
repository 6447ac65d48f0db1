//! Tasks: what is due, when, whose, by which rule, and by which act it is done (DL-1, DL-2).

use crate::steps::{CASEWORKER, COUNSELLOR, INSTITUTION, STRANGER, done, join, plan_step, refused};
use serde_json::{Value, json};
use test_support::{Answer, TestApp};
use uuid::Uuid;

async fn tasks(app: &TestApp, who: &str, query: &str) -> Answer {
    app.as_(who).get(&format!("/api/v1/tasks{query}")).await.expect(200)
}

fn told(answer: &Answer, member: &str) -> Vec<Value> {
    answer.items().iter().map(|task| task[member].clone()).collect()
}

/// The task of handing over somebody who has moved away, whose it is left open where nobody is named.
async fn hand_over(app: &TestApp, person: Uuid, whose: Option<&str>, due_on: &str) -> Uuid {
    let (id, unit) = (Uuid::now_v7(), app.unit_of(CASEWORKER));
    let whose = whose.map_or("NULL".to_owned(), |whose| format!("'{}'", app.employee(whose)));
    app.execute(&format!(
        "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
         VALUES ('{id}', '{person}', 2, '{unit}', 'hand-over', '{id}', {whose}, '{due_on}', '2026-11-01Z')"
    ))
    .await;
    id
}

#[actix_web::test]
async fn dl_01_a_list_tells_what_is_due_when_whose_and_by_which_rule() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let mine = tasks(&app, CASEWORKER, "?mine=true").await;
    assert_eq!(told(&mine, "kind"), [json!("hold-review"), json!("measure-indicators")]);
    let review = &mine.items()[0];
    let name =
        app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{}", case.young_person)).await;
    let name = format!(
        "{} {}",
        name.body["givenName"].as_str().unwrap(),
        name.body["familyName"].as_str().unwrap()
    );
    assert_eq!(
        json!([
            review["text"],
            review["rule"],
            review["act"],
            review["subjectId"],
            review["employeeId"],
            review["youngPerson"],
            review["overdue"]
        ]),
        json!([
            "Hold opfølgning på planen",
            "PL-5",
            "holdReview",
            case.plan,
            app.employee(CASEWORKER),
            name,
            false
        ])
    );
    let english = app.as_(CASEWORKER).get("/api/v1/tasks").header("Accept-Language", "en").await;
    assert_eq!(english.items()[0]["text"], json!("Hold a review of the plan"));
}

#[actix_web::test]
async fn dl_01_past_due_is_by_the_day_in_copenhagen_and_what_is_done_is_gone() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let due = tasks(&app, CASEWORKER, "").await.items()[0]["dueOn"].as_str().unwrap().to_owned();
    // Six in the evening of the day itself, then the first minute of the next one.
    app.at(&format!("{due}T17:00:00Z"));
    assert!(tasks(&app, CASEWORKER, "?overdue=true").await.items().is_empty());
    app.at(&format!("{due}T23:01:00Z"));
    let late = tasks(&app, CASEWORKER, "?overdue=true").await;
    assert_eq!(told(&late, "kind")[0], json!("hold-review"));
    assert_eq!(told(&late, "overdue")[0], json!(true));

    let review = json!({ "heldOn": app.today(), "tookPart": ["Mor"], "youngPersonTookPart": true,
                         "decisions": "Videre.", "nextReviewOn": app.today() });
    done(plan_step(&app, CASEWORKER, case.plan, "reviews", review).await).await;
    let late = tasks(&app, CASEWORKER, "?overdue=true").await;
    assert!(!told(&late, "kind").contains(&json!("hold-review")));
}

#[actix_web::test]
async fn ac_10_a_list_is_of_the_callers_own_or_of_their_units_and_nobody_elses() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let of_nobody = hand_over(&app, case.young_person, None, "2026-11-25").await;
    let ids = |answer: &Answer| told(answer, "id");
    assert!(!ids(&tasks(&app, CASEWORKER, "?mine=true").await).contains(&json!(of_nobody)));
    // A colleague of the same unit, and its leader, see the unit's; soonest due first.
    for who in [CASEWORKER, "jv.sagsbehandler2", "jv.teamleder"] {
        let all = tasks(&app, who, "").await;
        assert_eq!(ids(&all)[0], json!(of_nobody), "{who}");
        assert_eq!(all.items().len(), 3, "{who}");
    }
    assert!(tasks(&app, "jv.sagsbehandler2", "?mine=true").await.items().is_empty());
    for who in [STRANGER, COUNSELLOR, INSTITUTION] {
        assert!(tasks(&app, who, "").await.items().is_empty(), "{who}");
    }
    // One's own task is told only while one sees the young person; a page at a time, each once.
    let theirs = hand_over(&app, case.young_person, Some(STRANGER), "2026-11-24").await;
    assert!(tasks(&app, STRANGER, "?mine=true").await.items().is_empty());
    done(join(&app, CASEWORKER, case.plan, STRANGER)).await;
    for query in ["?mine=true", ""] {
        assert_eq!(ids(&tasks(&app, STRANGER, query).await), [json!(theirs)], "{query}");
    }
    // Of an area that is another unit's own, also what lies with oneself is not told (AC-3).
    let hidden = hand_over(&app, case.young_person, Some(CASEWORKER), "2026-11-24").await;
    let unit = app.unit_of(STRANGER);
    app.execute(&format!(
        "ALTER TABLE task DISABLE TRIGGER ALL;
         UPDATE task SET information_area = 8, writing_unit_id = '{unit}' WHERE id = '{hidden}';
         ALTER TABLE task ENABLE TRIGGER ALL"
    ))
    .await;
    for query in ["?mine=true", ""] {
        assert!(!ids(&tasks(&app, CASEWORKER, query).await).contains(&json!(hidden)), "{query}");
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = tasks(&app, "jv.teamleder", &format!("?limit=1{cursor}")).await;
        seen.extend(ids(&page));
        let Some(next) = page.body["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ids(&tasks(&app, "jv.teamleder", "").await));
}

#[actix_web::test]
async fn dl_02_what_an_act_does_is_not_ticked_and_what_none_does_is_ticked_once() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let review = tasks(&app, CASEWORKER, "?mine=true").await.items()[0].clone();
    let path = format!("/api/v1/tasks/{}", review["id"].as_str().unwrap());
    let version = app.as_(CASEWORKER).get(&path).await.expect(200).version();
    let tick = app.as_(CASEWORKER).post_nothing(&format!("{path}/complete")).if_match(version);
    let answer = refused(&app, tick, (409, "task.done-by-act")).await;
    assert_eq!(answer.body["act"], json!("holdReview"));

    let id = hand_over(&app, case.young_person, None, "2026-11-25").await;
    let path = format!("/api/v1/tasks/{id}");
    let complete = format!("{path}/complete");
    let nobodys = app.as_(STRANGER).post_nothing(&complete).if_match(1);
    refused(&app, nobodys, (404, "not-found")).await;
    let blind = app.as_(CASEWORKER).post_nothing(&complete);
    refused(&app, blind, (428, "version.missing")).await;
    let ticked = done(app.as_("jv.sagsbehandler2").post_nothing(&complete).if_match(1)).await;
    assert_eq!((&ticked.body["doneAt"], ticked.version()), (&json!(app.now()), 2));
    let again = app.as_(CASEWORKER).post_nothing(&complete).if_match(2);
    refused(&app, again, (409, "task.done-already")).await;
    assert!(!told(&tasks(&app, CASEWORKER, "").await, "id").contains(&json!(id)));
    let read = app.as_(CASEWORKER).get(&path).await.expect(200);
    assert_eq!(read.body, ticked.body);
}
