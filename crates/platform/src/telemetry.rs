//! Logs and metrics: one line per fact, never a message's text, a token or an address.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// What is wrong with a filter as in `RUST_LOG`, if anything.
pub fn filter_fault(filter: &str) -> Option<String> {
    EnvFilter::builder().parse(filter).err().map(|error| error.to_string())
}

/// Starts logging to standard error. `filter` as in `RUST_LOG`, checked with the configuration; `json` for machines. Only the first call counts.
pub fn start_logging(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if json {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().compact().with_writer(std::io::stderr)).try_init()
    };
    // A second start, as in tests, changes nothing.
    drop(started);
}

/// Starts the metrics registry and returns the handle that renders it for `/metrics`. None when one is running already.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
