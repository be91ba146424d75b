//! The typed program as a function graph of regions.
//!
//! Lowering turns a typed program into [`Body`]s. A body is the template of a *region*: the main program, the block of a
//! condition, the body of a loop, of a function, a fallback. The runtime makes regions of bodies and drops them as a unit.
//! A body lists nodes, each of which reads others of the same body or of a body around it; the order of nodes is such
//! that a node reads only earlier ones of its own body. Classes are gone: each include has become nodes and templates of the
//! body in which it stands.
//!
//! Nodes have no effect. Effects are [`Template`]s: resources, edges, and conditions and loops that hold more of them.
//! A node is computed only while a template depends on it.
//!
//! What is known while compiling is computed then: a pure function of constants is a constant, unless it fails or could
//! become large, and of a condition that is known only one branch is left. What a call of a small function computes stands
//! where the call stands; other calls of a function share its body.

mod build;
mod calls;
mod constants;
mod diag;
mod dump;
mod expressions;
mod instance;
mod ir;
mod lower;
mod measure;
mod places;
mod prune;
mod statements;
mod visit;

pub use dump::dump;
pub use ir::*;
pub use places::point_at_lines;

use ::diag::Diagnostic;
use hir::Program;
use infer::Typed;
use schema::Catalog;

/// Turns a program without mistakes into a graph. Refuses what would expand to more than any machine can hold.
pub fn lower(program: &Program, typed: &Typed, catalog: &Catalog) -> (Graph, Vec<Diagnostic>) {
    let graph = match lower::Lowering::new(program, typed).run() {
        Ok(graph) => prune::prune(graph),
        Err(include) => return (Graph::default(), vec![diag::includes_too_much(include, instance::MAX_INCLUDES)]),
    };
    let mut diagnostics = measure::check(&graph);
    diagnostics.extend(constants::check(&graph, catalog));
    (graph, diagnostics)
}
