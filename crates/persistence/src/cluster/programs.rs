//! Finds PostgreSQL's programs.

use super::ClusterError;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// The oldest version that has what the migrations use.
pub(super) const OLDEST: u32 = 15;

/// Where packages put the programs; `*` stands for a version.
const USUAL: [&str; 6] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// An installed PostgreSQL: `initdb`, `pg_ctl` and `postgres` of one version.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    major: u32,
}

impl Programs {
    /// Takes the first sufficient version of the search path (`PATH`), or else the newest of the
    /// usual places.
    pub fn find(search_path: Option<&OsStr>) -> Result<Self, ClusterError> {
        let on_path = search_path.into_iter().flat_map(env::split_paths);
        Self::find_in(on_path).or_else(|_| Self::find_in(USUAL.into_iter().flat_map(newest_first)))
    }

    /// Takes the first sufficient version of these folders.
    pub fn find_in(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, ClusterError> {
        folders
            .into_iter()
            .filter(|folder| {
                ["initdb", "pg_ctl", "postgres"].iter().all(|p| folder.join(p).exists())
            })
            .filter_map(|folder| Some(Self { major: major_version(&folder)?, folder }))
            .find(|programs| programs.major >= OLDEST)
            .ok_or(ClusterError::NoPrograms)
    }

    /// The major version.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.major
    }

    /// The folder they lie in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }
}

/// Asks the server itself: `postgres (PostgreSQL) 15.18 (Debian …)`.
fn major_version(folder: &Path) -> Option<u32> {
    let mut command = Command::new(folder.join("postgres"));
    let output = command.arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_once(") ")?.1;
    leading_number(version)
}

/// The folders that a pattern with one `*` stands for.
fn newest_first(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return Vec::new() };
    let (above, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(format!("{above}/"))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let version = leading_number(name.strip_prefix(prefix)?.trim_start_matches('-'));
            Some((version.unwrap_or(0), PathBuf::from(format!("{above}/{name}{after}"))))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
