//! `kv`: a value that hosts share.

use crate::text::quoted;
use resource::host::Host;
use resource::{Diff, Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;

/// Sets a key of the store that hosts share.
///
/// ```mcl
/// kv "release" {
///     value => "7",
///     skiplessthan => true, # never goes back
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "kv", since = "0.1", receives, refreshes)]
pub(crate) struct Kv {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The key, where it is not the name of the resource.
    key: String,
    /// The value; where it is left out, the key is removed.
    value: Option<String>,
    /// Whether each host has its own value under the key, for `world.kvlookup`.
    mapped: bool,
    /// Whether a larger value that is there stays. A notification sets the value all the same.
    skiplessthan: bool,
    /// How `skiplessthan` compares: 0 as numbers, 1 as texts.
    skipcmpstyle: i32,
}

/// Sets or removes the key.
#[derive(Debug)]
pub(crate) struct Set {
    key: String,
    old: Option<String>,
    new: Option<String>,
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match (&self.old, &self.new) {
            (_, None) => "remove",
            (None, Some(_)) => "set",
            (Some(_), Some(_)) => "change",
        };
        write!(f, "{verb} key {}", quoted(&self.key))
    }
}

impl resource::Step for Set {
    fn diff(&self) -> Option<Diff> {
        let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
        Some(Diff { title: self.key.clone(), old: bytes(&self.old), new: bytes(&self.new) })
    }
}

impl Kv {
    fn key(&self) -> &str {
        if self.key.is_empty() { &self.name } else { &self.key }
    }

    /// Whether the value that is there is larger than ours. One that cannot be compared is not.
    fn is_passed(&self, old: &str, new: &str) -> bool {
        match self.skipcmpstyle {
            0 => match (old.parse::<i64>(), new.parse::<i64>()) {
                (Ok(old), Ok(new)) => new < old,
                _ => false,
            },
            _ => new < old,
        }
    }
}

impl Resource for Kv {
    /// The value that is there.
    type State = Option<String>;
    type Step = Set;

    fn validate(&self) -> Result<(), Invalid> {
        if self.key().is_empty() {
            return Err(Invalid::field("key", "a key is not empty"));
        }
        if !self.skiplessthan {
            return Ok(());
        }
        let is_number = self.value.as_ref().is_none_or(|value| value.parse::<i64>().is_ok());
        match self.skipcmpstyle {
            0 if !is_number => Err(Invalid::field("value", "the value is no number that could be compared")
                .hint("set `skipcmpstyle => 1` to compare texts")),
            0 | 1 => Ok(()),
            _ => Err(Invalid::field("skipcmpstyle", "there are only 0, for numbers, and 1, for texts")),
        }
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Key(self.key().to_owned())]
    }

    async fn observe(&self, host: &Host) -> Result<Option<String>> {
        if self.mapped { host.exchange.get_mapped(self.key()).await } else { host.exchange.get(self.key()).await }
    }

    fn plan(&self, now: &Option<String>, cx: &PlanContext<'_>) -> Result<Vec<Set>> {
        let is_passed = match (now, &self.value) {
            (Some(old), Some(new)) => self.skiplessthan && !cx.refresh && self.is_passed(old, new),
            _ => false,
        };
        if *now == self.value || is_passed {
            return Ok(Vec::new());
        }
        Ok(vec![Set { key: self.key().to_owned(), old: now.clone(), new: self.value.clone() }])
    }

    async fn apply(&self, host: &Host, step: &Set) -> Result<()> {
        if self.mapped {
            host.exchange.set_mapped(&step.key, step.new.as_deref()).await
        } else {
            host.exchange.set(&step.key, step.new.as_deref()).await
        }
    }
}
