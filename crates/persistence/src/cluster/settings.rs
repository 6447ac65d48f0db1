//! The settings of a private cluster.

use super::home::ClusterHome;
use std::path::Path;

/// What a cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tuning {
    /// Data that shall survive: everything as safe as PostgreSQL's own settings.
    Durable,
    /// The same with a quarter of 8 `GiB` as its own memory, as on a machine that serves a municipality.
    Server,
    /// Data that nobody misses: nothing waits for the disk.
    Test,
}

impl Tuning {
    const fn settings(self) -> &'static str {
        match self {
            Self::Durable => "max_connections = 200\nshared_buffers = 256MB\n",
            Self::Server => "max_connections = 200\nshared_buffers = 2GB\n",
            Self::Test => {
                "max_connections = 400\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
            }
        }
    }
}

/// No network. The log tells of the server, never of a statement or its values: no query's
/// error gets in (`log` is above `error`), and what does comes without its detail.
const ALWAYS: &str = "
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
";

/// The text of `postgresql.conf`.
pub(super) fn settings(home: &ClusterHome, tuning: Tuning) -> String {
    let data = home.data();
    let place = |name: &str, path: &Path| {
        format!("{name} = '{}'\n", path.display().to_string().replace('\'', "''"))
    };
    [
        "# Written anew before each start.\n",
        &place("data_directory", &data),
        &place("hba_file", &data.join("pg_hba.conf")),
        &place("ident_file", &data.join("pg_ident.conf")),
        &place("unix_socket_directories", &home.sockets),
        tuning.settings(),
        ALWAYS,
    ]
    .concat()
}
