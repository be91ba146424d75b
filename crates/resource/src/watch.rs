//! What the host watches on behalf of a resource, as data.
//!
//! An event says "look again", never what changed.

use std::path::PathBuf;

/// Something that the host watches on behalf of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Watch {
    /// A file or folder: created, removed, renamed, written, its mode or owner changed. It need not exist, nor its parents.
    Path(PathBuf),
    /// A folder with everything directly in it.
    Folder(PathBuf),
    /// A folder with everything below it.
    Tree(PathBuf),
    /// The state of a unit, and reloads of its manager.
    Unit {
        /// The unit with its suffix.
        name: String,
        /// Whether it belongs to the user's manager.
        session: bool,
    },
    /// Every so many milliseconds; the first event comes after the first period.
    Timer(u64),
    /// Something below the home folder of a user, wherever that is; of the agent's own user where the name is empty.
    Home {
        /// The login name.
        user: String,
        /// The file or folder, within the home folder.
        path: PathBuf,
        /// Whether everything directly in the folder is watched too.
        is_folder: bool,
    },
    /// A file in the private folder of a resource.
    State {
        /// The kind.
        kind: &'static str,
        /// The name.
        name: String,
        /// The file, within the folder.
        file: &'static str,
    },
    /// Lines of a program that runs as long as the resource; each line that is not empty is an event.
    Lines(Box<crate::host::Command>),
    /// A key of the store, or everything below it where it ends in `/`.
    Key(String),
    /// What this host has said as a candidate in a schedule.
    Candidacy(String),
    /// Values of other resources of this host: what the `value` resource of a name holds.
    Local(String),
}
