//! A world under a virtual clock: it does what the engine's actions say, as a script has it, and reports back.
//!
//! **Invariants it checks itself, at every action:** a vertex has one run at a time and so has a key; nothing begins before
//! its watches are armed, or while an ancestor is dirty, running or failed; no semaphore and no bound on runs is exceeded;
//! nothing follows the end. Whoever is to be notified is so by its next run, as long as the edge is there.

use engine::{Action, Engine, Event, Mode, Options, Report, Run, State, Time};
use plan::{Delivery, GraphChange, Link, Member, Planned, Role, VertexId};
use resource::host::Urgency;
use resource::{AnyResource, Error, Fields, Key, Kind, Meta, Outcome, Report as Step, Transfer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use testkit::kinds::{Mute, Sends, Thing};
use value::{ToValue, Value};

/// How one resource behaves.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    /// How long a run takes.
    pub(crate) takes: Duration,
    /// How long it takes to arm the watches.
    pub(crate) arms: Duration,
    /// So many of the next runs fail.
    pub(crate) fails: u32,
    /// So many of the next armings fail.
    pub(crate) breaks: u32,
    /// What the machine holds.
    pub(crate) holds: Option<String>,
    /// What has to be said to make a run stop: `None` where nothing does.
    pub(crate) heeds: Option<Urgency>,
    /// Sends nothing.
    pub(crate) mute: bool,
    /// Runs that fail or are interrupted have begun to change something.
    pub(crate) begins: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour {
            takes: Duration::ZERO,
            arms: Duration::ZERO,
            fails: 0,
            breaks: 0,
            holds: Some(String::new()),
            heeds: Some(Urgency::Soon),
            mute: false,
            begins: false,
        }
    }
}

struct Going {
    run: Box<Run>,
    /// What the end is filed under, to be found when the run is cancelled.
    ends: (Time, u64),
    semaphores: Vec<String>,
    interrupted: bool,
    /// The notifications that it was told of.
    taken: BTreeSet<(VertexId, VertexId)>,
}

/// What will happen unless it is cancelled.
enum Coming {
    Event(Event),
    End(VertexId),
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now: Time,
    pub(crate) log: Vec<String>,
    pub(crate) behaviours: BTreeMap<String, Behaviour>,
    pub(crate) names: BTreeMap<VertexId, String>,
    pub(crate) report: Option<Report>,
    pub(crate) converged: bool,
    /// How many runs ended well, by name.
    pub(crate) good_runs: BTreeMap<String, u32>,
    options: Options,
    ids: BTreeMap<String, VertexId>,
    staged: GraphChange,
    edges: BTreeMap<(VertexId, VertexId), Link>,
    /// Every vertex there ever was, as it was stated last.
    planned: BTreeMap<VertexId, Arc<Planned>>,
    coming: BTreeMap<(Time, u64), Coming>,
    wake: Option<Time>,
    running: BTreeMap<VertexId, Going>,
    armed: BTreeSet<VertexId>,
    generations: BTreeMap<VertexId, u32>,
    serial: u64,
    steps: u32,
    /// What has changed since it notified others.
    changed: BTreeSet<VertexId>,
    /// Who goes on with the resource of a vertex that is gone, or ends its last run.
    heirs: BTreeMap<VertexId, VertexId>,
    /// Notifications that were not acted on.
    pub(crate) owed: BTreeSet<(VertexId, VertexId)>,
}

impl World {
    pub(crate) fn new(options: Options) -> World {
        World {
            engine: Engine::new(options.clone()),
            now: Time(0),
            log: Vec::new(),
            behaviours: BTreeMap::new(),
            names: BTreeMap::new(),
            report: None,
            converged: false,
            good_runs: BTreeMap::new(),
            options,
            ids: BTreeMap::new(),
            staged: GraphChange::default(),
            edges: BTreeMap::new(),
            planned: BTreeMap::new(),
            coming: BTreeMap::new(),
            wake: None,
            running: BTreeMap::new(),
            armed: BTreeSet::new(),
            generations: BTreeMap::new(),
            serial: 0,
            steps: 0,
            changed: BTreeSet::new(),
            heirs: BTreeMap::new(),
            owed: BTreeSet::new(),
        }
    }

    pub(crate) fn behaviour(&mut self, name: &str) -> &mut Behaviour {
        self.behaviours.entry(name.to_owned()).or_default()
    }

    pub(crate) fn id(&self, name: &str) -> Option<VertexId> {
        self.ids.get(name).copied()
    }

    pub(crate) fn stated_names(&self) -> Vec<String> {
        self.ids.keys().cloned().collect()
    }

    /// Stages a vertex. `mute.x` is of the kind that hears and sends nothing.
    pub(crate) fn set(&mut self, name: &str, fields: &[(&str, Value)], meta: Meta, role: Role) {
        let mut fields: Fields = fields.iter().map(|(name, value)| (*name, value.clone())).collect();
        let resource: Arc<dyn AnyResource> = if name.starts_with("mute.") {
            Arc::new(Mute::build(&name.into(), &mut fields).expect("the fields of the script fit"))
        } else {
            Arc::new(Thing::build(&name.into(), &mut fields).expect("the fields of the script fit"))
        };
        self.serial += 1;
        let id = *self.ids.entry(name.to_owned()).or_insert(VertexId(self.serial));
        self.names.insert(id, name.to_owned());
        let key = Key::new("thing", name);
        let planned = Arc::new(Planned { key, resource, meta: Arc::new(meta), members: Vec::new(), role, span: None });
        self.staged.set.push((id, planned));
    }

    /// What was staged last is a group: it has taken others into it.
    pub(crate) fn group(&mut self, members: &[&str]) {
        let Some((_, planned)) = self.staged.set.last_mut() else { return };
        let leader = Member { key: planned.key.clone(), resource: Arc::clone(&planned.resource) };
        let others = members.iter().map(|name| {
            let resource = Thing::build(&(*name).into(), &mut Fields::default()).expect("a name is enough");
            Member { key: Key::new("thing", *name), resource: Arc::new(resource) }
        });
        let members: Vec<Member> = std::iter::once(leader).chain(others).collect();
        let others: Vec<_> = members[1..].iter().map(|it| Arc::clone(&it.resource)).collect();
        let resource = members[0].resource.grouped(&others).expect("all are of one kind");
        *planned = Arc::new(Planned { resource, members, ..Planned::clone(planned) });
    }

    pub(crate) fn remove(&mut self, name: &str) {
        let Some(id) = self.ids.remove(name) else { return };
        self.owed.retain(|(from, to)| *from != id && *to != id);
        for ends in self.edges.keys().filter(|(from, to)| *from == id || *to == id).copied().collect::<Vec<_>>() {
            self.edges.remove(&ends);
            self.staged.unlinked.push(ends);
        }
        // What was staged and never handed over was never there.
        self.staged.linked.retain(|(from, to, _)| *from != id && *to != id);
        let was_there = self.engine.planned(id).is_some();
        self.staged.set.retain(|(staged, _)| *staged != id);
        if was_there {
            self.staged.removed.push(id);
        }
    }

    /// Stages that a group takes up a vertex, which goes. `notify` says of each of its edges whether it notifies from then on.
    pub(crate) fn regroup(&mut self, old: &str, leader: &str, mut notify: impl FnMut() -> bool) {
        let edges: Vec<_> = self.stated_edges().into_iter().filter(|(from, to)| from == old || to == old).collect();
        let (id, owed) = (self.ids[old], self.owed.clone());
        self.remove(old);
        self.set(leader, &[], Meta::default(), Role::Managed);
        self.group(&[old]);
        // So that it has nothing to do by itself, and only notifies for the one it takes up.
        let wanted = self.staged.set.last().map(|(_, planned)| content(&*planned.resource));
        self.behaviour(leader).holds = wanted;
        let heir = self.ids[leader];
        self.heirs.insert(id, heir);
        if self.changed.remove(&id) {
            self.changed.insert(heir);
        }
        for (from, to) in edges {
            let new = |name: String| if name == old { leader.to_owned() } else { name };
            let (from, to) = (new(from), new(to));
            if !self.reaches(&to, &from) {
                let notify = notify();
                self.link(&from, &to, notify, None);
                let to = self.ids[&to];
                if notify && owed.contains(&(id, to)) {
                    self.owed.insert((heir, to));
                    // A run that was told of it acts on it for the heir.
                    if let Some(going) = self.running.get_mut(&to).filter(|it| it.taken.contains(&(id, to))) {
                        going.taken.insert((heir, to));
                    }
                }
            }
        }
    }

    pub(crate) fn link(&mut self, from: &str, to: &str, notify: bool, transfer: Option<Transfer>) {
        let (to, receiver) = to.split_once('/').unwrap_or((to, to));
        let ends = (self.ids[from], self.ids[to]);
        let delivery = transfer.map(|transfer| Delivery { to: Key::new("thing", receiver), transfer });
        let deliveries = delivery.into_iter().collect();
        let link = Link { notify, deliveries, automatic: false };
        if !notify {
            self.owed.remove(&ends);
        }
        self.edges.insert(ends, link.clone());
        self.staged.linked.push((ends.0, ends.1, link));
    }

    pub(crate) fn unlink(&mut self, from: &str, to: &str) {
        let ends = (self.ids[from], self.ids[to]);
        self.edges.remove(&ends);
        self.owed.remove(&ends);
        self.staged.linked.retain(|(from, to, _)| (*from, *to) != ends);
        self.staged.unlinked.push(ends);
    }

    pub(crate) fn stated_edges(&self) -> Vec<(String, String)> {
        self.edges.keys().map(|(from, to)| (self.name(*from), self.name(*to))).collect()
    }

    pub(crate) fn stated_content(&self, name: &str) -> String {
        content(&*self.planned[&self.ids[name]].resource)
    }

    /// What the machine is to hold: what is stated, or what whoever sends it is to hold.
    pub(crate) fn wanted(&self, name: &str) -> Option<String> {
        let id = self.ids[name];
        let sender = self.edges.iter().find(|((_, to), link)| *to == id && !link.deliveries.is_empty());
        match sender {
            Some(((from, _), _)) => self.wanted(&self.names[from]),
            None => Some(self.stated_content(name)),
        }
    }

    pub(crate) fn receives(&self, name: &str) -> bool {
        let id = self.ids[name];
        self.edges.iter().any(|((_, to), link)| *to == id && !link.deliveries.is_empty())
    }

    /// Whether nothing happens any more unless somebody does something.
    pub(crate) fn is_still(&self) -> bool {
        self.coming.is_empty() && self.wake.is_none()
    }

    /// Whether an edge would close a cycle.
    pub(crate) fn reaches(&self, from: &str, to: &str) -> bool {
        from == to || self.ancestors(self.ids[to]).contains(&self.ids[from])
    }

    /// A resource that is removed and stated again has another vertex; not within one change.
    pub(crate) fn is_staged_for_removal(&self, name: &str) -> bool {
        self.staged.removed.iter().any(|id| self.names[id] == name)
    }

    pub(crate) fn commit(&mut self) {
        let change = std::mem::take(&mut self.staged);
        self.planned.extend(change.set.iter().cloned());
        self.step(Event::GraphChanged(change));
    }

    pub(crate) fn step(&mut self, event: Event) {
        self.steps += 1;
        assert!(
            self.steps < 100_000,
            "it runs in a circle\n{}",
            self.log[self.log.len().saturating_sub(40)..].join("\n")
        );
        let mut actions = Vec::new();
        self.engine.step(self.now, event, &mut actions);
        assert!(actions.is_empty() || self.report.is_none(), "something follows the end: {actions:?}");
        for action in actions {
            assert!(self.report.is_none(), "something follows the end: {action:?}");
            self.take(action);
        }
    }

    /// The watches of a vertex break.
    pub(crate) fn break_watch(&mut self, name: &str) {
        let Some(vertex) = self.id(name) else { return };
        if let Some(generation) = self.generations.get(&vertex).copied() {
            self.armed.remove(&vertex);
            self.step(Event::WatchFailed { vertex, generation, message: "the watch broke".to_owned() });
        }
    }

    /// Lets time pass, doing what comes due.
    pub(crate) fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(at) = self.next().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.tick(at);
        }
        self.now = end;
    }

    /// Lets time pass until nothing comes any more, or it is the end of time.
    pub(crate) fn exhaust(&mut self, limit: Duration) {
        let end = self.now + limit;
        while self.report.is_none()
            && let Some(at) = self.next().filter(|at| *at <= end)
        {
            self.now = self.now.max(at);
            self.tick(at);
        }
    }

    fn next(&self) -> Option<Time> {
        let coming = self.coming.keys().next().map(|(at, _)| *at);
        [coming, self.wake].into_iter().flatten().min()
    }

    fn tick(&mut self, at: Time) {
        let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= at) else {
            self.wake = None;
            return self.step(Event::Woken);
        };
        match entry.remove() {
            Coming::Event(event) => {
                if let Event::Watching { vertex, generation } = &event
                    && self.generations.get(vertex) == Some(generation)
                {
                    self.armed.insert(*vertex);
                }
                self.step(event);
            }
            Coming::End(vertex) => self.end(vertex),
        }
    }

    fn file(&mut self, after: Duration, coming: Coming) -> (Time, u64) {
        self.serial += 1;
        let place = (self.now + after, self.serial);
        self.coming.insert(place, coming);
        place
    }

    pub(crate) fn say(&mut self, line: &str) {
        let seconds = Duration::from_nanos(self.now.0).as_secs_f64();
        self.log.push(format!("{seconds:>6.3} {line}"));
    }

    fn name(&self, vertex: VertexId) -> String {
        self.names[&vertex].clone()
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Watch { vertex, generation, .. } => {
                let name = self.name(vertex);
                self.armed.remove(&vertex);
                self.generations.insert(vertex, generation);
                let behaviour = self.behaviour(&name);
                let arms = behaviour.arms;
                let event = if behaviour.breaks > 0 {
                    behaviour.breaks -= 1;
                    Event::WatchFailed { vertex, generation, message: "cannot watch".to_owned() }
                } else {
                    Event::Watching { vertex, generation }
                };
                self.file(arms, Coming::Event(event));
                if generation > 1 {
                    self.say(&format!("{name}: watch again"));
                }
            }
            Action::Unwatch { vertex } => {
                self.armed.remove(&vertex);
                self.say(&format!("{}: unwatch", self.name(vertex)));
            }
            Action::Run(run) => self.begin(run),
            Action::Cancel { vertex, attempt, urgency } => {
                self.say(&format!("{}: cancel {urgency:?}", self.name(vertex)));
                let name = self.name(vertex);
                let heeds = self.behaviour(&name).heeds.is_some_and(|heeds| urgency >= heeds);
                let going = self.running.get(&vertex).filter(|going| heeds && going.run.attempt == attempt);
                if let Some(ends) = going.map(|going| going.ends) {
                    self.coming.remove(&ends);
                    let ends = self.file(Duration::ZERO, Coming::End(vertex));
                    let going = self.running.get_mut(&vertex).expect("it was just there");
                    (going.ends, going.interrupted) = (ends, true);
                }
            }
            Action::WakeAt(at) => self.wake = at,
            Action::Status { vertex, state } => {
                let name = self.name(vertex);
                match &state {
                    State::Failed { failures, next_try, message } => {
                        let next = next_try
                            .map_or("never".to_owned(), |at| format!("in {} s", at.since(self.now).as_secs_f64()));
                        self.say(&format!("{name}: failed ({failures}): {message}; next try {next}"));
                    }
                    State::Blocked { by } => self.say(&format!("{name}: blocked by {}", self.name(*by))),
                    State::Clean | State::Disabled => self.say(&format!("{name}: {state}")),
                    State::Pending | State::Checking | State::Applying => {}
                }
            }
            Action::Gone { vertex, .. } => {
                self.armed.remove(&vertex);
                self.say(&format!("{}: gone", self.name(vertex)));
            }
            Action::Refresh { from, to, pending } => {
                let what = if pending { "notifies" } else { "has notified" };
                self.say(&format!("{} {what} {}", from.name, to.name));
            }
            Action::Export { vertex, resource } => {
                self.say(&format!("{}: export {:?}", self.name(vertex), resource.fields()[0].1));
            }
            Action::Withdraw { key, .. } => self.say(&format!("{}: withdraw", key.name)),
            Action::Undone { key } => self.say(&format!("{}: undone", key.name)),
            Action::Converged(converged) => {
                self.converged = converged;
                self.say(if converged { "converged" } else { "unconverged" });
            }
            Action::Exit(report) => {
                assert!(self.running.is_empty(), "it ends while something runs");
                self.say(&format!("exit {}", report.exit_code()));
                self.report = Some(*report);
            }
        }
    }

    fn begin(&mut self, run: Box<Run>) {
        let vertex = run.vertex;
        let name = self.name(vertex);
        let planned = Arc::clone(&self.planned[&vertex]);
        assert!(!self.running.contains_key(&vertex), "{name} runs twice at once");
        assert!(
            !self.running.values().any(|it| it.run.resource.name() == name),
            "the key of {name} runs twice at once"
        );
        assert!(self.running.len() < self.options.jobs, "more runs at once than jobs");
        let watched = !run.resource.watches().is_empty() && planned.meta.poll == 0 && planned.role == Role::Managed;
        let must_watch = watched && self.options.mode == Mode::Run;
        assert!(!must_watch || self.armed.contains(&vertex), "{name} begins unwatched");
        for ancestor in self.ancestors(vertex) {
            let state = self.engine.state(ancestor);
            let is_idle = matches!(state, Some(State::Clean | State::Disabled));
            assert!(is_idle, "{name} begins while {} is {state:?}", self.names[&ancestor]);
        }
        for sema in &planned.meta.sema {
            let count: usize = sema.rsplit_once(':').map_or(1, |(_, count)| count.parse().expect("a count"));
            let holding = self.running.values().filter(|it| it.semaphores.contains(sema)).count();
            assert!(holding < count, "more than {count} hold {sema}");
        }
        let mut line = format!("{name}: run {}", run.attempt);
        for (shown, word) in
            [(!run.apply, "noop"), (run.refresh, "refresh"), (run.reverse, "reverse"), (run.notifies, "notifies")]
        {
            if shown {
                line.push(' ');
                line.push_str(word);
            }
        }
        if !run.received.is_empty() {
            let fields: Vec<_> = run.received.iter().cloned().collect();
            line.push_str(&format!(", received {}: {}", fields.join(" "), content(&*run.resource)));
        }
        self.say(&line);
        let taken: BTreeSet<_> = self.owed.iter().filter(|(_, to)| *to == vertex).copied().collect();
        assert!(run.refresh || taken.is_empty(), "{name} is not told who notifies it\n{}", self.log.join("\n"));
        let takes = self.behaviour(&name).takes;
        let ends = self.file(takes, Coming::End(vertex));
        self.running
            .insert(vertex, Going { run, ends, semaphores: planned.meta.sema.clone(), interrupted: false, taken });
    }

    fn end(&mut self, vertex: VertexId) {
        let going = self.running.remove(&vertex).expect("what ends was running");
        let name = self.name(vertex);
        let (run, behaviour) = (going.run, self.behaviours.entry(name.clone()).or_default());
        let begins = behaviour.begins && run.apply;
        let result = if going.interrupted {
            Err(Error::Interrupted)
        } else if behaviour.fails > 0 {
            behaviour.fails -= 1;
            Err(Error::failed("broken"))
        } else {
            let wanted = content(&*run.resource);
            let mut steps = Vec::new();
            for (needed, text) in [
                (behaviour.holds.as_deref() != Some(&wanted), format!("write `{wanted}`")),
                (run.refresh, "refresh".to_owned()),
                (!run.resource.is_verified(), "do it".to_owned()),
            ] {
                if needed {
                    steps.push(Step { text, diff: None, unknown: false, shows_itself: false, only_root: None });
                }
            }
            if run.apply {
                behaviour.holds = Some(wanted.clone());
            }
            let sent = (!behaviour.mute && !name.starts_with("mute."))
                .then(|| Sends { value: wanted, number: 0, secret: None }.to_value());
            let applied = run.apply && !steps.is_empty();
            *self.good_runs.entry(name.clone()).or_default() += 1;
            Ok(Outcome { steps, applied, sent })
        };
        if let Ok(outcome) = &result
            && !outcome.is_clean()
        {
            let steps: Vec<_> = outcome.steps.iter().map(|step| step.text.as_str()).collect();
            let verb = if outcome.applied { "did" } else { "would" };
            self.say(&format!("{name}: {verb} {}", steps.join(", ")));
            self.step(Event::Applying { vertex, attempt: run.attempt });
        }
        if result.is_err() && begins {
            self.say(&format!("{name}: has begun to change something"));
            self.step(Event::Applying { vertex, attempt: run.attempt });
        }
        match &result {
            Ok(outcome) if run.apply => {
                self.owed.retain(|ends| !going.taken.contains(ends));
                if self.changed.remove(&vertex) | !outcome.is_clean() {
                    let notified = self.edges.iter().filter(|((from, _), link)| *from == vertex && link.notify);
                    let hears = |to: &VertexId| self.planned[to].resource.schema().refreshes;
                    self.owed.extend(notified.map(|(ends, _)| *ends).filter(|(_, to)| hears(to)));
                }
            }
            Err(_) if begins => _ = self.changed.insert(vertex),
            _ => {}
        }
        let may_have_changed = result.as_ref().map_or(begins, |outcome| outcome.applied && !outcome.is_clean());
        if let Some(heir) = self.heirs.get(&vertex).filter(|_| may_have_changed) {
            self.changed.insert(*heir);
        }
        self.step(Event::Finished { vertex, attempt: run.attempt, result });
    }

    fn ancestors(&self, of: VertexId) -> BTreeSet<VertexId> {
        let (mut found, mut todo) = (BTreeSet::new(), vec![of]);
        while let Some(at) = todo.pop() {
            for (from, to) in self.edges.keys() {
                if *to == at && found.insert(*from) {
                    todo.push(*from);
                }
            }
        }
        found
    }
}

fn content(resource: &dyn AnyResource) -> String {
    let fields = resource.fields();
    fields.iter().find(|(name, _)| *name == "content").map(|(_, value)| value.to_text()).unwrap_or_default()
}
