//! PL-10: nobody overwrites what somebody else changed meanwhile.

use crate::access_matrix::{ask, asking, municipality};
use crate::entry_of;
use crate::walk::{IMPERSONAL, WORKER, standing};
use serde_json::{Value, json};
use test_support::TestApp;
use test_support::contract::{Operation, operations};

/// Reviewed: PATCH, PUT, and each POST that changes the state of the thing in its path.
const VERSIONED: [&str; 69] = [
    "endAssignment",
    "reopenAssignment",
    "endBenefit",
    "leadBenefit",
    "endCover",
    "tellEpisodeDays",
    "receiveEducationHandover",
    "receiveEducationOrder",
    "deactivateEmployee",
    "endEmployment",
    "reactivateEmployee",
    "tellTelephone",
    "endExternalParticipant",
    "withdrawConsent",
    "amendGoal",
    "amendGuardian",
    "answerContact",
    "assessConcern",
    "closeContact",
    "linkContact",
    "receiptConcern",
    "reopenContact",
    "takeContact",
    "withdrawFromIntake",
    "putCatalogueEntry",
    "changeGroup",
    "acceptReferral",
    "setCompany",
    "declineIntervention",
    "endIntervention",
    "extendIntervention",
    "offerPlace",
    "prioritiseReferral",
    "refuseReferral",
    "setSchedule",
    "startIntervention",
    "withdrawIntervention",
    "cancelMeeting",
    "excuseParticipant",
    "holdMeeting",
    "sendMinutes",
    "moveMeeting",
    "inviteToMeeting",
    "protectMeetingPlace",
    "undoMerge",
    "amendPlan",
    "activatePlan",
    "closePlan",
    "setContactPerson",
    "setCoordinator",
    "holdReview",
    "tellBirth",
    "endPregnancy",
    "endResponsibility",
    "confirmRightsRequest",
    "refuseRightsRequest",
    "endSupportNeed",
    "answerSupportRemark",
    "receiveSupportRemark",
    "completeTask",
    "exemptTask",
    "acceptTransitionNeed",
    "agreeResponsibility",
    "tellAftercareCommittee",
    "judgeTransitionNeed",
    "referTransitionNeed",
    "decideNorm",
    "amendYoungPerson",
    "mergeYoungPeople",
];

/// Reviewed: `GET`s of one thing that has a version.
const TAGGED: [&str; 17] = [
    "readAssignment",
    "readConversation",
    "readCover",
    "readGoal",
    "readContact",
    "readIntakeEntry",
    "readCatalogueEntry",
    "readGroup",
    "readIntervention",
    "readMeeting",
    "readNote",
    "readPlan",
    "readRightsRequest",
    "readTask",
    "readTransitionNeed",
    "readNorms",
    "readYoungPerson",
];

#[test]
fn what_is_changed_by_version_is_reviewed() {
    let all = operations();
    let ids = |which: fn(&Operation) -> bool| -> Vec<&str> {
        all.iter().filter(|operation| which(operation)).map(|operation| &*operation.id).collect()
    };
    assert_eq!(ids(Operation::asks_for_a_version), VERSIONED);
    // The document itself has no version, only a digest.
    let tagged = ids(|operation| !operation.value["responses"]["304"].is_null());
    assert_eq!(tagged, [&TAGGED[..], &["openapi"]].concat());
    let replaces = |operation: &Operation| ["PATCH", "PUT"].contains(&&*operation.method);
    // Of a pass phrase the current one is the version.
    let is_reviewed = |id: &&str| VERSIONED.contains(id) || *id == "changePassword";
    assert!(ids(replaces).iter().all(is_reviewed));
    for operation in all.iter().filter(|operation| operation.asks_for_a_version()) {
        for status in ["412", "428"] {
            assert!(
                !operation.value["responses"][status].is_null(),
                "{}: {status}",
                operation.name
            );
        }
    }
}

#[actix_web::test]
async fn a_change_names_the_version_it_was_made_from() {
    let app = municipality().await;
    let mut standing = standing(&app).await;
    standing.unit = app.unit("jobspor");
    standing.cover = standing.unit;
    app.as_("admin").get("/api/v1/me").await.expect(200);
    app.as_(WORKER).get("/api/v1/me").await.expect(200);
    app.as_("test.andet").get("/api/v1/me").await.expect(200);
    app.as_("jv.teamleder").get("/api/v1/me").await.expect(200);
    let before = app.dump().await;
    let mut faults = Vec::new();
    for operation in operations().iter().filter(|operation| VERSIONED.contains(&&*operation.id)) {
        let who = match &*operation.id {
            "tellTelephone" | "deactivateEmployee" | "reactivateEmployee" | "endEmployment"
            | "confirmRightsRequest" | "refuseRightsRequest" => "admin",
            // Asked for below, by one who leads, of an entry that is there.
            // Of another young person: in `corrections.rs`.
            "putCatalogueEntry" | "offerPlace" | "mergeYoungPeople"
            // Of a unit's own list: in `hotline.rs`.
            | "linkContact" | "assessConcern" | "receiptConcern"
            // Of an adviser's or a counsellor's: in `transitions.rs`.
            | "endResponsibility" | "endSupportNeed" | "judgeTransitionNeed" | "referTransitionNeed" | "tellAftercareCommittee" | "agreeResponsibility"
            | "receiveEducationHandover" => continue,
            "undoMerge" | "exemptTask" | "decideNorm" | "endCover" => "jv.teamleder",
            "acceptReferral" | "prioritiseReferral" | "refuseReferral" => "test.andet",
            _ => WORKER,
        };
        for (named, expected) in [
            (None, (428, "version.missing")),
            (Some("*"), (428, "version.missing")),
            (Some("\"999\""), (412, "version.stale")),
            (Some("1"), (422, "request.invalid")),
            (Some("W/\"1\""), (412, "version.stale")),
            (Some(""), (422, "request.invalid")),
        ] {
            let call = asking(&app, who, operation, &standing);
            let answer = match named {
                Some(version) => call.header("If-Match", version).await,
                None => call.await,
            };
            if answer.problem() != expected {
                faults.push(format!(
                    "{} {named:?}: {:?} instead of {expected:?}",
                    operation.name,
                    answer.problem()
                ));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(app.dump().await, before);
}

#[actix_web::test]
async fn an_entry_of_the_catalogue_is_changed_by_its_version() {
    let app = TestApp::new().await;
    let leader = app.as_("jv.teamleder");
    let path = "/api/v1/intervention-catalogue/nyt";
    let entry = |title: &str| {
        json!({
            "title": title, "description": "x", "providerId": app.unit("jobspor"), "area": "social",
            "companyOriented": false, "repeatable": false, "cannotWait": false,
        })
    };
    assert_eq!(leader.put(path, entry("et")).if_match(1).await.problem(), (412, "version.stale"));
    let made = leader.put(path, entry("et")).await.expect(201);
    assert_eq!((made.header("etag"), made.header("location")), ("\"1\"", path));
    assert_eq!(leader.put(path, entry("to")).await.problem(), (428, "version.missing"));
    let changed = leader.put(path, entry("to")).if_match(1).await.expect(200);
    assert_eq!((changed.header("etag"), changed.version()), ("\"2\"", 2));
    assert_eq!(leader.put(path, entry("tre")).if_match(1).await.problem(), (412, "version.stale"));
    // Never taken over from the one who provides it.
    let theirs = json!({ "title": "x", "description": "x", "providerId": app.unit("ungeenheden"), "area": "social",
                         "companyOriented": false, "repeatable": false, "cannotWait": false });
    let taken = app.as_("bu.teamleder").put(path, theirs).if_match(2).await;
    assert_eq!(taken.problem(), (403, "access.denied"));
}

/// Of two who read the same version, one changes it.
#[actix_web::test]
async fn pl_10_two_at_once_do_not_overwrite_each_other() {
    let app = TestApp::new().await;
    let second = app.instance().await;
    let case = app.active_plan(WORKER).await;
    let path = format!("/api/v1/plans/{}", case.plan);
    let change = |on: usize| {
        let app = if on.is_multiple_of(2) { &app } else { &second };
        app.as_(WORKER)
            .patch(&path, json!({ "purpose": format!("Nr. {on}") }))
            .if_match(case.version)
            .into_future()
    };
    let answers = futures_util::future::join_all((0..8).map(change)).await;
    let won: Vec<&Value> =
        answers.iter().filter(|one| one.status == 200).map(|one| &one.body["purpose"]).collect();
    assert_eq!(won.len(), 1);
    assert!(
        answers
            .iter()
            .filter(|one| one.status != 200)
            .all(|one| one.problem() == (412, "version.stale"))
    );
    let now = app.as_(WORKER).get(&path).await.expect(200);
    assert_eq!((&now.body["purpose"], now.version()), (won[0], case.version + 1));
}

#[actix_web::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let app = municipality().await;
    let mut standing = standing(&app).await;
    standing.cover = app.unit("jobspor");
    for operation in operations().iter().filter(|operation| TAGGED.contains(&&*operation.id)) {
        // The leader confirms rights.
        let who = if operation.id == "readRightsRequest" { "jv.teamleder" } else { WORKER };
        let whole = ask(&app, who, operation, &standing).await.expect(200);
        let tag = whole.header("etag").to_owned();
        // The version, and a digest of what is shown.
        assert!(tag.starts_with(&format!("\"{}.", whole.version())), "{}: {tag}", operation.name);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"999\", {tag}"), "*".to_owned()] {
            let answer =
                asking(&app, who, operation, &standing).header("If-None-Match", &known).await;
            assert_eq!(
                (answer.status, answer.raw.len(), answer.header("etag")),
                (304, 0, &*tag),
                "{known}"
            );
            // That one still sees it is a reading too.
            if !IMPERSONAL.contains(&&*operation.id) && operation.id != "readGroup" {
                assert_eq!(entry_of(&app, &answer).await["outcome"], "read");
            }
        }
        let changed =
            asking(&app, who, operation, &standing).header("If-None-Match", "\"999\"").await;
        assert_eq!(changed.expect(200).body, whole.body);
    }
}
