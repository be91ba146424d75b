//! Sets that suit what they hold: a few elements, or many that are noted now and looked into later.

/// A sorted list without repetitions. There is nearly always one element at the most, which takes no memory of its own.
#[derive(Clone, Debug, Default)]
pub(crate) enum Few<T> {
    #[default]
    None,
    One(T),
    Many(Vec<T>),
}

impl<T: Copy + Ord> Few<T> {
    /// Adds an element; nothing changes where it is there.
    pub(crate) fn insert(&mut self, element: T) {
        self.insert_by_key(element, |it| *it);
    }
}

impl<T: Copy + PartialEq> Few<T> {
    /// Adds an element to a list that is sorted by a key.
    pub(crate) fn insert_by_key<K: Ord>(&mut self, element: T, key: impl Fn(&T) -> K) {
        let Err(place) = self.as_slice().binary_search_by(|it| key(it).cmp(&key(&element))) else { return };
        match self {
            Few::None => *self = Few::One(element),
            Few::One(other) => {
                let mut elements = vec![*other];
                elements.insert(place, element);
                *self = Few::Many(elements);
            }
            Few::Many(elements) => elements.insert(place, element),
        }
    }

    /// Takes an element out. Says whether it was there.
    pub(crate) fn remove(&mut self, element: &T) -> bool {
        match self {
            Few::One(only) if only == element => {
                *self = Few::None;
                true
            }
            Few::None | Few::One(_) => false,
            Few::Many(elements) => {
                let count = elements.len();
                elements.retain(|it| it != element);
                count != elements.len()
            }
        }
    }
}

impl<T> Few<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(element) => std::slice::from_ref(element),
            Few::Many(elements) => elements,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.as_slice().iter()
    }
}

/// What is to be looked into later, each once, however often it is noted. It mostly comes in order, and is in order when it
/// is taken: so it is a list, which is tidied up whenever it has become twice as long.
#[derive(Debug)]
pub(crate) struct Noted<T> {
    elements: Vec<T>,
    /// So long may it become.
    room: usize,
}

impl<T> Default for Noted<T> {
    fn default() -> Self {
        Noted { elements: Vec::new(), room: 0 }
    }
}

/// From so many on, a list is tidied up.
const MANY: usize = 64;

impl<T: Copy + Ord> Noted<T> {
    pub(crate) fn insert(&mut self, element: T) {
        if self.elements.len() >= self.room.max(MANY) {
            self.tidy();
        }
        self.elements.push(element);
    }

    fn tidy(&mut self) {
        self.elements.sort();
        self.elements.dedup();
        self.room = 2 * self.elements.len();
    }

    /// In no order that means anything, and some more than once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.elements.iter()
    }

    /// Everything that was noted, sorted; nothing is any more.
    pub(crate) fn take(&mut self) -> Vec<T> {
        self.tidy();
        std::mem::take(self).elements
    }
}

impl<T: Copy + Ord> Extend<T> for Noted<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        elements.into_iter().for_each(|it| self.insert(it));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_sorted_and_each_is_there_once() {
        let mut few = Few::default();
        for element in [2, 1, 3, 2] {
            few.insert(element);
        }
        assert_eq!(few.as_slice(), [1, 2, 3]);
        assert!(few.remove(&1) && !few.remove(&1));
        assert_eq!(few.as_slice(), [2, 3]);
        assert!(few.remove(&2) && few.remove(&3) && few.is_empty());
        few.insert(4);
        assert_eq!(few.as_slice(), [4]);
    }

    #[test]
    fn what_is_noted_again_and_again_is_taken_once_and_needs_no_more_room() {
        let mut noted = Noted::default();
        for number in 0..100_000_u32 {
            noted.insert(number * 7 % 100);
        }
        assert!(noted.iter().count() <= 200);
        assert_eq!(noted.take(), Vec::from_iter(0..100));
        assert!(noted.take().is_empty());
    }
}
