//! Variables in a text, as Go's `os.Expand` replaces them.

use crate::bound;
use value::{Failure, Str};

/// Replaces `$name` and `${name}`. A dollar sign before something else stays; `${}` and an open `${` go.
pub(super) fn expand(text: &[u8], value: impl Fn(&[u8]) -> Str) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|it| *it == b'$').filter(|at| at + 1 < rest.len()) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, length) = shell_name(rest);
        if !name.is_empty() {
            out.extend_from_slice(&value(name));
        } else if length == 0 {
            out.push(b'$');
        }
        rest = &rest[length..];
        bound::text(out.len().checked_add(rest.len()))?;
    }
    out.extend_from_slice(rest);
    Ok(out)
}

/// The name that a text begins with, and how much of the text it takes; a length without a name is bad syntax.
fn shell_name(text: &[u8]) -> (&[u8], usize) {
    match text {
        [b'{', special, b'}', ..] if is_special(*special) => (&text[1..2], 3),
        [b'{', ..] => match text.iter().position(|it| *it == b'}') {
            Some(1) => (&[], 2),
            Some(end) => (&text[1..end], end + 1),
            None => (&[], 1),
        },
        [special, ..] if is_special(*special) => (&text[..1], 1),
        _ => {
            let length = text.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
            (&text[..length], length)
        }
    }
}

/// Whether a character is a variable of the shell by itself.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9')
}
