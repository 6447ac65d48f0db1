//! How Tinna's and Paw's interventions ran: in a group of four, three times three hours a week, then in a
//! group internship, then alone at a company; and hours that grew.

use super::client::{Client, LoadError, id};
use super::people::replacement_number;
use actix_web::http::Method;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// Who runs the groups.
const HOUSE: &str = "vaeksthuset.konsulent";
const COUNSELLOR: &str = "uu.vejleder";
/// The other three of the group.
const FRIENDS: [&str; 3] = ["Selma", "Oskar", "Yasmin"];

/// Tells of Tinna, whose plan is at this path.
pub async fn tell_of_tinna(client: &Client, plan: &str, today: NaiveDate) -> Result<(), LoadError> {
    let mut plans = vec![plan.to_owned()];
    for (name, serial) in FRIENDS.iter().zip(6003..) {
        plans.push(befriend(client, name, serial, today).await?);
    }
    let morning = |weekday| json!({ "weekday": weekday, "from": "09:00", "to": "12:00" });
    let day = |weekday| json!({ "weekday": weekday, "from": "09:00", "to": "13:30" });
    let together = [
        (
            "gruppeforloeb",
            "Fire unge, tre gange tre timer",
            json!([morning("monday"), morning("wednesday"), morning("friday")]),
            (19, 13),
            ("completed", "Fire unge, tre gange tre timer om ugen."),
        ),
        (
            "gruppepraktik",
            "Praktik sammen på plejehjemmet",
            json!([day("tuesday"), day("thursday")]),
            (10, 6),
            ("internship", "Klar til at prøve alene."),
        ),
    ];
    for (offer, title, sessions, (weeks_ago, weeks), (reason, note)) in together {
        let began = today - Days::new(7 * weeks_ago);
        let ended = began + Days::new(7 * weeks);
        let group = json!({
            "catalogueCode": offer, "title": title, "providerId": client.unit_of(HOUSE)?,
            "from": began, "to": ended, "sessions": sessions, "size": 4,
        });
        let group = id(&client.post(HOUSE, "/intervention-groups", group).await?)?;
        for plan in &plans {
            let referral = json!({ "catalogueCode": offer });
            let started = start(client, COUNSELLOR, plan, referral, (began, Some(ended))).await?;
            let path = format!("/interventions/{}", id(&started)?);
            let member = json!({ "interventionId": id(&started)?, "from": began });
            client.post(HOUSE, &format!("/intervention-groups/{group}/members"), member).await?;
            let end = Some(json!({ "on": ended, "reason": reason, "note": note }));
            client.change(COUNSELLOR, Method::POST, &format!("{path}/end"), &started, end).await?;
        }
    }
    let alone = json!({
        "tailored": { "title": "Praktik i et laboratorium", "area": "employment", "providerId": client.unit_of(COUNSELLOR)? },
        "company": { "cvr": "40000070", "name": "Mejeriets Laboratorium", "supervisor": { "name": "Lone Prøve" } },
        "sessions": [morning("monday"), morning("tuesday")],
    });
    let began = today - Days::new(28);
    let alone = start(client, COUNSELLOR, plan, alone, (began, None)).await?;
    tell_hours(client, COUNSELLOR, &alone, today, &[(4, 6.0), (1, 10.5)]).await
}

/// Tells of Paw, whose plan is at this path: few hours a week, raised on the way.
pub async fn tell_of_paw(client: &Client, plan: &str, today: NaiveDate) -> Result<(), LoadError> {
    let who = "jv.sagsbehandler";
    let internship = json!({
        "catalogueCode": "virksomhedspraktik",
        "company": { "cvr": "40000089", "name": "Tømrerfirmaet Limfjorden", "supervisor": { "name": "Bo Prøve", "telephone": "00 00 00 00" } },
    });
    let began = today - Days::new(7 * 12);
    let started = start(client, who, plan, internship, (began, None)).await?;
    tell_hours(client, who, &started, today, &[(12, 6.0), (8, 12.5), (3, 20.0)]).await
}

/// Another young person of the group, with an active plan.
async fn befriend(
    client: &Client,
    name: &str,
    serial: u32,
    today: NaiveDate,
) -> Result<String, LoadError> {
    let born = today - Days::new(17 * 366 + 100);
    let person = client
        .post(
            COUNSELLOR,
            "/young-people",
            json!({
                "cpr": replacement_number(born, serial), "givenName": name, "familyName": "Demo",
                "unitId": client.unit_of(COUNSELLOR)?,
            }),
        )
        .await?;
    let goal = json!({
        "area": "social", "wishedResult": "Har unge at være sammen med.", "targetDate": today + Days::new(180),
    });
    let plan = client
        .post(COUNSELLOR, &format!("/young-people/{}/plans", id(&person)?), json!({
            "purpose": "At komme i gang sammen med andre.", "ownWords": "Jeg vil gerne prøve, hvis vi er flere.",
            "coordinatorId": client.employee(COUNSELLOR)?, "goals": [goal],
        }))
        .await?;
    let path = format!("/plans/{}", id(&plan)?);
    client.change(COUNSELLOR, Method::POST, &format!("{path}/activate"), &plan, None).await?;
    Ok(path)
}

/// Refers, as the body says, and starts on the first day.
async fn start(
    client: &Client,
    who: &str,
    plan: &str,
    mut body: Value,
    (began, ends): (NaiveDate, Option<NaiveDate>),
) -> Result<Value, LoadError> {
    if let Value::Object(members) = &mut body {
        members.insert("plannedStart".to_owned(), json!(began));
        members.insert("plannedEnd".to_owned(), json!(ends));
        members.insert("responsibleId".to_owned(), json!(client.employee(who)?));
    }
    let referral = client.post(who, &format!("{plan}/interventions"), body).await?;
    let path = format!("/interventions/{}/start", id(&referral)?);
    client.change(who, Method::POST, &path, &referral, Some(json!({ "on": began }))).await
}

/// Tells hours a week, each from so many weeks ago on.
async fn tell_hours(
    client: &Client,
    who: &str,
    thing: &Value,
    today: NaiveDate,
    steps: &[(u64, f64)],
) -> Result<(), LoadError> {
    let path = format!("/interventions/{}/hours", id(thing)?);
    for (weeks_ago, hours) in steps {
        let from = today - Days::new(7 * weeks_ago);
        let body = json!({ "from": from, "hoursPerWeek": hours, "form": "internship" });
        client.post(who, &path, body).await?;
    }
    Ok(())
}
