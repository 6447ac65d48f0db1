//! Whether a cluster runs: what its pid file says, checked against the process.

use super::home::ClusterHome;
use super::{AtPath, ClusterError};
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// What a cluster does just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing runs, whatever the pid file says.
    Down,
    /// It starts or stops.
    Busy,
    /// It takes connections.
    Ready,
}

pub(super) fn state(home: &ClusterHome) -> State {
    let Ok(text) = fs::read_to_string(home.data().join("postmaster.pid")) else {
        return State::Down;
    };
    match (first_pid(&text), text.lines().nth(7)) {
        (Some(pid), _) if !is_server_of(home, pid) => State::Down,
        (Some(_), Some(status)) if status.trim() == "ready" => State::Ready,
        _ => State::Busy,
    }
}

/// Removes the lock files of a server that was killed, where its pid is another program's now:
/// PostgreSQL would take that program for the server. (Where nobody has the pid, PostgreSQL
/// itself looks whether something of the old server still lives; that is left to it.)
pub(super) fn remove_stale(home: &ClusterHome) -> Result<(), ClusterError> {
    for file in [home.data().join("postmaster.pid"), home.sockets.join(".s.PGSQL.5432.lock")] {
        let pid = fs::read_to_string(&file).ok().and_then(|text| first_pid(&text));
        if pid.is_some_and(|pid| exists(pid) && !is_server_of(home, pid)) {
            match fs::remove_file(&file) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed.at(&file)?,
            }
        }
    }
    Ok(())
}

fn first_pid(text: &str) -> Option<i32> {
    text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 0)
}

fn exists(pid: i32) -> bool {
    !matches!(kill(Pid::from_raw(pid), None), Err(Errno::ESRCH))
}

/// The server is the process that was started with this cluster's folder as an argument. (Its
/// working folder would say the same, but root in a container may not read it.)
fn is_server_of(home: &ClusterHome, pid: i32) -> bool {
    let folder = home.cluster();
    let folder = folder.as_os_str().as_encoded_bytes();
    if Path::new("/proc/self/cmdline").exists() {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == folder)
    } else {
        let said =
            Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
        said.is_ok_and(|said| said.stdout.windows(folder.len()).any(|part| part == folder))
    }
}
