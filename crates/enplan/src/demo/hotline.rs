//! Forty contacts of the hotline, in every state, and a notification of concern.

use super::client::{Client, LoadError, id, text};
use actix_web::http::Method;
use api::Clock;
use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};

const HOTLINE: &str = "uu.hotline";
const CASEWORKER: &str = "jv.sagsbehandler";
const TAKES_CONCERNS: &str = "bu.modtagelse";

/// What may be told: topic, urgency, who calls, and in words.
const TOLD: [(&str, &str, &str, &str); 10] = [
    (
        "drop-out-risk",
        "high",
        "institution",
        "En elev på grundforløbet har ikke været i skole i to uger og siger, han vil stoppe. Har brug for, at nogen ringer i dag.",
    ),
    (
        "absence",
        "normal",
        "institution",
        "Meget fravær siden efterårsferien. Vejlederen vil gerne vide, hvem der følger den unge.",
    ),
    (
        "economy",
        "high",
        "young-person",
        "SU er standset midt i forløbet, og huslejen kan ikke betales på fredag.",
    ),
    (
        "substance-abuse",
        "normal",
        "institution",
        "Læreren lugter hash om formiddagen og vil høre, om den flyvende misbrugskonsulent kan komme.",
    ),
    (
        "wellbeing",
        "high",
        "relative",
        "Mor fortæller, at sønnen ikke kommer ud af værelset og ikke spiser med.",
    ),
    ("housing", "acute", "young-person", "Er smidt ud hjemmefra i nat og står på banegården."),
    (
        "guidance",
        "normal",
        "relative",
        "Spørger, hvornår man kan begynde på FGU, og hvem der vurderer det.",
    ),
    (
        "guidance",
        "normal",
        "employer",
        "Vil tage en praktikant fra næste måned og mangler nogen at tale med.",
    ),
    (
        "other",
        "normal",
        "colleague",
        "Socialafdelingen vil vide, hvem der er kontaktperson i en fælles sag.",
    ),
    (
        "absence",
        "high",
        "institution",
        "Produktionsskolen: tre dages fravær, ingen kontakt. Beder om et opkald.",
    ),
];

/// Logs them all, as the hotline would, and does what comes next with most of them.
pub async fn answer_calls(client: &Client) -> Result<(), LoadError> {
    let now = Clock::system().now();
    let numbers = numbers(client).await?;
    let school = client.unit("mercantec").await?;
    for (number, days_ago) in (0..39_u64).rev().enumerate() {
        let told = TOLD.get(number % TOLD.len()).copied().unwrap_or_default();
        let (topic, urgency, caller_kind, summary) = told;
        let mut body = json!({
            "callerKind": caller_kind, "callerName": "Prøve Opkalder", "callerTelephone": "00 00 00 00", "channel": "phone",
            "topic": topic, "urgency": urgency, "summary": summary, "calledAt": at(now, days_ago),
        });
        let mut tell = |member: &str, value: Value| {
            if let Value::Object(members) = &mut body {
                members.insert(member.to_owned(), value);
            }
        };
        if caller_kind == "institution" {
            tell("institutionId", json!(school));
        }
        match (number % 6, number % 7) {
            (0, _) => {
                tell("outcome", json!("Svaret med det samme: hvem de skal tale med, og hvornår."));
            }
            (1, 3) => tell("onlyInformation", json!(true)),
            (2, 4) => tell("notForUs", json!({ "shownTo": "Borgerservice" })),
            _ => {}
        }
        if let Some(cpr) = numbers.get(number / 2).filter(|_| number.is_multiple_of(2)) {
            tell("cpr", json!(cpr));
        }
        let logged = client.post(HOTLINE, "/hotline/contacts", body).await?;
        if text(&logged, "state") == Some("open") {
            // The newest wait, some that are older are nobody's yet, and the rest has come on.
            go_on(client, logged, if days_ago < 4 { 0 } else { number % 5 }).await?;
        }
    }
    pass_on(client, now).await
}

/// So many steps: taken, answered, closed, and opened again.
async fn go_on(client: &Client, mut contact: Value, steps: usize) -> Result<(), LoadError> {
    let path = format!("/hotline/contacts/{}", id(&contact)?);
    let all = [
        ("take", None),
        ("answer", Some(json!({ "text": "Har talt med skolen og aftalt et møde i denne uge." }))),
        ("close", None),
        ("reopen", Some(json!({ "reason": "De ringer igen: mødet blev ikke til noget." }))),
    ];
    for (step, body) in all.into_iter().take(steps) {
        let at = format!("{path}/{step}");
        contact = client.change(HOTLINE, Method::POST, &at, &contact, body).await?;
    }
    Ok(())
}

/// A notification of concern, assessed by those who take them; the receipt is still to be given.
async fn pass_on(client: &Client, now: DateTime<Utc>) -> Result<(), LoadError> {
    let concern = json!({
        "callerKind": "relative", "callerName": "Prøve Nabo", "callerTelephone": "00 00 00 00", "callerRelation": "Nabo",
        "channel": "phone", "topic": "wellbeing", "urgency": "acute", "concern": { "about": "under-18" },
        "summary": "En dreng på omkring 15 er alene hjemme i flere dage ad gangen.", "calledAt": at(now, 0),
    });
    let logged = client.post(HOTLINE, "/hotline/contacts", concern).await?;
    let path = format!("/hotline/contacts/{}/assess-concern", id(&logged)?);
    let found = json!({ "text": "Ikke akut i nat. Familien indkaldes i morgen." });
    client.change(TAKES_CONCERNS, Method::POST, &path, &logged, Some(found)).await?;
    Ok(())
}

/// Of some young people of the caseworker's.
async fn numbers(client: &Client) -> Result<Vec<Value>, LoadError> {
    let list = client.get(CASEWORKER, "/young-people?limit=12").await?;
    let mut numbers = Vec::new();
    for person in list.get("items").and_then(Value::as_array).into_iter().flatten() {
        let path = format!("/young-people/{}/cpr", id(person)?);
        // Of those for whom the unit only provides something, no number is read out.
        if let Ok(read) = client.change(CASEWORKER, Method::POST, &path, &Value::Null, None).await {
            numbers.extend(read.get("cpr").cloned());
        }
    }
    Ok(numbers)
}

/// So many days and a little while ago.
fn at(now: DateTime<Utc>, days_ago: u64) -> DateTime<Utc> {
    now - Days::new(days_ago) - TimeDelta::minutes(20)
}
