//! Rate limits by key: how many per period, with the time to wait when there are too many.

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

/// One limit, applied to each key on its own (an address prefix, an account, a connection).
pub struct Limit {
    limiter: Option<DefaultKeyedRateLimiter<String>>,
}

impl Limit {
    /// `burst` at once, refilled evenly over `period`. A burst of 0 or `enabled = false` limits nothing.
    pub fn new(enabled: bool, burst: u32, period: Duration) -> Self {
        let quota = NonZeroU32::new(burst)
            .filter(|_| enabled)
            .and_then(|burst| Quota::with_period(period / burst.get()).map(|quota| quota.allow_burst(burst)));
        Self { limiter: quota.map(RateLimiter::keyed) }
    }

    /// Counts one for `key`.
    ///
    /// # Errors
    /// The whole seconds to wait, at least 1, when there were too many.
    pub fn check(&self, key: &str) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&key.to_owned()).map_err(|early| {
            let wait = early.wait_time_from(governor::clock::DefaultClock::default().now());
            wait.as_secs().saturating_add(1)
        })
    }

    /// Forgets keys that are back at their full burst; called now and then so that memory stays bounded.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, address_key};

    #[test]
    fn the_burst_is_allowed_and_then_a_wait_is_named() {
        let limit = Limit::new(true, 3, Duration::from_secs(60));
        for _ in 0..3 {
            assert!(limit.check("a").is_ok());
        }
        assert!(limit.check("a").is_err_and(|wait| (1..=21).contains(&wait)));
        assert!(limit.check("b").is_ok());
        assert!(Limit::new(false, 0, Duration::from_secs(60)).check("a").is_ok());
    }

    #[test]
    fn one_ipv6_network_is_one_key() {
        let key = |text: &str| text.parse().map(address_key).unwrap_or_default();
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::2"));
        assert_eq!(key("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
