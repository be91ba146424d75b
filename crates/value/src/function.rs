//! Functions as values.

use crate::{FromValue, HasType, Mismatch, Name, ToValue, Type, Value};
use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A function as a value: opaque here, known to the runtime that made it.
///
/// Two closures are equal only if they are the same one.
///
/// Few values are functions, and all values are as large as the largest: what it consists of is elsewhere.
#[derive(Clone)]
pub struct Closure(Arc<Parts>);

struct Parts {
    identity: u64,
    ty: Type,
    payload: Arc<dyn Any + Send + Sync>,
}

impl Closure {
    /// A closure of a type. `identity` is unique among all closures of one runtime.
    pub fn new(identity: u64, ty: Type, payload: Arc<dyn Any + Send + Sync>) -> Closure {
        Closure(Arc::new(Parts { identity, ty, payload }))
    }

    /// The number that tells this closure from all others.
    pub fn identity(&self) -> u64 {
        self.0.identity
    }

    /// The type: always [`Type::Func`].
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// What the runtime keeps with the closure.
    pub fn payload(&self) -> &Arc<dyn Any + Send + Sync> {
        &self.0.payload
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Closure) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Closure {}

impl PartialOrd for Closure {
    fn partial_cmp(&self, other: &Closure) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Closure {
    fn cmp(&self, other: &Closure) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.ty(), self.identity())
    }
}

/// A closure of one parameter whose type is known from Rust types: a field of the type `func(A) R`.
pub struct Func<A, R> {
    closure: Closure,
    signature: PhantomData<fn(A) -> R>,
}

impl<A, R> Func<A, R> {
    /// The closure.
    pub fn closure(&self) -> &Closure {
        &self.closure
    }
}

impl<A, R> Clone for Func<A, R> {
    fn clone(&self) -> Self {
        Func { closure: self.closure.clone(), signature: PhantomData }
    }
}

impl<A, R> PartialEq for Func<A, R> {
    fn eq(&self, other: &Self) -> bool {
        self.closure == other.closure
    }
}

impl<A, R> Eq for Func<A, R> {}

impl<A, R> fmt::Debug for Func<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.closure.fmt(f)
    }
}

impl<A: HasType, R: HasType> HasType for Func<A, R> {
    fn ty() -> Type {
        Type::func([(Name::new(), A::ty())], R::ty())
    }
}

impl<A, R> FromValue for Func<A, R> {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        let closure = value.as_func().ok_or_else(|| Mismatch::kind("func", value))?.clone();
        Ok(Func { closure, signature: PhantomData })
    }
}

impl<A, R> ToValue for Func<A, R> {
    fn to_value(&self) -> Value {
        Value::Func(self.closure.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_closure_has_the_type_of_its_rust_types() {
        assert_eq!(Func::<i64, String>::ty().to_string(), "func(int) str");
        assert!(Func::<i64, String>::from_value(&Value::Int(1)).is_err());
    }
}
