//! What the compiler tells the user: code, message, spans, labels, hints, and how they are rendered.
//!
//! A [`Diagnostic`] is data. Each phase has a `diag.rs` with one constructor function per message, so that
//! the words can be read side by side. Codes are declared in [`codes`], each with its page for `stead explain`.
//! Rendering for a terminal ([`render`]) and for machines ([`json`]) lives here and nowhere else.

pub mod codes;
mod json;
mod render;
mod suggest;

pub use codes::{Code, find as find_code};
pub use json::json;
pub use render::{Style, render};
pub use suggest::closest;

use span::{SourceMap, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The program is refused.
    Error,
    /// The program is accepted, but something in it is likely a mistake.
    Warning,
}

/// A further place that explains the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there: a phrase in lower case without a full stop.
    pub message: String,
}

/// One finding about the user's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// One terse phrase that stands alone.
    pub message: String,
    /// The cause. `None` only where there is no program text, for instance for an unreadable file.
    pub span: Option<Span>,
    /// The line of the statement at `span` that is the cause, as it begins, where only its name is known: `content`, or
    /// `Meta:poll`. Whoever knows the program points `span` at it.
    pub line: Option<String>,
    /// What is to be seen at `span`, where the message does not say it already.
    pub label: Option<String>,
    /// Where an expectation comes from, in the order to be read.
    pub labels: Vec<Label>,
    /// What to type instead, or where to look.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: Some(span),
            line: None,
            label: None,
            labels: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// An error that has no place in a program.
    pub fn placeless(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: None,
            line: None,
            label: None,
            labels: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Says which line of the statement is the cause.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Diagnostic {
        self.line = Some(line.into());
        self
    }

    /// Says what is to be seen at the main span.
    #[must_use]
    pub fn here(mut self, message: impl Into<String>) -> Diagnostic {
        self.label = Some(message.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Adds a further place where there is one.
    #[must_use]
    pub fn label_opt(self, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        match span {
            Some(span) => self.label(span, message),
            None => self,
        }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// Adds a hint where there is one.
    #[must_use]
    pub fn hint_opt(self, hint: Option<impl Into<String>>) -> Diagnostic {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Whether the program is refused because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Brings diagnostics into the order in which they are shown: by file, by place, then by message.
/// What was found twice at one place is shown once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.span, a.severity, a.code.name(), &a.message).cmp(&(b.span, b.severity, b.code.name(), &b.message))
    });
    diagnostics.dedup();
}

/// Drops what most likely is said only because of another mistake in the same line: where a line could not be parsed,
/// what its names and types seem to be is guesswork, and so is what the parser expected after the first mistake.
/// The diagnostics are sorted already.
pub fn drop_follow_on(diagnostics: &mut Vec<Diagnostic>, sources: &SourceMap) {
    use codes::{names, syntax, types};
    /// After these, the parser guesses what the rest of the line is.
    const UNREADABLE: &[Code] = &[
        syntax::SYNTAX,
        syntax::BARE_WORD,
        syntax::UNKNOWN_CHARACTER,
        syntax::UNTERMINATED_STRING,
        syntax::UNCLOSED_BRACKET,
        syntax::ASSIGNMENT,
        syntax::EDGE_FORM,
        syntax::NEGATION,
        syntax::TYPE_FORM,
    ];
    drop_misspelled(diagnostics);
    let line_of = |span: Span| sources.get(span.file).line_col(span.start).line;
    let line = |it: &Diagnostic| it.span.map(|span| (span.file, line_of(span)));
    // The first one of a line is the cause; an edge that is not complete rather is a follow-on itself.
    let mut causes = BTreeMap::new();
    for it in diagnostics.iter().filter(|it| UNREADABLE.contains(&it.code)) {
        let Some(line) = line(it) else { continue };
        let cause = causes.entry(line).or_insert((it.span, it.code));
        if cause.1 == syntax::EDGE_FORM {
            *cause = (it.span, it.code);
        }
    }
    let is_guess = |it: &Diagnostic| names::ALL.contains(&it.code) || types::ALL.contains(&it.code);
    // What a broken definition says of its uses is guesswork, too.
    let rests_on_cause =
        |it: &Diagnostic| it.labels.iter().any(|label| causes.contains_key(&(label.span.file, line_of(label.span))));
    diagnostics.retain(|it| match line(it).and_then(|line| causes.get(&line)) {
        None if is_guess(it) && rests_on_cause(it) => false,
        Some((span, code)) if (*span, *code) == (it.span, it.code) => true,
        Some((_, cause)) => {
            let guesses = [syntax::SYNTAX, syntax::UNCLOSED_BRACKET, syntax::NEGATION, syntax::EDGE_FORM];
            let repeated = it.code == syntax::UNKNOWN_CHARACTER && it.code == *cause;
            let guessed = guesses.contains(&it.code) || repeated;
            !guessed && !is_guess(it)
        }
        None => true,
    });
}

/// A name of a wrong form is unknown as well: what has more to say about it is kept.
fn drop_misspelled(diagnostics: &mut Vec<Diagnostic>) {
    use codes::{names, syntax};
    let is_form = |it: &Diagnostic| it.code == syntax::NAME_FORM;
    let is_unknown = |it: &Diagnostic| names::ALL.contains(&it.code);
    let mut forms: Vec<Span> = diagnostics.iter().filter(|it| is_form(it)).filter_map(|it| it.span).collect();
    if forms.is_empty() {
        return;
    }
    forms.sort();
    // Forms are names, which do not overlap: of those that begin within a span, the first lies in it or none does.
    let form_in = |outer: Span| {
        let first = forms.partition_point(|form| *form < outer.at_start());
        forms.get(first).copied().filter(|form| outer.encloses(*form))
    };
    let unknown = diagnostics.iter().filter(|it| is_unknown(it) && !it.hints.is_empty());
    let explained: BTreeSet<Span> = unknown.filter_map(|it| form_in(it.span?)).collect();
    diagnostics.retain(|it| {
        let Some(span) = it.span else { return true };
        let explained = is_form(it) && explained.contains(&span);
        let follows = is_unknown(it) && it.hints.is_empty() && form_in(span).is_some();
        !explained && !follows
    });
}

/// So many mistakes are told at most: who has more of them mends these first.
pub const MAX_ERRORS: usize = 100;

/// Cuts a sorted list after [`MAX_ERRORS`] mistakes, and says so.
pub fn limit(diagnostics: &mut Vec<Diagnostic>) {
    let mut errors = diagnostics.iter().enumerate().filter(|(_, it)| it.is_error());
    // The parser may have cut the list of its own mistakes already.
    let Some((last, span)) = errors.nth(MAX_ERRORS - 1).map(|(at, it)| (at, it.span)) else { return };
    if errors.next().is_none() || diagnostics[last].code == codes::syntax::TOO_MANY_ERRORS {
        return;
    }
    diagnostics.truncate(last + 1);
    diagnostics.retain(|it| it.code != codes::syntax::TOO_MANY_ERRORS);
    diagnostics.extend(span.map(|span| {
        Diagnostic::error(codes::syntax::TOO_MANY_ERRORS, span.at_end(), "too many mistakes")
            .here("those after this place are not shown")
    }));
}

/// The place as `file:line:column`, for logs and one-line messages.
pub fn place(sources: &SourceMap, span: Span) -> String {
    let source = sources.get(span.file);
    format!("{}:{}", source.name(), source.line_col(span.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use span::FileId;

    fn mistakes(count: u32) -> Vec<Diagnostic> {
        (0..count).map(|at| Diagnostic::error(codes::syntax::SYNTAX, Span::new(FileId(0), at, at + 1), "x")).collect()
    }

    #[test]
    fn a_hundred_mistakes_are_told_and_that_there_are_more() {
        let mut diagnostics = mistakes(100);
        limit(&mut diagnostics);
        assert_eq!(diagnostics.len(), 100);
        for _ in 0..2 {
            diagnostics.extend(mistakes(50_000));
            limit(&mut diagnostics);
            assert_eq!(diagnostics.len(), 101);
            assert_eq!(diagnostics.last().map(|last| last.code), Some(codes::syntax::TOO_MANY_ERRORS));
        }
    }

    #[test]
    fn warnings_do_not_count_as_mistakes() {
        let mut diagnostics = mistakes(150);
        for it in &mut diagnostics[..100] {
            it.severity = Severity::Warning;
        }
        limit(&mut diagnostics);
        assert_eq!(diagnostics.len(), 150);
    }
}
