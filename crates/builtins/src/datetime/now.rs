//! `datetime.now`, `datetime.str_now`: the time, every second.

use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, FromValue, Value};

/// What both follow.
const EVERY_SECOND: Source = Source::Clock { every: 1000 };

/// The time now, in seconds since 1970; it changes every second.
///
/// ```mcl
/// import "datetime"
/// import "math"
///
/// $even = math.mod(datetime.now(), 2) == 0
/// ```
#[builtin(module = "datetime", since = "0.1", result = i64)]
fn now() -> Source {
    EVERY_SECOND
}

/// The time now as text, in seconds since 1970; it changes every second.
///
/// ```mcl
/// import "datetime"
///
/// file "/run/now" {
/// 	content => datetime.str_now(),
/// }
/// ```
#[builtin(module = "datetime", since = "0.1", result = String, read = decimal)]
fn str_now() -> Source {
    EVERY_SECOND
}

fn decimal(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let seconds = i64::from_value(&sent)?;
    Ok(Value::str(seconds.to_string()))
}
