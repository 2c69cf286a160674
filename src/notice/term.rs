//! How long a contract lasts: terms in any unit against a limit in months.

use super::model::{Field, Notice};

/// Days of a month and a year on average.
const MONTH: f64 = 365.25 / 12.0;
const YEAR: f64 = 365.25;

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day {
    year: i32,
    month: u32,
    day: u32,
}

impl Day {
    /// Reads `2024-03-01`, with or without a time or zone behind it.
    fn parse(text: &str) -> Option<Day> {
        let mut parts = text.get(..10)?.split('-');
        let (year, month, day) =
            (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Day { year, month, day })
    }

    /// The same day `months` later; a day that the month does not have stays as written, which orders rightly.
    fn plus(self, months: u32) -> Day {
        let month = self.month - 1 + months;
        Day { year: self.year + (month / 12) as i32, month: month % 12 + 1, day: self.day }
    }
}

impl Notice {
    /// Whether a field says that the contract lasts longer than so many months: a duration (BT-36), or an end
    /// date (BT-537) whose start (BT-536) the notice gives for the same lot. `false` where it does not say.
    ///
    /// Four years are 48 months, 1461 days or an end on the same calendar day: none of them is longer.
    pub fn lasts_longer(&self, field: &Field, months: u32) -> bool {
        match field.term {
            "BT-36" => longer(&field.value, field.unit.as_deref().unwrap_or_default(), months),
            "BT-537" => {
                let starts = self.terms_of("BT-536", field.lot.as_deref());
                let start = starts.first().and_then(|start| Day::parse(&start.value));
                match (start, Day::parse(&field.value)) {
                    (Some(start), Some(end)) => end > start.plus(months),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// The longest duration (BT-36) that the notice gives, in days and with its field ("BT-36: 48 MONTH"); `None` where it gives
    /// none.
    pub fn longest_term(&self) -> Option<(f64, String)> {
        let durations = self.fields.iter().filter(|field| field.term == "BT-36");
        let in_days = durations.filter_map(|field| {
            let unit = field.unit.as_deref().unwrap_or_default();
            Some((days(&field.value, unit)?, format!("BT-36: {} {unit}", field.value)))
        });
        in_days.max_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// A duration in days; `None` where the value is no number or the unit is not known.
fn days(value: &str, unit: &str) -> Option<f64> {
    let number = number(value)?;
    match unit.to_ascii_uppercase().as_str() {
        "YEAR" | "ANN" => Some(number * YEAR),
        "MONTH" | "MON" => Some(number * MONTH),
        "WEEK" | "WEE" => Some(number * 7.0),
        "DAY" | "CALENDAR_DAY" => Some(number),
        _ => None,
    }
}

fn number(value: &str) -> Option<f64> {
    value.replace([' ', '\u{a0}'], "").replace(',', ".").parse().ok()
}

fn longer(value: &str, unit: &str, months: u32) -> bool {
    // 48 months are 1461 days: a leap day in four years.
    days(value, unit).is_some_and(|days| days > (f64::from(months) * MONTH).ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_exactly_at_the_limit_is_not_longer() {
        for (value, unit, months, want) in [
            ("48", "MONTH", 48, false),
            ("49", "MONTH", 48, true),
            ("4", "YEAR", 48, false),
            ("4.5", "YEAR", 48, true),
            ("1461", "DAY", 48, false),
            ("1462", "CALENDAR_DAY", 48, true),
            ("208", "WEEK", 48, false),
            ("209", "WEEK", 48, true),
            ("96", "MONTH", 96, false),
            ("2557", "DAY", 84, false),
            ("2558", "DAY", 84, true),
            ("7", "YEAR", 84, false),
            ("1 500", "DAY", 48, true),
            ("about 60", "MONTH", 48, false),
            ("60", "", 48, false),
        ] {
            assert_eq!(longer(value, unit, months), want, "{value} {unit}");
        }
    }

    #[test]
    fn an_end_date_counts_from_its_start() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (start, end, want) in [
            ("2024-01-01", "2027-12-31", false),
            ("2024-01-01+02:00", "2028-01-01Z", false),
            ("2024-01-01", "2028-01-02", true),
            ("2024-12-31", "2029-01-01", true),
        ] {
            assert_eq!(day(end) > day(start).plus(48), want, "{start} {end}");
        }
        assert_eq!(Day::parse("2024-13-01"), None);
        assert_eq!(Day::parse("soon"), None);
    }
}
