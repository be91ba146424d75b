//! `password`: a password that is made up once.
//!
//! The state file says that there is a password; only with `saved` it also says which. Otherwise the password lives as long
//! as the agent, for those that receive it, and the file stays empty.

use macros::Structure;
use resource::host::Host;
use resource::{Error, Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;
use std::path::PathBuf;
use value::{ToValue, Value};

/// Makes up a password and sends it.
///
/// A notification makes up a new one.
///
/// ```mcl
/// password "database" {
///     length => 32,
///     saved => true,
/// }
///
/// file "/etc/app/password" {
///     state => "exists",
///     mode => "0600",
///     sensitive => true,
/// }
///
/// Password["database"].password -> File["/etc/app/password"].content
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "password", since = "0.1", sends = PasswordSends, refreshes)]
pub(crate) struct Password {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// How many letters it has.
    #[field(default = 64u16)]
    length: u16,
    /// Whether it is kept on this host, so that it is the same after a restart. The file can be read by root only.
    ///
    /// Without it nobody knows the password after a restart: what receives it, receives an empty text then.
    saved: bool,
    /// Whether a kept password that does not fit is replaced; otherwise it is an error.
    check_recovery: bool,
}

/// What a `password` sends.
#[derive(Clone, Debug, Structure)]
pub(crate) struct PasswordSends {
    /// The password; empty where it was made up before the last restart and is not kept.
    #[field(secret)]
    password: Option<String>,
}

/// Whether there is a password. Says nothing about it, so that it can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Observed {
    Missing,
    Fine,
    /// What is kept is none that this resource would have made up.
    Unfit,
}

/// Makes up a password.
#[derive(Debug)]
pub(crate) struct Generate {
    length: u16,
    is_new: bool,
}

impl fmt::Display for Generate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = if self.is_new { "another" } else { "a" };
        write!(f, "make up {new} password of {} letters", self.length)
    }
}

impl resource::Step for Generate {}

/// The letters of passwords: as many as there are, each as likely as the others.
const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The file that holds the password.
const FILE: &str = "password";

impl Password {
    fn file(&self, host: &Host) -> PathBuf {
        host.state_folder("password", &self.name).join(FILE)
    }

    /// What is in the state file; `None` where there is none.
    async fn token(&self, host: &Host) -> Result<Option<Vec<u8>>> {
        let file = self.file(host);
        host.on_files(move |files| files.read(&file)).await
    }

    fn judge(&self, token: &[u8]) -> Observed {
        let is_made_here = token.len() == usize::from(self.length) && token.iter().all(u8::is_ascii_alphabetic);
        match (self.saved, token.is_empty()) {
            (false, true) => Observed::Fine,
            (true, true) => Observed::Missing,
            (true, false) if is_made_here => Observed::Fine,
            _ => Observed::Unfit,
        }
    }

    fn generate(&self, host: &Host) -> Result<String> {
        let mut password = String::new();
        while password.len() < usize::from(self.length) {
            for byte in host.local.random(usize::from(self.length))? {
                // What is left over after whole rounds of the letters would make the first of them likelier.
                let at = usize::from(byte);
                if at < 256 / LETTERS.len() * LETTERS.len() && password.len() < usize::from(self.length) {
                    password.push(char::from(LETTERS[at % LETTERS.len()]));
                }
            }
        }
        Ok(password)
    }
}

impl Resource for Password {
    type State = Observed;
    type Step = Generate;

    fn validate(&self) -> Result<(), Invalid> {
        if self.length == 0 {
            return Err(Invalid::field("length", "a password has at least one letter"));
        }
        Ok(())
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::State { kind: "password", name: self.name.clone(), file: FILE }]
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        Ok(self.token(host).await?.map_or(Observed::Missing, |token| self.judge(&token)))
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Generate>> {
        if *now == Observed::Unfit && !self.check_recovery && !cx.refresh {
            return Err(Error::failed(
                "the password that is kept does not fit `length` and `saved`; `check_recovery => true` replaces it",
            ));
        }
        if *now == Observed::Fine && !cx.refresh {
            return Ok(Vec::new());
        }
        Ok(vec![Generate { length: self.length, is_new: *now != Observed::Missing }])
    }

    async fn apply(&self, host: &Host, _step: &Generate) -> Result<()> {
        let password = self.generate(host)?;
        let token = if self.saved { password.clone().into_bytes() } else { Vec::new() };
        let file = self.file(host);
        // Durably, as whoever receives it relies on it, and without a backup: an old password is as secret as a new one.
        host.on_files(move |files| files.keep(&file, token)).await?;
        host.memory.remember("password", &self.name, Value::str(password));
        Ok(())
    }

    async fn send(&self, host: &Host) -> Result<Option<Value>> {
        let kept = self.token(host).await?.unwrap_or_default();
        let password = match host.memory.recall("password", &self.name) {
            Some(made_up) if !self.saved => made_up.to_text(),
            _ => String::from_utf8_lossy(&kept).into_owned(),
        };
        Ok(Some(PasswordSends { password: Some(password) }.to_value()))
    }
}
