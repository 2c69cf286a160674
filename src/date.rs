//! Calendar dates of the Gregorian calendar, as ISO 8601 writes them: `2026-03-01`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day. The order is that of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date: year, month and day are expected, such as `2026-03-01` (ISO 8601)")]
pub struct NotADate(pub String);

impl Date {
    /// The day on which `seconds` since 1970-01-01T00:00:00Z fall, in UTC. The algorithm is `civil_from_days`
    /// of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    pub fn from_unix(seconds: u64) -> Date {
        let days = seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Date { year: year.min(9_999) as u16, month: month as u8, day: day as u8 }
    }
}

impl Date {
    /// Days since 1970-01-01: `days_from_civil` of the same source.
    fn day_number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// How many days later `other` is; negative where it is earlier.
    pub fn days_to(self, other: Date) -> i64 {
        other.day_number() - self.day_number()
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        let parsed = || {
            let mut parts = text.split('-');
            let mut part =
                |digits| parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()));
            let year = part(4)?.parse().ok()?;
            let month = part(2)?.parse().ok()?;
            let day = part(2)?.parse().ok()?;
            (parts.next().is_none() && (1..=days_in(year, month)).contains(&day)).then_some(Date { year, month, day })
        };
        parsed().ok_or_else(|| NotADate(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date", "description": "ISO 8601: `2026-03-01`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for text in ["2026-03-01", "2024-02-29", "2000-02-29", "1970-01-01", "2026-12-31"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-1",
            "26-01-01",
            "01.03.2026",
            "2026-03-01-1",
            "",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_fall_on_days() {
        for (seconds, want) in
            [(0, "1970-01-01"), (86_399, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_392_000, "2026-11-23")]
        {
            assert_eq!(Date::from_unix(seconds).to_string(), want);
            assert_eq!(Date::from_unix(0).days_to(Date::from_unix(seconds)), (seconds / 86_400) as i64, "{want}");
        }
    }
}
