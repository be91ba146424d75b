//! Nodes: one value over time each.

use crate::control::Control;
use crate::effect::Effect;
use crate::region::RegionKey;
use crate::stream::Stream;
use flow::BodyId;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use slotmap::new_key_type;
use span::Span;
use std::sync::Arc;
use value::{Failure, Value};

new_key_type! {
    /// A node.
    pub(crate) struct NodeKey;
}

/// A failure and the place of the expression that failed first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) failure: Failure,
    pub(crate) span: Span,
    /// The part of a text in the program that is to blame, where one is.
    pub(crate) part: Option<Span>,
}

/// What a node has for a value.
pub(crate) type Outcome = Result<Value, Arc<Failed>>;

/// Where a node reads from.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// A value that never changes; it needs no node.
    Constant(Value),
    /// Another node.
    Node(NodeKey),
}

impl Input {
    /// Whether it reads that node.
    pub(crate) fn is(&self, key: NodeKey) -> bool {
        matches!(self, Input::Node(it) if *it == key)
    }
}

/// One value over time.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) region: RegionKey,
    pub(crate) role: Role,
    pub(crate) span: Span,
    /// More than the height of every node that this one reads.
    pub(crate) height: u32,
    /// `None` while it is not computed, or waits for the world.
    pub(crate) value: Option<Outcome>,
    pub(crate) inputs: Vec<Input>,
    /// The results of regions that this node has made.
    pub(crate) results: Vec<Input>,
    pub(crate) dependents: Dependents,
    /// How many times other nodes read this one. An effect is used by its region.
    pub(crate) uses: u32,
    pub(crate) dirty: bool,
}

/// What a node does.
#[derive(Debug)]
pub(crate) enum Role {
    /// Computes the node of that number of a body.
    Op(BodyId, u32),
    /// The same for a node that follows the world.
    Stream(BodyId, u32, Stream),
    /// The same for a node that makes regions.
    Control(BodyId, u32, Control),
    /// Holds an element of a list that somebody else goes through.
    Element,
    /// States resources or edges.
    Effect(Effect),
}

/// Who reads a node, with how often. Nearly always few; a shared value may have very many.
#[derive(Debug, Default)]
pub(crate) enum Dependents {
    #[default]
    None,
    Few(Vec<NodeKey>),
    Many(IndexMap<NodeKey, u32, FxBuildHasher>),
}

/// From so many on, finding one in a list is slower than in a table.
const MANY: usize = 16;

impl Dependents {
    pub(crate) fn add(&mut self, key: NodeKey) {
        match self {
            Dependents::None => *self = Dependents::Few(vec![key]),
            Dependents::Few(keys) if keys.len() < MANY => keys.push(key),
            Dependents::Few(keys) => {
                let mut table = IndexMap::default();
                for key in keys.drain(..).chain([key]) {
                    *table.entry(key).or_insert(0) += 1;
                }
                *self = Dependents::Many(table);
            }
            Dependents::Many(table) => *table.entry(key).or_insert(0) += 1,
        }
    }

    pub(crate) fn remove(&mut self, key: NodeKey) {
        match self {
            Dependents::None => {}
            Dependents::Few(keys) => {
                if let Some(at) = keys.iter().position(|it| *it == key) {
                    keys.swap_remove(at);
                }
            }
            Dependents::Many(table) => {
                if let Some(count) = table.get_mut(&key) {
                    *count -= 1;
                    if *count == 0 {
                        table.swap_remove(&key);
                    }
                }
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = NodeKey> + '_ {
        let (few, many) = match self {
            Dependents::None => (None, None),
            Dependents::Few(keys) => (Some(keys.iter().copied()), None),
            Dependents::Many(table) => (None, Some(table.keys().copied())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }
}
