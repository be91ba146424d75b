//! `example.flipflop`: a bool that changes.

use macros::builtin;
use schema::Source;
use value::Value;

/// True and false in turn, five seconds each.
///
/// ```mcl
/// import "example"
///
/// if example.flipflop() {
/// 	print "now you see me" {}
/// }
/// ```
#[builtin(module = "example", since = "0.1", result = bool)]
fn flipflop() -> Source {
    Source::Cycle { every: 5000, values: vec![Value::Bool(true), Value::Bool(false)] }
}
