//! The graph as it is shown.

use crate::plan::Plan;
use crate::{Role, VertexId};
use resource::{AnyResource, Key};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use value::Value;

/// The graph as it is shown: sorted by key.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The vertices.
    pub vertices: Vec<Vertex>,
    /// The edges.
    pub edges: Vec<ViewEdge>,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vertex {
    /// Kind and name.
    pub key: Key,
    /// The fields that can be shown and have another value than by default.
    pub fields: Vec<(&'static str, Value)>,
    /// The resources that were grouped into this one.
    pub children: Vec<Vertex>,
    /// Whether it is hidden.
    pub hidden: bool,
}

/// An edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewEdge {
    /// The earlier resource.
    pub from: Key,
    /// The later resource.
    pub to: Key,
    /// Whether a change of the first notifies the second.
    pub notify: bool,
    /// Whether nobody stated it.
    pub automatic: bool,
}

impl Plan {
    /// The graph that was published last.
    pub fn view(&self) -> View {
        self.view_with(|_| Vec::new())
    }

    /// The same, with some resources as they are known elsewhere: with the values that they received, for instance. Of a
    /// group, `known` knows all members, in their order.
    pub fn view_with(&self, known: impl Fn(VertexId) -> Vec<Arc<dyn AnyResource>>) -> View {
        let mut vertices: Vec<Vertex> = self
            .published
            .vertices()
            .filter(|(_, planned)| planned.role != Role::Undo)
            .map(|(id, planned)| {
                let known = known(id);
                let hidden = planned.role == Role::Hidden;
                let children = planned.members.iter().enumerate().skip(1);
                let children = children
                    .map(|(place, member)| vertex(&member.key, &**known.get(place).unwrap_or(&member.resource), false));
                let mut children: Vec<Vertex> = children.collect();
                children.sort_by(|a, b| a.key.cmp(&b.key));
                // Of a group, the leader by itself: its members are shown as its children.
                let own = planned.members.first().map_or(&planned.resource, |leader| &leader.resource);
                Vertex { children, ..vertex(&planned.key, &**known.first().unwrap_or(own), hidden) }
            })
            .collect();
        // Hidden ones of one key are shown once where they look the same.
        let looks = |it: &Vertex| format!("{:?}", it.fields);
        vertices.sort_by(|a, b| (&a.key, a.hidden).cmp(&(&b.key, b.hidden)).then_with(|| looks(a).cmp(&looks(b))));
        vertices.dedup();
        let keys: FxHashMap<VertexId, &Key> = self
            .published
            .vertices()
            .filter(|(_, planned)| planned.role != Role::Undo)
            .map(|(id, it)| (id, &it.key))
            .collect();
        let mut edges: Vec<ViewEdge> = self
            .published
            .links()
            .filter_map(|(from, to, link)| {
                let (from, to) = ((*keys.get(&from)?).clone(), (*keys.get(&to)?).clone());
                Some(ViewEdge { from, to, notify: link.notify, automatic: link.automatic })
            })
            .collect();
        edges.sort();
        edges.dedup();
        View { vertices, edges }
    }
}

fn vertex(key: &Key, resource: &dyn AnyResource, hidden: bool) -> Vertex {
    let schema = resource.schema();
    let by_default = |name: &str| schema.field(name).and_then(|it| it.default).map(|default| default());
    let is_shown =
        |(name, value): &(&'static str, _)| !resource.hides(name) && by_default(name).as_ref() != Some(value);
    let fields = resource.fields().into_iter().filter(is_shown);
    Vertex { key: key.clone(), fields: fields.collect(), children: Vec::new(), hidden }
}
