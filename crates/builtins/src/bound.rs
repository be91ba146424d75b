//! How large values may become: a wrong number must not take all memory.

use value::Failure;

/// The longest text that a function makes, in bytes.
pub(crate) const MAX_TEXT: usize = 64 << 20;

/// The longest list that a function makes.
pub(crate) const MAX_LIST: usize = 10_000_000;

/// Refuses a text that would have so many bytes; nothing stands for more than can be counted.
///
/// # Errors
/// Where it is too long.
pub(crate) fn text(length: Option<usize>) -> Result<(), Failure> {
    bounded(length, MAX_TEXT, "a text", "bytes")
}

/// Refuses a list that would have so many elements.
///
/// # Errors
/// Where it is too long.
pub(crate) fn list(length: Option<usize>) -> Result<(), Failure> {
    bounded(length, MAX_LIST, "a list", "elements")
}

fn bounded(length: Option<usize>, most: usize, what: &str, unit: &str) -> Result<(), Failure> {
    match length {
        Some(length) if length <= most => Ok(()),
        Some(length) => Err(Failure::fatal(format!("{what} of {length} {unit}; it may have at most {most}"))),
        None => Err(Failure::fatal(format!("{what} of too many {unit}; it may have at most {most}"))),
    }
}

/// The length of parts joined with a separator between them.
pub(crate) fn joined(parts: &[&[u8]], separator: &[u8]) -> Option<usize> {
    let between = separator.len().checked_mul(parts.len().saturating_sub(1))?;
    parts.iter().try_fold(between, |sum, part| sum.checked_add(part.len()))
}
