//! What resources remember as long as the agent runs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use value::Value;

/// What resources remember as long as the agent runs, for instance that a message has been shown. Cheap to clone; all
/// clones are one memory.
///
/// It is for what must not happen twice in one life and may happen again in the next. When a resource leaves the program
/// the engine calls [`Memory::forget`].
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<(String, String), Value>>>);

impl Memory {
    /// What a resource remembers.
    pub fn recall(&self, kind: &str, name: &str) -> Option<Value> {
        self.entries().get(&(kind.to_owned(), name.to_owned())).cloned()
    }

    /// Makes a resource remember a value in place of what it remembered.
    pub fn remember(&self, kind: &str, name: &str, value: Value) {
        self.entries().insert((kind.to_owned(), name.to_owned()), value);
    }

    /// Makes a resource remember nothing.
    pub fn forget(&self, kind: &str, name: &str) {
        self.entries().remove(&(kind.to_owned(), name.to_owned()));
    }

    /// A panic of another thread cannot leave a map half changed.
    fn entries(&self) -> MutexGuard<'_, BTreeMap<(String, String), Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hides what is remembered: it can be a password.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({})", self.entries().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_resource_remembers_for_itself_until_it_is_made_to_forget() {
        let memory = Memory::default();
        memory.remember("print", "a", Value::Int(1));
        assert_eq!(memory.clone().recall("print", "a"), Some(Value::Int(1)));
        assert_eq!(memory.recall("print", "b"), None);
        memory.forget("print", "a");
        assert_eq!(memory.recall("print", "a"), None);
    }

    #[test]
    fn what_is_remembered_is_not_shown() {
        let memory = Memory::default();
        memory.remember("password", "p", Value::str("hunter2"));
        assert!(!format!("{memory:?}").contains("hunter2"));
    }
}
