//! The formatter.
//!
//! The one idea: formatting only moves white space. The printer walks the tokens of the tree in order and decides, between
//! each two of them, whether there is nothing, a space or the end of a row; it never adds or drops a token. Numbers
//! alone are rewritten, to their canonical form. So a program means the same afterwards, and [`format`] makes sure of it
//! before it hands out a text.

mod compare;
mod printer;
mod spacing;

use diag::Diagnostic;
use span::FileId;
use syntax::{Parse, parse};

/// A program in its one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// Whether it differs from the text that was given.
    pub changed: bool,
}

/// Why a text is not formatted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no program.
    #[error("the text has syntax errors")]
    Syntax(Vec<Diagnostic>),
    /// The result would not be the same program: a mistake in the formatter, from which the text is kept safe.
    #[error("the formatted text would {0}; please report this")]
    Unsafe(Difference),
}

/// What would be wrong with a formatted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// It is no program.
    #[error("not parse")]
    Syntax,
    /// It has other comments.
    #[error("have other comments")]
    Comments,
    /// It is another program.
    #[error("mean something else")]
    Meaning,
    /// It would change when formatted again.
    #[error("change again when formatted once more")]
    Unstable,
}

/// Formats a program.
///
/// # Errors
/// Where the text has syntax errors, and where the result would not be the same program with the same comments.
pub fn format(file: FileId, text: &str) -> Result<Formatted, Error> {
    let parsed = parse(file, text);
    if !parsed.is_ok() {
        return Err(Error::Syntax(parsed.diagnostics));
    }
    let formatted = printer::print(&parsed.syntax());
    let changed = formatted != text;
    if changed {
        check(file, &parsed, &formatted).map_err(Error::Unsafe)?;
    }
    Ok(Formatted { text: formatted, changed })
}

/// Makes sure that a formatted text is the program that was parsed.
fn check(file: FileId, before: &Parse, formatted: &str) -> Result<(), Difference> {
    let after = parse(file, formatted);
    if !after.is_ok() {
        return Err(Difference::Syntax);
    }
    let (before, after) = (before.syntax(), after.syntax());
    if !compare::same_comments(&before, &after) {
        return Err(Difference::Comments);
    }
    if !compare::same_program(&before, &after) {
        return Err(Difference::Meaning);
    }
    if printer::print(&after) != formatted {
        return Err(Difference::Unstable);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> Formatted {
        format(FileId(0), text).expect("the texts here are programs")
    }

    #[test]
    fn a_formatted_text_is_not_changed() {
        assert!(!formatted("$x = 1\n").changed);
        assert!(formatted("$x=1\n").changed);
    }

    #[test]
    fn the_last_line_is_ended() {
        assert_eq!(formatted("$x = 1").text, "$x = 1\n");
        assert_eq!(formatted("# a").text, "# a\n");
    }

    #[test]
    fn an_empty_text_stays_empty() {
        assert_eq!(formatted("").text, "");
        assert_eq!(formatted("\n\n \n").text, "");
    }

    #[test]
    fn a_text_with_syntax_errors_is_refused() {
        let Err(Error::Syntax(diagnostics)) = format(FileId(0), "$x = \n") else {
            panic!("the text is no program");
        };
        assert_eq!(diagnostics.len(), 1);
    }

    #[test]
    fn differences_are_found() {
        let file = FileId(0);
        let before = parse(file, "$x = 1 # a\n");
        assert_eq!(check(file, &before, "$x = \n"), Err(Difference::Syntax));
        assert_eq!(check(file, &before, "$x = 1 # b\n"), Err(Difference::Comments));
        assert_eq!(check(file, &before, "$x = 2 # a\n"), Err(Difference::Meaning));
        assert_eq!(check(file, &before, "$y = 1 # a\n"), Err(Difference::Meaning));
        assert_eq!(check(file, &before, "$x  = 1 # a\n"), Err(Difference::Unstable));
        assert_eq!(check(file, &before, "$x = 1 # a\n"), Ok(()));
    }
}
