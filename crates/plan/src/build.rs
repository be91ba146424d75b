//! From a statement to the resource that it comes to, and from several statements to one resource.

use crate::diag;
use crate::plan::Problem;
use ::diag::Diagnostic;
use resource::{AnyResource, Build, Desired, Fields, Key, Meta};
use span::Span;
use std::sync::{Arc, LazyLock};

/// A resource as a statement states it.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    pub(crate) resource: Arc<dyn AnyResource>,
    pub(crate) meta: Arc<Meta>,
    pub(crate) span: Option<Span>,
}

impl Built {
    /// Whether automatic edges may begin or end here.
    pub(crate) fn takes_part_in_edges(&self) -> bool {
        self.meta.autoedge && !self.meta.hidden
    }
}

/// The metaparameters of a resource that states none: most do not.
static USUAL: LazyLock<Arc<Meta>> = LazyLock::new(Arc::default);

/// What is wrong with a resource statement by itself.
pub fn examine(desired: &Desired, find: fn(&str) -> Option<Build>) -> Option<Diagnostic> {
    build(desired, find).err().map(|problem| *problem)
}

/// Builds the resource of a statement.
pub(crate) fn build(desired: &Desired, find: fn(&str) -> Option<Build>) -> Result<Built, Problem> {
    let (key, span) = (&desired.key, desired.span);
    let build = find(&key.kind).ok_or_else(|| diag::unknown_kind(key, span))?;
    if key.name.is_empty() {
        return Err(diag::no_name(key, span));
    }
    let meta = meta(desired)?;
    let mut fields: Fields = desired.fields.iter().cloned().collect();
    let resource = build(&key.name, &mut fields).map_err(|error| diag::field(key, &error, span))?;
    if let Some(field) = fields.rest().next() {
        let known: Vec<&str> = resource.schema().fields.iter().map(|it| it.name).collect();
        return Err(diag::unknown_field(key, field, &known, span));
    }
    if !meta.export.is_empty() {
        let is_secret = |name: &str| resource.hides(name) || resource.schema().field(name).is_some_and(|it| it.secret);
        if let Some((field, _)) = desired.fields.iter().find(|(name, _)| is_secret(name)) {
            return Err(diag::exported_secret(key, field, span));
        }
    }
    // What is hidden here is checked where it is collected.
    if !meta.hidden {
        resource.validate().map_err(|invalid| diag::invalid(key, &invalid, span))?;
    }
    Ok(Built { resource, meta, span })
}

/// The metaparameters of a statement.
fn meta(desired: &Desired) -> Result<Arc<Meta>, Problem> {
    let (key, span) = (&desired.key, desired.span);
    let mut meta = Arc::clone(&USUAL);
    for (name, value) in &desired.meta {
        Arc::make_mut(&mut meta).set(name, value).map_err(|error| diag::meta(key, &error, span))?;
    }
    meta.validate(&key.name).map_err(|error| diag::meta(key, &error, span))?;
    Ok(meta)
}

/// The resource that statements of one key come to: all equal, or such that go together.
pub(crate) fn merge<'a>(key: &Key, statements: impl IntoIterator<Item = &'a Built>) -> Result<Built, Problem> {
    let mut statements = statements.into_iter();
    let mut merged = statements.next().cloned().ok_or_else(|| diag::unknown_kind(key, None))?;
    for next in statements {
        let fields = merged.resource.changed_fields(&*next.resource).unwrap_or_default();
        if fields.is_empty() && merged.meta == next.meta {
            continue;
        }
        let together = if merged.meta == next.meta { merged.resource.reconcile(&*next.resource) } else { None };
        match together {
            Some(resource) => merged.resource = resource,
            None => {
                let differences: Vec<String> = fields.into_iter().map(str::to_owned).collect();
                return Err(diag::duplicate(key, &differences, next.span, merged.span));
            }
        }
    }
    Ok(merged)
}

/// Whether two resources are the same to the engine.
pub(crate) fn same(a: &dyn AnyResource, b: &dyn AnyResource) -> bool {
    a.name() == b.name() && a.changed_fields(b).is_some_and(|fields| fields.is_empty())
}
