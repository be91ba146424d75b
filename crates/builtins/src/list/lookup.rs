//! `list.lookup`: an element by its index.

use crate::global::lookup::element;
use macros::builtin;
use value::{Failure, Value};

/// The element of a list at an index, counted from 0.
///
/// `list[index]` is the same, and easier to read. `<|>` catches an index that is not there.
///
/// ```mcl
/// list.lookup(["a", "b"], 1) # => "b"
/// list.lookup(["a", "b"], 2) <|> "none" # => "none"
/// ```
#[builtin(module = "list", since = "0.1", signature = "func(list []?1, index int) ?1")]
fn lookup(
    /// The list.
    list: &[Value],
    /// Which element, counted from 0.
    index: i64,
) -> Result<Value, Failure> {
    element(list, index)
}
