//! `world.getval`: a value that all hosts share.

use macros::builtin;
use schema::Source;
use value::{Failure, Str};

/// The text that hosts share under a key; it follows the store.
///
/// ```mcl
/// import "world"
///
/// $version = if world.getval("version")->exists { world.getval("version")->value } else { "latest" }
/// ```
#[builtin(module = "world", since = "0.1", signature = "func(key str) struct{value str; exists bool}")]
fn getval(
    /// The key.
    key: &Str,
) -> Result<Source, Failure> {
    if key.is_empty() {
        return Err(Failure::fatal("can't use an empty key"));
    }
    Ok(Source::StoreValue(key.clone()))
}
