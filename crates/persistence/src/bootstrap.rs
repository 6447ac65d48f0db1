//! What a superuser does before there is anything to migrate: the roles and the database.
//!
//! Roles belong to the server, not to a database, so no migration makes them: twelve databases
//! migrated at once would all change the same rows. Here everybody waits for an advisory lock in
//! the database `postgres`.

use crate::connection::{self, Silence};
use crate::limits;
use aws_lc_rs::{digest, hmac, pbkdf2, rand};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use secrecy::{ExposeSecret as _, SecretString};
use std::num::NonZeroU32;
use url::Url;

/// Owns tables, views and functions. Nobody logs in as this role.
pub const OWNER: &str = "enplan_owner";
/// The application.
pub const APP: &str = "enplan_app";
/// Jobs, sealer and feed.
pub const WORKER: &str = "enplan_worker";
/// The figures: counts only.
pub const FIGURES: &str = "enplan_figures";

/// The oldest server that has what the migrations use.
const OLDEST_SERVER: i32 = 150_000;

/// The advisory lock, in the database `postgres`, under which roles and databases are made.
const LOCK: i64 = 0x656e_706c_616e;

/// Why roles or a database could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The address is no `postgres://` URL with a host.
    #[error("the database's address is not of the form postgres://user:password@host/database")]
    Address,
    /// The server is older than [`create_roles`] and the migrations need.
    #[error("the server is PostgreSQL {}.{}, 15 or newer is needed", .0 / 10_000, .0 % 10_000)]
    TooOld(i32),
    /// Only printable ASCII reaches the server the same from every client.
    #[error("a role's password must be printable ASCII, and not empty")]
    Password,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The server cannot be reached, or refuses the login.
    #[error("the database server cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// The server refused a statement.
    #[error("the database server refused")]
    Refused(#[from] diesel::result::Error),
}

/// The passwords of the three roles that log in.
#[derive(Debug, Clone)]
pub struct RolePasswords {
    /// Of [`APP`].
    pub app: SecretString,
    /// Of [`WORKER`].
    pub worker: SecretString,
    /// Of [`FIGURES`].
    pub figures: SecretString,
}

impl RolePasswords {
    /// New ones.
    pub fn random() -> Result<Self, BootstrapError> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).map_err(|_| BootstrapError::Random)?;
        Ok(Self::derived(&secret))
    }

    /// The same ones for everybody who holds the superuser's password, and for nobody else:
    /// the demo and any number of test processes agree on them without writing them anywhere.
    /// (Where the superuser needs no password, the server lets in anybody as anybody already.)
    pub fn derived_from(admin_url: &str) -> Result<Self, BootstrapError> {
        Ok(Self::derived(address(admin_url)?.password().unwrap_or_default().as_bytes()))
    }

    fn derived(secret: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let password = |role: &str| -> SecretString {
            BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, role.as_bytes())).into()
        };
        Self { app: password(APP), worker: password(WORKER), figures: password(FIGURES) }
    }

    const fn of_roles(&self) -> [(&'static str, &SecretString); 3] {
        [(APP, &self.app), (WORKER, &self.worker), (FIGURES, &self.figures)]
    }
}

/// Makes the four roles, or sets those that are there to what they must be, passwords included.
/// All of them change or none.
///
/// The server gets a SCRAM verifier, so that no password can stand in its log.
pub async fn create_roles(
    admin_url: &str,
    passwords: &RolePasswords,
) -> Result<(), BootstrapError> {
    let mut admin = connect(&with_database(admin_url, "postgres")?).await?;
    let version = server_version(&mut admin).await?;
    if version < OLDEST_SERVER {
        return Err(BootstrapError::TooOld(version));
    }
    // One message is one transaction.
    let mut statements = format!("SELECT pg_advisory_xact_lock({LOCK});");
    // The owner of a database is by that a member of the one who owns its schema `public`: this
    // it inherits. The others inherit nothing.
    statements.push_str(&role(OWNER, "INHERIT NOLOGIN PASSWORD NULL"));
    for (name, password) in passwords.of_roles() {
        let verifier = literal(&scram_verifier(password)?);
        statements.push_str(&role(name, &format!("NOINHERIT LOGIN PASSWORD {verifier}")));
    }
    Ok(admin.batch_execute(&statements).await?)
}

fn role(name: &str, rest: &str) -> String {
    let (name, text) = (identifier(name), literal(name));
    format!(
        "DO $$ BEGIN
             IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN
                 CREATE ROLE {name};
             END IF;
         END $$;
         ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
             {rest};
         -- Temporary errors are recognized by their message texts.
         ALTER ROLE {name} SET lc_messages = 'C';"
    )
}

/// The server's version, such as 150018.
pub async fn server_version(connection: &mut AsyncPgConnection) -> Result<i32, BootstrapError> {
    let version = diesel::select(sql::<Integer>("current_setting('server_version_num')::integer"));
    Ok(version.get_result(connection).await?)
}

/// Makes a database of [`OWNER`] that only our roles can enter, unless it is there.
pub async fn create_database(admin_url: &str, name: &str) -> Result<(), BootstrapError> {
    let mut admin = connect(&with_database(admin_url, "postgres")?).await?;
    // Of the session, because a database is made outside any transaction. It ends with it.
    admin.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    if !database_exists(&mut admin, name).await? {
        make_database(&mut admin, name, "template0 ENCODING 'UTF8'").await?;
    }
    open_to_roles(&mut admin, name).await
}

/// Makes a database as a copy of another to which nobody is connected.
pub async fn copy_database(
    admin_url: &str,
    template: &str,
    name: &str,
) -> Result<(), BootstrapError> {
    let mut admin = connect(&with_database(admin_url, "postgres")?).await?;
    make_database(&mut admin, name, &identifier(template)).await?;
    open_to_roles(&mut admin, name).await
}

/// Removes a database, with those connected to it.
pub async fn drop_database(admin_url: &str, name: &str) -> Result<(), BootstrapError> {
    let mut admin = connect(&with_database(admin_url, "postgres")?).await?;
    let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name));
    Ok(admin.batch_execute(&statement).await?)
}

/// Whether the server has a database of this name.
pub async fn database_exists(
    connection: &mut AsyncPgConnection,
    name: &str,
) -> Result<bool, BootstrapError> {
    let exists = sql::<Bool>("EXISTS (SELECT FROM pg_database WHERE datname = ")
        .bind::<Text, _>(name)
        .sql(")");
    Ok(diesel::select(exists).get_result(connection).await?)
}

async fn make_database(
    admin: &mut AsyncPgConnection,
    name: &str,
    template: &str,
) -> Result<(), BootstrapError> {
    let name = identifier(name);
    let statement = format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}");
    Ok(admin.batch_execute(&statement).await?)
}

async fn open_to_roles(admin: &mut AsyncPgConnection, name: &str) -> Result<(), BootstrapError> {
    let name = identifier(name);
    let statements = format!(
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC;
         GRANT CONNECT ON DATABASE {name} TO {APP}, {WORKER}, {FIGURES};"
    );
    Ok(admin.batch_execute(&statements).await?)
}

/// The same server's address, for another database.
pub fn with_database(url: &str, database: &str) -> Result<String, BootstrapError> {
    let mut url = address(url)?;
    url.set_path(database);
    Ok(url.into())
}

/// The same server's address, for a role and a database.
pub fn with_login(
    url: &str,
    role: &str,
    password: &SecretString,
    database: &str,
) -> Result<String, BootstrapError> {
    let mut url = address(url)?;
    url.set_username(role).map_err(|()| BootstrapError::Address)?;
    let password = Some(password.expose_secret());
    url.set_password(password).map_err(|()| BootstrapError::Address)?;
    url.set_path(database);
    Ok(url.into())
}

/// The same address with options that the server applies from the start. The driver reads a plus sign
/// as itself, so spaces are written as `%20`.
pub(crate) fn with_options(url: &str, options: &str) -> String {
    let before = if url.contains('?') { '&' } else { '?' };
    let options: String = url::form_urlencoded::byte_serialize(options.as_bytes()).collect();
    format!("{url}{before}options={}", options.replace('+', "%20"))
}

fn address(url: &str) -> Result<Url, BootstrapError> {
    let url = Url::parse(url).map_err(|_| BootstrapError::Address)?;
    let ours = matches!(url.scheme(), "postgres" | "postgresql") && url.has_host();
    if ours { Ok(url) } else { Err(BootstrapError::Address) }
}

async fn connect(url: &str) -> Result<AsyncPgConnection, BootstrapError> {
    Ok(connection::connect(url, limits::OPERATOR, &Silence::default()).await?)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What the server keeps of a password (RFC 5802, as PostgreSQL writes it).
fn scram_verifier(password: &SecretString) -> Result<String, BootstrapError> {
    /// PostgreSQL's own number.
    const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(4095);
    let password = password.expose_secret().as_bytes();
    if password.is_empty() || !password.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return Err(BootstrapError::Password);
    }
    let (mut salt, mut salted) = ([0; 16], [0; 32]);
    rand::fill(&mut salt).map_err(|_| BootstrapError::Random)?;
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, password, &mut salted);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &salted);
    let client_key = hmac::sign(&key, b"Client Key");
    let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
    let server_key = hmac::sign(&key, b"Server Key");
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    Ok(format!(
        "SCRAM-SHA-256${ROUNDS}:{}${}:{}",
        base64(&salt),
        base64(stored_key.as_ref()),
        base64(server_key.as_ref())
    ))
}
