//! `os.args`: the command line.

use macros::builtin;
use schema::Source;

/// The command line of the agent, beginning with the name of the program.
///
/// ```mcl
/// import "fmt"
/// import "os"
///
/// print "args" {
/// 	msg => fmt.printf("%v", os.args()),
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = Vec<String>)]
fn args() -> Source {
    Source::Arguments
}
