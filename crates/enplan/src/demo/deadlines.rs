//! Deadlines that were kept and broken, an absence and a drop-out that an institution reported, and a plan with
//! nothing running: three young people of JobSpor's.

use super::client::{Client, LoadError, id};
use super::people::replacement_number;
use actix_web::http::Method;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

const WHO: &str = "jv.sagsbehandler";
const HOUSE: &str = "vaeksthuset.konsulent";

/// Tells of them.
pub async fn tell(client: &Client, today: NaiveDate) -> Result<(), LoadError> {
    let ago = |days: u64| today - Days::new(days);
    // Spoken with in time, then away for more than two weeks.
    let (person, plan) = open(client, "Mille", 6101, today).await?;
    benefit(client, &person, "uddannelseshjaelp", ago(24)).await?;
    talk(client, &person, ago(23), false).await?;
    talk(client, &person, ago(19), true).await?;
    let attending = start(client, &plan, "Værkstedsforløb", ago(42)).await?;
    report(client, json!([{ "interventionId": id(&attending)?, "from": ago(18) }])).await?;
    // Spoken with late, and dropped out; then nothing.
    let (person, plan) = open(client, "Viktor", 6102, today).await?;
    benefit(client, &person, "uddannelseshjaelp", ago(40)).await?;
    talk(client, &person, ago(38), false).await?;
    talk(client, &person, ago(28), true).await?;
    let left = start(client, &plan, "Kreativt værksted", ago(70)).await?;
    let gone = json!([{ "interventionId": id(&left)?, "from": ago(26), "droppedOutOn": ago(22) }]);
    report(client, gone).await?;
    let end = json!({ "on": ago(21), "reason": "did-not-attend", "note": "Kom ikke mere." });
    let path = format!("/interventions/{}/end", id(&left)?);
    client.change(WHO, Method::POST, &path, &left, Some(end)).await?;
    // Sick-listed, and not called yet.
    let (person, plan) = open(client, "Rikke", 6103, today).await?;
    benefit(client, &person, "sygedagpenge", ago(15)).await?;
    let pause = json!({ "reason": "Indlagt.", "until": today + Days::new(28) });
    client.post(WHO, &format!("{plan}/exemptions"), pause).await?;
    Ok(())
}

/// A young person with an active plan: the paths of both.
async fn open(
    client: &Client,
    name: &str,
    serial: u32,
    today: NaiveDate,
) -> Result<(String, String), LoadError> {
    let born = today - Days::new(21 * 366 + 17);
    let person = json!({
        "cpr": replacement_number(born, serial), "givenName": name, "familyName": "Demo", "unitId": client.unit_of(WHO)?,
    });
    let person =
        format!("/young-people/{}", id(&client.post(WHO, "/young-people", person).await?)?);
    let goal = json!({
        "area": "everyday-coping", "wishedResult": "Møder fire dage om ugen.", "targetDate": today + Days::new(150),
    });
    let body = json!({
        "purpose": "En hverdag, der hænger sammen.", "ownWords": "Jeg vil gerne noget med hænderne.",
        "coordinatorId": client.employee(WHO)?, "goals": [goal],
    });
    let plan = client.post(WHO, &format!("{person}/plans"), body).await?;
    let path = format!("/plans/{}", id(&plan)?);
    client.change(WHO, Method::POST, &format!("{path}/activate"), &plan, None).await?;
    Ok((person, path))
}

async fn benefit(
    client: &Client,
    person: &str,
    kind: &str,
    from: NaiveDate,
) -> Result<(), LoadError> {
    let body = json!({ "kind": kind, "from": from });
    client.post(WHO, &format!("{person}/benefits"), body).await?;
    Ok(())
}

/// With the young person, or about them.
async fn talk(
    client: &Client,
    person: &str,
    on: NaiveDate,
    with_them: bool,
) -> Result<(), LoadError> {
    let text = if with_them {
        "Første samtale: hvad der skal til, for at det lykkes."
    } else {
        "Aftalt med mor, hvornår det passer."
    };
    let others: &[&str] = if with_them { &[] } else { &["Mor"] };
    let mut body = json!({
        "informationArea": "education-and-employment", "tookPlaceAt": format!("{on}T10:00:00Z"), "form": "telephone",
        "minutes": 25, "youngPersonTookPart": with_them, "text": text,
    });
    if let (false, Value::Object(members)) = (others.is_empty(), &mut body) {
        members.insert("tookPart".to_owned(), json!(others));
    }
    client.post(WHO, &format!("{person}/conversations"), body).await?;
    Ok(())
}

/// Something tailored at the house, started.
async fn start(
    client: &Client,
    plan: &str,
    title: &str,
    on: NaiveDate,
) -> Result<Value, LoadError> {
    let tailored =
        json!({ "title": title, "area": "education", "providerId": client.unit_of(HOUSE)? });
    let body =
        json!({ "tailored": tailored, "plannedStart": on, "responsibleId": client.employee(WHO)? });
    let referral = client.post(WHO, &format!("{plan}/interventions"), body).await?;
    let path = format!("/interventions/{}/start", id(&referral)?);
    client.change(WHO, Method::POST, &path, &referral, Some(json!({ "on": on }))).await
}

async fn report(client: &Client, items: Value) -> Result<(), LoadError> {
    client.post(HOUSE, "/absences", json!({ "items": items })).await?;
    Ok(())
}
