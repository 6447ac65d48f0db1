//! The hotline at its size: how long a search takes, and how long it takes to log a contact, with as many contacts there and
//! with none (HL-7).

use crate::Options;
use crate::load::ask;
use crate::municipality::{Municipality, Population, Server, text};
use api::Clock;
use api::tokens::TokenKeys;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use serde_json::{Value, json};
use std::error::Error as StdError;
use std::time::{Duration, Instant};
use uuid::Uuid;

const CONTACTS: &str = include_str!("../sql/hotline.sql");
const EMPLOYEE: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_00ab);
const SESSION: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_00ad);
/// What is typed: words that stand in half of all contacts and words that stand in a few, beginnings, typing errors, other
/// spellings, several at once, and what is nowhere.
pub const TYPED: [&str; 12] = [
    "skolen",
    "misbrug",
    "praktik fravær",
    "misbrg",
    "okonomi bolig",
    "uddanelse",
    "psykolog mentor kontakt",
    "skobaring",
    "tro",
    "holkulyn plader",
    "vejlder",
    "xylofon",
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    contacts: i64,
}

/// Of this many young people.
const PEOPLE: usize = 15_000;

/// Measures for about `turn` each, and tells the figures.
pub async fn measure(
    options: &Options,
    contacts: usize,
    turn: Duration,
) -> Result<(), Box<dyn StdError>> {
    let now = Clock::system().now();
    let place = &Municipality::prepare(&options.data, Population::Cases, PEOPLE, now).await?;
    let (enplan, pool_size) = (&options.enplan, options.pool_size);
    let mut admin = AsyncPgConnection::establish(&place.admin_url).await?;
    let there: Count = diesel::sql_query("SELECT count(*) AS contacts FROM hotline_contact")
        .get_result(&mut admin)
        .await?;
    let moment = now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let fill = |contacts: usize| {
        CONTACTS.replace("{contacts}", &contacts.to_string()).replace("{now}", &moment)
    };
    let token = token(place, now)?;
    println!("| what | asked | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|");
    if there.contacts == 0 {
        admin.batch_execute(&format!("BEGIN; {}; COMMIT", fill(1))).await?;
        let server = place.serve(enplan, pool_size)?;
        tell("log a contact, with none there", &log(&server, &token, turn).await?);
        drop(server);
        // Its unit and account stand already.
        let rows = fill(contacts);
        let (_, rows) = rows.split_once("-- The first of them").ok_or("no generator")?;
        let begin = "BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE hotline_contact CASCADE; \
                     DROP INDEX hotline_contact_by_words; --";
        let index = "CREATE INDEX hotline_contact_by_words ON hotline_contact USING gin (words)";
        admin.batch_execute(&format!("{begin}{rows}; {index}; COMMIT")).await?;
        admin.batch_execute("VACUUM (ANALYZE)").await?;
    }
    let server = place.serve(enplan, pool_size)?;
    // Before thousands are logged that all say the same: no hotline's newest contacts are like that.
    for typed in TYPED {
        let body = json!({ "text": typed });
        let request = request(&server, &token, "/api/v1/hotline/contacts/search", &body);
        let times = run(&server, &[request], turn / 8).await?;
        tell(&format!("search \"{typed}\""), &times);
    }
    let all: Vec<Vec<u8>> = TYPED
        .iter()
        .map(|typed| {
            request(&server, &token, "/api/v1/hotline/contacts/search", &json!({ "text": typed }))
        })
        .collect();
    tell("search, all in turn", &run(&server, &all, turn).await?);
    let what = format!("log a contact, with {contacts} there");
    tell(&what, &log(&server, &token, turn).await?);
    Ok(())
}

fn token(place: &Municipality, now: DateTime<Utc>) -> Result<String, Box<dyn StdError>> {
    let file: Value =
        serde_json::from_str(&std::fs::read_to_string(place.keys.join("keys.json"))?)?;
    let keys = TokenKeys::from_pkcs8(&BASE64_STANDARD.decode(text(&file, "/tokenKey"))?)?;
    Ok(keys.issue(EMPLOYEE.into(), SESSION.into(), now)?)
}

async fn log(
    server: &Server,
    token: &str,
    turn: Duration,
) -> Result<Vec<Duration>, Box<dyn StdError>> {
    let body = json!({
        "callerKind": "relative", "callerName": "Prøve", "channel": "phone", "topic": "absence", "urgency": "normal",
        "summary": "Har ikke været i skolen i to uger; økonomi og bolig fylder meget, og der er ikke talt med en vejleder endnu.",
    });
    run(server, &[request(server, token, "/api/v1/hotline/contacts", &body)], turn).await
}

async fn run(
    server: &Server,
    requests: &[Vec<u8>],
    turn: Duration,
) -> Result<Vec<Duration>, Box<dyn StdError>> {
    let asked = ask(&server.address, requests, Instant::now() + turn).await;
    let mut times = asked.map_err(|error| error.to_string())?;
    times.sort_unstable();
    Ok(times)
}

fn request(server: &Server, token: &str, path: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    )
    .into_bytes()
}

fn tell(what: &str, times: &[Duration]) {
    let at = |percent: usize| {
        times.get(times.len() * percent / 100).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    println!("| {what} | {} | {:.1} | {:.1} | {:.1} |", times.len(), at(50), at(95), at(99));
}
