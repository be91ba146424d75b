//! `iter.flatten`: a list of lists as one list.

use crate::list::in_one;
use macros::builtin;
use value::{Failure, Value};

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
    in_one(inputs)
}
