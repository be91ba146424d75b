//! `math`: computing with numbers, where a result that is no finite number is a failure that `<|>` catches.

mod fortytwo;
mod minus;
mod modulo;
mod power;

use schema::Function;
use value::Failure;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] =
    &[&fortytwo::FORTYTWO, &minus::MINUS1, &modulo::MOD, &power::POW, &power::SQRT];

fn finite(result: f64) -> Result<f64, Failure> {
    if result.is_nan() {
        Err(Failure::catchable("result is not a number"))
    } else if result == f64::INFINITY {
        Err(Failure::catchable("result is positive infinity"))
    } else if result == f64::NEG_INFINITY {
        Err(Failure::catchable("result is negative infinity"))
    } else {
        Ok(result)
    }
}
