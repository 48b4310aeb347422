//! How many conversations and messages begin, by network and by connection: levels that drain evenly. They live in memory, one set a node.

use balcao_platform::config::LimitsConfig;
use balcao_types::{ConnectionId, Timestamp};
use dashmap::DashMap;

use crate::http::ClientAddress;

/// In which time as many drain away as make a flood, in seconds.
const DRAINED_IN: f64 = 600.0;
/// How many keys are held before the low ones are forgotten.
const KEYS_MAX: usize = 50_000;

/// What has begun lately.
pub struct Floods {
    levels: DashMap<String, Level>,
    per_network: f64,
    per_connection: f64,
}

#[derive(Clone, Copy)]
struct Level {
    /// As a part of what makes a flood.
    height: f64,
    at: Timestamp,
}

impl Level {
    fn now(self, now: Timestamp) -> f64 {
        let passed = i32::try_from(now.seconds_since(self.at).max(0)).unwrap_or(i32::MAX);
        (self.height - f64::from(passed) / DRAINED_IN).max(0.0)
    }
}

impl Floods {
    /// By what a configuration counts as one; limits that are off see none.
    pub fn new(config: &LimitsConfig) -> Self {
        let of = |count: u32| if config.enabled { f64::from(count) } else { 0.0 };
        Self {
            levels: DashMap::new(),
            per_network: of(config.challenge_after_per_network),
            per_connection: of(config.challenge_after_per_connection),
        }
    }

    /// Notes that something has begun.
    pub fn count(&self, address: ClientAddress, connection: ConnectionId, now: Timestamp) {
        for (key, enough) in self.keys(address, connection) {
            let mut level = self.levels.entry(key).or_insert(Level { height: 0.0, at: now });
            *level = Level { height: level.now(now) + 1.0 / enough, at: now };
        }
        if self.levels.len() > KEYS_MAX {
            self.levels.retain(|_, level| level.now(now) >= 0.5);
        }
    }

    /// How high it stands, the higher of both: from 1 on it is a flood.
    pub fn height(&self, address: ClientAddress, connection: ConnectionId, now: Timestamp) -> f64 {
        let heights = self.keys(address, connection).into_iter();
        heights.filter_map(|(key, _)| Some(self.levels.get(&key)?.now(now))).fold(0.0, f64::max)
    }

    /// Forgets what has drained away.
    pub fn forget_idle(&self, now: Timestamp) {
        self.levels.retain(|_, level| level.now(now) > 0.0);
    }

    /// What is counted, with how many make a flood; 0 counts nothing.
    fn keys(&self, address: ClientAddress, connection: ConnectionId) -> Vec<(String, f64)> {
        let keys = [(address.network(), self.per_network), (connection.to_string(), self.per_connection)];
        keys.into_iter().filter(|(_, enough)| *enough > 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use balcao_types::{ConnectionId, Timestamp};
    use dashmap::DashMap;
    use uuid::Uuid;

    use super::Floods;
    use crate::http::ClientAddress;

    #[test]
    fn a_flood_rises_by_network_and_by_connection_and_drains() {
        let floods = Floods { levels: DashMap::new(), per_network: 2.0, per_connection: 4.0 };
        let address = |last| ClientAddress(IpAddr::from([192, 0, last, 1]));
        let connection = ConnectionId(Uuid::from_u128(1));
        let start = Timestamp(1_000_000_000);
        for _ in 0..2 {
            floods.count(address(1), connection, start);
        }
        let at = |address, connection, seconds| floods.height(address, connection, start.plus_seconds(seconds));
        assert!(at(address(1), connection, 0) >= 1.0);
        assert!(at(address(2), connection, 0) < 1.0);
        for other in 2..4 {
            floods.count(address(other), connection, start);
        }
        assert!(at(address(9), connection, 0) >= 1.0, "from many networks, on one connection");
        assert!(at(address(9), ConnectionId(Uuid::from_u128(2)), 0) < 1.0);
        assert!(at(address(1), connection, 601) < 1.0);
        floods.forget_idle(start.plus_seconds(601));
        assert!(floods.levels.is_empty());
    }
}
