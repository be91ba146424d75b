//! Values that must not be shown.

use std::fmt;

/// A value that must not reach a log, a diff, a plan, an export or the status: it has no `Display`, and `Debug` hides it.
///
/// Where it is used, [`Secret::reveal`] says so in the code.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Secret<T> {
        Secret(value)
    }

    /// The value itself. The caller must not show it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
