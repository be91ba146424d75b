//! `datetime.print`, `datetime.format`: a time as text.

use super::not_negative;
use crate::golang::layout::format_time;
use macros::builtin;
use value::Failure;

/// A time as text, for people, in the machine's time zone.
///
/// ```mcl
/// import "datetime"
///
/// $started = datetime.print(1443158163) # 2015-09-25 05:16:03 +0000 UTC, where the machine is in that zone
/// ```
#[builtin(module = "datetime", since = "0.1")]
fn print(
    /// The time in seconds since 1970.
    a: i64,
) -> Result<String, Failure> {
    format(a, "2006-01-02 15:04:05 -0700 MST")
}

/// A time as text, as an example says it.
///
/// The layout is how the text would be for Monday, January 2, 2006, 15:04:05, in a zone seven hours behind:
/// `2006-01-02`, `Mon 3:04 PM` and so on. It is written in the machine's time zone.
///
/// ```mcl
/// datetime.format(1443158163, "2006") # => "2015"
/// ```
#[builtin(module = "datetime", since = "0.1")]
fn format(
    /// The time in seconds since 1970.
    a: i64,
    /// The layout.
    b: &str,
) -> Result<String, Failure> {
    format_time(not_negative(a)?, b)
}
