//! The state of lowering, and the loop that works through the agenda.

use crate::build::Scalar;
use crate::calls::MAX_COPIES;
use crate::instance::{Given, Instance, InstanceId};
use crate::{Body, BodyId, Graph};
use hir::{BindId, Block, ExprId, FunctionId, If, IncludeId, LoopId, Program, Resource, ScopeId, Statement};
use infer::{FrameId, Typed};
use la_arena::ArenaMap;
use rustc_hash::FxHashMap;
use span::Span;

/// A node, seen from anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) body: BodyId,
    pub(crate) node: u32,
}

/// Where something is lowered: the instance that its names are looked up in, and the body that its nodes go to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub(crate) instance: InstanceId,
    pub(crate) body: BodyId,
}

/// One step. The last one pushed is done first. What an expression comes to is left on a stack of results.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'p> {
    /// Lowers an expression.
    Expr(At, ExprId),
    /// The parts of an expression are on the stack.
    Finish(At, ExprId),
    /// The condition of an `if` expression is on the stack.
    Choose(At, ExprId),
    /// The condition is on the stack, the bodies are complete.
    Chosen(At, ExprId, BodyId, BodyId),
    /// The primary of a fallback is on the stack.
    Guard(At, ExprId),
    /// The primary is on the stack, the body of the fallback is complete.
    Guarded(At, ExprId, BodyId),
    /// The value of a bind is on the stack, and stays there.
    Bound(InstanceId, BindId),
    /// The value of a class's parameter is on the stack, and stays there.
    Passed(InstanceId, usize),
    /// The value of a body is on the stack.
    Result(BodyId),
    /// The body of a function value is complete.
    Close(At, ExprId, BodyId),
    /// The body of a function that is called by name is complete; the arguments are on the stack.
    Apply(At, ExprId, BodyId),
    Statement(At, &'p Statement),
    /// The name of a `collect` is on the stack, and stays there.
    Collected(At, &'p Resource),
    /// Everything of a resource is on the stack.
    Resource(At, &'p Resource),
    /// All names of an edge statement are on the stack.
    Edges(At, &'p Statement),
    /// The condition of a statement is on the stack.
    Branch(At, &'p If),
    /// The bodies of a conditional statement are complete; the condition is on the stack.
    Branched(At, &'p If, BodyId, Option<BodyId>),
    /// What a loop goes over is on the stack.
    Repeat(At, LoopId),
    /// The body of a loop is complete; what it goes over is on the stack.
    Repeated(At, LoopId, BodyId),
}

pub(crate) struct Lowering<'p> {
    pub(crate) program: &'p Program,
    pub(crate) typed: &'p Typed,
    pub(crate) graph: Graph,
    pub(crate) agenda: Vec<Step<'p>>,
    pub(crate) results: Vec<Place>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) includes: FxHashMap<(InstanceId, IncludeId), InstanceId>,
    /// The include that is one too many.
    pub(crate) excess: Option<Span>,
    /// The bodies of blocks that have one of their own.
    pub(crate) scopes: FxHashMap<(InstanceId, ScopeId), BodyId>,
    pub(crate) binds: FxHashMap<(InstanceId, BindId), Place>,
    /// Parameters of classes.
    pub(crate) passed: FxHashMap<(InstanceId, usize), Place>,
    /// Bodies of functions that are values, for their parameters.
    pub(crate) lambdas: FxHashMap<(InstanceId, FunctionId), BodyId>,
    /// Bodies of loops, for their variables.
    pub(crate) loops: FxHashMap<(InstanceId, LoopId), BodyId>,
    /// Bodies of functions that are called by name: one for each set of types and each place of definition.
    pub(crate) functions: FxHashMap<(FrameId, InstanceId), BodyId>,
    /// Names that two things read.
    pub(crate) known: FxHashMap<(InstanceId, ExprId), Place>,
    /// How many bodies are around each body.
    pub(crate) depths: ArenaMap<BodyId, u32>,
    /// Constants of each body that can be shared.
    pub(crate) constants: FxHashMap<(BodyId, Scalar), u32>,
    /// Calls of each body that can be shared: what computes the same from the same needs to be there only once.
    pub(crate) applied: FxHashMap<(BodyId, BodyId, Vec<Place>), u32>,
    /// Complete bodies of functions that only compute.
    pub(crate) pure: ArenaMap<BodyId, bool>,
    pub(crate) hostname: Option<Place>,
    /// How many calls within calls are being copied, and how many nodes may still be.
    pub(crate) copying: usize,
    pub(crate) copies_left: usize,
}

impl<'p> Lowering<'p> {
    pub(crate) fn new(program: &'p Program, typed: &'p Typed) -> Lowering<'p> {
        let mut graph = Graph::default();
        let root = graph.bodies.alloc(Body::default());
        graph.root = Some(root);
        let program_instance =
            Instance { frame: FrameId::ROOT, outer: InstanceId::ROOT, body: root, given: Given::Nothing };
        let mut depths = ArenaMap::default();
        depths.insert(root, 0);
        Lowering {
            program,
            typed,
            graph,
            agenda: Vec::new(),
            results: Vec::new(),
            instances: vec![program_instance],
            includes: FxHashMap::default(),
            excess: None,
            scopes: FxHashMap::default(),
            binds: FxHashMap::default(),
            passed: FxHashMap::default(),
            lambdas: FxHashMap::default(),
            loops: FxHashMap::default(),
            functions: FxHashMap::default(),
            known: FxHashMap::default(),
            depths,
            constants: FxHashMap::default(),
            applied: FxHashMap::default(),
            pure: ArenaMap::default(),
            hostname: None,
            copying: 0,
            copies_left: MAX_COPIES,
        }
    }

    /// Lowers the program, or answers with the include that is one too many.
    pub(crate) fn run(mut self) -> Result<Graph, Span> {
        let program = self.program;
        let root = At { instance: InstanceId::ROOT, body: self.instance(InstanceId::ROOT).body };
        if let Some((_, main)) = program.modules.iter().next() {
            self.block(root, &main.block);
        }
        while let Some(step) = self.agenda.pop() {
            self.step(step);
            if let Some(include) = self.excess {
                return Err(include);
            }
        }
        debug_assert!(self.results.is_empty(), "what was lowered was used");
        Ok(self.graph)
    }

    fn step(&mut self, step: Step<'p>) {
        match step {
            Step::Expr(at, expr) => self.expr(at, expr),
            Step::Finish(at, expr) => self.finish(at, expr),
            Step::Choose(at, expr) => self.choose(at, expr),
            Step::Chosen(at, expr, then, otherwise) => self.chosen(at, expr, then, otherwise),
            Step::Guard(at, expr) => self.guard(at, expr),
            Step::Guarded(at, expr, fallback) => self.guarded(at, expr, fallback),
            Step::Bound(instance, bind) => _ = self.binds.insert((instance, bind), self.top()),
            Step::Passed(instance, number) => _ = self.passed.insert((instance, number), self.top()),
            Step::Result(body) => self.result(body),
            Step::Close(at, expr, body) => self.close(at, expr, body),
            Step::Apply(at, expr, body) => self.apply(at, expr, body),
            Step::Statement(at, statement) => self.statement(at, statement),
            Step::Collected(at, resource) => {
                let name = self.top();
                self.known.insert((at.instance, resource.name), name);
            }
            Step::Resource(at, resource) => self.finish_resource(at, resource),
            Step::Edges(at, statement) => self.finish_edges(at, statement),
            Step::Branch(at, statement) => self.branch(at, statement),
            Step::Branched(at, statement, then, otherwise) => self.branched(at, statement, then, otherwise),
            Step::Repeat(at, id) => self.repeat(at, id),
            Step::Repeated(at, id, body) => self.repeated(at, id, body),
        }
    }

    /// Puts the statements of a block on the agenda.
    pub(crate) fn block(&mut self, at: At, block: &'p Block) {
        self.agenda.extend(block.statements.iter().rev().map(|statement| Step::Statement(at, statement)));
    }

    /// Puts expressions on the agenda; what they come to is on the stack in their order.
    pub(crate) fn exprs(&mut self, at: At, exprs: impl DoubleEndedIterator<Item = ExprId>) {
        self.agenda.extend(exprs.rev().map(|expr| Step::Expr(at, expr)));
    }

    pub(crate) fn pop(&mut self) -> Place {
        self.results.pop().expect("a step leaves on the stack what the next one takes")
    }

    /// The last results, as many as asked for, in their order.
    pub(crate) fn pop_all(&mut self, count: usize) -> Vec<Place> {
        self.results.split_off(self.results.len() - count)
    }

    fn top(&self) -> Place {
        *self.results.last().expect("a step leaves on the stack what the next one takes")
    }

    pub(crate) fn span(&self, expr: ExprId) -> Span {
        self.program.exprs[expr].span
    }
}
