//! Paw's and Tinna's whole courses, as they were told of at the seminar: what happens around the plan, each step
//! by the account who would take it, and at each step somebody who must not see it and does not.

use super::support::{Caller, ensure_nothing, path, world};
use serde_json::{Value, json};

/// Whoever works in the case without this area finds nothing of it in the list.
fn ensure_absent(caller: &Caller, list: &str, thing: &str) {
    let id = thing.rsplit('/').next().unwrap();
    let answer = caller.get(list);
    assert_eq!(answer.status, 200, "{list}: {}", answer.body);
    assert!(!answer.body.contains(id), "{list} tells of {thing}");
    assert_eq!(caller.get(thing).status, 404, "{thing}");
}

fn kinds(caller: &Caller, person: &str) -> Vec<String> {
    let timeline = caller.get(&format!("{person}/timeline?limit=200")).expect(200);
    let items = timeline["items"].as_array().unwrap();
    items.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

fn count(kinds: &[String], kind: &str) -> usize {
    kinds.iter().filter(|told| *told == kind).count()
}

/// At noon of the day before.
fn yesterday() -> Value {
    let today: chrono::NaiveDate = serde_json::from_value(world().today()).unwrap();
    json!(format!("{}T12:00:00Z", today - chrono::Days::new(1)))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one course, told in its order")]
fn paws_whole_course() {
    let world = world();
    let as_ = |username: &str| world.speak(username, username.len());
    let (jv, ydelse, rus) =
        (as_("jv.sagsbehandler"), as_("ydelse.medarbejder"), as_("rusmiddel.behandler"));
    let (social, house, mercantec, bu) = (
        as_("social.raadgiver"),
        as_("vaeksthuset.konsulent"),
        as_("mercantec.vejleder"),
        as_("bu.raadgiver"),
    );
    let leader = as_("jv.teamleder");
    let who = |username: &str| world.account(username)["employeeId"].clone();
    let (today, on) = (world.today(), json!({ "on": world.today() }));

    // Back in Viborg after a break-up. JobSpor registers him, and talks with him.
    let registered = jv.post("/api/v1/young-people", &world.somebody_of(26, "jv.sagsbehandler"));
    let paw = path("young-people", &registered.expect(201));
    let talk = json!({
        "informationArea": "plan", "tookPlaceAt": yesterday(), "form": "face-to-face", "minutes": 45,
        "youngPersonTookPart": true, "text": "Presset økonomi, for dyr en bolig, et brækket håndled.",
    });
    let talk = path("conversations", &jv.post(&format!("{paw}/conversations"), &talk).expect(201));
    for nobody in [&bu, &ydelse, &rus, &house, &mercantec] {
        ensure_nothing(nobody, &paw);
        ensure_nothing(nobody, &talk);
    }

    // Where he lived and what he broke off.
    for (from, code) in [("2022-03-01", "0751"), ("2026-10-01", "0791")] {
        let moved = json!({ "from": from, "municipalityCode": code, "source": "young-person" });
        jv.post(&format!("{paw}/residence"), &moved).expect(201);
    }
    let carpenter = json!({
        "kind": "education", "name": "Tømrer", "place": "Mercantec", "source": "young-person",
        "days": { "startedOn": "2020-08-10", "droppedOutOn": "2022-02-01" },
    });
    jv.post(&format!("{paw}/education-and-work"), &carpenter).expect(201);
    let now = jv.get(&format!("{paw}/education-and-work")).expect(200);
    assert_eq!(now["inEducationOrWork"], json!(false));
    ensure_nothing(&social, &format!("{paw}/education-and-work"));

    // One plan, and those who work in it.
    let wanted = json!({
        "purpose": "Et hjem, en økonomi og et hoved i ro.", "ownWords": "Én ting ad gangen.",
        "coordinatorId": who("jv.sagsbehandler"), "contactPersonId": who("vaeksthuset.konsulent"),
        "goals": [{ "area": "education", "wishedResult": "En uddannelsesplan med sikkerhedsnet.", "targetDate": "2030-01-01" }],
    });
    let plan = path("plans", &jv.post(&format!("{paw}/plans"), &wanted).expect(201));
    for username in ["ydelse.medarbejder", "rusmiddel.behandler", "social.raadgiver"] {
        let participant =
            json!({ "unitId": world.account(username)["unitId"], "employeeId": who(username) });
        jv.post(&format!("{plan}/participants"), &participant).expect(201);
    }
    jv.step(&plan, "activate", None).expect(200);
    ensure_nothing(&bu, &plan);
    // To be the contact person opens nothing by itself (PL-2).
    ensure_nothing(&house, &plan);

    // The benefits office records his benefit, JobSpor his category: the group follows.
    let benefit = json!({ "kind": "uddannelseshjaelp", "from": "2026-10-01" });
    let benefit = ydelse.post(&format!("{paw}/benefits"), &benefit).expect(201);
    let category = json!({ "on": today, "category": "aktivitetsparat" });
    jv.post(&format!("{paw}/readiness"), &category).expect(201);
    assert_eq!(social.get(&format!("{paw}/target-group")).expect(200)["group"], json!(3));
    let denied =
        rus.post(&format!("{paw}/benefits"), &json!({ "kind": "fleksjob", "from": today }));
    assert_eq!(denied.outcome(), (403, "access.denied".to_owned()));
    let sanction = json!({ "benefitId": benefit["id"], "kind": "punktsanktion", "on": "2026-11-02", "ground": "Udeblev fra samtale." });
    ydelse.post(&format!("{paw}/sanctions"), &sanction).expect(201);
    ensure_nothing(&house, &format!("{paw}/sanctions"));

    // Treatment is the treatment centre's own: what it writes about health nobody else in the plan sees.
    let treatment = json!({
        "catalogueCode": "rusmiddelcentret", "plannedStart": today, "responsibleId": who("rusmiddel.behandler"),
    });
    let treatment = rus.post(&format!("{plan}/interventions"), &treatment).expect(201);
    let treatment = path("interventions", &treatment);
    rus.step(&treatment, "start", Some(&on)).expect(200);
    let about = json!({
        "informationArea": "health", "tookPlaceAt": yesterday(), "form": "telephone", "minutes": 20,
        "youngPersonTookPart": true, "text": "Hash hver aften, mindre i weekenden.",
    });
    let about =
        path("conversations", &rus.post(&format!("{paw}/conversations"), &about).expect(201));
    for colleague in [&jv, &social, &ydelse] {
        ensure_absent(colleague, &format!("{paw}/conversations"), &about);
        ensure_nothing(colleague, &treatment);
    }
    let file = jv.get(&format!("{paw}/case-file")).expect(200);
    assert_eq!(file["hiddenAreas"], json!(["health"]));

    // His new doctor takes part from outside, by his consent, and is told what it covers.
    let doctor = json!({
        "name": "Lægehuset", "role": "doctor",
        "consent": { "givenOn": today, "purpose": "Samarbejde om behandling.", "areas": ["health"] },
    });
    let doctor = rus.post(&format!("{plan}/external-participants"), &doctor).expect(201);
    let outside = path("external-participants", &doctor);
    let sent = json!({
        "informationArea": "health", "what": "Behandlingsplanen.", "basis": { "kind": "consent", "words": "Samtykke af i dag." },
    });
    rus.post(&format!("{outside}/sent"), &sent).expect(201);
    let told = jv.get(&format!("{plan}/external-participants")).expect(200);
    assert_eq!(told["items"], json!([]), "a doctor tells of health");

    // The tailored course: visits to educations, at the house that carries the relation.
    let visits = json!({
        "tailored": { "title": "Besøg på uddannelser", "area": "education", "providerId": world.account("vaeksthuset.konsulent")["unitId"] },
        "plannedStart": today, "responsibleId": who("vaeksthuset.konsulent"),
    });
    let visits =
        path("interventions", &jv.post(&format!("{plan}/interventions"), &visits).expect(201));
    house.step(&visits, "start", Some(&on)).expect(200);
    for (path, status) in [("timeline", 403), ("benefits", 403), ("conversations", 403)] {
        assert_eq!(house.get(&format!("{paw}/{path}")).status, status, "AC-9: {path}");
    }
    ensure_nothing(&mercantec, &visits);

    // Something meant for another is written on Paw. It is moved, and both timelines tell.
    let other = world.young_person("jv.sagsbehandler");
    let note = json!({ "informationArea": "plan", "tookPlaceAt": yesterday(), "text": "Starter på STIGEN." });
    let note = jv.post(&format!("{paw}/notes"), &note).expect(201);
    let moved = json!({
        "written": "journal-entry", "writtenId": note["id"], "moveTo": other.rsplit('/').next(), "reason": "Forkert sag.",
    });
    jv.post(&format!("{paw}/corrections"), &moved).expect(201);
    ensure_absent(&social, &format!("{paw}/notes"), &path("notes", &note));
    assert_eq!(count(&kinds(&jv, &other), "correction.moved-here"), 1);
    ensure_nothing(&social, &other);
    assert_eq!(
        social.get(&format!("{paw}/corrections")).expect(200)["items"][0]["otherId"],
        Value::Null
    );

    // No abuse, moves freely, a plan for education: EUD at Mercantec, as an education order with its receipt.
    rus.step(&treatment, "end", Some(&json!({ "on": today, "reason": "completed" }))).expect(200);
    house.step(&visits, "end", Some(&json!({ "on": today, "reason": "education" }))).expect(200);
    let order = json!({
        "education": "EUD, elektronik", "school": "Mercantec", "from": today, "mentor": "Mentor fra UU", "told": "Uddannelsespålæg og kontaktperson.",
        "basis": { "kind": "law", "paragraph": "KUI-loven § 15 d", "words": "Skolen får pålægget at vide." },
    });
    let order = jv.post(&format!("{plan}/education-orders"), &order).expect(201);
    let order = path("education-orders", &order);
    let receipt = jv.ask("POST", &format!("{order}/receipt")).version(&json!({ "version": 1 }));
    receipt.body(&json!({ "by": "Studiekontoret" })).send().expect(200);
    let remark = json!({
        "school": "Mercantec", "remark": "Har brug for en fast voksen de første måneder.",
        "basis": { "kind": "consent", "words": "Paw har sagt ja." },
    });
    jv.post(&format!("{plan}/support-remarks"), &remark).expect(201);
    // The school itself has no account to it: what it was told is what was sent.
    for nothing in [&plan, &format!("{plan}/education-orders"), &format!("{plan}/support-remarks")]
    {
        ensure_nothing(&mercantec, nothing);
    }
    let admitted = json!({
        "kind": "education", "name": "EUD, elektronik", "place": "Mercantec", "source": "institution", "days": { "enrolledOn": today },
    });
    jv.post(&format!("{paw}/education-and-work"), &admitted).expect(201);

    // The plan closes with an education; what is left is the state six months after.
    let closing = json!({ "outcome": "education", "note": "Med sikkerhedsnet." });
    jv.step(&plan, "close", Some(&closing)).expect(200);
    let tasks = jv.get("/api/v1/tasks?mine=true&limit=200").expect(200);
    let id = plan.rsplit('/').next().unwrap();
    let left: Vec<&Value> =
        tasks["items"].as_array().unwrap().iter().filter(|task| task["subjectId"] == id).collect();
    assert_eq!(
        (left.len(), &left[0]["kind"], &left[0]["rule"]),
        (1, &json!("take-state"), &json!("PL-8"))
    );

    // The whole course in one order, to each as far as they may see it.
    let [ours, theirs, at_work] = [&jv, &rus, &leader].map(|caller| kinds(caller, &paw));
    assert_eq!(ours.last().unwrap(), "young-person.registered");
    assert_eq!(ours[0], "plan.closed");
    assert_eq!(count(&ours, "intervention.started"), 1, "the visits, not the treatment");
    assert_eq!(count(&theirs, "intervention.started"), 2);
    assert_eq!(ours, at_work, "the leader of JobSpor sees what JobSpor sees");
    ensure_nothing(&mercantec, &format!("{paw}/timeline"));
    world.ensure_discreet();
}

#[test]
#[expect(clippy::too_many_lines, reason = "one course, told in its order")]
fn tinnas_whole_course() {
    let world = world();
    let as_ = |username: &str| world.speak(username, username.len());
    let (uu, ppr, house, fgu, jv) = (
        as_("uu.vejleder"),
        as_("ppr.psykolog"),
        as_("vaeksthuset.konsulent"),
        as_("fgu.vejleder"),
        as_("jv.sagsbehandler"),
    );
    let who = |username: &str| world.account(username)["employeeId"].clone();
    let (today, on) = (world.today(), json!({ "on": world.today() }));

    // 17. UU registers her, with the parent she has left.
    let registered = uu.post("/api/v1/young-people", &world.somebody_of(17, "uu.vejleder"));
    let tinna = path("young-people", &registered.expect(201));
    let father = json!({ "name": "Far", "relation": "father", "hasCustody": true, "telephone": "00 00 00 00" });
    uu.post(&format!("{tinna}/guardians"), &father).expect(201);
    ensure_nothing(&fgu, &tinna);

    // She did not finish 10th grade, and is declared unfit for gymnasium: group 0.
    let tenth = json!({
        "kind": "school", "grade": 10, "place": "10. klasse-centret", "source": "institution",
        "days": { "startedOn": "2025-08-11", "droppedOutOn": "2026-04-01" },
    });
    uu.post(&format!("{tinna}/education-and-work"), &tenth).expect(201);
    let unfit = json!({ "on": today, "education": "gymnasium", "ready": false });
    uu.post(&format!("{tinna}/readiness"), &unfit).expect(201);
    let group = || uu.get(&format!("{tinna}/target-group")).expect(200)["group"].clone();
    assert_eq!(group(), json!(0));
    ensure_nothing(&jv, &format!("{tinna}/target-group"));

    // One plan with PPR. What is told to the psychologist about the losses at home stays there.
    let wanted = json!({
        "purpose": "Tro på sig selv, og en vej til laboratoriet.", "ownWords": "Jeg vil være laborant.",
        "coordinatorId": who("uu.vejleder"), "contactPersonId": who("uu.vejleder"),
        "goals": [{ "area": "everyday-coping", "wishedResult": "Tror på sig selv.", "targetDate": "2030-01-01" }],
    });
    let opened = uu.post(&format!("{tinna}/plans"), &wanted).expect(201);
    let plan = path("plans", &opened);
    let participant = json!({ "unitId": world.account("ppr.psykolog")["unitId"], "employeeId": who("ppr.psykolog") });
    uu.post(&format!("{plan}/participants"), &participant).expect(201);
    uu.step(&plan, "activate", None).expect(200);
    let loss = json!({
        "informationArea": "family-and-social", "tookPlaceAt": yesterday(), "form": "face-to-face", "minutes": 50,
        "youngPersonTookPart": true, "text": "To tab på to år.",
    });
    let loss =
        path("conversations", &ppr.post(&format!("{tinna}/conversations"), &loss).expect(201));
    ensure_absent(&uu, &format!("{tinna}/conversations"), &loss);
    // Guardians are common to those who take part.
    assert_eq!(
        ppr.get(&format!("{tinna}/guardians")).expect(200)["items"][0]["current"],
        json!(true)
    );

    // A group of four in the house, then the internship; the house sees who she is, and its own course.
    let course = json!({
        "catalogueCode": "gruppeforloeb", "plannedStart": today, "responsibleId": who("vaeksthuset.konsulent"),
    });
    let course =
        path("interventions", &uu.post(&format!("{plan}/interventions"), &course).expect(201));
    house.step(&course, "start", Some(&on)).expect(200);
    assert_eq!(house.get(&format!("{tinna}/guardians")).status, 403);
    ensure_nothing(&fgu, &course);
    let goal = path("goals", &uu.get(&plan).expect(200)["goals"][0]);
    for (voice, score) in [("young-person", 3), ("professional", 5)] {
        let told = json!({ "voice": voice, "score": score });
        uu.post(&format!("{goal}/progress"), &told).expect(201);
    }
    ensure_nothing(&house, &goal);

    // A score told wrongly is voided and told anew.
    let told = uu.get(&format!("{goal}/progress")).expect(200);
    let wrong = json!({ "written": "goal-progress", "writtenId": told["youngPerson"][0]["id"], "reason": "Hun sagde otte." });
    uu.post(&format!("{tinna}/corrections"), &wrong).expect(201);
    let score = json!({ "voice": "young-person", "score": 8 });
    uu.post(&format!("{goal}/progress"), &score).expect(201);
    let denied = house.post(&format!("{tinna}/corrections"), &wrong);
    assert_eq!(denied.outcome(), (403, "access.denied".to_owned()));

    // A spare-time job of a few hours leaves her outside education and work.
    let bakery = json!({
        "kind": "spare-time-job", "place": "Bageren", "hoursPerWeek": 6, "source": "young-person", "days": { "startedOn": today },
    });
    uu.post(&format!("{tinna}/education-and-work"), &bakery).expect(201);
    assert_eq!(group(), json!(0));
    let over = json!({ "on": today, "reason": "internship", "note": "Klar til gruppepraktik." });
    house.step(&course, "end", Some(&over)).expect(200);
    ensure_nothing(&house, &tinna);

    // She applies for gymnasium, is found ready, and has a place: no longer in group 0.
    let gymnasium = json!({
        "kind": "education", "name": "HTX", "place": "Gymnasiet", "source": "young-person", "days": { "appliedOn": today },
    });
    let gymnasium = uu.post(&format!("{tinna}/education-and-work"), &gymnasium).expect(201);
    assert_eq!(group(), json!(0), "who has applied has no place yet");
    let ready = json!({ "on": today, "education": "gymnasium", "ready": true });
    uu.post(&format!("{tinna}/readiness"), &ready).expect(201);
    let admitted = uu.ask("PATCH", &path("education-and-work", &gymnasium)).version(&gymnasium);
    admitted.body(&json!({ "enrolledOn": today })).send().expect(200);
    assert_eq!(group(), Value::Null);
    ensure_nothing(&fgu, &format!("{tinna}/education-and-work"));

    // What the school has to know goes with her, with its receipt and answer.
    let remark = json!({
        "school": "Gymnasiet", "remark": "Ro den første tid, og en voksen at gå til.",
        "basis": { "kind": "consent", "words": "Tinna og hendes far har sagt ja." },
    });
    let remark = uu.post(&format!("{plan}/support-remarks"), &remark).expect(201);
    let remark = path("support-remarks", &remark);
    let receipt = uu.ask("POST", &format!("{remark}/receipt")).version(&json!({ "version": 1 }));
    let received = receipt.body(&json!({ "by": "Studievejlederen" })).send().expect(200);
    let answer = uu.ask("POST", &format!("{remark}/answer")).version(&received);
    answer.body(&json!({ "text": "Hun får en mentor på holdet." })).send().expect(200);
    ensure_nothing(&house, &format!("{plan}/support-remarks"));

    uu.step(&plan, "close", Some(&json!({ "outcome": "education" }))).expect(200);
    let (ours, theirs) = (kinds(&uu, &tinna), kinds(&ppr, &tinna));
    assert_eq!(ours[0], "plan.closed");
    assert_eq!(count(&ours, "correction.voided"), 1);
    assert_eq!([&ours, &theirs].map(|told| count(told, "conversation.written")), [0, 1]);
    ensure_nothing(&fgu, &format!("{tinna}/timeline"));
    world.ensure_discreet();
}
