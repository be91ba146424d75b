//! `golang/strconv`: strings from and to other types, as Go's package `strconv`.

use super::literal::{self, NumberError};
use super::{panicked, quote};
use macros::builtin;
use schema::Function;
use value::{Failure, Str};

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[
    &APPEND_BOOL,
    &APPEND_INT,
    &APPEND_QUOTE,
    &APPEND_QUOTE_TO_ASCII,
    &APPEND_QUOTE_TO_GRAPHIC,
    &ATOI,
    &CAN_BACKQUOTE,
    &FORMAT_BOOL,
    &FORMAT_INT,
    &ITOA,
    &PARSE_BOOL,
    &PARSE_FLOAT,
    &PARSE_INT,
    &QUOTE,
    &QUOTE_TO_ASCII,
    &QUOTE_TO_GRAPHIC,
    &QUOTED_PREFIX,
    &UNQUOTE,
];

/// A string with a bool behind it.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.append_bool("is ", true) # => "is true"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn append_bool(
    /// What comes before.
    dst: &Str,
    /// The bool.
    b: bool,
) -> Str {
    appended(dst, &b.to_string())
}

/// A string with an int of a base behind it.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.append_int("0x", 255, 16) # => "0xff"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn append_int(
    /// What comes before.
    dst: &Str,
    /// The int.
    i: i64,
    /// The base, from 2 to 36.
    base: i64,
) -> Result<Str, Failure> {
    Ok(appended(dst, &digits(i, base)?))
}

/// A string with another one behind it, quoted.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.append_quote("say ", "hi") # => "say \"hi\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn append_quote(
    /// What comes before.
    dst: &Str,
    /// The string.
    s: &Str,
) -> Str {
    appended(dst, &value::quote(s))
}

/// A string with another one behind it, quoted in ASCII.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.append_quote_to_ascii("", "ö") # => "\"\\u00f6\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn append_quote_to_ascii(
    /// What comes before.
    dst: &Str,
    /// The string.
    s: &Str,
) -> Str {
    appended(dst, &quote::quote_to_ascii(s))
}

/// A string with another one behind it, quoted; spaces of every kind are kept.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.append_quote_to_graphic("", "ö") # => "\"ö\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn append_quote_to_graphic(
    /// What comes before.
    dst: &Str,
    /// The string.
    s: &Str,
) -> Str {
    appended(dst, &quote::quote_to_graphic(s))
}

/// Reads an int of base 10.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.atoi("-42") # => -42
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn atoi(
    /// The string.
    s: &Str,
) -> Result<i64, Failure> {
    literal::parse_int(&s.to_text(), 10, 64).map_err(|error| Failure::fatal(error.text("Atoi", s)))
}

/// Whether a string can stand between backquotes as it is.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.can_backquote("one line") # => true
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn can_backquote(
    /// The string.
    s: &Str,
) -> bool {
    quote::can_backquote(s)
}

/// A bool as a string.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.format_bool(true) # => "true"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn format_bool(
    /// The bool.
    b: bool,
) -> String {
    b.to_string()
}

/// An int as a string of a base.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.format_int(-255, 16) # => "-ff"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn format_int(
    /// The int.
    i: i64,
    /// The base, from 2 to 36.
    base: i64,
) -> Result<String, Failure> {
    digits(i, base)
}

/// An int as a string.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.itoa(42) # => "42"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn itoa(
    /// The int.
    i: i64,
) -> String {
    i.to_string()
}

/// Reads a bool: `1`, `t`, `T`, `TRUE`, `true`, `True`, and their opposites.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.parse_bool("T") # => true
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn parse_bool(
    /// The string.
    str: &Str,
) -> Result<bool, Failure> {
    match str.as_bytes() {
        b"1" | b"t" | b"T" | b"TRUE" | b"true" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"FALSE" | b"false" | b"False" => Ok(false),
        _ => Err(Failure::fatal(NumberError::Syntax.text("ParseBool", str))),
    }
}

/// Reads a float, decimal or hexadecimal.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.parse_float("0x1p-2", 64) # => 0.25
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn parse_float(
    /// The string.
    s: &Str,
    /// How many bits to round to: 32, or else 64.
    bit_size: i64,
) -> Result<f64, Failure> {
    literal::parse_float_of(&s.to_text(), bit_size).map_err(|error| Failure::fatal(error.text("ParseFloat", s)))
}

/// Reads an int.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.parse_int("0xff", 0, 64) # => 255
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn parse_int(
    /// The string.
    s: &Str,
    /// The base, from 2 to 36; 0 reads prefixes such as `0x`, and underscores.
    base: i64,
    /// How many bits the int may have; 0 for 64.
    bit_size: i64,
) -> Result<i64, Failure> {
    literal::parse_int(&s.to_text(), base, bit_size).map_err(|error| Failure::fatal(error.text("ParseInt", s)))
}

/// A string quoted as in Go.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.quote("a\tb") # => "\"a\\tb\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn quote(
    /// The string.
    s: &Str,
) -> String {
    value::quote(s)
}

/// A string quoted as in Go, in ASCII.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.quote_to_ascii("ö") # => "\"\\u00f6\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn quote_to_ascii(
    /// The string.
    s: &Str,
) -> String {
    quote::quote_to_ascii(s)
}

/// A string quoted as in Go; spaces of every kind are kept.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.quote_to_graphic("ö") # => "\"ö\""
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn quote_to_graphic(
    /// The string.
    s: &Str,
) -> String {
    quote::quote_to_graphic(s)
}

/// The quoted string that a string begins with.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.quoted_prefix("`a` and more") # => "`a`"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn quoted_prefix(
    /// The string.
    s: &Str,
) -> Result<Str, Failure> {
    literal::quoted_prefix(s).map(Str::from).ok_or_else(|| Failure::fatal("invalid syntax"))
}

/// What a quoted string stands for.
///
/// ```mcl
/// import "golang/strconv"
/// strconv.unquote("\"a\\tb\"") # => "a\tb"
/// ```
#[builtin(module = "golang/strconv", since = "0.1")]
fn unquote(
    /// A string in double or back quotes, or a character in single ones.
    s: &Str,
) -> Result<Str, Failure> {
    literal::unquote(s).map(Str::from).ok_or_else(|| Failure::fatal("invalid syntax"))
}

fn appended(before: &Str, text: &str) -> Str {
    before.concat(&Str::from(text))
}

/// An int in a base, with lower-case letters.
fn digits(number: i64, base: i64) -> Result<String, Failure> {
    let radix = u32::try_from(base).ok().filter(|it| (2..=36).contains(it));
    let radix = radix.ok_or_else(|| panicked("strconv: illegal AppendInt/FormatInt base"))?;
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = u32::try_from(rest % u64::from(radix)).unwrap_or_default();
        digits.push(char::from_digit(digit, radix).unwrap_or('0'));
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    Ok(digits.iter().rev().collect())
}
