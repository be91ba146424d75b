//! Reads numbers and quoted strings as Go's `strconv` does.

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It does not look like one.
    Syntax,
    /// It is too large for the type.
    Range,
    /// There is no such base.
    Base(i64),
    /// There is no type of so many bits.
    BitSize(i64),
}

impl NumberError {
    /// As Go words it for one of its functions, such as `ParseInt`.
    pub(crate) fn text(self, function: &str, parsed: &[u8]) -> String {
        let problem = match self {
            NumberError::Syntax => "invalid syntax".to_owned(),
            NumberError::Range => "value out of range".to_owned(),
            NumberError::Base(base) => format!("invalid base {base}"),
            NumberError::BitSize(bits) => format!("invalid bit size {bits}"),
        };
        format!("strconv.{function}: parsing {}: {problem}", value::quote(parsed))
    }
}

/// Reads an int of a base from 2 to 36, or as a Go literal where the base is 0. It must fit into so many bits; 0 means 64.
pub(crate) fn parse_int(text: &str, base: i64, bits: i64) -> Result<i64, NumberError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) => (false, text),
        None => return Err(NumberError::Syntax),
    };
    let magnitude = i128::from(parse_magnitude(digits, base, bits)?);
    let bits = if bits == 0 { 64 } else { bits };
    let number = if negative { -magnitude } else { magnitude };
    let limit = 1i128 << (bits - 1);
    if (-limit..limit).contains(&number) {
        i64::try_from(number).map_err(|_| NumberError::Range)
    } else {
        Err(NumberError::Range)
    }
}

/// Reads digits, and names what is wrong first, in Go's order.
fn parse_magnitude(text: &str, base: i64, bits: i64) -> Result<u64, NumberError> {
    if text.is_empty() {
        return Err(NumberError::Syntax);
    }
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match base {
        0 => match lower.as_bytes() {
            [b'0', b'x', _, ..] => (16, &lower[2..]),
            [b'0', b'b', _, ..] => (2, &lower[2..]),
            [b'0', b'o', _, ..] => (8, &lower[2..]),
            [b'0', ..] => (8, &lower[1..]),
            _ => (10, &lower[..]),
        },
        2..=36 => (u32::try_from(base).unwrap_or(10), &lower[..]),
        _ => return Err(NumberError::Base(base)),
    };
    let largest = match bits {
        0 | 64 => u64::MAX,
        1..64 => (1 << bits) - 1,
        _ => return Err(NumberError::BitSize(bits)),
    };
    let mut number = 0u64;
    for c in digits.chars() {
        if c == '_' && base == 0 {
            continue;
        }
        let digit = c.to_digit(radix).ok_or(NumberError::Syntax)?;
        // As in Go, what stands behind too many digits is not looked at.
        let next = number.checked_mul(radix.into()).and_then(|it| it.checked_add(digit.into()));
        number = next.filter(|it| *it <= largest).ok_or(NumberError::Range)?;
    }
    if digits.contains('_') && !separates_digits(text) {
        return Err(NumberError::Syntax);
    }
    Ok(number)
}

/// Whether each underscore has a digit, or the prefix of a base, before it and a digit behind it.
fn separates_digits(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let prefixed = ["0x", "0b", "0o"].iter().any(|prefix| text.starts_with(prefix));
    let is_hex = text.starts_with("0x");
    let mut before = if prefixed { '0' } else { '!' };
    for c in text.chars().skip(if prefixed { 2 } else { 0 }) {
        let class = match c {
            '0'..='9' => '0',
            'a'..='f' if is_hex => '0',
            '_' => '_',
            _ => '!',
        };
        if class == '_' && before != '0' || before == '_' && class != '0' {
            return false;
        }
        before = class;
    }
    before != '_'
}

/// Reads a float in Go's syntax: decimal or hexadecimal, with underscores between digits, infinities and NaN.
pub(crate) fn parse_float(text: &str) -> Result<f64, NumberError> {
    parse_float_of(text, 64)
}

/// As [`parse_float`], rounded to so many bits: 32, or else 64.
pub(crate) fn parse_float_of(text: &str, bits: i64) -> Result<f64, NumberError> {
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = body.to_ascii_lowercase();
    if lower == "inf" || lower == "infinity" {
        return Ok(if negative { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if lower == "nan" && body.len() == text.len() {
        return Ok(f64::NAN);
    }
    if lower.contains('_') && !separates_digits(&lower) {
        return Err(NumberError::Syntax);
    }
    let plain = lower.replace('_', "");
    let magnitude = if let Some(hex) = plain.strip_prefix("0x") {
        parse_hex_float(hex, bits).ok_or(NumberError::Syntax)?
    } else {
        // What Rust reads beyond digits are words, which begin with a letter.
        if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return Err(NumberError::Syntax);
        }
        let parsed = if bits == 32 { plain.parse::<f32>().map(f64::from) } else { plain.parse::<f64>() };
        parsed.map_err(|_| NumberError::Syntax)?
    };
    if magnitude.is_infinite() {
        return Err(NumberError::Range);
    }
    Ok(if negative { -magnitude } else { magnitude })
}

/// Reads what follows `0x`: hexadecimal digits, perhaps with a point, and the exponent of two that must follow.
fn parse_hex_float(text: &str, bits: i64) -> Option<f64> {
    let (digits, exponent) = text.split_once('p')?;
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned.is_empty() || !unsigned.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    // What does not fit is as good as infinite.
    let magnitude = unsigned.parse::<i64>().unwrap_or(1 << 40).min(1 << 40);
    let mut exponent = if exponent.starts_with('-') { -magnitude } else { magnitude };
    let (mut mantissa, mut sticky, mut point, mut any) = (0u64, false, false, false);
    for c in digits.chars() {
        if c == '.' && !point {
            point = true;
            continue;
        }
        let digit = u64::from(c.to_digit(16)?);
        any = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            exponent -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if point { 0 } else { 4 };
        }
    }
    if !any {
        return None;
    }
    if mantissa == 0 {
        return Some(0.0);
    }
    // Now the value is mantissa · 2^exponent, with the highest bit of the mantissa set.
    let shift = mantissa.leading_zeros();
    mantissa <<= shift;
    exponent -= i64::from(shift);
    let (precision, lowest, highest) = if bits == 32 { (24, -149, 127) } else { (53, -1074, 1023) };
    // Fewer bits remain of a number that is too small to be normal.
    let drop = (64 - precision).max(lowest - exponent);
    if drop > 64 {
        return Some(0.0);
    }
    let drop = u32::try_from(drop).ok()?;
    let kept = if drop == 64 { 0 } else { mantissa >> drop };
    let dropped = if drop == 64 { mantissa } else { mantissa & ((1 << drop) - 1) };
    let half = 1u64 << (drop - 1);
    let up = dropped > half || dropped == half && (sticky || kept & 1 == 1);
    let kept = kept + u64::from(up);
    exponent += i64::from(drop);
    if 63 - i64::from(kept.leading_zeros()) + exponent > highest {
        return Some(f64::INFINITY);
    }
    // Exact: the mantissa has few enough bits, and the product is representable. Two steps, since 2^-1074 · 2^-1 is not.
    let exponent = i32::try_from(exponent).ok()?;
    Some(kept as f64 * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2))
}

/// Reads a quoted string: `"…"` and `'c'` with escapes, or a raw one in backquotes.
pub(crate) fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let (quote, body) = match text {
        [first, body @ .., last] if first == last => (*first, body),
        _ => return None,
    };
    match quote {
        b'`' if body.contains(&b'`') => None,
        b'`' => Some(body.iter().copied().filter(|it| *it != b'\r').collect()),
        b'"' => {
            let mut out = Vec::with_capacity(body.len());
            let mut rest = body;
            while !rest.is_empty() {
                let (character, after) = character(rest, quote)?;
                character.push_to(&mut out);
                rest = after;
            }
            Some(out)
        }
        b'\'' if body.is_empty() => Some(Vec::new()),
        b'\'' => {
            let (character, after) = character(body, quote)?;
            let mut out = Vec::new();
            character.push_to(&mut out);
            after.is_empty().then_some(out)
        }
        _ => None,
    }
}

/// The code of a character in single quotes.
pub(crate) fn unquote_char(text: &[u8]) -> Option<u32> {
    let body = text.strip_prefix(b"'")?.strip_suffix(b"'")?;
    match character(body, b'\'')? {
        (Character::Scalar(c), []) => Some(c.into()),
        (Character::Byte(byte), []) => Some(byte.into()),
        _ => None,
    }
}

/// The part of a text that is a quoted string at its beginning.
pub(crate) fn quoted_prefix(text: &[u8]) -> Option<&[u8]> {
    let quote = *text.first()?;
    let mut rest = &text[1..];
    if quote == b'`' {
        let end = rest.iter().position(|it| *it == b'`')?;
        return Some(&text[..end + 2]);
    }
    if quote != b'"' && quote != b'\'' {
        return None;
    }
    let mut count = 0;
    while *rest.first()? != quote {
        (_, rest) = character(rest, quote)?;
        count += 1;
    }
    (quote == b'"' || count <= 1).then(|| &text[..text.len() - rest.len() + 1])
}

/// What an element of a quoted string stands for.
enum Character {
    Scalar(char),
    /// `\xff` or `\377`: that byte, which need not be UTF-8.
    Byte(u8),
}

impl Character {
    fn push_to(&self, out: &mut Vec<u8>) {
        match self {
            Character::Scalar(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Character::Byte(byte) => out.push(*byte),
        }
    }
}

/// The first element of what stands between quotes, with what follows.
fn character(text: &[u8], quote: u8) -> Option<(Character, &[u8])> {
    let first = *text.first()?;
    if first == quote || first == b'\n' {
        return None;
    }
    if first != b'\\' {
        let chunk = &text[..text.len().min(4)];
        let valid = chunk.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        let c = valid.unwrap_or(char::REPLACEMENT_CHARACTER);
        return Some((Character::Scalar(c), &text[valid.map_or(1, char::len_utf8)..]));
    }
    let kind = *text.get(1)?;
    let rest = &text[2..];
    let digits = |count: usize, radix: u32| -> Option<(u32, &[u8])> {
        let digits = std::str::from_utf8(rest.get(..count)?).ok()?;
        let plain = digits.bytes().all(|it| char::from(it).is_digit(radix));
        plain.then(|| u32::from_str_radix(digits, radix).ok().map(|code| (code, &rest[count..]))).flatten()
    };
    let simple = |c: char| Some((Character::Scalar(c), rest));
    match kind {
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0c'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0b'),
        b'\\' => simple('\\'),
        b'\'' | b'"' if kind == quote => simple(char::from(kind)),
        b'x' => {
            let (code, rest) = digits(2, 16)?;
            Some((Character::Byte(u8::try_from(code).ok()?), rest))
        }
        b'0'..=b'7' => {
            let octal = std::str::from_utf8(text.get(1..4)?).ok()?;
            if !octal.bytes().all(|it| (b'0'..=b'7').contains(&it)) {
                return None;
            }
            let code = u32::from_str_radix(octal, 8).ok()?;
            Some((Character::Byte(u8::try_from(code).ok()?), &text[4..]))
        }
        b'u' => {
            let (code, rest) = digits(4, 16)?;
            Some((Character::Scalar(char::from_u32(code)?), rest))
        }
        b'U' => {
            let (code, rest) = digits(8, 16)?;
            Some((Character::Scalar(char::from_u32(code)?), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_are_read_in_any_base_and_size() {
        for (text, base, bits, expected) in [
            ("-42", 10, 64, Ok(-42)),
            ("0x_ff", 0, 64, Ok(255)),
            ("0b101", 0, 0, Ok(5)),
            ("0o17", 0, 0, Ok(15)),
            ("017", 0, 0, Ok(15)),
            ("1_000", 0, 0, Ok(1000)),
            ("1_000", 10, 0, Err(NumberError::Syntax)),
            ("1__0", 0, 0, Err(NumberError::Syntax)),
            ("_1", 0, 0, Err(NumberError::Syntax)),
            ("zz", 36, 0, Ok(1295)),
            ("127", 10, 8, Ok(127)),
            ("128", 10, 8, Err(NumberError::Range)),
            ("-128", 10, 8, Ok(-128)),
            ("9223372036854775807", 10, 64, Ok(i64::MAX)),
            ("-9223372036854775808", 10, 64, Ok(i64::MIN)),
            ("9223372036854775808", 10, 64, Err(NumberError::Range)),
            ("99999999999999999999999", 10, 64, Err(NumberError::Range)),
            ("", 10, 0, Err(NumberError::Syntax)),
            ("+", 10, 0, Err(NumberError::Syntax)),
            ("1", 1, 0, Err(NumberError::Base(1))),
            ("1", 10, 65, Err(NumberError::BitSize(65))),
            (" 1", 10, 64, Err(NumberError::Syntax)),
            ("99999999999999999999x", 10, 64, Err(NumberError::Range)),
            ("9x9999999999999999999", 10, 64, Err(NumberError::Syntax)),
        ] {
            assert_eq!(parse_int(text, base, bits), expected, "{text} in base {base}, {bits} bits");
        }
    }

    #[test]
    fn floats_are_read_in_every_form() {
        for (text, expected) in [
            ("0x1p-2", Ok(0.25)),
            ("0x1.8p1", Ok(3.0)),
            ("0X.8P0", Ok(0.5)),
            ("0x1p1024", Err(NumberError::Range)),
            ("0x1p-1074", Ok(5e-324)),
            ("0x1p-1075", Ok(0.0)),
            ("0x1.8p-1075", Ok(5e-324)),
            ("0x1.00000000000008p0", Ok(1.0)),
            ("0x1.000000000000080000000000000001p0", Ok(1.0 + f64::EPSILON)),
            ("0x1.fffffffffffff8p1023", Err(NumberError::Range)),
            ("0x1p99999999999999999999", Err(NumberError::Range)),
            ("0x.p1", Err(NumberError::Syntax)),
            ("0x1.fffffffffffff8p0", Ok(2.0)),
            ("0x1.fffffffffffff7p0", Ok(1.999_999_999_999_999_8)),
            ("0x1", Err(NumberError::Syntax)),
            (".5", Ok(0.5)),
            ("5.", Ok(5.0)),
            ("1_0.5", Ok(10.5)),
            ("1_.5", Err(NumberError::Syntax)),
            ("1e_3", Err(NumberError::Syntax)),
            ("1e400", Err(NumberError::Range)),
            ("1e-400", Ok(0.0)),
            ("-Inf", Ok(f64::NEG_INFINITY)),
            ("+infinity", Ok(f64::INFINITY)),
            ("+nan", Err(NumberError::Syntax)),
            (".", Err(NumberError::Syntax)),
            ("e5", Err(NumberError::Syntax)),
            ("", Err(NumberError::Syntax)),
        ] {
            assert_eq!(parse_float(text), expected, "{text}");
        }
        assert!(parse_float("NaN").is_ok_and(f64::is_nan));
        assert_eq!(parse_float_of("0.1", 32), Ok(f64::from(0.1f32)));
        assert_eq!(parse_float_of("1e39", 32), Err(NumberError::Range));
    }

    #[test]
    fn quoted_strings_are_read_with_their_escapes() {
        for (text, expected) in [
            (r#""a\tb""#, Some(&b"a\tb"[..])),
            (r#""\xff\u00e9\101""#, Some(b"\xff\xc3\xa9A")),
            ("`a\\n`", Some(b"a\\n")),
            ("'x'", Some(b"x")),
            ("'xy'", None),
            (r#""\'""#, None),
            (r"'\''", Some(b"'")),
            ("\"a\nb\"", None),
            (r#""\ud800""#, None),
            (r#""\400""#, None),
            ("\"", None),
            ("abc", None),
        ] {
            assert_eq!(unquote(text.as_bytes()).as_deref(), expected, "{text}");
        }
        assert_eq!(quoted_prefix(b"\"a\\\"b\" and more"), Some(&b"\"a\\\"b\""[..]));
        assert_eq!(quoted_prefix(b"'ab'"), None);
        assert_eq!(unquote_char(b"'\\n'"), Some(10));
    }
}
