//! What the engine is told: vertices and edges, and how they change.

use resource::{AnyResource, Key, Meta, Transfer};
use span::Span;
use std::fmt;
use std::sync::Arc;

/// Names a vertex of the graph of resources. No two vertices ever have the same one, also not one after the other; a
/// resource whose statement changes keeps its vertex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VertexId(pub u64);

impl fmt::Debug for VertexId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// Why a vertex is in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The program states it.
    Managed,
    /// The program states it as hidden: it receives and is exported, and is neither watched nor run.
    Hidden,
    /// The program does not state it any more, and it is being undone.
    Undo,
}

/// A vertex: a resource, or a group of resources that are worked on together.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The resource; of a group, the member that took the others into it.
    pub key: Key,
    /// The resource; of a group, all members as one.
    pub resource: Arc<dyn AnyResource>,
    /// The metaparameters; of a group, with the semaphores of all members.
    pub meta: Arc<Meta>,
    /// Of a group, every member by itself, the leader first; otherwise empty.
    pub members: Vec<Member>,
    /// Why it is in the graph.
    pub role: Role,
    /// The statement, where there is a text.
    pub span: Option<Span>,
}

/// A member of a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// Kind and name.
    pub key: Key,
    /// The resource, by itself.
    pub resource: Arc<dyn AnyResource>,
}

/// A value that goes along an edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// Who receives it: the resource, or one of the members of a group.
    pub to: Key,
    /// What is sent, and the field that receives it.
    pub transfer: Transfer,
}

/// An edge. Two vertices have at most one in each direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Whether a change of the first notifies the second.
    pub notify: bool,
    /// The values that go along, sorted.
    pub deliveries: Vec<Delivery>,
    /// Whether nobody stated it.
    pub automatic: bool,
}

/// A change to the graph of resources. Everything that is not mentioned stays as it is.
///
/// To be taken in the order of the fields: what is linked is linked between vertices that are there by then.
#[derive(Clone, Debug, Default)]
pub struct GraphChange {
    /// Edges that are no more, including all of removed vertices.
    pub unlinked: Vec<(VertexId, VertexId)>,
    /// Vertices that are no more.
    pub removed: Vec<VertexId>,
    /// Vertices that are new or not what they were, sorted by key.
    pub set: Vec<(VertexId, Arc<Planned>)>,
    /// Edges that are new or not what they were.
    pub linked: Vec<(VertexId, VertexId, Link)>,
}

impl GraphChange {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.unlinked.is_empty() && self.removed.is_empty() && self.set.is_empty() && self.linked.is_empty()
    }
}
