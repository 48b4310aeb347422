//! Hours over years of calendar, and what is refused.

use jiff::{
    SignedDuration,
    civil::{date, datetime},
    tz::TimeZone,
};

use super::{ExceptionalDay, Hours, HoursFault, Now, Shift, Span, TimeOfDay, Timetable, now};
use crate::Timestamp;

fn span(start: &str, end: &str) -> Span {
    let time = |text| TimeOfDay::parse(text).unwrap();
    Span { start: time(start), end: time(end) }
}

fn shift(weekdays: &[i8], start: &str, end: &str) -> Shift {
    let Span { start, end } = span(start, end);
    Shift { weekdays: weekdays.to_vec(), start, end }
}

fn day(date: jiff::civil::Date, spans: &[Span]) -> ExceptionalDay {
    ExceptionalDay { date, name: "Feriado".to_owned(), spans: spans.to_vec() }
}

const WORKDAYS: &[i8] = &[1, 2, 3, 4, 5];

fn office() -> Hours {
    let shifts = vec![shift(WORKDAYS, "08:00", "12:00"), shift(WORKDAYS, "13:00", "18:00")];
    Hours { shifts, ..Hours::default() }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(zone: &TimeZone, local: jiff::civil::DateTime) -> Timestamp {
    Timestamp(zone.to_ambiguous_zoned(local).compatible().unwrap().timestamp().as_microsecond())
}

/// Open or not, and the local time of the next change.
fn told(tables: &[Timetable<'_>], zone: &TimeZone, local: jiff::civil::DateTime) -> (bool, String) {
    let Now { is_open, until } = now(tables, at(zone, local));
    (is_open, until.map_or(String::new(), |until| zone.to_datetime(until.to_jiff()).to_string()))
}

#[test]
fn a_week_with_a_lunch_break() {
    let (hours, zone) = (office(), zone("America/Sao_Paulo"));
    let tables = [Timetable::new(&hours, zone.clone())];
    let told = |hour, minute, day| told(&tables, &zone, datetime(2026, 11, day, hour, minute, 0, 0));
    assert_eq!(told(7, 59, 30), (false, "2026-11-30T08:00:00".to_owned()));
    assert_eq!(told(8, 0, 30), (true, "2026-11-30T12:00:00".to_owned()));
    assert_eq!(told(12, 0, 30), (false, "2026-11-30T13:00:00".to_owned()));
    // Friday evening: Monday morning.
    assert_eq!(told(18, 0, 27), (false, "2026-11-30T08:00:00".to_owned()));
}

/// T-111
#[test]
fn without_any_shift_it_is_always_open_but_on_closed_days() {
    let zone = zone("America/Sao_Paulo");
    let none = Hours::default();
    assert_eq!(now(&[Timetable::new(&none, zone.clone())], Timestamp(0)), Now { is_open: true, until: None });
    let christmas = Hours { days: vec![day(date(2026, 12, 25), &[])], ..Hours::default() };
    let tables = [Timetable::new(&christmas, zone.clone())];
    let told = |day, hour| told(&tables, &zone, datetime(2026, 12, day, hour, 0, 0, 0));
    assert_eq!(told(24, 10), (true, "2026-12-25T00:00:00".to_owned()));
    assert_eq!(told(25, 10), (false, "2026-12-26T00:00:00".to_owned()));
}

#[test]
fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
    let zone = zone("America/Sao_Paulo");
    let mut hours = Hours { shifts: vec![shift(&[5], "22:00", "06:00")], ..Hours::default() };
    // The Saturday is closed: what began on Friday goes on.
    hours.days.push(day(date(2026, 11, 28), &[]));
    let tables = [Timetable::new(&hours, zone.clone())];
    let told = |day, hour| told(&tables, &zone, datetime(2026, 11, day, hour, 0, 0, 0));
    assert_eq!(told(27, 23), (true, "2026-11-28T06:00:00".to_owned()));
    assert_eq!(told(28, 5), (true, "2026-11-28T06:00:00".to_owned()));
    assert_eq!(told(28, 6), (false, "2026-12-04T22:00:00".to_owned()));
}

#[test]
fn whole_days_on_end_are_one_stretch() {
    let zone = zone("America/Sao_Paulo");
    let all = Hours { shifts: vec![shift(&[1, 2, 3], "00:00", "24:00")], ..Hours::default() };
    let tables = [Timetable::new(&all, zone.clone())];
    assert_eq!(told(&tables, &zone, datetime(2026, 11, 30, 12, 0, 0, 0)), (true, "2026-12-03T00:00:00".to_owned()));
}

/// T-103, T-110, T-117
#[test]
fn whoever_has_own_hours_keeps_those_and_the_nearest_exceptional_day_counts() {
    let sao_paulo = zone("America/Sao_Paulo");
    let company = Hours { days: vec![day(date(2026, 12, 24), &[span("08:00", "12:00")])], ..office() };
    let general = Timetable::new(&company, sao_paulo.clone());
    let sales = Hours { shifts: vec![shift(&[6], "09:00", "13:00")], ..Hours::default() };
    let saturday = datetime(2026, 12, 5, 10, 0, 0, 0);
    assert!(told(&[general.of(&sales)], &sao_paulo, saturday).0);
    assert!(!told(std::slice::from_ref(&general), &sao_paulo, saturday).0);
    // Half a day for all, but for who says otherwise.
    let eve = datetime(2026, 12, 24, 14, 0, 0, 0);
    assert!(!told(&[general.of(&Hours::default())], &sao_paulo, eve).0);
    let support = Hours { days: vec![day(date(2026, 12, 24), &[span("08:00", "18:00")])], ..Hours::default() };
    assert!(told(&[general.of(&support)], &sao_paulo, eve).0);
    // Whoever serves two departments is there in the hours of either.
    let nothing = Hours::default();
    let both = [general.of(&sales), general.of(&nothing)];
    assert!(told(&both, &sao_paulo, saturday).0 && told(&both, &sao_paulo, datetime(2026, 12, 4, 9, 0, 0, 0)).0);
    // Manaus is an hour behind.
    let north = Hours { time_zone: Some("America/Manaus".to_owned()), ..Hours::default() };
    assert!(!told(&[general.of(&north)], &sao_paulo, datetime(2026, 12, 4, 8, 30, 0, 0)).0);
    assert!(told(&[general.of(&north)], &sao_paulo, datetime(2026, 12, 4, 18, 30, 0, 0)).0);
}

/// Numbers that look drawn and are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn hours(&mut self) -> Hours {
        let mut hours = Hours::default();
        for _ in 0..=self.below(3) {
            let weekdays = (1..=7).filter(|_| self.below(2) == 1).collect();
            let (start, length) = (self.below(1440), 1 + self.below(1439));
            let end = (start + length) % 1440;
            let minute = |at: u64| TimeOfDay(u16::try_from(at).unwrap());
            hours.shifts.push(Shift { weekdays, start: minute(start), end: minute(end) });
        }
        hours
    }
}

/// What a person would say who looks at the clock on the wall and at the plan; only for days without a change of the clocks around.
fn by_the_clock(hours: &Hours, local: jiff::civil::DateTime) -> bool {
    let minutes = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap();
    let weekday = local.date().weekday().to_monday_one_offset();
    let before = local.date().yesterday().unwrap().weekday().to_monday_one_offset();
    hours.shifts.iter().any(|Shift { weekdays, start, end }| {
        let (start, end) = (start.0, end.0);
        let today = weekdays.contains(&weekday) && minutes >= start && (start >= end || minutes < end);
        let over_midnight = weekdays.contains(&before) && start > end && minutes < end;
        today || over_midnight
    })
}

/// Zones that change their clocks: by an hour north and south of the equator, by half an hour, one that left a day out, one that never does.
const ZONES: &[(&str, i16)] = &[
    ("America/New_York", 2026),
    ("America/Sao_Paulo", 2017),
    ("Australia/Lord_Howe", 2026),
    ("Pacific/Apia", 2011),
    ("America/Fortaleza", 2026),
];

#[test]
fn over_years_of_calendar_each_change_is_one_and_nothing_changes_between() {
    let mut draw = Draw(20_261_130);
    for (name, year) in ZONES {
        let zone = zone(name);
        for _ in 0..12 {
            let hours = draw.hours();
            let tables = [Timetable::new(&hours, zone.clone())];
            let end = at(&zone, datetime(year + 2, 1, 1, 0, 0, 0, 0));
            let mut when = at(&zone, datetime(*year, 1, 1, 0, 0, 0, 0));
            while when < end {
                let Now { is_open, until } = now(&tables, when);
                let Some(until) = until else { break };
                assert!(until > when, "{name} {hours:?} {when}");
                let middle = Timestamp(when.0 + (until.0 - when.0) / 2);
                for inside in [middle, Timestamp(until.0 - 1)] {
                    assert_eq!(now(&tables, inside), Now { is_open, until: Some(until) }, "{name} {hours:?} {inside}");
                }
                assert_ne!(now(&tables, until).is_open, is_open, "{name} {hours:?} {until}");
                when = until;
            }
        }
    }
}

#[test]
fn over_years_of_calendar_it_is_as_the_clock_on_the_wall_says() {
    let mut draw = Draw(7);
    for (name, year) in ZONES {
        let zone = zone(name);
        for _ in 0..6 {
            let hours = draw.hours();
            let tables = [Timetable::new(&hours, zone.clone())];
            for _ in 0..2_000 {
                let minute = i64::try_from(draw.below(2 * 365 * 1440)).unwrap();
                let when = at(&zone, datetime(*year, 1, 1, 0, 0, 0, 0)).plus_seconds(minute * 60);
                let offset = |hours| {
                    let around = when.to_jiff().checked_add(SignedDuration::from_hours(hours)).unwrap();
                    zone.to_offset(around)
                };
                if offset(-48) != offset(48) {
                    continue;
                }
                let local = zone.to_datetime(when.to_jiff());
                assert_eq!(now(&tables, when).is_open, by_the_clock(&hours, local), "{name} {hours:?} {local}");
            }
        }
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let faults = |hours: Hours| hours.faults();
    let overlap = |one: Shift, other: Shift| {
        let found = faults(Hours { shifts: vec![one, other], ..Hours::default() });
        found.iter().any(|fault| *fault == ("shifts.1.start".to_owned(), HoursFault::Overlaps))
    };
    assert!(overlap(shift(&[1], "08:00", "12:00"), shift(&[1, 2], "11:00", "18:00")));
    assert!(overlap(shift(&[1], "08:00", "18:00"), shift(&[1], "09:00", "10:00")));
    // Over midnight, also from Sunday to Monday and the other way round.
    assert!(overlap(shift(&[1], "22:00", "06:00"), shift(&[2], "05:00", "07:00")));
    assert!(overlap(shift(&[7], "22:00", "06:00"), shift(&[1], "05:00", "07:00")));
    assert!(overlap(shift(&[1], "05:00", "07:00"), shift(&[7], "22:00", "06:00")));
    assert!(!overlap(shift(&[1], "08:00", "12:00"), shift(&[1], "12:00", "18:00")));
    assert!(!overlap(shift(&[7], "22:00", "06:00"), shift(&[1], "06:00", "07:00")));
    assert!(!overlap(shift(&[1], "00:00", "24:00"), shift(&[2], "00:00", "24:00")));

    let wrong = Hours {
        time_zone: Some("Marte/Olympus".to_owned()),
        shifts: vec![shift(&[], "08:00", "12:00"), shift(&[1, 1], "08:00", "09:00"), shift(&[8], "10:00", "10:00")],
        days: vec![
            day(date(2026, 12, 25), &[span("08:00", "10:00"), span("09:00", "11:00"), span("12:00", "12:00")]),
            ExceptionalDay { name: String::new(), ..day(date(2026, 12, 25), &[]) },
            ExceptionalDay { name: "a".repeat(81), ..day(date(2026, 12, 26), &[span("08:00", "10:00"); 11]) },
        ],
    };
    let named = |path: &str, fault| (path.to_owned(), fault);
    assert_eq!(
        faults(wrong),
        [
            named("time_zone", HoursFault::TimeZone),
            named("shifts.0.weekdays", HoursFault::Required),
            named("shifts.1.weekdays", HoursFault::Weekday),
            named("shifts.2.weekdays", HoursFault::Weekday),
            named("shifts.2.end", HoursFault::Empty),
            named("days.0.spans.1.start", HoursFault::Overlaps),
            named("days.0.spans.2.end", HoursFault::Empty),
            named("days.1.date", HoursFault::DateRepeated),
            named("days.1.name", HoursFault::Required),
            named("days.2.name", HoursFault::TooLong(80)),
            named("days.2.spans", HoursFault::TooMany(10)),
        ]
    );
    let many = Hours { shifts: vec![shift(&[1], "08:00", "09:00"); 51], ..Hours::default() };
    assert_eq!(faults(many), [named("shifts", HoursFault::TooMany(50))]);
    assert_eq!(faults(office()), []);
}

#[test]
fn a_time_of_the_day_is_two_digits_twice() {
    for text in ["00:00", "08:30", "23:59", "24:00"] {
        assert_eq!(TimeOfDay::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "8:30", "24:01", "25:00", "08:60", "-1:00", "+8:00", "08:30:00", "0a:00", "08h30"] {
        assert_eq!(TimeOfDay::parse(text), None, "{text}");
    }
    let hours: Hours = serde_json::from_str(r#"{"shifts":[{"weekdays":[1],"start":"22:00","end":"06:00"}]}"#).unwrap();
    assert_eq!(hours.shifts, [shift(&[1], "22:00", "06:00")]);
    let again: Hours = serde_json::from_str(&serde_json::to_string(&hours).unwrap()).unwrap();
    assert_eq!(again, hours);
}
