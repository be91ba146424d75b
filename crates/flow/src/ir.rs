//! The function graph as data.

pub use hir::{Relation, WrittenText};
use la_arena::{Arena, Idx};
use schema::Function;
use span::Span;
use std::sync::Arc;
use value::{Failure, FuncType, Name, Type, Value};

/// A body.
pub type BodyId = Idx<Body>;

/// A whole program.
#[derive(Debug, Default)]
pub struct Graph {
    /// All bodies.
    pub bodies: Arena<Body>,
    /// The main program's.
    pub root: Option<BodyId>,
}

/// The template of a region.
#[derive(Debug, Default)]
pub struct Body {
    /// The body around it; `None` for the main program. The region of that body which made this one is its parent.
    pub parent: Option<BodyId>,
    /// How many values are handed in: arguments of a function; index and value, or key and value, of a loop.
    pub params: usize,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The value of the body, where it is one of an expression.
    pub result: Option<Slot>,
    /// The effects, in the order of the program.
    pub templates: Vec<Template>,
}

/// A node of a body, seen from a body within: how many bodies up, and which one there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// How many bodies up; 0 is the body itself.
    pub up: u32,
    /// The node's number in that body.
    pub node: u32,
}

/// A node: one value over time.
#[derive(Debug)]
pub struct Node {
    /// How it is computed.
    pub op: Op,
    /// The expression, for errors. Where a function's body stands in place of a call, the call. A body that several calls
    /// share has its own places: a failure that comes out of it belongs to the node of the call.
    pub span: Span,
}

/// How a node is computed. Most are constants: what is larger than one of these is in a box.
#[derive(Debug)]
pub enum Op {
    /// A constant.
    Constant(Value),
    /// The value handed in, by its number.
    Param(usize),
    /// The name of this host.
    Hostname,
    /// A list.
    List(Vec<Slot>),
    /// A map; of two equal keys the later one wins.
    Map(Vec<(Slot, Slot)>),
    /// A struct.
    Struct(Vec<(Name, Slot)>),
    /// A function of the catalog: a pure one, a stream, or a combinator.
    Builtin(Box<Builtin>),
    /// A function value; it keeps the region in which it stands.
    Closure {
        /// The body of the function.
        body: BodyId,
        /// The type of the function.
        ty: Type,
    },
    /// A call of a function that is known: a region of its body.
    Apply {
        /// The body. Its region's parent is the nearest region of `body.parent` around this node.
        body: BodyId,
        /// The arguments.
        args: Vec<Slot>,
    },
    /// A call of a function value.
    Call {
        /// The function.
        callee: Slot,
        /// The arguments.
        args: Vec<Slot>,
    },
    /// One of two bodies.
    If {
        /// The condition.
        condition: Slot,
        /// The body where it holds.
        then: BodyId,
        /// The body where it does not.
        otherwise: BodyId,
    },
    /// A value, and a body that takes its place while it fails catchably.
    Except {
        /// The value.
        primary: Slot,
        /// The body of the fallback.
        fallback: BodyId,
    },
}

/// A call of a function of the catalog.
#[derive(Debug)]
pub struct Builtin {
    /// The function.
    pub function: &'static Function,
    /// The solved type of the call.
    pub ty: Arc<FuncType>,
    /// The folder of the module that contains the call.
    pub base: Arc<str>,
    /// The arguments.
    pub args: Vec<Slot>,
    /// Of a function whose failures point into texts: where the arguments are written, as far as they are strings.
    pub texts: Box<[Option<WrittenText>]>,
}

impl Builtin {
    /// The place in the program that a failure of the call points at.
    pub fn place_of(&self, failure: &Failure) -> Option<Span> {
        let part = failure.part()?;
        self.texts.get(part.argument)?.as_ref()?.part(&part.bytes)
    }
}

/// An effect. Most are resources: what is larger than one of these is in a box.
#[derive(Debug)]
pub enum Template {
    /// Resources.
    Resource(Box<ResourceTemplate>),
    /// An edge between every pair of a resource named in `from` and one named in `to`.
    Edge(Box<EdgeTemplate>),
    /// One of two bodies.
    If {
        /// The condition.
        condition: Slot,
        /// The body where it holds.
        then: BodyId,
        /// The body where it does not.
        otherwise: Option<BodyId>,
        /// The statement.
        span: Span,
    },
    /// A body for each element; two values are handed in: index and value, or key and value.
    Loop {
        /// The list or map.
        over: Slot,
        /// Whether it is a map.
        over_map: bool,
        /// The body.
        body: BodyId,
        /// The statement.
        span: Span,
    },
}

/// The template of resources: one for each name.
#[derive(Debug)]
pub struct ResourceTemplate {
    /// The kind.
    pub kind: Name,
    /// The name, or the list of names, or for `collect` what the name expression is.
    pub name: Slot,
    /// The fields.
    pub fields: Box<[FieldTemplate]>,
    /// The metaparameters; a struct of several has no name.
    pub meta: Box<[FieldTemplate]>,
    /// The edges of the statement.
    pub edges: Box<[EdgeLineTemplate]>,
    /// For `collect`: the exported resources, as the hidden function `_collect` delivers them.
    pub collect: Option<Slot>,
    /// The statement.
    pub span: Span,
}

/// A field or metaparameter.
#[derive(Debug)]
pub struct FieldTemplate {
    /// The name; empty for a struct of metaparameters.
    pub name: Name,
    /// The condition under which it is given, if there is one.
    pub condition: Option<Slot>,
    /// The value.
    pub value: Slot,
    /// The line.
    pub span: Span,
}

/// An edge of a resource statement.
#[derive(Debug)]
pub struct EdgeLineTemplate {
    /// The relation.
    pub relation: Relation,
    /// The condition under which it is given, if there is one.
    pub condition: Option<Slot>,
    /// The other resource's kind.
    pub kind: Name,
    /// The other resource's name, or a list of names.
    pub name: Slot,
    /// The line.
    pub span: Span,
}

/// An edge statement.
#[derive(Debug)]
pub struct EdgeTemplate {
    /// The earlier resource or resources: kind and name.
    pub from: (Name, Slot),
    /// The later resource or resources: kind and name.
    pub to: (Name, Slot),
    /// What goes along: sent name and receiving field.
    pub transfer: Option<(Name, Name)>,
    /// The statement.
    pub span: Span,
}
