//! `test.fastcount`, `test.forloop` and others: values that change in known ways.

use macros::builtin;
use schema::Source;
use value::{Failure, Str, Value};

/// The longest text of `one_stream`.
const MAX_COUNT: usize = 1 << 20;

/// 0, 1, 2 and so on, as fast as it goes.
///
/// ```mcl
/// import "test"
///
/// $count = test.fastcount()
/// ```
#[builtin(module = "test", since = "0.1", result = i64)]
fn fastcount() -> Source {
    Source::Count
}

/// `["foo"]` at first, then `["bar"]`.
///
/// ```mcl
/// import "test"
///
/// for $index, $name in test.forloop() {
/// 	print $name {}
/// }
/// ```
#[builtin(module = "test", since = "0.1", result = Vec<String>)]
fn forloop() -> Source {
    let values = ["foo", "bar"].map(|name| Value::list([Value::str(name)]));
    Source::Sequence { every: 0, values: values.to_vec() }
}

/// Always `{"foo": "bar"}`.
///
/// ```mcl
/// import "test"
///
/// forkv $key, $value in test.forkvloop() {
/// 	print "${key} is ${value}" {}
/// }
/// ```
#[builtin(module = "test", since = "0.1", signature = "func() map{str: str}")]
fn forkvloop() -> Source {
    Source::Once(Value::map([(Value::str("foo"), Value::str("bar"))]))
}

/// So many times an `x`.
///
/// ```mcl
/// test.one_stream(3) # => "xxx"
/// ```
#[builtin(module = "test", since = "0.1")]
fn one_stream(
    /// How many.
    count: i64,
) -> Result<Str, Failure> {
    match usize::try_from(count) {
        Ok(count) if count <= MAX_COUNT => Ok(b"x".repeat(count).into()),
        _ => Err(Failure::fatal(format!("invalid count: {count}"))),
    }
}

/// A text that takes five seconds.
///
/// ```mcl
/// import "test"
///
/// print "at last" {
/// 	msg => test.slow_string(),
/// }
/// ```
#[builtin(module = "test", since = "0.1", result = String)]
fn slow_string() -> Source {
    Source::Later { after: 5000, value: Value::str("five seconds has elapsed") }
}
