//! `iter.range`: ints in a row.

use crate::bound;
use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FromValue, FuncType, Type, Value};

/// The ints from a start up to, but without, a stop.
///
/// The start is 0 unless given, the step is 1 unless given. A negative step counts down.
///
/// ```mcl
/// iter.range(3) # => [0, 1, 2]
/// iter.range(2, 5) # => [2, 3, 4]
/// iter.range(10, 0, -4) # => [10, 6, 2]
/// ```
#[builtin(
    module = "iter",
    since = "0.1",
    signature = "func([start int,] stop int[, step int]) []int",
    hook = up_to_three_ints,
    folds
)]
fn range(
    /// The stop; or start and stop; or start, stop and step.
    #[variadic]
    bounds: &[Value],
) -> Result<Value, Failure> {
    let bounds: Result<Vec<i64>, _> = bounds.iter().map(i64::from_value).collect();
    let (start, stop, step) = match *bounds? {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => return Err(Failure::fatal(WRONG_COUNT)),
    };
    if step == 0 {
        return Err(Failure::fatal("step value cannot be 0"));
    }
    // Wide, so that nothing overflows near the largest int.
    let (distance, stride) = (i128::from(stop) - i128::from(start), i128::from(step));
    let length = if distance.signum() == stride.signum() { (distance.abs() - 1) / stride.abs() + 1 } else { 0 };
    bound::list(usize::try_from(length).ok())?;
    let ints = (0..length).map(|at| i64::try_from(i128::from(start) + at * stride));
    let ints: Result<Vec<i64>, _> = ints.collect();
    let ints = ints.expect("all ints of a range lie between its start and its stop");
    Ok(Value::list(ints.into_iter().map(Value::Int)))
}

const WRONG_COUNT: &str = "function must have between 1 and 3 args";

fn up_to_three_ints(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let names: &[&str] = match arguments.len() {
        1 => &["stop"],
        2 => &["start", "stop"],
        3 => &["start", "stop", "step"],
        _ => return Err(HookError::new(WRONG_COUNT)),
    };
    Ok(FuncType::new(names.iter().map(|&name| (name, Type::Int)), Type::list(Type::Int)))
}
