//! Values that go from a sender to a field of a receiver, right before the receiver is looked at.

use crate::engine::Engine;
use crate::vertex::Watched;
use graph::VertexIndex;
use std::collections::BTreeMap;
use std::sync::Arc;
use value::{Name, Value};

impl Engine {
    /// Keeps what a vertex sent. Who receives something else than before is looked at.
    pub(crate) fn keep_sent(&mut self, at: VertexIndex, sent: Option<Value>) {
        // A run that had nothing to do may have nothing to send either; what was sent before still holds.
        let Some(sent) = sent else { return };
        if self.graph[at].sent() == Some(&sent) {
            return;
        }
        let old = self.graph[at].rare().sent.replace(sent);
        for place in 0..self.graph.outgoing(at).len() {
            let edge = self.graph.outgoing(at)[place];
            let differs = |send: &Name| part(old.as_ref(), send) != part(self.graph[at].sent(), send);
            if self.graph[edge].link.transfers.iter().any(|transfer| differs(&transfer.send)) {
                self.touch(self.graph.ends(edge).1, false);
            }
        }
    }

    /// Brings the received values into a vertex. Says whether what it watches changed with them.
    ///
    /// # Errors
    /// Says which value is missing or does not fit.
    pub(crate) fn receive(&mut self, at: VertexIndex) -> Result<bool, String> {
        let values = self.received(at)?;
        let vertex = &self.graph[at];
        let rare = vertex.rare.as_ref();
        let is_known = rare
            .map_or(values.is_empty(), |rare| rare.values == values && (rare.effective.is_some() || values.is_empty()));
        if is_known {
            return Ok(false);
        }
        let stated = &vertex.planned.resource;
        let mut resource = Arc::clone(stated);
        for (field, value) in &values {
            resource = resource.with(field, Some(value.clone())).map_err(|error| error.to_string())?;
        }
        resource.validate().map_err(|error| format!("what it received does not go together: {error}"))?;
        // A value that is received for the first time can be the one that is stated.
        let stated = resource.changed_fields(&**stated).unwrap_or_default();
        let is_new = |field: &Name, value: &Value| match rare.and_then(|rare| rare.values.get(field)) {
            Some(old) => old != value,
            None => stated.contains(&field.as_str()),
        };
        let changed: Vec<_> =
            values.iter().filter(|(field, value)| is_new(field, value)).map(|(it, _)| it.to_string()).collect();
        let before = self.watches(at);
        let vertex = &mut self.graph[at];
        vertex.exported &= changed.is_empty();
        let rare = vertex.rare();
        rare.received.extend(changed);
        rare.effective = (!values.is_empty()).then_some(resource);
        rare.values = values;
        let rearm = self.watches(at) != before;
        if rearm {
            self.arm(at);
        }
        Ok(rearm && self.graph[at].watched == Watched::Arming)
    }

    /// The values for the fields of a vertex.
    fn received(&self, at: VertexIndex) -> Result<BTreeMap<Name, Value>, String> {
        let mut values = BTreeMap::new();
        for &edge in self.graph.incoming(at) {
            let sender = &self.graph[self.graph.ends(edge).0];
            for transfer in &self.graph[edge].link.transfers {
                let value = part(sender.sent(), &transfer.send).ok_or_else(|| {
                    let (field, key, send) = (&transfer.receive, &sender.planned.key, &transfer.send);
                    format!("there is nothing to receive for `{field}`: `{key}` has not sent `{send}`")
                })?;
                values.insert(transfer.receive.clone(), value.clone());
            }
        }
        Ok(values)
    }
}

/// One of the values that were sent.
fn part<'a>(sent: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    sent?.as_struct()?.get(name)
}
