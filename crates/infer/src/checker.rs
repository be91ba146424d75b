//! The state of inference, and the loop that works through the agenda.

use crate::agenda::{Step, Uniform, Why};
use crate::calls::BuiltinCall;
use crate::fold::Values;
use crate::frame::{Frame, FrameId, Owner, Owners, Site};
use crate::table::Table;
use crate::typed::{Bases, Typed};
use crate::types::{Ty, Types};
use crate::{diag, fold};
use ::diag::Diagnostic;
use hir::{BindId, Block, ExprId, ExprKind, FunctionId, IncludeId, LoopId, Program, ScopeId, Variable};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Catalog;
use span::Span;

/// How many expressions may be inferred, counted once for each instance: what ends a tree of calls that doubles at every
/// level. A program of 10,000 resources has about 100,000.
const BUDGET: usize = 2_000_000;

pub(crate) struct Checker<'p> {
    pub(crate) program: &'p Program,
    pub(crate) catalog: &'p Catalog,
    pub(crate) owners: Owners,
    pub(crate) bases: Bases,
    pub(crate) types: Types,
    pub(crate) frames: Vec<Frame>,
    pub(crate) agenda: Vec<Step<'p>>,
    /// The type of each expression in each frame, in the order in which they were met.
    pub(crate) exprs: Table<Ty>,
    /// The type of each bind that was met; absent while its value is inferred.
    pub(crate) binds: FxHashMap<(FrameId, BindId), Option<Ty>>,
    /// The parameters of functions that are values.
    pub(crate) lambdas: FxHashMap<(FrameId, FunctionId), Vec<Ty>>,
    /// Index or key, and value.
    pub(crate) loops: FxHashMap<(FrameId, LoopId), (Ty, Ty)>,
    /// The instance that each call of a named function calls.
    pub(crate) calls: FxHashMap<(FrameId, ExprId), FrameId>,
    /// The instance that each include makes; absent while its arguments are inferred.
    pub(crate) includes: FxHashMap<(FrameId, IncludeId), Option<FrameId>>,
    /// Instances by what they were made of and for: those that may be shared.
    pub(crate) instances: FxHashMap<(Owner, FrameId, Vec<Ty>), FrameId>,
    /// Includes whose definitions are reached by an alias: each needs an instance of its own, as the use of a
    /// definition may decide its type.
    pub(crate) aliased: FxHashSet<IncludeId>,
    pub(crate) builtin_calls: Vec<BuiltinCall>,
    /// Values of fields that take every type.
    pub(crate) any_values: Vec<(ExprId, Ty)>,
    pub(crate) signatures: crate::calls::Signatures,
    pub(crate) values: Values,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Each `not …` that is the left side of a comparison, and the comparison.
    pub(crate) negations: FxHashMap<ExprId, ExprId>,
    /// What was reported, by place and code: another instance of the same mistake says nothing new.
    reported: FxHashSet<(Option<Span>, &'static str)>,
    budget: usize,
}

impl<'p> Checker<'p> {
    pub(crate) fn new(program: &'p Program, catalog: &'p Catalog) -> Checker<'p> {
        let root =
            Frame { owner: Owner::Program, outer: FrameId::ROOT, params: Vec::new(), result: None, site: Site::Root };
        Checker {
            program,
            catalog,
            owners: Owners::new(program),
            bases: Bases::new(program),
            types: Types::new(),
            frames: vec![root],
            agenda: Vec::new(),
            exprs: Table::new(program.exprs.len()),
            binds: FxHashMap::default(),
            lambdas: FxHashMap::default(),
            loops: FxHashMap::default(),
            calls: FxHashMap::default(),
            includes: FxHashMap::default(),
            instances: FxHashMap::default(),
            aliased: aliased(program),
            any_values: Vec::new(),
            builtin_calls: Vec::new(),
            signatures: crate::calls::Signatures::default(),
            values: fold::Values::default(),
            diagnostics: Vec::new(),
            negations: FxHashMap::default(),
            reported: FxHashSet::default(),
            budget: BUDGET,
        }
    }

    pub(crate) fn run(mut self) -> Typed {
        let program = self.program;
        if let Some((_, main)) = program.modules.iter().next() {
            self.block(FrameId::ROOT, &main.block);
        }
        while let Some(step) = self.agenda.pop() {
            self.step(step);
        }
        self.settle();
        ::diag::sort(&mut self.diagnostics);
        Typed::of(self)
    }

    fn step(&mut self, step: Step<'p>) {
        match step {
            Step::Infer(frame, expr) => self.infer(frame, expr),
            Step::Finish(frame, expr) => self.finish(frame, expr),
            Step::Expect(frame, expr, ty, why) => self.expect(frame, expr, ty, why),
            Step::Bind(frame, bind) => self.finish_bind(frame, bind),
            Step::Result { call: (frame, expr), callee } => self.finish_function(frame, expr, callee),
            Step::Lambda(frame, expr) => self.finish_lambda(frame, expr),
            Step::Statement(frame, statement) => self.statement(frame, statement),
            Step::ResourceName(frame, resource) => self.resource_name(frame, resource),
            Step::Field(frame, resource, line) => self.field(frame, resource, line),
            Step::Meta(frame, resource, line) => self.meta(frame, resource, line),
            Step::EdgeLine(frame, line) => self.half(frame, &line.target),
            Step::HalfName(frame, half) => self.name(frame, half.name, half.span),
            Step::Transfer(transfer) => self.transfer(transfer),
            Step::If(frame, statement) => self.branches(frame, statement),
            Step::Loop(frame, id) => self.loop_body(frame, id),
            Step::Include(frame, include) => self.include(frame, include),
            Step::Included(frame, include) => self.included(frame, include),
            Step::ClassDone(frame) => self.finish_class(frame),
        }
    }

    /// Puts the statements of a block on the agenda.
    pub(crate) fn block(&mut self, frame: FrameId, block: &'p Block) {
        self.agenda.extend(block.statements.iter().rev().map(|statement| Step::Statement(frame, statement)));
    }

    /// Counts one more expression. When there are too many, what is left of the agenda is dropped.
    pub(crate) fn spend(&mut self, span: Span) -> bool {
        if let Some(left) = self.budget.checked_sub(1) {
            self.budget = left;
            return true;
        }
        self.agenda.clear();
        self.report(diag::too_many_instances(span, BUDGET));
        false
    }

    /// Adds a diagnostic, unless the same mistake was reported at the same place.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported.insert((diagnostic.span, diagnostic.code.name())) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The type of an expression that was inferred.
    pub(crate) fn type_of(&self, frame: FrameId, expr: ExprId) -> Ty {
        self.exprs.get(frame, expr).unwrap_or(Types::ERROR)
    }

    /// The instance that holds what is defined in a scope, seen from an instance within.
    pub(crate) fn home(&self, frame: FrameId, scope: ScopeId) -> FrameId {
        let owner = self.owners.of(scope);
        let mut at = frame;
        while self.frames[at.0 as usize].owner != owner && at != FrameId::ROOT {
            at = self.frames[at.0 as usize].outer;
        }
        at
    }

    /// Follows the aliases of includes to the instance in which a name is looked up.
    ///
    /// # Errors
    /// The include that has no instance yet, with the frame in which it stands.
    pub(crate) fn reach(&self, frame: FrameId, through: &[IncludeId]) -> Result<FrameId, (FrameId, IncludeId)> {
        let mut at = frame;
        for &include in through {
            let home = self.home(at, self.program.includes[include].scope);
            match self.includes.get(&(home, include)) {
                Some(Some(instance)) => at = *instance,
                _ => return Err((home, include)),
            }
        }
        Ok(at)
    }

    /// As [`Checker::reach`], but where an instance is missing, it is made first and `again` done after that.
    /// Nothing where this must wait, or where the include leads back to itself.
    pub(crate) fn reach_or_wait(&mut self, frame: FrameId, through: &[IncludeId], again: Step<'p>) -> Option<FrameId> {
        match self.reach(frame, through) {
            Ok(at) => Some(at),
            Err(missing) if self.includes.contains_key(&missing) => {
                // The include waits for what waits for it: reported when names were resolved.
                if let Step::Infer(frame, expr) = again {
                    self.exprs.insert(frame, expr, Types::ERROR);
                }
                None
            }
            Err((home, include)) => {
                self.agenda.extend([again, Step::Include(home, include)]);
                None
            }
        }
    }

    /// Requires a type of an expression that was inferred.
    pub(crate) fn expect(&mut self, frame: FrameId, expr: ExprId, ty: Ty, why: Why<'p>) {
        let found = self.type_of(frame, expr);
        if let Err(conflict) = self.types.unify(ty, found) {
            let diagnostic = self.mismatch(frame, expr, ty, conflict, why);
            self.report(diagnostic);
            self.types.poison(found);
            self.types.poison(ty);
            if let Why::Uniform(Uniform { whole: Some(whole), .. }) = why {
                // Which of the parts is right is not known, so nothing is said of the type of the whole.
                self.exprs.insert(frame, whole, Types::ERROR);
            }
        }
    }
}

/// All includes that an alias leads through.
fn aliased(program: &Program) -> FxHashSet<IncludeId> {
    let mut found = FxHashSet::default();
    for (_, expr) in program.exprs.iter() {
        match &expr.kind {
            ExprKind::Variable(reference) if !matches!(reference.target, Variable::Constant(_)) => {
                found.extend(&reference.through);
            }
            ExprKind::Call { callee: hir::Callee::Function(reference), .. } => found.extend(&reference.through),
            _ => {}
        }
    }
    for (_, include) in program.includes.iter() {
        found.extend(&include.class.through);
    }
    found
}
