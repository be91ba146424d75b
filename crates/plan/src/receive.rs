//! What a resource is with the values that it receives.

use crate::{Delivery, Planned};
use resource::{AnyResource, Key, Secrets, Transfer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use value::{Name, Value};

/// The values for the fields of those that a vertex is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    values: BTreeMap<Key, BTreeMap<Name, Value>>,
    /// The fields that received a secret.
    secret: BTreeSet<(Key, Name)>,
}

impl Received {
    /// Takes what one sent to another. Whether the sender itself has received a secret, which what it sends could tell, is up
    /// to the caller.
    ///
    /// # Errors
    /// Where the sender has not sent it.
    pub fn take(
        &mut self,
        delivery: &Delivery,
        sender: &Planned,
        sent: Option<&Value>,
        tells_secrets: bool,
    ) -> Result<(), String> {
        let Transfer { send, receive } = &delivery.transfer;
        let value = sent_part(sent, send).ok_or_else(|| {
            let key = &sender.key;
            format!("there is nothing to receive for `{receive}`: `{key}` has not sent `{send}`")
        })?;
        if tells_secrets || sender.resource.schema().send(send).is_some_and(|it| it.secret) {
            self.secret.insert((delivery.to.clone(), receive.clone()));
        }
        self.values.entry(delivery.to.clone()).or_default().insert(receive.clone(), value.clone());
        Ok(())
    }

    /// Whether nothing was received.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether a secret was received: what the receiver sends could tell it.
    pub fn has_secret(&self) -> bool {
        !self.secret.is_empty()
    }

    /// A field that received a secret, where there is one.
    pub fn secret_field(&self) -> Option<&Name> {
        self.secret.first().map(|(_, field)| field)
    }

    /// Whether a field received a secret.
    pub fn is_secret(&self, key: &Key, field: &str) -> bool {
        self.secret.iter().any(|(of, secret)| of == key && secret == field)
    }

    /// The texts of the secrets.
    pub fn secrets(&self) -> Secrets {
        Secrets::of(self.secret.iter().filter_map(|(key, field)| self.get(key, field)))
    }

    fn get(&self, key: &Key, field: &Name) -> Option<&Value> {
        self.values.get(key)?.get(field)
    }
}

/// A resource with the values that it received.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The resource; of a group, all members as one.
    pub resource: Arc<dyn AnyResource>,
    /// Of a group, every member by itself; otherwise empty.
    pub members: Vec<Arc<dyn AnyResource>>,
}

impl Effective {
    /// The resource, or of a group every member by itself.
    pub fn resources(&self) -> &[Arc<dyn AnyResource>] {
        if self.members.is_empty() { std::slice::from_ref(&self.resource) } else { &self.members }
    }
}

impl Effective {
    /// A resource with the values that it received; of a group, every member with its own.
    ///
    /// # Errors
    /// Says which value does not fit.
    pub fn new(planned: &Planned, received: &Received) -> Result<Effective, String> {
        // Why a value does not fit may tell it.
        Effective::build(planned, received).map_err(|why| received.secrets().mask(&why))
    }

    fn build(planned: &Planned, received: &Received) -> Result<Effective, String> {
        let bring_in = |(key, stated): (&Key, &Arc<dyn AnyResource>)| {
            let Some(values) = received.values.get(key) else { return Ok(Arc::clone(stated)) };
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
    pub fn changed(&self, planned: &Planned, old: Option<&Received>, received: &Received) -> Vec<String> {
        let mut changed = Vec::new();
        for ((key, stated), now) in receivers(planned).zip(self.resources()) {
            let Some(values) = received.values.get(key) else { continue };
            // A value that is received for the first time can be the one that is stated.
            let differing = now.changed_fields(&**stated).unwrap_or_default();
            let is_new = |field: &Name, value: &Value| match old.and_then(|old| old.get(key, field)) {
                Some(old) => old != value,
                None => differing.contains(&field.as_str()),
            };
            changed.extend(values.iter().filter(|(field, value)| is_new(field, value)).map(|(it, _)| it.to_string()));
        }
        changed
    }
}

/// Who a vertex is about: a resource, or the members of a group.
fn receivers(planned: &Planned) -> impl Iterator<Item = (&Key, &Arc<dyn AnyResource>)> {
    let alone = planned.members.is_empty().then_some((&planned.key, &planned.resource));
    alone.into_iter().chain(planned.members.iter().map(|member| (&member.key, &member.resource)))
}

/// One of the values that were sent.
pub fn sent_part<'a>(sent: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    sent?.as_struct()?.get(name)
}
