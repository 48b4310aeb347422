//! A period of whole days: what reports and figures are about. Days are the calendar's, as the workspace's time zone has them.

use jiff::{ToSpan, civil, tz::TimeZone};

use crate::Timestamp;

/// The longest period, in days: a year and its leap day.
pub const DAYS_MAX: i64 = 366;

/// Days of the calendar, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: civil::Date,
    pub to: civil::Date,
}

impl Period {
    /// So many days, of which this is the last.
    pub fn ending(to: civil::Date, days: i32) -> Self {
        Self { from: to.saturating_sub((days - 1).days()), to }
    }

    /// Whether it ends after it begins, and is no longer than [`DAYS_MAX`].
    pub fn is_sensible(self) -> bool {
        let days = self.from.until(self.to).map_or(i64::MAX, |span| i64::from(span.get_days()) + 1);
        (1..=DAYS_MAX).contains(&days)
    }

    /// When its first day begins, and when its last is over; none for days that no clock reaches.
    pub fn span(self, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let beginning = |day: civil::Date| {
            let midnight = day.to_zoned(zone.clone()).ok()?;
            Some(Timestamp(midnight.timestamp().as_microsecond()))
        };
        Some((beginning(self.from)?, beginning(self.to.tomorrow().ok()?)?))
    }
}

/// A day written as `2026-11-20`, and in no other way.
pub fn day(text: &str) -> Option<civil::Date> {
    let day: civil::Date = text.parse().ok()?;
    (text.len() == 10 && day.to_string() == text).then_some(day)
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::{Period, day};

    fn hours(from: &str, to: &str, zone: &str) -> i64 {
        let period = Period { from: day(from).unwrap(), to: day(to).unwrap() };
        let (begin, end) = period.span(&TimeZone::get(zone).unwrap()).unwrap();
        end.seconds_since(begin) / 3_600
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(day("2028-02-29"), Some(date(2028, 2, 29)));
        for wrong in ["", "x", "2026-02-29", "2026-2-1", "20260201", "2026-02-01T10:00", " 2026-02-01", "-009999-01-01"]
        {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn both_ends_belong_to_it_and_days_are_as_long_as_the_zone_has_them() {
        assert_eq!(hours("2026-11-20", "2026-11-20", "America/Sao_Paulo"), 24);
        assert_eq!(hours("2026-03-28", "2026-03-29", "Europe/Lisbon"), 47);
        // This day began at one o'clock.
        assert_eq!(hours("2018-11-04", "2018-11-04", "America/Sao_Paulo"), 23);
        let last = Period { from: date(9999, 12, 31), to: date(9999, 12, 31) };
        assert_eq!(last.span(&TimeZone::UTC), None);
    }

    #[test]
    fn it_ends_after_it_begins_and_within_a_year() {
        assert_eq!(Period::ending(date(2026, 3, 1), 30).from, date(2026, 1, 31));
        let is_sensible = |from, to| Period { from, to }.is_sensible();
        assert!(is_sensible(date(2026, 11, 20), date(2026, 11, 20)));
        assert!(is_sensible(date(2027, 3, 1), date(2028, 2, 29)));
        assert!(!is_sensible(date(2026, 11, 20), date(2027, 11, 21)));
        assert!(!is_sensible(date(2026, 11, 20), date(2026, 11, 19)));
        assert!(!is_sensible(date(0, 1, 1), date(9999, 12, 31)));
    }
}
