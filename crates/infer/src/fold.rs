//! Values that are known before the program runs.
//!
//! Some functions have a type that depends on a value, such as the format of `printf`. What they may see is decided here:
//! literals, what is built of them, binds, and functions that say they fold. Parameters are unknown, even where every
//! call passes a literal, so that the same body always has the same type.

use crate::checker::Checker;
use crate::frame::FrameId;
use crate::types::Unknowns;
use hir::{Callee, ExprId, ExprKind, Variable};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Body, CallSite, Function};
use value::{FuncType, Param, Type, Value};

/// What is known of the value of each expression that was asked for.
pub(crate) type Values = FxHashMap<(FrameId, ExprId), Option<Value>>;

/// The largest arguments for which a function is called while compiling, in bytes and elements.
const MAX_WEIGHT: usize = 4096;

/// Calls a function while compiling, where that surely takes little time and memory.
///
/// Nothing where the function needs the world, is not cheap for these arguments, or fails: then it fails when the program runs.
pub fn evaluate(function: &Function, site: &CallSite<'_>, args: &[Value]) -> Option<Value> {
    let call = |args: &[Value]| match function.body {
        Body::Pure(call) => call(site, args).ok(),
        // Nobody knows the world yet: who asks for it has no value.
        Body::Asking(call) => call(site, args, &mut |_| None).ok()?,
        Body::Stream { .. } | Body::Combinator(_) => None,
    };
    let mut left = MAX_WEIGHT;
    // A number may be the size of the result, unless the result has no size. Of the functions that were made to be called
    // here, only those that make lists are like that.
    let sized = match site.ty.result {
        Type::Bool | Type::Int | Type::Float => false,
        Type::List(_) => true,
        _ => !function.schema.folds,
    };
    let cheap = args.iter().all(|value| weigh(value, sized, &mut left));
    if cheap { call(args) } else { None }
}

/// Takes the weight of a value from what is left; false when nothing is.
fn weigh(value: &Value, sized: bool, left: &mut usize) -> bool {
    let own = match value {
        Value::Str(text) => text.len(),
        Value::Int(number) if sized => usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX),
        Value::Func(_) => usize::MAX,
        _ => 1,
    };
    let Some(rest) = left.checked_sub(own.max(1)) else { return false };
    *left = rest;
    match value {
        Value::List(values) => values.iter().all(|value| weigh(value, sized, left)),
        Value::Map(entries) => entries.iter().all(|(key, value)| weigh(key, sized, left) && weigh(value, sized, left)),
        Value::Struct(fields) => fields.iter().all(|(_, value)| weigh(value, sized, left)),
        _ => true,
    }
}

impl Checker<'_> {
    /// The value of an expression that was inferred, where it is known before the program runs.
    pub(crate) fn value(&mut self, frame: FrameId, expr: ExprId) -> Option<Value> {
        if let ExprKind::Literal(value) = &self.program.exprs[expr].kind {
            return Some(value.clone());
        }
        let mut work = vec![(frame, expr)];
        let mut open = FxHashSet::default();
        while let Some(&(frame, expr)) = work.last() {
            if self.values.contains_key(&(frame, expr)) {
                work.pop();
                continue;
            }
            match self.parts(frame, expr) {
                Parts::Unknown => _ = self.values.insert((frame, expr), None),
                Parts::Known(value) => _ = self.values.insert((frame, expr), Some(value)),
                Parts::Of(parts) => {
                    let missing: Vec<_> =
                        parts.iter().filter(|part| !self.values.contains_key(part)).copied().collect();
                    if missing.is_empty() {
                        let parts = parts.iter().map(|part| self.values[part].clone()).collect::<Option<Vec<_>>>();
                        let value = parts.and_then(|parts| self.build(frame, expr, parts));
                        self.values.insert((frame, expr), value);
                    } else if open.insert((frame, expr)) || missing.iter().all(|part| !open.contains(part)) {
                        work.extend(missing);
                    } else {
                        // Only a program in error leads back to itself.
                        self.values.insert((frame, expr), None);
                    }
                }
            }
        }
        self.values.get(&(frame, expr)).cloned().flatten()
    }

    /// What the value of an expression is made of.
    fn parts(&self, frame: FrameId, id: ExprId) -> Parts {
        let here = |ids: &mut dyn Iterator<Item = ExprId>| Parts::Of(ids.map(|id| (frame, id)).collect());
        match &self.program.exprs[id].kind {
            ExprKind::Literal(value) => Parts::Known(value.clone()),
            ExprKind::List(elements) => here(&mut elements.iter().copied()),
            ExprKind::Map(entries) => here(&mut entries.iter().flat_map(|&(key, value)| [key, value])),
            ExprKind::Struct(fields) => here(&mut fields.iter().map(|field| field.value)),
            ExprKind::If { condition, then, otherwise } => match self.values.get(&(frame, *condition)) {
                None => here(&mut [*condition].into_iter()),
                Some(Some(Value::Bool(holds))) => here(&mut [if *holds { *then } else { *otherwise }].into_iter()),
                Some(_) => Parts::Unknown,
            },
            ExprKind::Except { primary, .. } => here(&mut [*primary].into_iter()),
            ExprKind::Call { callee: Callee::Builtin(function, _), args } if function.schema.folds => {
                here(&mut args.iter().copied())
            }
            ExprKind::Variable(reference) => match reference.target {
                Variable::Constant(constant) => Parts::Known(constant.value.clone()),
                Variable::Bind(bind) => match self.reach(frame, &reference.through) {
                    Ok(at) => {
                        let data = &self.program.binds[bind];
                        Parts::Of(vec![(self.home(at, data.scope), data.value)])
                    }
                    Err(_) => Parts::Unknown,
                },
                _ => Parts::Unknown,
            },
            _ => Parts::Unknown,
        }
    }

    fn build(&mut self, frame: FrameId, id: ExprId, parts: Vec<Value>) -> Option<Value> {
        let expr = &self.program.exprs[id];
        // A value is nested as deeply as its type; nothing may be nested without bound.
        let ty = self.type_of(frame, id);
        self.types.export(ty, Unknowns::Blank)?;
        match &expr.kind {
            ExprKind::List(_) => Some(Value::list(parts)),
            ExprKind::Map(entries) => {
                let mut parts = parts.into_iter();
                let mut pair = || Some((parts.next()?, parts.next()?));
                Some(Value::map(entries.iter().map_while(|_| pair())))
            }
            ExprKind::Struct(fields) => {
                Some(Value::structure(fields.iter().zip(parts).map(|(field, value)| (field.name.clone(), value))))
            }
            ExprKind::Call { callee: Callee::Builtin(function, _), args } => {
                let exported = |it: &mut Self, id| {
                    let ty = it.type_of(frame, id);
                    it.types.export(ty, Unknowns::Blank)
                };
                let params = args.iter().map(|&id| Some(Param { name: value::Name::new(), ty: exported(self, id)? }));
                let params = params.collect::<Option<Vec<_>>>()?;
                let ty = FuncType { params, result: exported(self, id)? };
                let base = self.bases.of(expr.span);
                evaluate(function, &CallSite { ty: &ty, base: &base }, &parts)
            }
            _ => parts.into_iter().next(),
        }
    }
}

/// What the value of an expression is made of.
enum Parts {
    /// Nothing that is known.
    Unknown,
    /// It is known.
    Known(Value),
    /// The values of these.
    Of(Vec<(FrameId, ExprId)>),
}
