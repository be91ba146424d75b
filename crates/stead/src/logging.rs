//! Log messages, to standard error.

use crate::cli::{Global, LogFormat, When};
use crate::failure::Failure;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Begins to log as the command line says.
pub(crate) fn begin(global: &Global) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&global.log_level).map_err(|_| {
        let message = format!("`{}` is no log level", global.log_level);
        Failure::hint(message, "write error, warn, info, debug or trace, or a filter such as `engine=debug`")
    })?;
    let colour = match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => std::io::stderr().is_terminal(),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    match global.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
