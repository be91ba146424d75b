//! Effects: from the values of a template to the resources and edges that it states.

use crate::control::Control;
use crate::node::Input;
use crate::publish::Stated;
use flow::{BodyId, EdgeTemplate, FieldTemplate, Relation, ResourceTemplate, Slot, Template};
use resource::{Desired, Edge, Key, StatementId, Transfer};
use value::{Failure, Name, Value};

/// What an effect has made of its template: statements, by what tells the statements of one effect apart.
#[derive(Debug, Default)]
pub(crate) struct Effect {
    pub(crate) template: Option<(BodyId, u32)>,
    /// The id of the first statement: given out in the order of the program, whenever the values come.
    pub(crate) first: Option<StatementId>,
    pub(crate) stated: Statements,
    /// What a condition or a loop has made.
    pub(crate) control: Control,
}

/// The statements of one effect, sorted. There is nearly always one, so it is a list of just their number.
pub(crate) type Statements = Vec<(Part, Stated)>;

/// Which statement of one effect: the resource of a name, and of a host where it was collected, or the edge of a line
/// between two names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Resource(Name, Option<Name>),
    Edge(usize, Name, Name),
}

/// The slots that a template reads, in the order in which [`statements`] takes their values.
pub(crate) fn slots(template: &Template) -> Vec<Slot> {
    match template {
        Template::Resource(template) => {
            let mut slots = vec![template.name];
            slots.extend(template.collect);
            for line in template.fields.iter().chain(&template.meta) {
                slots.extend(line.condition);
                slots.push(line.value);
            }
            for line in &template.edges {
                slots.extend(line.condition);
                slots.push(line.name);
            }
            slots
        }
        Template::Edge(template) => vec![template.from.1, template.to.1],
        Template::If { condition, .. } => vec![*condition],
        Template::Loop { over, .. } => vec![*over],
    }
}

/// The statements of a resource or edge template, made of the values of its slots. Their ids are left at zero.
///
/// # Errors
/// Where an exported resource cannot be read, or there would be more than [`MAX_EDGES`] of one line.
pub(crate) fn statements(template: &Template, values: &[Value]) -> Result<Statements, Failure> {
    let mut values = values.iter();
    let mut stated = Vec::new();
    match template {
        Template::Resource(template) => resource(template, &mut values, &mut stated)?,
        Template::Edge(template) => edge(template, &mut values, &mut stated)?,
        Template::If { .. } | Template::Loop { .. } => {}
    }
    // A name that is given twice is one resource; what was said last holds.
    value::sort_keeping_last(&mut stated);
    stated.shrink_to_fit();
    Ok(stated)
}

/// The statements of a template that follows nothing. Where they cannot be made a node is, which tells why.
pub(crate) fn lasting(template: &Template, inputs: &[Input]) -> Option<Statements> {
    if !matches!(template, Template::Resource(_) | Template::Edge(_)) {
        return None;
    }
    let constant = |input: &Input| if let Input::Constant(value) = input { Some(value.clone()) } else { None };
    let values = inputs.iter().map(constant).collect::<Option<Vec<Value>>>()?;
    statements(template, &values).ok()
}

/// The id of a statement that has none yet.
pub(crate) const NO_ID: StatementId = StatementId(0);

fn resource<'a>(
    template: &ResourceTemplate,
    values: &mut impl Iterator<Item = &'a Value>,
    stated: &mut Statements,
) -> Result<(), Failure> {
    let name = values.next();
    // There is nearly always one resource, and room for four would be made for it.
    let mut found: Vec<(Option<Name>, Desired)> = Vec::with_capacity(1);
    if template.collect.is_some() {
        for exported in values.next().and_then(Value::as_list).into_iter().flatten() {
            found.push(collected(template, exported)?);
        }
    } else {
        for name in names(name) {
            let key = Key { kind: template.kind.clone(), name };
            let desired = Desired { id: NO_ID, key, fields: Vec::new(), meta: Vec::new(), span: Some(template.span) };
            found.push((None, desired));
        }
    }
    let fields = lines(&template.fields, values);
    let meta = lines(&template.meta, values);
    if let Some(((_, last), others)) = found.split_last_mut() {
        for (_, desired) in others {
            overwrite(&mut desired.fields, fields.clone());
            overwrite(&mut desired.meta, meta.clone());
        }
        overwrite(&mut last.fields, fields);
        overwrite(&mut last.meta, meta);
    }
    for (at, line) in template.edges.iter().enumerate() {
        let given = line.condition.is_none() || values.next().and_then(Value::as_bool) == Some(true);
        let targets = names(values.next());
        if !given {
            continue;
        }
        bound_edges(found.len(), targets.len())?;
        for target in targets {
            for (_, desired) in &found {
                let other = Key { kind: line.kind.clone(), name: target.clone() };
                let this = desired.key.clone();
                let notify = matches!(line.relation, Relation::Notify | Relation::Listen);
                let (from, to) = match line.relation {
                    Relation::Before | Relation::Notify => (this, other),
                    Relation::Depend | Relation::Listen => (other, this),
                };
                let part = Part::Edge(at, desired.key.name.clone(), target.clone());
                let edge = Edge { id: NO_ID, from, to, notify, transfer: None, span: Some(line.span) };
                stated.push((part, Stated::Edge(edge)));
            }
        }
    }
    stated.reserve_exact(found.len());
    for (host, desired) in found {
        stated.push((Part::Resource(desired.key.name.clone(), host), Stated::Resource(desired)));
    }
    Ok(())
}

/// An exported resource: what `_collect` delivers for it, decoded, and the host that it comes from. What two hosts export
/// under one name are two statements, which have to agree.
fn collected(template: &ResourceTemplate, exported: &Value) -> Result<(Option<Name>, Desired), Failure> {
    let text = |field: &str| exported.as_struct().and_then(|it| it.get(field)).map(Value::to_text).unwrap_or_default();
    let mut desired = resource::export::decode(&text("data"))
        .map_err(|error| Failure::fatal(format!("cannot collect {}[{}]: {error}", template.kind, text("name"))))?;
    if desired.key.kind != template.kind {
        let message = format!("cannot collect {}[{}]: it holds a {}", template.kind, text("name"), desired.key.kind);
        return Err(Failure::fatal(message));
    }
    desired.key.name = text("name").into();
    desired.meta.retain(|(name, _)| name != "export");
    desired.span = Some(template.span);
    Ok((Some(text("host").into()), desired))
}

/// The lines that are given, sorted by name. A struct of metaparameters counts as its fields.
fn lines<'a>(lines: &[FieldTemplate], values: &mut impl Iterator<Item = &'a Value>) -> Vec<(Name, Value)> {
    let mut given = Vec::with_capacity(lines.len());
    for line in lines {
        let holds = line.condition.is_none() || values.next().and_then(Value::as_bool) == Some(true);
        let Some(value) = values.next() else { continue };
        match value {
            _ if !holds => {}
            Value::Struct(fields) if line.name.is_empty() => {
                given.extend(fields.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            value => given.push((line.name.clone(), value.clone())),
        }
    }
    given.sort_by(|a, b| a.0.cmp(&b.0));
    given
}

/// Sets values in a list that is sorted by name, and keeps it so.
fn overwrite(fields: &mut Vec<(Name, Value)>, with: Vec<(Name, Value)>) {
    if fields.is_empty() {
        *fields = with;
        return;
    }
    for (name, value) in with {
        match fields.binary_search_by(|(field, _)| field.cmp(&name)) {
            Ok(at) => fields[at].1 = value,
            Err(at) => fields.insert(at, (name, value)),
        }
    }
}

fn edge<'a>(
    template: &EdgeTemplate,
    values: &mut impl Iterator<Item = &'a Value>,
    stated: &mut Statements,
) -> Result<(), Failure> {
    let (from, to) = (names(values.next()), names(values.next()));
    bound_edges(from.len(), to.len())?;
    for first in &from {
        for second in &to {
            let transfer = template
                .transfer
                .as_ref()
                .map(|(send, receive)| Transfer { send: send.clone(), receive: receive.clone() });
            let edge = Edge {
                id: NO_ID,
                from: Key { kind: template.from.0.clone(), name: first.clone() },
                to: Key { kind: template.to.0.clone(), name: second.clone() },
                notify: false,
                transfer,
                span: Some(template.span),
            };
            stated.push((Part::Edge(0, first.clone(), second.clone()), Stated::Edge(edge)));
        }
    }
    Ok(())
}

/// So many edges come of one line at most: two long lists must not take all memory.
const MAX_EDGES: usize = 1_000_000;

fn bound_edges(from: usize, to: usize) -> Result<(), Failure> {
    if from.saturating_mul(to) <= MAX_EDGES {
        return Ok(());
    }
    Err(Failure::fatal(format!(
        "{from} resources before {to} others are more than a million edges; put a `noop` between them: after the first, and before the others"
    )))
}

/// A name or a list of names.
fn names(value: Option<&Value>) -> Vec<Name> {
    match value {
        Some(Value::List(names)) => names.iter().map(|name| name.to_text().into()).collect(),
        Some(name) => vec![name.to_text().into()],
        None => Vec::new(),
    }
}
