//! Writes floats as Go's `strconv.FormatFloat` does.

/// What Rust is asked for at most: it can write 65,535 decimals and no more, and after the 1,074 that the smallest float has
/// there are only zeros.
const MAX_DECIMALS: usize = 1100;

/// A float in one of Go's formats: `e`, `E`, `f`, `g`, `G`, `x`, `X` or `b`. Without a precision, as many digits as it takes to read the
/// same float back.
pub(crate) fn format_float(value: f64, format: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let text = match format.to_ascii_lowercase() {
        'e' => exponential(value, precision),
        'f' => match precision {
            Some(precision) => {
                let (decimals, zeros) = decimals(precision);
                format!("{value:.decimals$}{zeros}")
            }
            None => format!("{value}"),
        },
        'x' => hexadecimal(value, precision),
        'b' => {
            let (negative, mantissa, exponent) = parts(value);
            format!("{}{mantissa}p{exponent:+}", if negative { "-" } else { "" })
        }
        _ => general(value, precision),
    };
    if format.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// How many decimals to ask for, and the zeros that come after those.
fn decimals(precision: usize) -> (usize, String) {
    let decimals = precision.min(MAX_DECIMALS);
    (decimals, "0".repeat(precision - decimals))
}

/// How many bits of a float stand behind the binary point.
const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;

/// Sign, whole mantissa, and the exponent of its last bit.
fn parts(value: f64) -> (bool, u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let exponent = i32::try_from(bits >> FRACTION_BITS & 0x7ff).unwrap_or_default();
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << FRACTION_BITS };
    (value.is_sign_negative(), mantissa, exponent.max(1) - 1075)
}

/// `0x1.8p+01`: one digit before the point, a binary exponent.
fn hexadecimal(value: f64, precision: Option<usize>) -> String {
    let (negative, mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros() - (63 - FRACTION_BITS);
        mantissa <<= shift;
        exponent += 52 - i32::try_from(shift).unwrap_or_default();
    }
    let kept = precision.and_then(|it| u32::try_from(it).ok()).unwrap_or(u32::MAX);
    if kept < FRACTION_BITS / 4 {
        let dropped = FRACTION_BITS - 4 * kept;
        let (half, rest) = (1u64 << (dropped - 1), mantissa & ((1 << dropped) - 1));
        mantissa >>= dropped;
        mantissa += u64::from(rest > half || rest == half && mantissa & 1 == 1);
        mantissa <<= dropped;
        if mantissa >> FRACTION_BITS > 1 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let digits = format!("{:013x}", mantissa & ((1 << FRACTION_BITS) - 1));
    let fraction = match precision {
        Some(precision) if precision <= digits.len() => digits[..precision].to_owned(),
        Some(precision) => format!("{digits}{}", "0".repeat(precision - digits.len())),
        None => digits.trim_end_matches('0').to_owned(),
    };
    let (sign, point) = (if negative { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}0x{}{point}{fraction}p{exponent_sign}{:02}", mantissa >> FRACTION_BITS, exponent.unsigned_abs())
}

/// `1.5e+06`: Go's exponents have a sign and two digits.
fn exponential(value: f64, precision: Option<usize>) -> String {
    let (text, zeros) = match precision {
        Some(precision) => {
            let (decimals, zeros) = decimals(precision);
            (format!("{value:.decimals$e}"), zeros)
        }
        None => (format!("{value:e}"), String::new()),
    };
    let (mantissa, exponent) = text.split_once('e').expect("Rust writes an exponent where `e` asks for it");
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}{zeros}e{sign}{digits:0>2}")
}

/// The shorter of both, decided by the exponent, without zeros at the end.
fn general(value: f64, precision: Option<usize>) -> String {
    let precision = precision.map(|it| it.max(1));
    let text = exponential(value, precision.map(|it| it - 1));
    let (mantissa, exponent) = text.split_once('e').expect("the exponent was just written");
    let exponent: i32 = exponent.parse().expect("an exponent is a small number with a sign");
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let limit = match precision {
        None => 6,
        // An integer that has been written whole needs no exponent.
        Some(precision) if precision > digits && i32::try_from(digits).is_ok_and(|it| it > exponent) => digits,
        Some(precision) => precision,
    };
    if exponent < -4 || i32::try_from(limit).is_ok_and(|limit| exponent >= limit) {
        let (sign, exponent) = if exponent < 0 { ('-', -exponent) } else { ('+', exponent) };
        return format!("{mantissa}e{sign}{exponent:02}");
    }
    if precision.is_none() {
        return format!("{value}");
    }
    let decimals = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - exponent;
    format!("{value:.*}", usize::try_from(decimals).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_general_format_changes_to_exponents_as_go_does() {
        for (value, expected) in [
            (3.25, "3.25"),
            (42.0, "42"),
            (123_456.7, "123456.7"),
            (1e6, "1e+06"),
            (1_234_567.8, "1.2345678e+06"),
            (0.000_012_34, "1.234e-05"),
            (0.0001, "0.0001"),
            (-0.0, "-0"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(format_float(value, 'g', None), expected);
        }
    }

    #[test]
    fn a_precision_counts_digits_or_decimals() {
        for (value, format, precision, expected) in [
            (1234.5678, 'g', 3, "1.23e+03"),
            (1234.5678, 'g', 6, "1234.57"),
            (100_000.0, 'g', 6, "100000"),
            (1_000_000.0, 'g', 6, "1e+06"),
            (0.5, 'g', 6, "0.5"),
            (1.0, 'f', 2, "1.00"),
            (2.5, 'f', 0, "2"),
            (1234.5678, 'e', 2, "1.23e+03"),
            (0.0, 'e', 2, "0.00e+00"),
            (1234.5678, 'E', 2, "1.23E+03"),
        ] {
            assert_eq!(format_float(value, format, Some(precision)), expected);
        }
    }
}
