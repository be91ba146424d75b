//! What only one resource may manage, whatever the names of those that would.

use crate::diag;
use crate::plan::{Node, NodeKey, Plan, Problem};
use graph::VertexIndex;
use resource::Identity;
use std::collections::{BTreeMap, BTreeSet};

/// Who claims what.
#[derive(Default)]
pub(crate) struct Claims {
    of: BTreeMap<NodeKey, Identity>,
    claimants: BTreeMap<Identity, BTreeSet<NodeKey>>,
    /// What more than one resource claims.
    contested: BTreeSet<Identity>,
}

impl Claims {
    /// A resource claims this now, in place of what it claimed. Most never claim anything.
    fn change(&mut self, node: &NodeKey, claim: Option<Identity>) {
        if self.of.get(node) == claim.as_ref() {
            return;
        }
        if let Some(old) = self.of.remove(node)
            && let Some(claimants) = self.claimants.get_mut(&old)
        {
            claimants.remove(node);
            if claimants.len() < 2 {
                self.contested.remove(&old);
            }
            if claimants.is_empty() {
                self.claimants.remove(&old);
            }
        }
        if let Some(new) = claim {
            let claimants = self.claimants.entry(new.clone()).or_default();
            claimants.insert(node.clone());
            if claimants.len() > 1 {
                self.contested.insert(new.clone());
            }
            self.of.insert(node.clone(), new);
        }
    }
}

impl Plan {
    /// Brings what a resource claims to what it is now.
    pub(crate) fn reclaim(&mut self, at: VertexIndex) {
        let node = &self.graph[at];
        // What is hidden manages nothing here.
        let built = node.merged.as_ref().ok().filter(|built| !built.meta.hidden);
        let claim = built.and_then(|built| built.resource.claims());
        self.claims.change(&node.key, claim);
    }

    /// A resource is gone, and claims nothing.
    pub(crate) fn unclaim(&mut self, node: &Node) {
        self.claims.change(&node.key, None);
    }

    /// What is wrong with resources that claim the same: each of them but the first.
    pub(crate) fn contested(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for what in &self.claims.contested {
            let span = |node: &NodeKey| {
                let node = &self.graph[self.nodes.get(node)?];
                node.merged.as_ref().ok()?.span
            };
            let mut claimants: Vec<&NodeKey> = self.claims.claimants.get(what).into_iter().flatten().collect();
            claimants.sort_by_key(|node| (span(node), *node));
            let Some((first, others)) = claimants.split_first() else { continue };
            let others = others.iter();
            problems.extend(others.map(|it| diag::contested(what, &it.key, span(it), &first.key, span(first))));
        }
        problems
    }
}
