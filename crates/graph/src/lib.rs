//! Directed graphs that live long and change a little at a time.
//!
//! Vertices and edges live in slabs; an index stays valid until what it names is removed, and names nothing afterwards.
//! Adding and removing cost what is added and removed, also at a vertex with very many edges. Everything that has an order
//! has the same one on every run: ties of the topological order are decided by a key, never by an address.
//!
//! **Invariant:** an edge's two ends are always in the graph; removing a vertex removes its edges.

mod groups;
mod order;
mod search;
mod slab;

pub use groups::groups;
pub use order::Cycle;

use rustc_hash::FxHashMap;
use slab::{Index, Slab};
use std::fmt;
use std::ops;

/// Names a vertex until it is removed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VertexIndex(Index);

/// Names an edge until it is removed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeIndex(Index);

impl VertexIndex {
    /// The place in the slab. A small number; another vertex has it once this one is removed.
    pub fn place(self) -> usize {
        self.0.place()
    }
}

impl fmt::Debug for VertexIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vertex {:?}", self.0)
    }
}

impl fmt::Debug for EdgeIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edge {:?}", self.0)
    }
}

/// A directed graph with data at vertices and edges.
#[derive(Clone, Debug)]
pub struct Graph<V, E> {
    vertices: Slab<Vertex<V>>,
    edges: Slab<Edge<E>>,
}

#[derive(Clone, Debug)]
struct Vertex<V> {
    data: V,
    /// Many vertices have none.
    edges: Option<Box<Edges>>,
}

/// The edges of a vertex.
#[derive(Clone, Debug, Default)]
struct Edges {
    outgoing: Vec<EdgeIndex>,
    incoming: Vec<EdgeIndex>,
    /// Where the outgoing edges lead, with how many lead there: for a vertex with [`MANY`] of them or more.
    leads_to: Option<FxHashMap<VertexIndex, (EdgeIndex, u32)>>,
}

/// From so many edges on, one is looked up and not searched for.
const MANY: usize = 64;

#[derive(Clone, Debug)]
struct Edge<E> {
    data: E,
    from: VertexIndex,
    to: VertexIndex,
    /// Where the edge stands in `from`'s outgoing and in `to`'s incoming edges, so that removing it needs no search.
    outgoing_at: u32,
    incoming_at: u32,
}

impl<V, E> Default for Graph<V, E> {
    fn default() -> Self {
        Graph { vertices: Slab::default(), edges: Slab::default() }
    }
}

impl<V, E> Graph<V, E> {
    /// An empty graph.
    pub fn new() -> Self {
        Graph::default()
    }

    /// Makes room for so many more vertices.
    pub fn reserve(&mut self, additional: usize) {
        self.vertices.reserve(additional);
    }

    /// Adds a vertex.
    pub fn add_vertex(&mut self, data: V) -> VertexIndex {
        VertexIndex(self.vertices.insert(Vertex { data, edges: None }))
    }

    /// Removes a vertex and its edges; `None` where there is none.
    pub fn remove_vertex(&mut self, vertex: VertexIndex) -> Option<V> {
        for edge in self.outgoing(vertex).iter().chain(self.incoming(vertex)).copied().collect::<Vec<_>>() {
            self.remove_edge(edge);
        }
        Some(self.vertices.remove(vertex.0)?.data)
    }

    /// Adds an edge. Two vertices can have several; whoever wants at most one asks [`Graph::find_edge`] first.
    ///
    /// # Panics
    /// Where an end is not in the graph.
    pub fn add_edge(&mut self, from: VertexIndex, to: VertexIndex, data: E) -> EdgeIndex {
        let (outgoing_at, incoming_at) = (position(self.outgoing(from).len()), position(self.incoming(to).len()));
        let edge = EdgeIndex(self.edges.insert(Edge { data, from, to, outgoing_at, incoming_at }));
        self.vertices[to.0].edges.get_or_insert_default().incoming.push(edge);
        let Edges { outgoing, leads_to, .. } = &mut **self.vertices[from.0].edges.get_or_insert_default();
        outgoing.push(edge);
        match leads_to {
            Some(known) => note(known, to, edge),
            None if outgoing.len() >= MANY => {
                let mut known = FxHashMap::default();
                for edge in outgoing {
                    note(&mut known, self.edges[edge.0].to, *edge);
                }
                *leads_to = Some(known);
            }
            None => {}
        }
        edge
    }

    /// Removes an edge; `None` where there is none.
    pub fn remove_edge(&mut self, edge: EdgeIndex) -> Option<E> {
        let Edge { data, from, to, outgoing_at, incoming_at } = self.edges.remove(edge.0)?;
        let outgoing = &mut self.edges_of(from).outgoing;
        outgoing.swap_remove(outgoing_at as usize);
        if let Some(moved) = outgoing.get(outgoing_at as usize).copied() {
            self.edges[moved.0].outgoing_at = outgoing_at;
        }
        self.forget(edge, from, to);
        let incoming = &mut self.edges_of(to).incoming;
        incoming.swap_remove(incoming_at as usize);
        if let Some(moved) = incoming.get(incoming_at as usize).copied() {
            self.edges[moved.0].incoming_at = incoming_at;
        }
        Some(data)
    }

    /// The edges of a vertex that has some.
    fn edges_of(&mut self, vertex: VertexIndex) -> &mut Edges {
        self.vertices[vertex.0].edges.as_mut().expect("an edge is among those of both its ends")
    }

    /// Takes notice of an edge that left a vertex and is gone.
    fn forget(&mut self, edge: EdgeIndex, from: VertexIndex, to: VertexIndex) {
        let Some(Edges { outgoing, leads_to, .. }) = self.vertices[from.0].edges.as_deref_mut() else { return };
        let Some(known) = leads_to else { return };
        if outgoing.len() < MANY {
            *leads_to = None;
            return;
        }
        let Some((one, count)) = known.get_mut(&to) else { return };
        *count -= 1;
        if *count == 0 {
            known.remove(&to);
        } else if *one == edge {
            *one = outgoing.iter().copied().find(|other| self.edges[other.0].to == to).expect("one of several is gone");
        }
    }

    /// An edge between two vertices; costs the smaller of the two degrees, and never much.
    pub fn find_edge(&self, from: VertexIndex, to: VertexIndex) -> Option<EdgeIndex> {
        let (outgoing, incoming) = (self.outgoing(from), self.incoming(to));
        if incoming.len() >= MANY
            && let Some(known) = self.edges_at(from).and_then(|it| it.leads_to.as_ref())
        {
            return known.get(&to).map(|(edge, _)| *edge);
        }
        if outgoing.len() <= incoming.len() {
            outgoing.iter().copied().find(|edge| self.edges[edge.0].to == to)
        } else {
            incoming.iter().copied().find(|edge| self.edges[edge.0].from == from)
        }
    }

    /// The data of a vertex, where it is in the graph.
    pub fn get(&self, vertex: VertexIndex) -> Option<&V> {
        self.vertices.get(vertex.0).map(|vertex| &vertex.data)
    }

    /// The data of a vertex, where it is in the graph.
    pub fn get_mut(&mut self, vertex: VertexIndex) -> Option<&mut V> {
        self.vertices.get_mut(vertex.0).map(|vertex| &mut vertex.data)
    }

    /// The ends of an edge: from and to.
    ///
    /// # Panics
    /// Where the edge is not in the graph.
    pub fn ends(&self, edge: EdgeIndex) -> (VertexIndex, VertexIndex) {
        let edge = &self.edges[edge.0];
        (edge.from, edge.to)
    }

    /// The edges that leave a vertex, in no order that means anything; none where there is no such vertex.
    pub fn outgoing(&self, vertex: VertexIndex) -> &[EdgeIndex] {
        self.edges_at(vertex).map_or(&[], |it| &it.outgoing)
    }

    /// The edges that enter a vertex, in no order that means anything; none where there is no such vertex.
    pub fn incoming(&self, vertex: VertexIndex) -> &[EdgeIndex] {
        self.edges_at(vertex).map_or(&[], |it| &it.incoming)
    }

    fn edges_at(&self, vertex: VertexIndex) -> Option<&Edges> {
        self.vertices.get(vertex.0)?.edges.as_deref()
    }

    /// The vertices right after a vertex, once for each edge.
    pub fn children(&self, vertex: VertexIndex) -> impl DoubleEndedIterator<Item = VertexIndex> + '_ {
        self.outgoing(vertex).iter().map(|edge| self.edges[edge.0].to)
    }

    /// The vertices right before a vertex, once for each edge.
    pub fn parents(&self, vertex: VertexIndex) -> impl DoubleEndedIterator<Item = VertexIndex> + '_ {
        self.incoming(vertex).iter().map(|edge| self.edges[edge.0].from)
    }

    /// All vertices with their data, by place.
    pub fn vertices(&self) -> impl Iterator<Item = (VertexIndex, &V)> {
        self.vertices.iter().map(|(index, vertex)| (VertexIndex(index), &vertex.data))
    }

    /// All edges with their data, by place.
    pub fn edges(&self) -> impl Iterator<Item = (EdgeIndex, &E)> {
        self.edges.iter().map(|(index, edge)| (EdgeIndex(index), &edge.data))
    }

    /// The vertex at a place, where there is one.
    pub fn at_place(&self, place: usize) -> Option<VertexIndex> {
        self.vertices.at_place(place).map(VertexIndex)
    }

    /// How many places there are, taken or free: all places are smaller.
    pub fn places(&self) -> usize {
        self.vertices.places()
    }

    /// How many vertices there are.
    pub fn vertex_count(&self) -> usize {
        self.vertices.len()
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }
}

fn note(known: &mut FxHashMap<VertexIndex, (EdgeIndex, u32)>, to: VertexIndex, edge: EdgeIndex) {
    known.entry(to).or_insert((edge, 0)).1 += 1;
}

/// # Panics
/// Where the vertex is not in the graph.
impl<V, E> ops::Index<VertexIndex> for Graph<V, E> {
    type Output = V;

    fn index(&self, vertex: VertexIndex) -> &V {
        &self.vertices[vertex.0].data
    }
}

/// # Panics
/// Where the vertex is not in the graph.
impl<V, E> ops::IndexMut<VertexIndex> for Graph<V, E> {
    fn index_mut(&mut self, vertex: VertexIndex) -> &mut V {
        &mut self.vertices[vertex.0].data
    }
}

/// # Panics
/// Where the edge is not in the graph.
impl<V, E> ops::Index<EdgeIndex> for Graph<V, E> {
    type Output = E;

    fn index(&self, edge: EdgeIndex) -> &E {
        &self.edges[edge.0].data
    }
}

/// # Panics
/// Where the edge is not in the graph.
impl<V, E> ops::IndexMut<EdgeIndex> for Graph<V, E> {
    fn index_mut(&mut self, edge: EdgeIndex) -> &mut E {
        &mut self.edges[edge.0].data
    }
}

fn position(length: usize) -> u32 {
    u32::try_from(length).expect("a vertex has fewer than 2^32 edges")
}

#[cfg(test)]
mod tests;
