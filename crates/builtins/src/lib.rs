//! The functions of the language, one file each.
//!
//! A folder stands for a module users import, a file for a function or a family of functions that share one table. A
//! function is a plain Rust function under `#[builtin]`, which makes a row of it; each folder's `mod.rs` lists the
//! rows of its module, and [`catalog`] hands all of them to the compiler. Nothing here looks at the world: a function
//! that follows it names a [`schema::Source`], and says how to make its value of what the source sends.
//!
//! To add a function: its file, a `mod` line and a row in the folder's `mod.rs`, and a line in `cases/functions`.

mod bound;
mod constants;
mod convert;
mod datetime;
mod deploy;
mod encoding;
mod example;
mod fmt;
mod global;
mod golang;
mod iter;
mod list;
mod local;
mod map;
mod math;
mod net;
mod os;
mod regexp;
mod shape;
mod strings;
mod sys;
mod table;
mod test;
mod util;
mod value;
mod world;

pub use constants::constants;
pub use table::{catalog, functions};
