//! `golang/strings`: what strings hold, and how they compare.

use crate::golang::case::fold;
use crate::strings::bytes::{characters, find, places};
use macros::builtin;
use value::Str;

/// How two strings are ordered: -1, 0 or 1.
///
/// Bytes are compared, not letters.
///
/// ```mcl
/// import "golang/strings"
/// strings.compare("a", "b") # => -1
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn compare(
    /// One string.
    a: &Str,
    /// The other one.
    b: &Str,
) -> i64 {
    a.cmp(b) as i64
}

/// Whether a string holds another one.
///
/// ```mcl
/// import "golang/strings"
/// strings.contains("configuration", "fig") # => true
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn contains(
    /// The string.
    s: &Str,
    /// What to look for.
    substr: &Str,
) -> bool {
    find(s, substr).is_some()
}

/// Whether a string holds one of some characters.
///
/// ```mcl
/// import "golang/strings"
/// strings.contains_any("a,b", ";,") # => true
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn contains_any(
    /// The string.
    s: &Str,
    /// The characters.
    chars: &Str,
) -> bool {
    position(s, chars).is_some()
}

/// How often a string holds another one, without overlaps.
///
/// The empty string stands before each character and at the end.
///
/// ```mcl
/// import "golang/strings"
/// strings.count("cheese", "e") # => 3
/// strings.count("five", "") # => 5
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn count(
    /// The string.
    s: &Str,
    /// What to count.
    substr: &Str,
) -> i64 {
    number(places(s, substr).count())
}

/// Whether two strings are equal in all but case.
///
/// ```mcl
/// import "golang/strings"
/// strings.equal_fold("Größe", "GRÖßE") # => true
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn equal_fold(
    /// One string.
    s: &Str,
    /// The other one.
    t: &Str,
) -> bool {
    let folded = |text| characters(text).map(|(it, _)| fold(it.unwrap_or(char::REPLACEMENT_CHARACTER)));
    folded(s).eq(folded(t))
}

/// Whether a string begins with another one.
///
/// ```mcl
/// import "golang/strings"
/// strings.has_prefix("/etc/hosts", "/etc") # => true
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn has_prefix(
    /// The string.
    s: &Str,
    /// The beginning.
    prefix: &Str,
) -> bool {
    s.starts_with(prefix)
}

/// Whether a string ends with another one.
///
/// ```mcl
/// import "golang/strings"
/// strings.has_suffix("site.conf", ".conf") # => true
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn has_suffix(
    /// The string.
    s: &Str,
    /// The end.
    suffix: &Str,
) -> bool {
    s.ends_with(suffix)
}

/// Where a string holds another one first, in bytes; -1 where it does not.
///
/// ```mcl
/// import "golang/strings"
/// strings.index("chicken", "ken") # => 4
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn index(
    /// The string.
    s: &Str,
    /// What to look for.
    substr: &Str,
) -> i64 {
    find(s, substr).map_or(-1, number)
}

/// Where one of some characters stands first, in bytes; -1 where none does.
///
/// ```mcl
/// import "golang/strings"
/// strings.index_any("golang", "ny") # => 4
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn index_any(
    /// The string.
    s: &Str,
    /// The characters.
    chars: &Str,
) -> i64 {
    position(s, chars).map_or(-1, number)
}

/// Where a string holds another one last, in bytes; -1 where it does not.
///
/// ```mcl
/// import "golang/strings"
/// strings.last_index("go gopher", "go") # => 3
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn last_index(
    /// The string.
    s: &Str,
    /// What to look for.
    substr: &Str,
) -> i64 {
    let starts = (0..=s.len()).rev();
    starts.into_iter().find(|at| s[*at..].starts_with(substr)).map_or(-1, number)
}

/// Where one of some characters stands last, in bytes; -1 where none does.
///
/// ```mcl
/// import "golang/strings"
/// strings.last_index_any("go gopher", "go") # => 4
/// ```
#[builtin(module = "golang/strings", since = "0.1")]
fn last_index_any(
    /// The string.
    s: &Str,
    /// The characters.
    chars: &Str,
) -> i64 {
    positions(s, chars).last().map_or(-1, number)
}

/// A length or a place as an int: no string is longer.
fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Whether a character is one of some.
pub(super) fn one_of(characters_of: &[u8]) -> impl Fn(char) -> bool {
    let set: Vec<char> = characters(characters_of).map(|(it, _)| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    move |c| set.contains(&c)
}

/// Where characters of a set stand, in bytes.
fn positions(text: &[u8], set: &[u8]) -> impl Iterator<Item = usize> {
    let is_wanted = one_of(set);
    let mut next = 0;
    characters(text).filter_map(move |(character, bytes)| {
        let at = next;
        next += bytes.len();
        is_wanted(character.unwrap_or(char::REPLACEMENT_CHARACTER)).then_some(at)
    })
}

fn position(text: &[u8], set: &[u8]) -> Option<usize> {
    positions(text, set).next()
}
