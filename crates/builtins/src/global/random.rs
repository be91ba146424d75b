//! `random1`: a random text.

use macros::builtin;
use schema::Source;
use value::Failure;

/// The longest text.
const MAX_LENGTH: u32 = 65_535;

/// A random text of letters, which stays the same while the length does.
///
/// Each call in a program has its own. It is drawn anew when the agent starts.
///
/// ```mcl
/// $token = random1(16)
/// ```
#[builtin(module = "", since = "0.1", result = String)]
fn random1(
    /// How many letters: at most 65535.
    length: i64,
) -> Result<Source, Failure> {
    match u32::try_from(length) {
        Ok(length) if length <= MAX_LENGTH => Ok(Source::Random { length }),
        _ => Err(Failure::fatal(format!("can't generate an invalid length: {length} is not from 0 to {MAX_LENGTH}"))),
    }
}
