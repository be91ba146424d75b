//! `map.lookup`: the value of a key.

use crate::global::lookup::entry;
use macros::builtin;
use std::collections::BTreeMap;
use value::{Failure, Value};

/// The value of a map's key.
///
/// `map[key]` is the same, and easier to read. `<|>` catches a key that is not there.
///
/// ```mcl
/// map.lookup({"a" => 1}, "a") # => 1
/// map.lookup({"a" => 1}, "b") <|> 0 # => 0
/// ```
#[builtin(module = "map", since = "0.1", signature = "func(map map{?1: ?2}, key ?1) ?2")]
fn lookup(
    /// The map.
    map: &BTreeMap<Value, Value>,
    /// The key.
    key: &Value,
) -> Result<Value, Failure> {
    entry(map, key)
}
