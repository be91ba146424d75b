//! Functions as values.

use crate::Type;
use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A function as a value: opaque here, known to the runtime that made it.
///
/// Two closures are equal only if they are the same one.
#[derive(Clone)]
pub struct Closure {
    identity: u64,
    ty: Type,
    payload: Arc<dyn Any + Send + Sync>,
}

impl Closure {
    /// A closure of a type. `identity` is unique among all closures of one runtime.
    pub fn new(identity: u64, ty: Type, payload: Arc<dyn Any + Send + Sync>) -> Closure {
        Closure { identity, ty, payload }
    }

    /// The number that tells this closure from all others.
    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// The type: always [`Type::Func`].
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// What the runtime keeps with the closure.
    pub fn payload(&self) -> &Arc<dyn Any + Send + Sync> {
        &self.payload
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Closure) -> bool {
        self.identity == other.identity
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
        self.identity.cmp(&other.identity)
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.ty, self.identity)
    }
}
