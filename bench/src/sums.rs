//! Medians, percentiles and the counts of one measured stretch.

use hdrhistogram::Histogram;
use std::collections::BTreeMap;

/// Named figures of one round, such as `w1.acked_per_s`.
pub type Figures = BTreeMap<String, f64>;

pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// The median of each figure over the rounds that have it.
pub fn medians(rounds: &[Figures]) -> Figures {
    let mut columns: BTreeMap<&String, Vec<f64>> = BTreeMap::new();
    for (name, value) in rounds.iter().flatten() {
        columns.entry(name).or_default().push(*value);
    }
    columns.into_iter().map(|(name, values)| (name.clone(), percentile(&values, 0.5))).collect()
}

/// What the readers saw during one stretch. Rates count arrivals inside the stretch; latencies belong to messages sent inside it.
#[derive(Clone)]
pub struct Tally {
    pub acked: u64,
    pub delivered: u64,
    pub all_acked: u64,
    pub all_delivered: u64,
    pub refused: u64,
    pub visitors_dropped: u64,
    pub agents_dropped: u64,
    pub ack: Histogram<u64>,
    pub screen: Histogram<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            acked: 0,
            delivered: 0,
            all_acked: 0,
            all_delivered: 0,
            refused: 0,
            visitors_dropped: 0,
            agents_dropped: 0,
            ack: micros(),
            screen: micros(),
        }
    }
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.acked += other.acked;
        self.delivered += other.delivered;
        self.all_acked += other.all_acked;
        self.all_delivered += other.all_delivered;
        self.refused += other.refused;
        self.visitors_dropped += other.visitors_dropped;
        self.agents_dropped += other.agents_dropped;
        // They have the same bounds, so nothing is too large for the sum.
        let merged = self.ack.add(&other.ack).and_then(|()| self.screen.add(&other.screen));
        debug_assert!(merged.is_ok());
    }
}

/// Microseconds up to a minute, with three significant digits.
pub fn micros() -> Histogram<u64> {
    #[expect(clippy::expect_used, reason = "these bounds are always allowed")]
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("bounds")
}

/// A quantile of a histogram of microseconds, in milliseconds.
pub fn quantile_ms(histogram: &Histogram<u64>, share: f64) -> f64 {
    histogram.value_at_quantile(share) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_rounds_without_the_figure() {
        let round = |value: f64| Figures::from([("a".to_owned(), value)]);
        let rounds = [round(3.0), round(1.0), Figures::new(), round(2.0)];
        assert_eq!(medians(&rounds), round(2.0));
    }
}
