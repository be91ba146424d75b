//! `datetime`: the time now, and times as text, in the time zone of the machine.

mod format;
mod now;
mod weekday;

use jiff::{Timestamp, Zoned, tz::TimeZone};
use schema::Function;
use value::Failure;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &format::FORMAT,
    &now::NOW,
    &format::PRINT,
    &now::STR_NOW,
    &weekday::HOUR,
    &weekday::WEEKDAY,
    &weekday::WEEKDAY_FAST,
];

/// A time in seconds since 1970 as a local one.
fn local(seconds: i64) -> Result<Zoned, Failure> {
    let time =
        Timestamp::from_second(not_negative(seconds)?).map_err(|_| Failure::fatal("time is after the year 9999"))?;
    Ok(time.to_zoned(TimeZone::system()))
}

/// A time in seconds since 1970; there is none before.
fn not_negative(seconds: i64) -> Result<i64, Failure> {
    if seconds < 0 { Err(Failure::fatal(format!("epoch delta must be positive, got: {seconds}"))) } else { Ok(seconds) }
}
