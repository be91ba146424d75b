//! Log messages, to standard error.

use crate::cli::{Global, LogFormat};
use crate::foot::Foot;
use diag::Style;
use std::io::{self, Write};
use std::str::FromStr;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// What is logged unless the command line says otherwise: what goes wrong and is not shown anyway.
const DEFAULT: &str = "warn,stead::live=off";

/// Begins to log as the command line says.
pub(crate) fn begin(global: &Global, foot: &Foot) {
    let level = global.log_level.as_ref().map_or(DEFAULT, |level| level.0.as_str());
    let colour = crate::terminal::style(global.color, &io::stderr()) == Style::Colour;
    let foot = foot.clone();
    let writer = move || AboveFoot(foot.clone());
    let builder =
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new(level)).with_writer(writer).with_ansi(colour);
    match global.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// Which messages are logged: a level, or levels for targets.
#[derive(Clone, Debug)]
pub(crate) struct Level(String);

impl FromStr for Level {
    type Err = &'static str;

    /// A word alone is a level: as the target that it could also be, a level with a typo would quietly silence everything.
    fn from_str(text: &str) -> Result<Level, Self::Err> {
        let is_level = match text.contains(['=', ',']) {
            true => EnvFilter::try_new(text).is_ok(),
            false => !text.is_empty() && text.parse::<LevelFilter>().is_ok(),
        };
        match is_level {
            true => Ok(Level(text.to_owned())),
            false => Err("write error, warn, info, debug, trace or off, or a filter such as `warn,host=debug`"),
        }
    }
}

/// Standard error, above the foot of the terminal.
struct AboveFoot(Foot);

impl Write for AboveFoot {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.above(|| io::stderr().write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_one_of_the_levels() {
        for good in ["warn", "INFO", "off", DEFAULT, "warn,host=debug", "engine=trace"] {
            assert!(good.parse::<Level>().is_ok(), "{good}");
        }
        for bad in ["inof", "", "a=b=c", "warn,host=debgu"] {
            assert!(bad.parse::<Level>().is_err(), "{bad}");
        }
    }
}
