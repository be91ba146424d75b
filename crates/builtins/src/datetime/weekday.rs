//! `datetime.hour`, `datetime.weekday`, `datetime.weekday_fast`: parts of a time.

use super::local;
use jiff::civil::Weekday;
use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, FromValue, Value};

/// The hour of a time in the machine's time zone, from 0 to 23.
///
/// ```mcl
/// import "datetime"
///
/// $night = datetime.hour(datetime.now()) < 6
/// ```
#[builtin(module = "datetime", since = "0.1")]
fn hour(
    /// The time in seconds since 1970.
    a: i64,
) -> Result<i64, Failure> {
    Ok(i64::from(local(a)?.hour()))
}

/// The day of the week of a time in the machine's time zone, in English and lower case.
///
/// ```mcl
/// import "datetime"
///
/// $weekend = datetime.weekday(datetime.now()) in ["saturday", "sunday"]
/// ```
#[builtin(module = "datetime", since = "0.1")]
fn weekday(
    /// The time in seconds since 1970.
    a: i64,
) -> Result<String, Failure> {
    Ok(name(local(a)?.weekday()).to_owned())
}

/// The day of the week now, in English and lower case; it changes at midnight in the machine's time zone.
///
/// ```mcl
/// import "datetime"
///
/// if datetime.weekday_fast() == "friday" {
/// 	print "almost there" {}
/// }
/// ```
#[builtin(module = "datetime", since = "0.1", result = String, read = weekday_of)]
fn weekday_fast() -> Source {
    Source::Midnight
}

fn weekday_of(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let seconds = i64::from_value(&sent)?;
    weekday(seconds).map(Value::str)
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
