//! Calls: of functions of the catalog, of named functions, of function values.

use crate::agenda::{Step, Why};
use crate::checker::Checker;
use crate::diag;
use crate::frame::{Frame, FrameId, Owner, Site};
use crate::types::{Conflict, Shape, Ty, Types, Unknowns};
use hir::{ExprId, FunctionId, Reference};
use rustc_hash::FxHashMap;
use schema::{Argument, Function, Signature};
use std::rc::Rc;
use value::{FuncType, Name};

/// A call of a function of the catalog, to be completed when everything is solved.
#[derive(Debug)]
pub(crate) struct BuiltinCall {
    pub(crate) frame: FrameId,
    pub(crate) expr: ExprId,
    pub(crate) function: &'static Function,
    pub(crate) names: Rc<[Name]>,
    pub(crate) params: Vec<Ty>,
    pub(crate) result: Ty,
    /// What the hook saw, where the function has one.
    pub(crate) seen: Option<Vec<Argument>>,
    /// Whether the arguments fit so far: what does not fit needs no further checks.
    pub(crate) fits: bool,
}

/// The type of one call.
#[derive(Clone, Debug)]
struct Instance {
    names: Rc<[Name]>,
    params: Vec<Ty>,
    result: Ty,
    /// Whether the result follows from the arguments.
    open: bool,
}

/// The signatures of functions that have a fixed one, by the address of the function.
#[derive(Debug, Default)]
pub(crate) struct Signatures(FxHashMap<usize, Fixed>);

#[derive(Clone, Debug)]
enum Fixed {
    /// Without variables: the same for every call.
    Plain(Instance),
    /// With variables: fresh ones for every call.
    Polymorphic(Rc<FuncType>, Rc<[Name]>),
}

impl<'p> Checker<'p> {
    pub(crate) fn call_builtin(
        &mut self,
        frame: FrameId,
        id: ExprId,
        function: &'static Function,
        name: &'p Name,
        args: &'p [ExprId],
    ) -> Ty {
        let (least, most) = function.schema.arity();
        if args.len() < least || most.is_some_and(|most| args.len() > most) {
            let span = self.program.exprs[id].span;
            self.report(diag::argument_count_of_builtin(span, name, &function.schema, args.len()));
            return Types::ERROR;
        }
        let (instance, seen) = match &function.schema.signature {
            Signature::Fixed(ty) => (self.fixed(function, *ty), None),
            Signature::Inferred { hook, .. } => {
                let seen = self.arguments(frame, args);
                match hook(&seen) {
                    Ok(ty) => (self.instantiate(&ty), Some(seen)),
                    Err(error) => {
                        let diagnostic = self.hook_error(id, name, args, error);
                        self.report(diagnostic);
                        return Types::ERROR;
                    }
                }
            }
        };
        let fits = self.fit(frame, id, &instance.params, args);
        self.builtin_calls.push(BuiltinCall {
            frame,
            expr: id,
            function,
            names: instance.names,
            params: instance.params,
            result: instance.result,
            seen,
            fits,
        });
        // What follows from arguments that do not fit would only mislead.
        if fits || !(instance.open || self.negations.contains_key(&id)) { instance.result } else { Types::ERROR }
    }

    /// Requires the types of parameters of the arguments. Of a variadic function, the last one stands for all further ones.
    fn fit(&mut self, frame: FrameId, call: ExprId, params: &[Ty], args: &[ExprId]) -> bool {
        let before = self.diagnostics.len();
        for (number, &argument) in args.iter().enumerate() {
            if let Some(&param) = params.get(number).or(params.last()) {
                self.expect(frame, argument, param, Why::Argument(call, number));
            }
        }
        self.diagnostics.len() == before
    }

    fn fixed(&mut self, function: &'static Function, ty: fn() -> FuncType) -> Instance {
        let key = std::ptr::from_ref(function).addr();
        match self.signatures.0.get(&key).cloned() {
            Some(Fixed::Plain(instance)) => instance,
            Some(Fixed::Polymorphic(ty, names)) => Instance { names, ..self.instantiate(&ty) },
            None => {
                let ty = ty();
                let instance = self.instantiate(&ty);
                let concrete = ty.result.is_concrete() && ty.params.iter().all(|param| param.ty.is_concrete());
                let fixed = if concrete {
                    Fixed::Plain(instance.clone())
                } else {
                    Fixed::Polymorphic(Rc::new(ty), instance.names.clone())
                };
                self.signatures.0.insert(key, fixed);
                instance
            }
        }
    }

    fn instantiate(&mut self, ty: &FuncType) -> Instance {
        let mut variables = FxHashMap::default();
        let params = ty.params.iter().map(|param| self.types.import(&param.ty, &mut variables)).collect();
        let result = self.types.import(&ty.result, &mut variables);
        let names = ty.params.iter().map(|param| param.name.clone()).collect();
        Instance { names, params, result, open: !ty.result.is_concrete() }
    }

    /// What is known about arguments by now.
    pub(crate) fn arguments(&mut self, frame: FrameId, args: &[ExprId]) -> Vec<Argument> {
        let known = |it: &mut Checker<'p>, &arg: &ExprId| {
            let ty = it.type_of(frame, arg);
            let ty = if it.types.head(ty).is_some() { it.types.export(ty, Unknowns::Numbered) } else { None };
            Argument { ty, value: it.value(frame, arg) }
        };
        args.iter().map(|arg| known(self, arg)).collect()
    }

    /// Runs a hook again, now that more may be known about the arguments. Says whether it was.
    pub(crate) fn call_again(&mut self, call: &mut BuiltinCall) -> bool {
        let program = self.program;
        let hir::ExprKind::Call { callee: hir::Callee::Builtin(_, name), args } = &program.exprs[call.expr].kind else {
            return false;
        };
        let Signature::Inferred { hook, .. } = &call.function.schema.signature else { return false };
        let seen = self.arguments(call.frame, args);
        let same = call.seen.as_ref().is_some_and(|old| {
            old.iter().zip(&seen).all(|(old, new)| old.ty == new.ty && old.value.is_some() == new.value.is_some())
        });
        if same || !call.fits {
            return false;
        }
        match hook(&seen) {
            Ok(ty) => {
                let instance = self.instantiate(&ty);
                call.fits = self.fit(call.frame, call.expr, &instance.params, args);
                if self.types.unify(instance.result, call.result).is_err() {
                    let (want, found) = (self.types.show(call.result), self.types.show(instance.result));
                    let span = program.exprs[call.expr].span;
                    self.report(diag::result_differs(span, name, &want, &found));
                    call.fits = false;
                }
            }
            Err(error) => {
                let diagnostic = self.hook_error(call.expr, name, args, error);
                self.report(diagnostic);
                self.types.poison(call.result);
                call.fits = false;
            }
        }
        call.seen = Some(seen);
        true
    }

    pub(crate) fn call_value(&mut self, frame: FrameId, id: ExprId, callee: ExprId, args: &[ExprId]) -> Ty {
        let ty = self.type_of(frame, callee);
        match self.types.head(ty) {
            Some(Shape::Func(func)) if func.params.len() == args.len() => {
                self.fit(frame, id, &func.params, args);
                func.result
            }
            Some(Shape::Func(func)) => {
                let diagnostic = self.argument_count(frame, id, callee, func.params.len(), args.len());
                self.report(diagnostic);
                Types::ERROR
            }
            Some(Shape::Error) => Types::ERROR,
            Some(_) => {
                let diagnostic = self.no_function(frame, id, callee, ty);
                self.report(diagnostic);
                Types::ERROR
            }
            None => {
                let params: Vec<_> = args.iter().map(|&argument| self.type_of(frame, argument)).collect();
                let result = self.types.fresh();
                let func = self.types.func(vec![Name::new(); params.len()], params, result);
                if self.types.unify(ty, func) == Err(Conflict::Infinite) {
                    let diagnostic = self.infinite_call(frame, id, callee);
                    self.report(diagnostic);
                    self.types.poison(func);
                    return Types::ERROR;
                }
                result
            }
        }
    }

    pub(crate) fn call_function(
        &mut self,
        frame: FrameId,
        id: ExprId,
        reference: &'p Reference<FunctionId>,
        args: &'p [ExprId],
    ) {
        let Ok(at) = self.reach(frame, &reference.through) else {
            self.exprs.insert(frame, id, Types::ERROR);
            return;
        };
        let program = self.program;
        let data = &program.functions[reference.target];
        if data.params.len() != args.len() {
            let span = program.exprs[id].span;
            self.report(diag::argument_count_of_function(span, data, args.len()));
            self.exprs.insert(frame, id, Types::ERROR);
            return;
        }
        let outer = self.home(at, data.defined_in);
        let mut params = Vec::with_capacity(args.len());
        for (number, (param, &argument)) in data.params.iter().zip(args).enumerate() {
            params.push(match &param.annotation {
                Some(annotation) => {
                    let ty = self.types.import(&annotation.ty, &mut FxHashMap::default());
                    self.expect(frame, argument, ty, Why::Argument(id, number));
                    ty
                }
                None => self.type_of(frame, argument),
            });
        }
        let owner = Owner::Function(reference.target);
        let callee = match self.instances.get(&(owner, outer, self.types.canonical_all(&params))) {
            Some(&shared) => {
                let result = self.frames[shared.0 as usize].result.unwrap_or(Types::ERROR);
                self.exprs.insert(frame, id, result);
                shared
            }
            None => {
                let site = Site::Call(program.exprs[id].span);
                let callee = self.frame(Frame { owner, outer, params, result: None, site });
                self.agenda.push(Step::Result { call: (frame, id), callee });
                self.agenda.push(Step::Infer(callee, data.body));
                callee
            }
        };
        self.calls.insert((frame, id), callee);
    }

    pub(crate) fn finish_function(&mut self, frame: FrameId, id: ExprId, callee: FrameId) {
        let Frame { owner, outer, params, .. } = &self.frames[callee.0 as usize];
        let (owner, outer, params) = (*owner, *outer, params.clone());
        let Owner::Function(function) = owner else { return };
        let result = self.result_of(callee, function);
        self.frames[callee.0 as usize].result = Some(result);
        self.exprs.insert(frame, id, result);
        // Calls may share the instance if its result follows from the arguments.
        let given: Vec<Ty> = params.iter().flat_map(|&param| self.types.unknowns(param)).collect();
        if self.types.unknowns(result).iter().all(|unknown| given.contains(unknown)) {
            let params = self.types.canonical_all(&params);
            self.instances.insert((owner, outer, params), callee);
        }
    }

    pub(crate) fn frame(&mut self, frame: Frame) -> FrameId {
        let id = u32::try_from(self.frames.len()).expect("the budget of expressions ends before the ids do");
        self.frames.push(frame);
        FrameId(id)
    }
}
