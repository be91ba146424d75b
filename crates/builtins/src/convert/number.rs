//! Numbers from texts, by the rules of Go's `strconv`: which texts are numbers, and which error comes first.

use value::{Failure, quote};

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It does not read as one.
    Syntax,
    /// It is too large.
    Range,
}

impl NumberError {
    /// The failure of `function` for a text, which `<|>` catches.
    pub(crate) fn failure(self, function: &str, text: &[u8]) -> Failure {
        let why = match self {
            NumberError::Syntax => "invalid syntax",
            NumberError::Range => "value out of range",
        };
        Failure::catchable(format!("strconv.{function}: parsing {}: {why}", quote(text)))
    }
}

/// A decimal int of 64 bits: digits, perhaps after a sign.
pub(crate) fn parse_int(text: &[u8]) -> Result<i64, NumberError> {
    let (negative, digits) = sign(text);
    if digits.is_empty() {
        return Err(NumberError::Syntax);
    }
    // A wrong character after too many digits is not looked at: the number is out of range before.
    let mut magnitude: u64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(NumberError::Syntax);
        }
        magnitude = magnitude
            .checked_mul(10)
            .and_then(|it| it.checked_add(u64::from(digit - b'0')))
            .ok_or(NumberError::Range)?;
    }
    if negative {
        0_i64.checked_sub_unsigned(magnitude).ok_or(NumberError::Range)
    } else {
        i64::try_from(magnitude).map_err(|_| NumberError::Range)
    }
}

/// A float of 64 bits: decimal, hexadecimal, infinite or not a number.
pub(crate) fn parse_float(text: &[u8]) -> Result<f64, NumberError> {
    let (negative, rest) = sign(text);
    let signed = |value: f64| if negative { -value } else { value };
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN);
    }
    if text.contains(&b'_') && !underscores_separate_digits(text) {
        return Err(NumberError::Syntax);
    }
    let plain: Vec<u8> = rest.iter().copied().filter(|&it| it != b'_').map(|it| it.to_ascii_lowercase()).collect();
    let value = match plain.strip_prefix(b"0x") {
        Some(digits) => hexadecimal(digits)?,
        None => decimal(&plain)?,
    };
    if value.is_infinite() { Err(NumberError::Range) } else { Ok(signed(value)) }
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// Whether each underscore stands between two digits, or between the prefix of a base and a digit.
fn underscores_separate_digits(text: &[u8]) -> bool {
    let (_, rest) = sign(text);
    let prefix = matches!(rest, [b'0', b'x' | b'X' | b'b' | b'B' | b'o' | b'O', ..]);
    let hex = matches!(rest, [b'0', b'x' | b'X', ..]);
    let digits = if prefix { &rest[2..] } else { rest };
    let is_digit = |it: u8| it.is_ascii_digit() || hex && it.is_ascii_hexdigit();
    let mut after_digit = prefix;
    let mut after_underscore = false;
    for &byte in digits {
        match byte {
            b'_' if !after_digit => return false,
            b'_' => (after_digit, after_underscore) = (false, true),
            other if is_digit(other) => (after_digit, after_underscore) = (true, false),
            _ if after_underscore => return false,
            _ => after_digit = false,
        }
    }
    !after_underscore
}

/// Rust reads decimals with correct rounding, but also words, which are dealt with before.
fn decimal(digits: &[u8]) -> Result<f64, NumberError> {
    let starts_like_a_number = digits.first().is_some_and(|it| it.is_ascii_digit() || *it == b'.');
    if !starts_like_a_number {
        return Err(NumberError::Syntax);
    }
    let text = std::str::from_utf8(digits).map_err(|_| NumberError::Syntax)?;
    text.parse().map_err(|_| NumberError::Syntax)
}

/// `1.8p-2` after the `0x`: the exponent is one of two, and required.
fn hexadecimal(text: &[u8]) -> Result<f64, NumberError> {
    let at = text.iter().position(|&it| it == b'p').ok_or(NumberError::Syntax)?;
    let (mantissa_digits, exponent_digits) = (&text[..at], &text[at + 1..]);
    // An exponent that does not fit is far beyond what a float can hold, in its direction.
    let stated = match parse_int(exponent_digits) {
        Ok(exponent) => exponent.clamp(-1_000_000, 1_000_000),
        Err(NumberError::Range) if exponent_digits.first() == Some(&b'-') => -1_000_000,
        Err(NumberError::Range) => 1_000_000,
        Err(NumberError::Syntax) => return Err(NumberError::Syntax),
    };
    let (mut mantissa, mut exponent, mut point, mut any) = (0_u64, 0_i64, false, false);
    for &byte in mantissa_digits {
        if byte == b'.' && !point {
            point = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16).ok_or(NumberError::Syntax)?;
        any = true;
        if mantissa >> 58 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exponent -= if point { 4 } else { 0 };
        } else {
            // No room for more digits: only whether one of them is not zero matters for rounding.
            mantissa |= u64::from(digit != 0);
            exponent += if point { 0 } else { 4 };
        }
    }
    if any { Ok(scale(mantissa, exponent.saturating_add(stated))) } else { Err(NumberError::Syntax) }
}

/// `mantissa · 2^exponent`, rounded to the nearest float, to the even one of two.
#[expect(clippy::cast_precision_loss, reason = "the mantissa was rounded to the precision of a float")]
fn scale(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let top = i64::from(63 - mantissa.leading_zeros()) + exponent;
    if top > 1023 {
        return f64::INFINITY;
    }
    let last = (top - 52).max(-1074);
    let rounded = match u32::try_from(last - exponent) {
        Ok(0) => u128::from(mantissa),
        Ok(shift) if shift <= 64 => {
            let wide = u128::from(mantissa);
            let (quotient, rest, half) = (wide >> shift, wide & ((1 << shift) - 1), 1_u128 << (shift - 1));
            quotient + u128::from(rest > half || rest == half && quotient & 1 == 1)
        }
        Ok(_) => 0,
        Err(_) => return mantissa as f64 * power_of_two(exponent),
    };
    rounded as f64 * power_of_two(last)
}

/// `2^exponent` for an exponent from -1074 to 1023.
fn power_of_two(exponent: i64) -> f64 {
    let bits = if exponent >= -1022 { (exponent + 1023) << 52 } else { 1 << (exponent + 1074) };
    f64::from_bits(bits.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_floats_are_rounded_to_the_nearest_even() {
        assert_eq!(parse_float(b"0x1p-2"), Ok(0.25));
        assert_eq!(parse_float(b"-0X1.8P1"), Ok(-3.0));
        assert_eq!(parse_float(b"0x1p-1074"), Ok(f64::from_bits(1)));
        assert_eq!(parse_float(b"0x1p-1075"), Ok(0.0));
        assert_eq!(parse_float(b"0x1.8p-1075"), Ok(f64::from_bits(1)));
        assert_eq!(parse_float(b"0x1.fffffffffffff8p0"), Ok(2.0));
        assert_eq!(parse_float(b"0x1.00000000000008p0"), Ok(1.0));
        assert_eq!(parse_float(b"0x1.000000000000080000000000000001p0"), Ok(1.0 + f64::EPSILON));
        assert_eq!(parse_float(b"0x1p1023"), Ok(2.0_f64.powi(1023)));
        assert_eq!(parse_float(b"0x1p1024"), Err(NumberError::Range));
        assert_eq!(parse_float(b"0x1.fffffffffffff8p1023"), Err(NumberError::Range));
        assert_eq!(parse_float(b"0x1p99999999999999999999"), Err(NumberError::Range));
        assert_eq!(parse_float(b"0x1"), Err(NumberError::Syntax));
        assert_eq!(parse_float(b"0x.p1"), Err(NumberError::Syntax));
    }

    #[test]
    fn underscores_stand_between_digits_only() {
        assert_eq!(parse_float(b"1_0.5"), Ok(10.5));
        assert_eq!(parse_float(b"0x_1p0"), Ok(1.0));
        for wrong in [&b"_1"[..], b"1__0", b"1_.5", b"1_", b"1_e3", b"1e_3"] {
            assert_eq!(parse_float(wrong), Err(NumberError::Syntax), "{}", wrong.escape_ascii());
        }
    }

    #[test]
    fn a_number_is_out_of_range_before_its_last_character_is_wrong() {
        assert_eq!(parse_int(b"99999999999999999999x"), Err(NumberError::Range));
        assert_eq!(parse_int(b"9x9999999999999999999"), Err(NumberError::Syntax));
        assert_eq!(parse_int(b"-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(parse_int(b"9223372036854775808"), Err(NumberError::Range));
    }
}
