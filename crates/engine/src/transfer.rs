//! Values that go from a sender to a field of a receiver, right before the receiver is looked at.

use crate::engine::Engine;
use crate::vertex::Watched;
use graph::VertexIndex;
use plan::{Effective, Received, sent_part};
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
            let differs = |send: &Name| sent_part(old.as_ref(), send) != sent_part(self.graph[at].sent(), send);
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
        let values = self.values_for(at)?;
        let vertex = &self.graph[at];
        if let Some(field) = values.secret_field().filter(|_| !vertex.planned.meta.export.is_empty()) {
            return Err(format!("`{field}` receives a secret, and secrets are not exported"));
        }
        let rare = vertex.rare.as_ref();
        let is_known = rare
            .map_or(values.is_empty(), |rare| rare.values == values && (rare.effective.is_some() || values.is_empty()));
        if is_known {
            return Ok(false);
        }
        let effective = Effective::new(&vertex.planned, &values)?;
        let changed = effective.changed(&vertex.planned, rare.map(|rare| &rare.values), &values);
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
    fn values_for(&self, at: VertexIndex) -> Result<Received, String> {
        let mut received = Received::default();
        for &edge in self.graph.incoming(at) {
            let sender = &self.graph[self.graph.ends(edge).0];
            for delivery in &self.graph[edge].link.deliveries {
                received.take(delivery, &sender.planned, sender.sent(), sender.has_secret())?;
            }
        }
        Ok(received)
    }
}
