//! Function values.

use crate::region::RegionKey;
use flow::BodyId;
use std::sync::Arc;
use value::{Closure, Type};

/// What a function value of this runtime consists of: a body, and the region around it, whose values it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) region: RegionKey,
    pub(crate) body: BodyId,
}

impl Code {
    /// The function value.
    pub(crate) fn into_closure(self, identity: u64, ty: Type) -> Closure {
        Closure::new(identity, ty, Arc::new(self))
    }

    /// What a function value consists of; `None` for one of another runtime.
    pub(crate) fn of(closure: &Closure) -> Option<Code> {
        closure.payload().downcast_ref::<Code>().copied()
    }
}
