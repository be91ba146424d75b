//! Checks of constants: what can be said about a field before the program runs.

use crate::{FieldTemplate, Graph, Op, ResourceTemplate, Template, diag};
use ::diag::Diagnostic;
use schema::Catalog;

/// Finds constants that do not fit their fields, in resources that the program states in any case.
pub(crate) fn check(graph: &Graph, catalog: &Catalog) -> Vec<Diagnostic> {
    let Some(root) = graph.root else { return Vec::new() };
    let body = &graph.bodies[root];
    let resources = body.templates.iter().filter_map(|it| match it {
        Template::Resource(template) => Some(template),
        _ => None,
    });
    let constant = |field: &FieldTemplate| match &body.nodes[field.value.node as usize].op {
        // What a condition decides about may never be stated.
        Op::Constant(value) if field.condition.is_none() => Some(value.clone()),
        _ => None,
    };
    let wrong = |template: &ResourceTemplate, field: &FieldTemplate| {
        let schema = catalog.kind(&template.kind)?.field(&field.name)?;
        let value = constant(field)?;
        let mismatch = schema.check(&value).err()?;
        Some(diag::value_does_not_fit(schema, &value, &mismatch.0, field.span))
    };
    resources.flat_map(|it| it.fields.iter().filter_map(move |field| wrong(it, field))).collect()
}
