//! Diagnostics for people, in the manner of rustc.
//!
//! The only module that knows the crate which draws the snippets.

use crate::{Diagnostic, Severity};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use span::{FileId, SourceMap, Span};
use std::ops::Range;

/// How a diagnostic is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without colour: files, pipes, tests.
    Plain,
    /// With colour, for terminals.
    Colour,
}

/// The diagnostic as text of several lines, without a final newline.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    // A file that has several labels is drawn once, the file of the cause first.
    let mut files: Vec<FileId> = diagnostic.span.map(|span| span.file).into_iter().collect();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    // Of a part of a line, the renderer does not know the column.
    let mut columns: Vec<(String, String)> = Vec::new();
    for file in files {
        let source = sources.get(file);
        let primary = diagnostic.span.filter(|span| span.file == file);
        let labels = || diagnostic.labels.iter().filter(|label| label.span.file == file);
        // Only the lines from the first to the last place: drawing costs what is handed over.
        let spans = || primary.into_iter().chain(labels().map(|label| label.span));
        let line = |at: u32| source.lines().line(at);
        let first = spans().map(|span| line(span.start)).min().unwrap_or(0);
        let last = spans().map(|span| line(span.end)).max().unwrap_or(0);
        let start = source.lines().line_start(first) as usize;
        let end = match last + 1 < source.lines().len() {
            true => source.lines().line_start(last + 1) as usize,
            false => source.text().len(),
        };
        let whole = drawable(source.text(), Span::new(file, offset(start), offset(end)));
        let seen =
            spans().map(|span| drawable(source.text(), span)).reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let shown = match seen {
            Some(seen) if first == last => window(source.text(), &whole, &seen),
            _ => whole.clone(),
        };
        let before = if shown.start > whole.start { ELLIPSIS } else { "" };
        let after = if shown.end < whole.end { ELLIPSIS } else { "" };
        let text = &source.text()[shown.clone()];
        let range = |span: Span| {
            let range = drawable(source.text(), span);
            let place = |at: usize| at.clamp(shown.start, shown.end) - shown.start + before.len();
            place(range.start)..place(range.end)
        };
        if let Some(span) = spans().next().filter(|_| shown.start > whole.start) {
            let drawn = text[..range(span).start - before.len()].chars().count() + before.chars().count() + 1;
            let there = source.line_col(offset(drawable(source.text(), span).start));
            let place = |column: usize| format!("{}:{}:{column}", source.name(), there.line);
            columns.push((place(drawn), place(there.column as usize)));
        }
        let mut snippet = Snippet::source(format!("{before}{text}{after}")).path(source.name()).line_start(first + 1);
        if let Some(span) = primary {
            let annotation = AnnotationKind::Primary.span(range(span));
            snippet = snippet.annotation(match &diagnostic.label {
                Some(label) => annotation.label(label.as_str()),
                None => annotation,
            });
        }
        for label in labels() {
            let annotation = AnnotationKind::Context.span(range(label.span));
            snippet = snippet.annotation(annotation.label(label.message.as_str()));
        }
        group = group.element(snippet);
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let drawn = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    columns.iter().fold(drawn, |drawn, (part, whole)| drawn.replacen(part, whole, 1))
}

/// What stands for the rest of a line that is not drawn.
const ELLIPSIS: &str = "…";
/// Of a line with more bytes, only a part is drawn: nobody reads more, and drawing costs what is handed over.
const LONG_LINE: usize = 1000;
/// How many bytes of a long line are drawn before what is underlined, and after its beginning.
const CONTEXT: usize = 200;

/// What is drawn of a line in which `seen` is underlined.
fn window(text: &str, line: &Range<usize>, seen: &Range<usize>) -> Range<usize> {
    if line.len() <= LONG_LINE {
        return line.clone();
    }
    let mut start = seen.start.saturating_sub(CONTEXT).max(line.start);
    let mut end = seen.end.min(seen.start + LONG_LINE).saturating_add(CONTEXT).min(line.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The bytes to underline: within the text, and at the borders of code points.
fn drawable(text: &str, span: Span) -> Range<usize> {
    let mut range = span.range();
    range.start = range.start.min(text.len());
    range.end = range.end.clamp(range.start, text.len());
    while !text.is_char_boundary(range.start) {
        range.start -= 1;
    }
    while !text.is_char_boundary(range.end) {
        range.end += 1;
    }
    range
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn shows_cause_label_and_hint() {
        let mut sources = SourceMap::default();
        let file = sources.add("site.mcl", "file \"/x\" {\n    mode => 0644,\n}\n");
        let diagnostic = Diagnostic::error(
            codes::types::TYPE_MISMATCH,
            Span::new(file, 24, 28),
            "field `mode` takes str, found int",
        )
        .here("this is int")
        .label(Span::new(file, 16, 20), "the field")
        .hint("write the mode as text: `\"0644\"`");
        let want = "\
error[type-mismatch]: field `mode` takes str, found int
 --> site.mcl:2:13
  |
2 |     mode => 0644,
  |     ----    ^^^^ this is int
  |     |
  |     the field
  |
  = help: write the mode as text: `\"0644\"`";
        assert_eq!(render(&diagnostic, &sources, Style::Plain), want);
    }

    #[test]
    fn of_a_very_long_line_the_part_around_the_place_is_drawn_with_its_column_in_the_file() {
        let mut sources = SourceMap::default();
        let file = sources.add("site.mcl", format!("$x = 1\n{}oops{}\n", "ä".repeat(5000), "b".repeat(5000)));
        let at = 7 + 10_000;
        let diagnostic = Diagnostic::error(codes::syntax::SYNTAX, Span::new(file, at, at + 4), "what").here("here");
        let want = format!(
            "error[syntax]: what\n --> site.mcl:2:5001\n  |\n2 | …{}oops{}...\n  | {}^^^^ here",
            "ä".repeat(100),
            "b".repeat(28),
            " ".repeat(101),
        );
        assert_eq!(render(&diagnostic, &sources, Style::Plain), want);
    }

    #[test]
    fn a_span_outside_of_the_text_is_drawn_at_its_end() {
        let mut sources = SourceMap::default();
        let file = sources.add("site.mcl", "ö");
        let diagnostic = Diagnostic::error(codes::syntax::SYNTAX, Span::new(file, 1, 99), "what");
        assert!(render(&diagnostic, &sources, Style::Plain).contains("site.mcl:1:1"));
    }
}
