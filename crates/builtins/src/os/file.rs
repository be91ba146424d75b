//! `os.readfile`, `os.file_exists`: files of the machine.

use macros::builtin;
use schema::Source;
use value::Str;

/// What a file of this machine holds; it follows the file.
///
/// `<|>` catches that there is none: the other side holds until there is. A file that is being written is read once nothing
/// has happened to it for a tenth of a second, or after two seconds.
///
/// ```mcl
/// import "os"
///
/// $motd = os.readfile("/etc/motd") <|> "welcome"
/// ```
#[builtin(module = "os", since = "0.1", result = Str)]
fn readfile(
    /// The path of the file.
    filename: &Str,
) -> Source {
    Source::File(filename.clone())
}

/// Whether there is a file or a folder on this machine; it follows the machine.
///
/// ```mcl
/// import "os"
///
/// if os.file_exists("/run/maintenance") {
/// 	print "nobody is served" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool)]
fn file_exists(
    /// The path of the file.
    filename: &Str,
) -> Source {
    Source::FileExists(filename.clone())
}
