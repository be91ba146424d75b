//! The runtime: making and dropping nodes and regions, and computing what is dirty.

use crate::closure::Code;
use crate::control::{Control, Step};
use crate::effect::{Effect, NO_ID, Statements, lasting, slots, statements};
use crate::node::{Dependents, Failed, Input, Node, NodeKey, Outcome, Role};
use crate::problem::Problem;
use crate::publish::{Lasting, Pending, Stated};
use crate::region::{Handed, Region, RegionKey};
use crate::stream::{Stream, StreamId, Subscription};
use flow::{BodyId, Builtin, Graph, Op, Slot, Template};
use resource::{Change, StatementId};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Body, CallSite};
use slotmap::SlotMap;
use span::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use value::{Failure, Str, Value};

/// A running program. See the module documentation of the crate.
pub struct Runtime {
    graph: Arc<Graph>,
    hostname: Str,
    nodes: SlotMap<NodeKey, Node>,
    regions: SlotMap<RegionKey, Region>,
    started: bool,
    queue: BinaryHeap<Reverse<(u32, NodeKey)>>,
    /// Nodes that nothing reads any more, perhaps: they go when the tick is over.
    unused: Vec<NodeKey>,
    pub(crate) streams: FxHashMap<StreamId, NodeKey>,
    /// How many nodes have no value.
    waiting: usize,
    pub(crate) failures: BTreeMap<NodeKey, Arc<Failed>>,
    pending: Pending,
    pub(crate) subscribe: Vec<Subscription>,
    pub(crate) unsubscribe: Vec<StreamId>,
    /// Nodes that have made regions, and do not know at the moment whether they want them.
    pub(crate) undecided: FxHashSet<NodeKey>,
    pub(crate) counter: u64,
}

/// What came of a batch of events.
#[derive(Debug, Default)]
pub struct Tick {
    /// Changes to the set of resources; empty unless `status` is [`Status::Settled`].
    pub changes: Vec<Change>,
    /// What is to be followed from now on. Each must send a first value.
    pub subscribe: Vec<Subscription>,
    /// What is not to be followed any more; values that still come are ignored.
    pub unsubscribe: Vec<StreamId>,
    /// Whether the program has a value for everything.
    pub status: Status,
}

/// Whether the program has a value for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It has, and the changes lead to the set of resources that it states now.
    #[default]
    Settled,
    /// Values are awaited.
    Waiting,
    /// Values have failed and nothing catches that; sorted by place.
    Failed(Vec<Problem>),
}

/// The values of several inputs, or why there are none.
pub(crate) enum Gathered<T> {
    Ready(T),
    Waiting,
    Failed(Arc<Failed>),
}

/// Where a slot leads.
enum Target {
    Found(Input),
    Missing(RegionKey, u32),
}

impl Runtime {
    /// A program that has not started.
    pub fn new(graph: Arc<Graph>, hostname: Str) -> Runtime {
        Runtime {
            graph,
            hostname,
            nodes: SlotMap::with_key(),
            regions: SlotMap::with_key(),
            started: false,
            queue: BinaryHeap::new(),
            unused: Vec::new(),
            streams: FxHashMap::default(),
            waiting: 0,
            failures: BTreeMap::new(),
            pending: Pending::default(),
            subscribe: Vec::new(),
            unsubscribe: Vec::new(),
            undecided: FxHashSet::default(),
            counter: 0,
        }
    }

    /// Starts the program. Does nothing the second time.
    pub fn start(&mut self) -> Tick {
        if !self.started {
            self.started = true;
            if let Some(root) = self.graph.root {
                self.make_region(root, None, None, Vec::new());
            }
        }
        self.tick()
    }

    /// Takes values from the world. Those of subscriptions that have ended are ignored.
    pub fn update(&mut self, events: impl IntoIterator<Item = (StreamId, Result<Value, Failure>)>) -> Tick {
        for (id, value) in events {
            let Some(key) = self.streams.get(&id).copied() else { continue };
            if let Some(Node { role: Role::Stream(_, _, stream), .. }) = self.nodes.get_mut(key) {
                stream.receive(id, value);
                self.mark(key);
            }
        }
        self.tick()
    }

    pub(crate) fn node(&self, key: NodeKey) -> Option<&Node> {
        self.nodes.get(key)
    }

    /// How many nodes there are, for measurements.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    fn tick(&mut self) -> Tick {
        loop {
            self.propagate();
            // What goes may have made regions that nothing needs; it never makes anything dirty that stays.
            self.sweep();
            if self.queue.is_empty() {
                break;
            }
        }
        let problems = self.problems();
        let status = if !problems.is_empty() {
            Status::Failed(problems)
        } else if self.waiting > 0 {
            Status::Waiting
        } else {
            Status::Settled
        };
        let changes = if status == Status::Settled { self.pending.publish() } else { Vec::new() };
        let (subscribe, unsubscribe) = self.turns();
        Tick { changes, subscribe, unsubscribe, status }
    }

    // Regions.

    /// What a node of a body computes.
    pub(crate) fn op(&self, body: BodyId, number: u32) -> &Op {
        &self.graph.bodies[body].nodes[number as usize].op
    }

    pub(crate) fn has_region(&self, key: RegionKey) -> bool {
        self.regions.contains_key(key)
    }

    pub(crate) fn region_of(&self, key: NodeKey) -> Option<RegionKey> {
        self.nodes.get(key).map(|node| node.region)
    }

    /// The node that made the region of another.
    pub(crate) fn maker_around(&self, key: NodeKey) -> Option<NodeKey> {
        self.region_of(key).and_then(|it| self.regions.get(it)?.maker)
    }

    /// The nearest region around that the names of a body refer to.
    pub(crate) fn enclosing(&self, region: RegionKey, body: BodyId) -> Option<RegionKey> {
        let wanted = self.graph.bodies[body].parent;
        let mut key = Some(region);
        while let Some(region) = key.and_then(|it| self.regions.get(it)) {
            if Some(region.body) == wanted {
                return key;
            }
            key = region.parent;
        }
        None
    }

    /// How many regions there are.
    pub(crate) fn regions(&self) -> usize {
        self.regions.len()
    }

    pub(crate) fn make_region(
        &mut self,
        body: BodyId,
        parent: Option<RegionKey>,
        maker: Option<NodeKey>,
        params: Vec<Handed>,
    ) -> RegionKey {
        let graph = Arc::clone(&self.graph);
        let template = &graph.bodies[body];
        let nodes = vec![None; template.nodes.len()];
        let (mut effects, mut stated) = (Vec::new(), Vec::new());
        let region = Region {
            body,
            parent,
            maker,
            params,
            nodes,
            effects: Vec::new(),
            stated: Vec::new(),
            alive: 0,
            dropped: false,
        };
        let key = self.regions.insert(region);
        if let Some(parent) = parent.and_then(|it| self.regions.get_mut(it)) {
            parent.alive += 1;
        }
        for (at, effect) in (0..).zip(&template.templates) {
            let inputs: Vec<Input> = slots(effect).into_iter().map(|slot| self.resolve(key, slot)).collect();
            self.counter += 1;
            let first = StatementId(self.counter);
            if let Some(statements) = lasting(effect, &inputs) {
                stated.extend(self.state_lasting(first, statements));
                continue;
            }
            let state = Effect { template: Some((body, at)), first: Some(first), ..Effect::default() };
            effects.push(self.insert(key, Role::Effect(state), span_of(effect), inputs, None));
        }
        if let Some(region) = self.regions.get_mut(key) {
            effects.shrink_to_fit();
            stated.shrink_to_fit();
            (region.effects, region.stated) = (effects, stated);
        }
        key
    }

    /// States what stays as it is for as long as its region is there.
    fn state_lasting(&mut self, first: StatementId, statements: Statements) -> impl Iterator<Item = Lasting> {
        let mut first = Some(first);
        statements.into_iter().map(move |(_, mut stated)| {
            set_id(&mut stated, self.next_id(&mut first));
            self.pending.state_lasting(stated)
        })
    }

    /// The id of a statement: of several of one effect, the first has the one that was kept for it.
    fn next_id(&mut self, first: &mut Option<StatementId>) -> StatementId {
        first.take().unwrap_or_else(|| {
            self.counter += 1;
            StatementId(self.counter)
        })
    }

    /// The value of a region that has one.
    pub(crate) fn result_of(&mut self, key: RegionKey) -> Option<Input> {
        let body = self.regions.get(key)?.body;
        let slot = self.graph.bodies[body].result?;
        Some(self.resolve(key, slot))
    }

    pub(crate) fn drop_region(&mut self, key: RegionKey) {
        let Some(region) = self.regions.get_mut(key) else { return };
        region.dropped = true;
        for stated in std::mem::take(&mut region.stated) {
            self.pending.withdraw(stated);
        }
        for effect in std::mem::take(&mut region.effects) {
            self.remove(effect);
        }
        self.forget(key);
    }

    /// Forgets a region that was dropped and that nothing follows any more, and those around it likewise.
    fn forget(&mut self, key: RegionKey) {
        let mut next = Some(key);
        while let Some(key) = next {
            match self.regions.get(key) {
                Some(region) if region.dropped && region.alive == 0 => {}
                _ => return,
            }
            next = self.regions.remove(key).and_then(|region| region.parent);
            if let Some(parent) = next.and_then(|it| self.regions.get_mut(it)) {
                parent.alive -= 1;
            }
        }
    }

    // Nodes.

    /// Where a slot leads, through everything that was only handed on.
    fn target(&self, mut region: RegionKey, mut slot: Slot) -> Target {
        loop {
            for _ in 0..slot.up {
                region = self.regions[region].parent.expect("a slot leads to a body around it");
            }
            let found = &self.regions[region];
            let at = slot.node as usize;
            if let Some(node) = found.nodes[at] {
                return Target::Found(Input::Node(node));
            }
            match &self.graph.bodies[found.body].nodes[at].op {
                Op::Constant(value) => return Target::Found(Input::Constant(value.clone())),
                Op::Hostname => return Target::Found(Input::Constant(Value::Str(self.hostname.clone()))),
                Op::Param(number) => match &found.params[*number] {
                    Handed::Input(input) => return Target::Found(input.clone()),
                    Handed::Slot(from, handed) => (region, slot) = (*from, *handed),
                },
                _ => return Target::Missing(region, slot.node),
            }
        }
    }

    /// What a slot leads to; makes the nodes that are missing.
    pub(crate) fn resolve(&mut self, region: RegionKey, slot: Slot) -> Input {
        let graph = Arc::clone(&self.graph);
        let mut missing = Vec::new();
        loop {
            match self.target(region, slot) {
                Target::Found(input) => return input,
                Target::Missing(region, node) => missing.push((region, node)),
            }
            while let Some((region, number)) = missing.last().copied() {
                let body = self.regions[region].body;
                let node = &graph.bodies[body].nodes[number as usize];
                let before = missing.len();
                if self.regions[region].nodes[number as usize].is_none() {
                    for slot in reads(&node.op) {
                        if let Target::Missing(region, node) = self.target(region, slot) {
                            missing.push((region, node));
                        }
                    }
                }
                if missing.len() == before {
                    missing.pop();
                    self.make_node(region, body, number, &node.op, node.span);
                }
            }
        }
    }

    /// Makes a node whose inputs are all there.
    fn make_node(&mut self, region: RegionKey, body: BodyId, number: u32, op: &Op, span: Span) {
        if self.regions[region].nodes[number as usize].is_some() {
            return;
        }
        let inputs = reads(op).into_iter().map(|slot| self.resolve(region, slot)).collect();
        let (role, value) = match op {
            Op::Closure { body: code, ty } => {
                self.counter += 1;
                let closure = Code { region, body: *code }.into_closure(self.counter, ty.clone());
                (Role::Op(body, number), Some(Ok(Value::Func(closure))))
            }
            Op::Apply { .. } | Op::Call { .. } | Op::If { .. } | Op::Except { .. } => {
                (Role::Control(body, number, Control::Idle), None)
            }
            Op::Builtin(builtin) => match builtin.function.body {
                Body::Pure(_) => (Role::Op(body, number), None),
                Body::Stream { .. } | Body::Asking(_) => (Role::Stream(body, number, Stream::default()), None),
                Body::Combinator(_) => (Role::Control(body, number, Control::Idle), None),
            },
            _ => (Role::Op(body, number), None),
        };
        let key = self.insert(region, role, span, inputs, value);
        self.regions[region].nodes[number as usize] = Some(key);
    }

    /// A node that holds a value which its maker sets. It stays until it is released.
    pub(crate) fn make_element(&mut self, maker: NodeKey, value: Value) -> NodeKey {
        let (region, span) = (self.nodes[maker].region, self.nodes[maker].span);
        let key = self.insert(region, Role::Element, span, Vec::new(), Some(Ok(value)));
        self.nodes[key].uses += 1;
        key
    }

    fn insert(
        &mut self,
        region: RegionKey,
        role: Role,
        span: Span,
        inputs: Vec<Input>,
        value: Option<Outcome>,
    ) -> NodeKey {
        let computed = value.is_some();
        self.waiting += usize::from(!computed);
        let key = self.nodes.insert(Node {
            region,
            role,
            span,
            height: 0,
            value,
            inputs: Vec::new(),
            results: Vec::new(),
            dependents: Dependents::None,
            uses: 0,
            dirty: false,
        });
        self.regions[region].alive += 1;
        for input in &inputs {
            self.connect(key, input);
        }
        self.nodes[key].inputs = inputs;
        if !computed {
            self.mark(key);
        }
        key
    }

    fn connect(&mut self, key: NodeKey, input: &Input) {
        let Input::Node(from) = input else { return };
        let node = &mut self.nodes[*from];
        node.uses += 1;
        node.dependents.add(key);
        let height = node.height + 1;
        self.raise(key, height);
    }

    fn disconnect(&mut self, key: NodeKey, input: &Input) {
        let Input::Node(from) = input else { return };
        if let Some(node) = self.nodes.get_mut(*from) {
            node.dependents.remove(key);
        }
        self.release(*from);
    }

    /// One use less.
    pub(crate) fn release(&mut self, key: NodeKey) {
        if let Some(node) = self.nodes.get_mut(key) {
            node.uses -= 1;
            if node.uses == 0 {
                self.unused.push(key);
            }
        }
    }

    /// Makes a node at least so high, and what reads it higher.
    fn raise(&mut self, key: NodeKey, height: u32) {
        let mut low = vec![(key, height)];
        while let Some((key, height)) = low.pop() {
            let node = &mut self.nodes[key];
            if node.height < height {
                node.height = height;
                low.extend(node.dependents.iter().map(|it| (it, height + 1)));
            }
        }
    }

    /// Replaces the results that a node reads.
    pub(crate) fn set_results(&mut self, key: NodeKey, results: Vec<Input>) {
        for input in &results {
            self.connect(key, input);
        }
        let old = std::mem::replace(&mut self.nodes[key].results, results);
        for input in &old {
            self.disconnect(key, input);
        }
    }

    /// Removes nodes that nothing reads.
    fn sweep(&mut self) {
        while let Some(key) = self.unused.pop() {
            if self.nodes.get(key).is_some_and(|node| node.uses == 0) {
                self.remove(key);
            }
        }
    }

    fn remove(&mut self, key: NodeKey) {
        let Some(node) = self.nodes.remove(key) else { return };
        self.waiting -= usize::from(node.value.is_none());
        self.failures.remove(&key);
        self.undecided.remove(&key);
        for input in node.inputs.iter().chain(&node.results) {
            self.disconnect(key, input);
        }
        match node.role {
            Role::Op(_, number) => self.vacate(node.region, number),
            Role::Stream(_, number, stream) => {
                self.vacate(node.region, number);
                stream.followed.iter().for_each(|it| self.unfollow(it));
            }
            Role::Control(_, number, mut control) => {
                self.vacate(node.region, number);
                self.clear(&mut control);
            }
            Role::Element => {}
            Role::Effect(mut effect) => {
                for (_, stated) in effect.stated {
                    self.pending.state(stated.id(), Some(stated), None);
                }
                self.clear(&mut effect.control);
            }
        }
        if let Some(region) = self.regions.get_mut(node.region) {
            region.alive -= 1;
        }
        self.forget(node.region);
    }

    fn vacate(&mut self, region: RegionKey, number: u32) {
        if let Some(region) = self.regions.get_mut(region) {
            region.nodes[number as usize] = None;
        }
    }

    // Values.

    fn mark(&mut self, key: NodeKey) {
        if let Some(node) = self.nodes.get_mut(key)
            && !node.dirty
        {
            node.dirty = true;
            self.queue.push(Reverse((node.height, key)));
        }
    }

    fn propagate(&mut self) {
        while let Some(Reverse((height, key))) = self.queue.pop() {
            let Some(node) = self.nodes.get_mut(key) else { continue };
            if !node.dirty {
                continue;
            }
            if node.height > height {
                let height = node.height;
                self.queue.push(Reverse((height, key)));
                continue;
            }
            node.dirty = false;
            self.compute(key);
        }
    }

    fn compute(&mut self, key: NodeKey) {
        let graph = Arc::clone(&self.graph);
        // The state of a node is taken out while the rest of the runtime may change around it.
        let mut role = std::mem::replace(&mut self.nodes[key].role, Role::Element);
        let step = match &mut role {
            Role::Element => return,
            Role::Op(body, number) => Step::Value(self.operation(key, &graph.bodies[*body].nodes[*number as usize].op)),
            Role::Stream(body, number, stream) => match &graph.bodies[*body].nodes[*number as usize].op {
                Op::Builtin(builtin) => Step::Value(self.stream(key, builtin, stream)),
                _ => Step::Value(None),
            },
            Role::Control(body, number, control) => {
                self.control(key, &graph.bodies[*body].nodes[*number as usize].op, control)
            }
            Role::Effect(effect) => match effect.template {
                Some((body, number)) => {
                    let template = &graph.bodies[body].templates[number as usize];
                    match template {
                        Template::If { .. } | Template::Loop { .. } => {
                            self.statement(key, template, &mut effect.control)
                        }
                        Template::Resource(_) | Template::Edge(_) => self.state(key, template, effect),
                    }
                }
                None => Step::Value(None),
            },
        };
        let is_effect = matches!(role, Role::Effect(_));
        self.nodes[key].role = role;
        self.note_decision(key);
        match step {
            Step::Again => self.mark(key),
            Step::Value(value) => {
                if is_effect {
                    match &value {
                        Some(Err(failed)) => _ = self.failures.insert(key, Arc::clone(failed)),
                        _ => _ = self.failures.remove(&key),
                    }
                }
                self.set(key, value);
            }
        }
    }

    /// Sets the value of a node; what reads it becomes dirty where the value is another.
    fn set(&mut self, key: NodeKey, value: Option<Outcome>) -> bool {
        let node = &mut self.nodes[key];
        if node.value == value {
            return false;
        }
        self.waiting -= usize::from(node.value.is_none());
        self.waiting += usize::from(value.is_none());
        node.value = value;
        let dependents: Vec<NodeKey> = node.dependents.iter().collect();
        for dependent in dependents {
            self.mark(dependent);
        }
        true
    }

    /// Sets the value of an element.
    pub(crate) fn feed(&mut self, key: NodeKey, value: Value) -> bool {
        self.set(key, Some(Ok(value)))
    }

    fn operation(&mut self, key: NodeKey, op: &Op) -> Option<Outcome> {
        let values = match self.inputs(key) {
            Gathered::Ready(values) => values,
            Gathered::Waiting => return None,
            Gathered::Failed(failed) => return Some(Err(failed)),
        };
        Some(match op {
            Op::List(_) => Ok(Value::list(values)),
            Op::Map(_) => {
                let mut values = values.into_iter();
                let mut entries = Vec::new();
                while let (Some(name), Some(value)) = (values.next(), values.next()) {
                    entries.push((name, value));
                }
                Ok(Value::map(entries))
            }
            Op::Struct(fields) => Ok(Value::structure(fields.iter().map(|(name, _)| name.clone()).zip(values))),
            Op::Builtin(builtin) => match builtin.function.body {
                Body::Pure(call) => {
                    let site = CallSite { ty: &builtin.ty, base: &builtin.base };
                    guarded(|| call(&site, &values)).map_err(|failure| self.failed_call(key, builtin, failure))
                }
                _ => return None,
            },
            // A closure has its value from the start; everything else is resolved or controls regions.
            _ => return self.nodes[key].value.clone(),
        })
    }

    /// Brings what an effect has stated to what it states now.
    fn state(&mut self, key: NodeKey, template: &Template, effect: &mut Effect) -> Step {
        let values = match self.inputs(key) {
            Gathered::Ready(values) => values,
            // What was stated stays until the values are known again; nothing is published until then.
            Gathered::Waiting => return Step::Value(None),
            Gathered::Failed(failed) => return Step::Value(Some(Err(failed))),
        };
        let mut now = match statements(template, &values) {
            Ok(now) => now,
            Err(failure) => return self.fail(key, failure),
        };
        for (part, stated) in std::mem::take(&mut effect.stated) {
            match now.binary_search_by(|(other, _)| other.cmp(&part)) {
                Ok(at) => {
                    let new = &mut now[at].1;
                    set_id(new, stated.id());
                    if *new != stated {
                        self.pending.state(stated.id(), Some(stated), Some(new.clone()));
                    }
                }
                Err(_) => self.pending.state(stated.id(), Some(stated), None),
            }
        }
        for (_, stated) in now.iter_mut().filter(|(_, it)| it.id() == NO_ID) {
            let id = self.next_id(&mut effect.first);
            set_id(stated, id);
            self.pending.state(id, None, Some(stated.clone()));
        }
        effect.stated = now;
        Step::Value(Some(Ok(Value::Bool(true))))
    }

    fn gather(&self, inputs: &[Input]) -> Gathered<Vec<Value>> {
        let mut values = Vec::with_capacity(inputs.len());
        let mut waiting = false;
        for input in inputs {
            match input {
                Input::Constant(value) => values.push(value.clone()),
                Input::Node(key) => match &self.nodes[*key].value {
                    Some(Ok(value)) => values.push(value.clone()),
                    Some(Err(failed)) => return Gathered::Failed(Arc::clone(failed)),
                    None => waiting = true,
                },
            }
        }
        if waiting { Gathered::Waiting } else { Gathered::Ready(values) }
    }

    /// The values of all inputs of a node.
    pub(crate) fn inputs(&self, key: NodeKey) -> Gathered<Vec<Value>> {
        self.gather(&self.nodes[key].inputs)
    }

    /// The values of all results of a node.
    pub(crate) fn results(&self, key: NodeKey) -> Gathered<Vec<Value>> {
        self.gather(&self.nodes[key].results)
    }

    /// The value of the first input of a node.
    pub(crate) fn single(&self, key: NodeKey) -> Gathered<Value> {
        match self.gather(&self.nodes[key].inputs[..1]) {
            Gathered::Ready(mut values) => Gathered::Ready(values.swap_remove(0)),
            Gathered::Waiting => Gathered::Waiting,
            Gathered::Failed(failed) => Gathered::Failed(failed),
        }
    }

    /// The value of the only result of a node.
    pub(crate) fn first_result(&self, key: NodeKey) -> Option<Outcome> {
        match self.nodes[key].results.first()? {
            Input::Constant(value) => Some(Ok(value.clone())),
            Input::Node(result) => self.nodes[*result].value.clone(),
        }
    }

    /// Whether an input has a value; none while it is awaited.
    pub(crate) fn has_value(&self, input: &Input) -> Option<bool> {
        match input {
            Input::Constant(_) => Some(true),
            Input::Node(key) => self.nodes[*key].value.as_ref().map(Result::is_ok),
        }
    }

    /// A failure with the place of a node in place of its own.
    pub(crate) fn blamed(&self, key: NodeKey, value: Option<Outcome>) -> Option<Outcome> {
        value.map(|it| it.map_err(|failed| Arc::new(Failed { span: self.nodes[key].span, ..(*failed).clone() })))
    }

    pub(crate) fn failed(&self, key: NodeKey, failure: Failure) -> Arc<Failed> {
        Arc::new(Failed { failure, span: self.nodes[key].span, part: None })
    }

    /// The failure of a function of the catalog, which may point at a part of a text that it was given.
    pub(crate) fn failed_call(&self, key: NodeKey, call: &Builtin, failure: Failure) -> Arc<Failed> {
        let part = call.place_of(&failure);
        Arc::new(Failed { failure, span: self.nodes[key].span, part })
    }

    pub(crate) fn fail(&self, key: NodeKey, failure: Failure) -> Step {
        Step::Value(Some(Err(self.failed(key, failure))))
    }

    /// A graph that is not well formed, or a function value that outlived its region.
    pub(crate) fn lost(&self, key: NodeKey) -> Step {
        self.fail(key, Failure::fatal("internal error: the function graph is not well formed here"))
    }
}

/// Runs a function of the catalog; a panic becomes a failure.
pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
        Err(Failure::fatal(format!("panic in process: {text}")))
    })
}

fn set_id(stated: &mut Stated, id: StatementId) {
    match stated {
        Stated::Resource(desired) => desired.id = id,
        Stated::Edge(edge) => edge.id = id,
    }
}

fn span_of(template: &Template) -> Span {
    match template {
        Template::Resource(template) => template.span,
        Template::Edge(template) => template.span,
        Template::If { span, .. } | Template::Loop { span, .. } => *span,
    }
}

/// The slots that a node reads from the start. Arguments of calls are read by the regions of the calls, as far as needed.
fn reads(op: &Op) -> Vec<Slot> {
    match op {
        Op::Constant(_) | Op::Param(_) | Op::Hostname | Op::Closure { .. } | Op::Apply { .. } => Vec::new(),
        Op::List(slots) => slots.clone(),
        Op::Map(entries) => entries.iter().flat_map(|(name, value)| [*name, *value]).collect(),
        Op::Struct(fields) => fields.iter().map(|(_, slot)| *slot).collect(),
        Op::Builtin(builtin) => builtin.args.clone(),
        Op::Call { callee, .. } => vec![*callee],
        Op::If { condition, .. } => vec![*condition],
        Op::Except { primary, .. } => vec![*primary],
    }
}
