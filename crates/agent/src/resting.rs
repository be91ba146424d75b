//! Events of resources that do rather than state, held back until what is watched has come to rest.
//!
//! Whatever changes a file makes several events of it: it is opened, written and closed, or its times are set. Looking once
//! more costs nothing, but a command would be run for each of them. The last event is always followed by a look.

use crate::signals::Unrest;
use plan::VertexId;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use tokio::time::Instant;

/// Vertices whose events are held back.
#[derive(Default)]
pub(crate) struct Resting {
    held_back: FxHashSet<VertexId>,
    /// Those of them for which an event has come.
    restless: BTreeMap<VertexId, Unrest>,
}

impl Resting {
    /// Events of a vertex are held back from now on, or no more.
    pub(crate) fn hold_back(&mut self, vertex: VertexId, is_held_back: bool) {
        if is_held_back {
            self.held_back.insert(vertex);
        } else if self.held_back.remove(&vertex) {
            self.restless.remove(&vertex);
        }
    }

    /// An event has come for a vertex; whether it is held back.
    pub(crate) fn fired(&mut self, vertex: VertexId, now: Instant) -> bool {
        let is_held_back = self.held_back.contains(&vertex);
        if is_held_back {
            self.restless.entry(vertex).or_default().disturbed(now);
        }
        is_held_back
    }

    /// When the next event that is held back is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.restless.values().filter_map(Unrest::due).min()
    }

    /// Takes the vertices that have come to rest.
    pub(crate) fn take(&mut self, now: Instant) -> Vec<VertexId> {
        let has_rested = |unrest: &mut Unrest| unrest.due().is_none_or(|due| due <= now);
        self.restless.extract_if(.., |_, unrest| has_rested(unrest)).map(|(vertex, _)| vertex).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_comes_in_a_row_is_one_event_and_what_comes_later_another() {
        let start = Instant::now();
        let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        let (command, file) = (VertexId(1), VertexId(2));
        let mut resting = Resting::default();
        resting.hold_back(command, true);
        resting.hold_back(file, false);
        assert!(!resting.fired(file, at(0)), "what states something is looked at at once");
        // The times of a file are set, and it is closed.
        assert!(resting.fired(command, at(0)) && resting.fired(command, at(1)));
        assert_eq!(resting.take(at(50)), []);
        let due = resting.due().expect("it is to be looked at");
        assert_eq!(resting.take(due), [command]);
        assert_eq!((resting.due(), resting.take(at(500))), (None, Vec::new()));
        assert!(resting.fired(command, at(600)));
        assert_eq!(resting.take(resting.due().expect("it has changed once more")), [command]);
        assert!(resting.fired(command, at(900)));
        resting.hold_back(command, false);
        assert_eq!(resting.due(), None, "it is not watched any more");
    }
}
