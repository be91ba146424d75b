//! `local.pool`: small numbers that stay.

use macros::builtin;
use schema::Source;
use value::{Failure, Str};

/// A small number for a name, the same for ever on this host.
///
/// The first name of a pool gets 1, the next one 2 and so on, for instance for ports or user ids.
///
/// ```mcl
/// import "local"
///
/// $port = 8000 + local.pool("ports", "web")
/// ```
#[builtin(module = "local", since = "0.1", result = i64)]
fn pool(
    /// The pool.
    namespace: &Str,
    /// The name that needs a number.
    uid: &Str,
) -> Result<Source, Failure> {
    for (what, text) in [("namespace", namespace), ("uid", uid)] {
        if text.is_empty() {
            return Err(Failure::fatal(format!("{what} is empty")));
        }
        if text.contains(&b'/') {
            return Err(Failure::fatal(format!("{what} contains slash")));
        }
        // Each is the name of a file.
        if matches!(text.as_bytes(), b"." | b"..") || text.contains(&0) {
            return Err(Failure::fatal(format!("{what} can't be `{text}`")));
        }
    }
    Ok(Source::Pool { namespace: namespace.clone(), id: uid.clone() })
}
