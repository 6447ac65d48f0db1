//! Steps that several of the rules' tests take, and looks into the database behind the interface.

use serde_json::{Value, json};
use test_support::{Answer, Call, OpenCase, TestApp};
use uuid::Uuid;

/// A caseworker of JobSpor.
pub const CASEWORKER: &str = "jv.sagsbehandler";
/// An adviser of the social department, who sees nobody of JobSpor's.
pub const STRANGER: &str = "social.raadgiver";
/// A counsellor of UU.
pub const COUNSELLOR: &str = "uu.vejleder";
/// Leads UU and what is below, and so STIGEN.
pub const LEADER: &str = "uu.teamleder";
/// An institution's consultant.
pub const INSTITUTION: &str = "vaeksthuset.konsulent";

/// What a refused request leaves as it was: a digest of every table but the access log.
pub async fn everything(app: &TestApp) -> Vec<Value> {
    let tables = [
        "young_person",
        "person_identifier",
        "access_basis",
        "coordination",
        "plan",
        "goal",
        "goal_progress",
        "plan_indicators",
        "plan_review",
        "plan_role",
        "plan_participant",
        "plan_link",
        "catalogue_entry",
        "catalogue_places",
        "catalogue_presumes",
        "catalogue_excludes",
        "intervention",
        "intervention_extension",
        "attendance",
        "intake_assessment",
        "absence",
        "plan_exemption",
        "activity_clock",
        "deadline_rule",
        "school_holiday",
        "intervention_company",
        "intervention_hours",
        "intervention_session",
        "intervention_group",
        "group_session",
        "group_member",
        "task",
        "legal_basis",
        "support_need",
        "transition_need",
        "transition_committee",
        "transition_referral",
        "statutory_responsibility",
        "responsibility_agreement",
        "education_handover",
        "caseload_norm",
        "caseload_terms",
        "cover",
        "assignment",
        "intake_entry",
        "education_and_work",
        "residence",
        "guardian",
        "benefit_episode",
        "sanction",
        "readiness",
        "follow_up",
        "correction",
        "merge",
        "merge_row",
        "journal_entry",
        "journal_correction",
        "education_order",
        "support_remark",
        "external_participant",
        "external_disclosure",
        "meeting_room",
        "meeting_window",
        "meeting_slot",
        "pregnancy",
        "meeting",
        "meeting_move",
        "meeting_participant",
        "meeting_minutes",
        "meeting_decision",
        "meeting_task",
        "calendar_subscription",
        "event",
        "job",
        "idempotency_key",
        "employee",
        "employee_role",
    ];
    let each = tables.map(|table| {
        format!("SELECT '{table}' AS name, count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
    });
    app.sql(&each.join(" UNION ALL ")).await
}

/// The answer to a request that succeeds.
pub async fn done(call: Call<'_>) -> Answer {
    let answer = call.await;
    assert!((200..300).contains(&answer.status), "{}: {:#}", answer.status, answer.body);
    answer
}

/// The answer to a request that is refused so, and changes nothing.
pub async fn refused(app: &TestApp, call: Call<'_>, problem: (u16, &str)) -> Answer {
    let before = everything(app).await;
    let answer = call.await;
    assert_eq!(answer.problem(), problem, "{:#}", answer.body);
    assert_eq!(everything(app).await, before, "a refusal changed something");
    answer
}

/// The row with this id.
pub async fn row(app: &TestApp, table: &str, id: Uuid) -> Value {
    app.sql(&format!("SELECT * FROM {table} WHERE id = '{id}'")).await[0].clone()
}

async fn version(app: &TestApp, table: &str, id: Uuid) -> i64 {
    row(app, table, id).await["version"].as_i64().unwrap()
}

/// A step of an intervention in its present version.
pub async fn step<'a>(
    app: &'a TestApp,
    who: &'a str,
    id: Uuid,
    step: &str,
    body: Value,
) -> Call<'a> {
    let version = version(app, "intervention", id).await;
    app.as_(who).post(&format!("/api/v1/interventions/{id}/{step}"), body).if_match(version)
}

/// A change of a plan in its present version, as it then stands in the path; none: of its words.
pub async fn plan_step<'a>(
    app: &'a TestApp,
    who: &'a str,
    id: Uuid,
    step: &str,
    body: Value,
) -> Call<'a> {
    let (version, me) = (version(app, "plan", id).await, app.as_(who));
    let path = format!("/api/v1/plans/{id}/{step}");
    let call = match step {
        "" => me.patch(path.trim_end_matches('/'), body),
        "contact-person" | "coordinator" => me.put(&path, body),
        _ => me.post(&path, body),
    };
    call.if_match(version)
}

/// Closes a plan as one that led to education.
pub async fn close(app: &TestApp, who: &str, plan: Uuid) -> Answer {
    done(plan_step(app, who, plan, "close", json!({ "outcome": "education" })).await).await
}

/// Lets the unit of `participant` take part.
pub fn join<'a>(app: &'a TestApp, who: &'a str, plan: Uuid, participant: &str) -> Call<'a> {
    let body =
        json!({ "unitId": app.unit_of(participant), "employeeId": app.employee(participant) });
    app.as_(who).post(&format!("/api/v1/plans/{plan}/participants"), body)
}

/// A plan that two units take part in, of `who` and `other`, active.
pub async fn shared_plan(app: &TestApp, who: &str, other: &str) -> OpenCase {
    let case = app.active_plan(who).await;
    done(join(app, who, case.plan, other)).await;
    case
}

/// Where an intervention is in its life.
pub async fn state(app: &TestApp, id: Uuid) -> String {
    row(app, "intervention", id).await["state"].as_str().unwrap().to_owned()
}

/// Decides an offer's places from a day on, as the leader of its provider.
pub fn places<'a>(
    app: &'a TestApp,
    who: &'a str,
    code: &str,
    from: &str,
    places: impl Into<Option<i32>>,
) -> Call<'a> {
    let body = json!({ "from": from, "places": places.into(), "reason": "Efter aftale." });
    app.as_(who).post(&format!("/api/v1/intervention-catalogue/{code}/places"), body)
}

/// What STIGEN's leader writes into the catalogue.
pub fn entry(app: &TestApp) -> Value {
    json!({
        "title": "Et forløb", "description": "Fire uger.", "providerId": app.unit("uu-stigen"), "area": "education",
        "companyOriented": false, "repeatable": false, "cannotWait": false,
    })
}

/// A new offer of STIGEN's, with this many places from this year on.
pub async fn new_offer(app: &TestApp, code: &str, count: impl Into<Option<i32>>) {
    done(app.as_(LEADER).put(&format!("/api/v1/intervention-catalogue/{code}"), entry(app))).await;
    done(places(app, LEADER, code, "2026-01-01", count)).await;
}

/// The body of a referral to an offer, from today on.
pub fn referral(app: &TestApp, code: &str) -> Value {
    json!({ "catalogueCode": code, "plannedStart": app.today(), "responsibleId": app.employee(CASEWORKER) })
}

/// Refers, as the body says.
pub fn refer<'a>(app: &'a TestApp, who: &'a str, plan: Uuid, body: Value) -> Call<'a> {
    app.as_(who).post(&format!("/api/v1/plans/{plan}/interventions"), body)
}

/// A new young person of `who` with an active plan, referred to an offer.
pub async fn referred(app: &TestApp, who: &str, code: &str) -> (OpenCase, Uuid) {
    let case = app.active_plan(who).await;
    let referral = app.referral(who, case.plan, code).await;
    (case, referral.id())
}

/// A replacement number (day + 60) of somebody born on `day`, as `2014-05-14`.
pub fn number(day: &str, serial: u32) -> String {
    let part = |range: std::ops::Range<usize>| -> u32 { day[range].parse().unwrap() };
    let seventh = if part(0..4) >= 2000 { 4 } else { 0 };
    format!("{:02}{:02}{:02}{seventh}{serial:03}", part(8..10) + 60, part(5..7), part(2..4))
}

/// A body that registers this number at the unit of `who`.
pub fn registration(app: &TestApp, who: &str, cpr: &str) -> Value {
    let mut body = app.registration(who);
    body["cpr"] = json!(cpr);
    body
}
