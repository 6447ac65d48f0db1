//! A reader who sees every row.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// A superuser of the demonstration's cluster.
pub struct Database {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Database {
    pub fn of(line: &Value) -> Self {
        let cluster = Path::new(line["dataDir"].as_str().unwrap()).join("postgresql/cluster");
        let password = fs::read_to_string(cluster.join("admin-password")).unwrap();
        let (_, rest) = line["databaseUrl"].as_str().unwrap().rsplit_once('@').unwrap();
        let url = format!("postgres://enplan_admin:{password}@{rest}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (client, connection) =
            runtime.block_on(tokio_postgres::connect(&url, tokio_postgres::NoTls)).unwrap();
        runtime.spawn(connection);
        Self { runtime, client }
    }

    /// The first column of what is found.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let found = self.runtime.block_on(self.client.simple_query(sql)).unwrap();
        let rows = found.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        rows.collect()
    }

    pub fn count(&self, sql: &str) -> usize {
        self.ask(&format!("SELECT count(*) {sql}"))[0].parse().unwrap()
    }
}
