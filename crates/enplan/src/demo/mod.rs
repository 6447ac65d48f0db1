//! `enplan demo`: the whole of Enplan on one machine, with a municipality, Paw and Tinna, made-up people
//! and all accounts. Its data folder survives; a second start finds it.

mod announce;
mod caseload;
mod client;
mod courses;
mod deadlines;
mod hotline;
mod journal;
mod people;
mod story;
mod transitions;

use crate::keys::{Keys, KeysError};
use crate::serve::{self, Running, print_line};
use crate::settings::{KEYS_POINTER, LogLevel, ServeOptions, socket_folder};
use crate::signals::Signals;
use api::{Clock, passwords};
use clap::Args;
use client::Client;
use domain::calendar::day_of;
use persistence::bootstrap::{APP, WORKER, drop_database, with_database, with_login};
use persistence::cluster::{ClusterHome, PrivateCluster, Programs, Tuning};
use persistence::installation::{
    Loaded, accounts, ensure_demonstration, finish_loading, install, loaded,
};
use persistence::migrations::MigrationError;
use persistence::organisation::{FirstPasswords, Municipality};
use std::error::Error as StdError;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The pass phrase of every account. On loopback only.
const PASS_PHRASE: &str = "enplan-demo";
const DATABASE: &str = "enplan";
const MUNICIPALITY: &str = include_str!("../../data/municipality.json");

/// How to demonstrate.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to show figures.
    #[arg(long, default_value = "127.0.0.1:0")]
    metrics: SocketAddr,
    /// The data folder.
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many made-up young people beside Paw and Tinna.
    #[arg(long, default_value_t = 600)]
    population: usize,
    /// Begin anew, with an empty database.
    #[arg(long)]
    fresh: bool,
    /// Print one line of JSON when ready, and nothing else, on standard output.
    #[arg(long)]
    json: bool,
    /// Use this server, with a superuser's login, instead of a private one. It must not contain a municipality's
    /// database.
    #[arg(long, env = "ENPLAN_DEMO_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

/// Why there is no demonstration, beside what others tell.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error("another demonstration uses {0}: end it, or choose another folder with --data")]
    InUse(PathBuf),
    #[error("the keys in {0} are not a demonstration's: choose another folder with --data")]
    Keys(PathBuf),
    #[error("somebody else loads a municipality into this database just now")]
    Loaded,
    #[error(
        "the database is from an earlier version of Enplan: --fresh deletes it and begins anew"
    )]
    Old,
    #[error("no data folder: set HOME, or choose one with --data")]
    NoFolder,
    #[error("a demonstration listens on a loopback address alone, not on {0}")]
    Loopback(SocketAddr),
}

/// Demonstrates until the process is asked to end.
pub async fn run(options: DemoOptions) -> Result<(), Box<dyn StdError>> {
    crate::telemetry::tell(LogLevel::Warn);
    if !options.listen.ip().is_loopback() {
        return Err(DemoError::Loopback(options.listen).into());
    }
    let data = data_folder(options.data.clone())?;
    fs::create_dir_all(&data)?;
    // Held until the process ends, however it ends.
    let lock = File::create(data.join("lock"))?;
    lock.try_lock().map_err(|_| DemoError::InUse(data.clone()))?;
    // From now on a signal stops the cluster, even before anything is served.
    let mut signals = Signals::listen()?;

    if let Some(url) = options.database_url.clone() {
        let running = prepare(&options, &data, with_database(&url, DATABASE)?).await?;
        return running.finish(&mut signals).await;
    }
    say(if options.fresh {
        "Making a PostgreSQL of its own, anew …"
    } else {
        "Starting a PostgreSQL of its own …"
    });
    let cluster = open_cluster(data.clone(), options.fresh).await?;
    let prepared = tokio::select! {
        prepared = prepare(&options, &data, cluster.admin_url(DATABASE)) => prepared.map(Some),
        () = signals.next() => Ok(None),
    };
    let result = match prepared {
        Ok(Some(running)) => running.finish(&mut signals).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    say("Stopping PostgreSQL …");
    tokio::task::spawn_blocking(move || cluster.stop()).await??;
    drop(lock);
    result
}

/// Where nobody listens any more, all else goes on: the cluster above all is still to be stopped.
fn say(what: &str) {
    let _ = writeln!(io::stderr(), "{what}");
}

/// All of it on a server that runs, up to the line that tells where it is.
async fn prepare(
    options: &DemoOptions,
    data: &Path,
    admin_url: String,
) -> Result<Running, Box<dyn StdError>> {
    let keys = match Keys::read(data) {
        Err(KeysError::Unreadable(_)) => Keys::make(data, true)?,
        other => other?,
    };
    if !keys.demonstration {
        return Err(DemoError::Keys(data.to_path_buf()).into());
    }
    ensure_demonstration(&admin_url, DATABASE, &keys.role_passwords().app).await?;
    if options.fresh {
        drop_database(&admin_url, DATABASE).await?;
    }
    point_to_keys(&admin_url, data)?;
    let app_url = with_login(&admin_url, APP, &keys.role_passwords().app, DATABASE)?;
    let worker_url = with_login(&admin_url, WORKER, &keys.role_passwords().worker, DATABASE)?;

    say("Bringing the database up to date …");
    crate::make(&admin_url, DATABASE, &keys).await.map_err(|error| match error.downcast_ref() {
        Some(MigrationError::BeforeBaseline) => DemoError::Old.into(),
        _ => error,
    })?;
    let municipality: Municipality = serde_json::from_str(MUNICIPALITY)?;
    let mut state = loaded(&worker_url).await?;
    if state == Loaded::Partly {
        say("The last start was interrupted while loading: beginning anew …");
        drop_database(&admin_url, DATABASE).await?;
        crate::make(&admin_url, DATABASE, &keys).await?;
        state = Loaded::Not;
    }
    let accounts = match state {
        Loaded::Fully => accounts(&worker_url, &municipality).await?,
        Loaded::Not | Loaded::Partly => {
            say("Loading the municipality …");
            install(
                &worker_url,
                &municipality,
                FirstPasswords::Demonstration(&passwords::hash(PASS_PHRASE)?),
                Clock::system().now(),
            )
            .await?
            .ok_or(DemoError::Loaded)?
        }
    };

    let serve = ServeOptions {
        database_url: Some(app_url.clone()),
        keys: Some(data.to_path_buf()),
        listen: Some(options.listen),
        metrics: Some(options.metrics),
        log: Some(LogLevel::Warn),
        ..ServeOptions::default()
    };
    let running = serve::start(&serve.resolve()?).await?;
    if state == Loaded::Not {
        let began = std::time::Instant::now();
        say("Writing the plans of Paw and Tinna, as their caseworkers would …");
        let client = Client::new(running.url(), &accounts);
        story::tell(&client).await?;
        deadlines::tell(&client, day_of(Clock::system().now())).await?;
        say("Handing over from B&U to J&V …");
        transitions::tell(&client, day_of(Clock::system().now())).await?;
        say(&format!("Making up {} young people …", options.population));
        people::make_up(&client, options.population).await?;
        caseload::lead(&client, day_of(Clock::system().now())).await?;
        say("Answering the hotline …");
        hotline::answer_calls(&client).await?;
        finish_loading(&worker_url, Clock::system().now()).await?;
        say(&format!("Loaded in {:.1} s.", began.elapsed().as_secs_f64()));
    }
    let ready =
        announce::Ready { running: &running, database_url: &app_url, data, accounts: &accounts };
    print_line(&if options.json { ready.as_json() } else { ready.as_page()? })?;
    Ok(running)
}

fn data_folder(wanted: Option<PathBuf>) -> Result<PathBuf, Box<dyn StdError>> {
    let folder = if let Some(folder) = wanted {
        folder
    } else {
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        ClusterHome::standard("demo", variable("XDG_DATA_HOME"), variable("HOME"))
            .map_err(|_| DemoError::NoFolder)?
            .folder()
            .to_path_buf()
    };
    Ok(std::path::absolute(folder)?)
}

async fn open_cluster(data: PathBuf, fresh: bool) -> Result<PrivateCluster, Box<dyn StdError>> {
    let path = std::env::var_os("PATH");
    let cluster = tokio::task::spawn_blocking(move || {
        let programs = Programs::find(path.as_deref())?;
        let home = ClusterHome::at(&data.join("postgresql"))?;
        if fresh {
            PrivateCluster::destroy(&programs, &home)?;
        }
        PrivateCluster::open(&programs, &home, Tuning::Durable)
    })
    .await??;
    Ok(cluster)
}

/// Tells beside the socket where the keys lie, so that a second instance needs the address alone.
fn point_to_keys(admin_url: &str, data: &Path) -> Result<(), Box<dyn StdError>> {
    if let Some(folder) = socket_folder(&url::Url::parse(admin_url)?) {
        // Anew each time: as root we write into the folder of the user `postgres`, and follow no link.
        let pointer = folder.join(KEYS_POINTER);
        let _ = fs::remove_file(&pointer);
        File::create_new(pointer)?.write_all(data.as_os_str().as_encoded_bytes())?;
    }
    Ok(())
}
