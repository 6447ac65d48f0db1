//! Private PostgreSQL clusters, for `enplan demo` and for the tests.
//!
//! Nobody has to start a database: the installed programs are found ([`Programs`]), a folder is
//! chosen ([`ClusterHome`]) and a cluster made in it, started, or used where it already runs
//! ([`PrivateCluster`]). It listens on a socket only, and asks everybody for a password.
//!
//! ```text
//! <home>/lock                      held alone while one process decides and starts
//! <home>/use.lock                  held together by those who use a supervised cluster
//! <home>/supervisor.lock           held by the supervisor that watches it
//! <home>/supervisor.sh
//! <home>/cluster/admin-password
//! <home>/cluster/postgresql.conf   written anew before each start
//! <home>/cluster/data/
//! ```
//!
//! `cluster/` appears by one rename, so it is whole or not there. `kill -9` of anybody at any
//! moment is normal: locks are the kernel's and vanish with their holder, and whoever comes next
//! looks at what is really there.
//!
//! PostgreSQL refuses to run as root. As root, the programs run as the user `postgres`; the home
//! itself stays root's, so that this user can neither replace the files that root writes nor
//! lead root elsewhere.
//!
//! Everything here blocks: call it at start, or from `spawn_blocking`.

mod account;
mod home;
mod pid_file;
mod programs;
mod server;
mod settings;
mod supervisor;

use aws_lc_rs::{digest, rand};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

pub use home::ClusterHome;
pub use programs::Programs;
pub use server::{ADMIN, PrivateCluster};
pub use settings::Tuning;
pub use supervisor::InUse;

/// Why there is no cluster. Each is one line that says what to do, or where to look.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL of a sufficient version was found.
    #[error(
        "no PostgreSQL {} or newer on this machine: install it (`apt-get install postgresql`), \
         or set ENPLAN_DEMO_DATABASE_URL to a server",
        programs::OLDEST
    )]
    NoPrograms,
    /// PostgreSQL refuses to run as root, and there is nobody else to run it.
    #[error(
        "as root a cluster runs as the user `postgres`, who does not exist here: create that \
         user, start as an ordinary one, or set ENPLAN_DEMO_DATABASE_URL to a server"
    )]
    NoPostgresUser,
    /// Neither `XDG_DATA_HOME` nor `HOME` says where an ordinary user's data lies.
    #[error("set HOME or XDG_DATA_HOME, below which the cluster's folder shall lie")]
    NoDataHome,
    /// The folder for the sockets is not ours, or others can enter it.
    #[error("{} belongs to somebody else or is open to others: remove it", .0.display())]
    ForeignFolder(PathBuf),
    /// The data was written by another major version.
    #[error(
        "{} was made by PostgreSQL {found}, this is {wanted}: start afresh, or install {found}",
        folder.display()
    )]
    OtherVersion {
        /// The cluster's home.
        folder: PathBuf,
        /// The major version that made it.
        found: String,
        /// The major version of the programs that were found.
        wanted: u32,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: String,
        /// The last line it wrote.
        said: String,
    },
    /// The cluster runs, but does not become ready.
    #[error("the cluster in {} does not become ready: see data/server.log in it", .0.display())]
    NotReady(PathBuf),
    /// A file or folder could not be read or written.
    #[error("{}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// Names the file in an error of the file system.
trait AtPath<T> {
    fn at(self, path: &Path) -> Result<T, ClusterError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::File { path: path.to_owned(), source })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn random_hex<const BYTES: usize>() -> Result<String, ClusterError> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| ClusterError::Random)?;
    Ok(hex(&bytes))
}

/// Eight hex digits that stand for a path, where the path itself would be too long.
fn short_name(path: &Path) -> String {
    let digest = digest::digest(&digest::SHA256, path.as_os_str().as_encoded_bytes());
    let mut name = hex(digest.as_ref());
    name.truncate(8);
    name
}
