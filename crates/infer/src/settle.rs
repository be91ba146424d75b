//! What can be said only when all constraints are solved.
//!
//! Calls whose type was open are looked at again, as long as that decides something; then functions refuse what
//! they do not support; and what is still unknown is reported.

use crate::calls::BuiltinCall;
use crate::checker::Checker;
use crate::diag;
use crate::types::{Ty, Types, Unknowns};
use hir::ExprKind;
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Argument;
use span::Span;
use std::sync::Arc;
use value::{FuncType, Param, Type};

impl Checker<'_> {
    pub(crate) fn settle(&mut self) {
        let mut calls = std::mem::take(&mut self.builtin_calls);
        self.decide_open_calls(&mut calls);
        for call in &calls {
            self.refuse(call);
        }
        self.builtin_calls = calls;
        self.check_keys();
        self.check_any_values();
        self.check_unknowns();
    }

    /// Runs hooks again while that tells more. Each round decides at least one call, or it is the last.
    fn decide_open_calls(&mut self, calls: &mut [BuiltinCall]) {
        let mut open: Vec<&mut BuiltinCall> =
            calls.iter_mut().filter(|call| call.seen.is_some() && call.fits).collect();
        loop {
            let mut left = Vec::with_capacity(open.len());
            let mut progress = false;
            for call in open {
                let was_open = call.seen.iter().flatten().any(is_open);
                if !was_open {
                    continue;
                }
                progress |= self.call_again(call);
                left.push(call);
            }
            if !progress {
                return;
            }
            open = left;
        }
    }

    fn refuse(&mut self, call: &BuiltinCall) {
        let (Some(refuse), true) = (call.function.schema.refuse, call.fits) else { return };
        let Some(ty) = self.type_of_call(call) else { return };
        let seen: Vec<Argument> = match &call.seen {
            Some(seen) => {
                let types = ty.params.iter().map(|param| Some(param.ty.clone()));
                seen.iter().zip(types).map(|(seen, ty)| Argument { ty, value: seen.value.clone() }).collect()
            }
            None => ty.params.iter().map(|param| Argument { ty: Some(param.ty.clone()), value: None }).collect(),
        };
        if let Err(message) = refuse(&ty, &seen) {
            let span = self.program.exprs[call.expr].span;
            self.report(diag::unsupported(span, message));
            for &ty in call.params.iter().chain([&call.result]) {
                self.types.poison(ty);
            }
        }
    }

    /// The type of a call as a whole, as far as it is known.
    pub(crate) fn type_of_call(&mut self, call: &BuiltinCall) -> Option<FuncType> {
        let params = call.names.iter().zip(&call.params);
        let params =
            params.map(|(name, &ty)| Some(Param { name: name.clone(), ty: self.types.export(ty, Unknowns::Blank)? }));
        let params = params.collect::<Option<Vec<_>>>()?;
        Some(FuncType { params, result: self.types.export(call.result, Unknowns::Blank)? })
    }

    /// The types of all calls of the catalog's functions; equal ones are there once. Each call is told which is its own.
    pub(crate) fn types_of_calls(
        &mut self,
        calls: &[BuiltinCall],
        mut tell: impl FnMut(&BuiltinCall, u32),
    ) -> Vec<Arc<FuncType>> {
        let mut known: FxHashMap<(usize, Vec<Ty>, Ty), u32> = FxHashMap::default();
        let mut types = Vec::new();
        for call in calls {
            let params = call.params.iter().map(|&ty| self.types.find(ty)).collect();
            let key = (std::ptr::from_ref(call.function).addr(), params, self.types.find(call.result));
            let at = match known.get(&key) {
                Some(&at) => at,
                None => {
                    let at = u32::try_from(types.len()).expect("inference has bounded the number of calls");
                    let unknown = || FuncType { params: Vec::new(), result: Type::Error };
                    types.push(Arc::new(self.type_of_call(call).unwrap_or_else(unknown)));
                    known.insert(key, at);
                    at
                }
            };
            tell(call, at);
        }
        types
    }

    /// Keys of maps are of types that can be compared and ordered.
    fn check_keys(&mut self) {
        let program = self.program;
        for at in 0..self.exprs.len() {
            let Some((_, id, ty)) = self.exprs.nth(at) else { break };
            if !matches!(program.exprs[id].kind, ExprKind::Map(_)) {
                continue;
            }
            let Type::Map(key, _) = self.types.show(ty) else { continue };
            if !key.is_hashable() {
                self.report(diag::unhashable_key(program.exprs[id].span, &key));
            }
        }
    }

    /// Fields take values that can be shown, compared and sent: there is no function inside.
    fn check_any_values(&mut self) {
        for (value, ty) in std::mem::take(&mut self.any_values) {
            let shown = self.types.show(ty);
            // Where a part of it is in error, that was told.
            if !shown.is_comparable() && !shown.any(&mut |part| *part == Type::Error) {
                self.report(diag::function_as_field(self.program.exprs[value].span, &shown));
            }
        }
    }

    /// Reports each unknown once, at the smallest expression in whose type it is.
    fn check_unknowns(&mut self) {
        let program = self.program;
        let mut places: FxHashMap<Ty, (Span, Ty)> = FxHashMap::default();
        let mut seen: FxHashSet<(Ty, Span)> = FxHashSet::default();
        let mut order = Vec::new();
        let mut too_large = false;
        for at in 0..self.exprs.len() {
            let Some((_, id, ty)) = self.exprs.nth(at) else { break };
            let span = program.exprs[id].span;
            let root = self.types.find(ty);
            if self.types.is_settled(root) {
                continue;
            }
            if !seen.insert((root, span)) {
                continue;
            }
            if self.types.export(root, Unknowns::Blank).is_none() {
                // What holds it is too large as well.
                if !std::mem::replace(&mut too_large, true) {
                    self.report(diag::too_large(span));
                }
                self.types.poison(root);
                continue;
            }
            for unknown in self.types.unknowns(root) {
                let place = places.entry(unknown).or_insert_with(|| {
                    order.push(unknown);
                    (span, root)
                });
                if span.range().len() < place.0.range().len() {
                    *place = (span, root);
                }
            }
        }
        for unknown in order {
            let (span, ty) = places[&unknown];
            let shown = self.types.show(ty);
            self.report(diag::ambiguous(span, &shown));
            self.types.poison(unknown);
        }
        debug_assert!(self.types.find(Types::ERROR) == Types::ERROR, "an error stays one");
    }
}

/// Whether more could become known about an argument.
fn is_open(argument: &Argument) -> bool {
    argument.ty.as_ref().is_none_or(|ty| ty.any(&mut |part| matches!(part, Type::Var(_))))
}
