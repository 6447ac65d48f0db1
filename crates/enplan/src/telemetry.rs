//! What the process tells of itself: lines on standard error, and figures on a port of their own.
//! Neither holds a person, a path with an id in it, or a body.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Bounds of the buckets of request times, in seconds.
const SECONDS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// Lines as JSON, from `level` on.
pub fn tell(level: &str) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second call (in a test) changes nothing.
    let lines =
        tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // Where standard error is closed, that cannot be told there either.
    let _ = lines.log_internal_errors(false).try_init();
}

/// Begins to count. The handle renders what was counted.
pub fn count() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("http_request_duration_seconds".to_owned()), SECONDS)?
        .install_recorder()
}
