//! From B&U to J&V: rooms and windows, and somebody at each step of the way: to be met about, booked and moved, late,
//! referred, still to be judged, held and accepted, held and waited for; a pregnancy; and a handover to an education.

use super::client::{Client, LoadError, id};
use super::people::replacement_number;
use actix_web::http::Method;
use actix_web::rt::time::sleep;
use api::Clock;
use chrono::{Datelike as _, Days, Months, NaiveDate, TimeDelta};
use domain::calendar::start_of;
use domain::young_people::birthday;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// Who sends, who receives, and UU.
type Sides = [&'static str; 3];
const YOUTH: Sides = ["bu.raadgiver", "social.raadgiver", "uu.vejleder"];
const DISABILITY: Sides = ["handicap.teamleder", "social.teamleder", "mentor"];
/// Who runs rooms and windows.
const LEADER: &str = "bu.teamleder";
/// Who first knows of the pregnancy.
const CASEWORKER: &str = "jv.sagsbehandler";
/// When the slots of a day begin, in minutes from midnight; each lasts an hour.
const HOURS: [i64; 4] = [9 * 60, 10 * 60 + 30, 13 * 60, 14 * 60 + 30];

/// Tells of them all. The meetings that are held begin while this runs.
pub async fn tell(client: &Client, today: NaiveDate) -> Result<(), LoadError> {
    let rooms = [room(client, "Lokale 1").await?, room(client, "Lokale 2").await?];
    let slots = windows(client, rooms, today).await?;

    let born = older(today, 16, 6, 10);
    need_support(client, YOUTH, ("Kaja", 6201, born), "sel-107").await?;
    let emma =
        need_support(client, YOUTH, ("Emma", 6202, older(today, 16, 8, 0)), "sel-85").await?;
    book_and_move(client, emma.need, &slots).await?;
    let born = older(today, 17, 1, 0);
    need_support(client, YOUTH, ("Sara", 6203, born), "sel-85").await?;
    let born = older(today, 16, 7, 0);
    let jonas = need_support(client, YOUTH, ("Jonas", 6204, born), "bl-ungestoette").await?;
    refer(client, jonas.need).await?;
    enrol(client, today).await?;
    expect_child(client, rooms[0], today).await?;
    hand_over_to_education(client, today).await?;

    // Told so late that they meet today: of one the day of the coordination has come, and nobody has accepted.
    let lukas =
        need_support(client, YOUTH, ("Lukas", 6205, older(today, 16, 10, 3)), "sel-107").await?;
    let nora =
        need_support(client, DISABILITY, ("Nora", 6206, older(today, 17, 11, 0)), "sel-85").await?;
    let begins = Clock::system().now() + TimeDelta::seconds(2);
    let mut held = Vec::new();
    for (sides, one, room) in [(YOUTH, &lukas, rooms[0]), (DISABILITY, &nora, rooms[1])] {
        open_plan(client, sides, one, today).await?;
        let at =
            json!({ "roomId": room, "startsAt": begins, "endsAt": begins + TimeDelta::hours(1) });
        let outside = json!({ "because": "acute", "at": at });
        let body = json!({ "kind": "transition", "outside": outside, "employees": called(client, &sides)? });
        held.push(
            client
                .post(sides[0], &format!("/transition-needs/{}/meetings", one.need), body)
                .await?,
        );
    }
    while Clock::system().now() <= begins {
        sleep(Duration::from_millis(100)).await;
    }
    let days = [(YOUTH, &lukas, birthday(lukas.born, 18)), (DISABILITY, &nora, today)];
    for ((sides, one, coordinates_from), meeting) in days.into_iter().zip(&held) {
        hold(client, sides, meeting, one, (today, coordinates_from)).await?;
    }
    let [_, receiver, _] = YOUTH;
    let path = format!("/transition-needs/{}", lukas.need);
    let need = client.get(receiver, &path).await?;
    client.change(receiver, Method::POST, &format!("{path}/accept"), &need, None).await?;
    Ok(())
}

/// Somebody whose support goes on after 18, and the need that follows.
struct InNeed {
    young_person: Uuid,
    need: Uuid,
    born: NaiveDate,
    law: &'static str,
}

/// Born so many years, months and days ago.
fn older(today: NaiveDate, years: u32, months: u32, days: u64) -> NaiveDate {
    today - Months::new(12 * years + months) - Days::new(days)
}

async fn room(client: &Client, name: &str) -> Result<Uuid, LoadError> {
    let body = json!({ "unitId": client.unit_of(LEADER)?, "name": name, "place": "Rådhuset, Prøvegade 1" });
    id(&client.post(LEADER, "/meeting-rooms", body).await?)
}

/// Two windows of two weeks, half a year apart: the slots of the first, in order of time.
async fn windows(
    client: &Client,
    rooms: [Uuid; 2],
    today: NaiveDate,
) -> Result<Vec<Value>, LoadError> {
    let monday = today + Days::new(14 - u64::from(today.weekday().num_days_from_monday()));
    let mut first = Vec::new();
    for begins in [monday, monday + Days::new(26 * 7)] {
        let body = json!({ "unitId": client.unit_of(LEADER)?, "firstDay": begins, "lastDay": begins + Days::new(11) });
        let window = id(&client.post(LEADER, "/meeting-windows", body).await?)?;
        let days = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map(|day| start_of(begins + Days::new(day)));
        let times = days.into_iter().flat_map(|day| HOURS.map(|at| day + TimeDelta::minutes(at)));
        let slots: Vec<Value> = times
            .flat_map(|at| rooms.map(|room| json!({ "roomId": room, "startsAt": at, "endsAt": at + TimeDelta::hours(1) })))
            .collect();
        let path = format!("/meeting-windows/{window}/slots");
        let offered = client.post(LEADER, &path, json!({ "slots": slots })).await?;
        if first.is_empty() {
            let items = offered.get("items").and_then(Value::as_array);
            first.clone_from(items.ok_or(LoadError::Missing("items"))?);
        }
    }
    Ok(first)
}

/// Registers a young person of the account's unit.
async fn register(
    client: &Client,
    who: &str,
    (name, serial, born): (&str, u32, NaiveDate),
) -> Result<Uuid, LoadError> {
    let person = json!({
        "cpr": replacement_number(born, serial), "givenName": name, "familyName": "Demo", "unitId": client.unit_of(who)?,
    });
    id(&client.post(who, "/young-people", person).await?)
}

/// Whose support goes on after 18: the need of a meeting, or of a referral, is found by itself.
async fn need_support(
    client: &Client,
    [adviser, _, _]: Sides,
    who: (&str, u32, NaiveDate),
    law: &'static str,
) -> Result<InNeed, LoadError> {
    let young_person = register(client, adviser, who).await?;
    if who.0 == "Emma" {
        let mother =
            json!({ "name": "Prøve Mor", "relation": "mother", "hasCustody": true, "from": who.2 });
        client.post(adviser, &format!("/young-people/{young_person}/guardians"), mother).await?;
    }
    let support = json!({
        "legalBasis": law, "goesOnAfter18": true, "words": "Kan ikke klare hverdagen alene endnu.", "from": who.2 + Months::new(12 * 15),
    });
    client.post(adviser, &format!("/young-people/{young_person}/support-needs"), support).await?;
    let found =
        client.get(adviser, &format!("/transition-needs?youngPersonId={young_person}")).await?;
    let need =
        found.get("items").and_then(|items| items.get(0)).ok_or(LoadError::Missing("need"))?;
    Ok(InNeed { young_person, need: id(need)?, born: who.2, law })
}

/// Those who are called, each of their own unit.
fn called(client: &Client, who: &[&str]) -> Result<Vec<Value>, LoadError> {
    let one = |who: &&str| {
        Ok(json!({ "unitId": client.unit_of(who)?, "employeeId": client.employee(who)? }))
    };
    who.iter().map(one).collect()
}

/// In the first slot; then moved to a later one, and PPR cannot come.
async fn book_and_move(client: &Client, need: Uuid, slots: &[Value]) -> Result<(), LoadError> {
    let [adviser, receiver, counsellor] = YOUTH;
    let psychologist = "ppr.psykolog";
    let slot = |index: usize| {
        slots.get(index).and_then(|slot| slot.get("id")).ok_or(LoadError::Missing("slot"))
    };
    let body = json!({
        "kind": "transition", "slotId": slot(0)?,
        "employees": called(client, &[adviser, receiver, counsellor, psychologist])?,
    });
    let meeting = client.post(adviser, &format!("/transition-needs/{need}/meetings"), body).await?;
    let path = format!("/meetings/{}", id(&meeting)?);
    let later = json!({ "slotId": slot(10)?, "because": "other", "reason": "Prøven i matematik ligger samme formiddag." });
    let moved = client
        .change(adviser, Method::POST, &format!("{path}/move"), &meeting, Some(later))
        .await?;
    let participants = moved.get("participants").and_then(Value::as_array);
    let psychologist = json!(client.employee(psychologist)?);
    let absent =
        participants.into_iter().flatten().find(|one| one.get("employeeId") == Some(&psychologist));
    let excuse = json!({ "participantId": id(absent.ok_or(LoadError::Missing("participant"))?)?, "reason": "På kursus." });
    client.change(adviser, Method::POST, &format!("{path}/excuses"), &moved, Some(excuse)).await?;
    Ok(())
}

/// Instead of a meeting: to the jobcenter.
async fn refer(client: &Client, need: Uuid) -> Result<(), LoadError> {
    let [adviser, ..] = YOUTH;
    let path = format!("/transition-needs/{need}");
    let read = client.get(adviser, &path).await?;
    let body = json!({ "unitId": client.unit_of(CASEWORKER)?, "words": "Efterværn med fast kontaktperson; vil gerne have et fritidsjob." });
    client.change(adviser, Method::POST, &format!("{path}/refer"), &read, Some(body)).await?;
    Ok(())
}

/// In STU, and not known to the family department: UU judges.
async fn enrol(client: &Client, today: NaiveDate) -> Result<(), LoadError> {
    let [_, _, counsellor] = YOUTH;
    let person = register(client, counsellor, ("Mathias", 6207, older(today, 16, 9, 0))).await?;
    let body = json!({
        "kind": "education", "name": "STU", "place": "STU-huset", "days": { "startedOn": today - Days::new(90) },
        "source": "institution",
    });
    client.post(counsellor, &format!("/young-people/{person}/education-and-work"), body).await?;
    Ok(())
}

/// Somebody who expects a child: the first network meeting is called.
async fn expect_child(client: &Client, room: Uuid, today: NaiveDate) -> Result<(), LoadError> {
    let person = register(client, CASEWORKER, ("Line", 6208, older(today, 19, 2, 0))).await?;
    let known = json!({ "knownOn": today - Days::new(3), "networkMap": "Mormor, en veninde og tanten i Skive." });
    client.post(CASEWORKER, &format!("/young-people/{person}/pregnancies"), known).await?;
    let begins = start_of(today + Days::new(4)) + TimeDelta::hours(13);
    let body = json!({
        "at": { "roomId": room, "startsAt": begins, "endsAt": begins + TimeDelta::hours(1) },
        "employees": called(client, &[CASEWORKER, "rusmiddel.behandler", "uu.vejleder"])?,
        "outsideParties": [
            { "name": "Prøve Jordemoder", "role": "midwife" },
            { "name": "Prøve Sundhedsplejerske", "role": "health-visitor", "organisation": "Sundhedsplejen" },
        ],
    });
    client.post(CASEWORKER, &format!("/young-people/{person}/network-meetings"), body).await?;
    Ok(())
}

/// From school to youth education, with a named receiver and UU's mentor until the autumn is over.
async fn hand_over_to_education(client: &Client, today: NaiveDate) -> Result<(), LoadError> {
    let [_, _, counsellor] = YOUTH;
    let person = register(client, counsellor, ("Asger", 6209, older(today, 16, 1, 0))).await?;
    let body = json!({
        "fromSchool": "Houlkærskolen", "toEducation": "Grundforløb 1, Mercantec", "receiver": "Lis Prøve",
        "told": "Ordblind: har it-rygsæk og brug for tid. Kommer, når nogen ringer om morgenen.",
        "basis": { "kind": "consent", "words": "Asger har sagt ja til, at skolen får det at vide." },
        "mentorId": client.employee("mentor")?,
    });
    let given = client
        .post(counsellor, &format!("/young-people/{person}/education-handovers"), body)
        .await?;
    let path = format!("/education-handovers/{}/receipt", id(&given)?);
    client
        .change(counsellor, Method::POST, &path, &given, Some(json!({ "by": "Lis Prøve" })))
        .await?;
    Ok(())
}

/// The plan that the receiver takes part in once the meeting was held.
async fn open_plan(
    client: &Client,
    [adviser, ..]: Sides,
    one: &InNeed,
    today: NaiveDate,
) -> Result<(), LoadError> {
    let body = json!({
        "purpose": "At komme godt over i voksenlivet med den rette støtte.", "ownWords": "Jeg vil gerne bo for mig selv.",
        "coordinatorId": client.employee(adviser)?,
        "goals": [{ "area": "housing-and-economy", "wishedResult": "Bor et sted med støtte.", "targetDate": today + Days::new(240) }],
    });
    let plan =
        client.post(adviser, &format!("/young-people/{}/plans", one.young_person), body).await?;
    let path = format!("/plans/{}/activate", id(&plan)?);
    client.change(adviser, Method::POST, &path, &plan, None).await?;
    Ok(())
}

/// All came. The receiver supports from the first of the days, and coordinates from the second.
async fn hold(
    client: &Client,
    [adviser, receiver, _]: Sides,
    meeting: &Value,
    one: &InNeed,
    (supports_from, coordinates_from): (NaiveDate, NaiveDate),
) -> Result<(), LoadError> {
    let participants = meeting.get("participants").and_then(Value::as_array);
    let attendance = participants
        .into_iter()
        .flatten()
        .map(|one| Ok(json!({ "participantId": id(one)?, "came": true })))
        .collect::<Result<Vec<_>, LoadError>>()?;
    let (unit, employee) = (client.unit_of(receiver)?, client.employee(receiver)?);
    let body = json!({
        "attendance": attendance,
        "minutes": {
            "supportNeeds": "Brug for nogen at ringe til hver dag.", "education": "Går i 10. klasse og vil på FGU.",
            "jobAndIncome": "Fritidsjob i bageriet.", "housing": "Kan blive boende til sommer.",
            "socialRelations": "Storebror og to venner.",
        },
        "decisions": [{
            "legalBasis": one.law, "unitId": unit, "from": birthday(one.born, 18), "words": "Bevilges fra 18 år.",
        }],
        "receiver": {
            "unitId": unit, "employeeId": employee, "supportsFrom": supports_from, "coordinatesFrom": coordinates_from,
        },
        "agreed": [{ "what": "Se på bolig sammen med den unge.", "employeeId": employee, "dueOn": supports_from + Days::new(28) }],
    });
    let path = format!("/meetings/{}/hold", id(meeting)?);
    client.change(adviser, Method::POST, &path, meeting, Some(body)).await?;
    Ok(())
}
