//! A database of made-up people in a private cluster, kept between runs, and a server on it.

use api::tokens::TokenKeys;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use persistence::bootstrap::{APP, RolePasswords, create_database, create_roles, with_login};
use persistence::cluster::{ClusterHome, PrivateCluster, Programs, Tuning};
use persistence::migrations;
use secrecy::SecretString;
use serde_json::Value;
use std::error::Error as StdError;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use uuid::Uuid;

/// Whose database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Population {
    /// Plans and interventions in units of about 2,000 young people.
    Cases,
    /// One unit with sixty caseworkers and all the young people.
    OneUnit,
    /// As [`Self::Cases`], apart: each young person is in need of a transition meeting.
    Transitions,
}

impl Population {
    const fn name(self) -> &'static str {
        match self {
            Self::Cases => "bench",
            Self::OneUnit => "bench_unit",
            Self::Transitions => "bench_transitions",
        }
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Cases | Self::Transitions => include_str!("../sql/population.sql"),
            Self::OneUnit => include_str!("../sql/caseload.sql"),
        }
    }
}

/// Pairs of an employee and a young person of theirs that are asked for in turn.
pub const QUESTIONS: usize = 64;
/// The session of the n-th of them, and the young person, as the population gives their ids.
pub const SESSION: &str = "('00000000-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid";
/// See [`SESSION`].
pub const YOUNG_PERSON: &str =
    "(lpad(to_hex(:n::int), 8, '0') || '-0000-7000-8000-' || substr(md5(:n::text), 1, 12))::uuid";

/// One employee asking for one young person.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Their token.
    pub token: String,
    /// Whom they ask for.
    pub young_person: Uuid,
    /// The unit they are of.
    pub unit: Uuid,
}

/// A database of made-up people.
#[derive(Debug)]
pub struct Municipality {
    /// As the application.
    pub app_url: String,
    /// The server's programs.
    pub programs: Programs,
    /// What is asked.
    pub questions: Vec<Asked>,
    /// Where the keys lie.
    pub keys: PathBuf,
    /// As a superuser.
    pub admin_url: String,
}

/// A server, ended when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// `127.0.0.1:port`.
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = SqlUuid)]
    session: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employee: Uuid,
    #[diesel(sql_type = SqlUuid)]
    young_person: Uuid,
    #[diesel(sql_type = SqlUuid)]
    unit: Uuid,
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The text at a JSON pointer; empty where there is none.
pub fn text(json: &Value, pointer: &str) -> String {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Municipality {
    /// Makes the database where it is not there yet, and sessions that hold today.
    pub async fn prepare(
        data: &Path,
        population: Population,
        people: usize,
        now: DateTime<Utc>,
    ) -> Result<Self, Box<dyn StdError>> {
        fs::create_dir_all(data)?;
        let programs = Programs::find(std::env::var_os("PATH").as_deref())?;
        let cluster = PrivateCluster::open(
            &programs,
            &ClusterHome::at(&data.join("postgresql"))?,
            Tuning::Server,
        )?;
        let name = format!("{}_{people}_{}", population.name(), migrations::fingerprint());
        let admin_url = cluster.admin_url(&name);
        let keys = data.join("keys");
        if !keys.join("keys.json").exists() {
            return Err(format!("no keys: run `enplan keys {}` first", keys.display()).into());
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(keys.join("keys.json"))?)?;
        let password =
            |role: &str| SecretString::from(text(&file, &format!("/databasePasswords/{role}")));
        let passwords = RolePasswords {
            app: password("app"),
            worker: password("worker"),
            figures: password("figures"),
        };
        create_roles(&admin_url, &passwords).await?;

        let mut postgres = AsyncPgConnection::establish(&cluster.admin_url("postgres")).await?;
        let there: Vec<There> =
            diesel::sql_query("SELECT datname::text AS name FROM pg_database WHERE datname = $1")
                .bind::<Text, _>(&name)
                .load(&mut postgres)
                .await?;
        let is_new = there.iter().all(|database| database.name != name);
        create_database(&admin_url, &name).await?;
        migrations::run(&admin_url).await?;
        let mut admin = AsyncPgConnection::establish(&admin_url).await?;
        let moment = now.to_rfc3339_opts(SecondsFormat::Micros, true);
        if is_new {
            let population = population
                .sql()
                .replace("{people}", &people.to_string())
                .replace("{askers}", &QUESTIONS.to_string())
                .replace("{now}", &moment);
            admin.batch_execute(&format!("BEGIN; {population}; COMMIT")).await?;
            admin.batch_execute("VACUUM (ANALYZE)").await?;
            admin.batch_execute("CHECKPOINT").await?;
        }
        let since = (now - TimeDelta::hours(1)).to_rfc3339_opts(SecondsFormat::Micros, true);
        admin
            .batch_execute(&format!("UPDATE session SET started_at = '{since}', refreshed_at = '{since}', ended_at = NULL"))
            .await?;
        admin.batch_execute("VACUUM (ANALYZE) session").await?;
        let tokens = TokenKeys::from_pkcs8(&BASE64_STANDARD.decode(text(&file, "/tokenKey"))?)?;
        let pairs: Vec<Pair> = diesel::sql_query(
            format!(
                "SELECT s.id AS session, s.employee_id AS employee, {YOUNG_PERSON} AS young_person, r.unit_id AS unit \
             FROM generate_series(1, {QUESTIONS}) AS asked (n) JOIN session s ON s.id = {SESSION} \
             JOIN employee_role r ON r.employee_id = s.employee_id"
            )
            .replace(":n", "n"),
        )
        .load(&mut admin)
        .await?;
        if pairs.len() < QUESTIONS {
            return Err(format!("{name} is of an older population: drop it").into());
        }
        let questions = pairs
            .into_iter()
            .map(|pair| {
                Ok(Asked {
                    token: tokens.issue(pair.employee.into(), pair.session.into(), now)?,
                    young_person: pair.young_person,
                    unit: pair.unit,
                })
            })
            .collect::<Result<Vec<_>, Box<dyn StdError>>>()?;
        let app_url = with_login(&admin_url, APP, &passwords.app, &name)?;
        Ok(Self { app_url, programs, questions, keys, admin_url })
    }

    /// Starts the program on this database.
    pub fn serve(&self, enplan: &Path, pool_size: usize) -> Result<Server, Box<dyn StdError>> {
        let mut child = Command::new(enplan)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--json",
                "--pool-size",
                &pool_size.to_string(),
            ])
            .env("ENPLAN_DATABASE_URL", &self.app_url)
            .env("ENPLAN_KEYS", &self.keys)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or("no standard output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line)?;
        let address = text(&told, "/url").trim_start_matches("http://").to_owned();
        Ok(Server { child, address })
    }
}
