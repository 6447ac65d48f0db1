//! A9, A17, AC-18, AC-8: a refusal names only visible records; for hidden ones it states the unit to ask. Small numbers
//! are shown only to callers who see every counted row.

use crate::meetings::{ADVISER, World, called};
use crate::steps::{CASEWORKER, COUNSELLOR, INSTITUTION, done, refused};
use chrono::TimeDelta;
use domain::calendar::day_of;
use persistence::OVER_ROWS;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use test_support::{Call, TestApp};
use uuid::Uuid;

const NOT_POSSIBLE: (u16, &str) = (409, "action.not-possible");

/// Named rules that look at no rows of a young person that could be hidden from the caller, with the reason.
const OTHERS: &[(&str, &[&str])] = &[
    (
        "of the row itself",
        &[
            "access.holder-not-operational",
            "activity-clock.age-out-of-range",
            "assignment.ended",
            "caseload.day-past",
            "caseload.exception-out-of-range",
            "company.cvr-invalid",
            "cover.days-out-of-range",
            "disclosure.already-answered",
            "disclosure.already-received",
            "disclosure.day-out-of-range",
            "employee.employment-ended",
            "episode.already-told",
            "episode.days-contradict",
            "follow-up.too-early",
            "hotline.concern-unhandled",
            "hotline.moment-out-of-range",
            "hotline.step-not-allowed",
            "journal.moment-out-of-range",
            "meeting-slot.time-out-of-range",
            "meeting-window.days-out-of-range",
            "meeting.absence-without-reason",
            "meeting.not-begun",
            "meeting.outside-window",
            "meeting.time-out-of-range",
            "network-meeting.day-out-of-range",
            "plan.exemption-out-of-range",
            "plan.review-out-of-range",
            "plan.review-overdue",
            "plan.step-not-allowed",
            "responsibility.already-accepted",
            "responsibility.days-contradict",
            "responsibility.not-the-receiver",
            "young-person.age-out-of-range",
        ],
    ),
    (
        "of the row and of what it hangs on, which whoever writes it sees",
        &[
            "correction.coordination-passed",
            "correction.named-by-later-plan",
            "external-participant.ended",
            "external-participant.no-basis",
            "external-participant.no-consent",
            "group.already-member",
            "group.another-offer",
            "group.another-provider",
            "group.over",
            "guardian.of-age",
            "hotline.concern-of-age",
            "intervention.assessment-missing",
            "intervention.company-missing",
            "intervention.day-out-of-range",
            "intervention.not-accepted",
            "intervention.reason-needed",
            "intervention.step-not-allowed",
            "meeting.not-complete",
            "meeting.step-not-allowed",
            "meeting.without-young-person",
            "meeting.young-person-not-invited",
            "merge.later-merge",
            "plan.closed",
            "plan.contact-person-not-offered",
            "plan.coordinator-missing",
            "plan.day-out-of-range",
            "plan.department-missing",
            "plan.not-active",
            "plan.not-ready",
            "responsibility.not-accepted",
            "support-need.days-contradict",
            "transition-need.age-out-of-range",
            "transition-need.step-not-allowed",
        ],
    ),
    ("of the access bases of the caller", &["access.not-passed-on"]),
    (
        "of law, units and employees, which may be named",
        &[
            "assignment.not-in-function",
            "caseload.limit-reached",
            "cover.already-covered",
            "employee.has-open-cases",
            "employee.last-administrator",
            "employee.own-rights",
            "employee.role-already-held",
            "employee.username-taken",
            "legal-basis.not-valid",
            "responsibility.other-department",
            "rights-request.already-pending",
            "rights-request.not-pending",
            "rights-request.own-request",
            "transition-referral.other-department",
            "unit.code-taken",
            "version.stale",
        ],
    ),
    (
        "of places, rooms and windows: a number, and nobody's",
        &[
            "catalogue.places-held",
            "group.full",
            "group.members-beyond",
            "intervention.no-place",
            "meeting-calendar.in-use",
            "meeting-calendar.withdrawn",
            "meeting-room.already-told",
            "meeting-slot.overlaps",
            "meeting-window.overlaps",
            "meeting-window.two-a-year",
        ],
    ),
    ("of a CPR number, which registration tells (AC-19)", &["young-person.already-registered"]),
];

/// A new rule must state what its refusal may reveal.
#[actix_web::test]
async fn a09_ac_18_every_rule_over_rows_is_classified() {
    let app = TestApp::new().await;
    let rules = app
        .sql(
            "SELECT DISTINCT split_part(k.name, ':', 1) AS name FROM (
                SELECT conname::text AS name FROM pg_constraint WHERE conname LIKE '%.%'
                UNION ALL SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = indexrelid WHERE i.relname LIKE '%.%'
                UNION ALL SELECT raised[1] FROM pg_proc CROSS JOIN LATERAL regexp_matches(prosrc, '''([a-z-]+\\.[a-z-]+)''', 'g') raised
                 WHERE pronamespace = 'public'::regnamespace
                   AND prosrc LIKE '%RAISE EXCEPTION%') k ORDER BY 1",
        )
        .await;
    let rules: BTreeSet<&str> = rules.iter().map(|row| row["name"].as_str().unwrap()).collect();
    let mut known: Vec<&str> = OVER_ROWS.to_vec();
    known.extend(OTHERS.iter().flat_map(|(_, rules)| rules.iter().copied()));
    let unknown: Vec<_> = rules.iter().filter(|rule| !known.contains(rule)).collect();
    assert!(unknown.is_empty(), "say of each what it looks at: {unknown:?}");
    let twice: Vec<_> = known
        .iter()
        .filter(|rule| known.iter().filter(|other| other == rule).count() > 1)
        .collect();
    assert!(twice.is_empty(), "{twice:?}");
    let gone: Vec<_> = known.iter().filter(|rule| !rules.contains(*rule)).collect();
    assert!(gone.is_empty(), "these are no rules any more: {gone:?}");
    for rule in OVER_ROWS {
        let behind = app.sql(&format!("SELECT of_table::text FROM rows_behind('{rule}')")).await;
        assert!(!behind.is_empty(), "`rows_behind` does not say what {rule} looks at");
    }
}

/// An employee of B&U who takes part in the plan and does not see the youth unit's rows in health.
async fn other_adviser(world: &World) -> &'static str {
    let other = "familie.raadgiver";
    world.app.employ(other, "adviser", "familie-og-raadgivning").await;
    world.app.participant(ADVISER, world.plan, other).await;
    other
}

fn network<'a>(world: &'a World, who: &'a str, employees: &[&str], day: &str) -> Call<'a> {
    let body = json!({
        "at": { "roomId": world.rooms[1], "startsAt": format!("{day}T09:00:00Z"), "endsAt": format!("{day}T10:00:00Z") },
        "employees": employees.iter().map(|who| called(&world.app, who)).collect::<Vec<_>>(),
    });
    world
        .app
        .as_(who)
        .post(&format!("/api/v1/young-people/{}/network-meetings", world.person), body)
}

fn handover<'a>(world: &'a World, who: &'a str, employees: &[&str]) -> Call<'a> {
    let employees: Vec<Value> = employees.iter().map(|who| called(&world.app, who)).collect();
    world.call(
        who,
        json!({ "kind": "transition", "slotId": world.slots[0], "employees": employees }),
    )
}

fn pregnancy<'a>(world: &'a World, who: &'a str) -> Call<'a> {
    let body = json!({ "knownOn": "2026-11-20" });
    world.app.as_(who).post(&format!("/api/v1/young-people/{}/pregnancies", world.person), body)
}

/// A hidden booking of the young person is not named; free times and the unit to ask are. A busy employee may be named.
#[actix_web::test]
async fn a09_ac_18_a_hidden_booking_returns_free_times_and_the_unit_to_ask() {
    let world = World::new().await;
    let app = &world.app;
    let other = other_adviser(&world).await;
    done(pregnancy(&world, ADVISER)).await;
    done(network(&world, ADVISER, &[ADVISER], "2026-12-01")).await;
    let answer =
        refused(app, handover(&world, other, &[other, CASEWORKER, COUNSELLOR]), NOT_POSSIBLE).await;
    assert_eq!(answer.body["ask"]["unitId"], json!(app.unit_of(ADVISER)));
    assert_eq!(answer.body["nextFree"].as_array().unwrap().len(), 3);
    assert_eq!(answer.body.get("taken"), None);
    assert!(!String::from_utf8_lossy(&answer.raw).contains("young-person"));
    let booked = (409, "meeting.double-booked");
    let call = handover(&world, other, &[ADVISER, CASEWORKER, COUNSELLOR]);
    let answer = refused(app, call, booked).await;
    let taken = json!([{ "what": "employee", "id": app.employee(ADVISER) }]);
    assert_eq!(answer.body["taken"], taken, "the employee, and not the young person");
    let call = handover(&world, ADVISER, &["bu.teamleder", CASEWORKER, COUNSELLOR]);
    let answer = refused(app, call, booked).await;
    assert_eq!(answer.body["taken"][0]["what"], "young-person", "whoever sees it is told");
}

/// The same for a record that may exist only once: it is named to callers who see it.
#[actix_web::test]
async fn a09_ac_18_a_second_registration_is_refused_by_name_only_if_the_first_is_visible() {
    let world = World::new().await;
    let app = &world.app;
    let other = other_adviser(&world).await;
    done(pregnancy(&world, ADVISER)).await;
    let answer = refused(app, pregnancy(&world, other), NOT_POSSIBLE).await;
    assert_eq!(answer.body["ask"]["unitId"], json!(app.unit_of(ADVISER)));
    refused(app, pregnancy(&world, ADVISER), (409, "network-meeting.already-registered")).await;
}

/// Hidden running treatment: the plan cannot be closed, the entry cannot be used twice, and neither refusal states the
/// reason.
#[actix_web::test]
async fn a09_ac_18_hidden_interventions_prevent_without_being_named() {
    let app = TestApp::new().await;
    let case = app.active_plan(CASEWORKER).await;
    let treats = "rusmiddel.behandler";
    app.participant(CASEWORKER, case.plan, treats).await;
    app.referral(treats, case.plan, "psykologordning").await;
    let close = async |who: &str| {
        let path = format!("/api/v1/plans/{}", case.plan);
        let version = done(app.as_(who).get(&path)).await.version();
        let body = json!({ "outcome": "education" });
        app.as_(who).post(&format!("{path}/close"), body).if_match(version).await
    };
    let answer = close(CASEWORKER).await;
    assert_eq!(answer.problem(), NOT_POSSIBLE, "{:#}", answer.body);
    assert_eq!(answer.body.get("running"), None);
    let again = json!({
        "catalogueCode": "psykologordning", "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER),
    });
    let path = format!("/api/v1/plans/{}/interventions", case.plan);
    refused(&app, app.as_(CASEWORKER).post(&path, again.clone()), NOT_POSSIBLE).await;
    let theirs = app.as_(treats).post(&path, again);
    refused(&app, theirs, (409, "intervention.already-running")).await;
    // Visible ones are named, with their number.
    app.referral(CASEWORKER, case.plan, "stigen").await;
    let answer = close(CASEWORKER).await;
    assert_eq!(answer.problem(), (409, "plan.interventions-running"));
    assert_eq!(answer.body["running"], 1);
    // At the limit the next action must wait, even if nothing would prevent it.
    // The same action counts once, because its repetition reveals nothing new.
    let again = |day: i64| {
        let start = day_of(app.now()) + TimeDelta::days(day);
        json!({
            "catalogueCode": "psykologordning", "plannedStart": start, "responsibleId": app.employee(CASEWORKER),
        })
    };
    for turn in 0..35 {
        let _ = app.as_(CASEWORKER).post(&path, again(1 + turn / 2)).await.expect(409);
    }
    let another = json!({
        "catalogueCode": "tuba", "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER),
    });
    let waits = app.as_(CASEWORKER).post(&path, another).await;
    assert_eq!(waits.problem(), (429, "access.too-many-checks"));
}

/// Below five, the number is hidden from callers who do not see every row, and so is any number that would reveal it,
/// on any day.
#[actix_web::test]
async fn a17_ac_08_small_numbers_of_places_are_shown_only_if_all_are_seen() {
    let app = TestApp::new().await;
    let mut plans = Vec::new();
    for _ in 0..6 {
        plans.push(app.active_plan(CASEWORKER).await);
    }
    let path = "/api/v1/intervention-catalogue/stigen/places";
    for (taken, plan) in plans.iter().enumerate() {
        app.referral(CASEWORKER, plan.plan, "stigen").await;
        let taken = i64::try_from(taken).unwrap() + 1;
        for day in ["2026-11-23", "2026-11-24", "2027-02-01"] {
            let path = format!("{path}?on={day}");
            let mine = done(app.as_(CASEWORKER).get(&path)).await.body;
            assert_eq!(
                (&mine["reserved"], &mine["free"]),
                (&json!(taken), &json!(25 - taken)),
                "{taken} {day}"
            );
            for who in [INSTITUTION, "styregruppe", "dpo"] {
                let theirs = app.as_(who).get(&path).await;
                if theirs.status == 403 {
                    continue;
                }
                let (reserved, free) = if taken < 5 {
                    (Value::Null, Value::Null)
                } else {
                    (json!(5), json!(if taken == 5 { 20 } else { 15 }))
                };
                let told =
                    (&theirs.body["started"], &theirs.body["reserved"], &theirs.body["free"]);
                assert_eq!(told, (&json!(0), &reserved, &free), "{who} {taken} {day}");
                assert_eq!(theirs.body["waiting"], json!([]));
            }
        }
    }
}

/// The same applies to the members of a group.
#[actix_web::test]
async fn a17_ac_08_small_numbers_of_members_are_shown_only_if_all_are_seen() {
    let app = TestApp::new().await;
    let unit = app.unit("uu-stigen");
    let group = Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO intervention_group (id, provider_unit_id, title, from_day) VALUES ('{group}', '{unit}', 'Hold', '2026-11-01')"
    ))
    .await;
    let case = app.active_plan(CASEWORKER).await;
    let intervention = app.referral(CASEWORKER, case.plan, "stigen").await.id();
    let body = json!({ "interventionId": intervention, "from": app.today() });
    let path = format!("/api/v1/intervention-groups/{group}");
    let leader = "uu.teamleder";
    done(app.as_(leader).post(&format!("{path}/members"), body)).await;
    assert_eq!(done(app.as_(leader).get(&path)).await.body["memberCount"], 1);
    assert_eq!(done(app.as_(CASEWORKER).get(&path)).await.body["memberCount"], 1, "their own");
    assert_eq!(done(app.as_(INSTITUTION).get(&path)).await.body["memberCount"], Value::Null);
    let listed = done(app.as_(INSTITUTION).get("/api/v1/intervention-groups")).await;
    assert_eq!(listed.items()[0]["memberCount"], Value::Null);
}
