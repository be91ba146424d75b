//! What is still to be done, as data: inference never recurses on the program.

use crate::frame::FrameId;
use crate::types::Ty;
use hir::{
    Annotation, BindId, EdgeLine, ExprId, FieldLine, Half, If, IncludeId, LoopId, MetaLine, Resource, Statement,
    Transfer,
};
use span::Span;

/// One step. The last one pushed is done first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'p> {
    /// Infers an expression, its parts first.
    Infer(FrameId, ExprId),
    /// All parts of an expression are inferred.
    Finish(FrameId, ExprId),
    /// An inferred expression must have this type.
    Expect(FrameId, ExprId, Ty, Why<'p>),
    /// The value of a bind is inferred.
    Bind(FrameId, BindId),
    /// The body of a call, and the call that it is the value of, where that is in another frame.
    Result {
        call: (FrameId, ExprId),
        callee: FrameId,
    },
    /// The body of a function value is inferred.
    Lambda(FrameId, ExprId),
    Statement(FrameId, &'p Statement),
    /// The name of a resource is inferred.
    ResourceName(FrameId, &'p Resource),
    Field(FrameId, &'p Resource, &'p FieldLine),
    Meta(FrameId, &'p Resource, &'p MetaLine),
    EdgeLine(FrameId, &'p EdgeLine),
    /// The name in a half is inferred.
    HalfName(FrameId, &'p Half),
    Transfer(&'p Transfer),
    /// The condition is inferred.
    If(FrameId, &'p If),
    /// What a loop goes over is inferred.
    Loop(FrameId, LoopId),
    Include(FrameId, IncludeId),
    /// The arguments of an include are inferred.
    Included(FrameId, IncludeId),
    /// The body of a class is inferred.
    ClassDone(FrameId),
}

/// Where an expectation comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why<'p> {
    /// An annotation of a bind; the first use, because of which the bind is checked at all.
    Bind(BindId, Option<Span>),
    /// The written type of a result.
    Result(&'p Annotation),
    /// A condition of an `if`.
    Condition,
    /// A condition of a line of a resource.
    LineCondition,
    Field(&'p Resource, &'p FieldLine),
    /// A metaparameter of a resource, with its name.
    Meta(&'p Resource, &'static str),
    /// The parts of an expression are of one type.
    Uniform(Uniform),
    /// An argument of a call, by its number.
    Argument(ExprId, usize),
    /// A parameter of a class.
    ClassArgument(IncludeId, usize),
    /// A name of a resource or of half an edge.
    Name(Span),
    /// What a loop goes over.
    Over(LoopId),
    /// The hidden call of a `collect`.
    Collect,
}

/// An expression whose parts are of one type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uniform {
    /// The whole, where its type is that of its parts.
    pub(crate) whole: Option<ExprId>,
    /// The part that decides.
    pub(crate) first: ExprId,
    /// What the parts are called.
    pub(crate) parts: &'static str,
}
