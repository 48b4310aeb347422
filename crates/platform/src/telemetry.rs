//! Logs and metrics: one line per fact, never a message's text, a token or an address.

use std::{ffi::OsStr, io::IsTerminal};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// What is wrong with a filter as in `RUST_LOG`, if anything.
pub fn filter_fault(filter: &str) -> Option<String> {
    EnvFilter::builder().parse(filter).err().map(|error| error.to_string())
}

/// Starts logging to standard error. `filter` as in `RUST_LOG`, checked with the configuration; `json` for machines. Only the first call counts.
pub fn start_logging(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let is_coloured = may_colour(std::io::stderr().is_terminal(), std::env::var_os("NO_COLOR").as_deref());
    let registry = tracing_subscriber::registry().with(filter);
    let started = if json {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry
            .with(tracing_subscriber::fmt::layer().compact().with_ansi(is_coloured).with_writer(std::io::stderr))
            .try_init()
    };
    // A second start, as in tests, changes nothing.
    drop(started);
}

/// Colours are for a person at a terminal who has not refused them (<https://no-color.org>): in a file they are noise.
fn may_colour(is_terminal: bool, no_color: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

/// Starts the metrics registry and returns the handle that renders it for `/metrics`. None when one is running already.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::may_colour;

    #[test]
    fn a_file_gets_no_colours_and_a_terminal_may_refuse_them() {
        assert!(may_colour(true, None) && may_colour(true, Some(OsStr::new(""))));
        assert!(!may_colour(true, Some(OsStr::new("1"))));
        assert!(!may_colour(false, None));
    }
}
