//! The state of a store that lives in this process, with its last changes: pure, no input or output.

use crate::{Committed, Compare, Entry, Error, Event, Result, Revision, Watching, Write};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many changes are remembered for watches that resume.
const REMEMBERED: usize = 10_000;

/// The state of a store.
#[derive(Debug, Default)]
pub(crate) struct History {
    entries: BTreeMap<String, Entry>,
    revision: Revision,
    /// The last changes, the oldest first.
    changes: VecDeque<(Revision, Event)>,
    /// Changes up to this revision are forgotten.
    forgotten: Revision,
    watchers: Vec<Watcher>,
}

#[derive(Debug)]
struct Watcher {
    prefix: String,
    events: mpsc::UnboundedSender<Event>,
}

impl History {
    /// A store that begins with what was kept.
    pub(crate) fn restore(entries: BTreeMap<String, Entry>, revision: Revision) -> History {
        History { entries, revision, forgotten: revision, ..History::default() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Entry> {
        self.entries.get(key).cloned()
    }

    pub(crate) fn range(&self, prefix: &str) -> (Revision, Vec<Entry>) {
        let from = self.entries.range(prefix.to_owned()..);
        let found = from.take_while(|(key, _)| key.starts_with(prefix)).map(|(_, entry)| entry.clone());
        (self.revision, found.collect())
    }

    /// What a transaction would change: `None` where something does not hold.
    pub(crate) fn prepare(&self, when: &[Compare], then: Vec<Write>) -> Option<Vec<Write>> {
        let holds = when.iter().all(|compare| match compare {
            Compare::Missing(key) => !self.entries.contains_key(key),
            Compare::ModifiedAt(key, revision) => self.entries.get(key).is_some_and(|it| it.modified == *revision),
            Compare::ValueIs(key, value) => self.entries.get(key).is_some_and(|it| *it.value == **value),
        });
        let changes = |write: &Write| match write {
            Write::Put(key, value) => self.entries.get(key).is_none_or(|it| *it.value != **value),
            Write::Delete(key) => self.entries.contains_key(key),
        };
        holds.then(|| then.into_iter().filter(changes).collect())
    }

    /// The revision that the next change will have.
    pub(crate) fn next_revision(&self) -> Revision {
        Revision(self.revision.0 + 1)
    }

    /// Makes changes that were prepared, and tells the watchers.
    pub(crate) fn apply(&mut self, writes: Vec<Write>) -> Committed {
        if !writes.is_empty() {
            self.revision = self.next_revision();
        }
        for write in writes {
            let event = match write {
                Write::Put(key, value) => {
                    let created = self.entries.get(&key).map_or(self.revision, |it| it.created);
                    let entry = Entry { key, value: value.into(), created, modified: self.revision };
                    self.entries.insert(entry.key.clone(), entry.clone());
                    Event::Put(entry)
                }
                Write::Delete(key) => {
                    self.entries.remove(&key);
                    Event::Delete { key, revision: self.revision }
                }
            };
            self.watchers.retain(|it| !event.key().starts_with(&it.prefix) || it.events.send(event.clone()).is_ok());
            self.changes.push_back((self.revision, event));
        }
        while self.changes.len() > REMEMBERED {
            if let Some((revision, _)) = self.changes.pop_front() {
                self.forgotten = revision;
            }
        }
        Committed { succeeded: true, revision: self.revision }
    }

    /// What came of a transaction in which something did not hold.
    pub(crate) fn refused(&self) -> Committed {
        Committed { succeeded: false, revision: self.revision }
    }

    pub(crate) fn watch(&mut self, prefix: &str, after: Revision) -> Result<Watching> {
        if after < self.forgotten {
            return Err(Error::Compacted(self.forgotten));
        }
        let (sender, events) = mpsc::unbounded_channel();
        for (_, event) in self.changes.iter().filter(|(at, event)| *at > after && event.key().starts_with(prefix)) {
            // The receiver is in this function: it is open.
            _ = sender.send(event.clone());
        }
        self.watchers.push(Watcher { prefix: prefix.to_owned(), events: sender });
        Ok(Watching { events })
    }
}

impl Event {
    /// The key that changed.
    pub fn key(&self) -> &str {
        match self {
            Event::Put(entry) => &entry.key,
            Event::Delete { key, .. } => key,
        }
    }
}

/// For the table of a local store.
pub(crate) fn entry(key: &str, value: &[u8], created: u64, modified: u64) -> Entry {
    Entry { key: key.to_owned(), value: Arc::from(value), created: Revision(created), modified: Revision(modified) }
}
