//! YP-1 to YP-3 and YP-7: numbers, who may be registered, once, and how old they are.

use crate::steps::{CASEWORKER, STRANGER, number, refused, registration, row};
use serde_json::{Value, json};
use test_support::{Call, TestApp};

fn register<'a>(app: &'a TestApp, who: &'a str, cpr: &str) -> Call<'a> {
    app.as_(who).post("/api/v1/young-people", registration(app, who, cpr))
}

fn look_up<'a>(app: &'a TestApp, who: &'a str, cpr: &str) -> Call<'a> {
    app.as_(who).post("/api/v1/young-people/lookup", json!({ "cpr": cpr }))
}

#[actix_web::test]
async fn yp_01_a_replacement_number_is_taken_with_its_hyphen_and_marked() {
    let app = TestApp::new().await;
    let person = register(&app, CASEWORKER, "740506-4991").await.expect(201);
    assert_eq!(person.body["birthDate"], "2006-05-14");
    let read = format!("/api/v1/young-people/{}/cpr", person.id());
    let number = app.as_(CASEWORKER).post_nothing(&read).await.expect(200);
    assert_eq!(number.body, json!({ "cpr": "7405064991", "kind": "replacement" }));
    assert_eq!(look_up(&app, CASEWORKER, "7405064991").await.expect(200).id(), person.id());
    assert_eq!(look_up(&app, CASEWORKER, "740506-4991").await.expect(200).id(), person.id());
}

#[actix_web::test]
async fn yp_01_a_number_of_the_register_is_not_marked_and_needs_no_modulus() {
    // Nobody has it yet: born in 2036.
    let app = TestApp::new().await;
    app.at("2050-02-01T09:00:00Z");
    let person = register(&app, CASEWORKER, &["010136", "4001"].concat()).await.expect(201);
    assert_eq!(person.body["birthDate"], "2036-01-01");
    let kept = app.sql("SELECT kind FROM person_identifier").await;
    assert_eq!(kept, [json!({ "kind": "cpr" })]);
}

#[actix_web::test]
async fn yp_01_the_seventh_digit_gives_the_century() {
    let app = TestApp::new().await;
    let person = register(&app, CASEWORKER, "7405064992").await.expect(201);
    assert_eq!(person.body["birthDate"], "2006-05-14");
    // The same day of 1906, and of 1858.
    for (other, from) in [("7405060992", "1919-05-14"), ("7405585992", "1871-05-14")] {
        let answer = refused(
            &app,
            register(&app, CASEWORKER, other),
            (409, "young-person.age-out-of-range"),
        )
        .await;
        assert_eq!(answer.body["from"], from);
    }
}

#[actix_web::test]
async fn yp_01_what_is_no_number_is_refused_and_not_told_back() {
    let app = TestApp::new().await;
    for wrong in [
        "7413064001",
        "9202064001",
        "8902074001",
        "6005064001",
        "740506 4001",
        "74050-64001",
        "740506400",
        "740506400a",
        "٧٤٠٥٠٦٤٠٠١",
    ] {
        for call in [register(&app, CASEWORKER, wrong), look_up(&app, CASEWORKER, wrong)] {
            let answer = refused(&app, call, (422, "request.invalid")).await;
            assert_eq!(answer.body["errors"][0]["pointer"], "/cpr", "{wrong}");
            assert_eq!(answer.body["errors"][0]["code"], "young-person.cpr-invalid", "{wrong}");
            assert!(!String::from_utf8_lossy(&answer.raw).contains(wrong));
        }
    }
}

#[actix_web::test]
async fn yp_02_a_second_registration_tells_who_only_to_those_who_see_them() {
    let app = TestApp::new().await;
    let number = app.fresh_number();
    let person = register(&app, CASEWORKER, &number).await.expect(201);
    let taken = (409, "young-person.already-registered");
    let colleague = refused(&app, register(&app, "jv.sagsbehandler2", &number), taken).await;
    assert_eq!(colleague.uuid("youngPersonId"), person.id());
    let stranger = refused(&app, register(&app, STRANGER, &number), taken).await;
    assert_eq!(stranger.body.get("youngPersonId"), None);
    let raw = String::from_utf8_lossy(&stranger.raw).into_owned();
    assert!(!raw.contains(&person.id().to_string()) && !raw.contains("Prøvesen"));
    assert_eq!(look_up(&app, STRANGER, &number).await.problem(), (404, "not-found"));
}

#[actix_web::test]
async fn yp_02_two_who_register_the_same_number_at_once_make_one_young_person() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let number = app.fresh_number();
    let (one, two) =
        tokio::join!(register(&app, CASEWORKER, &number), register(&other, STRANGER, &number));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let count = app.sql("SELECT (SELECT count(*) FROM young_person) AS people, (SELECT count(*) FROM access_basis) AS bases").await;
    assert_eq!(count, [json!({ "people": 1, "bases": 1 })]);
}

#[actix_web::test]
async fn yp_02_with_a_new_number_they_stay_the_same_young_person() {
    let app = TestApp::new().await;
    let (old, new) = (app.fresh_number(), app.fresh_number());
    let person = register(&app, CASEWORKER, &old).await.expect(201);
    let path = format!("/api/v1/young-people/{}", person.id());
    app.advance(chrono::TimeDelta::days(3));
    let amended = app
        .as_(CASEWORKER)
        .patch(&path, json!({ "cpr": new }))
        .if_match(person.version())
        .await
        .expect(200);
    assert_eq!(amended.id(), person.id());
    for number in [&old, &new] {
        assert_eq!(look_up(&app, CASEWORKER, number).await.expect(200).id(), person.id());
    }
    let read = app.as_(CASEWORKER).post_nothing(&format!("{path}/cpr")).await.expect(200);
    assert_eq!(read.body["cpr"], json!(new));
    let days =
        app.sql("SELECT valid_from, valid_to FROM person_identifier ORDER BY valid_to").await;
    assert_eq!(
        days,
        [
            json!({ "valid_from": "2026-11-23", "valid_to": "2026-11-26" }),
            json!({ "valid_from": "2026-11-26", "valid_to": null }),
        ]
    );
    // Neither number is free for another registration. The response does not reveal whether another young person has a
    // new number (AC-19).
    let taken = (409, "young-person.already-registered");
    refused(&app, register(&app, STRANGER, &old), taken).await;
    refused(&app, register(&app, STRANGER, &new), taken).await;
}

/// A wrong number is corrected by the earlier one, and the current one changes nothing.
#[actix_web::test]
async fn yp_02_an_earlier_number_becomes_the_current_one_again() {
    let app = TestApp::new().await;
    let (old, wrong) = (app.fresh_number(), app.fresh_number());
    let person = register(&app, CASEWORKER, &old).await.expect(201);
    let path = format!("/api/v1/young-people/{}", person.id());
    let mut version = person.version();
    app.advance(chrono::TimeDelta::days(3));
    for number in [&wrong, &old, &old, &wrong, &old] {
        let body = json!({ "cpr": number });
        let amended = app.as_(CASEWORKER).patch(&path, body).if_match(version).await.expect(200);
        version = amended.version();
        let read = app.as_(CASEWORKER).post_nothing(&format!("{path}/cpr")).await.expect(200);
        assert_eq!(read.body["cpr"], json!(number));
    }
    let days = app
        .sql("SELECT valid_from, valid_to FROM person_identifier ORDER BY valid_to NULLS FIRST")
        .await;
    assert_eq!(
        days,
        [
            json!({ "valid_from": "2026-11-23", "valid_to": null }),
            json!({ "valid_from": "2026-11-26", "valid_to": "2026-11-26" }),
        ]
    );
}

/// Moments around the midnight in Copenhagen at which somebody born on `born` turns 13 or 30.
async fn turns(app: &TestApp, born: &str, before: (&str, u16), after: (&str, u16)) {
    let serial = u32::from(born.bytes().fold(0_u8, u8::wrapping_add));
    for (moment, status) in [before, after] {
        app.at(moment);
        let call = register(app, CASEWORKER, &number(born, serial));
        if status == 409 {
            refused(app, call, (409, "young-person.age-out-of-range")).await;
        } else {
            let _ = call.await.expect(status);
        }
    }
}

#[actix_web::test]
async fn yp_03_from_the_first_instant_of_the_13th_birthday_in_copenhagen() {
    let app = TestApp::new().await;
    // Winter, summer, the nights on which the clock goes forward (28 March) and back (31 October), leap day.
    for (born, midnight) in [
        ("2014-01-15", "2027-01-14T23:00:00Z"),
        ("2014-05-14", "2027-05-13T22:00:00Z"),
        ("2014-03-28", "2027-03-27T23:00:00Z"),
        ("2014-03-29", "2027-03-28T22:00:00Z"),
        ("2014-10-31", "2027-10-30T22:00:00Z"),
        ("2014-11-01", "2027-10-31T23:00:00Z"),
        ("2016-02-29", "2029-02-28T23:00:00Z"),
    ] {
        let last = before(midnight);
        turns(&app, born, (&last, 409), (midnight, 201)).await;
    }
}

#[actix_web::test]
async fn yp_03_to_the_last_instant_before_the_30th_birthday() {
    let app = TestApp::new().await;
    let midnight = "2027-05-13T22:00:00Z";
    turns(&app, "1997-05-14", (midnight, 409), (&before(midnight), 201)).await;
    app.at(midnight);
    let call = register(&app, CASEWORKER, &number("1997-05-14", 1));
    let answer = refused(&app, call, (409, "young-person.age-out-of-range")).await;
    assert_eq!(
        (&answer.body["from"], &answer.body["to"]),
        (&json!("2010-05-14"), &json!("2027-05-13"))
    );
}

/// Nor by a new number; it is the day of registration that counts, so that they get one when they are older.
#[actix_web::test]
async fn yp_03_a_new_number_makes_nobody_older_than_may_be_registered() {
    let app = TestApp::new().await;
    app.at("2026-11-23T09:00:00Z");
    let person = register(&app, CASEWORKER, &number("1997-05-14", 1)).await.expect(201);
    let amend = |born: &str| {
        let path = format!("/api/v1/young-people/{}", person.id());
        app.as_(CASEWORKER).patch(&path, json!({ "cpr": number(born, 2) })).if_match(1)
    };
    for born in ["1981-05-14", "1996-11-23", "2013-11-24"] {
        let answer = refused(&app, amend(born), (409, "young-person.age-out-of-range")).await;
        assert!(answer.body["from"].is_string(), "{:#}", answer.body);
    }
    app.at("2029-11-23T09:00:00Z");
    refused(&app, amend("2015-05-14"), (409, "young-person.age-out-of-range")).await;
    amend("1996-11-24").await.expect(200);
}

/// A millisecond earlier.
fn before(moment: &str) -> String {
    let moment: chrono::DateTime<chrono::Utc> = moment.parse().unwrap();
    (moment - chrono::TimeDelta::milliseconds(1)).to_rfc3339()
}

#[actix_web::test]
async fn yp_07_they_age_without_anybody_writing_it() {
    let app = TestApp::new().await;
    let person = register(&app, CASEWORKER, &number("2009-01-15", 1)).await.expect(201);
    assert_eq!(person.body["age"], 17);
    let stored = row(&app, "young_person", person.id()).await;
    for (moment, age) in
        [("2027-01-14T22:59:59Z", 17), ("2027-01-14T23:00:00Z", 18), ("2039-06-01T12:00:00Z", 30)]
    {
        app.at(moment);
        let me = app.as_(CASEWORKER);
        let path = format!("/api/v1/young-people/{}", person.id());
        let told: [Value; 4] = [
            me.get(&path).await.expect(200).body["age"].clone(),
            me.get(&format!("{path}/case-file")).await.expect(200).body["youngPerson"]["age"]
                .clone(),
            me.get("/api/v1/young-people").await.expect(200).items()[0]["age"].clone(),
            me.post("/api/v1/young-people/search", json!({ "text": "Prøvesen" }))
                .await
                .expect(200)
                .items()[0]["age"]
                .clone(),
        ];
        assert_eq!(told, [age, age, age, age].map(|age| json!(age)), "{moment}");
    }
    assert_eq!(row(&app, "young_person", person.id()).await, stored);
}
