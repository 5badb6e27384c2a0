//! The proleptic Gregorian calendar, as ISO 8601 and `java.time` have it, without time zones.

/// A day and what is left of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Date {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) day: i32,
}

/// The date that many days after 1970-01-01; `None` outside the years ±999,999,999 of Cypher.
pub(crate) fn date(epoch_day: i64) -> Option<Date> {
    // Years begin in March here, so that the leap day is the last of its year, and are counted
    // in cycles of 400 years from 0000-03-01.
    let day = epoch_day.checked_add(DAYS_TO_EPOCH)?;
    let (cycle, day) = (day.div_euclid(DAYS_OF_CYCLE), day.rem_euclid(DAYS_OF_CYCLE));
    // Takes out the leap days before `day`; the rest is plain years.
    let year = (day - day / (DAYS_OF_4_YEARS - 1) + day / DAYS_OF_CENTURY - day / (DAYS_OF_CYCLE - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on, months take turns of 31 and 30 days in groups of five with 153 days.
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = cycle * 400 + year + next;
    Some(Date {
        year: i32::try_from(year).ok().filter(|year| (-MAX_YEAR..=MAX_YEAR).contains(year))?,
        month: i32::try_from(month).ok()?,
        day: i32::try_from(day_of_month).ok()?,
    })
}

/// Hour, minute and second as they stand in a payload: `hour << 12 | minute << 6 | second`.
pub(crate) fn clock(second_of_day: i32) -> i32 {
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    hour << 12 | minute << 6 | second
}

pub(crate) const SECONDS_OF_DAY: i64 = 86_400;
pub(crate) const NANOS_OF_SECOND: i64 = 1_000_000_000;

const MAX_YEAR: i32 = 999_999_999;
/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
const DAYS_OF_CYCLE: i64 = 146_097;
const DAYS_OF_CENTURY: i64 = 36_524;
const DAYS_OF_4_YEARS: i64 = 1_461;

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::{Date, clock, date};

    #[test]
    fn dates_of_the_calendar() {
        for (epoch_day, year, month, day) in [
            (0, 1970, 1, 1),
            (-1, 1969, 12, 31),
            (59, 1970, 3, 1),
            (11_016, 2000, 2, 29),
            (11_017, 2000, 3, 1),
            (47_540, 2100, 2, 28),
            (47_541, 2100, 3, 1),
            (-719_528, 0, 1, 1),
            (-719_529, -1, 12, 31),
        ] {
            assert_eq!(date(epoch_day), Some(Date { year, month, day }), "{epoch_day}");
        }
    }

    #[test]
    fn every_day_of_two_cycles_follows_the_one_before() {
        let lengths = |year: i32| {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        };
        let mut expected = Date { year: -400, month: 1, day: 1 };
        for epoch_day in -719_528 - 146_097..-719_528 + 146_097 {
            assert_eq!(date(epoch_day), Some(expected));
            expected.day += 1;
            if expected.day > lengths(expected.year)[expected.month as usize - 1] {
                (expected.day, expected.month) = (1, expected.month + 1);
            }
            if expected.month > 12 {
                (expected.month, expected.year) = (1, expected.year + 1);
            }
        }
    }

    #[test]
    fn years_end_at_999_999_999() {
        assert_eq!(date(365_241_780_471), Some(Date { year: 999_999_999, month: 12, day: 31 }));
        assert_eq!(date(365_241_780_472), None);
        assert_eq!(date(-365_243_219_162), Some(Date { year: -999_999_999, month: 1, day: 1 }));
        assert_eq!(date(-365_243_219_163), None);
        assert_eq!(date(i64::MAX), None);
        assert_eq!(date(i64::MIN), None);
    }

    #[test]
    fn clock_of_the_last_second() {
        assert_eq!(clock(86_399), 23 << 12 | 59 << 6 | 59);
    }
}
