//! One monotonic clock for both ends of a measurement, since both ends live in this process.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

static START: LazyLock<(Instant, u64)> = LazyLock::new(|| (Instant::now(), unix_ms_now()));

#[expect(
    clippy::disallowed_methods,
    reason = "the bench measures the real world; there is no app whose clock it could ask"
)]
fn unix_ms_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// Nanoseconds since the first call.
pub fn now_ns() -> u64 {
    START.0.elapsed().as_nanos() as u64
}

/// Unix milliseconds of a moment that `now_ns` named.
pub fn unix_ms(ns: u64) -> u64 {
    START.1 + ns / 1_000_000
}

/// Sleeps the calling thread until `ns`; returns at once when that has passed.
pub fn sleep_until(ns: u64) {
    let now = now_ns();
    if ns > now {
        std::thread::sleep(Duration::from_nanos(ns - now));
    }
}

/// The same for a task.
pub async fn wait_until(ns: u64) {
    tokio::time::sleep(Duration::from_nanos(ns.saturating_sub(now_ns()))).await;
}
