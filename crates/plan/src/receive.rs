//! What a resource is with the values that it receives.

use crate::Planned;
use resource::{AnyResource, Key};
use std::collections::BTreeMap;
use std::sync::Arc;
use value::{Name, Value};

/// The values for the fields of those that a vertex is about.
pub type Received = BTreeMap<Key, BTreeMap<Name, Value>>;

/// A resource with the values that it received.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The resource; of a group, all members as one.
    pub resource: Arc<dyn AnyResource>,
    /// Of a group, every member by itself; otherwise empty.
    pub members: Vec<Arc<dyn AnyResource>>,
}

impl Effective {
    /// A resource with the values that it received; of a group, every member with its own.
    ///
    /// # Errors
    /// Says which value does not fit.
    pub fn new(planned: &Planned, values: &Received) -> Result<Effective, String> {
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
    pub fn changed(&self, planned: &Planned, old: Option<&Received>, values: &Received) -> Vec<String> {
        let now = if self.members.is_empty() { std::slice::from_ref(&self.resource) } else { &self.members };
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
