//! What can be seen in a construct alone, without types being inferred: also where nobody uses it.

use crate::lower::Lowering;
use crate::{Annotation, ExprId, ExprKind, Program, StructEntry, diag};
use rustc_hash::FxHashMap;
use span::Span;
use std::collections::BTreeMap;
use value::{Name, Type, Value};

/// Checks the keys of a map that are literals: of one type, which can be a key, and each only once.
pub(crate) fn map_keys(lowering: &mut Lowering<'_>, entries: &[(ExprId, ExprId)]) {
    let mut ty: Option<(Type, Span)> = None;
    let mut seen: BTreeMap<Value, Span> = BTreeMap::new();
    for (key, _) in entries {
        let span = lowering.program.exprs[*key].span;
        let Some(found) = literal_type_of(&lowering.program, *key) else { continue };
        if !found.is_hashable() {
            lowering.report(diag::unhashable_key(&found, span));
            lowering.program.exprs[*key].kind = ExprKind::Error;
            continue;
        }
        match &ty {
            Some((first, first_span)) if *first != found => {
                let diagnostic = diag::inconsistent_keys(first, *first_span, &found, span);
                lowering.report(diagnostic);
                lowering.program.exprs[*key].kind = ExprKind::Error;
                continue;
            }
            Some(_) => {}
            None => ty = Some((found, span)),
        }
        let Some(value) = literal(&lowering.program, *key) else { continue };
        match seen.get(&value) {
            Some(first) => {
                let diagnostic = diag::duplicate_key(&value, span, *first);
                lowering.report(diagnostic);
            }
            None => {
                seen.insert(value, span);
            }
        }
    }
}

/// Checks that no field of a struct is given twice; the first one counts.
pub(crate) fn struct_fields(lowering: &mut Lowering<'_>, entries: &mut Vec<StructEntry>) {
    let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
    entries.retain(|entry| match seen.get(&entry.name) {
        Some(first) => {
            lowering.report(diag::duplicate_struct_field(&entry.name, entry.span, *first));
            false
        }
        None => {
            seen.insert(entry.name.clone(), entry.span);
            true
        }
    });
}

/// Checks literals against the type that is written for them. What does not fit becomes an error.
pub(crate) fn literal_type(lowering: &mut Lowering<'_>, value: ExprId, annotation: &Annotation) {
    let mut wrong = Vec::new();
    compare(&lowering.program, value, &annotation.ty, &mut wrong);
    for (id, expected, found) in wrong {
        let span = lowering.program.exprs[id].span;
        lowering.report(diag::literal_of_other_type(&expected, &found, span, annotation));
        lowering.program.exprs[id].kind = ExprKind::Error;
    }
}

/// Finds literals that are of another type, as far as can be seen. Literals nest no deeper than the tree.
fn compare(program: &Program, id: ExprId, ty: &Type, wrong: &mut Vec<(ExprId, Type, String)>) {
    if matches!(ty, Type::Variant | Type::Error | Type::Var(_)) {
        return;
    }
    let mut mismatch = |found: String| wrong.push((id, ty.clone(), found));
    match (&program.exprs[id].kind, ty) {
        (ExprKind::Literal(Value::Bool(_)), Type::Bool)
        | (ExprKind::Literal(Value::Int(_)), Type::Int)
        | (ExprKind::Literal(Value::Float(_)), Type::Float)
        | (ExprKind::Literal(Value::Str(_)), Type::Str)
        | (ExprKind::Function(_), Type::Func(_)) => {}
        (ExprKind::Literal(value), _) => mismatch(value.kind().to_owned()),
        (ExprKind::List(elements), Type::List(element)) => {
            for id in elements {
                compare(program, *id, element, wrong);
            }
        }
        (ExprKind::Map(entries), Type::Map(key, value)) => {
            for (key_id, value_id) in entries {
                compare(program, *key_id, key, wrong);
                compare(program, *value_id, value, wrong);
            }
        }
        (ExprKind::Struct(entries), Type::Struct(fields)) => {
            let names: Vec<&Name> = entries.iter().map(|entry| &entry.name).collect();
            if names.len() != fields.len() || fields.iter().zip(&names).any(|(field, name)| field.name != **name) {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let found = if names.is_empty() { "no fields".to_owned() } else { names.join(", ") };
                mismatch(format!("a struct with {found}"));
                return;
            }
            for (entry, field) in entries.iter().zip(fields.iter()) {
                compare(program, entry.value, &field.ty, wrong);
            }
        }
        (ExprKind::List(_), _) => mismatch("list".to_owned()),
        (ExprKind::Map(_), _) => mismatch("map".to_owned()),
        (ExprKind::Struct(_), _) => mismatch("struct".to_owned()),
        (ExprKind::Function(_), _) => mismatch("func".to_owned()),
        _ => {}
    }
}

/// The type of an expression of literals alone.
fn literal_type_of(program: &Program, id: ExprId) -> Option<Type> {
    Some(match &program.exprs[id].kind {
        ExprKind::Literal(Value::Bool(_)) => Type::Bool,
        ExprKind::Literal(Value::Int(_)) => Type::Int,
        ExprKind::Literal(Value::Float(_)) => Type::Float,
        ExprKind::Literal(Value::Str(_)) => Type::Str,
        ExprKind::List(elements) => Type::list(literal_type_of(program, *elements.first()?)?),
        ExprKind::Map(entries) => {
            let (key, value) = entries.first()?;
            Type::map(literal_type_of(program, *key)?, literal_type_of(program, *value)?)
        }
        ExprKind::Struct(entries) => {
            let field = |entry: &StructEntry| Some((entry.name.clone(), literal_type_of(program, entry.value)?));
            Type::structure(entries.iter().map(field).collect::<Option<Vec<_>>>()?)
        }
        _ => return None,
    })
}

/// The value of an expression of literals alone that can be a key.
fn literal(program: &Program, id: ExprId) -> Option<Value> {
    match &program.exprs[id].kind {
        ExprKind::Literal(value) => Some(value.clone()),
        ExprKind::Struct(entries) => {
            let field = |entry: &StructEntry| Some((entry.name.clone(), literal(program, entry.value)?));
            Some(Value::structure(entries.iter().map(field).collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}
