//! Nodes that make regions: calls, conditions, fallbacks, loops, and the functions that go through lists.
//!
//! Each compares what it has with what its inputs ask for, and makes or drops only the regions that differ. When it has made
//! or fed one, it lets that be computed first and looks again (see [`Step`]).

use crate::closure::Code;
use crate::node::{Input, NodeKey, Outcome};
use crate::region::{Handed, RegionKey};
use crate::runtime::{Gathered, Runtime};
use flow::{BodyId, Op, Slot, Template};
use schema::{Body, Combinator};
use std::collections::BTreeMap;
use value::{Failure, Value};

/// What a control node keeps.
#[derive(Debug, Default)]
pub(crate) enum Control {
    /// It has made nothing yet.
    #[default]
    Idle,
    /// One region, and what it was made for.
    One(Choice, RegionKey),
    /// A choice that needs no region: the missing `else` of a statement, or a primary that has a value.
    Nothing(Choice),
    /// A region for each element of a list, all of one function.
    Elements(u64, Vec<Element>),
    /// A region for each key of a map.
    Keys(BTreeMap<Value, Element>),
}

/// So many regions are alive at most: ten times what the largest programs need, and what a machine has memory for.
/// Loops in loops multiply, so without a bound a few lines can ask for all memory there is.
const MAX_REGIONS: usize = 1_000_000;

/// What a region was made for; a different choice needs another region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Always,
    Condition(bool),
    Fallback(bool),
    Function(u64),
}

/// What a region for an element was made of.
#[derive(Debug)]
pub(crate) struct Element {
    /// The nodes that hold what the region was given.
    pub(crate) inputs: Vec<NodeKey>,
    pub(crate) region: RegionKey,
    pub(crate) result: Option<Input>,
}

/// What came of looking at a control node.
pub(crate) enum Step {
    /// Regions have been made or fed: to be looked at again when they have been computed.
    Again,
    /// The value.
    Value(Option<Outcome>),
}

/// What makes a region: which body, whose names it sees, what is handed in.
struct Making {
    choice: Choice,
    body: BodyId,
    parent: RegionKey,
    params: Vec<Handed>,
}

impl Runtime {
    /// Looks at a node that computes an expression by making regions.
    pub(crate) fn control(&mut self, key: NodeKey, op: &Op, control: &mut Control) -> Step {
        let Some(region) = self.region_of(key) else { return Step::Value(None) };
        match op {
            Op::Apply { body, args } => {
                let Some(parent) = self.enclosing(region, *body) else { return self.lost(key) };
                let params = handed(region, args);
                self.one(key, control, Making { choice: Choice::Always, body: *body, parent, params })
            }
            Op::Call { args, .. } => match self.single(key) {
                Gathered::Ready(function) => match function.as_func().map(|it| (it.identity(), Code::of(it))) {
                    Some((identity, Some(code))) if self.has_region(code.region) => {
                        let params = handed(region, args);
                        let choice = Choice::Function(identity);
                        self.one(key, control, Making { choice, body: code.body, parent: code.region, params })
                    }
                    _ => self.lost(key),
                },
                Gathered::Waiting => Step::Value(None),
                Gathered::Failed(failed) => self.without_regions(key, control, Err(failed)),
            },
            Op::If { then, otherwise, .. } => match self.single(key) {
                Gathered::Ready(condition) => {
                    let holds = condition.as_bool().unwrap_or_default();
                    let body = if holds { *then } else { *otherwise };
                    let choice = Choice::Condition(holds);
                    self.one(key, control, Making { choice, body, parent: region, params: Vec::new() })
                }
                // What was chosen stays until it is known again whether it is to.
                Gathered::Waiting => Step::Value(None),
                Gathered::Failed(failed) => self.without_regions(key, control, Err(failed)),
            },
            Op::Except { fallback, .. } => match self.single(key) {
                Gathered::Failed(failed) if failed.failure.is_catchable() => {
                    let choice = Choice::Fallback(true);
                    self.one(key, control, Making { choice, body: *fallback, parent: region, params: Vec::new() })
                }
                Gathered::Failed(failed) => self.without_regions(key, control, Err(failed)),
                Gathered::Ready(value) => self.without_regions(key, control, Ok(value)),
                Gathered::Waiting => Step::Value(None),
            },
            Op::Builtin(builtin) => match builtin.function.body {
                Body::Combinator(combinator) => self.combinator(key, combinator, control),
                _ => self.lost(key),
            },
            _ => self.lost(key),
        }
    }

    /// Looks at a statement that holds others.
    pub(crate) fn statement(&mut self, key: NodeKey, template: &Template, control: &mut Control) -> Step {
        let Some(region) = self.region_of(key) else { return Step::Value(None) };
        let value = match self.single(key) {
            Gathered::Ready(value) => value,
            // What there is stays until the value is known again; nothing is published until then.
            Gathered::Waiting => return Step::Value(None),
            Gathered::Failed(failed) => return Step::Value(Some(Err(failed))),
        };
        match template {
            Template::If { then, otherwise, .. } => {
                let holds = value.as_bool().unwrap_or_default();
                let choice = Choice::Condition(holds);
                match if holds { Some(*then) } else { *otherwise } {
                    _ if control.is(choice) => {}
                    Some(body) => {
                        let made = self.make_region(body, Some(region), Some(key), Vec::new());
                        self.replace(control, Control::One(choice, made));
                    }
                    None => self.replace(control, Control::Nothing(choice)),
                }
            }
            Template::Loop { body, .. } => match value {
                Value::List(values) if !self.has_room(&values, control) => return self.too_many(key),
                Value::Map(entries) if !self.has_room(entries.keys(), control) => return self.too_many(key),
                Value::List(values) => self.loop_over_list(key, region, *body, &values, control),
                Value::Map(entries) => self.loop_over_map(key, region, *body, &entries, control),
                _ => {}
            },
            Template::Resource(_) | Template::Edge(_) => {}
        }
        Step::Value(Some(Ok(Value::Bool(true))))
    }

    /// Whether there may be a region for each element, beside all that there are.
    fn has_room<T>(
        &self,
        elements: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        control: &Control,
    ) -> bool {
        let there = match control {
            Control::Elements(_, elements) => elements.len(),
            Control::Keys(elements) => elements.len(),
            Control::Idle | Control::Nothing(_) | Control::One(..) => 0,
        };
        self.regions() + elements.into_iter().len().saturating_sub(there) <= MAX_REGIONS
    }

    fn too_many(&self, key: NodeKey) -> Step {
        self.fail(key, Failure::fatal(format!("the loops of the program have more than {MAX_REGIONS} turns in all")))
    }

    /// The value of an expression that needs none of what it has made.
    fn without_regions(&mut self, key: NodeKey, control: &mut Control, value: Outcome) -> Step {
        self.clear(control);
        self.set_results(key, Vec::new());
        Step::Value(Some(value))
    }

    /// Drops what a control node has made.
    pub(crate) fn clear(&mut self, control: &mut Control) {
        self.replace(control, Control::Idle);
    }

    fn replace(&mut self, control: &mut Control, with: Control) {
        match std::mem::replace(control, with) {
            Control::Idle | Control::Nothing(_) => {}
            Control::One(_, region) => self.drop_region(region),
            Control::Elements(_, elements) => elements.into_iter().for_each(|it| self.drop_element(it)),
            Control::Keys(elements) => elements.into_values().for_each(|it| self.drop_element(it)),
        }
    }

    /// Keeps one region, and takes the value of its result.
    fn one(&mut self, key: NodeKey, control: &mut Control, making: Making) -> Step {
        if !control.is(making.choice) {
            let region = self.make_region(making.body, Some(making.parent), Some(key), making.params);
            let result = self.result_of(region);
            self.set_results(key, result.into_iter().collect());
            self.replace(control, Control::One(making.choice, region));
            return Step::Again;
        }
        let value = self.first_result(key);
        // What fails inside of a function fails, for the user, where the function is called.
        let called = matches!(making.choice, Choice::Always | Choice::Function(_));
        Step::Value(if called { self.blamed(key, value) } else { value })
    }

    /// The body of a `for`: an instance for each index. What is added or removed at the end makes or drops one.
    fn loop_over_list(
        &mut self,
        key: NodeKey,
        region: RegionKey,
        body: BodyId,
        values: &[Value],
        control: &mut Control,
    ) {
        if !matches!(control, Control::Elements(..)) {
            self.replace(control, Control::Elements(0, Vec::new()));
        }
        let Control::Elements(_, elements) = control else { return };
        while elements.len() > values.len() {
            elements.pop().into_iter().for_each(|it| self.drop_element(it));
        }
        for (at, value) in values.iter().enumerate() {
            if let Some(element) = elements.get(at) {
                self.feed(element.inputs[0], value.clone());
            } else {
                let index = Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
                elements.push(self.loop_element(key, region, body, index, value.clone()));
            }
        }
    }

    /// The body of a `forkv`: an instance for each key.
    fn loop_over_map(
        &mut self,
        key: NodeKey,
        region: RegionKey,
        body: BodyId,
        entries: &BTreeMap<Value, Value>,
        control: &mut Control,
    ) {
        if !matches!(control, Control::Keys(_)) {
            self.replace(control, Control::Keys(BTreeMap::new()));
        }
        let Control::Keys(elements) = control else { return };
        let gone: Vec<Value> = elements.keys().filter(|it| !entries.contains_key(it)).cloned().collect();
        for name in gone {
            elements.remove(&name).into_iter().for_each(|it| self.drop_element(it));
        }
        for (name, value) in entries {
            if let Some(element) = elements.get(name) {
                self.feed(element.inputs[0], value.clone());
            } else {
                let element = self.loop_element(key, region, body, name.clone(), value.clone());
                elements.insert(name.clone(), element);
            }
        }
    }

    fn loop_element(&mut self, key: NodeKey, region: RegionKey, body: BodyId, first: Value, second: Value) -> Element {
        let input = self.make_element(key, second);
        let params = vec![Handed::Input(Input::Constant(first)), Handed::Input(Input::Node(input))];
        let region = self.make_region(body, Some(region), Some(key), params);
        Element { inputs: vec![input], region, result: None }
    }

    fn drop_element(&mut self, element: Element) {
        self.drop_region(element.region);
        for input in element.inputs {
            self.release(input);
        }
    }

    /// `iter.map`, `iter.filter`, `iter.reduce`, `iter.zip`.
    fn combinator(&mut self, key: NodeKey, combinator: Combinator, control: &mut Control) -> Step {
        let mut values = match self.inputs(key) {
            Gathered::Ready(values) => values,
            Gathered::Waiting => return Step::Value(None),
            Gathered::Failed(failed) => return self.without_regions(key, control, Err(failed)),
        };
        let Some((identity, Some(code))) =
            values.pop().as_ref().and_then(Value::as_func).map(|it| (it.identity(), Code::of(it)))
        else {
            return self.lost(key);
        };
        if !self.has_region(code.region) {
            return self.lost(key);
        }
        let rows = match rows(combinator, &values) {
            Ok(rows) => rows,
            Err(failure) => return self.fail(key, failure),
        };
        if !matches!(control, Control::Elements(function, _) if *function == identity) {
            self.replace(control, Control::Elements(identity, Vec::new()));
        }
        if !self.has_room(&rows, control) {
            return self.too_many(key);
        }
        let Control::Elements(_, elements) = control else { return self.lost(key) };
        let mut changed = false;
        while elements.len() > rows.len() {
            elements.pop().into_iter().for_each(|it| self.drop_element(it));
            changed = true;
        }
        for (at, row) in rows.iter().enumerate() {
            if let Some(element) = elements.get(at) {
                for (input, value) in element.inputs.clone().into_iter().zip(row) {
                    changed |= self.feed(input, value.clone());
                }
                continue;
            }
            changed = true;
            let inputs: Vec<NodeKey> = row.iter().map(|value| self.make_element(key, value.clone())).collect();
            let mut params: Vec<Handed> = inputs.iter().map(|it| Handed::Input(Input::Node(*it))).collect();
            if combinator == Combinator::Reduce
                && let Some(before) = at.checked_sub(1).and_then(|at| elements[at].result.clone())
            {
                params.insert(0, Handed::Input(before));
            }
            let region = self.make_region(code.body, Some(code.region), Some(key), params);
            let result = self.result_of(region);
            elements.push(Element { inputs, region, result });
        }
        if changed {
            let results: Vec<Input> = elements.iter().filter_map(|it| it.result.clone()).collect();
            self.set_results(key, results);
            return Step::Again;
        }
        Step::Value(self.combined(key, combinator, &values))
    }

    /// The value of a combinator, made of the results of its regions.
    fn combined(&mut self, key: NodeKey, combinator: Combinator, arguments: &[Value]) -> Option<Outcome> {
        let results = match self.results(key) {
            Gathered::Ready(results) => results,
            Gathered::Waiting => return None,
            Gathered::Failed(failed) => return Some(Err(failed)),
        };
        Some(Ok(match combinator {
            Combinator::Map | Combinator::Zip => Value::list(results),
            Combinator::Filter => {
                let kept = arguments[0].as_list().into_iter().flatten().zip(results);
                Value::list(kept.filter(|(_, keep)| keep.as_bool() == Some(true)).map(|(value, _)| value.clone()))
            }
            // With nothing to go through, the initial value; without one, the only element.
            Combinator::Reduce => match results.into_iter().next_back() {
                Some(last) => last,
                None if arguments.len() > 1 => arguments[0].clone(),
                None => arguments[0].as_list().and_then(|it| it.first()).cloned()?,
            },
        }))
    }
}

/// What each region of a combinator is given. For `reduce`, the first region gets what the fold begins with too.
fn rows(combinator: Combinator, values: &[Value]) -> Result<Vec<Vec<Value>>, Failure> {
    let list = |at: usize| values.get(at).and_then(Value::as_list).into_iter().flatten().cloned();
    Ok(match combinator {
        Combinator::Map | Combinator::Filter => list(0).map(|value| vec![value]).collect(),
        Combinator::Zip => list(0).zip(list(1)).map(|(a, b)| vec![a, b]).collect(),
        Combinator::Reduce => {
            let mut inputs = list(values.len() - 1);
            let initial = if values.len() > 1 { Some(values[0].clone()) } else { inputs.next() };
            let Some(initial) = initial else {
                return Err(Failure::fatal("cannot reduce an empty list without an initial value"));
            };
            let mut rows: Vec<Vec<Value>> = inputs.map(|value| vec![value]).collect();
            if let Some(first) = rows.first_mut() {
                first.insert(0, initial);
            }
            rows
        }
    })
}

impl Control {
    fn is(&self, choice: Choice) -> bool {
        matches!(self, Control::One(made, _) | Control::Nothing(made) if *made == choice)
    }
}

fn handed(region: RegionKey, args: &[Slot]) -> Vec<Handed> {
    args.iter().map(|slot| Handed::Slot(region, *slot)).collect()
}
