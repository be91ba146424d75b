//! `golang/math`: functions of analysis: powers, logarithms, circles, and what follows from them.

use macros::builtin;
use std::f64::consts::{LOG2_E, LOG10_2};

/// The angle of a cosine, in radians.
///
/// Not a number beyond -1 and 1.
///
/// ```mcl
/// import "golang/math"
/// math.acos(1.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn acos(
    /// The cosine.
    x: f64,
) -> f64 {
    x.acos()
}

/// The inverse of the hyperbolic cosine.
///
/// Not a number below 1.
///
/// ```mcl
/// import "golang/math"
/// math.acosh(1.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn acosh(
    /// The number.
    x: f64,
) -> f64 {
    libm::acosh(x)
}

/// The angle of a sine, in radians.
///
/// Not a number beyond -1 and 1.
///
/// ```mcl
/// import "golang/math"
/// math.asin(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn asin(
    /// The sine.
    x: f64,
) -> f64 {
    x.asin()
}

/// The inverse of the hyperbolic sine.
///
/// ```mcl
/// import "golang/math"
/// math.asinh(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn asinh(
    /// The number.
    x: f64,
) -> f64 {
    libm::asinh(x)
}

/// The angle of a tangent, in radians.
///
/// ```mcl
/// import "golang/math"
/// math.atan(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn atan(
    /// The tangent.
    x: f64,
) -> f64 {
    x.atan()
}

/// The angle of a point, in radians.
///
/// ```mcl
/// import "golang/math"
/// math.atan_2(0.0, 1.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn atan_2(
    /// How far up the point is.
    y: f64,
    /// How far to the right.
    x: f64,
) -> f64 {
    y.atan2(x)
}

/// The inverse of the hyperbolic tangent.
///
/// Not a number beyond -1 and 1.
///
/// ```mcl
/// import "golang/math"
/// math.atanh(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn atanh(
    /// The number.
    x: f64,
) -> f64 {
    libm::atanh(x)
}

/// The cube root.
///
/// ```mcl
/// import "golang/math"
/// math.cbrt(27.0) # => 3
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn cbrt(
    /// The number.
    x: f64,
) -> f64 {
    x.cbrt()
}

/// The cosine of an angle.
///
/// ```mcl
/// import "golang/math"
/// math.cos(0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn cos(
    /// The angle in radians.
    x: f64,
) -> f64 {
    x.cos()
}

/// The hyperbolic cosine.
///
/// ```mcl
/// import "golang/math"
/// math.cosh(0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn cosh(
    /// The number.
    x: f64,
) -> f64 {
    x.cosh()
}

/// The power of e.
///
/// ```mcl
/// import "golang/math"
/// math.exp(0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn exp(
    /// The exponent.
    x: f64,
) -> f64 {
    x.exp()
}

/// The power of 2.
///
/// ```mcl
/// import "golang/math"
/// math.exp_2(10.0) # => 1024
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn exp_2(
    /// The exponent.
    x: f64,
) -> f64 {
    x.exp2()
}

/// The power of e, minus one: exact near zero.
///
/// ```mcl
/// import "golang/math"
/// math.expm_1(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn expm_1(
    /// The exponent.
    x: f64,
) -> f64 {
    x.exp_m1()
}

/// The length of the diagonal of a rectangle.
///
/// ```mcl
/// import "golang/math"
/// math.hypot(3.0, 4.0) # => 5
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn hypot(
    /// One side.
    p: f64,
    /// The other side.
    q: f64,
) -> f64 {
    p.hypot(q)
}

/// The natural logarithm.
///
/// ```mcl
/// import "golang/math"
/// math.log(1.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn log(
    /// The number.
    x: f64,
) -> f64 {
    libm::log(x)
}

/// The logarithm to base 10.
///
/// ```mcl
/// import "golang/math"
/// math.log_10(100.0) # => 2
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn log_10(
    /// The number.
    x: f64,
) -> f64 {
    log_2(x) * LOG10_2
}

/// The natural logarithm of one more: exact near zero.
///
/// ```mcl
/// import "golang/math"
/// math.log_1_p(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn log_1_p(
    /// The number.
    x: f64,
) -> f64 {
    x.ln_1p()
}

/// The logarithm to base 2: exact for powers of 2.
///
/// ```mcl
/// import "golang/math"
/// math.log_2(1024.0) # => 10
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn log_2(
    /// The number.
    x: f64,
) -> f64 {
    let (fraction, exponent) = libm::frexp(x);
    // A power of 2 must not be off by a rounding.
    if fraction == 0.5 { f64::from(exponent - 1) } else { libm::log(fraction) * LOG2_E + f64::from(exponent) }
}

/// A power.
///
/// ```mcl
/// import "golang/math"
/// math.pow(2.0, 10.0) # => 1024
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn pow(
    /// The base.
    x: f64,
    /// The exponent.
    y: f64,
) -> f64 {
    x.powf(y)
}

/// A power of 10.
///
/// ```mcl
/// import "golang/math"
/// math.pow_10(3) # => 1000
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn pow_10(
    /// The exponent.
    n: i64,
) -> f64 {
    match n {
        ..-323 => 0.0,
        309.. => f64::INFINITY,
        // The nearest float, which a multiplication would miss.
        n => format!("1e{n}").parse().unwrap_or(f64::NAN),
    }
}

/// The sine of an angle.
///
/// ```mcl
/// import "golang/math"
/// math.sin(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn sin(
    /// The angle in radians.
    x: f64,
) -> f64 {
    x.sin()
}

/// The hyperbolic sine.
///
/// ```mcl
/// import "golang/math"
/// math.sinh(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn sinh(
    /// The number.
    x: f64,
) -> f64 {
    x.sinh()
}

/// The square root.
///
/// Not a number for a negative one.
///
/// ```mcl
/// import "golang/math"
/// math.sqrt(16.0) # => 4
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn sqrt(
    /// The number.
    x: f64,
) -> f64 {
    x.sqrt()
}

/// The tangent of an angle.
///
/// ```mcl
/// import "golang/math"
/// math.tan(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn tan(
    /// The angle in radians.
    x: f64,
) -> f64 {
    x.tan()
}

/// The hyperbolic tangent.
///
/// ```mcl
/// import "golang/math"
/// math.tanh(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn tanh(
    /// The number.
    x: f64,
) -> f64 {
    x.tanh()
}
