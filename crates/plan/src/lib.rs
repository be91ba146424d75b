//! From a set of resources to a graph: edges, groups, and what would happen.
//!
//! Pure data in, pure data out. What a program states arrives as batches of [`resource::Change`]; what leaves is a
//! [`GraphChange`] that says exactly which vertices and edges are not what they were.

mod change;

pub use change::{GraphChange, Link, Planned, Role, VertexId};
