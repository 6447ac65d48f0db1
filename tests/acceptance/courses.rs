//! How Tinna's group and Paw's courses run: in a group of four, then together in an internship, then alone;
//! eight weeks at a provider's, and an internship whose hours grow.

use super::support::{Caller, path, world};
use serde_json::{Value, json};

const CASEWORKER: &str = "jv.sagsbehandler";
const COUNSELLOR: &str = "uu.vejleder";
const HOUSE: &str = "vaeksthuset.konsulent";

fn company(cvr: &str) -> Value {
    json!({ "cvr": cvr, "name": "Hjarbæk Bådeværft", "supervisor": { "name": "Villads Prøve" } })
}

/// Refers from a plan, and starts today.
fn start(caller: &Caller, plan: &str, who: &str, mut referral: Value) -> String {
    let today = world().today();
    referral["plannedStart"] = today.clone();
    referral["responsibleId"] = world().account(who)["employeeId"].clone();
    let referred = caller.post(&format!("{plan}/interventions"), &referral).expect(201);
    let intervention = path("interventions", &referred);
    caller.step(&intervention, "start", Some(&json!({ "on": today }))).expect(200);
    intervention
}

#[test]
fn iv_12_tinnas_group_of_four_three_times_three_hours_then_an_internship_together_then_alone() {
    let world = world();
    let (uu, house, bu) =
        (world.speak(COUNSELLOR, 0), world.speak(HOUSE, 1), world.speak("bu.raadgiver", 0));
    let plans: Vec<String> = (0..5).map(|_| world.plan(COUNSELLOR)).collect();
    let session = |weekday: &str| json!({ "weekday": weekday, "from": "09:00", "to": "12:00" });
    let group = |code: &str, weekdays: &[&str]| {
        let sessions: Vec<_> = weekdays.iter().map(|day| session(day)).collect();
        let body = json!({
            "catalogueCode": code, "title": "Fire unge", "providerId": world.account(HOUSE)["unitId"],
            "from": world.today(), "sessions": sessions, "size": 4,
        });
        path("intervention-groups", &house.post("/api/v1/intervention-groups", &body).expect(201))
    };
    let join = |group: &str, intervention: &str| {
        let id = intervention.rsplit('/').next().unwrap();
        house.post(&format!("{group}/members"), &json!({ "interventionId": id }))
    };
    let mut ended = Vec::new();
    for (code, weekdays, hours) in [
        ("gruppeforloeb", &["monday", "wednesday", "friday"][..], 9.0),
        ("gruppepraktik", &["tuesday", "thursday"][..], 6.0),
    ] {
        let group = group(code, weekdays);
        let courses: Vec<String> = plans
            .iter()
            .map(|plan| start(&uu, plan, HOUSE, json!({ "catalogueCode": code })))
            .collect();
        for course in &courses[..4] {
            assert_eq!(join(&group, course).expect(201)["schedule"]["hoursPerWeek"], json!(hours));
        }
        // A fifth has no room; and nobody of another unit learns who the four are.
        assert_eq!(join(&group, &courses[4]).outcome(), (409, "group.full".to_owned()));
        // A number below five is for those who see each of them (AC-8).
        for (caller, sees, count) in
            [(&house, 4, json!(4)), (&uu, 4, json!(4)), (&bu, 0, json!(null))]
        {
            let shown = caller.get(&group).expect(200);
            assert_eq!((&shown["memberCount"], &shown["hoursPerWeek"]), (&count, &json!(hours)));
            assert_eq!(shown["members"].as_array().unwrap().len(), sees);
        }
        let over =
            json!({ "on": world.today(), "reason": "internship", "note": "Klar til det næste." });
        for course in courses {
            assert_eq!(house.step(&course, "end", Some(&over)).expect(200)["state"], "ended-early");
            ended.push(course);
        }
    }
    // Then alone, at a company of her own.
    let alone = json!({
        "tailored": { "title": "Praktik i et laboratorium", "area": "employment" },
        "company": company("40000070"), "sessions": [session("monday"), session("tuesday")],
    });
    let alone = start(&uu, &plans[0], COUNSELLOR, alone);
    let shown = uu.get(&alone).expect(200);
    assert_eq!(shown["schedule"]["hoursPerWeek"], json!(6.0));
    assert_eq!(shown["company"]["cvr"], "40000070");
    // With her provider's course over, the house sees her no more.
    assert_eq!(house.get(&ended[0]).status, 404);
    assert_eq!(house.get(&alone).status, 404);
}

#[test]
fn iv_08_iv_10_paws_eight_weeks_and_his_internship_that_grows() {
    let world = world();
    let (jv, house) = (world.speak(CASEWORKER, 1), world.speak(HOUSE, 0));
    let today: chrono::NaiveDate = serde_json::from_value(world.today()).unwrap();
    let person = world.young_person(CASEWORKER);
    let plan =
        path("plans", &jv.post(&format!("{person}/plans"), &world.wanted(CASEWORKER)).expect(201));
    jv.step(&plan, "activate", None).expect(200);
    let combination =
        || jv.get(&format!("{person}/combination")).expect(200)["combination"].clone();
    assert_eq!(combination(), "none");

    // Eight weeks of anxiety handling, where the house tells who came; a ninth week needs a reason.
    let weeks = |weeks: u64| json!(today + chrono::Days::new(7 * weeks));
    let course = json!({ "catalogueCode": "angstforloeb", "plannedEnd": weeks(8) });
    let course = start(&jv, &plan, HOUSE, course);
    assert_eq!(combination(), "one");
    let came = json!({ "days": [{ "on": today, "presence": "present", "hours": 2.5 }] });
    let told = house.post(&format!("{course}/attendance"), &came).expect(200);
    assert_eq!(told["summary"], json!({ "present": 1, "excused": 0, "absent": 0, "hours": 2.5 }));
    let longer =
        json!({ "plannedEnd": weeks(9), "reason": "En uge mere, så hele holdet når det." });
    let longer = house.step(&course, "extend", Some(&longer)).expect(200);
    assert_eq!(longer["extensions"][0]["plannedEnd"], weeks(9));

    // An internship beside it: not without a company, and with hours that grow.
    let referral = json!({
        "catalogueCode": "virksomhedspraktik", "plannedStart": today,
        "responsibleId": world.account(CASEWORKER)["employeeId"],
    });
    let referred = jv.post(&format!("{plan}/interventions"), &referral).expect(201);
    let internship = path("interventions", &referred);
    let on = json!({ "on": today });
    let early = jv.step(&internship, "start", Some(&on));
    assert_eq!(early.outcome(), (409, "intervention.company-missing".to_owned()));
    let named = |cvr| {
        let thing = jv.get(&internship).expect(200);
        let ask = jv.ask("PUT", &format!("{internship}/company")).version(&thing);
        ask.body(&company(cvr)).send()
    };
    assert_eq!(named("40000071").status, 422, "no such number can be");
    named("40000089").expect(200);
    jv.step(&internship, "start", Some(&on)).expect(200);
    for (in_weeks, hours) in [(0, 6.0), (4, 12.5), (9, 20.0)] {
        let step = json!({ "from": weeks(in_weeks), "hoursPerWeek": hours, "form": "internship" });
        jv.post(&format!("{internship}/hours"), &step).expect(200);
    }
    let shown = jv.get(&internship).expect(200);
    let hours: Vec<_> =
        shown["hours"].as_array().unwrap().iter().map(|step| &step["hoursPerWeek"]).collect();
    assert_eq!(hours, [&json!(6.0), &json!(12.5), &json!(20.0)]);
    assert_eq!(combination(), "combined");
    // The house sees its eight weeks, and nothing of where he works.
    house.get(&course).expect(200);
    assert_eq!(house.get(&internship).status, 404);
}
