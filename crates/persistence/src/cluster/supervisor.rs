//! A test cluster that stops by itself when nobody uses it.

use super::home::ClusterHome;
use super::programs::Programs;
use super::server::PrivateCluster;
use super::settings::Tuning;
use super::{AtPath, ClusterError};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

const SCRIPT: &str = include_str!("supervisor.sh");

/// While it lives, the supervisor does not stop the cluster.
#[derive(Debug)]
pub struct InUse {
    _shared: File,
}

impl PrivateCluster {
    /// Opens a cluster that is stopped once nobody has used it for as long as `patience`.
    ///
    /// The right to use it is taken before anybody looks whether it runs, and the supervisor
    /// stops it only while nobody has that right: it cannot stop in between.
    pub fn open_supervised(
        programs: &Programs,
        home: &ClusterHome,
        tuning: Tuning,
        patience: Duration,
    ) -> Result<(Self, InUse), ClusterError> {
        home.prepare()?;
        let shared = home.lock_file("use.lock")?;
        shared.lock_shared().at(&home.folder)?;
        let cluster = Self::open(programs, home, tuning)?;
        ensure_supervisor(programs, home, patience)?;
        Ok((cluster, InUse { _shared: shared }))
    }
}

/// Starts a supervisor where none is. One that is stays: it ends only while nobody uses the
/// cluster, and we do.
fn ensure_supervisor(
    programs: &Programs,
    home: &ClusterHome,
    patience: Duration,
) -> Result<(), ClusterError> {
    let _alone = home.decide_alone()?;
    let theirs = home.lock_file("supervisor.lock")?;
    match theirs.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error).at(&home.folder),
        Ok(()) => drop(theirs),
    }
    let script = home.folder.join("supervisor.sh");
    home.account.write(&script, SCRIPT)?;
    let mut supervisor = home.account.command(Path::new("/bin/sh"));
    supervisor.arg(&script).arg(programs.folder()).arg(&home.folder).arg(&home.sockets);
    supervisor.arg(patience.as_secs().to_string());
    let mut child = supervisor.spawn().at(&script)?;
    // Nobody waits for it, but should it end before us it must not stay as a zombie.
    thread::spawn(move || child.wait());
    Ok(())
}
