//! The graph as it is shown.

use crate::plan::Plan;
use crate::{Effective, Received, Role, VertexId};
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
        self.view_with(|_| None)
    }

    /// The same, with what resources received.
    pub fn view_with<'a>(&self, known: impl Fn(VertexId) -> Option<(&'a Effective, &'a Received)>) -> View {
        let mut vertices: Vec<Vertex> = self
            .published
            .vertices()
            .filter(|(_, planned)| planned.role != Role::Undo)
            .map(|(id, planned)| {
                let (resources, received) = known(id).map(|(it, received)| (it.resources(), received)).unzip();
                let shown = |place: usize, key: &Key, stated: &Arc<dyn AnyResource>| {
                    let resource = resources.and_then(|it| it.get(place)).unwrap_or(stated);
                    vertex(key, &**resource, received)
                };
                let children = planned.members.iter().enumerate().skip(1);
                let children = children.map(|(place, member)| shown(place, &member.key, &member.resource));
                let mut children: Vec<Vertex> = children.collect();
                children.sort_by(|a, b| a.key.cmp(&b.key));
                // Of a group, the leader by itself: its members are shown as its children.
                let own = planned.members.first().map_or(&planned.resource, |leader| &leader.resource);
                Vertex { children, hidden: planned.role == Role::Hidden, ..shown(0, &planned.key, own) }
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

/// A resource as it is shown: without what it hides, and without secrets that it received.
fn vertex(key: &Key, resource: &dyn AnyResource, received: Option<&Received>) -> Vertex {
    let schema = resource.schema();
    let by_default = |name: &str| schema.field(name).and_then(|it| it.default).map(|default| default());
    let is_secret = |name: &str| resource.hides(name) || received.is_some_and(|it| it.is_secret(key, name));
    let is_shown = |(name, value): &(&'static str, _)| !is_secret(name) && by_default(name).as_ref() != Some(value);
    let fields = resource.fields().into_iter().filter(is_shown);
    Vertex { key: key.clone(), fields: fields.collect(), children: Vec::new(), hidden: false }
}
