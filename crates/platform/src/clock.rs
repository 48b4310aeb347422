//! The app's clock and its maker of ids: real in the program, wound by hand in tests.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use balcao_types::Timestamp;
use uuid::{ContextV7, Uuid};

/// Where times and new ids come from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock {
    hands: Hands,
    ids: Arc<parking_lot::Mutex<ContextV7>>,
}

#[derive(Clone, Debug)]
enum Hands {
    System,
    Wound(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::with(Hands::System)
    }

    /// A clock that stands at `start` until it is wound.
    pub fn wound(start: Timestamp) -> Self {
        Self::with(Hands::Wound(Arc::new(AtomicI64::new(start.0))))
    }

    fn with(hands: Hands) -> Self {
        Self { hands, ids: Arc::new(parking_lot::Mutex::new(ContextV7::new().with_additional_precision())) }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> Timestamp {
        match &self.hands {
            Hands::System => Timestamp(jiff::Timestamp::now().as_microsecond()),
            Hands::Wound(micros) => Timestamp(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a wound clock forward by seconds; the system's clock does not move.
    pub fn advance(&self, seconds: i64) {
        if let Hands::Wound(micros) = &self.hands {
            micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// A new id that sorts after every id this clock made before (UUID v7, RFC 9562).
    pub fn new_id(&self) -> Uuid {
        let micros = self.now().0;
        let seconds = u64::try_from(micros / 1_000_000).unwrap_or(0);
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(&*self.ids.lock(), seconds, nanos))
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::Timestamp;

    use super::Clock;

    #[test]
    fn ids_of_one_instant_still_rise() {
        let clock = Clock::wound(Timestamp(1_700_000_000_000_000));
        let first = clock.new_id();
        let second = clock.new_id();
        clock.advance(1);
        assert!(first < second && second < clock.new_id());
    }
}
