//! Who has whose case: the cases of those who coordinate them, a new colleague who takes some over, leave that is
//! covered, and what lies in the intakes.

use super::client::{Client, LoadError, id, text};
use actix_web::http::{Method, StatusCode};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// In which function somebody of the demonstration has cases.
pub fn function_of(who: &str) -> Option<&'static str> {
    match who {
        "jv.sagsbehandler" | "jv.sagsbehandler2" => Some("caseworker"),
        "jv.jobkonsulent" => Some("job-consultant"),
        "bu.raadgiver" | "social.raadgiver" => Some("adviser"),
        "uu.vejleder" => Some("counsellor"),
        "rusmiddel.behandler" => Some("treatment-counsellor"),
        "ppr.psykolog" => Some("psychologist"),
        _ => None,
    }
}

/// Assigns the case of the plan at this path to all named employees, except its coordinator, who already has it.
pub async fn give(
    client: &Client,
    plan: &str,
    by: &str,
    who: &[&str],
    note: &str,
) -> Result<(), LoadError> {
    let known = client.get(by, plan).await?;
    let person = text(&known, "youngPersonId").ok_or(LoadError::Missing("youngPersonId"))?;
    let person = json!({ "id": person });
    for one in who {
        take(client, one, &person, note).await?;
    }
    Ok(())
}

/// Assigns the case of a young person to the employee who registered them.
pub async fn take(client: &Client, who: &str, person: &Value, note: &str) -> Result<(), LoadError> {
    let Some(function) = function_of(who) else { return Ok(()) };
    let body = json!({ "employeeId": client.employee(who)?, "function": function, "note": note });
    client.post(who, &format!("/young-people/{}/assignments", id(person)?), body).await?;
    Ok(())
}

/// Opens a plan for a young person whom the employee registered. If there is room, the employee coordinates it and
/// therefore has the case. Otherwise, or if the young person is to wait, it is a draft in the unit's intake queue.
pub async fn open(
    client: &Client,
    who: &str,
    person: &Value,
    body: Value,
    waits: bool,
) -> Result<Value, LoadError> {
    let path = format!("/young-people/{}/plans", id(person)?);
    if !waits {
        let mut coordinated = body.clone();
        if let Value::Object(members) = &mut coordinated {
            members.insert("coordinatorId".to_owned(), json!(client.employee(who)?));
        }
        match client.post(who, &path, coordinated).await {
            Err(LoadError::Refused(_, _, StatusCode::CONFLICT, _)) => {}
            other => return other,
        }
    }
    client.post(who, &path, body).await
}

/// Puts somebody into a unit's intake, from a day on.
pub async fn wish(
    client: &Client,
    who: &str,
    person: &Value,
    (unit, function): (uuid::Uuid, &str),
    reason: &str,
    from: Option<NaiveDate>,
) -> Result<(), LoadError> {
    let mut body = json!({ "unitId": unit, "function": function, "reason": reason });
    if let (Some(from), Value::Object(members)) = (from, &mut body) {
        members.insert("from".to_owned(), json!(from));
    }
    client.post(who, &format!("/young-people/{}/intake", id(person)?), body).await?;
    Ok(())
}

/// JobSpor's team leader takes in a new colleague of four days a week, who takes over as many of a colleague's
/// cases as a new one may have, and one more for a month; and has leave covered.
pub async fn lead(client: &Client, today: NaiveDate) -> Result<(), LoadError> {
    let (leader, unit) = ("jv.teamleder", client.unit_of("jv.teamleder")?);
    let new = json!({
        "username": "jv.nyansat", "givenName": "Ida", "familyName": "Holst", "employedOn": today - Days::new(20),
    });
    let employee = id(&client.post("admin", "/employees", new).await?)?;
    let role = json!({ "role": "caseworker", "unitId": unit });
    let proposed = client.post("admin", &format!("/employees/{employee}/roles"), role).await?;
    // The new colleague's pass phrase is still pending and waits for `admin2`.
    let pending = proposed.get("pending").and_then(Value::as_array);
    let role = pending.and_then(|all| all.iter().find(|one| text(one, "kind") == Some("role")));
    let role = role.ok_or(LoadError::Missing("pending"))?;
    let confirm = format!("/rights-requests/{}/confirm", id(role)?);
    client.change(leader, Method::POST, &confirm, role, None).await?;
    let terms = json!({
        "unitId": unit, "function": "caseworker", "from": today, "employmentShare": 80, "reduction": 0,
        "reason": "Ansat 30 timer om ugen.",
    });
    client.post(leader, &format!("/employees/{employee}/caseload-terms"), terms).await?;
    let cases = client.get("jv.sagsbehandler2", "/me/caseload").await?;
    let cases = cases.get("cases").and_then(Value::as_array).ok_or(LoadError::Missing("cases"))?;
    // 45 × 80 % × half a norm.
    let moves = cases.iter().take(18).map(|case| {
        Ok(json!({ "assignmentId": id(case)?, "toEmployeeId": employee, "note": "Kender dig fra samtalen i går." }))
    });
    let moves: Vec<Value> = moves.collect::<Result<_, LoadError>>()?;
    if moves.is_empty() {
        return Ok(());
    }
    let over = json!({ "moves": moves, "reason": "Ny kollega i teamet." });
    client.post(leader, "/handovers", over).await?;
    let cover = json!({
        "unitId": unit, "byEmployeeId": client.employee("jv.sagsbehandler")?, "from": today,
        "until": today + Days::new(13), "reason": "Ferie.",
    });
    let absent = client.employee("jv.sagsbehandler2")?;
    client.post(leader, &format!("/employees/{absent}/cover"), cover).await?;
    Ok(())
}
