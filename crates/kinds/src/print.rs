//! `print`: a line for whoever runs the program.

use crate::text::excerpt;
use resource::host::Host;
use resource::{AnyResource, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;
use value::Value;

/// Prints a message.
///
/// The message is printed when the agent first comes to it, each time it changes, and each time another resource notifies
/// the `print`.
///
/// ```mcl
/// print "hello" {
///     msg => "hello, world",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "print", since = "0.1", receives, refreshes)]
pub(crate) struct Print {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The message.
    msg: String,
    /// Prints only when another resource notifies this one.
    refresh_only: bool,
    /// The members of the group that this one leads.
    #[field(private)]
    members: Vec<Print>,
}

/// The message that each `print` of the group printed last: the leader's first.
type Printed = Vec<Option<Value>>;

/// Prints one message.
#[derive(Debug)]
pub(crate) struct Show {
    name: String,
    message: String,
}

impl fmt::Display for Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => f.write_str("print an empty message"),
            message => write!(f, "print {}", excerpt(message)),
        }
    }
}

impl resource::Step for Show {
    fn shows_itself(&self) -> bool {
        true
    }
}

impl Print {
    /// This one and the members of its group.
    fn all(&self) -> impl Iterator<Item = &Print> {
        std::iter::once(self).chain(&self.members)
    }
}

impl Resource for Print {
    type State = Printed;
    type Step = Show;

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, host: &Host) -> Result<Printed> {
        Ok(self.all().map(|it| host.memory.recall("print", &it.name)).collect())
    }

    fn plan(&self, now: &Printed, cx: &PlanContext<'_>) -> Result<Vec<Show>> {
        let is_printed = self.all().zip(now).all(|(it, last)| *last == Some(Value::str(it.msg.as_str())));
        if !cx.refresh && (is_printed || self.refresh_only) {
            return Ok(Vec::new());
        }
        Ok(self.all().map(|it| Show { name: it.name.clone(), message: it.msg.clone() }).collect())
    }

    async fn apply(&self, host: &Host, step: &Show) -> Result<()> {
        let shown = if step.message.is_empty() { "<empty>" } else { &step.message };
        host.journal.show(&format!("print[{}]", step.name), shown);
        host.memory.remember("print", &step.name, Value::str(step.message.as_str()));
        Ok(())
    }

    fn group_key(&self) -> Option<String> {
        (!self.refresh_only).then(|| "print".to_owned())
    }

    fn groups_receiving(&self, field: &str) -> bool {
        field == "msg"
    }

    fn absorb(&mut self, member: &dyn AnyResource) -> Result<(), String> {
        let member = member.as_any().downcast_ref::<Print>().ok_or("only `print` goes with `print`")?;
        self.members.push(member.clone());
        Ok(())
    }
}
