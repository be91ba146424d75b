//! Values in numbered places that are used again, with a generation that tells a place's inhabitants apart.

use std::fmt;
use std::ops;

/// A place and the generation of its inhabitant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Index {
    place: u32,
    generation: u32,
}

impl Index {
    pub(crate) fn place(self) -> usize {
        self.place as usize
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.place, self.generation)
    }
}

#[derive(Clone, Debug)]
struct Place<T> {
    generation: u32,
    value: Option<T>,
}

#[derive(Clone, Debug)]
pub(crate) struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.places.reserve(additional);
    }

    pub(crate) fn insert(&mut self, value: T) -> Index {
        if let Some(place) = self.free.pop() {
            let slot = &mut self.places[place as usize];
            slot.value = Some(value);
            return Index { place, generation: slot.generation };
        }
        let place = u32::try_from(self.places.len()).expect("a graph has fewer than 2^32 places");
        self.places.push(Place { generation: 0, value: Some(value) });
        Index { place, generation: 0 }
    }

    pub(crate) fn remove(&mut self, index: Index) -> Option<T> {
        let slot = self.places.get_mut(index.place()).filter(|slot| slot.generation == index.generation)?;
        let value = slot.value.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(index.place);
        Some(value)
    }

    pub(crate) fn get(&self, index: Index) -> Option<&T> {
        self.places.get(index.place()).filter(|slot| slot.generation == index.generation)?.value.as_ref()
    }

    pub(crate) fn get_mut(&mut self, index: Index) -> Option<&mut T> {
        self.places.get_mut(index.place()).filter(|slot| slot.generation == index.generation)?.value.as_mut()
    }

    pub(crate) fn at_place(&self, place: usize) -> Option<Index> {
        let slot = self.places.get(place).filter(|slot| slot.value.is_some())?;
        Some(Index { place: u32::try_from(place).ok()?, generation: slot.generation })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Index, &T)> {
        (0..)
            .zip(&self.places)
            .filter_map(|(place, slot)| Some((Index { place, generation: slot.generation }, slot.value.as_ref()?)))
    }

    pub(crate) fn places(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}

impl<T> ops::Index<Index> for Slab<T> {
    type Output = T;

    fn index(&self, index: Index) -> &T {
        self.get(index).expect("the index is of something that was not removed")
    }
}

impl<T> ops::IndexMut<Index> for Slab<T> {
    fn index_mut(&mut self, index: Index) -> &mut T {
        self.get_mut(index).expect("the index is of something that was not removed")
    }
}
