//! PL-14 to PL-16: what schools and others outside are told, on which basis, and what comes back.

use crate::entry_of;
use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, close, done, refused, row, shared_plan};
use serde_json::{Value, json};
use test_support::{Answer, Call, TestApp};
use uuid::Uuid;

fn law() -> Value {
    json!({ "kind": "law", "paragraph": "KUI § 15 d, stk. 3", "words": "Pålægget gives skolen." })
}

fn by_consent() -> Value {
    json!({ "kind": "consent", "words": "Givet mundtligt den 20. november." })
}

fn order() -> Value {
    json!({
        "education": "EUD, grundforløb 1", "school": "Mercantec", "from": "2027-01-11", "to": "2027-06-25",
        "mentor": "Karen Mentor", "told": "Møder bedst efter kl. 9.", "toldOn": "2026-11-20", "basis": law(),
    })
}

fn remark() -> Value {
    json!({ "school": "Mercantec", "remark": "Ordblind; læser med hjælpemidler.", "sentOn": "2026-11-20", "basis": by_consent() })
}

fn doctor() -> Value {
    json!({
        "name": "Lægehuset", "role": "doctor", "organisation": "Lægehuset Midt", "contact": "Sekretæren, 9-12",
        "consent": { "givenOn": "2026-11-02", "purpose": "Fælles plan.", "areas": ["health", "plan"], "until": "2026-12-01" },
    })
}

fn sent(on: &str, area: &str, basis: &Value) -> Value {
    json!({ "informationArea": area, "what": "Planens helbredsmål", "on": on, "basis": basis })
}

fn told<'a>(app: &'a TestApp, who: &'a str, plan: Uuid, what: &str, body: Value) -> Call<'a> {
    app.as_(who).post(&format!("/api/v1/plans/{plan}/{what}"), body)
}

async fn list(app: &TestApp, who: &str, plan: Uuid, what: &str) -> Answer {
    done(app.as_(who).get(&format!("/api/v1/plans/{plan}/{what}"))).await
}

/// A step of one of these, in the version in which it was last answered.
fn step<'a>(app: &'a TestApp, kind: &str, thing: &Answer, step: &str, body: Value) -> Call<'a> {
    let path = format!("/api/v1/{kind}/{}/{step}", thing.id());
    let me = app.as_(CASEWORKER);
    let call = if body.is_null() { me.post_nothing(&path) } else { me.post(&path, body) };
    call.if_match(thing.version())
}

#[actix_web::test]
async fn pl_14_an_education_order_and_its_receipt_are_kept() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let given = told(&app, CASEWORKER, case.plan, "education-orders", order()).await.expect(201);
    let mut expected = order();
    for (member, value) in [
        ("id", json!(given.id())),
        ("planId", json!(case.plan)),
        ("receipt", Value::Null),
        ("enteredById", json!(app.employee(CASEWORKER))),
        ("enteredBy", given.body["enteredBy"].clone()),
        ("enteredAt", json!(app.now())),
        ("version", json!(1)),
    ] {
        expected[member] = value;
    }
    assert_eq!(given.body, expected);
    assert_eq!(row(&app, "education_order", given.id()).await["information_area"], 4);
    let bare = json!({ "education": "HF", "school": "VUC", "from": "2027-01-11", "basis": law() });
    let bare = done(told(&app, COUNSELLOR, case.plan, "education-orders", bare)).await;
    assert_eq!(
        [&bare.body["toldOn"], &bare.body["to"], &bare.body["told"], &bare.body["mentor"]],
        [&json!("2026-11-23"), &Value::Null, &Value::Null, &Value::Null]
    );

    for on in ["2026-11-19", "2026-11-24"] {
        let call = step(
            &app,
            "education-orders",
            &given,
            "receipt",
            json!({ "on": on, "by": "Studievejlederen" }),
        );
        let answer = refused(&app, call, (409, "disclosure.day-out-of-range")).await;
        assert_eq!([&answer.body["from"], &answer.body["to"]], ["2026-11-20", "2026-11-23"]);
    }
    let body = json!({ "on": "2026-11-20", "by": "Studievejlederen" });
    let received = done(step(&app, "education-orders", &given, "receipt", body.clone())).await;
    assert_eq!((&received.body["receipt"], received.version()), (&body, 2));
    let again = step(&app, "education-orders", &given, "receipt", body.clone());
    refused(&app, again, (412, "version.stale")).await;
    let again = step(&app, "education-orders", &received, "receipt", body);
    refused(&app, again, (409, "disclosure.already-received")).await;

    let all = list(&app, COUNSELLOR, case.plan, "education-orders").await;
    assert_eq!(
        all.items(),
        [bare.body.clone(), received.body.clone()],
        "the latest first, also for who takes part"
    );
    assert_eq!(entry_of(&app, &all).await["young_people"], json!([case.young_person]));
    let kinds =
        app.sql("SELECT kind FROM event WHERE kind LIKE 'education-order%' ORDER BY id").await;
    assert_eq!(kinds.len(), 3);
    close(&app, CASEWORKER, case.plan).await;
    refused(
        &app,
        told(&app, CASEWORKER, case.plan, "education-orders", order()),
        (409, "plan.closed"),
    )
    .await;
    let late = step(&app, "education-orders", &bare, "receipt", json!({ "by": "x" }));
    refused(&app, late, (409, "plan.closed")).await;
}

#[actix_web::test]
async fn pl_14_pl_15_what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let changed = |mut body: Value, member: &str, value: Value| {
        body[member] = value;
        body
    };
    let no_paragraph = json!({ "kind": "law", "words": "x" });
    let paragraph = json!({ "kind": "necessity", "paragraph": "§ 1", "words": "x" });
    let unknown = json!({ "kind": "habit", "words": "x" });
    for (what, body, on) in
        [("education-orders", order(), "toldOn"), ("support-remarks", remark(), "sentOn")]
    {
        for (basis, pointer) in [
            (&no_paragraph, "/basis/paragraph"),
            (&paragraph, "/basis/paragraph"),
            (&unknown, "/basis/kind"),
            (&Value::Null, "/basis"),
        ] {
            let call = told(
                &app,
                CASEWORKER,
                case.plan,
                what,
                changed(body.clone(), "basis", basis.clone()),
            );
            assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), [pointer]);
        }
        for day in ["2026-11-24", "2026-05-24"] {
            let call =
                told(&app, CASEWORKER, case.plan, what, changed(body.clone(), on, json!(day)));
            refused(&app, call, (409, "plan.day-out-of-range")).await;
        }
        refused(&app, told(&app, STRANGER, case.plan, what, body), (404, "not-found")).await;
    }
    let backwards = changed(order(), "to", json!("2027-01-10"));
    let call = told(&app, CASEWORKER, case.plan, "education-orders", backwards);
    assert_eq!(refused(&app, call, (422, "request.invalid")).await.pointers(), ["/to"]);
    let of_crime = changed(remark(), "informationArea", json!("crime"));
    let call = told(&app, CASEWORKER, case.plan, "support-remarks", of_crime);
    assert_eq!(
        refused(&app, call, (422, "request.invalid")).await.pointers(),
        ["/informationArea"]
    );
}

#[actix_web::test]
async fn pl_15_a_remark_its_receipt_and_its_answer_are_kept() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let first = told(&app, CASEWORKER, case.plan, "support-remarks", remark()).await.expect(201);
    assert_eq!(first.body["informationArea"], "education-and-employment");
    assert_eq!(
        [&first.body["basis"]["kind"], &first.body["basis"]["paragraph"]],
        [&json!("consent"), &Value::Null]
    );
    // An answer without a receipt, and a receipt after it.
    let early = step(
        &app,
        "support-remarks",
        &first,
        "answer",
        json!({ "on": "2026-11-19", "text": "Ja." }),
    );
    refused(&app, early, (409, "disclosure.day-out-of-range")).await;
    let answer = json!({ "on": "2026-11-21", "text": "Vi har en it-rygsæk klar." });
    let answered = done(step(&app, "support-remarks", &first, "answer", answer.clone())).await;
    assert_eq!((&answered.body["answer"], &answered.body["receipt"]), (&answer, &Value::Null));
    let again = step(&app, "support-remarks", &answered, "answer", answer.clone());
    refused(&app, again, (409, "disclosure.already-answered")).await;
    let received =
        step(&app, "support-remarks", &answered, "receipt", json!({ "by": "Læsevejlederen" }));
    let received = done(received).await;
    assert_eq!(received.body["receipt"], json!({ "on": "2026-11-23", "by": "Læsevejlederen" }));
    assert_eq!((received.version(), &received.body["answer"]), (3, &answer));
    let again = step(&app, "support-remarks", &received, "receipt", json!({ "by": "x" }));
    refused(&app, again, (409, "disclosure.already-received")).await;

    // AC-3: of health it is its writer's own.
    let mut of_health = remark();
    of_health["informationArea"] = json!("health");
    let hidden = done(told(&app, CASEWORKER, case.plan, "support-remarks", of_health)).await;
    let mine = list(&app, CASEWORKER, case.plan, "support-remarks").await;
    assert_eq!(mine.items(), [hidden.body.clone(), received.body.clone()]);
    let theirs = list(&app, COUNSELLOR, case.plan, "support-remarks").await;
    assert_eq!(theirs.items(), [received.body]);
    let path = format!("/api/v1/support-remarks/{}/answer", hidden.id());
    let call = app.as_(COUNSELLOR).post(&path, answer).if_match(1);
    refused(&app, call, (404, "not-found")).await;
}

#[actix_web::test]
async fn pl_15_of_two_who_record_the_receipt_at_once_one_does() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let first = done(told(&app, CASEWORKER, case.plan, "support-remarks", remark())).await;
    // Signed in there too, so that all begin at once.
    done(other.as_(CASEWORKER).get("/api/v1/me")).await;
    let tries = (0..6).map(|n| {
        let app = if n % 2 == 0 { &app } else { &other };
        std::future::IntoFuture::into_future(step(
            app,
            "support-remarks",
            &first,
            "receipt",
            json!({ "by": format!("Nr. {n}") }),
        ))
    });
    let answers = futures_util::future::join_all(tries).await;
    let mut problems: Vec<_> = answers.iter().map(Answer::problem).collect();
    problems.sort_unstable();
    assert_eq!(problems[0], (200, ""));
    assert_eq!(problems[1..], [(412, "version.stale"); 5]);
}

#[actix_web::test]
async fn pl_16_somebody_outside_takes_part_with_role_consent_and_what_was_sent() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let before = app.sql("SELECT count(*) FROM access_basis").await;
    let named =
        told(&app, CASEWORKER, case.plan, "external-participants", doctor()).await.expect(201);
    assert_eq!(app.sql("SELECT count(*) FROM access_basis").await, before, "it opens nothing");
    assert_eq!(
        (&named.body["informationArea"], &named.body["basis"]),
        (&json!("health"), &Value::Null)
    );
    assert_eq!(
        named.body["consent"],
        json!({ "givenOn": "2026-11-02", "purpose": "Fælles plan.", "areas": ["plan", "health"],
                "until": "2026-12-01", "withdrawnOn": null })
    );
    let path = format!("/api/v1/external-participants/{}/sent", named.id());
    let send = |on: &str, area: &str, basis: Value| {
        app.as_(CASEWORKER).post(&path, sent(on, area, &basis))
    };
    let no_basis = (409, "external-participant.no-basis");
    for (on, area) in [("2026-11-01", "health"), ("2026-11-20", "crime")] {
        refused(&app, send(on, area, by_consent()), no_basis).await;
    }
    let necessity = json!({ "kind": "necessity", "words": "Fare for liv." });
    done(send("2026-11-01", "crime", necessity.clone())).await;
    let all = send("2026-11-20", "health", by_consent()).await.expect(201);
    let days: Vec<&Value> =
        all.body["sent"].as_array().unwrap().iter().map(|one| &one["on"]).collect();
    assert_eq!(days, ["2026-11-20", "2026-11-01"]);
    assert_eq!((all.version(), &all.body["sent"][1]["basis"]["kind"]), (1, &json!("necessity")));
    refused(&app, send("2026-11-24", "health", by_consent()), (409, "plan.day-out-of-range")).await;

    // Withdrawn, from today on.
    let withdrawn =
        done(step(&app, "external-participants", &all, "withdraw-consent", Value::Null)).await;
    assert_eq!(
        (&withdrawn.body["consent"]["withdrawnOn"], withdrawn.version()),
        (&json!("2026-11-23"), 2)
    );
    refused(&app, send("2026-11-23", "health", by_consent()), no_basis).await;
    done(send("2026-11-22", "health", by_consent())).await;
    done(send("2026-11-23", "health", law())).await;
    let again = step(&app, "external-participants", &withdrawn, "withdraw-consent", Value::Null);
    refused(&app, again, (409, "external-participant.no-consent")).await;
    let stale = step(&app, "external-participants", &all, "end", Value::Null);
    refused(&app, stale, (412, "version.stale")).await;
    let ended = done(step(&app, "external-participants", &withdrawn, "end", Value::Null)).await;
    assert_eq!((&ended.body["endedOn"], ended.version()), (&json!("2026-11-23"), 3));
    let again = step(&app, "external-participants", &ended, "end", Value::Null);
    refused(&app, again, (409, "external-participant.ended")).await;
    app.at("2026-11-24T09:00:00Z");
    refused(&app, send("2026-11-24", "health", law()), (409, "external-participant.ended")).await;
    let list = list(&app, CASEWORKER, case.plan, "external-participants").await;
    assert_eq!(list.items()[0]["sent"].as_array().unwrap().len(), 4);
    close(&app, CASEWORKER, case.plan).await;
    refused(&app, send("2026-11-20", "health", law()), (409, "plan.closed")).await;
}

#[actix_web::test]
async fn pl_16_a_consent_ends_on_its_day() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let named = done(told(&app, CASEWORKER, case.plan, "external-participants", doctor())).await;
    let path = format!("/api/v1/external-participants/{}/sent", named.id());
    app.at("2026-12-02T09:00:00Z");
    let late = app.as_(CASEWORKER).post(&path, sent("2026-12-02", "plan", &by_consent()));
    refused(&app, late, (409, "external-participant.no-basis")).await;
    done(app.as_(CASEWORKER).post(&path, sent("2026-12-01", "plan", &by_consent()))).await;
}

/// AC-3: that psychiatry or the prison service takes part tells of illness and crime.
#[actix_web::test]
async fn pl_16_ac_03_who_takes_part_is_its_writers_own_where_it_tells_of_illness_or_crime() {
    let app = TestApp::new().await;
    let case = shared_plan(&app, CASEWORKER, COUNSELLOR).await;
    let name = async |role: &str, area: Option<&str>| {
        let mut body = doctor();
        body["role"] = json!(role);
        if let Some(area) = area {
            body["informationArea"] = json!(area);
        }
        done(told(&app, CASEWORKER, case.plan, "external-participants", body)).await
    };
    let hidden = name("psychiatry", None).await;
    name("prison-service", None).await;
    let lawyer = name("lawyer", None).await;
    let known = name("midwife", Some("plan")).await;
    let mine = list(&app, CASEWORKER, case.plan, "external-participants").await;
    assert_eq!(mine.items().len(), 4);
    let theirs = list(&app, COUNSELLOR, case.plan, "external-participants").await;
    assert_eq!(theirs.items(), [known.body.clone(), lawyer.body]);
    for step in ["withdraw-consent", "end"] {
        let path = format!("/api/v1/external-participants/{}/{step}", hidden.id());
        refused(&app, app.as_(COUNSELLOR).post_nothing(&path).if_match(1), (404, "not-found"))
            .await;
    }
    let path = |id: Uuid| format!("/api/v1/external-participants/{id}/sent");
    let call = app.as_(COUNSELLOR).post(&path(hidden.id()), sent("2026-11-20", "plan", &law()));
    refused(&app, call, (404, "not-found")).await;
    // So is what was sent to one whom all know.
    done(app.as_(CASEWORKER).post(&path(known.id()), sent("2026-11-20", "health", &law()))).await;
    done(app.as_(CASEWORKER).post(&path(known.id()), sent("2026-11-20", "plan", &law()))).await;
    let theirs = list(&app, COUNSELLOR, case.plan, "external-participants").await;
    let areas: Vec<&Value> = theirs.items()[0]["sent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["informationArea"])
        .collect();
    assert_eq!(areas, ["plan"]);
}

#[actix_web::test]
async fn pl_16_a_participant_rests_on_a_consent_or_on_what_needs_none() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let necessity = json!({ "kind": "necessity", "words": "x" });
    let consent = |changes: Value| {
        let mut consent = doctor()["consent"].clone();
        for (member, value) in changes.as_object().unwrap() {
            consent[member] = value.clone();
        }
        consent
    };
    for (changes, pointer) in [
        (json!({ "basis": necessity }), "/basis"),
        (json!({ "consent": null }), "/basis"),
        (json!({ "consent": null, "basis": by_consent() }), "/basis"),
        (json!({ "consent": null, "basis": { "kind": "law", "words": "x" } }), "/basis/paragraph"),
        (json!({ "consent": consent(json!({ "givenOn": "2026-11-24" })) }), "/consent/givenOn"),
        (json!({ "consent": consent(json!({ "until": "2026-11-01" })) }), "/consent/until"),
        (json!({ "consent": consent(json!({ "areas": [] })) }), "/consent/areas"),
        (json!({ "role": "other" }), "/roleWords"),
        (json!({ "roleWords": "Onkel" }), "/roleWords"),
        (json!({ "informationArea": "identity" }), "/informationArea"),
    ] {
        let mut body = doctor();
        for (member, value) in changes.as_object().unwrap() {
            body[member] = value.clone();
        }
        let call = told(&app, CASEWORKER, case.plan, "external-participants", body);
        assert_eq!(
            refused(&app, call, (422, "request.invalid")).await.pointers(),
            [pointer],
            "{changes}"
        );
    }
    let uncle = json!({ "name": "Ole", "role": "other", "roleWords": "Onkel", "basis": necessity });
    let uncle = done(told(&app, CASEWORKER, case.plan, "external-participants", uncle)).await;
    assert_eq!(
        (&uncle.body["consent"], &uncle.body["basis"]["kind"]),
        (&Value::Null, &json!("necessity"))
    );
    let none = step(&app, "external-participants", &uncle, "withdraw-consent", Value::Null);
    refused(&app, none, (409, "external-participant.no-consent")).await;
    let path = format!("/api/v1/external-participants/{}/sent", uncle.id());
    let call = app.as_(CASEWORKER).post(&path, sent("2026-11-20", "plan", &by_consent()));
    refused(&app, call, (409, "external-participant.no-basis")).await;
}

/// Two at once: what is sent while the consent is withdrawn was sent before, or not.
#[actix_web::test]
async fn pl_16_nothing_is_sent_after_the_withdrawal_that_overtakes_it() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let case = app.active_plan(CASEWORKER).await;
    let named = done(told(&app, CASEWORKER, case.plan, "external-participants", doctor())).await;
    let path = format!("/api/v1/external-participants/{}", named.id());
    done(other.as_(CASEWORKER).get("/api/v1/me")).await;
    let sends = (0..5).map(|n| {
        let app = if n % 2 == 0 { &app } else { &other };
        let call = app
            .as_(CASEWORKER)
            .post(&format!("{path}/sent"), sent("2026-11-23", "health", &by_consent()));
        std::future::IntoFuture::into_future(call)
    });
    let withdrawal = async {
        step(&app, "external-participants", &named, "withdraw-consent", Value::Null).await
    };
    let (sent, withdrawn) =
        futures_util::future::join(futures_util::future::join_all(sends), withdrawal).await;
    withdrawn.expect(200);
    let kept = app.sql("SELECT FROM external_disclosure").await.len();
    assert_eq!(kept, sent.iter().filter(|answer| answer.status == 201).count());
    assert!(sent.iter().all(|answer| {
        matches!(answer.problem(), (201, "") | (409, "external-participant.no-basis"))
    }));
    let late = app
        .as_(CASEWORKER)
        .post(&format!("{path}/sent"), self::sent("2026-11-23", "health", &by_consent()));
    refused(&app, late, (409, "external-participant.no-basis")).await;
}
