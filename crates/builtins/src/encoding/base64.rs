//! `encoding.base64_encode`, `encoding.base64_decode`.
//!
//! Decoding is by hand because it is stricter and laxer than any engine of the `base64` crate at once: padding is
//! required, line ends may stand anywhere, bits behind the data are ignored, and the error names the byte.

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use macros::builtin;
use value::{Failure, Str};

/// A string as base64, with the standard alphabet and padding.
///
/// ```mcl
/// encoding.base64_encode("hello") # => "aGVsbG8="
/// ```
#[builtin(module = "encoding", since = "0.1")]
fn base64_encode(
    /// The string.
    data: &Str,
) -> String {
    STANDARD.encode(data.as_bytes())
}

/// The string that a base64 text stands for.
///
/// The alphabet is the standard one, and padding is required. Line ends in the text do not matter.
///
/// ```mcl
/// encoding.base64_decode("aGVsbG8=") # => "hello"
/// ```
#[builtin(module = "encoding", since = "0.1")]
fn base64_decode(
    /// The base64 text.
    data: &Str,
) -> Result<Str, Failure> {
    decode(data)
        .map(Str::from)
        .map_err(|at| Failure::fatal(format!("could not decode base64: illegal base64 data at input byte {at}")))
}

/// Decodes, or says at which byte it goes wrong.
fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut count, mut at) = (0_u32, 0_usize, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        if is_line_end(byte) {
            continue;
        }
        if byte == b'=' {
            finish(text, at, count)?;
            // The bits behind the last whole byte are not looked at.
            match count {
                2 => out.push((group >> 4) as u8),
                _ => out.extend_from_slice(&(group << 6).to_be_bytes()[1..3]),
            }
            return Ok(out);
        }
        group = group << 6 | digit(byte).ok_or(at - 1)?;
        count += 1;
        if count == 4 {
            out.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    if count == 0 { Ok(out) } else { Err(text.len() - count) }
}

/// Checks what follows the first `=`, which stands before `at` and after `count` digits of a group.
fn finish(text: &[u8], mut at: usize, count: usize) -> Result<(), usize> {
    let skip = |at: &mut usize| *at += text[*at..].iter().take_while(|&&byte| is_line_end(byte)).count();
    match count {
        0 | 1 => return Err(at - 1),
        2 => {
            skip(&mut at);
            match text.get(at) {
                None => return Err(text.len()),
                Some(b'=') => at += 1,
                Some(_) => return Err(at - 1),
            }
        }
        _ => {}
    }
    skip(&mut at);
    if at < text.len() { Err(at) } else { Ok(()) }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
