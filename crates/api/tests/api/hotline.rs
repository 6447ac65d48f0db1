//! HL-1 to HL-10 over HTTP: contacts, what became of them, who sees them, and notifications of concern.

use crate::steps::{CASEWORKER, COUNSELLOR};
use crate::{but_for_the_request, entry_of};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, TestApp};
use uuid::Uuid;

pub(crate) const HOTLINE: &str = "uu.hotline";
pub(crate) const LEADER: &str = "uu.teamleder";
pub(crate) const TAKES_CONCERNS: &str = "bu.modtagelse";

pub(crate) fn contact(topic: &str, summary: &str) -> Value {
    json!({
        "callerKind": "relative", "callerName": "Mona Mor", "callerTelephone": "86000000", "callerRelation": "Mor",
        "channel": "phone", "topic": topic, "urgency": "high", "summary": summary,
    })
}

pub(crate) fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

pub(crate) async fn log(app: &TestApp, body: Value) -> Answer {
    let answer = app.as_(HOTLINE).post("/api/v1/hotline/contacts", body).await;
    app.run_queued_jobs().await;
    answer
}

/// A number of the CPR form, and the young person of the caseworker's who has it, with an active plan.
pub(crate) async fn case(app: &TestApp) -> (String, Uuid, Uuid) {
    let case = app.active_plan(CASEWORKER).await;
    (app.numbers_used().pop().unwrap(), case.young_person, case.plan)
}

pub(crate) fn path(id: Uuid, at: &str) -> String {
    format!("/api/v1/hotline/contacts/{id}{at}")
}

pub(crate) async fn step(
    app: &TestApp,
    who: &str,
    at: &str,
    before: &Answer,
    body: Value,
) -> Answer {
    let call = app.as_(who).post(&path(before.id(), at), body);
    let answer = call.if_match(before.version()).await;
    // What follows from a tie is done after the response (AC-19).
    app.run_queued_jobs().await;
    answer
}

pub(crate) async fn take(app: &TestApp, who: &str, before: &Answer) -> Answer {
    let call = app.as_(who).post_nothing(&path(before.id(), "/take"));
    call.if_match(before.version()).await
}

pub(crate) async fn ids(app: &TestApp, who: &str, query: &str) -> Vec<Uuid> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let list = format!("/api/v1/hotline/contacts?limit=2{query}{cursor}");
        let page = app.as_(who).get(&list).await.expect(200);
        ids.extend(page.items().iter().map(id_of));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

fn id_of(item: &Value) -> Uuid {
    item["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) async fn search(app: &TestApp, who: &str, body: Value) -> Answer {
    app.as_(who).post("/api/v1/hotline/contacts/search", body).await.expect(200)
}

pub(crate) async fn found(app: &TestApp, who: &str, text: &str) -> Vec<String> {
    let answer = search(app, who, json!({ "text": text })).await;
    answer.items().iter().map(|item| item["summary"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn hl_01_a_contact_is_logged_in_one_request_and_closed_where_it_was_solved() {
    let app = TestApp::new().await;
    let open = log(&app, contact("guidance", "Vil vide mere om FGU.")).await.expect(201);
    assert_eq!((open.header("etag"), &open.body["state"]), ("\"1\"", &json!("open")));
    assert_eq!(open.header("location"), path(open.id(), ""));
    assert_eq!(open.body["dueAt"], "2026-11-24T22:59:59.999999Z", "a Monday, within 1 working day");
    let body = with(contact("guidance", "Frist?"), "outcome", json!("Den 1. marts."));
    let solved = log(&app, body).await.expect(201);
    let read = app.as_(HOTLINE).get(&path(solved.id(), "")).await.expect(200);
    assert_eq!(
        (&read.body["state"], &read.body["owner"]),
        (&json!("closed"), &json!("Emil Frandsen"))
    );
    assert_eq!(
        (&read.body["entries"][0]["kind"], &read.body["entries"][0]["text"]),
        (&json!("answer"), &json!("Den 1. marts."))
    );
    for (member, value) in
        [("onlyInformation", json!(true)), ("notForUs", json!({ "shownTo": "Borgerservice" }))]
    {
        let over = log(&app, with(contact("other", "x"), member, value.clone())).await.expect(201);
        assert_eq!(over.body["state"], "closed", "{member}");
        let read = app.as_(HOTLINE).get(&path(over.id(), "")).await.expect(200);
        assert_eq!(read.body[member], value);
    }
    let again = with(contact("guidance", "Igen."), "calledBefore", json!(open.id()));
    let again = log(&app, again).await.expect(201);
    let read = app.as_(HOTLINE).get(&path(again.id(), "")).await.expect(200);
    assert_eq!(read.body["calledBefore"], json!(open.id()));
}

#[actix_web::test]
async fn hl_02_what_cannot_stand_together_is_told_at_once() {
    let app = TestApp::new().await;
    let wrong = json!({
        "callerKind": "relative", "institutionId": app.unit("vuc"), "channel": "phone", "topic": "other", "urgency": "high",
        "summary": "x", "cpr": app.fresh_number(), "youngPersonId": Uuid::nil(), "outcome": "x", "onlyInformation": true,
        "planNotFollowed": true, "notForUs": { "shownTo": "x" }, "concern": { "about": "unborn" },
    });
    assert_eq!(
        log(&app, wrong).await.pointers(),
        ["/institutionId", "/cpr", "/outcome", "/onlyInformation", "/notForUs", "/planNotFollowed"]
    );
    for (member, value) in [
        ("institutionId", json!(app.unit("jobspor"))),
        ("calledBefore", json!(Uuid::nil())),
        ("youngPersonId", json!(case(&app).await.1)),
    ] {
        let body =
            with(with(contact("other", "x"), "callerKind", json!("institution")), member, value);
        let answer = log(&app, body).await;
        assert_eq!((answer.status, answer.pointers()), (422, vec![&*format!("/{member}")]));
    }
}

/// HL-10: the time of the call and that of the note are both kept, and the clock runs from the call.
#[actix_web::test]
async fn hl_03_hl_10_a_call_of_yesterday_is_due_from_yesterday() {
    let app = TestApp::new().await;
    let at = |called_at: &str| with(contact("absence", "x"), "calledAt", json!(called_at));
    let late = log(&app, at("2026-11-19T12:00:00Z")).await.expect(201);
    let read = app.as_(HOTLINE).get(&path(late.id(), "")).await.expect(200);
    assert_eq!(
        (&read.body["calledAt"], &read.body["loggedAt"], &read.body["dueAt"]),
        (
            &json!("2026-11-19T12:00:00Z"),
            &json!("2026-11-23T09:00:00Z"),
            &json!("2026-11-20T22:59:59.999999Z")
        )
    );
    let in_time = log(&app, contact("absence", "x")).await.expect(201).id();
    assert_eq!(ids(&app, LEADER, "&overdue=true").await, [late.id()]);
    app.at("2026-11-25T00:00:00Z");
    assert_eq!(ids(&app, LEADER, "&overdue=true").await, [in_time, late.id()]);
    for called_at in ["2026-11-25T00:05:01Z", "2025-11-24T22:59:59Z"] {
        let answer = log(&app, at(called_at)).await;
        assert_eq!(answer.problem(), (409, "hotline.moment-out-of-range"), "{called_at}");
    }
}

#[actix_web::test]
async fn hl_04_one_owner_takes_answers_and_closes_and_it_goes_back_with_a_reason() {
    let app = TestApp::new().await;
    let open = log(&app, contact("economy", "x")).await.expect(201);
    let early = step(&app, HOTLINE, "/answer", &open, json!({ "text": "x" })).await;
    assert_eq!(early.problem(), (409, "hotline.step-not-allowed"));
    assert_eq!((&early.body["state"], &early.body["step"]), (&json!("open"), &json!("answer")));
    let taken = take(&app, HOTLINE, &open).await.expect(200);
    assert_eq!(take(&app, LEADER, &taken).await.problem(), (409, "hotline.step-not-allowed"));
    let others = step(&app, LEADER, "/answer", &taken, json!({ "text": "x" })).await;
    assert_eq!(others.problem(), (409, "hotline.another-owner"));
    assert_eq!(others.body["ownerId"], json!(app.employee(HOTLINE)));
    let answered =
        step(&app, HOTLINE, "/answer", &taken, json!({ "text": "Ring til ydelse." })).await;
    let close = app.as_(HOTLINE).post_nothing(&path(open.id(), "/close"));
    let closed = close.if_match(answered.expect(200).version()).await.expect(200);
    let back = step(&app, LEADER, "/reopen", &closed, json!({ "reason": "Ikke løst." })).await;
    let back = back.expect(200);
    assert_eq!((&back.body["state"], &back.body["ownerId"]), (&json!("open"), &Value::Null));
    let corrected = app.as_(HOTLINE).post(
        &path(open.id(), "/corrections"),
        json!({ "text": "Det var faren.", "reason": "Misforstået." }),
    );
    let corrected = corrected.await.expect(201);
    assert_eq!(corrected.body["summary"], "x", "what was logged stays");
    let written: Vec<&Value> =
        corrected.body["entries"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(written, ["answer", "reopening", "correction"]);
}

/// Of twenty who take the same contact at once, one is its owner.
#[actix_web::test]
async fn hl_04_two_at_once_do_not_both_own_it() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let open = log(&app, contact("economy", "x")).await.expect(201);
    let take = |number: usize| {
        let (app, who) = if number.is_multiple_of(2) { (&app, HOTLINE) } else { (&second, LEADER) };
        app.as_(who).post_nothing(&path(open.id(), "/take")).if_match(1).into_future()
    };
    let answers = join_all((0..20).map(take)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| [200, 412].contains(&answer.status)));
}

#[actix_web::test]
async fn hl_05_within_a_contact_the_hotline_sees_how_to_reach_those_who_have_the_case_and_no_more()
{
    let app = TestApp::new().await;
    let (number, person, plan) = case(&app).await;
    let helper = json!({ "outside": { "name": "Lærer Prøve", "telephone": "86111111", "organisation": "Skolen" } });
    let version = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{plan}")).await.version();
    let contact_person =
        app.as_(CASEWORKER).put(&format!("/api/v1/plans/{plan}/contact-person"), helper);
    contact_person.if_match(version).await.expect(200);
    let employee = format!("/api/v1/employees/{}/telephone", app.employee(CASEWORKER));
    let told = app.as_("admin").put(&employee, json!({ "telephone": "00 00 00 02" })).if_match(1);
    assert_eq!(told.await.expect(200).body["telephone"], "00 00 00 02");
    let open = log(&app, contact("absence", "x")).await.expect(201);
    let ask = async |who: &str, number: &str| {
        app.as_(who).post(&path(open.id(), "/card"), json!({ "cpr": number })).await
    };
    let card = ask(HOTLINE, &number).await.expect(200);
    assert_eq!(
        card.body,
        json!({
            "hasPlan": true,
            "coordinator": {
                "name": "Sofie Nygaard", "username": "jv.sagsbehandler", "unit": "JobSpor", "telephone": "00 00 00 02",
                "organisation": null,
            },
            "contactPerson": {
                "name": "Lærer Prøve", "username": null, "unit": null, "telephone": "86111111", "organisation": "Skolen",
            },
        })
    );
    let entry = entry_of(&app, &card).await;
    assert_eq!(
        json!([
            entry["young_people"],
            entry["bases"],
            entry["subject"],
            entry["outcome"],
            entry["operation"],
            entry["role"]
        ]),
        json!([[person], [null], open.id(), "read", "readCard", "hotline"])
    );
    assert!(entry["purpose"].is_string(), "the purpose is logged");

    // Somebody known without a plan, and a number that nobody has, are answered alike; both are on the log.
    let without_plan = app.young_person(CASEWORKER).await.id();
    let their_number = app.numbers_used().pop().unwrap();
    let (known, unknown) = (
        ask(HOTLINE, &their_number).await.expect(200),
        ask(HOTLINE, &app.fresh_number()).await.expect(200),
    );
    assert_eq!(known.body, json!({ "hasPlan": false, "coordinator": null, "contactPerson": null }));
    assert_eq!(but_for_the_request(&known), but_for_the_request(&unknown));
    assert_eq!(entry_of(&app, &known).await["young_people"], json!([without_plan]));
    assert_eq!(entry_of(&app, &unknown).await["young_people"], json!([]));

    // Not by others, nor in a contact that is over.
    assert_eq!(ask(CASEWORKER, &number).await.problem(), (404, "not-found"));
    ask(LEADER, &number).await.expect(200);
    let over = log(&app, with(contact("absence", "x"), "outcome", json!("x"))).await.expect(201);
    let late = app.as_(HOTLINE).post(&path(over.id(), "/card"), json!({ "cpr": number })).await;
    assert_eq!(late.problem(), (409, "hotline.step-not-allowed"));
}

/// Neither logging nor tying tells whether anybody has a number.
#[actix_web::test]
async fn hl_05_whose_number_it_is_shows_in_no_answer_of_the_hotline() {
    let app = TestApp::new().await;
    let (known, _, _) = case(&app).await;
    let strip = |answer: &Answer| {
        let mut text = String::from_utf8_lossy(&answer.raw).replace(&answer.id().to_string(), "");
        for entry in answer.body["entries"].as_array().into_iter().flatten() {
            text = text.replace(entry["id"].as_str().unwrap(), "");
        }
        (answer.status, text, answer.header("etag").to_owned())
    };
    let mut told = Vec::new();
    for number in [known, app.fresh_number()] {
        let body = with(contact("drop-out-risk", "x"), "cpr", json!(number));
        let logged = log(&app, body).await.expect(201);
        let read = app.as_(HOTLINE).get(&path(logged.id(), "")).await.expect(200);
        let again = json!({ "cpr": number, "reason": "Sagt igen." });
        let linked = step(&app, HOTLINE, "/link", &logged, again.clone()).await;
        let again = step(&app, HOTLINE, "/link", &linked.clone().expect(200), again).await;
        let listed = app.as_(HOTLINE).get("/api/v1/hotline/contacts?limit=1").await;
        told.push((
            strip(&logged),
            strip(&linked),
            strip(&again),
            listed.items()[0]["youngPersonId"].clone(),
        ));
        assert_eq!(read.body["youngPersonId"], Value::Null);
    }
    assert_eq!(told[0], told[1]);
}

pub(crate) async fn tasks(app: &TestApp, who: &str, kind: &str) -> Vec<Value> {
    let list = app.as_(who).get("/api/v1/tasks?limit=200").await.expect(200);
    list.items().iter().filter(|task| task["kind"] == kind).cloned().collect()
}

#[actix_web::test]
async fn hl_06_a_risk_of_dropping_out_asks_the_coordinating_caseworker_who_answers_it() {
    let app = TestApp::new().await;
    let (number, person, plan) = case(&app).await;
    let version = app.as_(CASEWORKER).get(&format!("/api/v1/plans/{plan}")).await.version();
    app.participant(CASEWORKER, plan, COUNSELLOR).await;
    let helper = json!({ "employeeId": app.employee(COUNSELLOR) });
    let helper = app.as_(CASEWORKER).put(&format!("/api/v1/plans/{plan}/contact-person"), helper);
    helper.if_match(version).await.expect(200);
    let body = with(contact("drop-out-risk", "Kommer ikke mere."), "cpr", json!(number));
    let logged = log(&app, body).await.expect(201);
    let asked = tasks(&app, CASEWORKER, "answer-hotline").await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        json!([
            asked[0]["subjectId"],
            asked[0]["employeeId"],
            asked[0]["act"],
            asked[0]["rule"],
            asked[0]["dueOn"],
            asked[0]["youngPersonId"]
        ]),
        json!([
            logged.id(),
            app.employee(CASEWORKER),
            "answerContact",
            "HL-6",
            "2026-11-24",
            person
        ])
    );
    let notice = tasks(&app, COUNSELLOR, "hotline-notice").await;
    assert_eq!((notice.len(), &notice[0]["employeeId"]), (1, &json!(app.employee(COUNSELLOR))));
    assert!(notice[0]["act"].is_null() && !notice[0].to_string().contains("Kommer ikke mere"));

    // They see the contact by their case, who called, and that double guidance may be started.
    let read = app.as_(CASEWORKER).get(&path(logged.id(), "")).await.expect(200);
    assert_eq!(read.body["youngPersonId"], json!(person));
    let start = &read.body["doubleGuidance"];
    let referral = json!({
        "catalogueCode": start["catalogueCode"], "plannedStart": app.today(), "responsibleId": app.employee(COUNSELLOR),
    });
    app.as_(CASEWORKER).post(start["path"].as_str().unwrap(), referral).await.expect(201);
    let caller = app.as_(CASEWORKER).get(&path(logged.id(), "/caller")).await.expect(200);
    assert_eq!(
        caller.body,
        json!({ "name": "Mona Mor", "telephone": "86000000", "relation": "Mor" })
    );
    let taken = take(&app, CASEWORKER, &read).await.expect(200);
    let answered = step(&app, CASEWORKER, "/answer", &taken, json!({ "text": "Vi mødes." })).await;
    assert!(tasks(&app, CASEWORKER, "answer-hotline").await.is_empty());
    step(&app, HOTLINE, "/reopen", &answered.expect(200), json!({ "reason": "Ringer igen." }))
        .await
        .expect(200);
    assert_eq!(tasks(&app, CASEWORKER, "answer-hotline").await.len(), 1, "asked again");
    let timeline =
        app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/timeline")).await;
    let kinds: Vec<&str> =
        timeline.items().iter().filter_map(|event| event["kind"].as_str()).collect();
    for kind in ["hotline.linked", "hotline.taken", "hotline.answered", "hotline.reopened"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[actix_web::test]
async fn hl_06_without_a_coordinator_the_unit_is_asked_and_others_topics_ask_nobody() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let number = app.numbers_used().pop().unwrap();
    let calm = with(contact("guidance", "x"), "cpr", json!(number));
    log(&app, calm).await.expect(201);
    let solved =
        with(with(contact("drop-out-risk", "x"), "cpr", json!(number)), "outcome", json!("x"));
    log(&app, solved).await.expect(201);
    assert!(tasks(&app, CASEWORKER, "answer-hotline").await.is_empty());
    // Tied later.
    let logged = log(&app, contact("drop-out-risk", "x")).await.expect(201);
    assert!(tasks(&app, CASEWORKER, "answer-hotline").await.is_empty());
    let linked = step(&app, HOTLINE, "/link", &logged, json!({ "cpr": number })).await.expect(200);
    let asked = tasks(&app, "jv.teamleder", "answer-hotline").await;
    assert_eq!(
        (asked.len(), &asked[0]["employeeId"], &asked[0]["youngPersonId"]),
        (1, &Value::Null, &json!(person))
    );
    // It was about somebody else: they are asked no more, and both timelines tell.
    let other = app.young_person(CASEWORKER).await.id();
    let number = app.numbers_used().pop().unwrap();
    let body = json!({ "cpr": number, "reason": "Forkert nummer." });
    step(&app, HOTLINE, "/link", &linked, body).await.expect(200);
    let asked = tasks(&app, CASEWORKER, "answer-hotline").await;
    assert_eq!((asked.len(), &asked[0]["youngPersonId"]), (1, &json!(other)));
    for (whom, kind) in [(person, "hotline.unlinked"), (other, "hotline.linked")] {
        let timeline =
            app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{whom}/timeline")).await;
        assert_eq!(timeline.items()[0]["kind"], kind);
    }
    let seen = app
        .as_(CASEWORKER)
        .get(&format!("/api/v1/hotline/contacts/{}", logged.id()))
        .await
        .expect(200);
    let forbidden =
        step(&app, CASEWORKER, "/link", &seen, json!({ "youngPersonId": person })).await;
    assert_eq!(forbidden.problem(), (403, "access.denied"));
}

#[actix_web::test]
async fn hl_07_a_search_forgives_and_marks_what_it_found() {
    let app = TestApp::new().await;
    for summary in [
        "Kommer for sent, og der er misbrug i hjemmet.",
        "Skolefravær siden ferien; savner praktik.",
        "<b>Praktikpladsen</b> er væk, og økonomien halter.",
        "Vil tale med en vejleder.",
    ] {
        log(&app, contact("absence", summary)).await.expect(201);
    }
    for (text, expected) in [
        ("misbrug", &["Kommer"][..]),
        ("misbrg", &["Kommer"]),
        ("MISBURG", &["Kommer"]),
        ("skolefravaer", &["Skolefr"]),
        ("skolefravær", &["Skolefr"]),
        ("okonomi", &["<b>Prak"]),
        ("praktik", &["<b>Prak", "Skolefr"]),
        ("parktik", &["Skolefr"]),
        ("praktikplasden", &["<b>Prak"]),
        ("praktik savner", &["Skolefr"]),
        ("praktik misbrug", &[]),
        ("Mona", &[]),
        ("86000000", &[]),
    ] {
        let summaries = found(&app, HOTLINE, text).await;
        let begin: Vec<&str> = summaries
            .iter()
            .map(|summary| {
                expected.iter().copied().find(|part| summary.starts_with(part)).unwrap_or("?")
            })
            .collect();
        assert_eq!(begin, expected, "{text}: {summaries:?}");
    }
    // Nothing can be found by what no text consists of (U15).
    let nothing = app.as_(HOTLINE).post("/api/v1/hotline/contacts/search", json!({ "text": "%" }));
    assert_eq!(nothing.await.problem(), (422, "request.invalid"));
    let marks = async |text: &str| -> Vec<String> {
        let answer = search(&app, HOTLINE, json!({ "text": text })).await;
        let item = &answer.items()[0];
        let summary: Vec<char> = item["summary"].as_str().unwrap().chars().collect();
        let marks = item["marks"].as_array().unwrap().iter();
        marks
            .map(|mark| {
                let (start, length) =
                    (mark["start"].as_u64().unwrap(), mark["length"].as_u64().unwrap());
                summary[usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap()]
                    .iter()
                    .collect()
            })
            .collect()
    };
    assert_eq!(marks("skolefravaer praktik").await, ["Skolefravær", "praktik"]);
    assert_eq!(marks("praktikpladsen okonomi").await, ["Praktikpladsen", "økonomien"]);
    assert_eq!(marks("misbrg").await, ["misbrug"]);
    // As it was typed before what is like it, and page by page.
    log(&app, contact("absence", "En misbruger ringede.")).await.expect(201);
    log(&app, contact("absence", "Ny: misbrig")).await.expect(201);
    let first = search(&app, HOTLINE, json!({ "text": "misbrug", "limit": 1 })).await;
    assert_eq!(
        (&first.items()[0]["exact"], &first.items()[0]["summary"]),
        (&json!(true), &json!("En misbruger ringede."))
    );
    let mut seen = vec![id_of(&first.items()[0])];
    let mut cursor = first.body["nextCursor"].clone();
    while !cursor.is_null() {
        let next =
            search(&app, HOTLINE, json!({ "text": "misbrug", "limit": 1, "cursor": cursor })).await;
        seen.extend(next.items().iter().map(id_of));
        cursor = next.body["nextCursor"].clone();
    }
    let whole = search(&app, HOTLINE, json!({ "text": "misbrug" })).await;
    assert_eq!(seen, whole.items().iter().map(id_of).collect::<Vec<_>>());
    assert_eq!((seen.len(), &whole.items()[2]["exact"]), (3, &json!(false)));
    // Filters.
    for (filter, many) in [
        (json!({ "topic": "absence" }), 3),
        (json!({ "topic": "economy" }), 0),
        (json!({ "state": "closed" }), 0),
        (json!({ "state": "open", "callerKind": "relative" }), 3),
        (json!({ "institutionId": app.unit("vuc") }), 0),
        (json!({ "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }), 3),
        (json!({ "to": "2026-11-23T09:00:00Z" }), 0),
    ] {
        let answer = search(&app, HOTLINE, with(filter.clone(), "text", json!("misbrug"))).await;
        assert_eq!(answer.items().len(), many, "{filter}");
    }
}

/// HL-7: by caller, institution, topic, state and time also without words, newest first.
#[actix_web::test]
async fn hl_07_contacts_are_found_without_words() {
    let app = TestApp::new().await;
    let school = json!(app.unit("vuc"));
    let of_school = |topic: &str, called_at: &str| {
        let body = with(contact(topic, "x"), "callerKind", json!("institution"));
        with(with(body, "institutionId", school.clone()), "calledAt", json!(called_at))
    };
    let absence = log(&app, of_school("absence", "2026-11-20T09:00:00Z")).await.expect(201).id();
    let economy = log(&app, of_school("economy", "2026-11-18T09:00:00Z")).await.expect(201).id();
    let relative = log(&app, contact("absence", "x")).await.expect(201).id();
    for (filter, expected) in [
        (json!({}), &[relative, economy, absence][..]),
        (json!({ "limit": 2 }), &[relative, economy]),
        (json!({ "institutionId": school }), &[economy, absence]),
        (json!({ "callerKind": "relative" }), &[relative]),
        (json!({ "topic": "absence", "state": "open" }), &[relative, absence]),
        (json!({ "from": "2026-11-20T00:00:00Z" }), &[relative, absence]),
        (json!({ "to": "2026-11-20T00:00:00Z" }), &[economy]),
    ] {
        let answer = search(&app, HOTLINE, filter.clone()).await;
        let found: Vec<Uuid> = answer.items().iter().map(id_of).collect();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(answer.items()[0]["marks"], json!([]), "{filter}");
    }
}

/// HL-8, F2: twenty times the same contact under one key is one.
#[actix_web::test]
async fn hl_08_sent_again_under_its_key_it_is_no_second_contact() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let send = |number: usize| {
        let app = if number.is_multiple_of(2) { &app } else { &second };
        let call =
            app.as_(HOTLINE).post("/api/v1/hotline/contacts", contact("housing", "Uden tag."));
        call.key("one").into_future()
    };
    let answers = join_all((0..20).map(send)).await;
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
    let told: BTreeSet<Uuid> =
        answers.iter().filter(|one| one.status == 201).map(Answer::id).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(ids(&app, HOTLINE, "").await.len(), 1);
    let callers = app.sql("SELECT 1 FROM hotline_caller").await;
    assert_eq!(callers.len(), 1);
}

/// HL-8: also after a long weekend, when the answers to keys are forgotten; also a concern, which the hotline sees no more.
#[actix_web::test]
async fn hl_08_sent_again_days_later_it_is_no_second_contact() {
    let app = TestApp::new().await;
    let concern = with(contact("wellbeing", "x"), "concern", json!({ "about": "unborn" }));
    let solved = with(contact("housing", "x"), "outcome", json!("x"));
    let other = contact("housing", "Noget andet.");
    let bodies = [contact("housing", "x"), solved, concern];
    let send = async |key: &str, body: &Value| {
        let call = app.as_(HOTLINE).post("/api/v1/hotline/contacts", body.clone());
        call.key(key).await.expect(201)
    };
    let mut first = Vec::new();
    for (key, body) in ["a", "b", "c"].iter().zip(&bodies) {
        first.push(send(key, body).await);
    }
    app.at("2026-11-27T09:00:00Z");
    app.run_due_jobs().await;
    for ((key, body), before) in ["a", "b", "c"].iter().zip(&bodies).zip(&first) {
        for _ in 0..2 {
            let again = send(key, body).await;
            assert_eq!(but_for_the_request(&again), but_for_the_request(before), "{key}");
        }
    }
    let logged = async || app.sql("SELECT 1 FROM hotline_contact").await.len();
    assert_eq!(logged().await, 3);
    // What is another contact is one, also under a key that was forgotten, or another employee's.
    app.at("2026-11-30T09:00:00Z");
    assert_ne!(send("a", &other).await.id(), first[0].id());
    let call = app.as_(LEADER).post("/api/v1/hotline/contacts", bodies[0].clone()).key("a");
    assert_ne!(call.await.expect(201).id(), first[0].id());
    assert_eq!(logged().await, 5);
}

#[actix_web::test]
async fn hl_10_a_concern_goes_to_those_who_take_them_and_the_hotline_sees_no_more_of_it() {
    let app = TestApp::new().await;
    let body = with(
        contact("wellbeing", "Barnet er alene om natten."),
        "concern",
        json!({ "about": "under-18" }),
    );
    let logged = log(&app, body).await.expect(201);
    assert_eq!((&logged.body["passedOn"], logged.header("location")), (&json!(true), ""));
    assert!(!String::from_utf8_lossy(&logged.raw).contains("alene"));
    let nobody = Answer { body: json!({ "id": Uuid::now_v7(), "version": 1 }), ..logged.clone() };
    for who in [HOTLINE, LEADER, CASEWORKER, "bu.raadgiver"] {
        for at in ["", "/caller"] {
            let (hidden, missing) = (
                app.as_(who).get(&path(logged.id(), at)).await,
                app.as_(who).get(&path(nobody.id(), at)).await,
            );
            assert_eq!(but_for_the_request(&hidden), but_for_the_request(&missing), "{who} {at}");
            assert_eq!(hidden.problem(), (404, "not-found"), "{who} {at}");
        }
        for at in ["/answer", "/assess-concern", "/receipt-concern"] {
            let answer = step(&app, who, at, &logged, json!({ "text": "x" })).await;
            assert_eq!(answer.problem(), (404, "not-found"), "{who} {at}");
        }
        assert_eq!(take(&app, who, &logged).await.problem(), (404, "not-found"), "{who}");
        assert!(ids(&app, who, "").await.is_empty() && found(&app, who, "barnet").await.is_empty());
    }
    let passed_on = app.as_(HOTLINE).get("/api/v1/hotline/passed-on").await.expect(200);
    assert_eq!(passed_on.items(), [json!({ "id": logged.id(), "loggedAt": app.now() })]);

    let me = app.as_(TAKES_CONCERNS);
    let read = me.get(&path(logged.id(), "")).await.expect(200);
    assert_eq!(
        read.body["concern"],
        json!({
            "about": "under-18", "assessBy": "2026-11-24T09:00:00Z", "assessedAt": null, "receiptBy": "2026-12-01",
            "receiptedAt": null,
        })
    );
    assert_eq!(me.get(&path(logged.id(), "/caller")).await.expect(200).body["name"], "Mona Mor");
    assert_eq!(found(&app, TAKES_CONCERNS, "barnet").await.len(), 1);
    app.at("2026-11-24T10:00:00Z");
    assert_eq!(ids(&app, TAKES_CONCERNS, "&overdue=true").await, [logged.id()]);
    let past_due = async || {
        let list = me.get("/api/v1/hotline/contacts").await.expect(200);
        list.items()[0]["pastDue"].clone()
    };
    assert_eq!(past_due().await, json!(["assess"]));
    let taken = take(&app, TAKES_CONCERNS, &read).await.expect(200);
    let told = json!({ "text": "x" });
    let answered = step(&app, TAKES_CONCERNS, "/answer", &taken, told.clone()).await.expect(200);
    let close = async |before: &Answer| {
        me.post_nothing(&path(logged.id(), "/close")).if_match(before.version()).await
    };
    let early = close(&answered).await;
    assert_eq!(early.problem(), (409, "hotline.concern-unhandled"));
    assert_eq!(early.body["missing"], json!(["assess", "receipt"]));
    let assessed =
        step(&app, TAKES_CONCERNS, "/assess-concern", &answered, told.clone()).await.expect(200);
    let twice = step(&app, TAKES_CONCERNS, "/assess-concern", &assessed, told.clone()).await;
    assert_eq!(twice.problem(), (409, "hotline.step-not-allowed"));
    let event = "SELECT payload FROM event WHERE kind = 'hotline.concern-assessed'";
    assert_eq!(app.sql(event).await[0]["payload"]["inTime"], false, "more than 24 hours");
    assert_eq!(past_due().await, json!([]));
    app.at("2026-12-01T23:00:00Z");
    assert_eq!(past_due().await, json!(["receipt"]));
    assert_eq!(ids(&app, TAKES_CONCERNS, "&overdue=true").await, [logged.id()]);
    let receipted =
        step(&app, TAKES_CONCERNS, "/receipt-concern", &assessed, told).await.expect(200);
    assert_eq!(past_due().await, json!([]));
    close(&receipted).await.expect(200);
}

/// HL-10: whom it is about is tied to it for B&U, and no unit of the case sees it by that; nobody of age is a child.
#[actix_web::test]
async fn hl_10_a_concern_is_seen_by_no_case_and_is_about_no_adult() {
    let app = TestApp::new().await;
    let (number, person, _) = case(&app).await;
    let body = with(contact("wellbeing", "x"), "concern", json!({ "about": "unborn" }));
    let logged = log(&app, with(body, "cpr", json!(number))).await.expect(201);
    assert_eq!(app.as_(CASEWORKER).get(&path(logged.id(), "")).await.problem(), (404, "not-found"));
    assert!(ids(&app, CASEWORKER, "").await.is_empty());
    let timeline =
        app.as_(CASEWORKER).get(&format!("/api/v1/young-people/{person}/timeline")).await;
    assert!(!String::from_utf8_lossy(&timeline.raw).contains("hotline"));
    let child = with(contact("wellbeing", "x"), "concern", json!({ "about": "under-18" }));
    let child = log(&app, child).await.expect(201);
    let linked = step(&app, TAKES_CONCERNS, "/link", &child, json!({ "cpr": number })).await;
    assert_eq!(linked.problem(), (409, "hotline.concern-of-age"));
    // The event tells neither what was said nor who called.
    let events = app.sql("SELECT payload FROM event WHERE kind LIKE 'hotline%'").await;
    let events = serde_json::to_string(&events).unwrap();
    assert!(
        !events.contains("Mona") && !events.contains("86000000") && !events.contains("summary")
    );
}

/// AC-10: what is in a list is what may be read by itself, and found, for everybody.
#[actix_web::test]
async fn hl_04_ac_10_lists_and_searches_tell_what_may_be_read() {
    let app = TestApp::new().await;
    let (number, person, plan) = case(&app).await;
    app.participant(CASEWORKER, plan, "social.raadgiver").await;
    app.participant(CASEWORKER, plan, HOTLINE).await;
    let mut all = Vec::new();
    for (topic, tied) in
        [("absence", true), ("economy", false), ("housing", true), ("guidance", false)]
    {
        let body = contact(topic, "Noget at finde.");
        let body = if tied { with(body, "cpr", json!(number)) } else { body };
        all.push(log(&app, body).await.expect(201).id());
        let body = with(contact(topic, "Noget at finde."), "concern", json!({ "about": "unborn" }));
        all.push(log(&app, body).await.expect(201).id());
    }
    let mut sights = Vec::new();
    for who in [
        HOTLINE,
        LEADER,
        CASEWORKER,
        "jv.teamleder",
        "social.raadgiver",
        COUNSELLOR,
        "bu.raadgiver",
        "mentor",
        TAKES_CONCERNS,
    ] {
        let mut readable = BTreeSet::new();
        for id in &all {
            let answer = app.as_(who).get(&path(*id, "")).await;
            assert!([200, 404].contains(&answer.status), "{who}");
            if answer.status == 200 {
                readable.insert(*id);
            }
        }
        let listed: BTreeSet<Uuid> = ids(&app, who, "").await.into_iter().collect();
        let found = search(&app, who, json!({ "text": "noget finde", "limit": 200 })).await;
        let found: BTreeSet<Uuid> = found.items().iter().map(id_of).collect();
        assert_eq!((&listed, &found), (&readable, &readable), "{who}");
        sights.push(readable.len());
    }
    assert_eq!(sights, [4, 4, 2, 2, 2, 0, 0, 0, 4]);
    for who in ["styregruppe", "dpo", "vuc.vejleder", "admin"] {
        let answer = app.as_(who).get("/api/v1/hotline/contacts").await;
        assert_eq!(answer.problem(), (403, "access.denied"), "{who}");
    }
    // Filters of the list.
    for (query, many) in
        [("&topic=absence", 1), ("&state=open", 4), ("&state=closed", 0), ("&overdue=true", 0)]
    {
        assert_eq!(ids(&app, HOTLINE, query).await.len(), many, "{query}");
    }
    // Reading them is on the log: by a basis, or within the hotline.
    let (number, other, _) = case(&app).await;
    log(&app, with(contact("absence", "x"), "cpr", json!(number))).await.expect(201);
    let listed = app.as_(LEADER).get("/api/v1/hotline/contacts").await.expect(200);
    let entry = entry_of(&app, &listed).await;
    let whom = entry["young_people"].as_array().unwrap();
    let basis_of = |person: Uuid| {
        let place = whom.iter().position(|one| *one == json!(person)).unwrap();
        &entry["bases"][place]
    };
    assert_eq!((whom.len(), basis_of(other)), (2, &Value::Null));
    let basis = basis_of(person).as_str().unwrap();
    let basis = format!("SELECT young_person_id FROM access_basis WHERE id = '{basis}'");
    assert_eq!(app.sql(&basis).await[0]["young_person_id"], json!(person));
}

/// HL-10: an institution, and a version that is stale.
#[actix_web::test]
async fn hl_02_an_institution_calls_and_sees_nothing_of_it() {
    let app = TestApp::new().await;
    let body = json!({
        "callerKind": "institution", "institutionId": app.unit("vuc"), "channel": "email", "topic": "drop-out-risk",
        "urgency": "acute", "summary": "En kursist er væk.",
    });
    let logged = log(&app, body).await.expect(201);
    assert_eq!(logged.body["dueAt"], "2026-11-23T22:59:59.999999Z", "the same day");
    let of_vuc = format!("&institutionId={}", app.unit("vuc"));
    assert_eq!(ids(&app, HOTLINE, &of_vuc).await, [logged.id()]);
    assert_eq!(
        app.as_("vuc.vejleder").get(&path(logged.id(), "")).await.problem(),
        (404, "not-found")
    );
    let nothing = app.as_(HOTLINE).get(&path(logged.id(), "/caller")).await.expect(200);
    assert_eq!(nothing.body, json!({ "name": null, "telephone": null, "relation": null }));
    for at in ["/link", "/assess-concern"] {
        let (who, body) = if at == "/link" {
            (HOTLINE, json!({ "cpr": app.fresh_number() }))
        } else {
            (HOTLINE, json!({ "text": "x" }))
        };
        let missing = app.as_(who).post(&path(logged.id(), at), body.clone()).await;
        let stale = app.as_(who).post(&path(logged.id(), at), body).if_match(7).await;
        let expected = if at == "/link" {
            ((428, "version.missing"), (412, "version.stale"))
        } else {
            ((403, "access.denied"), (403, "access.denied"))
        };
        assert_eq!((missing.problem(), stale.problem()), expected);
    }
}
