//! What the command line says.

use engine::Options;
pub use project::Input;
use std::path::PathBuf;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program.
    pub input: Input,
    /// Where modules from elsewhere are kept.
    pub module_path: Option<PathBuf>,
    /// Whether missing modules are downloaded.
    pub download: bool,
    /// Whether downloaded modules are brought up to date.
    pub update: bool,
    /// What `os.args()` returns: the name of the program, and the user's arguments.
    pub arguments: Vec<String>,
    /// The name of this host.
    pub hostname: String,
    /// Where everything is kept that must be remembered.
    pub state: PathBuf,
    /// Whether resources are related automatically.
    pub autoedge: bool,
    /// Whether resources are grouped automatically.
    pub autogroup: bool,
    /// How resources are worked on.
    pub engine: Options,
    /// Whether the program is compiled again when its files change.
    pub follow_edits: bool,
    /// Whether the graph at the end is part of the answer.
    pub wants_graph: bool,
    /// After how many seconds it ends, whatever is not done.
    pub max_runtime: Option<u64>,
}
