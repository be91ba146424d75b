//! Diagnostics for machines: one JSON object a line.

use crate::{Diagnostic, Severity};
use serde::Serialize;
use span::{SourceMap, Span};

/// The object that `--message-format json` prints for one diagnostic. A stored format: fields are only added.
#[derive(Serialize)]
struct Message<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    labels: Vec<Label<'a>>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

/// Lines and columns are counted from 1; the end is one past the last character.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

/// The diagnostic as a JSON object on one line, without a newline.
pub fn json(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let message = Message {
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        code: diagnostic.code.name(),
        message: &diagnostic.message,
        place: diagnostic.span.map(|span| place(sources, span)),
        label: diagnostic.label.as_deref(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Label { place: place(sources, label.span), message: &label.message })
            .collect(),
        hints: &diagnostic.hints,
    };
    serde_json::to_string(&message).unwrap_or_default()
}

fn place(sources: &SourceMap, span: Span) -> Place<'_> {
    let (start, end) = sources.line_cols(span);
    Place {
        file: sources.get(span.file).name(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
