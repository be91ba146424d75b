//! `map.keys`, `map.values`: the entries of a map as lists, in the order of their keys.

use macros::builtin;
use std::collections::BTreeMap;
use value::Value;

/// The keys of a map, sorted.
///
/// ```mcl
/// map.keys({"b" => 1, "a" => 2}) # => ["a", "b"]
/// ```
#[builtin(module = "map", since = "0.1", signature = "func(x map{?1: ?2}) []?1")]
fn keys(
    /// The map.
    x: &BTreeMap<Value, Value>,
) -> Value {
    Value::list(x.keys().cloned())
}

/// The values of a map, in the order of their keys.
///
/// ```mcl
/// map.values({"b" => 1, "a" => 2}) # => [2, 1]
/// ```
#[builtin(module = "map", since = "0.1", signature = "func(x map{?1: ?2}) []?2")]
fn values(
    /// The map.
    x: &BTreeMap<Value, Value>,
) -> Value {
    Value::list(x.values().cloned())
}
