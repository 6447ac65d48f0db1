//! HL-1, HL-5, HL-6, HL-10 over HTTP: to whom contacts are tied, what that sets going, and what it must not tell.

use crate::hotline::{
    HOTLINE, LEADER, TAKES_CONCERNS, case, contact, ids, log, path, search, step, take, tasks, with,
};
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER};
use actix_web::rt::time::sleep;
use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};
use std::time::Duration;
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// A number that nobody has, of somebody born on 14 May of the year.
fn number_of(app: &TestApp, year: u32) -> String {
    app.fresh_number().replacen("740506", &format!("7405{year:02}"), 1)
}

/// Somebody of the caseworker's, with the number.
async fn registered(app: &TestApp, number: &str) -> Uuid {
    let registration = with(app.registration(CASEWORKER), "cpr", json!(number));
    app.as_(CASEWORKER).post("/api/v1/young-people", registration).await.expect(201).id()
}

fn about_a_child(summary: &str) -> Value {
    with(contact("wellbeing", summary), "concern", json!({ "about": "under-18" }))
}

/// What an answer tells, but for what is made up for each.
fn told(answer: &Answer) -> (u16, String, String) {
    let mut text = String::from_utf8_lossy(&answer.raw).replace(answer.header("x-request-id"), "");
    if let Some(id) = answer.body["id"].as_str() {
        text = text.replace(id, "");
    }
    (answer.status, text, answer.header("etag").to_owned())
}

/// Whether anybody has a number shows in no answer to a concern: not by their age, whenever they called, whether it is logged
/// with the number or tied to it, and not where the number tells another birthday than the one that is registered.
#[actix_web::test]
async fn hl_05_hl_10_a_concern_does_not_tell_whether_anybody_has_a_number() {
    let app = TestApp::new().await;
    for (year, register_as, expected) in [
        // Of age by the number: refused, also where the register tells otherwise.
        (6, None, (409, "hotline.concern-of-age")),
        (6, Some("2012-05-14"), (409, "hotline.concern-of-age")),
        // A child by the number.
        (12, None, (201, "")),
        (12, Some("2006-05-14"), (201, "")),
    ] {
        let (known, unknown) = (number_of(&app, year), number_of(&app, year));
        let person = registered(&app, &known).await;
        if let Some(born) = register_as {
            let born =
                format!("UPDATE young_person SET birth_date = '{born}' WHERE id = '{person}'");
            app.execute(&born).await;
        }
        for called_at in [None, Some(app.now())] {
            let mut answers = Vec::new();
            for number in [&known, &unknown] {
                let body = about_a_child("x");
                let body = match called_at {
                    Some(at) => with(body, "calledAt", json!(at)),
                    None => body,
                };
                let untied = log(&app, body.clone()).await.expect(201);
                let logged = log(&app, with(body, "cpr", json!(number))).await;
                let linked =
                    step(&app, TAKES_CONCERNS, "/link", &untied, json!({ "cpr": number })).await;
                answers.push((told(&logged), told(&linked).0, linked.body["code"].clone()));
                if logged.status == 201 {
                    assert_eq!(linked.status, 200);
                    let child = number == &known && register_as.is_none();
                    let whom = if child { json!(person) } else { Value::Null };
                    assert_eq!(tied_to(&app, logged.id()).await, whom, "who is of age is no child");
                    assert_eq!(tied_to(&app, untied.id()).await, whom, "who is of age is no child");
                } else {
                    assert_eq!((logged.problem(), linked.problem()), (expected, expected));
                }
            }
            assert_eq!(answers[0], answers[1], "{year} {register_as:?} {called_at:?}");
            assert_eq!(answers[0].0.0, expected.0, "{year} {register_as:?} {called_at:?}");
        }
    }
}

/// A concern about a child is tied to no adult, neither at first nor later.
#[actix_web::test]
async fn hl_10_a_concern_about_a_child_is_tied_to_no_adult_afterwards() {
    let app = TestApp::new().await;
    let child = number_of(&app, 12);
    registered(&app, &child).await;
    let adult = app.young_person("bu.raadgiver").await.id();
    let plan = app.plan("bu.raadgiver", adult).await.id();
    app.participant("bu.raadgiver", plan, TAKES_CONCERNS).await;
    let logged = log(&app, with(about_a_child("x"), "cpr", json!(child))).await.expect(201);
    let body = json!({ "youngPersonId": adult, "reason": "x" });
    let tied = step(&app, TAKES_CONCERNS, "/link", &logged, body).await;
    assert_eq!(tied.problem(), (409, "hotline.concern-of-age"));
    let logged = log(&app, about_a_child("x")).await.expect(201);
    let body = json!({ "youngPersonId": adult, "reason": "x" });
    let tied = step(&app, TAKES_CONCERNS, "/link", &logged, body).await;
    assert_eq!(tied.problem(), (409, "hotline.concern-of-age"));
    assert_eq!(app.as_(HOTLINE).get(&path(logged.id(), "")).await.status, 404);
}

/// To whom a contact is tied.
async fn tied_to(app: &TestApp, contact: Uuid) -> Value {
    let row = format!("SELECT young_person_id FROM hotline_contact WHERE id = '{contact}'");
    app.sql(&row).await[0]["young_person_id"].clone()
}

/// Once somebody asked to tie it, whether anybody has the number or not, it is tied anew, or to nobody, with a reason.
#[actix_web::test]
async fn hl_01_hl_05_a_contact_is_tied_anew_or_untied_with_a_reason() {
    let app = TestApp::new().await;
    let (number, person, _) = case(&app).await;
    let open = log(&app, contact("absence", "x")).await.expect(201);
    let nothing = step(&app, HOTLINE, "/link", &open, json!({ "reason": "x" })).await;
    assert_eq!(nothing.pointers(), ["/cpr"], "there is nothing to untie");
    assert_eq!(step(&app, HOTLINE, "/link", &open, json!({})).await.pointers(), ["/cpr"]);
    step(&app, HOTLINE, "/link", &open, json!({ "cpr": number })).await.expect(200);

    let mut answers = Vec::new();
    for told_number in [number.clone(), app.fresh_number()] {
        let known = told_number == number;
        let body = with(contact("drop-out-risk", "x"), "cpr", json!(told_number));
        let logged = log(&app, body).await.expect(201);
        let seen = app.as_(CASEWORKER).get(&path(logged.id(), "")).await;
        assert_eq!(seen.status, if known { 200 } else { 404 });
        let mistyped = json!({ "cpr": app.fresh_number() });
        let silently = step(&app, HOTLINE, "/link", &logged, mistyped).await;
        assert_eq!(silently.problem(), (409, "hotline.already-linked"));
        let whom = if known { json!(person) } else { Value::Null };
        assert_eq!(tied_to(&app, logged.id()).await, whom);
        let reason = json!({ "reason": "Det var en anden." });
        let untied = step(&app, HOTLINE, "/link", &logged, reason).await.expect(200);
        assert_eq!(untied.body["entries"][0]["text"], "Det var en anden.");
        assert_eq!(tied_to(&app, logged.id()).await, Value::Null);
        assert_eq!(app.as_(CASEWORKER).get(&path(logged.id(), "")).await.status, 404);
        assert!(tasks(&app, CASEWORKER, "answer-hotline").await.is_empty());
        let again = step(&app, HOTLINE, "/link", &untied, json!({ "cpr": number })).await;
        assert_eq!(again.problem(), (409, "hotline.already-linked"), "also after that");
        let entry = untied.body["entries"][0]["id"].as_str().unwrap();
        let (status, text, etag) = told(&untied);
        answers.push((told(&silently), status, text.replace(entry, ""), etag));
    }
    assert_eq!(answers[0], answers[1]);
    let timeline = format!("/api/v1/young-people/{person}/timeline");
    let timeline = app.as_(CASEWORKER).get(&timeline).await;
    assert_eq!(timeline.items()[0]["kind"], "hotline.unlinked");
}

async fn contact_person(app: &TestApp, plan: Uuid, who: &str) {
    app.participant(CASEWORKER, plan, who).await;
    let path = format!("/api/v1/plans/{plan}");
    let version = app.as_(CASEWORKER).get(&path).await.version();
    let body = json!({ "employeeId": app.employee(who) });
    let named = app.as_(CASEWORKER).put(&format!("{path}/contact-person"), body);
    named.if_match(version).await.expect(200);
}

/// Of a contact that was about somebody else the others are told: the new contact person, and no longer the former. What they
/// were asked fell away, and was not done.
#[actix_web::test]
async fn hl_06_tied_to_another_the_new_ones_are_asked_and_the_former_no_more() {
    let app = TestApp::new().await;
    let (number, _, plan) = case(&app).await;
    let (other_number, other, other_plan) = case(&app).await;
    contact_person(&app, plan, COUNSELLOR).await;
    contact_person(&app, other_plan, "mentor").await;
    let body = with(contact("drop-out-risk", "x"), "cpr", json!(number));
    let logged = log(&app, body).await.expect(201);
    assert_eq!(tasks(&app, COUNSELLOR, "hotline-notice").await.len(), 1);
    assert!(tasks(&app, "mentor", "hotline-notice").await.is_empty());
    let body = json!({ "cpr": other_number, "reason": "Forkert nummer." });
    let linked = step(&app, HOTLINE, "/link", &logged, body).await.expect(200);
    assert!(tasks(&app, COUNSELLOR, "hotline-notice").await.is_empty());
    let notice = tasks(&app, "mentor", "hotline-notice").await;
    assert_eq!((notice.len(), &notice[0]["youngPersonId"]), (1, &json!(other)));
    let asked = tasks(&app, CASEWORKER, "answer-hotline").await;
    assert_eq!((asked.len(), &asked[0]["youngPersonId"]), (1, &json!(other)));
    let ended = "SELECT ended FROM task WHERE done_at IS NOT NULL AND kind LIKE '%hotline%'";
    assert_eq!(app.sql(ended).await, [json!({ "ended": "lapsed" }), json!({ "ended": "lapsed" })]);

    // The notice is the mentor's to tick, and nobody else's task is.
    app.participant(CASEWORKER, plan, "mentor").await;
    let tick = async |task: &Value| {
        let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
        let read = app.as_("mentor").get(&path).await.expect(200);
        let complete = app.as_("mentor").post_nothing(&format!("{path}/complete"));
        complete.if_match(read.version()).await
    };
    let done = tick(&notice[0]).await.expect(200);
    assert!(done.body["doneAt"].is_string());
    let body = with(contact("drop-out-risk", "y"), "cpr", json!(number));
    log(&app, body).await.expect(201);
    let others = tasks(&app, COUNSELLOR, "hotline-notice").await;
    assert_eq!(tick(&others[0]).await.problem(), (403, "access.denied"));

    // Answered, it is a notice no more; nor was it a deadline, however late.
    app.advance(TimeDelta::days(10));
    step(&app, HOTLINE, "/link", &linked, json!({ "cpr": number, "reason": "Dog." }))
        .await
        .expect(200);
    assert_eq!(tasks(&app, COUNSELLOR, "hotline-notice").await.len(), 2);
    let read = app.as_(CASEWORKER).get(&path(logged.id(), "")).await;
    let taken = take(&app, CASEWORKER, &read).await.expect(200);
    step(&app, CASEWORKER, "/answer", &taken, json!({ "text": "x" })).await.expect(200);
    assert_eq!(tasks(&app, COUNSELLOR, "hotline-notice").await.len(), 1);
    let ended = format!(
        "SELECT array_agg(ended ORDER BY ended) AS ended FROM task WHERE subject_id = '{}' AND kind = 'answer-hotline'",
        logged.id()
    );
    assert_eq!(app.sql(&ended).await, [json!({ "ended": ["act", "lapsed", "lapsed"] })]);
    let counted = "SELECT 1 FROM task t WHERE kind = 'hotline-notice' AND is_kept(t) IS NOT NULL";
    assert!(app.sql(counted).await.is_empty());
}

/// Who is asked weeks after the call has the time that its urgency gives; the contact itself stays due when it was due.
#[actix_web::test]
async fn hl_06_who_is_asked_later_is_not_late_at_once() {
    let app = TestApp::new().await;
    let (number, _, _) = case(&app).await;
    let logged = log(&app, contact("drop-out-risk", "x")).await.expect(201);
    app.at("2026-12-02T09:00:00Z");
    let due = async || tasks(&app, CASEWORKER, "answer-hotline").await[0]["dueOn"].clone();
    let linked = step(&app, HOTLINE, "/link", &logged, json!({ "cpr": number })).await.expect(200);
    assert_eq!(due().await, "2026-12-03");
    assert_eq!(linked.body["dueAt"], logged.body["dueAt"]);
    let taken = take(&app, HOTLINE, &linked).await.expect(200);
    let answered = step(&app, HOTLINE, "/answer", &taken, json!({ "text": "x" })).await;
    app.at("2026-12-14T09:00:00Z");
    step(&app, HOTLINE, "/reopen", &answered.expect(200), json!({ "reason": "x" }))
        .await
        .expect(200);
    assert_eq!(due().await, "2026-12-15");
}

/// Once somebody asked to tie it, a contact shows the card of that one alone, and tells by no other whether anybody has the
/// number it was tied to.
#[actix_web::test]
async fn hl_05_a_tied_contact_shows_nobody_elses_card() {
    let app = TestApp::new().await;
    let (known, _, _) = case(&app).await;
    let (other, _, _) = case(&app).await;
    for tied in [known.clone(), app.fresh_number()] {
        let logged = log(&app, with(contact("absence", "x"), "cpr", json!(tied))).await;
        for (number, shown) in [(&known, tied == known), (&other, false)] {
            let card = app.as_(HOTLINE).post(&path(logged.id(), "/card"), json!({ "cpr": number }));
            assert_eq!(card.await.expect(200).body["hasPlan"], shown, "{tied} {number}");
        }
    }
}

/// Nobody tries numbers: twenty within an hour, in whatever contacts, at whatever instance.
#[actix_web::test]
async fn hl_05_nobody_sees_one_card_after_the_other() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let number = app.fresh_number();
    let ask = async |app: &TestApp, who: &str| {
        let open = log(app, contact("absence", "x")).await.expect(201);
        app.as_(who).post(&path(open.id(), "/card"), json!({ "cpr": number })).await
    };
    for turn in 0..20 {
        ask(if turn % 2 == 0 { &app } else { &second }, HOTLINE).await.expect(200);
        app.advance(TimeDelta::seconds(1));
    }
    let refused = ask(&second, HOTLINE).await;
    assert_eq!(
        (refused.problem(), refused.header("retry-after")),
        ((429, "access.too-many-checks"), "3580")
    );
    ask(&app, LEADER).await.expect(200);
    app.advance(TimeDelta::seconds(3580));
    ask(&app, HOTLINE).await.expect(200);
    assert_eq!(ask(&app, HOTLINE).await.problem(), (429, "access.too-many-checks"));
}

/// Cards at once are counted one after the other.
#[actix_web::test]
async fn hl_05_cards_at_once_are_counted() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let open = log(&app, contact("absence", "x")).await.expect(201);
    let to = path(open.id(), "/card");
    let number = app.fresh_number();
    // One alone: if two were counted as one each time, an even limit would not show it.
    app.as_(HOTLINE).post(&to, json!({ "cpr": number })).await.expect(200);
    let calls = (0..25).map(|turn| {
        let (instance, to) = (if turn % 2 == 0 { &app } else { &second }, &to);
        let body = json!({ "cpr": number });
        async move { instance.as_(HOTLINE).post(to, body).await.status }
    });
    let mut statuses = futures_util::future::join_all(calls).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200; 19], vec![429; 6]].concat());
}

/// Whoever is being merged is waited for before the contact is locked, so that the merge waits for no contact.
#[actix_web::test]
async fn hl_01_a_contact_is_not_held_while_its_young_person_is_waited_for() {
    let app = TestApp::new().await;
    let number = number_of(&app, 10);
    let person = registered(&app, &number).await;
    let logged = log(&app, contact("absence", "x")).await.expect(201);
    app.execute(&format!("BEGIN; SELECT FROM young_person WHERE id = '{person}' FOR UPDATE")).await;
    let as_merging = async {
        sleep(Duration::from_millis(500)).await;
        app.execute("SELECT FROM hotline_contact FOR UPDATE NOWAIT; COMMIT").await;
    };
    let link = step(&app, HOTLINE, "/link", &logged, json!({ "cpr": number }));
    let (linked, ()) = join(link, as_merging).await;
    linked.expect(200);
    assert_eq!(tied_to(&app, logged.id()).await, json!(person));
}

/// Who notified of a concern is for those alone who take them: of others, whom a basis opens it, neither list nor search nor
/// event tells the school.
#[actix_web::test]
async fn hl_10_others_do_not_see_which_institution_notified() {
    let app = TestApp::new().await;
    let (number, person, _) = case(&app).await;
    let unit = app.unit_of(STRANGER);
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'unit', 'consent', 23, gen_random_uuid(), '', '2026-11-01')"
    ))
    .await;
    let school = app.unit("vuc");
    let body = with(contact("wellbeing", "Noget"), "concern", json!({ "about": "unborn" }));
    let body = with(with(body, "callerKind", json!("institution")), "institutionId", json!(school));
    let concern = log(&app, with(body.clone(), "cpr", json!(number))).await.expect(201).id();
    let mut calm = with(with(body, "concern", Value::Null), "cpr", json!(number));
    calm.as_object_mut().unwrap().remove("concern");
    let calm = log(&app, calm).await.expect(201).id();
    for (who, kind) in [(STRANGER, Value::Null), (TAKES_CONCERNS, json!("institution"))] {
        let id = if kind.is_null() { Value::Null } else { json!(school) };
        let read = app.as_(who).get(&path(concern, "")).await.expect(200);
        assert_eq!((&read.body["callerKind"], &read.body["institutionId"]), (&kind, &id), "{who}");
        assert_eq!(read.body["institution"].is_null(), kind.is_null(), "{who}");
        let (all, filtered) =
            (ids(&app, who, "").await, ids(&app, who, &format!("&institutionId={school}")).await);
        assert!(all.contains(&concern), "{who}");
        assert_eq!(filtered.contains(&concern), !kind.is_null(), "{who}");
        for filter in [json!({ "institutionId": school }), json!({ "callerKind": "institution" })] {
            let found = search(&app, who, with(filter, "text", json!("noget"))).await;
            let found: Vec<&Value> = found.items().iter().map(|item| &item["id"]).collect();
            assert_eq!(found.contains(&&json!(concern)), !kind.is_null(), "{who}");
        }
    }
    let read = app.as_(STRANGER).get(&path(calm, "")).await.expect(200);
    assert_eq!(read.body["institutionId"], json!(school));
    let event = "SELECT payload FROM event WHERE kind = 'hotline.logged' ORDER BY recorded_at, id";
    let events = app.sql(event).await;
    assert!(events[0]["payload"]["callerKind"].is_null(), "{events:?}");
    assert_eq!(events[1]["payload"]["callerKind"], "institution");
}
