//! `strings.to_lower`, `strings.to_upper`: each character by itself.
//!
//! Go maps every character to one other; Rust follows special rules that make several of one. Where those differ, the
//! simple mapping of Unicode is what counts.

use super::bytes::characters;
use macros::builtin;
use value::Str;

/// A string in lower case.
///
/// ```mcl
/// strings.to_lower("ÄPFEL") # => "äpfel"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn to_lower(
    /// The string.
    a: &Str,
) -> String {
    map(a, lower)
}

/// A string in upper case.
///
/// ```mcl
/// strings.to_upper("äpfel") # => "ÄPFEL"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn to_upper(
    /// The string.
    a: &Str,
) -> String {
    map(a, upper)
}

fn map(text: &[u8], change: fn(char) -> char) -> String {
    characters(text).map(|(it, _)| it.map_or(char::REPLACEMENT_CHARACTER, change)).collect()
}

/// The simple lower case of a character.
pub(crate) fn lower(c: char) -> char {
    // The only character with several in lower case, of which the first is the simple one.
    c.to_lowercase().next().unwrap_or(c)
}

/// The simple upper case of a character.
pub(crate) fn upper(c: char) -> char {
    let mut several = c.to_uppercase();
    match (several.next(), several.next()) {
        (Some(one), None) => one,
        _ => simple_upper(c),
    }
}

/// The simple upper case where the full one has several characters: Greek vowels with an iota below have one, ligatures
/// and the like have none.
fn simple_upper(c: char) -> char {
    let distance = match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    char::from_u32(u32::from(c) + distance).unwrap_or(c)
}
