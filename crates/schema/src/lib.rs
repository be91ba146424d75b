//! Kinds, functions and constants as plain data.
//!
//! Everything a user can see about a kind or a function (its signature, its manual page, completion, hover) is derived
//! from the values in this crate. The compiler sees kinds and functions only as such values, handed to it in a
//! [`Catalog`]; it does not depend on the crates that implement them.

mod catalog;
mod function;
mod kind;
pub mod manual;
mod meta;
mod source;

pub use catalog::{Catalog, Constant};
pub use function::{
    Argument, Ask, Asking, Body, CallSite, Combinator, Function, FunctionSchema, Hook, HookError, ParamSchema, Refuse,
    Signature,
};
pub use kind::{FieldSchema, KindSchema};
pub use meta::{META, MetaSchema};
pub use source::{Fact, Source, Strategy};

/// The first line of a documentation text: it stands on its own.
pub fn summary(docs: &str) -> &str {
    docs.lines().next().unwrap_or_default()
}
