//! The smaller parts of a machine: time, log, private state, shared values.

use crate::any::BoxFuture;
use crate::{Key, Result};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use value::Value;

/// The time.
pub trait Clock: Send + Sync {
    /// The seconds since 1970.
    fn now(&self) -> u64;
}

/// How important a message is, as syslog has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are syslog's")]
pub enum Priority {
    Emerg,
    Alert,
    Crit,
    Err,
    Warning,
    Notice,
    Info,
    Debug,
}

/// The system's log.
pub trait Journal: Send + Sync {
    /// Writes to journald, with further fields.
    fn journal<'a>(
        &'a self,
        priority: Priority,
        message: &'a str,
        fields: &'a [(String, String)],
    ) -> BoxFuture<'a, Result<()>>;

    /// Writes to syslog.
    fn syslog<'a>(&'a self, priority: Priority, message: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Shows a line to whoever runs the program, and in the agent's log.
    fn show(&self, source: &str, message: &str);
}

/// Values that belong to this host and survive a restart.
pub trait Local: Send + Sync {
    /// The value of a key, as it was last set.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn value(&self, key: &str) -> Result<Option<Value>>;

    /// Sets or removes the value of a key, and wakes whoever follows it.
    ///
    /// # Errors
    /// Where it cannot be kept.
    fn set_value(&self, key: &str, value: Option<Value>) -> Result<()>;

    /// So many bytes that nobody can guess.
    ///
    /// # Errors
    /// Where the system has none to give.
    fn random(&self, count: usize) -> Result<Vec<u8>>;

    /// Asks the agent to end with an exit code.
    fn exit(&self, code: i32);
}

/// Values that hosts share.
pub trait Exchange: Send + Sync {
    /// The value of a key.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>>;

    /// Sets or removes the value of a key.
    fn set<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>>;

    /// The value that this host has under a key which every host has its own value of.
    fn get_mapped<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>>;

    /// Sets or removes the value that this host has under such a key.
    fn set_mapped<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>>;

    /// What this host has said as a candidate in a schedule; nothing where it is none, or where an earlier life of the
    /// agent said it and it is about to run out.
    fn candidacy<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Result<Option<Candidacy>>>;

    /// Makes this host a candidate in a schedule. Unless the candidacy is for ever, it ends when the resource that it is
    /// `of` leaves the program, becomes a candidate elsewhere, or when the agent ends.
    fn stand<'a>(&'a self, of: Key, namespace: &'a str, says: &'a Candidacy) -> BoxFuture<'a, Result<()>>;

    /// Makes this host no candidate in a schedule, as a resource has it.
    fn withdraw<'a>(&'a self, of: Key, namespace: &'a str) -> BoxFuture<'a, Result<()>>;
}

/// What a host says as a candidate in a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidacy {
    /// How hosts are to be chosen: a name of a [`schema::Strategy`], where the other hosts know no others.
    pub strategy: String,
    /// How many hosts are to be chosen at most. Of none or fewer, nobody is.
    pub max: i64,
    /// How long the host is a candidate.
    pub lasts: Lasts,
}

/// How long a host is a candidate, unless it withdraws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// So many seconds longer than its agent runs.
    Seconds(u32),
    /// For ever.
    Forever,
}

/// Where resources keep private files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// Below the agent's state directory.
    pub fn new(state: &Path) -> StateFolder {
        StateFolder(state.join("resources"))
    }

    /// The folder of one resource: its own, and below this one.
    pub fn of(&self, kind: &str, name: &str) -> PathBuf {
        self.0.join(StateFolder::name_of(kind, name))
    }

    /// What stands for a resource where files are named after resources.
    pub fn name_of(kind: &str, name: &str) -> String {
        // Kinds have no `-` in their names, so the first one ends the kind.
        file_name(&format!("{}-", kind.replace(':', "%3a")), name)
    }
}

/// The longest name of a file that has a text in it as a whole.
const LONGEST_NAME: usize = 200;

/// A name of a file for a text, behind a prefix that is no text of others: no two texts share one, and none leads out of its
/// folder.
pub fn file_name(prefix: &str, text: &str) -> String {
    let mut name = prefix.to_owned();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => name.push(char::from(byte)),
            // A percent sign and two digits, as in addresses.
            _ => _ = write!(name, "%{byte:02x}"),
        }
    }
    if name.len() > LONGEST_NAME {
        name.truncate(name.floor_char_boundary(LONGEST_NAME - 80));
        // No encoded text has a plus sign.
        _ = write!(name, "+{}", blake3::hash(text.as_bytes()).to_hex());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_below_the_state_directory_and_are_never_shared() {
        let state = StateFolder::new(Path::new("/var/lib/stead"));
        let of = |name: &str| state.of("file", name).display().to_string();
        assert_eq!(of("/etc/motd"), "/var/lib/stead/resources/file-%2fetc%2fmotd");
        assert_eq!(of(".."), "/var/lib/stead/resources/file-..");
        assert_ne!(of("a%2fb"), of("a/b"));
        assert_ne!(state.of("a:b", "c"), state.of("a", "b-c"));
        let long = "x".repeat(5000);
        assert!(of(&long).len() < 255 && of(&long) != of(&format!("{long}y")));
    }
}
