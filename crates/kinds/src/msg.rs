//! `msg`: a message for the system's log.

use crate::text::excerpt;
use resource::host::{Host, Priority};
use resource::{Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::collections::BTreeMap;
use std::fmt;
use value::Value;

/// Logs a message.
///
/// It is sent when the agent first comes to it, when it changes, and when another resource notifies it.
///
/// ```mcl
/// msg "deployed" {
///     body => "version 7 is in place",
///     priority => "Info",
///     journal => true,
///     fields => { "VERSION" => "7" },
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "msg", since = "0.1", receives, refreshes)]
pub(crate) struct Msg {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The message.
    body: String,
    /// How important it is. Must be given.
    #[field(values("Emerg", "Alert", "Crit", "Err", "Warning", "Notice", "Info", "Debug"))]
    priority: String,
    /// Further fields of the entry in the journal, which has their names in capitals.
    fields: BTreeMap<String, String>,
    /// Whether it goes to the journal.
    journal: bool,
    /// Whether it goes to syslog.
    syslog: bool,
}

/// Sends the message.
#[derive(Debug)]
pub(crate) struct Send(String);

impl fmt::Display for Send {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "log {}", excerpt(&self.0))
    }
}

impl resource::Step for Send {
    fn shows_itself(&self) -> bool {
        true
    }
}

impl Msg {
    fn priority(&self) -> Option<Priority> {
        Some(match self.priority.as_str() {
            "Emerg" => Priority::Emerg,
            "Alert" => Priority::Alert,
            "Crit" => Priority::Crit,
            "Err" => Priority::Err,
            "Warning" => Priority::Warning,
            "Notice" => Priority::Notice,
            "Info" => Priority::Info,
            "Debug" => Priority::Debug,
            _ => return None,
        })
    }

    /// What is remembered of a message that was sent.
    fn message(&self) -> Value {
        Value::list(Kind::fields(self).into_iter().map(|(name, value)| Value::structure([(name, value)])))
    }
}

impl Resource for Msg {
    /// The message that was sent last.
    type State = Option<Value>;
    type Step = Send;

    fn validate(&self) -> Result<(), Invalid> {
        if self.priority().is_none() {
            return Err(Invalid::field("priority", "the priority must be given").hint("write `priority => \"Info\"`"));
        }
        let is_name = |name: &String| {
            !name.is_empty() && !name.starts_with('_') && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        };
        match self.fields.keys().find(|name| !is_name(name)) {
            Some(name) => Err(Invalid::field("fields", format!("{} is no name of a field", excerpt(name)))
                .hint("letters, digits and `_`, which does not come first")),
            None => Ok(()),
        }
    }

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, host: &Host) -> Result<Option<Value>> {
        Ok(host.memory.recall("msg", &self.name))
    }

    fn plan(&self, sent: &Option<Value>, cx: &PlanContext<'_>) -> Result<Vec<Send>> {
        let is_sent = sent.as_ref() == Some(&self.message());
        Ok(if is_sent && !cx.refresh { Vec::new() } else { vec![Send(self.body.clone())] })
    }

    async fn apply(&self, host: &Host, _step: &Send) -> Result<()> {
        let priority = self.priority().unwrap_or(Priority::Info);
        host.journal.show(&format!("msg[{}]", self.name), &self.body);
        if self.journal {
            let fields: Vec<_> = self.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            host.journal.journal(priority, &self.body, &fields).await?;
        }
        if self.syslog {
            host.journal.syslog(priority, &self.body).await?;
        }
        host.memory.remember("msg", &self.name, self.message());
        Ok(())
    }
}
