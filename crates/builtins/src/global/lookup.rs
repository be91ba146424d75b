//! `list_lookup` and `map_lookup`: an element by its index, an entry by its key.
//!
//! `a[b]`, `list.lookup` and `map.lookup` are the same functions under other names, so they fail with the same texts.

use macros::builtin;
use std::collections::BTreeMap;
use value::{Failure, Value};

/// The element of a list at an index, counted from 0.
///
/// `list[index]` is the same, and easier to read. `<|>` catches an index that is not there.
///
/// ```mcl
/// list_lookup(["a", "b"], 1) # => "b"
/// list_lookup(["a", "b"], 2) <|> "none" # => "none"
/// ```
#[builtin(module = "", since = "0.1", signature = "func(list []?1, index int) ?1")]
fn list_lookup(
    /// The list.
    list: &[Value],
    /// Which element, counted from 0.
    index: i64,
) -> Result<Value, Failure> {
    element(list, index)
}

/// The value of a map's key.
///
/// `map[key]` is the same, and easier to read. `<|>` catches a key that is not there.
///
/// ```mcl
/// map_lookup({"a" => 1}, "a") # => 1
/// map_lookup({"a" => 1}, "b") <|> 0 # => 0
/// ```
#[builtin(module = "", since = "0.1", signature = "func(map map{?1: ?2}, key ?1) ?2")]
fn map_lookup(
    /// The map.
    map: &BTreeMap<Value, Value>,
    /// The key.
    key: &Value,
) -> Result<Value, Failure> {
    entry(map, key)
}

/// The element of a list at an index.
pub(crate) fn element(list: &[Value], index: i64) -> Result<Value, Failure> {
    let Ok(at) = usize::try_from(index) else {
        return Err(Failure::catchable(format!("list index negative, got: {index}")));
    };
    list.get(at).cloned().ok_or_else(|| {
        let shown = Value::list(list.iter().cloned());
        Failure::catchable(format!("list index not present, got: {index}, len is: {}, in: {shown}", list.len()))
    })
}

/// The value of a map's key.
pub(crate) fn entry(map: &BTreeMap<Value, Value>, key: &Value) -> Result<Value, Failure> {
    map.get(key).cloned().ok_or_else(|| {
        let shown = Value::map(map.iter().map(|(key, value)| (key.clone(), value.clone())));
        Failure::catchable(format!("map key not present, want: {key} in {shown}"))
    })
}
