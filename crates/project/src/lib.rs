//! Programs and modules on disk and from git.
//!
//! A [`Project`] is a program with the modules that it imports: it finds them by the rules of their `metadata.yaml`,
//! downloads what is missing where that is allowed, and is the [`hir::World`] of the compiler. What the program can read
//! while it runs, its own files and those of its modules, is a tree of its own: [`ProgramFiles`].
//!
//! Invariants: a module is read once; nothing is downloaded unless the options say so; a path of the program's tree never
//! leads out of the folders that belong to it by its own text.

mod diag;
mod files;
mod git;
mod input;
mod metadata;
mod modules;
mod stamp;

pub use diag::reason;
pub use files::{Entry, FileError, ProgramFiles};
pub use input::Input;
pub use metadata::Metadata;
pub use modules::{Options, Project};
pub use stamp::Stamp;
