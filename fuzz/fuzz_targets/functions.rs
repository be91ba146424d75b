//! Every function on values of its types: it ends, says the same twice, and what it returns is of the type that it says.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use schema::{Argument, Body, CallSite, Function, Signature, Source};
use std::collections::BTreeMap;
use stead_fuzz::{values, world};
use value::{FuncType, Param, Type, Value};

/// The types that stand for unknown ones.
type Solved = BTreeMap<u32, Type>;

fuzz_target!(|bytes: &[u8]| {
    // Where bytes run out there is no call.
    _ = call(&mut Unstructured::new(bytes));
});

fn call(u: &mut Unstructured<'_>) -> Result<()> {
    let functions = builtins::functions();
    // By its number as two bytes, so that a mutation of what follows leaves the function.
    let number = usize::from(u16::from_le_bytes([u.arbitrary()?, u.arbitrary()?]));
    let function = functions[number % functions.len()];
    let Some((ty, arguments)) = arguments(function, u)? else { return Ok(()) };
    let site = CallSite { ty: &ty, base: "/module/" };
    let name = function.schema.full_name();
    match &function.body {
        Body::Pure(compute) => {
            let (first, second) = (compute(&site, &arguments), compute(&site, &arguments));
            assert_eq!(first, second, "{name} says another thing the second time");
            if let Ok(value) = first {
                assert!(values::is_of(&value, &ty.result), "{name}: {value} is no {}", ty.result);
            }
        }
        Body::Stream { source, read } => {
            let Ok(followed) = source(&site, &arguments) else { return Ok(()) };
            assert_eq!(
                source(&site, &arguments).as_ref(),
                Ok(&followed),
                "{name} follows another thing the second time"
            );
            let Ok(sent) = world::answer(&followed, u)? else { return Ok(()) };
            if let Ok(value) = read(&site, &arguments, sent) {
                assert!(values::is_of(&value, &ty.result), "{name}: {value} is no {}", ty.result);
            }
        }
        Body::Asking(compute) => {
            let mut answers = BTreeMap::new();
            for _ in 0..10 {
                let mut asked = Vec::new();
                let value = compute(&site, &arguments, &mut |source: Source| {
                    let answer = answers.get(&source).cloned();
                    if answer.is_none() {
                        asked.push(source);
                    }
                    answer
                });
                match value {
                    Ok(None) => assert!(!asked.is_empty(), "{name} awaits nothing"),
                    Ok(Some(value)) => {
                        assert!(values::is_of(&value, &ty.result), "{name}: {value} is no {}", ty.result);
                        break;
                    }
                    Err(_) => break,
                }
                for source in asked {
                    let answer = world::answer(&source, u)?;
                    answers.insert(source, answer);
                }
            }
        }
        Body::Combinator(_) => {}
    }
    Ok(())
}

/// The type of a call and its arguments; nothing where they do not fit or are functions.
fn arguments(function: &Function, u: &mut Unstructured<'_>) -> Result<Option<(FuncType, Vec<Value>)>> {
    let mut solved = Solved::new();
    let (ty, arguments) = match &function.schema.signature {
        Signature::Fixed(ty) => {
            let ty = ty();
            if ty.params.iter().any(|param| has_function(&param.ty)) {
                return Ok(None);
            }
            let ty = solve(&ty, &mut solved, u)?;
            let values = ty.params.iter().map(|param| values::value(u, &param.ty, 0)).collect::<Result<Vec<_>>>()?;
            let arguments = ty.params.iter().zip(values);
            (ty.clone(), arguments.map(|(param, value)| (param.ty.clone(), value)).collect::<Vec<_>>())
        }
        Signature::Inferred { hook, .. } => {
            let (least, most) = function.schema.arity();
            let count = u.int_in_range(least..=most.unwrap_or(least + 3))?;
            let mut arguments = Vec::new();
            for at in 0..count {
                // The first is a text for most of these, a later one is often of the type of the one before.
                let ty = match arguments.last() {
                    None if u.arbitrary()? => Type::Str,
                    Some((ty, _)) if u.ratio(1, 3)? => Type::clone(ty),
                    _ if at == 0 && u.arbitrary()? => Type::list(values::ty(u, 1)?),
                    _ => values::ty(u, 0)?,
                };
                let value = values::value(u, &ty, 0)?;
                arguments.push((ty, value));
            }
            let known = |(ty, value): &(Type, Value)| Argument { ty: Some(ty.clone()), value: Some(value.clone()) };
            let known: Vec<_> = arguments.iter().map(known).collect();
            let Ok(ty) = hook(&known) else { return Ok(None) };
            let fits = ty.params.len() == count
                && ty.params.iter().zip(&arguments).all(|(param, (found, _))| unify(&param.ty, found, &mut solved));
            if !fits {
                return Ok(None);
            }
            (solve(&ty, &mut solved, u)?, arguments)
        }
    };
    if let Some(refuse) = function.schema.refuse {
        let known = |(ty, value): &(Type, Value)| Argument { ty: Some(ty.clone()), value: Some(value.clone()) };
        let known: Vec<_> = arguments.iter().map(known).collect();
        if refuse(&ty, &known).is_err() {
            return Ok(None);
        }
    }
    Ok(Some((ty, arguments.into_iter().map(|(_, value)| value).collect())))
}

fn has_function(ty: &Type) -> bool {
    ty.any(&mut |ty| matches!(ty, Type::Func(_)))
}

/// Whether a type is one of a pattern with unknowns.
fn unify(pattern: &Type, ty: &Type, solved: &mut Solved) -> bool {
    match (pattern, ty) {
        (Type::Var(number), _) => solved.entry(*number).or_insert_with(|| ty.clone()) == ty,
        (Type::List(a), Type::List(b)) => unify(a, b, solved),
        (Type::Map(k, v), Type::Map(l, w)) => unify(k, l, solved) && unify(v, w, solved),
        (Type::Struct(a), Type::Struct(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.name == b.name && unify(&a.ty, &b.ty, solved))
        }
        _ => pattern == ty,
    }
}

/// The type with something for every unknown.
fn solve(ty: &FuncType, solved: &mut Solved, u: &mut Unstructured<'_>) -> Result<FuncType> {
    let params =
        ty.params.iter().map(|param| Ok(Param { name: param.name.clone(), ty: fill(&param.ty, false, solved, u)? }));
    let params = params.collect::<Result<Vec<_>>>()?;
    Ok(FuncType { params, result: fill(&ty.result, false, solved, u)? })
}

fn fill(ty: &Type, is_key: bool, solved: &mut Solved, u: &mut Unstructured<'_>) -> Result<Type> {
    Ok(match ty {
        Type::Var(number) => match solved.get(number) {
            Some(ty) => ty.clone(),
            None => {
                let ty = if is_key { values::key(u)? } else { values::ty(u, 1)? };
                solved.insert(*number, ty.clone());
                ty
            }
        },
        Type::List(element) => Type::list(fill(element, false, solved, u)?),
        Type::Map(key, value) => Type::map(fill(key, true, solved, u)?, fill(value, false, solved, u)?),
        Type::Struct(fields) => {
            let fields = fields.iter().map(|field| Ok((field.name.clone(), fill(&field.ty, is_key, solved, u)?)));
            Type::structure(fields.collect::<Result<Vec<_>>>()?)
        }
        _ => ty.clone(),
    })
}
