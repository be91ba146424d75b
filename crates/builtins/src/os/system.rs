//! `os.system`: what a command says.

use macros::builtin;
use schema::Source;
use value::Str;

/// The last line that a shell command wrote to its standard output; each line is a new value.
///
/// The command runs until it ends by itself or the value is not needed any more. There is no value before its first line;
/// where it ends without one, the value is empty. Its exit status does not matter. What it writes to its standard error is
/// logged.
///
/// ```mcl
/// import "os"
///
/// $kernel = os.system("uname -r")
/// ```
#[builtin(module = "os", since = "0.1", result = Str)]
fn system(
    /// The command, for `sh`.
    cmd: &Str,
) -> Source {
    Source::Lines(cmd.clone())
}
