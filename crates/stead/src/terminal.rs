//! Everything that is printed goes through here: text to standard output, messages and diagnostics to standard error.

use crate::cli::{Global, MessageFormat, When};
use crate::foot::Foot;
use anstyle::AnsiColor;
use diag::{Diagnostic, Severity, Style};
use span::SourceMap;
use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use unicode_width::UnicodeWidthChar as _;

/// Where a command prints.
pub(crate) struct Terminal {
    output: Box<dyn Write + Send>,
    errors: Box<dyn Write + Send>,
    style: Style,
    error_style: Style,
    pub(crate) message_format: MessageFormat,
    /// What is being worked on.
    pub(crate) foot: Foot,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Terminal {
        Terminal {
            output: Box::new(io::BufWriter::new(io::stdout())),
            errors: Box::new(io::stderr()),
            style: style(global.color, &io::stdout()),
            error_style: style(global.color, &io::stderr()),
            message_format: global.message_format,
            foot: Foot::new(io::stderr().is_terminal() && !is_dumb()),
        }
    }

    /// Prints text to standard output.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        written(&mut self.output, |output| output.write_all(text.as_bytes()))
    }

    /// Prints a line to standard output, at once.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        let output = &mut self.output;
        self.foot.above(|| written(output, |output| writeln!(output, "{text}").and_then(|()| output.flush())))
    }

    /// Prints a line to standard error.
    pub(crate) fn message(&mut self, text: &str) -> io::Result<()> {
        // What was printed before comes before. Where that cannot be printed, this is all the more worth to be.
        _ = self.flush();
        let errors = &mut self.errors;
        self.foot.above(|| written(errors, |errors| writeln!(errors, "{text}")))
    }

    /// Makes everything visible that was printed.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        written(&mut self.output, |output| output.flush())
    }

    /// A text for standard output, in colour where that has some.
    pub(crate) fn paint(&self, colour: AnsiColor, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Colour => {
                let style = anstyle::Style::new().fg_color(Some(colour.into()));
                format!("{style}{text}{style:#}")
            }
        }
    }

    /// Prints diagnostics to standard error, for people with a count at the end.
    pub(crate) fn diagnostics(&mut self, diagnostics: &[Diagnostic], sources: &SourceMap) -> io::Result<()> {
        let mut text = String::new();
        for diagnostic in diagnostics {
            match self.message_format {
                MessageFormat::Json => text.push_str(&format!("{}\n", diag::json(diagnostic, sources))),
                MessageFormat::Human => {
                    text.push_str(&format!("{}\n\n", diag::render(diagnostic, sources, self.error_style)));
                }
            }
        }
        if self.message_format == MessageFormat::Human && !diagnostics.is_empty() {
            text.push_str(&counts(diagnostics));
            text.push('\n');
        }
        self.flush()?;
        let errors = &mut self.errors;
        self.foot.above(|| written(errors, |errors| errors.write_all(text.as_bytes())))
    }
}

/// The result of writing to a stream. A reader that has had enough is no reason to complain, or to end otherwise: the rest goes
/// nowhere.
fn written(
    stream: &mut Box<dyn Write + Send>,
    write: impl FnOnce(&mut Box<dyn Write + Send>) -> io::Result<()>,
) -> io::Result<()> {
    match write(stream) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            *stream = Box::new(io::sink());
            Ok(())
        }
        result => result,
    }
}

/// How many errors and warnings there are, in words.
fn counts(diagnostics: &[Diagnostic]) -> String {
    let counted = |severity: Severity, what: &str| match diagnostics.iter().filter(|it| it.severity == severity).count()
    {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    let counts = [counted(Severity::Error, "error"), counted(Severity::Warning, "warning")];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// How something is printed that goes to one of the standard streams.
pub(crate) fn style(when: When, stream: &impl IsTerminal) -> Style {
    let is_wanted = || std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()) && !is_dumb();
    match when {
        When::Always => Style::Colour,
        When::Auto if stream.is_terminal() && is_wanted() => Style::Colour,
        When::Auto | When::Never => Style::Plain,
    }
}

/// Whether the terminal says of itself that it can do nothing.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|it| it.is_empty() || it == "dumb")
}

/// A text that came from elsewhere, on one line: what would command the terminal is escaped.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for character in text.chars() {
        match is_unprintable(character) {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// The same for a text of several lines.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// As much of a text as fits into so many columns.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let width = |text: &str| text.chars().map(|it| it.width().unwrap_or(0)).sum::<usize>();
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// Control characters but the tab, and those that turn the direction of what follows.
fn is_unprintable(character: char) -> bool {
    character.is_control() && character != '\t'
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_command_the_terminal_is_escaped() {
        assert_eq!(printable("plain, naïve, 日本"), "plain, naïve, 日本");
        assert_eq!(printable_lines("a\x07b\n\tc"), "a\\u{7}b\n\tc");
        assert_eq!(printable("a\x1b[31mb\nc\u{202e}"), "a\\u{1b}[31mb\\nc\\u{202e}");
    }

    #[test]
    fn what_does_not_fit_is_cut_by_columns() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
    }
}
