//! `golang/math/rand`: random numbers, as Go's package `math/rand`.
//!
//! The agent draws the bits, once per place in the program; what is made of them is a pure function.

use super::panicked;
use macros::builtin;
use schema::{CallSite, Function, Source};
use value::{Failure, Str, Value};

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] =
    &[&EXP_FLOAT_64, &FLOAT_64, &INT, &INT_63, &INT_63_N, &INTN, &NORM_FLOAT_64, &READ];

/// A random number of the exponential distribution with rate 1.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.exp_float_64()
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = f64, read = exponential)]
fn exp_float_64() -> Source {
    Source::RandomBits
}

/// A random number from 0 to 1, without 1.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.float_64()
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = f64, read = |_, _, sent| Ok(Value::Float(fraction(bits(&sent)))))]
fn float_64() -> Source {
    Source::RandomBits
}

/// A random int that is not negative.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.int()
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = i64, read = |_, _, sent| Ok(Value::Int(positive(bits(&sent)))))]
fn int() -> Source {
    Source::RandomBits
}

/// A random int that is not negative.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.int_63()
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = i64, read = |_, _, sent| Ok(Value::Int(positive(bits(&sent)))))]
fn int_63() -> Source {
    Source::RandomBits
}

/// A random int that is not negative and below a limit.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.int_63_n(6)
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = i64, read = below)]
fn int_63_n(
    /// The limit.
    n: i64,
) -> Result<Source, Failure> {
    limited(n, "invalid argument to Int63n")
}

/// A random int that is not negative and below a limit.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.intn(6)
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = i64, read = below)]
fn intn(
    /// The limit.
    n: i64,
) -> Result<Source, Failure> {
    limited(n, "invalid argument to Intn")
}

/// A random number of the normal distribution with mean 0 and deviation 1.
///
/// Drawn once per place in the program.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.norm_float_64()
/// ```
#[builtin(module = "golang/math/rand", since = "0.1", result = f64, read = normal)]
fn norm_float_64() -> Source {
    Source::RandomBits
}

/// The length of a text.
///
/// Go fills bytes with random ones here; the language has none that could be filled.
///
/// ```mcl
/// import "golang/math/rand"
/// rand.read("abc") # => 3
/// ```
#[builtin(module = "golang/math/rand", since = "0.1")]
fn read(
    /// The text.
    p: &Str,
) -> i64 {
    i64::try_from(p.len()).unwrap_or(i64::MAX)
}

fn limited(n: i64, refusal: &str) -> Result<Source, Failure> {
    if n > 0 { Ok(Source::RandomBits) } else { Err(panicked(refusal)) }
}

fn bits(sent: &Value) -> u64 {
    sent.as_int().unwrap_or_default().cast_unsigned()
}

fn positive(bits: u64) -> i64 {
    (bits >> 1).cast_signed()
}

/// From 0 to 1, without 1: as many bits as a float holds.
fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn below(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let limit = arguments.first().and_then(Value::as_int).unwrap_or(1);
    // The high half of the product: as good as even for all limits that matter.
    let number = (u128::from(bits(&sent)) * u128::from(limit.unsigned_abs())) >> 64;
    Ok(Value::Int(i64::try_from(number).unwrap_or_default()))
}

fn exponential(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    Ok(Value::Float(-libm::log1p(-fraction(bits(&sent)))))
}

/// By the method of Box and Muller, from the two halves of the bits.
fn normal(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let bits = bits(&sent);
    let half = |bits: u64| (bits & 0xffff_ffff) as f64 / (1u64 << 32) as f64;
    let radius = (-2.0 * libm::log1p(-half(bits >> 32))).sqrt();
    Ok(Value::Float(radius * libm::cos(std::f64::consts::TAU * half(bits))))
}

#[cfg(test)]
mod tests {
    use super::limited;

    #[test]
    fn a_limit_that_leaves_no_number_is_refused() {
        let refused = limited(0, "invalid argument to Intn").map_err(|failure| failure.message().to_owned());
        assert_eq!(refused, Err("panic in process: invalid argument to Intn".to_owned()));
    }
}
