//! Expressions: each has one type in each frame.

use crate::agenda::{Step, Uniform, Why};
use crate::checker::Checker;
use crate::frame::FrameId;
use crate::types::{Ty, Types};
use hir::{BindId, Callee, ExprId, ExprKind, FunctionId, Variable};
use value::Value;

impl<'p> Checker<'p> {
    /// Infers an expression: at once where it has no parts, otherwise after its parts.
    pub(crate) fn infer(&mut self, frame: FrameId, id: ExprId) {
        let program = self.program;
        let expr = &program.exprs[id];
        if self.exprs.get(frame, id).is_some() || !self.spend(expr.span) {
            return;
        }
        let within = |first, parts| Why::Uniform(Uniform { whole: None, first, parts });
        let either = |first, parts| Why::Uniform(Uniform { whole: Some(id), first, parts });
        let ty = match &expr.kind {
            ExprKind::Literal(value) => self.type_of_value(value),
            ExprKind::List(elements) => {
                let element = self.types.fresh();
                for &it in elements.iter().rev() {
                    self.agenda.push(Step::Expect(frame, it, element, within(elements[0], "elements of a list")));
                    self.agenda.push(Step::Infer(frame, it));
                }
                self.types.list(element)
            }
            ExprKind::Map(entries) => {
                let (key, value) = (self.types.fresh(), self.types.fresh());
                for &(k, v) in entries.iter().rev() {
                    self.agenda.push(Step::Expect(frame, v, value, within(entries[0].1, "values of a map")));
                    self.agenda.push(Step::Infer(frame, v));
                    self.agenda.push(Step::Expect(frame, k, key, within(entries[0].0, "keys of a map")));
                    self.agenda.push(Step::Infer(frame, k));
                }
                self.types.map(key, value)
            }
            ExprKind::If { condition, then, otherwise } => {
                let ty = self.types.fresh();
                for &branch in [otherwise, then] {
                    self.agenda.push(Step::Expect(frame, branch, ty, either(*then, "branches of an `if`")));
                    self.agenda.push(Step::Infer(frame, branch));
                }
                self.agenda.push(Step::Expect(frame, *condition, Types::BOOL, Why::Condition));
                self.agenda.push(Step::Infer(frame, *condition));
                ty
            }
            ExprKind::Except { primary, fallback } => {
                let ty = self.types.fresh();
                for &side in [fallback, primary] {
                    self.agenda.push(Step::Expect(frame, side, ty, either(*primary, "sides of `<|>`")));
                    self.agenda.push(Step::Infer(frame, side));
                }
                ty
            }
            ExprKind::Struct(fields) => {
                self.agenda.push(Step::Finish(frame, id));
                self.agenda.extend(fields.iter().rev().map(|field| Step::Infer(frame, field.value)));
                return;
            }
            ExprKind::Variable(_) => return self.variable(frame, id),
            ExprKind::Call { callee, args } => {
                if let Callee::Function(reference) = callee
                    && self.reach_or_wait(frame, &reference.through, Step::Infer(frame, id)).is_none()
                {
                    return;
                }
                self.note_negation(id, callee, args);
                self.agenda.push(Step::Finish(frame, id));
                if let Callee::Value(function) = callee {
                    self.agenda.push(Step::Infer(frame, *function));
                }
                self.agenda.extend(args.iter().rev().map(|&argument| Step::Infer(frame, argument)));
                return;
            }
            ExprKind::Function(function) => {
                let params = self.params_of(*function);
                self.lambdas.insert((frame, *function), params);
                self.agenda.push(Step::Lambda(frame, id));
                self.agenda.push(Step::Infer(frame, program.functions[*function].body));
                return;
            }
            ExprKind::Error => Types::ERROR,
        };
        self.exprs.insert(frame, id, ty);
    }

    /// Finishes what needs its parts first.
    pub(crate) fn finish(&mut self, frame: FrameId, id: ExprId) {
        let program = self.program;
        let ty = match &program.exprs[id].kind {
            ExprKind::Struct(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|field| (field.name.clone(), self.type_of(frame, field.value))).collect();
                self.types.structure(fields)
            }
            ExprKind::Call { callee, args } => match callee {
                Callee::Builtin(function, name) => self.call_builtin(frame, id, function, name, args),
                Callee::Function(reference) => return self.call_function(frame, id, reference, args),
                Callee::Value(function) => self.call_value(frame, id, *function, args),
                Callee::Error => Types::ERROR,
            },
            _ => Types::ERROR,
        };
        self.exprs.insert(frame, id, ty);
    }

    fn variable(&mut self, frame: FrameId, id: ExprId) {
        let program = self.program;
        let ExprKind::Variable(reference) = &program.exprs[id].kind else { return };
        let Some(at) = self.reach_or_wait(frame, &reference.through, Step::Infer(frame, id)) else { return };
        let ty = match reference.target {
            Variable::Bind(bind) => {
                let home = self.home(at, program.binds[bind].scope);
                match self.binds.get(&(home, bind)) {
                    Some(Some(ty)) => *ty,
                    // It waits for itself: reported when names were resolved.
                    Some(None) => Types::ERROR,
                    None => {
                        self.binds.insert((home, bind), None);
                        let value = program.binds[bind].value;
                        self.agenda.push(Step::Infer(frame, id));
                        self.agenda.push(Step::Bind(home, bind));
                        if let Some(annotation) = &program.binds[bind].annotation {
                            let ty = self.types.import(&annotation.ty, &mut Default::default());
                            let why = Why::Bind(bind, Some(program.exprs[id].span));
                            self.agenda.push(Step::Expect(home, value, ty, why));
                        }
                        self.agenda.push(Step::Infer(home, value));
                        return;
                    }
                }
            }
            Variable::FunctionParam(function, number) => {
                let home = self.home(at, program.functions[function].scope);
                let params = match program.functions[function].name {
                    Some(_) => Some(&self.frames[home.0 as usize].params),
                    None => self.lambdas.get(&(home, function)),
                };
                params.and_then(|params| params.get(number)).copied().unwrap_or(Types::ERROR)
            }
            Variable::ClassParam(class, number) => {
                let home = self.home(at, program.classes[class].scope);
                self.frames[home.0 as usize].params.get(number).copied().unwrap_or(Types::ERROR)
            }
            Variable::LoopFirst(id) => self.loop_types(at, id).0,
            Variable::LoopSecond(id) => self.loop_types(at, id).1,
            Variable::Constant(constant) => self.type_of_value(&constant.value),
            Variable::Hostname => Types::STR,
        };
        self.exprs.insert(frame, id, ty);
    }

    fn loop_types(&self, frame: FrameId, id: hir::LoopId) -> (Ty, Ty) {
        let home = self.home(frame, self.program.loops[id].scope);
        self.loops.get(&(home, id)).copied().unwrap_or((Types::ERROR, Types::ERROR))
    }

    pub(crate) fn finish_bind(&mut self, frame: FrameId, bind: BindId) {
        let data = &self.program.binds[bind];
        // Where a type is written, uses go by it, so that a value of another type is reported once.
        let ty = match &data.annotation {
            Some(annotation) => self.types.import(&annotation.ty, &mut Default::default()),
            None => self.type_of(frame, data.value),
        };
        self.binds.insert((frame, bind), Some(ty));
    }

    /// The types of a function's parameters: what is written, otherwise unknown.
    pub(crate) fn params_of(&mut self, function: FunctionId) -> Vec<Ty> {
        let params = &self.program.functions[function].params;
        params.iter().map(|param| self.written_or_fresh(param.annotation.as_ref())).collect()
    }

    pub(crate) fn written_or_fresh(&mut self, annotation: Option<&hir::Annotation>) -> Ty {
        match annotation {
            Some(annotation) => self.types.import(&annotation.ty, &mut Default::default()),
            None => self.types.fresh(),
        }
    }

    pub(crate) fn finish_lambda(&mut self, frame: FrameId, id: ExprId) {
        let ExprKind::Function(function) = self.program.exprs[id].kind else { return };
        let data = &self.program.functions[function];
        let result = self.result_of(frame, function);
        let params = self.lambdas.get(&(frame, function)).cloned().unwrap_or_default();
        let names = data.params.iter().map(|param| param.name.clone()).collect();
        let ty = self.types.func(names, params, result);
        self.exprs.insert(frame, id, ty);
    }

    /// The type of a function's result, once its body is inferred.
    pub(crate) fn result_of(&mut self, frame: FrameId, function: FunctionId) -> Ty {
        let data = &self.program.functions[function];
        match &data.result {
            Some(annotation) => {
                let ty = self.types.import(&annotation.ty, &mut Default::default());
                self.expect(frame, data.body, ty, Why::Result(annotation));
                ty
            }
            None => self.type_of(frame, data.body),
        }
    }

    /// The type of a value that stands in the program.
    pub(crate) fn type_of_value(&mut self, value: &Value) -> Ty {
        match value {
            Value::Bool(_) => Types::BOOL,
            Value::Str(_) => Types::STR,
            Value::Int(_) => Types::INT,
            Value::Float(_) => Types::FLOAT,
            Value::List(values) => {
                let element = values.first().map(|value| self.type_of_value(value));
                let element = element.unwrap_or_else(|| self.types.fresh());
                self.types.list(element)
            }
            Value::Map(entries) => {
                let entry = entries.first_key_value();
                let entry = entry.map(|(key, value)| (self.type_of_value(key), self.type_of_value(value)));
                let (key, value) = entry.unwrap_or_else(|| (self.types.fresh(), self.types.fresh()));
                self.types.map(key, value)
            }
            Value::Struct(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| (name.clone(), self.type_of_value(value))).collect();
                self.types.structure(fields)
            }
            Value::Func(closure) => self.types.import(closure.ty(), &mut Default::default()),
        }
    }
}
