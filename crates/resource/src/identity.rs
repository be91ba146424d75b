//! What a resource is, brings and needs: the data from which automatic edges are made.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something on the machine that a resource can be, bring or need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A file or folder, without a trailing slash.
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
            Identity::Unit { name, .. } => write!(f, "unit {name}"),
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

/// A relation that a resource wants: the first of the identities that some other resource provides makes one edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// The identities, the best first.
    pub any_of: Vec<Identity>,
    /// Which of the two comes first.
    pub direction: Direction,
}

impl Identity {
    /// A path, without the slash that marks a folder.
    pub fn path(path: impl AsRef<Path>) -> Identity {
        // The components of a path do not know of a trailing slash.
        Identity::Path(path.as_ref().components().collect())
    }

    /// A unit of the system's service manager.
    pub fn unit(name: impl Into<String>) -> Identity {
        Identity::Unit { name: name.into(), session: false }
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
        Want { any_of: vec![identity], direction: Direction::Before }
    }

    /// What is wanted comes later.
    pub fn after(identity: Identity) -> Want {
        Want { any_of: vec![identity], direction: Direction::After }
    }

    /// The nearest managed folder above a path comes first.
    pub fn nearest_parent(path: &Path) -> Want {
        let any_of = path.ancestors().skip(1).map(|it| Identity::Path(it.to_owned())).collect();
        Want { any_of, direction: Direction::Before }
    }
}
