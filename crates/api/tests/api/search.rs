//! AC-10: list, search and look-up find those whom the caller may see, and forgive how names are typed.

use crate::steps::{CASEWORKER, COUNSELLOR, STRANGER, close, done, join, refused};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// Registers somebody of this name.
async fn name(app: &TestApp, who: &str, given: &str, family: &str) -> Uuid {
    let mut body = app.registration(who);
    (body["givenName"], body["familyName"]) = (json!(given), json!(family));
    done(app.as_(who).post("/api/v1/young-people", body)).await.id()
}

async fn search(app: &TestApp, who: &str, text: &str) -> Answer {
    app.as_(who).post("/api/v1/young-people/search", json!({ "text": text })).await.expect(200)
}

/// The family names that are found, best first.
async fn found(app: &TestApp, who: &str, text: &str) -> Vec<String> {
    let answer = search(app, who, text).await;
    answer.items().iter().map(|item| item["familyName"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn ac_10_names_are_found_however_their_letters_are_typed() {
    let app = TestApp::new().await;
    for (given, family) in [
        ("Søren", "Ærø"),
        ("Åse", "Nygård"),
        ("José", "Müller"),
        ("Anne-Mette", "O'Brien"),
        ("Mikkel", "Aagaard"),
        ("Bo", "Ødegård"),
        ("Łukasz", "Šarić"),
    ] {
        name(&app, CASEWORKER, given, family).await;
    }
    for (typed, family) in [
        ("Søren Ærø", "Ærø"),
        ("soren aro", "Ærø"),
        ("SOEREN AEROE", "Ærø"),
        ("søren", "Ærø"),
        ("sören", "Ærø"),
        ("aerø", "Ærø"),
        ("Åse Nygård", "Nygård"),
        ("aase nygaard", "Nygård"),
        ("ase nygard", "Nygård"),
        ("NYGÅRD", "Nygård"),
        ("nygaard", "Nygård"),
        ("jose muller", "Müller"),
        ("JOSÉ MÜLLER", "Müller"),
        ("anne mette obrien", "O'Brien"),
        ("o'brien", "O'Brien"),
        ("Ågård", "Aagaard"),
        ("agard", "Aagaard"),
        ("oedegaard", "Ødegård"),
        ("lukasz saric", "Šarić"),
        ("ŠARIĆ", "Šarić"),
        ("odegard", "Ødegård"),
        // Letters and accents as two characters, as some systems send them.
        ("A\u{30a}se Nyga\u{30a}rd", "Nygård"),
        ("Jose\u{301}", "Müller"),
    ] {
        assert_eq!(
            found(&app, CASEWORKER, typed).await.first().map(String::as_str),
            Some(family),
            "{typed}"
        );
    }
}

#[actix_web::test]
async fn ac_10_typing_errors_are_forgiven_and_the_best_comes_first() {
    let app = TestApp::new().await;
    for (given, family) in [
        ("Mathilde", "Vestergaard"),
        ("Mathias", "Vestergren"),
        ("Kaja", "Thøgersen"),
        ("Emil", "Lund"),
    ] {
        name(&app, CASEWORKER, given, family).await;
    }
    for (typed, family) in [
        ("vestergard", "Vestergaard"),
        ("mathlide vestergaard", "Vestergaard"),
        ("thogersen", "Thøgersen"),
        ("toegersen", "Thøgersen"),
        ("Vestergren", "Vestergren"),
        ("vesterg", "Vestergaard"),
    ] {
        let answer = search(&app, CASEWORKER, typed).await;
        let names: Vec<_> = answer.items().iter().map(|item| item["familyName"].clone()).collect();
        assert!(names.contains(&json!(family)), "{typed}: {names:?}");
        let scores: Vec<f64> =
            answer.items().iter().map(|item| item["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    }
    assert_eq!(found(&app, CASEWORKER, "vestergren").await[0], "Vestergren");
    assert_eq!(found(&app, CASEWORKER, "qqqqq").await, [""; 0]);
    // Nothing that a name is made of (U15).
    let body = json!({ "text": "-'." });
    let nothing = app.as_(CASEWORKER).post("/api/v1/young-people/search", body).await;
    assert_eq!(nothing.problem(), (422, "request.invalid"));
}

#[actix_web::test]
async fn ac_10_many_better_hits_that_one_may_not_see_do_not_push_out_the_one_that_one_may() {
    let app = TestApp::new().await;
    for _ in 0..30 {
        name(&app, STRANGER, "Signe", "Sørensen").await;
    }
    let mine = name(&app, CASEWORKER, "Signe Marie", "Sørensen").await;
    let answer = search(&app, CASEWORKER, "Signe Sørensen").await;
    assert_eq!(
        answer.items().iter().map(|item| item["id"].clone()).collect::<Vec<_>>(),
        [json!(mine)]
    );
    let theirs = search(&app, STRANGER, "Signe Sørensen").await;
    assert_eq!(theirs.items().len(), 25, "at most as many as are shown");
    assert!(theirs.items().iter().all(|item| item["familyName"] == "Sørensen"));
}

#[actix_web::test]
async fn ac_10_a_number_is_looked_up_whole_and_only_among_those_one_may_see() {
    let app = TestApp::new().await;
    let person = app.young_person(CASEWORKER).await.id();
    let number = app.numbers_used().remove(0);
    let look_up =
        |who, cpr: &str| app.as_(who).post("/api/v1/young-people/lookup", json!({ "cpr": cpr }));
    assert_eq!(done(look_up(CASEWORKER, &number)).await.id(), person);
    let nobodys = refused(&app, look_up(CASEWORKER, &app.fresh_number()), (404, "not-found")).await;
    let hidden = refused(&app, look_up(STRANGER, &number), (404, "not-found")).await;
    let without = |answer: &Answer| {
        let mut body = answer.body.clone();
        body["instance"] = Value::Null;
        body
    };
    assert_eq!(without(&nobodys), without(&hidden), "hidden is as missing");
    assert_eq!(found(&app, CASEWORKER, &number).await, [""; 0], "a number is no name");
}

/// All of a list, page by page, while `meanwhile` happens after each.
async fn pages(app: &TestApp, who: &str, query: &str, meanwhile: impl AsyncFn()) -> Vec<Uuid> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            app.as_(who).get(&format!("/api/v1/young-people?{query}{cursor}")).await.expect(200);
        ids.extend(
            page.items()
                .iter()
                .map(|item| -> Uuid { item["id"].as_str().unwrap().parse().unwrap() }),
        );
        meanwhile().await;
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[actix_web::test]
async fn ac_10_cursors_page_through_all_without_gap_or_double_while_others_are_registered() {
    let app = TestApp::new().await;
    let mut all = Vec::new();
    for _ in 0..23 {
        all.push(app.young_person(CASEWORKER).await.id());
        app.young_person(STRANGER).await;
    }
    all.reverse();
    for limit in [1, 5, 22, 23, 24, 200] {
        assert_eq!(
            pages(&app, CASEWORKER, &format!("limit={limit}"), async || ()).await,
            all,
            "limit {limit}"
        );
    }
    let busy = pages(&app, CASEWORKER, "limit=4", async || {
        app.young_person(CASEWORKER).await;
    })
    .await;
    assert_eq!(busy, all, "newest first: who comes meanwhile stands before the first page");
    for wrong in ["limit=0", "limit=201", "limit=x", "cursor=x", "unknown=1"] {
        let answer = app.as_(CASEWORKER).get(&format!("/api/v1/young-people?{wrong}")).await;
        assert_eq!(answer.problem(), (422, "request.invalid"), "{wrong}");
    }
}

#[actix_web::test]
async fn ac_10_a_list_of_one_unit_holds_those_whom_it_sees_and_none_of_anothers() {
    let app = TestApp::new().await;
    let (ours, theirs) = (app.active_plan(COUNSELLOR).await, app.active_plan(CASEWORKER).await);
    done(join(&app, CASEWORKER, theirs.plan, COUNSELLOR)).await;
    app.referral(COUNSELLOR, ours.plan, "stigen").await;
    let of = async |who: &str, unit: &str| -> BTreeSet<Uuid> {
        pages(&app, who, &format!("unitId={}", app.unit(unit)), async || ())
            .await
            .into_iter()
            .collect()
    };
    let both = BTreeSet::from([ours.young_person, theirs.young_person]);
    assert_eq!(of(COUNSELLOR, "uu-vejledningen").await, both);
    assert_eq!(of("uu.teamleder", "uu-vejledningen").await, both);
    assert_eq!(of("uu.teamleder", "uu-stigen").await, BTreeSet::from([ours.young_person]));
    assert_eq!(of(CASEWORKER, "jobspor").await, BTreeSet::from([theirs.young_person]));
    assert_eq!(
        of(COUNSELLOR, "jobspor").await,
        BTreeSet::new(),
        "not a unit of theirs, though they see one of its young people"
    );
    close(&app, CASEWORKER, theirs.plan).await;
    app.advance(chrono::TimeDelta::weeks(31));
    assert_eq!(of(COUNSELLOR, "uu-vejledningen").await, BTreeSet::from([ours.young_person]));
    assert_eq!(search(&app, COUNSELLOR, "Freja").await.items().len(), 1);
}
