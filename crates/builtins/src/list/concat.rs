//! `list.concat`: lists, one after the other.

use crate::bound;
use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FuncType, Mismatch, Type, Value};

/// The elements of several lists, one list after the other.
///
/// ```mcl
/// list.concat([1, 2], [3], [4, 5]) # => [1, 2, 3, 4, 5]
/// ```
#[builtin(module = "list", since = "0.1", signature = "func(a []?1, b []?1, …) []?1", hook = lists_of_one_type, folds)]
fn concat(
    /// The lists, at least one.
    #[variadic]
    lists: &[Value],
) -> Result<Value, Failure> {
    in_one(lists)
}

/// The elements of lists, one list after the other.
pub(crate) fn in_one(lists: &[Value]) -> Result<Value, Failure> {
    let mut elements = Vec::new();
    for list in lists {
        let list = list.as_list().ok_or_else(|| Mismatch::kind("list", list))?;
        bound::list(elements.len().checked_add(list.len()))?;
        elements.extend(list.iter().cloned());
    }
    Ok(Value::list(elements))
}

fn lists_of_one_type(arguments: &[Argument]) -> Result<FuncType, HookError> {
    if arguments.is_empty() {
        return Err(HookError::new("function must have at least one arg"));
    }
    let list = Type::list(Type::Var(1));
    let params = (0..arguments.len()).map(|at| (at.to_string(), list.clone()));
    Ok(FuncType::new(params, list.clone()))
}
