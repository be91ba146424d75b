//! Case files and fixtures for tests.
//!
//! A case file is a text of several sections, each introduced by a line `-- NAME --`. A test runs what the sections
//! say and compares with the section that holds the expectation. With `UPDATE=1` in the environment the expectation
//! is rewritten instead, so that a change of wording is reviewed as a diff of case files.

mod cases;
#[cfg(feature = "kinds")]
pub mod kinds;
pub mod lab;
pub mod lock;
pub mod trace;

pub use cases::{Case, Section, cases, check_file};
