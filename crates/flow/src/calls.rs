//! Calls: of functions of the catalog, of named functions, of function values.

use crate::instance::{Given, Instance};
use crate::lower::{At, Lowering, Place, Step};
use crate::{BodyId, Builtin, Node, Op, Slot, WrittenText};
use hir::{ExprId, ExprKind, FunctionId, Reference};
use infer::FrameId;
use schema::{Body, CallSite, Function};
use span::Span;
use std::sync::Arc;
use value::{FuncType, Name, Type, Value};

/// Bodies of functions with no more nodes than this stand where they are called.
const SMALL: usize = 8;

/// The same where all arguments are known, so that most of it is computed while compiling.
const SMALL_OF_CONSTANTS: usize = 64;

/// How deeply calls within calls stand where they are called, and how many nodes come of it in the whole program.
const MAX_COPYING: usize = 32;
pub(crate) const MAX_COPIES: usize = 200_000;

impl<'p> Lowering<'p> {
    pub(crate) fn call_builtin(&mut self, at: At, id: ExprId, function: &'static Function, args: &[Place]) -> Place {
        let span = self.span(id);
        let ty = self.typed.builtin_call(self.instance(at.instance).frame, id).cloned();
        let ty = ty.unwrap_or_else(|| FuncType { params: Vec::new(), result: Type::Error }.into());
        let texts = if function.schema.points { self.texts(id) } else { [].into() };
        self.builtin(at.body, Called { function, ty, base: self.typed.base(span), texts }, args, span)
    }

    /// Where the arguments of a call are written, as far as they are strings.
    fn texts(&self, call: ExprId) -> Box<[Option<WrittenText>]> {
        let ExprKind::Call { args, .. } = &self.program.exprs[call].kind else { return [].into() };
        args.iter().map(|&arg| self.program.written_text(arg)).collect()
    }

    /// A call of a function of the catalog, or its value where that is known.
    fn builtin(&mut self, body: BodyId, called: Called, args: &[Place], span: Span) -> Place {
        let Called { function, ty, base, texts } = called;
        let value = self
            .all_constant(args)
            .and_then(|values| infer::evaluate(function, &CallSite { ty: &ty, base: &base }, &values));
        match value {
            Some(value) => self.push_constant(body, value, span),
            None => {
                let args = self.slots(body, args);
                self.push(body, Op::Builtin(Box::new(Builtin { function, ty, base, args, texts })), span)
            }
        }
    }

    pub(crate) fn list(&mut self, body: BodyId, parts: &[Place], span: Span) -> Place {
        match self.all_constant(parts) {
            Some(values) => self.push_constant(body, Value::list(values), span),
            None => self.push(body, Op::List(self.slots(body, parts)), span),
        }
    }

    /// A map of keys and values in turn.
    pub(crate) fn map(&mut self, body: BodyId, parts: &[Place], span: Span) -> Place {
        match self.all_constant(parts) {
            Some(values) => self.push_constant(body, Value::map(pairs(&values)), span),
            None => self.push(body, Op::Map(pairs(&self.slots(body, parts)).collect()), span),
        }
    }

    pub(crate) fn structure(&mut self, body: BodyId, names: Vec<Name>, parts: &[Place], span: Span) -> Place {
        match self.all_constant(parts) {
            Some(values) => self.push_constant(body, Value::structure(names.into_iter().zip(values)), span),
            None => {
                let fields = names.into_iter().zip(self.slots(body, parts)).collect();
                self.push(body, Op::Struct(fields), span)
            }
        }
    }

    pub(crate) fn call_function(&mut self, at: At, id: ExprId, reference: &'p Reference<FunctionId>, args: Vec<Place>) {
        let program = self.program;
        let data = &program.functions[reference.target];
        let from = self.reach(at.instance, &reference.through);
        let outer = self.home(from, data.defined_in);
        let frame = self.typed.call(self.instance(at.instance).frame, id).unwrap_or(FrameId::ROOT);
        self.results.extend(args);
        if let Some(&body) = self.functions.get(&(frame, outer)) {
            return self.apply(at, id, body);
        }
        let parent = self.body_of_scope(outer, data.defined_in);
        let body = self.body(parent, data.params.len(), data.span);
        let params = (0..data.params.len()).map(|number| self.param(body, number)).collect();
        let instance = self.add_instance(Instance { frame, outer, body, given: Given::Values(params) });
        self.functions.insert((frame, outer), body);
        self.agenda.push(Step::Apply(at, id, body));
        self.agenda.push(Step::Result(body));
        self.agenda.push(Step::Expr(At { instance, body }, data.body));
    }

    pub(crate) fn apply(&mut self, at: At, id: ExprId, body: BodyId) {
        let args = self.pop_all(self.graph.bodies[body].params);
        let place = self.apply_body(at.body, body, &args, self.span(id));
        self.results.push(place);
    }

    pub(crate) fn call_value(&mut self, at: At, span: Span, callee: Place, args: &[Place]) -> Place {
        if let Op::Closure { body, .. } = self.node(callee).op {
            return self.apply_body(at.body, body, args, span);
        }
        let (callee, args) = (self.slot(at.body, callee), self.slots(at.body, args));
        self.push(at.body, Op::Call { callee, args }, span)
    }

    pub(crate) fn close(&mut self, at: At, id: ExprId, body: BodyId) {
        let frame = self.instance(at.instance).frame;
        let ty = self.typed.expr(frame, id).cloned().unwrap_or(Type::Error);
        let place = self.push(at.body, Op::Closure { body, ty }, self.span(id));
        self.results.push(place);
    }

    /// What a complete body comes to for these arguments, in another body.
    fn apply_body(&mut self, into: BodyId, body: BodyId, args: &[Place], span: Span) -> Place {
        if let Some(place) = self.in_place(into, body, args, span) {
            return place;
        }
        let key = (into, body, args.to_vec());
        let shared = self.is_pure(body);
        if shared && let Some(&node) = self.applied.get(&key) {
            return Place { body: into, node };
        }
        let place = self.push(into, Op::Apply { body, args: self.slots(into, args) }, span);
        if shared {
            self.applied.insert(key, place.node);
        }
        place
    }

    /// The body in place of its call, where it is small, or where all arguments are known and decide every condition in it.
    fn in_place(&mut self, into: BodyId, body: BodyId, args: &[Place], span: Span) -> Option<Place> {
        let data = &self.graph.bodies[body];
        let size = data.nodes.len() - data.params;
        if size <= SMALL && data.nodes.iter().all(is_flat) {
            return self.copy(into, body, args, None, span);
        }
        self.all_constant(args)?;
        self.copies_left = self.copies_left.checked_sub(size.max(1))?;
        self.copying += 1;
        let place = if size <= SMALL_OF_CONSTANTS && self.copying <= MAX_COPYING {
            self.copy(into, body, args, None, span)
        } else {
            None
        };
        self.copying -= 1;
        place
    }

    /// Copies the nodes of a body with arguments in place of its parameters. Errors in them are errors of the call.
    ///
    /// Nothing where the body makes functions or has a condition or fallback that is still open. What was copied until
    /// then is read by nobody.
    fn copy(
        &mut self,
        into: BodyId,
        body: BodyId,
        args: &[Place],
        around: Option<&Copies<'_>>,
        span: Span,
    ) -> Option<Place> {
        let mut copies = Copies { body, places: Vec::with_capacity(self.graph.bodies[body].nodes.len()), around };
        for at in 0..self.graph.bodies[body].nodes.len() {
            let place = match &self.graph.bodies[body].nodes[at].op {
                Op::Param(number) => args[*number],
                Op::Constant(value) => {
                    let value = value.clone();
                    self.push_constant(into, value, span)
                }
                Op::List(slots) => {
                    let parts = copies.all(self, slots);
                    self.list(into, &parts, span)
                }
                Op::Map(entries) => {
                    let slots: Vec<Slot> = entries.iter().flat_map(|&(key, value)| [key, value]).collect();
                    let parts = copies.all(self, &slots);
                    self.map(into, &parts, span)
                }
                Op::Struct(fields) => {
                    let (names, slots): (Vec<Name>, Vec<Slot>) = fields.iter().cloned().unzip();
                    let parts = copies.all(self, &slots);
                    self.structure(into, names, &parts, span)
                }
                Op::Builtin(builtin) => {
                    let called = Called::of(builtin);
                    let parts = copies.all(self, &builtin.args);
                    self.builtin(into, called, &parts, span)
                }
                Op::Apply { body, args } => {
                    let (body, args) = (*body, copies.all(self, args));
                    self.apply_body(into, body, &args, span)
                }
                Op::If { condition, then, otherwise } => {
                    let branches = (*then, *otherwise);
                    let condition = self.constant(copies.of(self, *condition)).and_then(Value::as_bool)?;
                    let branch = if condition { branches.0 } else { branches.1 };
                    self.copy(into, branch, &[], Some(&copies), span)?
                }
                Op::Except { primary, .. } => {
                    let primary = copies.of(self, *primary);
                    self.constant(primary)?;
                    primary
                }
                Op::Hostname | Op::Closure { .. } | Op::Call { .. } => return None,
            };
            copies.places.push(place);
        }
        let result = self.graph.bodies[body].result.expect("a complete body has a value");
        Some(copies.of(self, result))
    }

    /// Whether a complete body computes the same from the same, always: it may be there once for equal arguments.
    fn is_pure(&mut self, body: BodyId) -> bool {
        if let Some(&known) = self.pure.get(body) {
            return known;
        }
        // Bodies nest as deeply as expressions do; those of other functions are known already.
        let nested: Option<Vec<BodyId>> = self.graph.bodies[body].nodes.iter().try_fold(Vec::new(), |mut all, node| {
            match &node.op {
                Op::Builtin(builtin) if !matches!(builtin.function.body, Body::Pure(_)) => return None,
                Op::Closure { .. } | Op::Call { .. } => return None,
                Op::If { then, otherwise, .. } => all.extend([*then, *otherwise]),
                Op::Except { fallback, .. } => all.push(*fallback),
                Op::Apply { body, .. } => all.push(*body),
                _ => {}
            }
            Some(all)
        });
        let pure = nested.is_some_and(|nested| nested.into_iter().all(|body| self.is_pure(body)));
        self.pure.insert(body, pure);
        pure
    }
}

/// A call of a function of the catalog, without its arguments.
struct Called {
    function: &'static Function,
    ty: Arc<FuncType>,
    base: Arc<str>,
    texts: Box<[Option<WrittenText>]>,
}

impl Called {
    fn of(builtin: &Builtin) -> Called {
        let Builtin { function, ty, base, args: _, texts } = builtin;
        Called { function, ty: ty.clone(), base: base.clone(), texts: texts.clone() }
    }
}

/// Where the nodes of a body were copied to, and those of the bodies around it that were copied with it.
struct Copies<'a> {
    body: BodyId,
    places: Vec<Place>,
    around: Option<&'a Copies<'a>>,
}

impl Copies<'_> {
    /// The place of what a slot of the body means, which is a copy or was never copied.
    fn of(&self, lowering: &Lowering<'_>, slot: Slot) -> Place {
        match (slot.up.checked_sub(1), self.around) {
            (None, _) => self.places[slot.node as usize],
            (Some(up), Some(around)) => around.of(lowering, Slot { up, ..slot }),
            (Some(_), None) => lowering.place(self.body, slot),
        }
    }

    fn all(&self, lowering: &Lowering<'_>, slots: &[Slot]) -> Vec<Place> {
        slots.iter().map(|&slot| self.of(lowering, slot)).collect()
    }
}

/// Whether a node holds no other body.
fn is_flat(node: &Node) -> bool {
    matches!(node.op, Op::Constant(_) | Op::Param(_) | Op::List(_) | Op::Map(_) | Op::Struct(_) | Op::Builtin(_))
}

/// Neighbours, two by two.
fn pairs<T: Clone>(values: &[T]) -> impl Iterator<Item = (T, T)> {
    values.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()))
}
