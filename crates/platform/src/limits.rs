//! Rate limits by key: how many per period, with the time to wait when there are too many.

use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock, QuantaInstant},
};
use parking_lot::Mutex;

/// One limit, applied to each key on its own (an address prefix, an account, a connection).
pub struct Limit {
    limiter: Option<DefaultKeyedRateLimiter<String>>,
    burst: u32,
}

/// Whole seconds until something is allowed again, at least 1.
fn seconds_until(early: &NotUntil<QuantaInstant>) -> u64 {
    early.wait_time_from(DefaultClock::default().now()).as_secs().saturating_add(1)
}

impl Limit {
    /// `burst` at once, refilled evenly over `period`. A burst of 0 or `enabled = false` limits nothing.
    pub fn new(enabled: bool, burst: u32, period: Duration) -> Self {
        let quota = NonZeroU32::new(burst)
            .filter(|_| enabled)
            .and_then(|burst| Quota::with_period(period / burst.get()).map(|quota| quota.allow_burst(burst)));
        Self { limiter: quota.map(RateLimiter::keyed), burst }
    }

    /// Counts one for `key`.
    ///
    /// # Errors
    /// The whole seconds to wait, at least 1, when there were too many.
    pub fn check(&self, key: &str) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&key.to_owned()).map_err(|early| seconds_until(&early))
    }

    /// Counts several at once for `key`. More than the burst are counted as the burst.
    ///
    /// # Errors
    /// The whole seconds to wait, at least 1, when there were too many.
    pub fn check_many(&self, key: &str, count: u32) -> Result<(), u64> {
        let (Some(limiter), Some(count)) = (&self.limiter, NonZeroU32::new(count.min(self.burst))) else {
            return Ok(());
        };
        match limiter.check_key_n(&key.to_owned(), count) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(early)) => Err(seconds_until(&early)),
            // It is never more than the burst.
            Err(_never_enough) => Err(1),
        }
    }

    /// Forgets keys that are back at their full burst; called now and then so that memory stays bounded.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
        }
    }
}

/// How many of something each key holds at the same time.
#[derive(Clone, Default)]
pub struct Seats {
    taken: Arc<Mutex<HashMap<String, u32>>>,
}

impl Seats {
    /// Takes a place for `key`; none when it has `max` already. No `max` limits nothing.
    pub fn take(&self, key: String, max: Option<u32>) -> Option<Seat> {
        let mut taken = self.taken.lock();
        let count = taken.get(&key).copied().unwrap_or(0);
        if max.is_some_and(|max| count >= max) {
            return None;
        }
        taken.insert(key.clone(), count + 1);
        drop(taken);
        Some(Seat { seats: self.clone(), key })
    }
}

/// A place, given back when dropped.
pub struct Seat {
    seats: Seats,
    key: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock();
        match taken.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.key)),
        }
    }
}

/// The key an address is limited by: the whole IPv4 address, the /64 of an IPv6 one (a customer gets a whole /64).
pub fn address_key(address: std::net::IpAddr) -> String {
    match address.to_canonical() {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The network an address belongs to, by which floods are measured: IPv4 /24, IPv6 /48.
pub fn network_key(address: std::net::IpAddr) -> String {
    match address.to_canonical() {
        std::net::IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        std::net::IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, Seats, address_key, network_key};

    #[test]
    fn the_burst_is_allowed_and_then_a_wait_is_named() {
        let limit = Limit::new(true, 3, Duration::from_secs(60));
        for _ in 0..3 {
            assert!(limit.check("a").is_ok());
        }
        assert!(limit.check("a").is_err_and(|wait| (1..=21).contains(&wait)));
        assert!(limit.check("b").is_ok());
        assert!(limit.check_many("c", 2).is_ok() && limit.check_many("c", 2).is_err());
        assert!(limit.check_many("d", 1_000).is_ok() && limit.check("d").is_err());
        assert!(Limit::new(false, 0, Duration::from_secs(60)).check("a").is_ok());
    }

    #[test]
    fn a_place_is_given_back_when_dropped() {
        let seats = Seats::default();
        let take = |key: &str| seats.take(key.to_owned(), Some(2));
        let (first, second) = (take("a"), take("a"));
        assert!(first.is_some() && second.is_some());
        assert!(take("a").is_none());
        assert!(take("b").is_some());
        drop(first);
        assert!(take("a").is_some());
    }

    #[test]
    fn one_ipv6_network_is_one_key() {
        let key = |text: &str| text.parse().map(address_key).unwrap_or_default();
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::2"));
        assert_eq!(key("::ffff:10.0.0.1"), "10.0.0.1");
        let network = |text: &str| text.parse().map(network_key).unwrap_or_default();
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.99"));
        assert_ne!(network("192.0.2.7"), network("192.0.3.7"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:ffff::1"));
    }
}
