//! From a set of resources to a graph: edges, groups, and what would happen.
//!
//! Pure data in, pure data out. What a program states arrives as batches of [`resource::Change`]; what leaves is a
//! [`GraphChange`] that says exactly which vertices and edges are not what they were.
//!
//! A [`Plan`] keeps two things apart. *Stated* is what the program says now, right or wrong: statements, the resources that
//! they come to, edges between them. *Published* is the graph that the engine was told last. A batch always changes what is
//! stated; it is published only when nothing that is stated is in error, so the last good graph stands until then.

mod automatic;
mod build;
mod change;
mod claims;
mod diag;
mod dry_run;
mod exported;
mod groups;
mod links;
mod nodes;
mod paths;
mod plan;
mod publish;
mod receive;
mod sets;
mod undo;
mod view;

pub use build::examine;
pub use change::{Delivery, GraphChange, Link, Member, Planned, Role, VertexId};
pub use dry_run::{Certainty, DryRun, Look, PlannedStep, Sight};
pub use plan::{Changed, Exporting, Options, Plan};
pub use receive::{Effective, Received, sent_part};
pub use view::{Vertex, View, ViewEdge};
