//! What a resource is, brings and needs: the data from which automatic edges are made.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// Something on the machine that a resource can be, bring or need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A file or folder, as [`clean_path`] writes it.
    Path(PathBuf),
    /// A package by its name.
    Package(String),
    /// A unit of the system's (or, with `session`, the user's) service manager, with its suffix.
    Unit {
        /// For instance `nginx.service`.
        name: String,
        /// Whether it belongs to the user's manager.
        session: bool,
    },
    /// A user by name.
    User(String),
    /// A user by number.
    UserId(u32),
    /// A group by name.
    Group(String),
    /// A group by number.
    GroupId(u32),
    /// Something that a package brings: a path or a unit. Apart from the path or unit itself, so that a package and the
    /// resource that manages the same file do not compete for one edge.
    Packaged(Box<Identity>),
    /// Anything else: a kind of thing, and which one.
    Other(&'static str, String),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identity::Path(path) => write!(f, "{}", path.display()),
            Identity::Package(name) => write!(f, "package {name}"),
            Identity::Unit { name, session: false } => write!(f, "unit {name}"),
            Identity::Unit { name, session: true } => write!(f, "unit {name} of a session"),
            Identity::User(name) => write!(f, "user {name}"),
            Identity::UserId(number) => write!(f, "user {number}"),
            Identity::Group(name) => write!(f, "group {name}"),
            Identity::GroupId(number) => write!(f, "group {number}"),
            Identity::Packaged(what) => write!(f, "{what} of a package"),
            Identity::Other(what, which) => write!(f, "{what} {which}"),
        }
    }
}

/// Which of the two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// What is wanted comes before the resource that wants it.
    Before,
    /// What is wanted comes after the resource that wants it.
    After,
}

/// A relation that a resource wants: the first of what is wanted that some other resource provides makes one edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// What is wanted.
    pub what: Wanted,
    /// Which of the two comes first.
    pub direction: Direction,
}

/// What a resource wants of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these, the best first.
    AnyOf(Vec<Identity>),
    /// What is at a path, or else the nearest folder above it.
    AtOrAbove(PathBuf),
    /// The same, as something that a package brings.
    PackagedAtOrAbove(PathBuf),
}

/// A path without a slash at the end, without doubled slashes and without `.`: equal paths are then equal texts.
pub fn clean_path(path: &Path) -> PathBuf {
    let bytes = path.as_os_str().as_bytes();
    let trimmed = bytes.strip_suffix(b"/").filter(|it| !it.is_empty()).unwrap_or(bytes);
    if is_clean(trimmed) {
        return OsStr::from_bytes(trimmed).into();
    }
    path.components().collect()
}

/// Whether a path is what [`clean_path`] makes of it, but for a slash at the end.
fn is_clean(path: &[u8]) -> bool {
    // Nearly all are. A part that is empty or a single dot begins right after a slash and ends at once.
    let mut bytes = path.iter().enumerate();
    let ends = |at: usize| matches!(path.get(at), None | Some(b'/'));
    let is_nothing = |at: usize| ends(at) || (path[at] == b'.' && ends(at + 1));
    path.len() == 1 || (path.first() == Some(&b'/') && !bytes.any(|(at, byte)| *byte == b'/' && is_nothing(at + 1)))
}

impl Identity {
    /// A path, without the slash that marks a folder.
    pub fn path(path: impl AsRef<Path>) -> Identity {
        Identity::Path(clean_path(path.as_ref()))
    }

    /// A unit of the system's service manager.
    pub fn unit(name: impl Into<String>) -> Identity {
        Identity::Unit { name: name.into(), session: false }
    }

    /// A file within the home folder of somebody, for who knows no more of it than its place there.
    pub fn in_home(path: impl Into<String>) -> Identity {
        Identity::Other("the home folder's", path.into())
    }

    /// The same thing, as something that a package brings.
    #[must_use]
    pub fn packaged(self) -> Identity {
        Identity::Packaged(Box::new(self))
    }
}

impl Want {
    /// What is wanted comes first.
    pub fn before(identity: Identity) -> Want {
        Want::any_of(vec![identity], Direction::Before)
    }

    /// What is wanted comes later.
    pub fn after(identity: Identity) -> Want {
        Want::any_of(vec![identity], Direction::After)
    }

    /// One of several, the best first.
    pub fn any_of(identities: Vec<Identity>, direction: Direction) -> Want {
        Want { what: Wanted::AnyOf(identities), direction }
    }

    /// What is at a path, or else the nearest managed folder above it, comes first.
    pub fn at_or_above(path: impl AsRef<Path>) -> Want {
        Want { what: Wanted::AtOrAbove(clean_path(path.as_ref())), direction: Direction::Before }
    }

    /// The nearest managed folder above a path comes first.
    pub fn nearest_parent(path: &Path) -> Want {
        match path.parent() {
            Some(parent) => Want::at_or_above(parent),
            None => Want::any_of(Vec::new(), Direction::Before),
        }
    }

    /// The package comes first that brings what is at a path, or else a folder above it.
    pub fn packaged_at_or_above(path: impl AsRef<Path>) -> Want {
        Want { what: Wanted::PackagedAtOrAbove(clean_path(path.as_ref())), direction: Direction::Before }
    }

    /// All identities that fulfil it, the best first.
    pub fn identities(&self) -> Vec<Identity> {
        match &self.what {
            Wanted::AnyOf(identities) => identities.clone(),
            Wanted::AtOrAbove(path) => path.ancestors().map(|it| Identity::Path(it.to_owned())).collect(),
            Wanted::PackagedAtOrAbove(path) => {
                path.ancestors().map(|it| Identity::Path(it.to_owned()).packaged()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_paths_are_what_their_components_make() {
        for path in [
            "/", "//", "/a", "/a/", "/a//", "/a//b", "/a/./b", "/a/.", "/./a", "/.a/..b", "a", "a/", "./a", ".", "",
            "/a/../b", "///a",
        ] {
            let expected: PathBuf = Path::new(path).components().collect();
            assert_eq!(clean_path(Path::new(path)).as_os_str(), expected.as_os_str(), "{path:?}");
        }
    }
}
