//! How a command ends, and why it does not end well.

use crate::cli::MessageFormat;
use serde_json::json;
use std::io;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// Everything is as it should be.
    pub(crate) const GOOD: Exit = Exit(0);
    /// The program is in error, or something else went wrong.
    pub(crate) const ERROR: Exit = Exit(1);
    /// A resource failed, or would.
    pub(crate) const FAILED: Exit = Exit(2);
    /// There is something to change.
    pub(crate) const DIFFERS: Exit = Exit(4);
}

/// The exit code for a command line in error, as in `sysexits.h`.
pub(crate) const USAGE: u8 = 64;

/// Why a command did not do what it was asked. Mistakes in programs are diagnostics, not failures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Something is wrong that the user can do something about.
    #[error("{message}")]
    User {
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A part of stead failed.
    #[error(transparent)]
    Agent(#[from] agent::Error),
    /// Standard output or error is gone.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

impl Failure {
    pub(crate) fn user(message: impl Into<String>) -> Failure {
        Failure::User { message: message.into(), hint: None }
    }

    pub(crate) fn hint(message: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure::User { message: message.into(), hint: Some(hint.into()) }
    }

    /// The failure as diagnostics are printed.
    pub(crate) fn report(&self, format: MessageFormat) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text.push_str(&format!(": {error}"));
            source = error.source();
        }
        if format == MessageFormat::Json {
            let hints: Vec<&str> = self.what_to_do().into_iter().collect();
            // It is not about the program, so it has neither a code nor a place.
            return json!({ "severity": "error", "code": null, "message": text, "labels": [], "hints": hints })
                .to_string();
        }
        text.insert_str(0, "error: ");
        if let Some(hint) = self.what_to_do() {
            text.push_str(&format!("\n  = help: {hint}"));
        }
        text
    }

    fn what_to_do(&self) -> Option<&str> {
        match self {
            Failure::User { hint, .. } => hint.as_deref(),
            Failure::Agent(agent::Error::State { .. } | agent::Error::Locked { .. }) => {
                Some("name another folder with `--state-dir FOLDER`")
            }
            Failure::Agent(agent::Error::Store(store::Error::Unusable { source, .. })) if source.is::<io::Error>() => {
                Some("make room or give rights there, or name another folder with `--state-dir FOLDER`")
            }
            Failure::Agent(agent::Error::Store(store::Error::Unusable { .. })) => {
                Some("if it is damaged, move it away: a new one is made, without the values that were shared")
            }
            Failure::Agent(_) | Failure::Output(_) => None,
        }
    }
}
