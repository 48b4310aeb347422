//! What has changed, handed out together and each not too often: the first change at once, the next ones after a rest.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::Notify;

/// After so long a key that has not changed is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Keys that have changed.
pub struct Paced<K> {
    keys: Mutex<HashMap<K, Pace>>,
    wake: Notify,
}

/// When a key is due, and when it was handed out last.
#[derive(Default)]
struct Pace {
    due: Option<Instant>,
    last: Option<Instant>,
}

impl<K> Default for Paced<K> {
    fn default() -> Self {
        Self { keys: Mutex::default(), wake: Notify::new() }
    }
}

impl<K: Copy + Eq + Hash> Paced<K> {
    /// Notes that a key has changed; it is handed out when `rest` has passed since the last time.
    pub fn mark(&self, key: K, rest: Duration) {
        let now = Instant::now();
        let mut keys = self.keys.lock();
        let pace = keys.entry(key).or_default();
        let due = pace.last.map_or(now, |last| now.max(last + rest));
        let is_sooner = pace.due.is_none_or(|known| due < known);
        if is_sooner {
            pace.due = Some(due);
            drop(keys);
            self.wake.notify_one();
        }
    }

    /// The keys that are due, as soon as any is. For one listener.
    pub async fn next(&self) -> Vec<K> {
        loop {
            let (due, soonest) = self.take(Instant::now());
            if !due.is_empty() {
                return due;
            }
            match soonest {
                Some(at) => {
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep_until(at.into()) => {}
                    }
                }
                None => self.wake.notified().await,
            }
        }
    }

    /// What is due now, and when the next one is.
    fn take(&self, now: Instant) -> (Vec<K>, Option<Instant>) {
        let mut keys = self.keys.lock();
        keys.retain(|_, pace| pace.due.is_some() || pace.last.is_some_and(|last| now - last < FORGOTTEN));
        let mut due = Vec::new();
        for (key, pace) in keys.iter_mut().filter(|(_, pace)| pace.due.is_some_and(|at| at <= now)) {
            *pace = Pace { due: None, last: Some(now) };
            due.push(*key);
        }
        (due, keys.values().filter_map(|pace| pace.due).min())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Paced;

    #[test]
    fn the_first_change_is_due_at_once_and_the_next_after_its_rest() {
        let paced = Paced::<u8>::default();
        paced.mark(1, Duration::from_secs(60));
        let now = Instant::now();
        assert_eq!(paced.take(now).0, [1]);
        paced.mark(1, Duration::from_secs(60));
        assert!(paced.take(now).0.is_empty());
        // A more urgent change of the same key comes sooner.
        paced.mark(1, Duration::from_secs(30));
        assert!(paced.take(now + Duration::from_secs(29)).0.is_empty());
        assert_eq!(paced.take(now + Duration::from_secs(31)).0, [1]);
        assert!(paced.take(now + Duration::from_secs(99)).0.is_empty());
    }
}
