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

mod ir;

pub use ir::*;
