//! `golang/math`: floats as such: rounding, signs, exponents, comparison.

use macros::builtin;

/// The number without its sign.
///
/// ```mcl
/// import "golang/math"
/// math.abs(-1.5) # => 1.5
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn abs(
    /// The number.
    x: f64,
) -> f64 {
    x.abs()
}

/// The next whole number upwards.
///
/// ```mcl
/// import "golang/math"
/// math.ceil(1.2) # => 2
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn ceil(
    /// The number.
    x: f64,
) -> f64 {
    x.ceil()
}

/// A number with the sign of another one.
///
/// ```mcl
/// import "golang/math"
/// math.copysign(3.0, -1.0) # => -3
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn copysign(
    /// The number.
    f: f64,
    /// Whose sign to take.
    sign: f64,
) -> f64 {
    f.copysign(sign)
}

/// How much larger a number is than another one, or 0.
///
/// ```mcl
/// import "golang/math"
/// math.dim(4.0, 2.5) # => 1.5
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn dim(
    /// The number.
    x: f64,
    /// The other one.
    y: f64,
) -> f64 {
    let difference = x - y;
    if difference <= 0.0 { 0.0 } else { difference }
}

/// The next whole number downwards.
///
/// ```mcl
/// import "golang/math"
/// math.floor(-1.2) # => -2
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn floor(
    /// The number.
    x: f64,
) -> f64 {
    x.floor()
}

/// `x * y + z`, rounded once.
///
/// ```mcl
/// import "golang/math"
/// math.fma(2.0, 3.0, 4.0) # => 10
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn fma(
    /// A factor.
    x: f64,
    /// The other factor.
    y: f64,
    /// What is added.
    z: f64,
) -> f64 {
    x.mul_add(y, z)
}

/// The exponent of a number to base 2.
///
/// ```mcl
/// import "golang/math"
/// math.ilogb(8.0) # => 3
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn ilogb(
    /// The number.
    x: f64,
) -> i64 {
    match x {
        0.0 => i64::from(i32::MIN),
        x if !x.is_finite() => i64::from(i32::MAX),
        x => i64::from(libm::ilogb(x)),
    }
}

/// An infinity.
///
/// ```mcl
/// import "golang/math"
/// math.inf(-1) # => -Inf
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn inf(
    /// Negative for the negative one.
    sign: i64,
) -> f64 {
    if sign >= 0 { f64::INFINITY } else { f64::NEG_INFINITY }
}

/// Whether a number is an infinity.
///
/// ```mcl
/// import "golang/math"
/// math.is_inf(1.0, 0) # => false
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn is_inf(
    /// The number.
    f: f64,
    /// Positive or negative for that one only, 0 for either.
    sign: i64,
) -> bool {
    sign >= 0 && f == f64::INFINITY || sign <= 0 && f == f64::NEG_INFINITY
}

/// Whether a float is not a number.
///
/// ```mcl
/// import "golang/math"
/// math.is_na_n(1.0) # => false
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn is_na_n(
    /// The float.
    f: f64,
) -> bool {
    f.is_nan()
}

/// A number times a power of 2.
///
/// ```mcl
/// import "golang/math"
/// math.ldexp(0.5, 3) # => 4
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn ldexp(
    /// The number.
    frac: f64,
    /// The exponent.
    exp: i64,
) -> f64 {
    libm::ldexp(frac, narrow(exp))
}

/// The exponent of a number to base 2, as a float.
///
/// ```mcl
/// import "golang/math"
/// math.logb(8.0) # => 3
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn logb(
    /// The number.
    x: f64,
) -> f64 {
    match x {
        0.0 => f64::NEG_INFINITY,
        x if x.is_infinite() => f64::INFINITY,
        x if x.is_nan() => x,
        x => f64::from(libm::ilogb(x)),
    }
}

/// The larger of two numbers.
///
/// ```mcl
/// import "golang/math"
/// math.max(1.0, 2.0) # => 2
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn max(
    /// One number.
    x: f64,
    /// The other one.
    y: f64,
) -> f64 {
    if x == f64::INFINITY || y == f64::INFINITY {
        f64::INFINITY
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == 0.0 && y == 0.0 {
        if x.is_sign_negative() { y } else { x }
    } else if x > y {
        x
    } else {
        y
    }
}

/// The smaller of two numbers.
///
/// ```mcl
/// import "golang/math"
/// math.min(1.0, 2.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn min(
    /// One number.
    x: f64,
    /// The other one.
    y: f64,
) -> f64 {
    if x == f64::NEG_INFINITY || y == f64::NEG_INFINITY {
        f64::NEG_INFINITY
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == 0.0 && y == 0.0 {
        if x.is_sign_negative() { x } else { y }
    } else if x < y {
        x
    } else {
        y
    }
}

/// What a division leaves; it has the sign of the number.
///
/// Not a number where `y` is 0.
///
/// ```mcl
/// import "golang/math"
/// math.mod(7.5, 2.0) # => 1.5
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn r#mod(
    /// The number.
    x: f64,
    /// What to divide by.
    y: f64,
) -> f64 {
    x % y
}

/// What is not a number.
///
/// ```mcl
/// import "golang/math"
/// math.na_n() # => NaN
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn na_n() -> f64 {
    f64::NAN
}

/// The next float towards another one.
///
/// ```mcl
/// import "golang/math"
/// math.nextafter(1.0, 1.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn nextafter(
    /// The number.
    x: f64,
    /// Where to go.
    y: f64,
) -> f64 {
    // Of two zeros, the first one.
    if x == y { x } else { libm::nextafter(x, y) }
}

/// What is left of the nearest multiple of a number.
///
/// ```mcl
/// import "golang/math"
/// math.remainder(5.0, 3.0) # => -1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn remainder(
    /// The number.
    x: f64,
    /// The other number.
    y: f64,
) -> f64 {
    libm::remainder(x, y)
}

/// The nearest whole number; of two, that away from zero.
///
/// ```mcl
/// import "golang/math"
/// math.round(2.5) # => 3
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn round(
    /// The number.
    x: f64,
) -> f64 {
    x.round()
}

/// The nearest whole number; of two, the even one.
///
/// ```mcl
/// import "golang/math"
/// math.round_to_even(2.5) # => 2
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn round_to_even(
    /// The number.
    x: f64,
) -> f64 {
    x.round_ties_even()
}

/// Whether a number is negative; minus zero is.
///
/// ```mcl
/// import "golang/math"
/// math.signbit(-1.0) # => true
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn signbit(
    /// The number.
    x: f64,
) -> bool {
    x.is_sign_negative()
}

/// The whole part of a number.
///
/// ```mcl
/// import "golang/math"
/// math.trunc(-1.7) # => -1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn trunc(
    /// The number.
    x: f64,
) -> f64 {
    x.trunc()
}

/// An exponent as the library wants it; beyond, the result is 0 or infinite anyway.
fn narrow(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX })
}
