//! IV-1: the catalogue is read by all and edited by the leader of the providing unit.

use crate::steps::{CASEWORKER, INSTITUTION, LEADER, done, entry, places, refused};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::IntoFuture as _;
use test_support::TestApp;

#[actix_web::test]
async fn iv_01_the_catalogue_holds_every_intervention_of_the_dossier() {
    let app = TestApp::new().await;
    let loaded: Value =
        serde_json::from_str(include_str!("../../../enplan/data/municipality.json")).unwrap();
    let wanted: BTreeSet<_> = loaded["catalogue"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["code"].as_str().unwrap())
        .collect();
    assert!(wanted.len() > 60);
    let told = app.as_(INSTITUTION).get("/api/v1/intervention-catalogue").await.expect(200);
    assert_eq!(
        told.items().iter().map(|entry| entry["code"].as_str().unwrap()).collect::<BTreeSet<_>>(),
        wanted
    );
    let stigen = app.as_(CASEWORKER).get("/api/v1/intervention-catalogue/stigen").await.expect(200);
    insta::assert_json_snapshot!(stigen.body, { ".providerId" => "[uu-stigen]" }, @r#"
    {
      "area": "education",
      "assessmentRequired": false,
      "cannotWait": false,
      "code": "stigen",
      "companyOriented": false,
      "description": "An education-preparing course at the vocational schools and VUC that builds strength, wellbeing, identity and network.",
      "excludes": [],
      "maxAge": 30,
      "mentoring": false,
      "minAge": 18,
      "places": [
        {
          "from": "2016-02-01",
          "places": 25,
          "reason": "As the offer began."
        }
      ],
      "presumes": [],
      "providerId": "[uu-stigen]",
      "repeatable": false,
      "targetGroups": [
        2,
        3
      ],
      "title": "STIGEN",
      "usualWeeks": 13,
      "version": 1,
      "visitation": false
    }
    "#);
}

#[actix_web::test]
async fn iv_01_the_providers_leader_writes_and_changes_an_entry() {
    let app = TestApp::new().await;
    let path = "/api/v1/intervention-catalogue/kursus";
    let put = |body: Value| app.as_(LEADER).put(path, body);
    refused(&app, put(entry(&app)).if_match(1), (412, "version.stale")).await;
    let new = put(entry(&app)).await.expect(201);
    assert_eq!((new.header("location"), new.version()), (path, 1));
    let mut changed = entry(&app);
    changed["repeatable"] = json!(true);
    refused(&app, put(changed.clone()), (428, "version.missing")).await;
    assert_eq!(done(put(changed.clone()).if_match(1)).await.body["repeatable"], true);
    refused(&app, put(changed).if_match(1), (412, "version.stale")).await;
    let wrong = json!({ "title": "", "description": 1, "providerId": "x", "area": "y", "targetGroups": [5], "minAge": 100 });
    let pointers = refused(&app, put(wrong).if_match(2), (422, "request.invalid")).await;
    let pointers: BTreeSet<_> = pointers.pointers().into_iter().collect();
    for pointer in [
        "/title",
        "/description",
        "/providerId",
        "/area",
        "/targetGroups/0",
        "/minAge",
        "/companyOriented",
        "/repeatable",
        "/cannotWait",
    ] {
        assert!(pointers.contains(pointer), "{pointer} of {pointers:?}");
    }
    let call = app.as_(LEADER).put("/api/v1/intervention-catalogue/Kursus%20A", entry(&app));
    refused(&app, call, (404, "not-found")).await;
}

#[actix_web::test]
async fn iv_01_nobody_else_edits_it_and_no_entry_goes_to_another_provider() {
    let app = TestApp::new().await;
    app.employ("stigen.vejleder", "counsellor", "uu-stigen").await;
    app.employ("vaeksthuset.leder", "team-leader", "vaeksthuset").await;
    let stigen = "/api/v1/intervention-catalogue/stigen";
    let of = |code: &str| {
        let mut body = entry(&app);
        body["providerId"] = json!(app.unit(code));
        body
    };
    let denied = (403, "access.denied");
    // Of the unit but no leader; another department's leader; another unit's, who would take it over; none at all.
    for (who, provider) in [
        ("stigen.vejleder", "uu-stigen"),
        ("jv.teamleder", "uu-stigen"),
        ("jv.teamleder", "jobspor"),
        ("vaeksthuset.leder", "vaeksthuset"),
        (INSTITUTION, "uu-stigen"),
        ("admin", "uu-stigen"),
        ("styregruppe", "uu-stigen"),
    ] {
        refused(&app, app.as_(who).put(stigen, of(provider)).if_match(1), denied).await;
        refused(&app, places(&app, who, "stigen", &app.today(), 30), denied).await;
        refused(
            &app,
            app.as_(who).put("/api/v1/intervention-catalogue/ny", of("uu-stigen")),
            denied,
        )
        .await;
    }
    // Nor does its own leader give it away, to a unit of somebody else's or to none.
    refused(&app, app.as_(LEADER).put(stigen, of("jobspor")).if_match(1), denied).await;
    done(
        app.as_("vaeksthuset.leder")
            .put("/api/v1/intervention-catalogue/nyt-tilbud", of("vaeksthuset")),
    )
    .await;
    done(places(&app, "vaeksthuset.leder", "fast-konsulent", &app.today(), 8)).await;
}

/// PL-10: of those who write the same new entry at once one does, and the others overwrite nothing.
#[actix_web::test]
async fn iv_01_of_those_who_write_a_new_code_at_once_one_does() {
    let app = TestApp::new().await;
    let other = app.instance().await;
    let body = entry(&app);
    let tries = (0..8).map(|n| {
        let app = if n % 2 == 0 { &app } else { &other };
        app.as_(LEADER).put("/api/v1/intervention-catalogue/nyt", body.clone()).into_future()
    });
    let answers = futures_util::future::join_all(tries).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    // One that came after it was there names no version; one that came meanwhile is too late.
    assert!(statuses[1..].iter().all(|status| [412, 428].contains(status)), "{statuses:?}");
}
