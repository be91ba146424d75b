//! `exit`: the end of the agent.

use resource::host::Host;
use resource::{Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;
use value::Value;

/// Ends the agent with an exit code.
///
/// It is asked to end once; what is being worked on comes to its end first.
///
/// ```mcl
/// exit "done" {
///     code => 0,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "exit", since = "0.1", receives)]
pub(crate) struct Exit {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The exit code, from 0 to 125.
    code: u8,
}

/// Asks the agent to end.
#[derive(Debug)]
pub(crate) struct End(u8);

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "end with exit code {}", self.0)
    }
}

impl resource::Step for End {}

impl Resource for Exit {
    /// Whether the agent has been asked to end.
    type State = bool;
    type Step = End;

    fn validate(&self) -> Result<(), Invalid> {
        if self.code > 125 {
            return Err(Invalid::field("code", "an exit code goes from 0 to 125; what is above belongs to the shell"));
        }
        Ok(())
    }

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, host: &Host) -> Result<bool> {
        Ok(host.memory.recall("exit", &self.name).is_some())
    }

    fn plan(&self, is_asked: &bool, _cx: &PlanContext<'_>) -> Result<Vec<End>> {
        Ok(if *is_asked { Vec::new() } else { vec![End(self.code)] })
    }

    async fn apply(&self, host: &Host, step: &End) -> Result<()> {
        host.local.exit(i32::from(step.0));
        host.memory.remember("exit", &self.name, Value::Bool(true));
        Ok(())
    }
}
