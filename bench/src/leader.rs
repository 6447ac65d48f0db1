//! What the leader of one large unit waits for: its overview and its forecast, asked by one at a time.

use crate::municipality::{Asked, Municipality, Population};
use crate::{Options, load};
use api::Clock;
use std::error::Error as StdError;
use std::time::Duration;

/// Of a unit of sixty caseworkers with 2,700 cases, and of this many young people.
const PEOPLE: usize = 15_000;

/// Measures, and tells the figures.
pub async fn measure(options: &Options, turn: Duration) -> Result<(), Box<dyn StdError>> {
    let now = Clock::system().now();
    let place = Municipality::prepare(&options.data, Population::OneUnit, PEOPLE, now).await?;
    let server = place.serve(&options.enplan, options.pool_size)?;
    for what in ["caseload", "forecast"] {
        let path = |asked: &Asked| format!("/api/v1/units/{}/{what}", asked.unit);
        load::run(&server, &place.questions, path, 1, Duration::from_secs(2)).await?;
        let told = load::run(&server, &place.questions, path, 1, turn).await?;
        println!(
            "{what}: p50 {:.1} ms, p99 {:.1} ms, {:.1}/s",
            told.p50.as_secs_f64() * 1e3,
            told.p99.as_secs_f64() * 1e3,
            told.per_second
        );
    }
    Ok(())
}
