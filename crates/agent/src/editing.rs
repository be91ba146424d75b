//! When an edited program is read.

use std::time::Duration;
use tokio::time::Instant;

/// Whether files of the program are being changed.
///
/// Who writes a file in place empties it first, and a part of a program can be a program. So they are read once nothing has
/// happened to them for a moment.
#[derive(Debug, Default)]
pub(crate) struct Editing {
    /// When they are read.
    due: Option<Instant>,
    /// When they are read at the latest, however much goes on.
    latest: Option<Instant>,
    compiling: bool,
}

/// For how long nothing must have happened to the files of a program until they are read, and how long that is waited for.
const QUIET: Duration = Duration::from_millis(100);
const UNREST: Duration = Duration::from_secs(2);

impl Editing {
    /// Something happened to a file.
    pub(crate) fn happened(&mut self) {
        let now = Instant::now();
        let latest = *self.latest.get_or_insert(now + UNREST);
        self.due = Some((now + QUIET).min(latest));
    }

    /// The files are read and compiled. What happens to them from now on leads to another time.
    pub(crate) fn begin(&mut self) {
        *self = Editing { compiling: true, ..Editing::default() };
    }

    /// They are compiled.
    pub(crate) fn end(&mut self) {
        self.compiling = false;
    }

    /// When to begin to compile.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due.filter(|_| !self.compiling)
    }
}
