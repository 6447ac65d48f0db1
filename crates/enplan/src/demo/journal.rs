//! What was said with Paw and Tinna, and who outside takes part.

use super::client::{Client, LoadError, id, text};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// Tells of Paw, whose plan is at this path: a conversation with his caseworker, a correction beside it; his
/// doctor and his psychologist, by his consent.
pub async fn tell_of_paw(client: &Client, plan: &str, today: NaiveDate) -> Result<(), LoadError> {
    let who = "jv.sagsbehandler";
    let held = json!({
        "informationArea": "plan", "tookPlaceAt": at(today, 3), "form": "face-to-face", "minutes": 50,
        "tookPart": ["Fast konsulent"], "youngPersonTookPart": true,
        "text": "Paw vil se to uddannelser mere, før han vælger. Budgettet holder. Vi mødes igen efter besøgene.",
    });
    let held = write(client, who, plan, "conversations", held).await?;
    let correction =
        json!({ "text": "Det er tre uddannelser, han vil se.", "reason": "Misforstået." });
    client.post(who, &format!("/conversations/{}/corrections", id(&held)?), correction).await?;
    let noted = json!({
        "informationArea": "health", "tookPlaceAt": at(today, 20),
        "text": "Paw fortæller, at han kan gå i byen og i bussen uden at vende om.",
    });
    write(client, "rusmiddel.behandler", plan, "notes", noted).await?;

    let began = today - Days::new(7 * 20);
    let consent = |purpose: &str, areas: &[&str]| json!({ "givenOn": began, "purpose": purpose, "areas": areas, "until": today + Days::new(180) });
    let path = format!("{plan}/external-participants");
    let doctor = json!({
        "name": "Læge Else Prøve", "role": "doctor", "organisation": "Lægehuset ved Søen",
        "contact": "Gennem sekretæren, hverdage 8-10.",
        "consent": consent("At lægen og jobcentret arbejder efter samme plan.", &["plan", "health"]),
    });
    let doctor = client.post(who, &path, doctor).await?;
    let psychologist = json!({
        "name": "Psykolog Hans Prøve", "role": "other", "roleWords": "Privatpraktiserende psykolog",
        "informationArea": "health", "consent": consent("Opfølgning på angstforløbet.", &["health"]),
    });
    client.post(who, &path, psychologist).await?;
    let sent = json!({
        "informationArea": "health", "what": "Målene for sundhed og datoen for næste opfølgning.",
        "on": today - Days::new(13), "basis": { "kind": "consent", "words": "Samtykket til lægen." },
    });
    client.post(who, &format!("/external-participants/{}/sent", id(&doctor)?), sent).await?;
    Ok(())
}

/// Tells of Tinna, whose plan is at this path: a conversation with her counsellor and one with her adviser,
/// which is her adviser's own; and what her school is to know.
pub async fn tell_of_tinna(client: &Client, plan: &str, today: NaiveDate) -> Result<(), LoadError> {
    let who = "uu.vejleder";
    let held = json!({
        "informationArea": "education-and-employment", "tookPlaceAt": at(today, 5), "form": "face-to-face",
        "minutes": 40, "youngPersonTookPart": true,
        "text": "Ansøgningen til gymnasiet er sendt. Tinna glæder sig og er nervøs for matematikken.",
    });
    write(client, who, plan, "conversations", held).await?;
    let at_home = json!({
        "informationArea": "family-and-social", "tookPlaceAt": at(today, 12), "form": "telephone", "minutes": 25,
        "tookPart": ["Mor"], "youngPersonTookPart": false, "text": "Mor har fået hjælp om morgenen; det letter Tinna.",
    });
    write(client, "bu.raadgiver", plan, "conversations", at_home).await?;
    let remark = json!({
        "school": "Gymnasiet", "remark": "Har brug for en fast voksen i matematik det første halve år.",
        "sentOn": today - Days::new(4),
        "basis": { "kind": "consent", "words": "Tinna og hendes mor har sagt ja." },
    });
    client.post(who, &format!("{plan}/support-remarks"), remark).await?;
    Ok(())
}

/// Writes something down for the young person of a plan.
async fn write(
    client: &Client,
    who: &str,
    plan: &str,
    what: &str,
    body: Value,
) -> Result<Value, LoadError> {
    let known = client.get(who, plan).await?;
    let person = text(&known, "youngPersonId").ok_or(LoadError::Missing("youngPersonId"))?;
    client.post(who, &format!("/young-people/{person}/{what}"), body).await
}

/// So many days ago, in the morning.
fn at(today: NaiveDate, days_ago: u64) -> String {
    format!("{}T09:00:00Z", today - Days::new(days_ago))
}
