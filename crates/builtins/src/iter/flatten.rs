//! `iter.flatten`: a list of lists as one list.

use macros::builtin;
use value::{Failure, Mismatch, Value};

/// The elements of all lists in a list, in their order.
///
/// Only one level: lists within those lists stay.
///
/// ```mcl
/// iter.flatten([[1, 2], [], [3]]) # => [1, 2, 3]
/// ```
#[builtin(module = "iter", since = "0.1", signature = "func(inputs [][]?1) []?1", folds)]
fn flatten(
    /// The list of lists.
    inputs: &[Value],
) -> Result<Value, Failure> {
    let mut elements = Vec::new();
    for input in inputs {
        let list = input.as_list().ok_or_else(|| Mismatch::kind("list", input))?;
        elements.extend(list.iter().cloned());
    }
    Ok(Value::list(elements))
}
