//! Case of single characters, as far as `strings` has no use for it: title case, and what differs in nothing else.

pub(super) use crate::strings::case::{lower, upper};

/// The simple title case of a character: upper case, but for those that stand for two letters, and for Georgian.
pub(super) fn title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        c => upper(c),
    }
}

/// The same for all characters that differ only in case.
pub(super) fn fold(c: char) -> char {
    match c {
        // The Turkish letters fold to nothing else.
        '\u{130}' | '\u{131}' => c,
        c => lower(upper(c)),
    }
}
