//! When a company, a department or a person is there: shifts by the week and exceptional days (T-100 to T-117). Whoever has shifts of their own
//! keeps those instead of the ones above them, and an exceptional day of their own goes before one above; a person without any keeps the hours of
//! all departments they serve. A shift belongs to the day on which it begins, also where it ends after midnight.

use std::collections::HashSet;

use jiff::{ToSpan, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{PartialSchema, ToSchema};

use crate::Timestamp;

/// The most shifts of one owner.
pub const SHIFTS_MAX: usize = 50;
/// The most exceptional days of one owner.
pub const DAYS_MAX: usize = 400;
/// The most spans of one exceptional day.
pub const SPANS_MAX: usize = 10;
/// The longest name of an exceptional day, in characters.
pub const DAY_NAME_MAX: usize = 80;
/// How far ahead the next opening is looked for, in days.
const AHEAD_DAYS: i32 = 400;
/// How long somebody who stays open is followed, in seconds: who is open for longer stays so for now.
const FOLLOWED_SECONDS: i64 = 35 * 86_400;

const DAY: u16 = 24 * 60;
const WEEK: u32 = 7 * DAY as u32;

/// A time of the day in minutes after midnight, 0 to 1440; `08:30` on the wire, `24:00` for the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// From hours and minutes; none outside of the day.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if minute >= 60 || hour > 24 || (hour == 24 && minute > 0) { None } else { Some(Self(hour * 60 + minute)) }
    }

    /// From `08:30`; none for anything else.
    fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let is_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(hour) || !is_digits(minute) {
            return None;
        }
        Self::new(hour.parse().ok()?, minute.parse().ok()?)
    }

    /// This time on a day, in a zone; where the clocks are put forward over it, the first moment after that.
    fn on(self, date: civil::Date, zone: &TimeZone) -> Option<Timestamp> {
        let date = if self.0 == DAY { date.tomorrow().ok()? } else { date };
        let (hour, minute) = (i8::try_from(self.0 % DAY / 60).ok()?, i8::try_from(self.0 % 60).ok()?);
        let zoned = zone.to_ambiguous_zoned(date.at(hour, minute, 0, 0)).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_microsecond()))
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a time of the day from 00:00 to 24:00"))
    }
}

impl PartialSchema for TimeOfDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("HH:MM, 00:00 to 24:00"))
            .into()
    }
}

impl ToSchema for TimeOfDay {}

/// From a time to a later one of the same day, or of the next one where it ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    pub start: TimeOfDay,
    pub end: TimeOfDay,
}

impl Span {
    const WHOLE_DAY: Self = Self { start: TimeOfDay(0), end: TimeOfDay(DAY) };

    /// How long it takes, in minutes; 0 where it ends as it begins.
    const fn minutes(self) -> u16 {
        if self.end.0 >= self.start.0 { self.end.0 - self.start.0 } else { self.end.0 + DAY - self.start.0 }
    }

    /// It on a day, in a zone; none where nothing of it is left by a change of the clocks.
    fn on(self, date: civil::Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let last = if self.end.0 < self.start.0 { date.tomorrow().ok()? } else { date };
        let (start, end) = (self.start.on(date, zone)?, self.end.on(last, zone)?);
        (start < end).then_some((start, end))
    }
}

/// Hours that come back each week (T-108).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// The days on which it begins: 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<i8>,
    pub start: TimeOfDay,
    pub end: TimeOfDay,
}

impl Shift {
    const fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// A day that is not as the others (T-110): a holiday, half a day, a Saturday before Christmas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExceptionalDay {
    #[schema(value_type = String, format = Date)]
    pub date: civil::Date,
    /// Up to 80 characters.
    pub name: String,
    /// When it is open; empty closes it.
    pub spans: Vec<Span>,
}

/// What one owner has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Hours {
    /// An IANA name; none: the one above.
    pub time_zone: Option<String>,
    /// None: those above; and where nobody has any, always open (T-111).
    pub shifts: Vec<Shift>,
    /// In the order of their dates.
    pub days: Vec<ExceptionalDay>,
}

/// What is wrong with somebody's hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursFault {
    /// It ends as it begins (T-109).
    Empty,
    /// It overlaps another one (T-108).
    Overlaps,
    /// There is none.
    Required,
    /// No day of the week, or one that is named twice.
    Weekday,
    /// The day stands there twice.
    DateRepeated,
    TooMany(usize),
    TooLong(usize),
    TimeZone,
}

impl Hours {
    /// All that is wrong, each with the path of its field, as `shifts.2.end`.
    pub fn faults(&self) -> Vec<(String, HoursFault)> {
        let mut faults = Vec::new();
        if self.time_zone.as_deref().is_some_and(|name| TimeZone::get(name).is_err()) {
            faults.push(("time_zone".to_owned(), HoursFault::TimeZone));
        }
        for (field, count, most) in [("shifts", self.shifts.len(), SHIFTS_MAX), ("days", self.days.len(), DAYS_MAX)] {
            if count > most {
                faults.push((field.to_owned(), HoursFault::TooMany(most)));
                return faults;
            }
        }
        self.shift_faults(&mut faults);
        self.day_faults(&mut faults);
        faults
    }

    fn shift_faults(&self, faults: &mut Vec<(String, HoursFault)>) {
        let mut taken: Vec<(u32, u32)> = Vec::new();
        for (index, shift) in self.shifts.iter().enumerate() {
            let (weekdays, span) = (&shift.weekdays, shift.span());
            let days: HashSet<i8> = weekdays.iter().copied().filter(|day| (1..=7).contains(day)).collect();
            if weekdays.is_empty() {
                faults.push((format!("shifts.{index}.weekdays"), HoursFault::Required));
            } else if days.len() != weekdays.len() {
                faults.push((format!("shifts.{index}.weekdays"), HoursFault::Weekday));
            }
            if span.minutes() == 0 {
                faults.push((format!("shifts.{index}.end"), HoursFault::Empty));
            }
            let own = days.into_iter().filter_map(|day| u32::try_from(day - 1).ok()).map(|day| {
                let start = day * u32::from(DAY) + u32::from(span.start.0);
                (start, start + u32::from(span.minutes()))
            });
            let own: Vec<(u32, u32)> = own.collect();
            // A week ends where it begins: what goes over its end is compared with the next one too.
            let meets = |one: &(u32, u32), other: &(u32, u32)| {
                [0, WEEK].iter().any(|by| {
                    (one.0 + by < other.1 && other.0 < one.1 + by) || (other.0 + by < one.1 && one.0 < other.1 + by)
                })
            };
            if own.iter().any(|one| taken.iter().any(|other| meets(one, other))) {
                faults.push((format!("shifts.{index}.start"), HoursFault::Overlaps));
            }
            taken.extend(own);
        }
    }

    fn day_faults(&self, faults: &mut Vec<(String, HoursFault)>) {
        let mut dates = HashSet::new();
        for (index, ExceptionalDay { date, name, spans }) in self.days.iter().enumerate() {
            if !dates.insert(*date) {
                faults.push((format!("days.{index}.date"), HoursFault::DateRepeated));
            }
            match name.chars().count() {
                0 => faults.push((format!("days.{index}.name"), HoursFault::Required)),
                count if count > DAY_NAME_MAX => {
                    faults.push((format!("days.{index}.name"), HoursFault::TooLong(DAY_NAME_MAX)));
                }
                _ => {}
            }
            if spans.len() > SPANS_MAX {
                faults.push((format!("days.{index}.spans"), HoursFault::TooMany(SPANS_MAX)));
                continue;
            }
            for (place, span) in spans.iter().enumerate() {
                if span.minutes() == 0 {
                    faults.push((format!("days.{index}.spans.{place}.end"), HoursFault::Empty));
                }
                let range = |span: &Span| (span.start.0, span.start.0 + span.minutes());
                let (start, end) = range(span);
                if spans.iter().take(place).map(range).any(|other| start < other.1 && other.0 < end) {
                    faults.push((format!("days.{index}.spans.{place}.start"), HoursFault::Overlaps));
                }
            }
        }
    }
}

/// The hours in force for somebody, in one zone.
#[derive(Clone, Debug)]
pub struct Timetable<'a> {
    zone: TimeZone,
    shifts: &'a [Shift],
    /// Whose exceptional days count, the nearest first.
    days: Vec<&'a [ExceptionalDay]>,
}

impl<'a> Timetable<'a> {
    /// The hours of a company. `zone`: its time zone.
    pub fn new(company: &'a Hours, zone: TimeZone) -> Self {
        Self { zone, shifts: &company.shifts, days: vec![&company.days] }
    }

    /// The hours of somebody below.
    #[must_use]
    pub fn of(&self, own: &'a Hours) -> Self {
        let zone = own.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let mut days = vec![own.days.as_slice()];
        days.extend(&self.days);
        Self {
            zone: zone.unwrap_or_else(|| self.zone.clone()),
            shifts: if own.shifts.is_empty() { self.shifts } else { &own.shifts },
            days,
        }
    }

    /// The shifts in force.
    pub const fn shifts(&self) -> &'a [Shift] {
        self.shifts
    }

    /// Whether nothing ever closes: nobody has said anything.
    pub fn is_always_open(&self) -> bool {
        self.shifts.is_empty() && self.days.iter().all(|days| days.is_empty())
    }

    fn date_of(&self, at: Timestamp) -> civil::Date {
        self.zone.to_datetime(at.to_jiff()).date()
    }

    /// Whether the country did not leave the day out (Samoa, 30 December 2011).
    fn is_there(&self, date: civil::Date) -> bool {
        let noon = self.zone.to_ambiguous_zoned(date.at(12, 0, 0, 0)).compatible();
        noon.is_ok_and(|noon| noon.date() == date)
    }

    /// What was said of a day, the nearest first.
    fn exception(&self, date: civil::Date) -> Option<&'a ExceptionalDay> {
        self.days.iter().find_map(|days| {
            let place = days.binary_search_by_key(&date, |day| day.date).ok()?;
            days.get(place)
        })
    }

    /// The name of the exceptional day on which a time lies.
    pub fn day_name(&self, at: Timestamp) -> Option<&'a str> {
        self.exception(self.date_of(at)).map(|day| day.name.as_str())
    }

    /// What begins on a day.
    fn spans(&self, date: civil::Date) -> Vec<(Timestamp, Timestamp)> {
        if !self.is_there(date) {
            return Vec::new();
        }
        let on = |span: &Span| span.on(date, &self.zone);
        match self.exception(date) {
            Some(day) => day.spans.iter().filter_map(on).collect(),
            None if self.shifts.is_empty() => on(&Span::WHOLE_DAY).into_iter().collect(),
            None => {
                let weekday = date.weekday().to_monday_one_offset();
                let shifts = self.shifts.iter().filter(|shift| shift.weekdays.contains(&weekday));
                shifts.filter_map(|shift| on(&shift.span())).collect()
            }
        }
    }

    /// When what is open at a time ends; none while it is closed.
    fn open_until(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.date_of(at);
        // What began the day before goes on after midnight; two days where a day between was left out.
        let dates = (0..=2).filter_map(|ago| today.checked_sub(ago.days()).ok());
        let spans = dates.flat_map(|date| self.spans(date));
        spans.filter(|(start, end)| *start <= at && at < *end).map(|(_, end)| end).max()
    }

    /// When something begins next after a time; none within the next 400 days.
    fn next_start(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.date_of(at);
        (0..=AHEAD_DAYS).find_map(|ahead| {
            let date = today.checked_add(ahead.days()).ok()?;
            self.spans(date).into_iter().map(|(start, _)| start).filter(|start| *start > at).min()
        })
    }
}

/// Whether somebody is there, and until when that stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub is_open: bool,
    /// When it changes; none where somebody stays open for more than a month, or closed for more than a year.
    pub until: Option<Timestamp>,
}

/// Who keeps several timetables is there in any of them. `tables`: at least one.
pub fn now(tables: &[Timetable<'_>], at: Timestamp) -> Now {
    if tables.iter().any(Timetable::is_always_open) {
        return Now { is_open: true, until: None };
    }
    let open_until = |at| tables.iter().filter_map(|table| table.open_until(at)).max();
    let Some(mut until) = open_until(at) else {
        return Now { is_open: false, until: tables.iter().filter_map(|table| table.next_start(at)).min() };
    };
    // What begins as something else ends goes on.
    while until.seconds_since(at) < FOLLOWED_SECONDS {
        match open_until(until) {
            Some(later) => until = later,
            None => return Now { is_open: true, until: Some(until) },
        }
    }
    Now { is_open: true, until: None }
}

#[cfg(test)]
mod tests;
