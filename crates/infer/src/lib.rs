//! Type inference.
//!
//! One pass over everything that has an effect. Each expression yields a constraint, which is solved at once; the order
//! of constraints decides which place is blamed where two do not agree. What a name stands for is inferred where
//! the first reference to it is met, so what is never used is never checked.
//!
//! Classes and named functions are templates: each include and each call has types of its own. A [`FrameId`] stands for
//! one such instance. Nothing is copied for it: an expression has a type *in a frame*. Instances whose arguments have
//! equal types share a frame, so a tree of calls costs what its distinct instances cost.
//!
//! Nothing here recurses on the program: steps still to be done are kept on an agenda.

mod agenda;
mod calls;
mod checker;
mod diag;
mod explain;
mod expressions;
mod fold;
mod frame;
mod settle;
mod statements;
mod table;
mod typed;
mod types;

pub use fold::evaluate;
pub use frame::{FrameId, Owner, Owners};
pub use typed::{Bases, Typed};

use hir::Program;
use schema::Catalog;

/// Finds the type of everything in a program that has an effect, and what is wrong with it.
pub fn infer(program: &Program, catalog: &Catalog) -> Typed {
    checker::Checker::new(program, catalog).run()
}
