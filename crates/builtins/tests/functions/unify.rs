//! Types of expressions: variables and what they turn out to be.

use std::collections::BTreeMap;
use value::{FuncType, Param, StructField, Type};

/// What is known of type variables.
#[derive(Default)]
pub(crate) struct Solver {
    known: BTreeMap<u32, Type>,
    next: u32,
}

impl Solver {
    pub(crate) fn fresh(&mut self) -> Type {
        // Far from the numbers that signatures use.
        self.next += 1;
        Type::Var(1000 + self.next)
    }

    /// A signature with variables of its own.
    pub(crate) fn instantiate(&mut self, ty: &FuncType) -> FuncType {
        let mut own = BTreeMap::new();
        let Type::Func(ty) = self.rename(&Type::Func(ty.clone().into()), &mut own) else { unreachable!() };
        (*ty).clone()
    }

    fn rename(&mut self, ty: &Type, own: &mut BTreeMap<u32, Type>) -> Type {
        if let Type::Var(number) = ty {
            if *number > 1000 {
                return ty.clone();
            }
            if !own.contains_key(number) {
                own.insert(*number, self.fresh());
            }
            return own[number].clone();
        }
        rebuild(ty, &mut |part| self.rename(part, own))
    }

    pub(crate) fn unify(&mut self, a: &Type, b: &Type) -> Result<(), String> {
        let (a, b) = (self.shallow(a), self.shallow(b));
        match (&a, &b) {
            (Type::Var(x), Type::Var(y)) if x == y => Ok(()),
            (Type::Var(x), other) | (other, Type::Var(x)) => {
                self.known.insert(*x, other.clone());
                Ok(())
            }
            (Type::List(a), Type::List(b)) => self.unify(a, b),
            (Type::Map(k, v), Type::Map(l, w)) => self.unify(k, l).and_then(|()| self.unify(v, w)),
            (Type::Struct(a), Type::Struct(b)) if a.len() == b.len() => {
                a.iter().zip(b.iter()).try_for_each(|(a, b)| self.unify(&a.ty, &b.ty))
            }
            (Type::Func(a), Type::Func(b)) if a.params.len() == b.params.len() => {
                a.params.iter().zip(&b.params).try_for_each(|(a, b)| self.unify(&a.ty, &b.ty))?;
                self.unify(&a.result, &b.result)
            }
            (a, b) if a == b => Ok(()),
            _ => Err(format!("type error: {} != {}", a.kind(), b.kind())),
        }
    }

    fn shallow(&self, ty: &Type) -> Type {
        match ty {
            Type::Var(number) => self.known.get(number).map_or_else(|| ty.clone(), |known| self.shallow(known)),
            other => other.clone(),
        }
    }

    /// The type with everything in it that is known.
    pub(crate) fn resolve(&self, ty: &Type) -> Type {
        let ty = self.shallow(ty);
        rebuild(&ty, &mut |part| self.resolve(part))
    }

    pub(crate) fn resolve_function(&self, ty: &FuncType) -> FuncType {
        let Type::Func(ty) = self.resolve(&Type::Func(ty.clone().into())) else { unreachable!() };
        (*ty).clone()
    }
}

/// The same type with other parts.
fn rebuild(ty: &Type, part: &mut impl FnMut(&Type) -> Type) -> Type {
    match ty {
        Type::List(element) => Type::list(part(element)),
        Type::Map(key, value) => Type::map(part(key), part(value)),
        Type::Struct(fields) => Type::Struct(
            fields.iter().map(|field| StructField { name: field.name.clone(), ty: part(&field.ty) }).collect(),
        ),
        Type::Func(func) => {
            let params = func.params.iter().map(|it| Param { name: it.name.clone(), ty: part(&it.ty) }).collect();
            Type::Func(FuncType { params, result: part(&func.result) }.into())
        }
        other => other.clone(),
    }
}
