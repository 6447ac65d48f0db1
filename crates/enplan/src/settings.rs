//! Configuration: flags before the environment before a file, checked before anything starts.

use crate::keys::{Keys, KeysError};
use api::Network;
use clap::{Args, ValueEnum};
use persistence::bootstrap::{APP, BootstrapError, WORKER, with_login};
use persistence::{Silence, StoreSettings};
use serde::Deserialize;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// Where the data folder of a private cluster is told, inside its socket folder.
pub const KEYS_POINTER: &str = "keys-folder";

/// How to serve.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeOptions {
    /// A file (TOML) with any of the settings below, by the same names in `snake_case`.
    #[arg(long, env = "ENPLAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// The database. Its login is `enplan_app`; the password may lie with the keys.
    #[arg(long, env = "ENPLAN_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The folder of the keys. For the database of a demonstration, its own are found.
    #[arg(long, env = "ENPLAN_KEYS")]
    pub keys: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "ENPLAN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Where to show figures.
    #[arg(long, env = "ENPLAN_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// How many workers; as many as there are processors where nothing is told.
    #[arg(long, env = "ENPLAN_WORKERS")]
    pub workers: Option<usize>,
    /// Database connections for requests in each worker.
    #[arg(long, env = "ENPLAN_POOL_SIZE")]
    pub pool_size: Option<usize>,
    /// Number of pass phrases hashed at the same time, each in 19 `MiB`; half the number of processors if not set.
    #[arg(long, env = "ENPLAN_HASHING_WORKERS")]
    pub hashing_workers: Option<usize>,
    /// The proxies in front of the service, as addresses or blocks (10.0.0.0/8), separated by commas. `Forwarded` and
    /// `X-Forwarded-For` are used only if they come from one of them.
    #[arg(long, env = "ENPLAN_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// Number of seconds for which browsers use only TLS (`Strict-Transport-Security`). Only for a service behind TLS.
    #[arg(long, env = "ENPLAN_HSTS_SECONDS")]
    pub hsts_seconds: Option<u32>,
    /// Lowest level that is logged on standard error.
    #[arg(long, env = "ENPLAN_LOG")]
    pub log: Option<LogLevel>,
    /// Print lines of JSON, and nothing else, on standard output.
    #[arg(long)]
    pub json: bool,
}

/// The level of a log line. A misspelt level is refused, because it would suppress all lines (F11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Failures.
    Error,
    /// Also warnings.
    Warn,
    /// Also each request.
    #[default]
    Info,
    /// Also the details of the libraries.
    Debug,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    database_url: Option<String>,
    keys: Option<PathBuf>,
    listen: Option<SocketAddr>,
    metrics: Option<SocketAddr>,
    workers: Option<usize>,
    pool_size: Option<usize>,
    hashing_workers: Option<usize>,
    trusted_proxies: Option<Vec<String>>,
    hsts_seconds: Option<u32>,
    log: Option<LogLevel>,
}

/// What is wrong with the configuration. Each is one line.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read, or is not what it should be.
    #[error("the configuration {0} is wrong: {1}")]
    File(PathBuf, String),
    /// Nothing names the database.
    #[error("no database: set ENPLAN_DATABASE_URL, or run `enplan demo`")]
    NoDatabase,
    /// It is no address of a PostgreSQL database.
    #[error("ENPLAN_DATABASE_URL is not of the form postgres://enplan_app@host/database")]
    Address,
    /// The login is another role.
    #[error("the database login must be enplan_app, not {0}")]
    Login(String),
    /// Nothing names the keys.
    #[error("no keys: make them with `enplan keys FOLDER` and set ENPLAN_KEYS to that folder")]
    NoKeys,
    /// The keys are not there, or too weak.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A number is out of its bounds.
    #[error("{0} must be between 1 and {1}")]
    Range(&'static str, usize),
    /// A trusted proxy is not an address.
    #[error("trusted_proxies: {0} is not an address or a block of addresses such as 10.0.0.0/8")]
    Proxy(String),
    /// A demonstration is served to more than this machine.
    #[error("a demonstration is served on a loopback address alone, not on {0}")]
    Loopback(SocketAddr),
    /// The address of the worker could not be made.
    #[error("the database's address cannot be read")]
    Bootstrap(#[from] BootstrapError),
}

/// A configuration that holds.
#[derive(Debug)]
pub struct Settings {
    /// The database, for each worker's store.
    pub store: StoreSettings,
    /// The keys.
    pub keys: Keys,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to show figures.
    pub metrics: SocketAddr,
    /// How many workers.
    pub workers: usize,
    /// The number of pass phrases hashed at the same time.
    pub hashing_workers: usize,
    /// The proxies whose forwarding headers are used.
    pub trusted_proxies: Vec<Network>,
    /// The number of seconds for which browsers use only TLS.
    pub hsts_seconds: Option<u32>,
    /// The lowest level that is logged.
    pub log: LogLevel,
    /// One line of JSON when ready.
    pub json: bool,
}

impl ServeOptions {
    /// Reads the file, fills in what is not told, and checks all of it.
    pub fn resolve(self) -> Result<Settings, SettingsError> {
        let file = match &self.config {
            None => FileSettings::default(),
            Some(path) => {
                let wrong = |error: String| SettingsError::File(path.clone(), error);
                let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
                toml::from_str(&text).map_err(|error| wrong(without_value(&error, &text)))?
            }
        };
        let database_url =
            self.database_url.or(file.database_url).ok_or(SettingsError::NoDatabase)?;
        let url = Url::parse(&database_url).map_err(|_| SettingsError::Address)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") || url.path().len() < 2 {
            return Err(SettingsError::Address);
        }
        if !url.username().is_empty() && url.username() != APP {
            return Err(SettingsError::Login(url.username().to_owned()));
        }
        let keys = self.keys.or(file.keys).or_else(|| beside(&url)).ok_or(SettingsError::NoKeys)?;
        let keys = Keys::read(&keys)?;
        let listen =
            self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        if keys.demonstration && !listen.ip().is_loopback() {
            return Err(SettingsError::Loopback(listen));
        }
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let passwords = keys.role_passwords();
        Ok(Settings {
            store: StoreSettings {
                app_url: with_login(&database_url, APP, &passwords.app, database(&url))?,
                worker_url: with_login(&database_url, WORKER, &passwords.worker, database(&url))?,
                pool_size: bounded(
                    "pool_size",
                    self.pool_size.or(file.pool_size).unwrap_or(3),
                    64,
                )?,
                silence: Silence::default(),
            },
            keys,
            listen,
            metrics: self
                .metrics
                .or(file.metrics)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            workers: bounded("workers", self.workers.or(file.workers).unwrap_or(processors), 256)?,
            hashing_workers: bounded(
                "hashing_workers",
                self.hashing_workers.or(file.hashing_workers).unwrap_or((processors / 2).max(1)),
                64,
            )?,
            trusted_proxies: networks(
                &self.trusted_proxies.or(file.trusted_proxies).unwrap_or_default(),
            )?,
            hsts_seconds: self.hsts_seconds.or(file.hsts_seconds),
            log: self.log.or(file.log).unwrap_or_default(),
            json: self.json,
        })
    }
}

/// What is wrong in which line, and not what stands there: it may be a password.
fn without_value(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let what = error.message().lines().next().unwrap_or_default();
    format!("line {line}: {what}")
}

fn database(url: &Url) -> &str {
    url.path().trim_start_matches('/')
}

fn bounded(name: &'static str, value: usize, most: usize) -> Result<usize, SettingsError> {
    if (1..=most).contains(&value) { Ok(value) } else { Err(SettingsError::Range(name, most)) }
}

fn networks(told: &[String]) -> Result<Vec<Network>, SettingsError> {
    told.iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|_| SettingsError::Proxy(text.to_owned())))
        .collect()
}

/// The keys of the demonstration whose private cluster this is.
fn beside(url: &Url) -> Option<PathBuf> {
    let folder = socket_folder(url)?;
    fs::read_to_string(folder.join(KEYS_POINTER)).ok().map(|text| PathBuf::from(text.trim()))
}

/// The folder of the socket that an address names; none for one on a network.
pub fn socket_folder(url: &Url) -> Option<PathBuf> {
    let host = url.host_str()?.replace("%2F", "/").replace("%2f", "/").replace("%20", " ");
    host.starts_with('/').then(|| PathBuf::from(host))
}
