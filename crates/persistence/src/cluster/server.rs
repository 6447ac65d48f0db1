//! One private cluster: made, started, addressed, stopped, removed.

use super::account::{last_line, run};
use super::home::ClusterHome;
use super::pid_file::{self, State};
use super::programs::Programs;
use super::settings::{Tuning, settings};
use super::{AtPath, ClusterError, random_hex};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

/// The superuser of a private cluster.
pub const ADMIN: &str = "enplan_admin";

/// How long a cluster may take to become ready.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a start is tried: after `kill -9` the old server's children need a moment to end.
const STARTS: u32 = 20;

/// A cluster that runs. Dropping it does not stop it.
#[derive(Debug, Clone)]
pub struct PrivateCluster {
    programs: Programs,
    home: ClusterHome,
    password: SecretString,
}

impl PrivateCluster {
    /// Makes the cluster if there is none, and starts it if it does not run. Any number of
    /// processes may do so at once: one makes and starts it, all get it.
    pub fn open(
        programs: &Programs,
        home: &ClusterHome,
        tuning: Tuning,
    ) -> Result<Self, ClusterError> {
        home.prepare()?;
        let _alone = home.decide_alone()?;
        if !home.cluster().exists() {
            make(programs, home, tuning)?;
        }
        ensure_version(programs, home)?;
        bring_up(programs, home, tuning)?;
        let password = home.cluster().join("admin-password");
        let password = fs::read_to_string(&password).at(&password)?.into();
        Ok(Self { programs: programs.clone(), home: home.clone(), password })
    }

    /// The address of a database as a role sees it.
    #[must_use]
    pub fn url(&self, role: &str, password: &SecretString, database: &str) -> String {
        format!(
            "postgres://{}:{}@{}/{}",
            encode(role),
            encode(password.expose_secret()),
            encode(&self.home.sockets.to_string_lossy()),
            encode(database)
        )
    }

    /// The address of a database as the superuser sees it.
    #[must_use]
    pub fn admin_url(&self, database: &str) -> String {
        self.url(ADMIN, &self.password, database)
    }

    /// Where it lies.
    #[must_use]
    pub const fn home(&self) -> &ClusterHome {
        &self.home
    }

    /// Stops it; its clients are cut off, what they committed stays.
    pub fn stop(&self) -> Result<(), ClusterError> {
        let _alone = self.home.decide_alone()?;
        bring_down(&self.programs, &self.home)
    }

    /// Stops and removes what lies in a home, whether or not it could be opened. The lock file
    /// stays: a lock on a removed file would hold nobody back.
    pub fn destroy(programs: &Programs, home: &ClusterHome) -> Result<(), ClusterError> {
        home.prepare()?;
        let _alone = home.decide_alone()?;
        bring_down(programs, home)?;
        for folder in [home.cluster(), home.sockets.clone()] {
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed.at(&folder)?,
            }
        }
        sweep(home)
    }
}

/// Makes a cluster under another name, and renames it when it is whole.
fn make(programs: &Programs, home: &ClusterHome, tuning: Tuning) -> Result<(), ClusterError> {
    sweep(home)?;
    let unfinished = home.folder.join(format!("new-{}", random_hex::<8>()?));
    let (data, password) = (unfinished.join("data"), unfinished.join("admin-password"));
    home.account.make_folder(&unfinished, true)?;
    home.account.make_folder(&data, false)?;
    home.account.write(&password, &random_hex::<16>()?)?;
    let initdb = |locale: &str| {
        let mut initdb = home.account.command(&programs.path("initdb"));
        initdb.args(["--username", ADMIN, "--auth", "scram-sha-256", "--data-checksums"]);
        initdb.args(["--encoding", "UTF8", "--locale", locale, "--no-instructions"]);
        initdb.arg("--pwfile").arg(&password).arg("--pgdata").arg(&data);
        if tuning == Tuning::Test {
            initdb.arg("--no-sync");
        }
        run(&mut initdb)
    };
    // C.UTF-8 knows that Å is the capital of å; not every system has it.
    initdb("C.UTF-8").or_else(|_| initdb("C"))?;
    fs::rename(&unfinished, home.cluster()).at(&home.cluster())
}

/// Removes what was left unfinished. An `initdb` that outlived its starter may still write there;
/// what it leaves is removed the next time.
fn sweep(home: &ClusterHome) -> Result<(), ClusterError> {
    for entry in fs::read_dir(&home.folder).at(&home.folder)?.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b"new-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

fn ensure_version(programs: &Programs, home: &ClusterHome) -> Result<(), ClusterError> {
    let file = home.data().join("PG_VERSION");
    let found = fs::read_to_string(&file).at(&file)?.trim().to_owned();
    if found == programs.major().to_string() {
        return Ok(());
    }
    Err(ClusterError::OtherVersion { folder: home.folder.clone(), found, wanted: programs.major() })
}

fn bring_up(programs: &Programs, home: &ClusterHome, tuning: Tuning) -> Result<(), ClusterError> {
    let deadline = Instant::now() + PATIENCE;
    let mut starts = 0;
    while Instant::now() < deadline {
        match pid_file::state(home) {
            State::Ready => return Ok(()),
            State::Busy => {}
            State::Down => match start(programs, home, tuning) {
                Err(error) if starts == STARTS => return Err(error),
                _ => starts += 1,
            },
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(ClusterError::NotReady(home.cluster()))
}

fn start(programs: &Programs, home: &ClusterHome, tuning: Tuning) -> Result<(), ClusterError> {
    pid_file::remove_stale(home)?;
    home.account.write(&home.cluster().join("postgresql.conf"), &settings(home, tuning))?;
    let log = home.data().join("server.log");
    let mut start = home.account.command(&programs.path("pg_ctl"));
    start.args(["start", "--wait", "--silent"]);
    start.arg("--timeout").arg(PATIENCE.as_secs().to_string());
    start.arg("--log").arg(&log).arg("--pgdata").arg(home.cluster());
    run(&mut start).map(drop).map_err(|error| because(error, &log))
}

/// `pg_ctl` says only to look at the log; the log's last word is the reason.
fn because(error: ClusterError, log: &Path) -> ClusterError {
    let reason = fs::read_to_string(log).ok().and_then(|text| last_line(&text));
    match (error, reason) {
        (ClusterError::Program { program, said }, Some(reason)) => {
            ClusterError::Program { program, said: format!("{said} {reason}") }
        }
        (error, _) => error,
    }
}

fn bring_down(programs: &Programs, home: &ClusterHome) -> Result<(), ClusterError> {
    if pid_file::state(home) == State::Down {
        return Ok(());
    }
    let mut stop = home.account.command(&programs.path("pg_ctl"));
    stop.args(["stop", "--wait", "--silent", "--mode", "fast"]);
    stop.arg("--timeout").arg(PATIENCE.as_secs().to_string());
    stop.arg("--pgdata").arg(home.data());
    match run(&mut stop) {
        // It ended by itself between our look and our word.
        Err(_) if pid_file::state(home) == State::Down => Ok(()),
        stopped => stopped.map(drop),
    }
}

/// Percent-encodes what is not plain, as a part of an address.
fn encode(text: &str) -> String {
    let encode = |byte| match char::from(byte) {
        plain @ ('a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.') => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
