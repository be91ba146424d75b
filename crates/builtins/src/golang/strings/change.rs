//! `golang/strings`: strings made of others.

use super::search::one_of;
use crate::bound;
use crate::golang::case;
use crate::golang::panicked;
use crate::strings::bytes::{characters, places};
use macros::builtin;
use value::{Failure, Str};

/// The same string.
///
/// ```mcl
/// import "golang/strings"
/// strings.clone("a") # => "a"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn clone(
    /// The string.
    s: &Str,
) -> Str {
    s.clone()
}

/// Joins strings with another one between them.
///
/// ```mcl
/// import "golang/strings"
/// strings.join(["a", "b"], ", ") # => "a, b"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn join(
    /// The strings.
    elems: Vec<Str>,
    /// What stands between them.
    sep: &Str,
) -> Result<Str, Failure> {
    let parts: Vec<&[u8]> = elems.iter().map(Str::as_bytes).collect();
    bound::text(bound::joined(&parts, sep))?;
    Ok(parts.join(sep.as_bytes()).into())
}

/// A string so many times.
///
/// ```mcl
/// import "golang/strings"
/// strings.repeat("na", 2) # => "nana"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn repeat(
    /// The string.
    s: &Str,
    /// How many times; not negative.
    count: i64,
) -> Result<Str, Failure> {
    let count = usize::try_from(count).map_err(|_| panicked("strings: negative Repeat count"))?;
    bound::text(s.len().checked_mul(count))?;
    Ok(s.repeat(count).into())
}

/// Replaces a string in another one so many times.
///
/// ```mcl
/// import "golang/strings"
/// strings.replace("oink oink oink", "k", "ky", 2) # => "oinky oinky oink"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn replace(
    /// The string.
    s: &Str,
    /// What to replace. The empty string stands before each character and at the end.
    old: &Str,
    /// What to put there.
    new: &Str,
    /// How many times at most; negative for all.
    n: i64,
) -> Result<Str, Failure> {
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    replaced(s, old, new, limit)
}

/// Replaces a string in another one wherever it stands.
///
/// ```mcl
/// import "golang/strings"
/// strings.replace_all("oink oink", "oink", "moo") # => "moo moo"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn replace_all(
    /// The string.
    s: &Str,
    /// What to replace. The empty string stands before each character and at the end.
    old: &Str,
    /// What to put there.
    new: &Str,
) -> Result<Str, Failure> {
    replaced(s, old, new, usize::MAX)
}

/// Gives each word a capital first letter.
///
/// A word ends where something stands that is no letter, digit or underscore.
///
/// ```mcl
/// import "golang/strings"
/// strings.title("hello wörld") # => "Hello Wörld"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn title(
    /// The string.
    s: &Str,
) -> String {
    let mut before = ' ';
    let title = |c: char| {
        let separated = is_separator(before);
        before = c;
        if separated { case::title(c) } else { c }
    };
    mapped(s, title)
}

/// A string in lower case.
///
/// ```mcl
/// import "golang/strings"
/// strings.to_lower("ÄPFEL") # => "äpfel"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn to_lower(
    /// The string.
    s: &Str,
) -> String {
    mapped(s, case::lower)
}

/// A string with each letter in title case.
///
/// That is upper case, but for the few characters that stand for two letters.
///
/// ```mcl
/// import "golang/strings"
/// strings.to_title("ǆ") # => "ǅ"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn to_title(
    /// The string.
    s: &Str,
) -> String {
    mapped(s, case::title)
}

/// A string in upper case.
///
/// ```mcl
/// import "golang/strings"
/// strings.to_upper("äpfel") # => "ÄPFEL"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn to_upper(
    /// The string.
    s: &Str,
) -> String {
    mapped(s, case::upper)
}

/// Replaces each run of bytes that are no UTF-8.
///
/// ```mcl
/// import "golang/strings"
/// strings.to_valid_utf_8("abc", "?") # => "abc"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn to_valid_utf_8(
    /// The string.
    s: &Str,
    /// What to put there.
    replacement: &Str,
) -> Result<Str, Failure> {
    let mut out = Vec::with_capacity(s.len());
    let mut after_invalid = false;
    for (character, bytes) in characters(s) {
        if character.is_some() {
            out.extend_from_slice(bytes);
        } else if !after_invalid {
            out.extend_from_slice(replacement);
        }
        after_invalid = character.is_none();
        bound::text(Some(out.len()))?;
    }
    Ok(out.into())
}

/// Removes some characters from both ends.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim("¡¡¡Hello!!!", "!¡") # => "Hello"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim(
    /// The string.
    s: &Str,
    /// The characters.
    cutset: &Str,
) -> Str {
    trimmed(s, &one_of(cutset), true, true)
}

/// Removes some characters from the beginning.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim_left("xxabcxx", "x") # => "abcxx"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim_left(
    /// The string.
    s: &Str,
    /// The characters.
    cutset: &Str,
) -> Str {
    trimmed(s, &one_of(cutset), true, false)
}

/// Removes a beginning, where the string has it.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim_prefix("/etc/hosts", "/etc") # => "/hosts"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim_prefix(
    /// The string.
    s: &Str,
    /// The beginning.
    prefix: &Str,
) -> Str {
    s.strip_prefix(prefix.as_bytes()).map_or_else(|| s.clone(), Str::from)
}

/// Removes some characters from the end.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim_right("xxabcxx", "x") # => "xxabc"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim_right(
    /// The string.
    s: &Str,
    /// The characters.
    cutset: &Str,
) -> Str {
    trimmed(s, &one_of(cutset), false, true)
}

/// Removes blanks of every kind from both ends.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim_space(" \n a b \t") # => "a b"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim_space(
    /// The string.
    s: &Str,
) -> Str {
    trimmed(s, &char::is_whitespace, true, true)
}

/// Removes an end, where the string has it.
///
/// ```mcl
/// import "golang/strings"
/// strings.trim_suffix("site.conf", ".conf") # => "site"
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn trim_suffix(
    /// The string.
    s: &Str,
    /// The end.
    suffix: &Str,
) -> Str {
    s.strip_suffix(suffix.as_bytes()).map_or_else(|| s.clone(), Str::from)
}

/// Changes each character by itself. What is not UTF-8 becomes U+FFFD.
fn mapped(text: &[u8], mut change: impl FnMut(char) -> char) -> String {
    characters(text).map(|(it, _)| change(it.unwrap_or(char::REPLACEMENT_CHARACTER))).collect()
}

/// Replaces a part of a text, at most so many times.
pub(crate) fn replaced(text: &Str, old: &[u8], new: &[u8], limit: usize) -> Result<Str, Failure> {
    let times = places(text, old).take(limit).count();
    let length = new.len().checked_mul(times).and_then(|it| it.checked_add(text.len() - times * old.len()));
    bound::text(length)?;
    let mut out = Vec::with_capacity(length.unwrap_or_default());
    let mut done = 0;
    for at in places(text, old).take(times) {
        out.extend_from_slice(&text[done..at]);
        out.extend_from_slice(new);
        done = at + old.len();
    }
    out.extend_from_slice(&text[done..]);
    Ok(out.into())
}

fn trimmed(text: &Str, cut: &dyn Fn(char) -> bool, left: bool, right: bool) -> Str {
    let (mut start, mut end, mut at) = (None, 0, 0);
    for (character, bytes) in characters(text) {
        let next = at + bytes.len();
        if !cut(character.unwrap_or(char::REPLACEMENT_CHARACTER)) {
            start = start.or(Some(at));
            end = next;
        }
        at = next;
    }
    let start = if left { start.unwrap_or(at) } else { 0 };
    let end = if right { end } else { at };
    Str::from(&text[start.min(end)..end])
}

/// Whether Go's `strings.Title` begins a word behind a character.
fn is_separator(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { c.is_whitespace() }
}
