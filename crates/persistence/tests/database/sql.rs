//! A SQL prompt: statements as text, answers as text, refusals by the name of what was broken.

use std::fmt::Write as _;
use test_support::TestDatabase;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use uuid::Uuid;

/// The moment at which all tests happen.
pub const NOW: &str = "2026-11-22 10:00:00+00";

/// A connection of one of the database's roles. In what it is told, `#7` is the id number 7.
pub struct Prompt {
    client: Client,
}

impl Prompt {
    pub async fn of_admin(database: &TestDatabase) -> Self {
        Self::at(&database.admin_url()).await.told_the_time().await
    }

    pub async fn of_app(database: &TestDatabase) -> Self {
        Self::at(&database.app_url()).await
    }

    pub async fn of_worker(database: &TestDatabase) -> Self {
        Self::at(&database.worker_url()).await.told_the_time().await
    }

    /// As jobs tell it; the application's role is told by `act_as`.
    async fn told_the_time(self) -> Self {
        self.run(&format!("SELECT set_config('app.now', '{NOW}', false)")).await;
        self
    }

    async fn at(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { client }
    }

    /// Runs statements that are expected to pass, in one transaction unless they say otherwise.
    pub async fn run(&self, statements: &str) {
        if let Err(error) = self.client.batch_execute(&with_ids(statements)).await {
            panic!("{statements}\nfailed: {error:?}");
        }
    }

    /// The same without triggers and foreign keys: rows of the past, which nobody checks any more.
    pub async fn load(&self, statements: &str) {
        self.run(&format!("SET session_replication_role = replica; {statements}")).await;
        self.run("SET session_replication_role = origin").await;
    }

    /// The name of the rule that refuses the statements, else the error's code; none where they pass.
    pub async fn refusal(&self, statements: &str) -> Option<String> {
        let error = self.client.batch_execute(&with_ids(statements)).await.err()?;
        let error = error.as_db_error().expect("the server answers");
        Some(error.constraint().unwrap_or(error.code().code()).to_owned())
    }

    /// All rows; NULL is the empty text.
    pub async fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let answer = match self.client.simple_query(&with_ids(query)).await {
            Ok(answer) => answer,
            Err(error) => panic!("{query}\nfailed: {error:?}"),
        };
        let rows = answer.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        rows.map(|row| (0..row.len()).map(|i| row.get(i).unwrap_or_default().to_owned()).collect())
            .collect()
    }

    /// The first column.
    pub async fn column(&self, query: &str) -> Vec<String> {
        self.rows(query).await.into_iter().filter_map(|row| row.into_iter().next()).collect()
    }

    /// The first column of the only row.
    pub async fn value(&self, query: &str) -> String {
        let column = self.column(query).await;
        assert_eq!(column.len(), 1, "{query}");
        column.into_iter().next().unwrap_or_default()
    }

    /// Begins a transaction of a session, as [`persistence::Store`] does.
    pub async fn begin(&self, session: Uuid, now: &str) {
        self.run(&format!("BEGIN; SELECT act_as('{session}', '{now}')")).await;
    }

    pub async fn rollback(&self) {
        self.run("ROLLBACK").await;
    }
}

/// An id that is easily told from others: its decimal digits are those of `number`, as those of
/// `lpad(number::text, 32, '0')::uuid` are.
pub fn id(number: u64) -> Uuid {
    format!("{number:032}").parse().unwrap()
}

/// Puts the ids where their numbers stand.
fn with_ids(text: &str) -> String {
    let mut parts = text.split('#');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        match number.parse() {
            Ok(number) => write!(whole, "'{}'::uuid{rest}", id(number)),
            Err(_) => write!(whole, "#{part}"),
        }
        .unwrap();
    }
    whole
}
