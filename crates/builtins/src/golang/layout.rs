//! Times written after Go's reference time, `Mon Jan 2 15:04:05 MST 2006`.
//!
//! A layout is an example: each element of the reference time in it is replaced by that of the time to write, everything
//! else stays. Elements are found from left to right, the longest first, as Go does it.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::fmt::Write as _;
use value::Failure;

/// Writes a time, in seconds since 1970, in the machine's time zone.
pub(crate) fn format_time(epoch_seconds: i64, layout: &str) -> Result<String, Failure> {
    format_time_in(&TimeZone::system(), epoch_seconds, layout)
}

/// Writes a time, in seconds since 1970, in a time zone.
pub(crate) fn format_time_in(zone: &TimeZone, epoch_seconds: i64, layout: &str) -> Result<String, Failure> {
    let timestamp = Timestamp::from_second(epoch_seconds)
        .map_err(|_| Failure::fatal(format!("time out of range: {epoch_seconds} seconds since 1970")))?;
    let time = timestamp.to_zoned(zone.clone());
    let mut out = String::with_capacity(layout.len() + 10);
    let mut rest = layout;
    while let Some((at, length, element)) = next_element(rest) {
        out.push_str(&rest[..at]);
        element.write(&mut out, &time);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Ok(out)
}

/// An element of the reference time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Year,
    ShortYear,
    MonthName,
    ShortMonthName,
    Month(Pad),
    Day(Pad),
    YearDay(Pad),
    WeekdayName,
    ShortWeekdayName,
    Hour,
    Hour12(Pad),
    Minute(Pad),
    Second(Pad),
    /// The sign is the separator; that many digits. The time is in whole seconds.
    Fraction(char, usize),
    /// A fraction without trailing zeros: nothing, for a time in whole seconds.
    TrimmedFraction,
    UpperHalf,
    LowerHalf,
    ZoneName,
    Offset {
        /// Whether UTC is written as `Z`.
        zulu: bool,
        colons: bool,
        /// How many of hours, minutes and seconds.
        parts: usize,
    },
}

/// How a number of fewer digits is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pad {
    None,
    Zero,
    Space,
}

impl Pad {
    fn write(self, out: &mut String, number: i16, width: usize) {
        _ = match self {
            Pad::None => write!(out, "{number}"),
            Pad::Zero => write!(out, "{number:0width$}"),
            Pad::Space => write!(out, "{number:width$}"),
        };
    }
}

/// The elements that are found by their text alone. Of two where one begins with the other, the longer is first.
const ELEMENTS: &[(&str, Element)] = &[
    ("January", Element::MonthName),
    ("Monday", Element::WeekdayName),
    ("MST", Element::ZoneName),
    ("002", Element::YearDay(Pad::Zero)),
    ("01", Element::Month(Pad::Zero)),
    ("02", Element::Day(Pad::Zero)),
    ("03", Element::Hour12(Pad::Zero)),
    ("04", Element::Minute(Pad::Zero)),
    ("05", Element::Second(Pad::Zero)),
    ("06", Element::ShortYear),
    ("15", Element::Hour),
    ("1", Element::Month(Pad::None)),
    ("2006", Element::Year),
    ("2", Element::Day(Pad::None)),
    ("__2", Element::YearDay(Pad::Space)),
    ("_2", Element::Day(Pad::Space)),
    ("3", Element::Hour12(Pad::None)),
    ("4", Element::Minute(Pad::None)),
    ("5", Element::Second(Pad::None)),
    ("PM", Element::UpperHalf),
    ("pm", Element::LowerHalf),
    ("-070000", Element::Offset { zulu: false, colons: false, parts: 3 }),
    ("-07:00:00", Element::Offset { zulu: false, colons: true, parts: 3 }),
    ("-0700", Element::Offset { zulu: false, colons: false, parts: 2 }),
    ("-07:00", Element::Offset { zulu: false, colons: true, parts: 2 }),
    ("-07", Element::Offset { zulu: false, colons: false, parts: 1 }),
    ("Z070000", Element::Offset { zulu: true, colons: false, parts: 3 }),
    ("Z07:00:00", Element::Offset { zulu: true, colons: true, parts: 3 }),
    ("Z0700", Element::Offset { zulu: true, colons: false, parts: 2 }),
    ("Z07:00", Element::Offset { zulu: true, colons: true, parts: 2 }),
    ("Z07", Element::Offset { zulu: true, colons: false, parts: 1 }),
];

/// The first element of a layout: where it is, how long its text is, which one it is.
fn next_element(layout: &str) -> Option<(usize, usize, Element)> {
    layout.char_indices().find_map(|(at, _)| element(&layout[at..]).map(|(length, element)| (at, length, element)))
}

/// The element that a text begins with, and the length of its text.
fn element(text: &str) -> Option<(usize, Element)> {
    // `_2006` is an underscore and a year, not a padded day and `006`.
    if text.starts_with("_2006") {
        return None;
    }
    if let Some((name, element)) = ELEMENTS.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((name.len(), *element));
    }
    // `Jan` and `Mon` in a longer word, such as `Month`, stay.
    let ends_word = |length: usize| !text[length..].starts_with(|c: char| c.is_ascii_lowercase());
    if text.starts_with("Jan") && ends_word(3) {
        return Some((3, Element::ShortMonthName));
    }
    if text.starts_with("Mon") && ends_word(3) {
        return Some((3, Element::ShortWeekdayName));
    }
    let separator = text.chars().next().filter(|it| matches!(it, '.' | ','))?;
    let digit = text[1..].chars().next().filter(|it| matches!(it, '0' | '9'))?;
    let digits = text[1..].len() - text[1..].trim_start_matches(digit).len();
    // A fraction holds no other digit.
    if text[1 + digits..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let element = if digit == '9' { Element::TrimmedFraction } else { Element::Fraction(separator, digits) };
    Some((1 + digits, element))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl Element {
    fn write(self, out: &mut String, time: &Zoned) {
        // Jiff's months count from 1, and its weekdays from Sunday at 0.
        let month = MONTHS[usize::from(time.month().unsigned_abs()) - 1];
        let weekday = WEEKDAYS[usize::from(time.weekday().to_sunday_zero_offset().unsigned_abs())];
        let hour12 = match time.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        match self {
            Element::Year => Pad::Zero.write(out, time.year(), 4),
            Element::ShortYear => Pad::Zero.write(out, time.year() % 100, 2),
            Element::MonthName => out.push_str(month),
            Element::ShortMonthName => out.push_str(&month[..3]),
            Element::Month(pad) => pad.write(out, time.month().into(), 2),
            Element::Day(pad) => pad.write(out, time.day().into(), 2),
            Element::YearDay(pad) => pad.write(out, time.day_of_year(), 3),
            Element::WeekdayName => out.push_str(weekday),
            Element::ShortWeekdayName => out.push_str(&weekday[..3]),
            Element::Hour => Pad::Zero.write(out, time.hour().into(), 2),
            Element::Hour12(pad) => pad.write(out, hour12.into(), 2),
            Element::Minute(pad) => pad.write(out, time.minute().into(), 2),
            Element::Second(pad) => pad.write(out, time.second().into(), 2),
            Element::Fraction(separator, digits) => {
                out.push(separator);
                // Go writes nine digits at most, whatever is asked for.
                out.extend(std::iter::repeat_n('0', digits.min(9)));
            }
            Element::TrimmedFraction => {}
            Element::UpperHalf => out.push_str(if time.hour() >= 12 { "PM" } else { "AM" }),
            Element::LowerHalf => out.push_str(if time.hour() >= 12 { "pm" } else { "am" }),
            Element::ZoneName => {
                out.push_str(time.time_zone().to_offset_info(time.timestamp()).abbreviation());
            }
            Element::Offset { zulu, colons, parts } => {
                let seconds = time.offset().seconds();
                if zulu && seconds == 0 {
                    out.push('Z');
                    return;
                }
                out.push(if seconds < 0 { '-' } else { '+' });
                let seconds = seconds.unsigned_abs();
                let colon = if colons { ":" } else { "" };
                _ = write!(out, "{:02}", seconds / 3600);
                if parts > 1 {
                    _ = write!(out, "{colon}{:02}", seconds / 60 % 60);
                }
                if parts > 2 {
                    _ = write!(out, "{colon}{:02}", seconds % 60);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Friday, 2015-09-25 05:16:03 UTC.
    const TIME: i64 = 1_443_158_163;

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a valid zone")
    }

    fn written(zone: &TimeZone, layout: &str) -> String {
        format_time_in(zone, TIME, layout).expect("the time is in range")
    }

    #[test]
    fn every_element_of_the_reference_time_is_written() {
        for (layout, expected) in [
            ("2006-01-02 15:04:05 -0700 MST", "2015-09-25 07:16:03 +0200 CEST"),
            ("Mon Jan _2 15:04:05 2006", "Fri Sep 25 07:16:03 2015"),
            ("Monday, 02-Jan-06 15:04:05 MST", "Friday, 25-Sep-15 07:16:03 CEST"),
            ("January 2, 2006 3:4:5 PM", "September 25, 2015 7:16:3 AM"),
            ("1/2 03pm", "9/25 07am"),
            ("002 __2", "268 268"),
            ("15:04:05.000 15:04:05,000000", "07:16:03.000 07:16:03,000000"),
            ("15:04:05.999 05.0000000000", "07:16:03 03.000000000"),
            ("-07:00 -07 -070000 -07:00:00", "+02:00 +02 +020000 +02:00:00"),
            ("2006-01-02T15:04:05Z07:00", "2015-09-25T07:16:03+02:00"),
        ] {
            assert_eq!(written(&berlin(), layout), expected, "{layout}");
        }
    }

    #[test]
    fn utc_is_written_as_z_where_the_layout_says_so() {
        for (layout, expected) in [("Z0700", "Z"), ("Z07", "Z"), ("Z07:00:00", "Z"), ("-0700", "+0000"), ("MST", "UTC")]
        {
            assert_eq!(written(&TimeZone::UTC, layout), expected, "{layout}");
        }
    }

    #[test]
    fn what_only_looks_like_an_element_stays() {
        for (layout, expected) in [
            ("Month", "Month"),
            ("Janet", "Janet"),
            ("Mon.", "Fri."),
            ("_2006", "_2015"),
            (".05", ".03"),
            (".0005", ".0003"),
            ("größe 07", "größe 07"),
            ("", ""),
        ] {
            assert_eq!(written(&TimeZone::UTC, layout), expected, "{layout}");
        }
    }

    #[test]
    fn small_numbers_are_filled_as_the_layout_shows() {
        let layout = "1 01|2 _2 02|002 __2|3 03 15|4 04 PM";
        let found = format_time_in(&TimeZone::UTC, 0, layout).expect("the time is in range");
        assert_eq!(found, "1 01|1  1 01|001   1|12 12 00|0 00 AM");
        let west = TimeZone::fixed(jiff::tz::offset(-3));
        assert_eq!(format_time_in(&west, 0, "-0700 06 pm"), Ok("-0300 69 pm".to_owned()));
    }

    #[test]
    fn a_time_beyond_the_calendar_is_a_failure() {
        assert!(format_time_in(&TimeZone::UTC, i64::MAX, "2006").is_err());
    }
}
