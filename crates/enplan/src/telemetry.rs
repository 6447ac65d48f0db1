//! What the process tells of itself: lines on standard error, and figures on a port of their own.
//! Neither holds a person, a path with an id in it, or a body.

use crate::settings::LogLevel;
use api::Clock;
use api::problem::REQUEST_DURATION;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use persistence::figures::{FAMILIES, Kind, tell_pools};
use persistence::levels::level;
use persistence::{Store, causes};
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;

/// Gauge: 1 if requests are served, otherwise 0.
const READY: &str = "enplan_ready";
/// Gauge: the version and the level of this program.
const BUILD: &str = "enplan_build_info";
/// The interval at which the metrics of the database are queried.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// The bounds of the histogram buckets for times, in seconds.
const SECONDS: &[f64] =
    &[0.0001, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// Lines as JSON, from `level` on.
pub fn tell(level: LogLevel) {
    let least = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    // A second call (in a test) changes nothing.
    let lines = tracing_subscriber::fmt().json().with_max_level(least).with_writer(std::io::stderr);
    // Where standard error is closed, that cannot be told there either.
    let _ = lines.log_internal_errors(false).try_init();
}

/// Begins to count. The handle renders what was counted.
pub fn count() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(SECONDS)?.install_recorder()?;
    describe_histogram!(REQUEST_DURATION, Unit::Seconds, "How long requests take, by operation");
    describe_gauge!(READY, "1: requests are served, as /health/ready has it");
    describe_gauge!(BUILD, "1, with the version and the level of the database that it knows");
    for (name, kind, what) in FAMILIES {
        match kind {
            Kind::Counter => describe_counter!(name, what),
            Kind::Gauge => describe_gauge!(name, what),
            Kind::Histogram => describe_histogram!(name, Unit::Seconds, what),
        }
    }
    Collector::default().describe();
    gauge!(READY).set(0.0);
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION"), "level" => level()).set(1.0);
    Ok(handle)
}

/// Records every [`TOLD_EVERY`] whether requests are served, and the metrics of the database.
pub async fn tell_figures(store: Store, clock: Clock) {
    loop {
        gauge!(READY).set(if store.is_ready().await.is_ok() { 1.0 } else { 0.0 });
        if let Err(error) = store.tell_figures(clock.now()).await {
            tracing::warn!(error = causes(&error), "the figures of the database are old");
        }
        tokio::time::sleep(TOLD_EVERY).await;
    }
}

/// All metrics, in Prometheus' text format.
pub fn render(counted: &PrometheusHandle) -> String {
    tell_pools();
    Collector::default().collect();
    counted.render()
}
