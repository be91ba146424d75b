//! Edges that the program states.

use crate::diag;
use crate::plan::{Arrow, Plan, Problem, Touched};
use crate::sets::Few;
use ::diag::closest;
use graph::VertexIndex;
use resource::{Edge, Key, StatementId};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use value::{Name, Type};

impl Plan {
    /// Brings the edges of touched statements to what is stated now. Statements that were in error are looked at again: what
    /// was in their way may be gone.
    pub(crate) fn relink(&mut self, touched: &Touched) {
        let mut names = FxHashMap::default();
        let mut links = touched.links.clone();
        links.extend(self.broken.keys().copied());
        for id in &links {
            self.unlink(*id);
        }
        for id in links {
            let Some(edge) = self.links.get(&id).cloned() else { continue };
            if let Err(diagnostic) = self.link(&edge, &mut names) {
                self.unlink(id);
                self.broken.insert(id, diagnostic);
            }
        }
    }

    /// Forgets an edge statement.
    pub(crate) fn forget_link(&mut self, id: StatementId) {
        self.unlink(id);
        let Some(edge) = self.links.remove(&id) else { return };
        for key in [&edge.from, &edge.to] {
            if let Some(links) = self.links_at.get_mut(key) {
                links.remove(&id);
                if links.is_empty() {
                    self.links_at.remove(key);
                }
            }
        }
    }

    /// Takes what a statement says out of the graph.
    fn unlink(&mut self, id: StatementId) {
        self.broken.remove(&id);
        if !self.linked.remove(&id) {
            return;
        }
        let Some(edge) = self.links.get(&id) else { return };
        // Who sends or receives may stay out of groups for it.
        self.published.regroup |= edge.transfer.is_some();
        for (from, to) in pairs(&self.ends(&edge.from), &self.ends(&edge.to)) {
            let Some(arrow) = self.graph.find_edge(from, to) else { continue };
            if self.graph[arrow].stated.remove(&id) {
                self.published.touch_pair(self.graph[from].id, self.graph[to].id);
                if self.graph[arrow].is_nobodys() {
                    self.remove_arrow(arrow);
                }
            }
        }
    }

    /// The resources of a key: one, and those that are hidden.
    pub(crate) fn ends(&self, key: &Key) -> Vec<VertexIndex> {
        self.nodes.of_key(key)
    }

    /// Brings what a statement says into the graph. `names` keeps the names of kinds, for what is not found.
    fn link(&mut self, edge: &Edge, names: &mut FxHashMap<Name, Vec<String>>) -> Result<(), Problem> {
        self.linked.insert(edge.id);
        let (from, to) = (self.ends(&edge.from), self.ends(&edge.to));
        for (key, ends) in [(&edge.from, &from), (&edge.to, &to)] {
            if ends.is_empty() {
                let names = names.entry(key.kind.clone()).or_insert_with(|| self.names_of_kind(&key.kind));
                return Err(diag::unknown_resource(
                    key,
                    edge.span,
                    closest(&key.name, names.iter().map(String::as_str)),
                ));
            }
        }
        self.check_transfer(edge)?;
        for (from, to) in pairs(&from, &to) {
            self.arrow(edge, from, to)?;
        }
        Ok(())
    }

    fn names_of_kind(&self, kind: &str) -> Vec<String> {
        let of_kind = self.nodes.iter().filter(|(key, _)| key.kind == kind);
        let mut names: Vec<String> = of_kind.map(|(key, _)| key.name.to_string()).collect();
        names.sort();
        names.truncate(1000);
        names
    }

    fn arrow(&mut self, edge: &Edge, from: VertexIndex, to: VertexIndex) -> Result<(), Problem> {
        self.published.regroup |= edge.transfer.is_some();
        if let Some(arrow) = self.graph.find_edge(from, to) {
            self.published.touch_pair(self.graph[from].id, self.graph[to].id);
            self.graph[arrow].stated.insert(edge.id);
            return Ok(());
        }
        // What was made automatically gives way to what is stated.
        while let Some(path) = self.graph.path(to, from) {
            let Some(automatic) = path.iter().copied().find(|it| self.graph[*it].stated.is_empty()) else {
                let steps: Vec<_> = path
                    .iter()
                    .map(|step| {
                        let (a, b) = self.graph.ends(*step);
                        let span = self.graph[*step].stated.iter().next().and_then(|id| self.links.get(id)?.span);
                        (self.graph[a].key.key.clone(), self.graph[b].key.key.clone(), span)
                    })
                    .collect();
                return Err(diag::cycle(edge, &steps));
            };
            let (a, b) = self.graph.ends(automatic);
            self.drop_automatic(a, b);
            let (a, b) = (&self.graph[a].key, &self.graph[b].key);
            self.warnings.push(format!("no automatic edge {} -> {}: stated edges go the other way", a.key, b.key));
            self.remove_arrow(automatic);
        }
        self.add_arrow(from, to, Arrow { stated: Few::One(edge.id), wanted: 0 });
        Ok(())
    }

    fn check_transfer(&self, edge: &Edge) -> Result<(), Problem> {
        let Some(transfer) = &edge.transfer else { return Ok(()) };
        let Some(sender) = self.nodes.visible(&edge.from) else { return Err(diag::hidden_sender(edge)) };
        let send = match &self.graph[sender].merged {
            Ok(built) => {
                let send = built.resource.schema().send(&transfer.send);
                Some(send.ok_or_else(|| diag::cannot_send(edge, &transfer.send))?)
            }
            Err(_) => None,
        };
        for receiver in self.ends(&edge.to) {
            let Ok(built) = &self.graph[receiver].merged else { continue };
            let schema = built.resource.schema();
            let Some(receive) = schema.field(&transfer.receive).filter(|_| schema.receives) else {
                return Err(diag::cannot_receive(edge, &transfer.receive));
            };
            let Some(send) = send else { continue };
            let (sent, wanted) = ((send.ty)(), (receive.ty)());
            if sent != wanted && ![&sent, &wanted].contains(&&Type::Variant) {
                return Err(diag::other_type(edge, transfer, &sent, &wanted));
            }
            if send.secret && !built.meta.export.is_empty() {
                return Err(diag::exported_secret(&edge.to, &transfer.receive, edge.span));
            }
        }
        // A field has one sender; the same one may be stated several times.
        let others = self.links_at.get(&edge.to).into_iter().flatten().filter_map(|id| self.links.get(id));
        let senders: BTreeMap<_, &Edge> = others
            .filter(|it| {
                it.to == edge.to && it.transfer.as_ref().is_some_and(|other| other.receive == transfer.receive)
            })
            .map(|it| ((&it.from, it.transfer.as_ref().map(|other| &other.send)), it))
            .collect();
        if senders.len() > 1
            && let Some(first) = senders.values().min_by_key(|it| it.id)
            && (&first.from, &first.transfer) != (&edge.from, &edge.transfer)
        {
            return Err(diag::two_senders(edge, &transfer.receive, first));
        }
        Ok(())
    }
}

fn pairs(from: &[VertexIndex], to: &[VertexIndex]) -> Vec<(VertexIndex, VertexIndex)> {
    from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b))).collect()
}
