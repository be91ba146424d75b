//! Expressions: each comes to a node.

use crate::instance::{Given, InstanceId};
use crate::lower::{At, Lowering, Place, Step};
use crate::{BodyId, Op};
use hir::{Callee, ExprId, ExprKind, Reference, Variable};
use span::Span;
use value::Value;

impl<'p> Lowering<'p> {
    pub(crate) fn expr(&mut self, at: At, id: ExprId) {
        let program = self.program;
        if let Some(&place) = self.known.get(&(at.instance, id)) {
            self.results.push(place);
            return;
        }
        let expr = &program.exprs[id];
        match &expr.kind {
            ExprKind::Literal(value) => {
                let place = self.push_constant(at.body, value.clone(), expr.span);
                self.results.push(place);
            }
            ExprKind::List(elements) => {
                self.agenda.push(Step::Finish(at, id));
                self.exprs(at, elements.iter().copied());
            }
            ExprKind::Map(entries) => {
                self.agenda.push(Step::Finish(at, id));
                for &(key, value) in entries.iter().rev() {
                    self.exprs(at, [key, value].into_iter());
                }
            }
            ExprKind::Struct(fields) => {
                self.agenda.push(Step::Finish(at, id));
                self.exprs(at, fields.iter().map(|field| field.value));
            }
            ExprKind::Variable(reference) => self.variable(at, reference, expr.span),
            ExprKind::Call { callee, args } => {
                self.agenda.push(Step::Finish(at, id));
                self.exprs(at, args.iter().copied());
                if let Callee::Value(function) = callee {
                    self.agenda.push(Step::Expr(at, *function));
                }
            }
            ExprKind::Function(function) => {
                let data = &program.functions[*function];
                let body = self.body(at.body, data.params.len(), data.span);
                self.lambdas.insert((at.instance, *function), body);
                self.agenda.push(Step::Close(at, id, body));
                self.agenda.push(Step::Result(body));
                self.agenda.push(Step::Expr(At { body, ..at }, data.body));
            }
            ExprKind::If { condition, .. } => {
                self.agenda.push(Step::Choose(at, id));
                self.agenda.push(Step::Expr(at, *condition));
            }
            ExprKind::Except { primary, .. } => {
                self.agenda.push(Step::Guard(at, id));
                self.agenda.push(Step::Expr(at, *primary));
            }
            ExprKind::Error => {
                // Nothing is lowered of a program with mistakes that would be run; the value does not matter.
                let place = self.push_constant(at.body, Value::Bool(false), expr.span);
                self.results.push(place);
            }
        }
    }

    fn variable(&mut self, at: At, reference: &'p Reference<Variable>, span: Span) {
        let program = self.program;
        let from = self.reach(at.instance, &reference.through);
        let place = match reference.target {
            Variable::Bind(bind) => {
                let data = &program.binds[bind];
                let home = self.home(from, data.scope);
                match self.binds.get(&(home, bind)) {
                    Some(&place) => place,
                    None => {
                        self.agenda.push(Step::Bound(home, bind));
                        let body = self.body_of_scope(home, data.scope);
                        self.agenda.push(Step::Expr(At { instance: home, body }, data.value));
                        return;
                    }
                }
            }
            Variable::ClassParam(class, number) => {
                let home = self.home(from, program.classes[class].scope);
                match self.passed.get(&(home, number)) {
                    Some(&place) => place,
                    None => return self.class_argument(home, number),
                }
            }
            Variable::FunctionParam(function, number) => {
                let data = &program.functions[function];
                let home = self.home(from, data.scope);
                match (&data.name, &self.instance(home).given) {
                    (Some(_), Given::Values(places)) => places[number],
                    _ => self.param(self.lambdas[&(home, function)], number),
                }
            }
            Variable::LoopFirst(id) => self.loop_variable(from, id, 0),
            Variable::LoopSecond(id) => self.loop_variable(from, id, 1),
            Variable::Constant(constant) => self.push_constant(at.body, constant.value.clone(), span),
            Variable::Hostname => match self.hostname {
                Some(place) => place,
                None => {
                    let root = self.instance(InstanceId::ROOT).body;
                    let place = self.push(root, Op::Hostname, span);
                    self.hostname = Some(place);
                    place
                }
            },
        };
        self.results.push(place);
    }

    fn loop_variable(&self, from: InstanceId, id: hir::LoopId, number: usize) -> Place {
        let home = self.home(from, self.program.loops[id].scope);
        self.param(self.loops[&(home, id)], number)
    }

    /// The node of what is handed in to a body: these nodes come first.
    pub(crate) fn param(&self, body: BodyId, number: usize) -> Place {
        Place { body, node: u32::try_from(number).expect("a function has few parameters") }
    }

    fn class_argument(&mut self, instance: InstanceId, number: usize) {
        let Given::Include(parent, include) = self.instance(instance).given else {
            unreachable!("a class has an instance for each include")
        };
        let data = &self.program.includes[include];
        let body = self.body_of_scope(parent, data.scope);
        self.agenda.push(Step::Passed(instance, number));
        self.agenda.push(Step::Expr(At { instance: parent, body }, data.args[number]));
    }

    /// Finishes what has its parts on the stack.
    pub(crate) fn finish(&mut self, at: At, id: ExprId) {
        let program = self.program;
        let span = self.span(id);
        let place = match &program.exprs[id].kind {
            ExprKind::List(elements) => {
                let parts = self.pop_all(elements.len());
                self.list(at.body, &parts, span)
            }
            ExprKind::Map(entries) => {
                let parts = self.pop_all(2 * entries.len());
                self.map(at.body, &parts, span)
            }
            ExprKind::Struct(fields) => {
                let parts = self.pop_all(fields.len());
                let names = fields.iter().map(|field| field.name.clone()).collect();
                self.structure(at.body, names, &parts, span)
            }
            ExprKind::Call { callee, args } => {
                let args = self.pop_all(args.len());
                match callee {
                    Callee::Builtin(function, _) => self.call_builtin(at, id, function, &args),
                    Callee::Function(reference) => return self.call_function(at, id, reference, args),
                    Callee::Value(_) => {
                        let callee = self.pop();
                        self.call_value(at, span, callee, &args)
                    }
                    Callee::Error => self.push_constant(at.body, Value::Bool(false), span),
                }
            }
            _ => unreachable!("only what has parts is finished"),
        };
        self.results.push(place);
    }

    /// `if`: of a condition that is known, the other branch is not there at all.
    pub(crate) fn choose(&mut self, at: At, id: ExprId) {
        let program = self.program;
        let ExprKind::If { then, otherwise, .. } = &program.exprs[id].kind else { return };
        let condition = self.pop();
        if let Some(Value::Bool(holds)) = self.constant(condition) {
            let branch = if *holds { *then } else { *otherwise };
            self.agenda.push(Step::Expr(at, branch));
            return;
        }
        self.results.push(condition);
        let bodies = [*then, *otherwise].map(|branch| (branch, self.body(at.body, 0, self.span(branch))));
        self.agenda.push(Step::Chosen(at, id, bodies[0].1, bodies[1].1));
        for (branch, body) in bodies.into_iter().rev() {
            self.agenda.push(Step::Result(body));
            self.agenda.push(Step::Expr(At { body, ..at }, branch));
        }
    }

    pub(crate) fn chosen(&mut self, at: At, id: ExprId, then: BodyId, otherwise: BodyId) {
        let condition = self.pop();
        let condition = self.slot(at.body, condition);
        let place = self.push(at.body, Op::If { condition, then, otherwise }, self.span(id));
        self.results.push(place);
    }

    /// `<|>`: what is known does not fail.
    pub(crate) fn guard(&mut self, at: At, id: ExprId) {
        let program = self.program;
        let ExprKind::Except { fallback, .. } = &program.exprs[id].kind else { return };
        let primary = self.pop();
        self.results.push(primary);
        if self.constant(primary).is_some() {
            return;
        }
        let body = self.body(at.body, 0, self.span(*fallback));
        self.agenda.push(Step::Guarded(at, id, body));
        self.agenda.push(Step::Result(body));
        self.agenda.push(Step::Expr(At { body, ..at }, *fallback));
    }

    pub(crate) fn guarded(&mut self, at: At, id: ExprId, fallback: BodyId) {
        let primary = self.pop();
        let primary = self.slot(at.body, primary);
        let place = self.push(at.body, Op::Except { primary, fallback }, self.span(id));
        self.results.push(place);
    }
}
