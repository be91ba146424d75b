//! Who watches something: mostly nobody or one; and who has to look again.

use rustc_hash::FxHashSet;

/// The owners of a watch, each as often as it asked.
#[derive(Debug, Default)]
pub(super) enum Owners {
    #[default]
    None,
    One(u64),
    Many(Vec<u64>),
}

impl Owners {
    pub(super) fn add(&mut self, owner: u64) {
        *self = match std::mem::take(self) {
            Owners::None => Owners::One(owner),
            Owners::One(first) => Owners::Many(vec![first, owner]),
            Owners::Many(mut all) => {
                all.push(owner);
                Owners::Many(all)
            }
        };
    }

    /// Removes an owner once; whether nobody is left.
    pub(super) fn remove(&mut self, owner: u64) -> bool {
        *self = match std::mem::take(self) {
            Owners::None => Owners::None,
            Owners::One(only) if only == owner => Owners::None,
            Owners::One(other) => Owners::One(other),
            Owners::Many(mut all) => {
                if let Some(index) = all.iter().position(|it| *it == owner) {
                    all.swap_remove(index);
                }
                if let [last] = all[..] { Owners::One(last) } else { Owners::Many(all) }
            }
        };
        self.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Owners::None)
    }

    pub(super) fn each(&self, mut visit: impl FnMut(u64)) {
        match self {
            Owners::None => {}
            Owners::One(owner) => visit(*owner),
            Owners::Many(all) => all.iter().copied().for_each(visit),
        }
    }
}

/// For so many owners room is kept while none has to look again.
const ROOM: usize = 64;

/// The owners that have to look again, each once, in the order in which they were found.
#[derive(Default)]
pub(super) struct Dirty {
    order: Vec<u64>,
    known: FxHashSet<u64>,
}

impl Dirty {
    pub(super) fn add(&mut self, owner: u64) {
        if self.known.insert(owner) {
            self.order.push(owner);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub(super) fn take(&mut self) -> Vec<u64> {
        self.known.clear();
        // Usually they are few, but at the start all there are.
        self.known.shrink_to(ROOM);
        std::mem::take(&mut self.order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_stays_as_often_as_it_was_added() {
        let mut owners = Owners::default();
        for owner in [1, 2, 1] {
            owners.add(owner);
        }
        assert!(!owners.remove(1));
        assert!(!owners.remove(2));
        let mut left = Vec::new();
        owners.each(|owner| left.push(owner));
        assert_eq!(left, [1]);
        assert!(!owners.remove(7));
        assert!(owners.remove(1));
    }
}
