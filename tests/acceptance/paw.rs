//! The walk of the README: a young person's whole way, each step by the account who would take it, and at
//! each step somebody for whom nothing is there.

use super::support::{at_once, ensure_nothing, path, world};
use serde_json::json;

#[test]
fn a_young_person_from_registration_to_an_education() {
    let world = world();
    let as_ = |username: &str| world.speak(username, username.len());
    let (jv, bu, uu) = (as_("jv.sagsbehandler"), as_("bu.raadgiver"), as_("uu.vejleder"));
    let (social, vaeksthuset, mentor) =
        (as_("social.raadgiver"), as_("vaeksthuset.konsulent"), as_("mentor"));
    let who = |username: &str| world.account(username)["employeeId"].clone();
    let today = world.today();

    // 1. JobSpor registers.
    let person = path(
        "young-people",
        &jv.post("/api/v1/young-people", &world.somebody("jv.sagsbehandler")).expect(201),
    );
    ensure_nothing(&bu, &person);

    // 2. It opens the one joint plan.
    let wanted = json!({
        "purpose": "Et hjem og et hoved i ro, så en uddannelse kan holde.", "ownWords": "Én ting ad gangen.",
        "coordinatorId": who("jv.sagsbehandler"), "contactPersonId": who("vaeksthuset.konsulent"),
        "goals": [{ "area": "health", "wishedResult": "Kan færdes frit.", "targetDate": "2030-01-01" }],
    });
    let opened = jv.post(&format!("{person}/plans"), &wanted).expect(201);
    let plan = path("plans", &opened);
    ensure_nothing(&uu, &plan);

    // 3. The social department is to take part.
    ensure_nothing(&social, &plan);
    let unit = world.account("social.raadgiver")["unitId"].clone();
    let participant = json!({ "unitId": unit, "employeeId": who("social.raadgiver") });
    jv.post(&format!("{plan}/participants"), &participant).expect(201);
    social.get(&plan).expect(200);
    // To be the contact person opens nothing by itself.
    ensure_nothing(&vaeksthuset, &plan);

    // 4. The plan begins.
    let denied = bu.ask("POST", &format!("{plan}/activate")).version(&opened).send();
    assert_eq!(denied.outcome(), (404, "not-found".to_owned()));
    assert_eq!(jv.step(&plan, "activate", None).expect(200)["state"], "active");

    // 5. and 6. Both refer, three interventions side by side.
    let referrals = at_once(3, |n| {
        let (caller, code) =
            [(&jv, "angstforloeb"), (&jv, "mentor"), (&social, "hjaelp-til-bolig")][n];
        let responsible = who(["vaeksthuset.konsulent", "mentor", "social.raadgiver"][n]);
        let referral =
            json!({ "catalogueCode": code, "plannedStart": today, "responsibleId": responsible });
        caller.post(&format!("{plan}/interventions"), &referral).expect(201)
    });
    let [anxiety, mentoring, housing] = [0, 1, 2].map(|n| path("interventions", &referrals[n]));
    // The provider sees its own, and nothing else of the case (AC-9).
    vaeksthuset.get(&anxiety).expect(200);
    for thing in [&housing, &plan] {
        ensure_nothing(&vaeksthuset, thing);
    }
    // Of health and family one sees one's own only, and that there is something (AC-3).
    for thing in [&anxiety, &mentoring] {
        ensure_nothing(&social, thing);
    }
    let file = social.get(&format!("{person}/case-file")).expect(200);
    assert_eq!(file["hiddenAreas"], json!(["health", "family-and-social"]));
    assert_eq!(file["interventions"].as_array().unwrap().len(), 1);

    // 7. The provider starts.
    ensure_nothing(&mentor, &anxiety);
    let on = json!({ "on": today });
    assert_eq!(vaeksthuset.step(&anxiety, "start", Some(&on)).expect(200)["state"], "started");
    mentor.step(&mentoring, "start", Some(&on)).expect(200);
    social.step(&housing, "start", Some(&on)).expect(200);

    // 8. A goal has its result.
    let goal = path("goals", &jv.get(&plan).expect(200)["goals"][0]);
    ensure_nothing(&vaeksthuset, &goal);
    let reached = jv.ask("PATCH", &goal).version(&jv.get(&goal).expect(200));
    reached.body(&json!({ "result": "Færdes frit." })).send().expect(200);

    // 9. The provider ends, and with it ends what it sees; the plan does not close over what still runs.
    let ended = json!({ "on": today, "reason": "completed", "note": "Otte uger." });
    assert_eq!(vaeksthuset.step(&anxiety, "end", Some(&ended)).expect(200)["state"], "completed");
    let education = json!({ "outcome": "education", "note": "EUD på Mercantec." });
    // JobSpor does not see the housing, and yet the plan does not close over it.
    ensure_nothing(&jv, &housing);
    let early = jv.step(&plan, "close", Some(&education));
    assert_eq!(early.outcome(), (409, "plan.interventions-running".to_owned()));
    social.step(&housing, "end", Some(&json!({ "on": today, "reason": "completed" }))).expect(200);

    // 10. The plan closes with its outcome; the mentor goes on, as the safety net.
    let carry_on = json!([{ "unitId": world.account("mentor")["unitId"], "interventionIds": [referrals[1]["id"]] }]);
    let closing =
        json!({ "outcome": "education", "note": "EUD på Mercantec.", "carryOn": carry_on });
    ensure_nothing(&uu, &plan);
    let closed = jv.step(&plan, "close", Some(&closing)).expect(200);
    assert_eq!((&closed["state"], &closed["outcome"]), (&json!("closed"), &json!("education")));
    let changed =
        jv.ask("PATCH", &plan).version(&closed).body(&json!({ "purpose": "Noget andet." })).send();
    assert_eq!(changed.outcome(), (409, "plan.closed".to_owned()));
    assert_eq!(mentor.get(&mentoring).expect(200)["state"], "started");
    world.ensure_discreet();
}
