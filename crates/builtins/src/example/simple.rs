//! The functions of `example` that only compute.

use crate::golang::literal::parse_int;
use macros::builtin;
use value::{Failure, Str};

/// The answer to everything.
///
/// ```mcl
/// example.answer() # => 42
/// ```
#[builtin(module = "example", since = "0.1")]
fn answer() -> i64 {
    42
}

/// Fails where it is told to.
///
/// ```mcl
/// example.errorbool(false) # => "set input to true to generate an error"
/// example.errorbool(true) # !> we errored on request
/// ```
#[builtin(module = "example", since = "0.1")]
fn errorbool(
    /// Whether to fail.
    a: bool,
) -> Result<String, Failure> {
    if a {
        return Err(Failure::fatal("we errored on request"));
    }
    Ok("set input to true to generate an error".to_owned())
}

/// An int as text, in decimal.
///
/// ```mcl
/// example.int2str(42) # => "42"
/// ```
#[builtin(module = "example", since = "0.1")]
fn int2str(
    /// The int.
    a: i64,
) -> String {
    a.to_string()
}

/// The int that a decimal text stands for; 0 where it stands for none.
///
/// ```mcl
/// example.str2int("42") # => 42
/// example.str2int("many") # => 0
/// ```
#[builtin(module = "example", since = "0.1")]
fn str2int(
    /// The text.
    a: &str,
) -> i64 {
    parse_int(a, 10, 64).unwrap_or(0)
}

/// Joins two strings.
///
/// ```mcl
/// example.plus("hello ", "world") # => "hello world"
/// ```
#[builtin(module = "example", since = "0.1")]
fn plus(
    /// What comes first.
    y: &Str,
    /// What comes after it.
    z: &Str,
) -> Str {
    y.concat(z)
}

/// A greeting, from a module within a module.
///
/// ```mcl
/// import "example/nested"
///
/// nested.hello() # => "Hello!"
/// ```
#[builtin(module = "example/nested", since = "0.1")]
fn hello() -> String {
    "Hello!".to_owned()
}
