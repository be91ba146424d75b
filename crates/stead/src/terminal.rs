//! Everything that is printed goes through here: text to standard output, messages and diagnostics to standard error.

use crate::cli::{Global, MessageFormat, When};
use diag::{Diagnostic, Severity, Style};
use span::SourceMap;
use std::io::{self, IsTerminal as _, Write};

/// Where a command prints.
pub(crate) struct Terminal {
    output: Box<dyn Write + Send>,
    errors: Box<dyn Write + Send>,
    pub(crate) style: Style,
    pub(crate) error_style: Style,
    pub(crate) message_format: MessageFormat,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Terminal {
        let colour = |is_terminal: bool| match global.color {
            When::Always => Style::Colour,
            When::Never => Style::Plain,
            When::Auto if is_terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()) => Style::Colour,
            When::Auto => Style::Plain,
        };
        Terminal {
            output: Box::new(io::BufWriter::new(io::stdout())),
            errors: Box::new(io::stderr()),
            style: colour(io::stdout().is_terminal()),
            error_style: colour(io::stderr().is_terminal()),
            message_format: global.message_format,
        }
    }

    /// Prints text to standard output.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(text.as_bytes())
    }

    /// Prints a line to standard error.
    pub(crate) fn message(&mut self, text: &str) -> io::Result<()> {
        self.flush()?;
        writeln!(self.errors, "{text}")
    }

    /// Makes everything visible that was printed.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Prints diagnostics to standard error, for people with a count at the end.
    pub(crate) fn diagnostics(&mut self, diagnostics: &[Diagnostic], sources: &SourceMap) -> io::Result<()> {
        self.flush()?;
        for diagnostic in diagnostics {
            match self.message_format {
                MessageFormat::Json => writeln!(self.errors, "{}", diag::json(diagnostic, sources))?,
                MessageFormat::Human => {
                    writeln!(self.errors, "{}\n", diag::render(diagnostic, sources, self.error_style))?;
                }
            }
        }
        if self.message_format == MessageFormat::Human && !diagnostics.is_empty() {
            let count = |severity: Severity| diagnostics.iter().filter(|it| it.severity == severity).count();
            let counted = |count: usize, what: &str| match count {
                0 => None,
                1 => Some(format!("1 {what}")),
                _ => Some(format!("{count} {what}s")),
            };
            let counts: Vec<String> =
                [counted(count(Severity::Error), "error"), counted(count(Severity::Warning), "warning")]
                    .into_iter()
                    .flatten()
                    .collect();
            writeln!(self.errors, "{}", counts.join(", "))?;
        }
        Ok(())
    }
}
