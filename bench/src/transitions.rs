//! The shared overview of transitions at its size: every young person's need, all seen by one unit that receives (TM-11).

use crate::municipality::{Asked, Municipality, Population, SESSION};
use crate::{Options, load};
use api::Clock;
use chrono::{Datelike as _, Days};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use std::error::Error as StdError;
use std::time::Duration;

const NEEDS: &str = include_str!("../sql/transitions.sql");
/// Of this many young people.
const PEOPLE: usize = 15_000;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    needs: i64,
}

/// Measures for about `turn` each, and tells the figures.
pub async fn measure(options: &Options, turn: Duration) -> Result<(), Box<dyn StdError>> {
    let now = Clock::system().now();
    let place = Municipality::prepare(&options.data, Population::Transitions, PEOPLE, now).await?;
    let mut admin = AsyncPgConnection::establish(&place.admin_url).await?;
    let there: Count = diesel::sql_query("SELECT count(*) AS needs FROM transition_need")
        .get_result(&mut admin)
        .await?;
    if there.needs == 0 {
        let today = now.date_naive();
        let monday = today + Days::new(14 - u64::from(today.weekday().num_days_from_monday()));
        let first = SESSION.replace(":n", "1");
        let rows = NEEDS.replace("'{session}'", &first).replace("{from}", &monday.to_string());
        admin.batch_execute(&format!("BEGIN; {rows}; COMMIT")).await?;
        admin.batch_execute("VACUUM (ANALYZE)").await?;
    }
    let server = place.serve(&options.enplan, options.pool_size)?;
    let receiver = place.questions.get(..1).ok_or("nobody asks")?;
    println!("| what | asked | p50 ms | p99 ms |\n|---|---|---|---|");
    for path in [
        "transition-needs",
        "transition-needs?state=overdue",
        "transition-needs?state=booked&limit=200",
        "transition-needs?quarter=2027-Q2&birthMonth=4",
        "transition-needs?state=to-book&school=Skole%207&birthMonth=6&unitId={unit}",
        "meeting-window-demand",
        "meeting-slots?free=true",
    ] {
        let asked =
            |asked: &Asked| format!("/api/v1/{}", path.replace("{unit}", &asked.unit.to_string()));
        load::run(&server, receiver, asked, 1, Duration::from_secs(1)).await?;
        let told = load::run(&server, receiver, asked, 1, turn).await?;
        println!(
            "| `{path}` | {:.0} | {:.1} | {:.1} |",
            told.per_second * turn.as_secs_f64(),
            told.p50.as_secs_f64() * 1e3,
            told.p99.as_secs_f64() * 1e3
        );
    }
    Ok(())
}
