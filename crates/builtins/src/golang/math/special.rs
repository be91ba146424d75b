//! `golang/math`: special functions: errors, gamma, Bessel.

use macros::builtin;
use std::f64::consts::LN_2;
use value::Failure;

/// The error function.
///
/// ```mcl
/// import "golang/math"
/// math.erf(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn erf(
    /// The number.
    x: f64,
) -> f64 {
    libm::erf(x)
}

/// One minus the error function.
///
/// ```mcl
/// import "golang/math"
/// math.erfc(0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn erfc(
    /// The number.
    x: f64,
) -> f64 {
    libm::erfc(x)
}

/// The inverse of `erfc`.
///
/// Not a number beyond 0 and 2.
///
/// ```mcl
/// import "golang/math"
/// math.erfcinv(1.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn erfcinv(
    /// The number.
    x: f64,
) -> f64 {
    inverse_erf(1.0 - x)
}

/// The inverse of the error function.
///
/// Not a number beyond -1 and 1.
///
/// ```mcl
/// import "golang/math"
/// math.erfinv(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn erfinv(
    /// The number.
    x: f64,
) -> f64 {
    inverse_erf(x)
}

/// The gamma function: `gamma(n + 1)` is the factorial of n.
///
/// ```mcl
/// import "golang/math"
/// math.gamma(5.0) # => 24
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn gamma(
    /// The number.
    x: f64,
) -> f64 {
    libm::tgamma(x)
}

/// The Bessel function of the first kind of order 0.
///
/// ```mcl
/// import "golang/math"
/// math.j_0(0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn j_0(
    /// The number.
    x: f64,
) -> f64 {
    libm::j0(x)
}

/// The Bessel function of the first kind of order 1.
///
/// ```mcl
/// import "golang/math"
/// math.j_1(0.0) # => 0
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn j_1(
    /// The number.
    x: f64,
) -> f64 {
    // Go has no negative zero here.
    if x == 0.0 { 0.0 } else { libm::j1(x) }
}

/// The Bessel function of the first kind of any order.
///
/// ```mcl
/// import "golang/math"
/// math.jn(0, 0.0) # => 1
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn jn(
    /// The order.
    n: i64,
    /// The number.
    x: f64,
) -> Result<f64, Failure> {
    let order = order(n, x)?;
    // Go has no negative zero here.
    Ok(if order != 0 && (x == 0.0 || x.is_infinite()) { 0.0 } else { libm::jn(order, x) })
}

/// The Bessel function of the second kind of order 0.
///
/// ```mcl
/// import "golang/math"
/// math.y_0(0.0) # => -Inf
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn y_0(
    /// The number.
    x: f64,
) -> f64 {
    libm::y0(x)
}

/// The Bessel function of the second kind of order 1.
///
/// ```mcl
/// import "golang/math"
/// math.y_1(0.0) # => -Inf
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn y_1(
    /// The number.
    x: f64,
) -> f64 {
    libm::y1(x)
}

/// The Bessel function of the second kind of any order.
///
/// ```mcl
/// import "golang/math"
/// math.yn(0, 0.0) # => -Inf
/// ```
#[builtin(module = "golang/math", since = "0.1")]
fn yn(
    /// The order.
    n: i64,
    /// The number.
    x: f64,
) -> Result<f64, Failure> {
    Ok(libm::yn(order(n, x)?, x))
}

/// The inverse of the error function, by Wichura's algorithm AS 241: three quotients of polynomials.
fn inverse_erf(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 1.0 {
        return f64::NAN;
    }
    if x.abs() == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    let magnitude = x.abs();
    let value = if magnitude <= 0.85 {
        let r = 0.180_625 - 0.25 * magnitude * magnitude;
        magnitude * polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r)
    } else {
        let r = (LN_2 - libm::log(1.0 - magnitude)).sqrt();
        let (quotient, r) = if r <= 5.0 { (&MIDDLE, r - 1.6) } else { (&TAIL, r - 5.0) };
        polynomial(&quotient.0, r) / polynomial(&quotient.1, r)
    };
    value.copysign(x)
}

/// A polynomial by its coefficients, that of the highest power first.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Numerator and denominator.
type Quotient = ([f64; 8], [f64; 8]);

#[expect(clippy::excessive_precision, reason = "the digits are those of the publication")]
const CENTRE: Quotient = (
    [
        8.870_940_696_254_651_422_02e2,
        1.181_949_334_706_229_440_427_8e4,
        2.378_204_138_211_438_573_125_2e4,
        1.623_586_251_516_757_538_425_2e4,
        4.854_886_889_384_388_679_464_8e3,
        6.970_626_653_438_959_823_846_5e2,
        4.707_268_811_238_397_801_228_5e1,
        1.197_532_311_567_091_256_457_8,
    ],
    [
        5.226_495_278_852_854_561_0e3,
        2.872_908_573_572_194_267_4e4,
        3.930_789_580_009_271_061_0e4,
        2.121_379_430_158_659_586_7e4,
        5.394_196_021_424_751_107_7e3,
        6.871_870_074_920_579_083_0e2,
        4.231_333_070_160_091_125_2e1,
        1.0,
    ],
);

#[expect(clippy::excessive_precision, reason = "the digits are those of the publication")]
const MIDDLE: Quotient = (
    [
        7.745_450_142_783_414_076_40e-4,
        2.272_384_498_926_918_458_33e-2,
        2.417_807_251_774_506_117_70e-1,
        1.270_458_252_452_368_382_58,
        3.647_848_324_763_204_605_04,
        5.769_497_221_460_691_405_50,
        4.630_337_846_156_545_295_90,
        1.423_437_110_749_683_577_34,
    ],
    [
        1.485_985_001_984_035_590_549_787_6e-9,
        7.744_145_906_515_770_916_557_721_8e-4,
        2.149_416_038_425_287_767_709_729_7e-2,
        2.094_506_521_051_274_912_828_844_2e-1,
        9.754_783_200_178_742_718_689_483_7e-1,
        2.370_766_162_602_453_236_597_122_5,
        2.903_651_444_541_994_617_313_329_5,
        std::f64::consts::SQRT_2,
    ],
);

#[expect(clippy::excessive_precision, reason = "the digits are those of the publication")]
const TAIL: Quotient = (
    [
        2.010_334_399_292_288_132_65e-7,
        2.711_555_568_743_487_578_15e-5,
        1.242_660_947_388_078_438_60e-3,
        2.653_218_952_657_612_309_30e-2,
        2.965_605_718_285_048_912_30e-1,
        1.784_826_539_917_291_335_80,
        5.463_784_911_164_114_369_90,
        6.657_904_643_501_103_777_20,
    ],
    [
        2.891_024_605_872_965_461_538_222e-15,
        2.010_321_207_683_943_062_279_931e-7,
        2.611_088_405_080_593_625_138_020e-5,
        1.112_800_997_078_859_844_711_555e-3,
        2.103_693_768_272_068_968_719_679e-2,
        1.936_480_946_950_659_106_176_712e-1,
        8.482_908_416_595_164_588_112_026e-1,
        std::f64::consts::SQRT_2,
    ],
);

/// The largest order that is computed: the library takes a step for each, and a program must not wait for it.
const LARGEST_ORDER: i32 = 10_000_000;

/// An order as the library wants it. Beyond the largest the functions are constant for all that floats can tell, but for the
/// sign of odd ones, unless the number is about as large.
fn order(n: i64, x: f64) -> Result<i32, Failure> {
    match i32::try_from(n) {
        Ok(order) if order.abs() <= LARGEST_ORDER => Ok(order),
        _ if x.is_finite() && x.abs() > 0.9 * f64::from(LARGEST_ORDER) => {
            Err(Failure::fatal(format!("an order of {n} takes too long to compute for {x}")))
        }
        _ => {
            let order = LARGEST_ORDER - i32::from(n % 2 != 0);
            Ok(if n < 0 { -order } else { order })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inverse_erf;

    #[test]
    fn the_inverse_of_the_error_function_inverts_it() {
        for at in -999..1000 {
            let x = f64::from(at) / 1000.0;
            assert!((libm::erf(inverse_erf(x)) - x).abs() < 1e-15, "{x}");
        }
        for x in [1.0 - 1e-12, 1e-300 - 1.0] {
            assert!((libm::erf(inverse_erf(x)) - x).abs() < 1e-15, "{x}");
        }
        assert!(inverse_erf(1.5).is_nan());
        assert_eq!(inverse_erf(-1.0), f64::NEG_INFINITY);
    }
}
