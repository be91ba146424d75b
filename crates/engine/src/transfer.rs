//! Values that go from a sender to a field of a receiver, right before the receiver is looked at.

use crate::engine::Engine;
use crate::vertex::{Effective, Received, Watched};
use graph::VertexIndex;
use plan::{Delivery, Planned};
use resource::{AnyResource, Key};
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
            if self.graph[edge].link.deliveries.iter().any(|it| differs(&it.transfer.send)) {
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
        let effective = effective(&vertex.planned, &values)?;
        let changed = changed(&vertex.planned, &effective, rare.map(|rare| &rare.values), &values);
        let before = self.watches(at);
        let vertex = &mut self.graph[at];
        vertex.exported &= changed.is_empty();
        let rare = vertex.rare();
        rare.received.extend(changed);
        rare.effective = (!values.is_empty()).then_some(effective);
        rare.values = values;
        let rearm = self.watches(at) != before;
        if rearm {
            self.arm(at);
        }
        Ok(rearm && self.graph[at].watched == Watched::Arming)
    }

    /// The values for the fields of a vertex.
    fn received(&self, at: VertexIndex) -> Result<Received, String> {
        let mut values = Received::new();
        for &edge in self.graph.incoming(at) {
            let sender = &self.graph[self.graph.ends(edge).0];
            for Delivery { to, transfer } in &self.graph[edge].link.deliveries {
                let value = part(sender.sent(), &transfer.send).ok_or_else(|| {
                    let (field, key, send) = (&transfer.receive, &sender.planned.key, &transfer.send);
                    format!("there is nothing to receive for `{field}`: `{key}` has not sent `{send}`")
                })?;
                values.entry(to.clone()).or_default().insert(transfer.receive.clone(), value.clone());
            }
        }
        Ok(values)
    }
}

/// Who a vertex is about: a resource, or the members of a group.
fn receivers(planned: &Planned) -> impl Iterator<Item = (&Key, &Arc<dyn AnyResource>)> {
    let alone = planned.members.is_empty().then_some((&planned.key, &planned.resource));
    alone.into_iter().chain(planned.members.iter().map(|member| (&member.key, &member.resource)))
}

/// A resource with the values that it received; of a group, every member with its own.
fn effective(planned: &Planned, values: &Received) -> Result<Effective, String> {
    let bring_in = |(key, stated): (&Key, &Arc<dyn AnyResource>)| {
        let Some(values) = values.get(key) else { return Ok(Arc::clone(stated)) };
        let mut resource = Arc::clone(stated);
        for (field, value) in values {
            resource = resource.with(field, Some(value.clone())).map_err(|error| error.to_string())?;
        }
        resource.validate().map_err(|error| format!("what it received does not go together: {error}"))?;
        Ok(resource)
    };
    let resources: Vec<_> = receivers(planned).map(bring_in).collect::<Result<_, String>>()?;
    let resource = match resources.as_slice() {
        [alone] => Arc::clone(alone),
        [leader, others @ ..] => leader
            .grouped(others)
            .map_err(|why| format!("with what it received, the group does not go together: {why}"))?,
        [] => Arc::clone(&planned.resource),
    };
    Ok(Effective { resource, members: if planned.members.is_empty() { Vec::new() } else { resources } })
}

/// The fields for which other values were received than before.
fn changed(planned: &Planned, effective: &Effective, old: Option<&Received>, values: &Received) -> Vec<String> {
    let now = if effective.members.is_empty() { std::slice::from_ref(&effective.resource) } else { &effective.members };
    let mut changed = Vec::new();
    for ((key, stated), now) in receivers(planned).zip(now) {
        let Some(values) = values.get(key) else { continue };
        // A value that is received for the first time can be the one that is stated.
        let differing = now.changed_fields(&**stated).unwrap_or_default();
        let is_new = |field: &Name, value: &Value| match old.and_then(|old| old.get(key)?.get(field)) {
            Some(old) => old != value,
            None => differing.contains(&field.as_str()),
        };
        changed.extend(values.iter().filter(|(field, value)| is_new(field, value)).map(|(it, _)| it.to_string()));
    }
    changed
}

/// One of the values that were sent.
fn part<'a>(sent: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    sent?.as_struct()?.get(name)
}
