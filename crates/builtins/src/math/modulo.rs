//! `math.mod`: what remains of a division.

use super::finite;
use macros::builtin;
use schema::Argument;
use value::{Failure, FuncType, Type, Value};

/// What remains when a number is divided by another.
///
/// The result has the sign of the dividend. `<|>` catches a division by zero.
///
/// ```mcl
/// math.mod(7, 3) # => 1
/// math.mod(-7, 3) # => -1
/// math.mod(7.5, 2.0) # => 1.5
/// math.mod(7, 0) <|> 0 # => 0
/// ```
#[builtin(
    module = "math",
    since = "0.1",
    signature = "func(dividend ?1, divisor ?1) ?1",
    refuse = only_numbers
)]
fn r#mod(
    /// An int or a float: what is divided.
    dividend: &Value,
    /// A number of the same type: what it is divided by.
    divisor: &Value,
) -> Result<Value, Failure> {
    match (dividend, divisor) {
        (Value::Int(_), Value::Int(0)) => Err(Failure::catchable("result is not a number")),
        // Wrapping, because the smallest int divided by -1 has no quotient that fits; nothing remains.
        (Value::Int(dividend), Value::Int(divisor)) => Ok(Value::Int(dividend.wrapping_rem(*divisor))),
        (Value::Float(dividend), Value::Float(divisor)) => finite(dividend % divisor).map(Value::Float),
        (other, _) => Err(Failure::fatal(format!("unsupported kind: {}", other.kind()))),
    }
}

fn only_numbers(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.first().map(|param| &param.ty) {
        Some(Type::Int | Type::Float | Type::Error) | None => Ok(()),
        Some(other) => Err(format!("`math.mod` takes ints or floats, not `{other}`")),
    }
}
