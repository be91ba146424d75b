//! A store in memory: for tests and simulation.

use crate::history::History;
use crate::{Committed, Compare, Entry, Result, Revision, Store, Watching, Write};
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store in memory; it is gone when the process ends.
#[derive(Debug, Default)]
pub struct Memory {
    history: Mutex<History>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, History> {
        // A panic while the lock was held left the last whole state: every change is made after it was prepared.
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Memory {
    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.lock().get(key))
    }

    async fn range(&self, prefix: &str) -> Result<(Revision, Vec<Entry>)> {
        Ok(self.lock().range(prefix))
    }

    async fn commit(&self, when: Vec<Compare>, then: Vec<Write>) -> Result<Committed> {
        let mut history = self.lock();
        Ok(match history.prepare(&when, then) {
            Some(writes) => history.apply(writes),
            None => history.refused(),
        })
    }

    async fn watch(&self, prefix: &str, after: Revision) -> Result<Watching> {
        self.lock().watch(prefix, after)
    }
}
