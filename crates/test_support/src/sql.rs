//! The database as the superuser sees it, whom nothing is hidden from.

use diesel::QueryableByName;
use diesel::sql_types::Jsonb;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use serde_json::Value;
use tokio::sync::Mutex;

/// One connection of the superuser.
pub(crate) struct Admin(Mutex<AsyncPgConnection>);

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = Jsonb)]
    rows: Value,
}

impl Admin {
    pub(crate) async fn connect(url: &str) -> Self {
        Self(Mutex::new(AsyncPgConnection::establish(url).await.expect("the database answers")))
    }

    /// The rows of a query, each as an object.
    pub(crate) async fn rows(&self, query: &str) -> Vec<Value> {
        let whole = format!("SELECT coalesce(jsonb_agg(q), '[]') AS rows FROM ({query}) AS q");
        let found = diesel::sql_query(whole).get_result(&mut *self.0.lock().await).await;
        match found {
            Ok(Rows { rows: Value::Array(rows) }) => rows,
            Ok(Rows { rows }) => panic!("{query}: {rows}"),
            Err(error) => panic!("{query}: {error}"),
        }
    }

    pub(crate) async fn execute(&self, statements: &str) {
        let done = self.0.lock().await.batch_execute(statements).await;
        done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }
}
