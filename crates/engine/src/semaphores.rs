//! Semaphores: how many runs of a name go on at once.
//!
//! A run takes all of its semaphores or none, so nobody ever holds one while it waits for another: there is no deadlock.
//!
//! **Invariant:** where a semaphore is free and somebody is parked at it, somebody who was parked at it is in the queue of
//! what is ready. Whoever leaves that queue without taking the semaphore therefore passes the chance on.

use graph::VertexIndex;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub(crate) struct Semaphores {
    places: FxHashMap<String, usize>,
    table: Vec<Semaphore>,
}

#[derive(Debug)]
struct Semaphore {
    free: u32,
    parked: VecDeque<VertexIndex>,
}

impl Semaphores {
    /// The place of a semaphore: `name`, which one run may hold at a time, or `name:count`. Each text is a semaphore of its
    /// own. They live as long as the engine.
    pub(crate) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.table.push(Semaphore { free: count(name), parked: VecDeque::new() });
        self.places.insert(name.to_owned(), self.table.len() - 1);
        self.table.len() - 1
    }

    /// Takes all of them.
    ///
    /// # Errors
    /// One that is not free; none has been taken then.
    pub(crate) fn take(&mut self, places: &[usize]) -> Result<(), usize> {
        if let Some(taken) = places.iter().find(|place| self.table[**place].free == 0) {
            return Err(*taken);
        }
        for place in places {
            self.table[*place].free -= 1;
        }
        Ok(())
    }

    /// Gives one back.
    pub(crate) fn give(&mut self, place: usize) {
        self.table[place].free += 1;
    }

    /// Puts a vertex in the queue of a semaphore.
    pub(crate) fn park(&mut self, place: usize, vertex: VertexIndex) {
        self.table[place].parked.push_back(vertex);
    }

    /// Takes the next vertex out of the queue of a semaphore, where the semaphore is free.
    pub(crate) fn unpark(&mut self, place: usize) -> Option<VertexIndex> {
        let semaphore = &mut self.table[place];
        if semaphore.free == 0 { None } else { semaphore.parked.pop_front() }
    }
}

/// The count in `name:count`; 1 where there is none, or one that would hold everything up for ever.
fn count(name: &str) -> u32 {
    name.rsplit_once(':').and_then(|(_, count)| count.parse().ok()).filter(|count| *count > 0).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_after_the_last_colon_and_are_at_least_one() {
        assert_eq!(["a", "a:3", ":2", "a:0", "a:-1", "a:b:4"].map(count), [1, 3, 2, 1, 1, 4]);
    }

    #[test]
    fn all_are_taken_or_none() {
        let mut semaphores = Semaphores::default();
        let [a, b] = ["a", "b"].map(|name| semaphores.place(name));
        assert_eq!(semaphores.take(&[b]), Ok(()));
        assert_eq!(semaphores.take(&[a, b]), Err(b));
        assert_eq!(semaphores.take(&[a]), Ok(()));
    }
}
