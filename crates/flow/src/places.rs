//! Where the lines of statements are: who works on resources knows only their names.

use crate::{FieldTemplate, Graph, Template};
use ::diag::Diagnostic;
use span::Span;
use std::collections::HashMap;

/// Points diagnostics that are about a line of a statement at that line, and brings them into order.
pub fn point_at_lines(graph: &Graph, diagnostics: &mut Vec<Diagnostic>) {
    let mut about: HashMap<Span, Vec<&mut Diagnostic>> = HashMap::new();
    for diagnostic in diagnostics.iter_mut().filter(|it| it.line.is_some()) {
        if let Some(span) = diagnostic.span {
            about.entry(span).or_default().push(diagnostic);
        }
    }
    if about.is_empty() {
        return;
    }
    for template in graph.bodies.values().flat_map(|body| &body.templates) {
        let Template::Resource(resource) = template else { continue };
        for diagnostic in about.get_mut(&resource.span).into_iter().flatten() {
            let found = diagnostic.line.as_ref().and_then(|line| match line.strip_prefix("Meta:") {
                // What no line of its own says, a struct of several may.
                Some(name) => line_of(&resource.meta, name).or_else(|| line_of(&resource.meta, "")),
                None => line_of(&resource.fields, line),
            });
            if let Some(span) = found {
                diagnostic.span = Some(span);
                diagnostic.line = None;
            }
        }
    }
    ::diag::sort(diagnostics);
}

fn line_of(lines: &[FieldTemplate], name: &str) -> Option<Span> {
    lines.iter().find(|line| line.name == *name).map(|line| line.span)
}
