//! Regions: instances of bodies.

use crate::node::{Input, NodeKey};
use crate::publish::Lasting;
use flow::{BodyId, Slot};
use slotmap::new_key_type;

new_key_type! {
    /// A region.
    pub(crate) struct RegionKey;
}

/// An instance of a body.
///
/// A region is *dropped* by whoever made it; it is *gone* when no node of it is used any more and no region stands in it.
/// In between it only serves what still follows its values, until that is dropped too, within the same tick.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) body: BodyId,
    pub(crate) parent: Option<RegionKey>,
    /// The node that made it; none for the program itself.
    pub(crate) maker: Option<NodeKey>,
    /// What was handed in.
    pub(crate) params: Vec<Handed>,
    /// The nodes that exist, by their number in the body.
    pub(crate) nodes: Vec<Option<NodeKey>>,
    /// The effects that follow something, in the order of the body.
    pub(crate) effects: Vec<NodeKey>,
    /// What the others state: most resources of most programs follow nothing, and need no node.
    pub(crate) stated: Vec<Lasting>,
    /// How many nodes of this region exist, and how many regions stand in it.
    pub(crate) alive: u32,
    pub(crate) dropped: bool,
}

/// A value that is handed in: found out when it is first needed.
#[derive(Clone, Debug)]
pub(crate) enum Handed {
    /// A value that is there.
    Input(Input),
    /// A slot, as seen from another region.
    Slot(RegionKey, Slot),
}
