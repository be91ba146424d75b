//! What is needed: who follows the world does so only for what the program states.
//!
//! Two things that a node wants to follow are not asked for. One is wanted by a branch that is gone when the tick is over:
//! its nodes may be computed before the condition that ends it. The other is wanted by a branch whose condition is awaited,
//! or has failed: the branch stays as it was meanwhile, and whether it is to begin something new is not known. The second
//! is asked for once the condition says so.

use crate::control::Control;
use crate::node::{Node, NodeKey, Role};
use crate::runtime::Runtime;
use crate::stream::{StreamId, Subscription};
use flow::Op;
use rustc_hash::{FxHashMap, FxHashSet};

/// Nodes of which it was found out whether an effect that counts depends on them.
#[derive(Default)]
struct Known {
    needed: FxHashSet<NodeKey>,
    idle: FxHashSet<NodeKey>,
}

impl Runtime {
    /// Takes note whether a node that has made regions still knows that it wants them.
    pub(crate) fn note_decision(&mut self, key: NodeKey) {
        let undecided = self.node(key).is_some_and(|node| {
            let (control, catches) = match &node.role {
                Role::Control(body, number, control) => (control, matches!(self.op(*body, *number), Op::Except { .. })),
                Role::Effect(effect) => (&effect.control, false),
                Role::Op(..) | Role::Stream(..) | Role::Element => return false,
            };
            !matches!(control, Control::Idle | Control::Nothing(_)) && !self.is_decided(node, catches)
        });
        if undecided {
            self.undecided.insert(key);
        } else {
            self.undecided.remove(&key);
        }
    }

    /// Whether what a node chooses by is known. A fallback is chosen by a failure.
    fn is_decided(&self, node: &Node, catches: bool) -> bool {
        node.inputs.iter().all(|input| self.has_value(input).is_some_and(|it| catches || it))
    }

    /// Whether an effect counts: every condition and loop around it is decided.
    pub(crate) fn counts(&self, effect: NodeKey) -> bool {
        let mut next = Some(effect);
        while let Some(key) = next {
            next = self.maker_around(key);
            if next.is_some_and(|maker| self.undecided.contains(&maker)) {
                return false;
            }
        }
        true
    }

    /// What is to be followed from now on, and what not any more.
    pub(crate) fn turns(&mut self) -> (Vec<Subscription>, Vec<StreamId>) {
        let (mut begin, mut end) = (std::mem::take(&mut self.subscribe), std::mem::take(&mut self.unsubscribe));
        // Nobody is told of what ended before it could begin; what follows it takes the place of what was before it.
        let mut skipped = FxHashMap::default();
        begin.retain_mut(|it| {
            while let Some(before) = it.replaces.and_then(|id| skipped.get(&id)) {
                it.replaces = *before;
            }
            let lives = self.streams.contains_key(&it.id);
            if !lives {
                skipped.insert(it.id, it.replaces);
            }
            lives
        });
        end.retain(|id| !skipped.contains_key(id));
        if self.undecided.is_empty() {
            return (begin, end);
        }
        let mut known = Known::default();
        let needed = |it: &Subscription| self.streams.get(&it.id).is_some_and(|key| self.is_needed(*key, &mut known));
        let (begin, later): (Vec<_>, Vec<_>) = begin.into_iter().partition(needed);
        // What is to be replaced later goes on until then.
        let kept: FxHashSet<StreamId> = later.iter().filter_map(|it| it.replaces).collect();
        let (kept, end) = end.into_iter().partition(|id| kept.contains(id));
        (self.subscribe, self.unsubscribe) = (later, kept);
        (begin, end)
    }

    /// Whether an effect that counts depends on a node, through conditions and the like that are decided.
    fn is_needed(&self, key: NodeKey, known: &mut Known) -> bool {
        let dependents = |key| self.node(key).map(|it| it.dependents.iter().collect::<Vec<_>>()).unwrap_or_default();
        let mut path = vec![(key, dependents(key))];
        while let Some((from, left)) = path.last_mut() {
            let from = *from;
            let Some(to) = left.pop() else {
                known.idle.insert(from);
                path.pop();
                continue;
            };
            if known.idle.contains(&to) || !self.passes(from, to) {
                continue;
            }
            let is_effect = self.node(to).is_some_and(|it| matches!(it.role, Role::Effect(_)));
            if known.needed.contains(&to) || is_effect && self.counts(to) {
                known.needed.extend(path.into_iter().map(|(key, _)| key));
                return true;
            }
            if !is_effect {
                path.push((to, dependents(to)));
            }
        }
        false
    }

    /// Whether a node takes anything of another: nothing of the results of what it does not know that it wants.
    fn passes(&self, from: NodeKey, to: NodeKey) -> bool {
        !self.undecided.contains(&to) || self.node(to).is_some_and(|node| node.inputs.iter().any(|it| it.is(from)))
    }
}
