//! `value`: a value that the program keeps on this host.

use crate::text::quoted;
use macros::Structure;
use resource::host::Host;
use resource::{Kind, PlanContext, Resource, Result, Watch};
use std::fmt;
use value::{ToValue, Value as Any};

/// Keeps a value on this host, where functions such as `value.get_str` find it, also after a restart.
///
/// It passes on what it receives.
///
/// ```mcl
/// value "answer" {
///     any => 42,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "value", since = "0.1", sends = ValueSends, receives)]
pub(crate) struct Value {
    /// The name of the value.
    #[field(identity)]
    name: String,
    /// The value; where it is left out, none is kept.
    any: Option<Any>,
}

/// What a `value` sends.
#[derive(Clone, Debug, Structure)]
pub(crate) struct ValueSends {
    /// The value.
    any: Option<Any>,
}

/// Keeps or forgets the value. It can be a secret and is not shown.
#[derive(Debug)]
pub(crate) struct Keep {
    name: String,
    is_removed: bool,
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.is_removed { "remove" } else { "set" };
        write!(f, "{verb} value {}", quoted(&self.name))
    }
}

impl resource::Step for Keep {}

impl Resource for Value {
    type State = Option<Any>;
    type Step = Keep;

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, host: &Host) -> Result<Option<Any>> {
        host.local.value(&self.name)
    }

    fn plan(&self, now: &Option<Any>, _cx: &PlanContext<'_>) -> Result<Vec<Keep>> {
        if *now == self.any {
            return Ok(Vec::new());
        }
        Ok(vec![Keep { name: self.name.clone(), is_removed: self.any.is_none() }])
    }

    async fn apply(&self, host: &Host, _step: &Keep) -> Result<()> {
        host.local.set_value(&self.name, self.any.clone())
    }

    async fn send(&self, _host: &Host) -> Result<Option<Any>> {
        Ok(Some(ValueSends { any: self.any.clone() }.to_value()))
    }
}
