//! Made-up young people: the same ones at every start, with replacement numbers (day + 60) alone, so that
//! none can be anybody's.

use super::caseload;
use super::client::{Client, LoadError, id, text};
use actix_web::http::Method;
use api::Clock;
use chrono::{Datelike as _, Days, NaiveDate};
use domain::calendar::day_of;
use domain::young_people::{age_on, birthday};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};

/// Written at the same time.
const AT_ONCE: usize = 8;

const GIVEN_NAMES: [&str; 24] = [
    "Noah", "Ida", "Oscar", "Freja", "Malthe", "Alma", "Søren", "Åse", "Jørgen", "Kaja", "Emil",
    "Signe", "Mads", "Laura", "Magnus", "Mathilde", "Øyvind", "Sofia", "Anton", "Ærke", "Villads",
    "Clara", "Bjørn", "Nanna",
];
const FAMILY_NAMES: [&str; 24] = [
    "Sørensen",
    "Aagaard",
    "Kjær",
    "Nygård",
    "Bæk",
    "Lund",
    "Møller",
    "Østergaard",
    "Holm",
    "Dahl",
    "Krogh",
    "Juhl",
    "Bro",
    "Thøgersen",
    "Skov",
    "Friis",
    "Mølgaard",
    "Vestergaard",
    "Bonde",
    "Lykke",
    "Dam",
    "Enevoldsen",
    "Ågesen",
    "Overgaard",
];
/// Who registers them and coordinates.
const WORKERS: [&str; 8] = [
    "jv.sagsbehandler",
    "jv.sagsbehandler2",
    "bu.raadgiver",
    "uu.vejleder",
    "social.raadgiver",
    "jv.jobkonsulent",
    "handicap.teamleder",
    "social.teamleder",
];
const PURPOSES: [&str; 5] = [
    "At komme i gang med en uddannelse, der kan holde.",
    "At få en hverdag, der hænger sammen, og et fritidsjob.",
    "At komme godt over i voksenlivet med den rette støtte.",
    "At finde et arbejde med få timer og bygge på.",
    "At blive klar til at begynde på FGU.",
];
const OWN_WORDS: [&str; 5] = [
    "Jeg vil gerne være mekaniker, men jeg er træt af at sidde på en skolebænk.",
    "Jeg vil bare have ro og et sted at bo.",
    "Jeg vil gerne arbejde med dyr.",
    "Jeg ved det ikke endnu, men jeg vil ikke sidde hjemme mere.",
    "Jeg vil gerne have nogle venner og et job.",
];
const GOALS: [(&str, &str); 6] = [
    ("education", "Begynder på en ungdomsuddannelse efter sommerferien."),
    ("employment", "Har været i praktik i mindst otte uger."),
    ("everyday-coping", "Står op og møder til tiden fire dage om ugen."),
    ("network", "Deltager i en fritidsaktivitet hver uge."),
    ("housing-and-economy", "Har et budget, der holder, og et sted at bo."),
    ("social", "Tager bussen alene og ringer selv, når noget er svært."),
];
/// Some are younger than an offer usually takes, some stay longer (IV-6).
const REASON: &str = "Aftalt med den unge og udbyderen.";
const OFFERS: [&str; 12] = [
    "stigen",
    "jobspor",
    "igmu",
    "virksomhedspraktik",
    "mentor",
    "fgu-afklaring",
    "vuc-avu",
    "gruppeforloeb",
    "bostoette",
    "tuba",
    "loentilskud",
    "uddannelsesbesoeg",
];

/// Made up, but for the numbers' check.
const COMPANIES: [(&str, &str, &str); 4] = [
    ("40000003", "Hjarbæk Bådeværft", "Villads Prøve"),
    ("40000011", "Mønsted Maskinservice", "Ane Prøve"),
    ("40000038", "Møllebageriet", "Hanne Prøve"),
    ("40000046", "Løgstrup Dyreklinik", "Rasmus Prøve"),
];

/// A company as a body tells it.
fn company(which: Option<&(&str, &str, &str)>) -> Value {
    which.map_or(
        Value::Null,
        |(cvr, name, supervisor)| json!({ "cvr": cvr, "name": name, "supervisor": { "name": supervisor } }),
    )
}

/// About half of their cases are in the intake queue, because of the norm of JobSpor.
const OF_JOBSPOR: [&str; 3] = ["jv.sagsbehandler", "jv.sagsbehandler2", "jv.jobkonsulent"];
/// Who may record benefits and assess for them; the young people of all others are JobSpor's too.
const OF_THE_JOBCENTER: [&str; 4] =
    ["jv.sagsbehandler", "jv.sagsbehandler2", "jv.jobkonsulent", "social.teamleder"];
/// Full-time persons of 18 to 29 by benefit and category, in February 2019. Of the permanent benefits the
/// sum alone is known.
const ON_BENEFITS: [(u64, &str, Option<&str>); 16] = [
    (17, "uddannelseshjaelp", Some("aabenlyst-uddannelsesparat")),
    (23, "kontanthjaelp", Some("jobparat")),
    (90, "integrationsydelse", Some("jobparat")),
    (145, "sygedagpenge", None),
    (349, "a-dagpenge", None),
    (11, "integrationsydelse", Some("uddannelsesparat")),
    (267, "uddannelseshjaelp", Some("uddannelsesparat")),
    (30, "integrationsydelse", Some("aktivitetsparat")),
    (39, "kontanthjaelp", Some("aktivitetsparat")),
    (58, "jobafklaringsforloeb", None),
    (94, "ressourceforloeb", None),
    (344, "uddannelseshjaelp", Some("aktivitetsparat")),
    (126, "fleksjob", None),
    (125, "ledighedsydelse", None),
    (125, "foertidspension", None),
    // Supported by nobody, or by others.
    (400, "", None),
];

/// A steady source of choices: the same for the same number, so that every start makes the same people.
struct Choices(u64);

impl Choices {
    /// One of `many`. (`splitmix64`.)
    fn below(&mut self, many: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % many.max(1)
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let many = u64::try_from(things.len()).unwrap_or(1);
        things.get(usize::try_from(self.below(many)).unwrap_or(0))
    }
}

/// A replacement number (day + 60) for somebody born that day.
pub fn replacement_number(born: NaiveDate, serial: u32) -> String {
    let seventh = if born.year() >= 2000 { 4 + serial % 6 } else { serial % 4 };
    format!(
        "{:02}{:02}{:02}{seventh}{:03}",
        born.day() + 60,
        born.month(),
        born.year() % 100,
        serial % 1000
    )
}

/// Makes up `many` young people, with plans and interventions at every stage.
pub async fn make_up(client: &Client, many: usize) -> Result<(), LoadError> {
    let today = day_of(Clock::system().now());
    stream::iter(0..many)
        .map(|n| make_one(client, u64::try_from(n).unwrap_or(0), today))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(())
}

async fn make_one(client: &Client, n: u64, today: NaiveDate) -> Result<(), LoadError> {
    let mut choices = Choices(n.wrapping_mul(0x5851_f42d_4c95_7f2d));
    // From 14 years on to 29, and never on the first or last day of it.
    let born = today - Days::new(14 * 366 + 40 + choices.below(15 * 365));
    let who = choices.of(&WORKERS).copied().unwrap_or("jv.sagsbehandler");
    let serial = u32::try_from(n % 6000).unwrap_or(0);
    let person = client
        .post(who, "/young-people", json!({
            "cpr": replacement_number(born, serial),
            "givenName": choices.of(&GIVEN_NAMES), "familyName": choices.of(&FAMILY_NAMES), "unitId": client.unit_of(who)?,
        }))
        .await?;
    if choices.below(10) == 0 {
        return Ok(());
    }
    let goals: Vec<Value> = (0..=choices.below(3))
        .filter_map(|_| choices.of(&GOALS).copied())
        .map(|(area, result)| json!({ "area": area, "wishedResult": result, "targetDate": today + Days::new(200) }))
        .collect();
    let body = json!({
        "purpose": choices.of(&PURPOSES), "ownWords": choices.of(&OWN_WORDS), "goals": goals,
    });
    let waits = OF_JOBSPOR.contains(&who) && choices.below(100) >= 50;
    let plan = caseload::open(client, who, &person, body, waits).await?;
    // A draft without a coordinator is in the unit's intake queue (PL-17).
    if choices.below(8) == 0 || plan.get("coordinator").is_none_or(Value::is_null) {
        return Ok(());
    }
    let path = format!("/plans/{}", id(&plan)?);
    client.change(who, Method::POST, &format!("{path}/activate"), &plan, None).await?;
    share_out(client, who, &person, (born, today), &mut choices).await?;
    match age_on(born, today) {
        18.. => support(client, who, &plan, today, &mut choices).await?,
        15.. if who == "uu.vejleder" => assess(client, who, &plan, today, &mut choices).await?,
        _ => {}
    }
    let mut referred: Vec<&str> = Vec::new();
    for _ in 0..choices.below(4) {
        let Some(offer) = choices.of(&OFFERS).copied() else { continue };
        if referred.contains(&offer) {
            continue;
        }
        referred.push(offer);
        let begins = today - Days::new(choices.below(120));
        let mut body = json!({
            "catalogueCode": offer, "plannedStart": begins, "plannedEnd": begins + Days::new(91),
            "responsibleId": client.employee(who)?, "reason": REASON,
        });
        if let ("virksomhedspraktik" | "loentilskud", Value::Object(members)) = (offer, &mut body) {
            members.insert("company".to_owned(), company(choices.of(&COMPANIES)));
        }
        let referral = client.post(who, &format!("{path}/interventions"), body).await?;
        run_its_course(client, who, &referral, today, &mut choices).await?;
    }
    Ok(())
}

/// Some of B&U's young people are to transfer to the jobcenter at 18, and some of the social department's wait for a
/// job consultant.
async fn share_out(
    client: &Client,
    who: &str,
    person: &Value,
    (born, today): (NaiveDate, NaiveDate),
    choices: &mut Choices,
) -> Result<(), LoadError> {
    let chance = choices.below(100);
    match who {
        "bu.raadgiver" if chance < 40 && (16..18).contains(&age_on(born, today)) => {
            let unit = client.unit("jobspor").await?;
            let (at_18, reason) =
                (birthday(born, 18), "Fylder 18 og går over til voksenlovgivningen.");
            caseload::wish(client, who, person, (unit, "caseworker"), reason, Some(at_18)).await
        }
        "social.raadgiver" if chance < 6 => {
            let wanted = (client.unit("jobspor").await?, "job-consultant");
            caseload::wish(client, who, person, wanted, "Vil gerne i praktik.", None).await
        }
        _ => Ok(()),
    }
}

/// Most of those who are of age have a benefit, with the category it asks for.
async fn support(
    client: &Client,
    who: &str,
    plan: &Value,
    today: NaiveDate,
    choices: &mut Choices,
) -> Result<(), LoadError> {
    let mut left = choices.below(ON_BENEFITS.iter().map(|(many, ..)| many).sum());
    let chosen = ON_BENEFITS.iter().find(|(many, ..)| match left.checked_sub(*many) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    let Some((_, kind, category)) = chosen.filter(|(_, kind, _)| !kind.is_empty()) else {
        return Ok(());
    };
    let by = if OF_THE_JOBCENTER.contains(&who) { who } else { "jv.sagsbehandler" };
    if by != who {
        let body = json!({ "unitId": client.unit_of(by)?, "employeeId": client.employee(by)? });
        client.post(who, &format!("/plans/{}/participants", id(plan)?), body).await?;
    }
    let since = today - Days::new(choices.below(3 * 365));
    let person = text(plan, "youngPersonId").ok_or(LoadError::Missing("youngPersonId"))?;
    let path = format!("/young-people/{person}");
    if let Some(category) = category {
        let body = json!({ "on": since, "category": category });
        client.post(by, &format!("{path}/readiness"), body).await?;
    }
    client.post(by, &format!("{path}/benefits"), json!({ "kind": kind, "from": since })).await?;
    Ok(())
}

/// Pupils are assessed: about one in three is not ready yet.
async fn assess(
    client: &Client,
    who: &str,
    plan: &Value,
    today: NaiveDate,
    choices: &mut Choices,
) -> Result<(), LoadError> {
    let person = text(plan, "youngPersonId").ok_or(LoadError::Missing("youngPersonId"))?;
    let education = choices.of(&["eud", "hf", "gymnasium"]).copied();
    let ready = choices.below(3) > 0;
    let body = json!({ "on": today - Days::new(choices.below(200)), "education": education, "ready": ready });
    client.post(who, &format!("/young-people/{person}/readiness"), body).await?;
    Ok(())
}

/// Some stay referred, most start, and some of those have ended. On the day they are told of, for places
/// of days gone by are not to be had.
async fn run_its_course(
    client: &Client,
    who: &str,
    referral: &Value,
    today: NaiveDate,
    choices: &mut Choices,
) -> Result<(), LoadError> {
    if text(referral, "state") != Some("referred") || choices.below(6) == 0 {
        return Ok(());
    }
    let path = format!("/interventions/{}", id(referral)?);
    // Some have come into another target group since, and start all the same (IV-6).
    let start = json!({ "on": today, "reason": "Det passer til det, den unge har brug for." });
    let started =
        client.change(who, Method::POST, &format!("{path}/start"), referral, Some(start)).await?;
    if text(referral, "catalogueCode") != Some("stigen") && choices.below(3) == 0 {
        let reason = choices
            .of(&["completed", "education", "employment", "did-not-attend", "other-offer"])
            .copied();
        let body = json!({ "on": today, "reason": reason });
        client.change(who, Method::POST, &format!("{path}/end"), &started, Some(body)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::young_people::{Cpr, CprKind};

    #[test]
    fn yp_01_every_made_up_number_is_a_replacement_number_of_the_day() {
        for (born, serial) in
            [("2000-02-29", 0), ("1997-12-31", 7), ("2012-01-01", 5999), ("1999-06-30", 1003)]
        {
            let born: NaiveDate = born.parse().unwrap();
            let cpr = Cpr::parse(&replacement_number(born, serial)).unwrap();
            assert_eq!((cpr.birth_date(), cpr.kind()), (born, CprKind::Replacement));
        }
    }
}
