//! The set of resources that a program states, and changes to it.
//!
//! Every way of stating resources (the language's runtime, graphs in YAML, catalogs) speaks in these changes, so what
//! comes behind them costs what changed and not what there is.

use span::Span;
use std::fmt;
use value::{Name, Value};

/// What tells a resource from all others: kind and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind.
    pub kind: Name,
    /// The name.
    pub name: Name,
}

impl Key {
    /// A key of its parts.
    pub fn new(kind: impl Into<Name>, name: impl Into<Name>) -> Key {
        Key { kind: kind.into(), name: name.into() }
    }
}

/// `kind[name]`
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.kind, self.name)
    }
}

/// What tells one statement of a resource or an edge from all others, while it is in the set. Whoever states resources
/// gives the numbers out; an earlier statement of a program has a smaller one where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(pub u64);

/// One resource as a program states it.
///
/// A program may state a resource several times; each is a statement of its own, with the same key. Statements that come to
/// the same resource are one; others are an error. That is found out where resources are built, not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The statement.
    pub id: StatementId,
    /// Kind and name.
    pub key: Key,
    /// The fields that are given, sorted by name.
    pub fields: Vec<(Name, Value)>,
    /// The metaparameters that are given, sorted by name.
    pub meta: Vec<(Name, Value)>,
    /// The statement, where there is a text.
    pub span: Option<Span>,
}

/// What an edge carries beside the order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transfer {
    /// What the sender sends.
    pub send: Name,
    /// The field of the receiver.
    pub receive: Name,
}

/// An edge as a program states it: `from` is right before `to` is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The statement.
    pub id: StatementId,
    /// The earlier resource.
    pub from: Key,
    /// The later resource.
    pub to: Key,
    /// Whether a change of `from` notifies `to`.
    pub notify: bool,
    /// The value that goes along, if one does.
    pub transfer: Option<Transfer>,
    /// The statement, where there is a text.
    pub span: Option<Span>,
}

/// A change to the set of resources.
///
/// Changes come in batches; a batch leads from one consistent set to the next. Within a batch each statement appears at
/// most once, and the order of changes does not matter. The same edge may be stated several times in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A resource is stated that was not before, or differently than before under the same id.
    Set(Desired),
    /// A resource is not stated any more.
    Removed(StatementId),
    /// An edge is stated that was not before.
    EdgeAdded(Edge),
    /// An edge is not stated any more.
    EdgeRemoved(StatementId),
}
