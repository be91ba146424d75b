//! The session: one loop that sees everything that happens.
//!
//! It owns the running program, the plan and the engine. Values of what the program follows become changes of the set of
//! resources, those become changes of the graph, and those the engine turns into actions, which are executed here.

use crate::compile::{Compiled, compile};
use crate::discovery::{self, Discovered};
use crate::editing::{Editing, at};
use crate::ended::{Ended, Remains, failures};
use crate::execute::Executor;
use crate::exports::Exports;
use crate::holds::Holds;
use crate::interrupts::Interrupts;
use crate::machine::Machine;
use crate::observer::{Observer, ProgramEvent};
use crate::program::{Computed, RunningProgram};
use crate::refreshes::{self, LeftBehind, Refreshes};
use crate::resting::Resting;
use crate::siblings::Managed;
use crate::sources::SourceEvent;
use crate::state::StateDirectory;
use crate::undo::Undos;
use crate::watches::Homes;
use crate::{Error, Settings, catalog};
use diag::Diagnostic;
use engine::{Action, Engine, Event, Mode, Report, State, Time};
use plan::{GraphChange, Plan, VertexId};
use resource::{Change, Desired, Key, Outcome, Report as Step, Watch};
use rustc_hash::FxHashMap;
use span::SourceMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What tasks tell the session.
#[derive(Debug)]
pub(crate) enum Message {
    /// A run has begun to change the machine.
    Applying { vertex: VertexId, attempt: u32 },
    /// A step is about to be taken.
    Step { key: Key, step: Step },
    /// A resource shows a line.
    Shown { source: String, text: String },
    /// A run has ended.
    Finished { vertex: VertexId, attempt: u32, key: Key, result: Result<Outcome, resource::Error> },
    /// What undoes a resource was kept.
    UndoKept(Desired),
    /// What resources that are new bring beside what they say.
    New(Discovered),
    /// The same of resources that were worked on.
    Discovered(Discovered),
    /// Something that was waited for has come, or will not.
    Released,
    /// The files of the program are compiled again; nothing where that ended in a panic.
    Compiled(Option<Box<Compiled>>),
}

/// The queue of what tasks tell. It is one, so what a run tells comes in the order in which it was told.
type Messages = (mpsc::UnboundedSender<Message>, mpsc::UnboundedReceiver<Message>);

/// Works on a compiled program until it is done or stopped.
///
/// # Errors
/// Where the machine cannot be worked on. What is wrong with the program or with resources is told to the observer.
pub async fn work(settings: &Settings, compiled: Compiled, observer: &mut dyn Observer) -> Result<Ended, Error> {
    let state = StateDirectory::take(&settings.state).await?;
    let messages: Messages = mpsc::unbounded_channel();
    let shown = messages.0.clone();
    // Without a receiver the session has ended, and nobody looks.
    let show: host::Show = Arc::new(move |source, text| {
        _ = shown.send(Message::Shown { source: source.to_owned(), text: text.to_owned() });
    });
    let machine = Machine::open(settings, &state, show)?;
    let mut session = Session::new(settings, &state, machine, messages, observer)?;
    session.read(&compiled);
    session.begin(compiled);
    Ok(session.run().await)
}

struct Session<'a> {
    settings: &'a Settings,
    observer: &'a mut dyn Observer,
    machine: Machine,
    engine: Engine,
    plan: Plan,
    program: Option<RunningProgram>,
    executor: Executor,
    managed: Managed,
    refreshes: Refreshes,
    /// Writes those.
    writer: refreshes::Writer,
    /// What was worked on since actions were executed last, and owes nobody a notification.
    settled: Vec<Key>,
    undos: Undos,
    exports: Exports,
    /// How many times resources that are new were asked what more they bring, and have not answered: nothing that the
    /// program states is published before they have.
    asking: usize,
    /// What else is still to come: what is on its way into the store, and what is looked at again.
    holds: Holds,
    /// Whether resources may have kept or shared something that the program has not looked at since. Only where there is
    /// an end to it: otherwise it is told in time.
    unseen: bool,
    /// How often in a row looking at it led to other resources.
    looks: usize,
    /// Whether the set of resources has changed since it was looked at.
    is_stirred: bool,
    /// What the engine was told last: whether more changes are about to come.
    busy: Option<bool>,
    /// What the program computed last, without its values.
    computing: Computing,
    /// Vertices whose watches were not armed yet, with the generation that the engine knows them by.
    arming: FxHashMap<VertexId, u32>,
    /// Vertices with watches that can break: of which generation they are.
    fallible: FxHashMap<VertexId, u32>,
    /// What they watch in home folders.
    homes: Homes,
    /// Vertices that look again when what they watch has come to rest.
    resting: Resting,
    messages: Messages,
    values: (mpsc::UnboundedSender<SourceEvent>, mpsc::UnboundedReceiver<SourceEvent>),
    actions: Vec<Action>,
    began: Instant,
    wake: Option<Instant>,
    interrupts: u32,
    /// When the next rung is climbed by itself, after a request to terminate.
    climb: Option<Instant>,
    asked: Option<i32>,
    failing: bool,
    waiting: bool,
    stopped: bool,
    ended: Option<Box<Report>>,
    editing: Editing,
}

/// How the program stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Computing {
    Settled,
    Waiting,
    Failing,
}

/// How long a request to terminate waits before it becomes more urgent.
const RUNG: Duration = Duration::from_secs(15);

/// How often in a row other resources come of what resources make, keep or share, until the program is taken for one that
/// never comes to rest.
const MOST_LOOKS: usize = 100;

/// How many messages are taken before everything else that may have happened gets its turn.
const BATCH: usize = 256;

impl<'a> Session<'a> {
    fn new(
        settings: &'a Settings,
        state: &StateDirectory,
        machine: Machine,
        messages: Messages,
        observer: &'a mut dyn Observer,
    ) -> Result<Session<'a>, Error> {
        let mut engine = Engine::new(settings.engine.clone());
        let left = LeftBehind::load(state.path());
        let (refreshes, writer) = Refreshes::new(state.path(), Arc::clone(&machine.host.files), &left);
        engine.restore(left.pending.iter().cloned(), left.begun());
        let undos = Undos::new(state.path());
        let options = plan::Options { autoedge: settings.autoedge, autogroup: settings.autogroup };
        let mut plan = Plan::new(kinds::build, options);
        plan.restore_undos(undos.load());
        let managed = Managed::default();
        let holds = Holds::new(messages.0.clone());
        let exports = Exports::new(machine.world.clone(), settings.engine.noop, holds.clone());
        let executor =
            Executor::new(machine.host.clone(), managed.clone(), undos.clone(), refreshes.clone(), messages.0.clone());
        Ok(Session {
            settings,
            observer,
            machine,
            engine,
            plan,
            program: None,
            executor,
            managed,
            refreshes,
            writer,
            settled: Vec::new(),
            undos,
            exports,
            asking: 0,
            holds,
            unseen: false,
            looks: 0,
            is_stirred: false,
            busy: None,
            computing: Computing::Waiting,
            arming: FxHashMap::default(),
            fallible: FxHashMap::default(),
            homes: Homes::default(),
            resting: Resting::default(),
            messages,
            values: mpsc::unbounded_channel(),
            actions: Vec::new(),
            began: Instant::now(),
            wake: None,
            interrupts: 0,
            climb: None,
            asked: None,
            failing: false,
            waiting: true,
            stopped: false,
            ended: None,
            editing: Editing::default(),
        })
    }

    /// Starts a program in place of the one that runs.
    fn begin(&mut self, compiled: Compiled) {
        self.observer.program(ProgramEvent::Loaded(&compiled.diagnostics, &compiled.texts));
        // What the old program still follows ends with it, and late values of it go to a queue that is gone.
        self.values = mpsc::unbounded_channel();
        let events = self.values.0.clone();
        let (program, computed) = RunningProgram::start(&compiled, self.settings, &self.machine, events);
        self.program = Some(program);
        self.plan.replace_program();
        self.computed(computed);
    }

    async fn run(mut self) -> Ended {
        let mut interrupts = Interrupts::listen();
        let deadline = self.settings.max_runtime.map(|it| self.began + Duration::from_secs(it));
        let mut told = None;
        while self.ended.is_none() {
            self.execute();
            if self.look_again() {
                self.execute();
            }
            if self.ended.is_some() {
                break;
            }
            let load = (self.engine.load(), self.waiting);
            if told.replace(load) != Some(load) {
                self.observer.load(load.0, load.1);
            }
            tokio::select! {
                Some(message) = self.messages.1.recv() => self.messages(message),
                Some(value) = self.values.1.recv() => self.value(value),
                owners = self.machine.events.next() => {
                    self.watches_failed();
                    owners.into_iter().for_each(|owner| self.fired(owner));
                }
                () = at(self.wake) => self.step(Event::Woken),
                () = at(self.resting.due()) => self.rested(),
                terminate = interrupts.next() => self.interrupt(terminate),
                () = at(self.climb) => self.interrupt(true),
                () = at(deadline.filter(|_| self.interrupts < 3)) => self.time_is_up(),
                () = self.editing.wanted() => self.compile(),
            }
        }
        self.writer.finish(self.refreshes).await;
        self.machine.candidacies.finish().await;
        let is_durable = self.machine.sync().await;
        let report = self.ended.map(|it| *it).unwrap_or_default();
        self.observer.ended(&report);
        let view = || self.plan.view_with(|vertex| self.engine.received(vertex));
        let graph = self.settings.wants_graph.then(view);
        let texts = self.program.as_ref().map(|it| Arc::clone(&it.texts)).unwrap_or_default();
        let failures = failures(&self.engine);
        Ended {
            report,
            asked: self.asked,
            failing: self.failing,
            waiting: self.waiting,
            stopped: self.stopped,
            unpublished: self.exports.finish().await,
            is_durable,
            graph,
            failures,
            texts,
            remains: Remains::new(self.plan, self.engine),
        }
    }

    fn now(&self) -> Time {
        Time(u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    fn step(&mut self, event: Event) {
        let now = self.now();
        self.engine.step(now, event, &mut self.actions);
    }

    /// Executes what the engine wants.
    fn execute(&mut self) {
        // An action can lead to an event, and that to further actions.
        let mut actions = std::collections::VecDeque::from(std::mem::take(&mut self.actions));
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Watch { vertex, generation, watches } => self.watch(vertex, generation, &watches),
                Action::Unwatch { vertex } => {
                    self.arming.remove(&vertex);
                    self.fallible.remove(&vertex);
                    self.hold_back(vertex, false);
                    self.homes.disarm(&self.machine, vertex);
                }
                Action::Run(run) => {
                    let planned = self.engine.planned(run.vertex);
                    // Where everything is done once, edges of what is done already would change nothing.
                    let lasting = planned.filter(|_| self.settings.engine.mode == Mode::Run && self.settings.autoedge);
                    let asked = lasting.map(|it| discovery::of_vertex(it, &self.machine.host)).unwrap_or_default();
                    self.executor.begin(*run, asked);
                }
                Action::Cancel { vertex, attempt, urgency } => self.executor.cancel(vertex, attempt, urgency),
                Action::WakeAt(time) => self.wake = time.map(|it| self.began + Duration::from_nanos(it.0)),
                Action::Status { vertex, state } => {
                    let key = |vertex| self.engine.planned(vertex).map(|planned| &planned.key);
                    if let Some(resource) = key(vertex) {
                        let by = if let State::Blocked { by } = state { key(by) } else { None };
                        self.observer.status(resource, &state, by);
                    }
                }
                Action::Gone { key, .. } => {
                    if !self.plan.states(&key) {
                        self.machine.candidacies.left(&key, self.holds.hold());
                        self.may_be_news();
                    }
                    self.machine.host.memory.forget(&key.kind, &key.name);
                    self.settled.push(key);
                }
                Action::Refresh { from, to, pending } => self.refreshes.set(from, to, pending),
                Action::Export { vertex, resource } => {
                    self.exports.export(&self.plan, vertex, &*resource);
                    self.may_be_news();
                }
                Action::Withdraw { vertex, key } => {
                    self.exports.withdraw(&self.plan, vertex, key);
                    self.may_be_news();
                }
                Action::Undone { key } => self.undone(&key),
                Action::Converged(converged) => {
                    if converged && !self.settings.engine.noop {
                        self.forget_unclaimed();
                    }
                    self.observer.converged(converged);
                }
                Action::Exit(report) => self.ended = Some(report),
            }
            actions.extend(self.actions.drain(..));
        }
        // What they notify is remembered by now.
        for key in self.settled.drain(..) {
            self.refreshes.finished(&key);
        }
    }

    /// Notifications of an earlier life that nobody states any more.
    fn forget_unclaimed(&mut self) {
        let (notifications, begun) = self.engine.forget_unclaimed();
        for (from, to) in notifications {
            self.refreshes.set(from, to, false);
        }
        self.settled.extend(begun);
    }

    /// Arms watches. All but timers signal as soon as they are armed, and the first signal is the answer.
    fn watch(&mut self, vertex: VertexId, generation: u32, watches: &[Watch]) {
        // What is new has no watches to be taken back.
        if generation > 1 {
            self.homes.disarm(&self.machine, vertex);
        }
        self.homes.arm(&self.machine, vertex, watches);
        if watches.iter().any(|watch| matches!(watch, Watch::Lines(_))) {
            self.fallible.insert(vertex, generation);
        } else {
            self.fallible.remove(&vertex);
        }
        let does = self.engine.planned(vertex).is_some_and(|planned| !planned.resource.is_verified());
        let is_of_files = |watch: &Watch| matches!(watch, Watch::Path(_) | Watch::Folder(_) | Watch::Tree(_));
        self.hold_back(vertex, does && watches.iter().any(is_of_files));
        if watches.iter().all(|watch| matches!(watch, Watch::Timer(_))) {
            self.step(Event::Watching { vertex, generation });
        } else {
            self.arming.insert(vertex, generation);
        }
    }

    /// Takes a message, and those that are there by then: going back to waiting for everything costs more than most
    /// messages do.
    fn messages(&mut self, first: Message) {
        self.message(first);
        for _ in 0..BATCH {
            self.execute();
            if self.ended.is_some() {
                break;
            }
            let Ok(message) = self.messages.1.try_recv() else { break };
            self.message(message);
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Applying { vertex, attempt } => {
                self.may_be_news();
                self.step(Event::Applying { vertex, attempt });
            }
            Message::Step { key, step } => self.observer.step(&key, &step),
            Message::UndoKept(undo) => {
                let change = self.plan.keep_undo(undo);
                if !change.is_empty() {
                    self.managed.change(&change);
                    self.step(Event::GraphChanged(change));
                }
            }
            Message::Released => {
                // What was looked at again is there by now.
                self.values(Vec::new());
                self.holds.released();
                self.tell_busy();
            }
            Message::Compiled(compiled) => {
                self.editing.finished();
                match compiled {
                    Some(compiled) => self.edited(*compiled),
                    None => {
                        tracing::error!("The edited program makes the compiler fail: going on with the one before it");
                    }
                }
            }
            Message::New(found) => {
                self.asking -= 1;
                found.into_iter().for_each(|(key, found)| _ = self.plan.discovered(&key, found));
                self.publish();
            }
            Message::Discovered(found) => {
                let news = found.into_iter().filter(|(key, found)| self.plan.discovered(key, found.clone())).count();
                if news > 0 {
                    self.publish();
                }
            }
            Message::Shown { source, text } => self.observer.shown(&source, &text),
            Message::Finished { vertex, attempt, key, result } => {
                if !self.executor.ended(vertex, attempt) {
                    return;
                }
                // Before the engine hears of it: it may be done then.
                if self.machine.exit.has_changed().is_ok_and(|it| it) {
                    self.asked_to_exit();
                }
                if let Ok(outcome) = &result {
                    self.observer.finished(&key, outcome);
                }
                self.step(Event::Finished { vertex, attempt, result });
                if !self.engine.is_unnotified(vertex) {
                    self.settled.push(key);
                }
            }
        }
    }

    /// Takes a value, and with it all that are there.
    fn value(&mut self, value: SourceEvent) {
        self.values(vec![value]);
    }

    fn values(&mut self, mut batch: Vec<SourceEvent>) {
        while let Ok(value) = self.values.1.try_recv() {
            batch.push(value);
        }
        if let Some(program) = self.program.as_mut().filter(|_| !batch.is_empty()) {
            let computed = program.update(batch);
            self.computed(computed);
        }
    }

    fn computed(&mut self, computed: Computed) {
        match computed {
            Computed::Waiting => {
                self.computing = Computing::Waiting;
                self.tell_busy();
            }
            Computed::Failing(diagnostics) => {
                self.computing = Computing::Failing;
                self.failing(&diagnostics);
            }
            Computed::Settled(changes) => {
                self.computing = Computing::Settled;
                self.changed(changes);
            }
        }
    }

    fn changed(&mut self, changes: Vec<Change>) {
        self.is_stirred |= !changes.is_empty();
        self.plan.prepare(changes);
        let host = &self.machine.host;
        let asked = discovery::new_in(&mut self.plan, host);
        if asked.is_empty() {
            return self.publish();
        }
        self.asking += 1;
        let (host, answers) = (host.clone(), self.messages.0.clone());
        tokio::spawn(async move {
            // Without a receiver the session has ended, and nobody wants to know.
            _ = answers.send(Message::New(discovery::ask(asked, host).await));
        });
        self.tell_busy();
    }

    /// Publishes what the program states, unless some of it is still to say what it brings.
    fn publish(&mut self) {
        if self.asking > 0 {
            return;
        }
        match self.plan.commit() {
            Ok(planned) => {
                if std::mem::take(&mut self.waiting) {
                    self.exports.withdraw_others(&self.plan);
                    // Before the engine sees what is stated: it may find nothing to do, and all that is exported is news.
                    self.may_be_news();
                }
                for warning in &planned.warnings {
                    tracing::warn!("{warning}");
                }
                if self.computing != Computing::Failing && std::mem::take(&mut self.failing) {
                    self.observer.program(ProgramEvent::Recovered);
                }
                self.managed.change(&planned.change);
                for key in &planned.to_stay {
                    self.forget_undo(key);
                }
                let automatic = automatic_edges(&planned.change);
                self.step(Event::GraphChanged(planned.change));
                for (from, to) in automatic {
                    if let (Some(from), Some(to)) = (self.engine.planned(from), self.engine.planned(to)) {
                        tracing::debug!("automatic edge {} -> {}", from.key, to.key);
                    }
                }
                self.tell_busy();
            }
            Err(problems) => {
                let problems = match &self.program {
                    Some(program) => program.problems(problems),
                    None => problems,
                };
                self.failing(&problems);
            }
        }
    }

    /// The program has no set of resources that could be worked on: the last good one stays.
    fn failing(&mut self, diagnostics: &[Diagnostic]) {
        self.failing = true;
        let texts = self.texts();
        self.observer.program(ProgramEvent::Failing(diagnostics, &texts));
        if self.settings.engine.exit_when_converged {
            // It is done once, and this cannot be done: what runs is finished.
            self.interrupts = 1;
            self.step(Event::Interrupt);
        } else {
            self.tell_busy();
        }
    }

    /// Events of a vertex are held back from now on, or no more: then nobody waits for one.
    fn hold_back(&mut self, vertex: VertexId, is_held_back: bool) {
        self.resting.hold_back(vertex, is_held_back);
        self.tell_busy();
    }

    /// Tells the engine whether more changes are about to come, where that is new.
    fn tell_busy(&mut self) {
        let busy = self.is_computing() || self.holds.any() || self.unseen || self.resting.due().is_some();
        if self.busy.replace(busy) != Some(busy) {
            self.step(Event::ProgramBusy(busy));
        }
    }

    fn is_computing(&self) -> bool {
        self.asking > 0 || self.computing == Computing::Waiting
    }

    /// Something was changed that the program may follow: it is not over before that was looked at.
    fn may_be_news(&mut self) {
        let follows = self.program.as_ref().is_some_and(RunningProgram::follows_resources);
        if follows && self.settings.engine.exit_when_converged {
            self.unseen = true;
            self.tell_busy();
        }
    }

    /// Has the program look at what resources make, keep or share, when nothing else is to be done: once for all that they
    /// did.
    fn look_again(&mut self) -> bool {
        if !self.unseen || self.is_computing() || self.holds.any() || !self.engine.is_quiet() {
            return false;
        }
        self.unseen = false;
        self.looks = if std::mem::take(&mut self.is_stirred) { self.looks + 1 } else { 0 };
        if self.looks > MOST_LOOKS {
            tracing::error!(
                "What resources make, keep or share leads to other resources again and again: it never comes to rest"
            );
        } else if let Some(program) = &self.program {
            program.look_again(&self.holds);
        }
        self.tell_busy();
        true
    }

    fn texts(&self) -> Arc<SourceMap> {
        self.program.as_ref().map(|it| Arc::clone(&it.texts)).unwrap_or_default()
    }

    fn watches_failed(&mut self) {
        for (owner, message) in self.machine.watcher.failures() {
            let vertex = VertexId(owner);
            if let Some(generation) = self.fallible.remove(&vertex) {
                self.arming.remove(&vertex);
                self.step(Event::WatchFailed { vertex, generation, message });
            }
        }
    }

    fn fired(&mut self, owner: u64) {
        if self.machine.signals.tell(owner) {
            return;
        }
        let vertex = VertexId(owner);
        self.homes.fired(&self.machine, vertex);
        match self.arming.remove(&vertex) {
            Some(generation) => {
                if self.arming.is_empty() {
                    // At the start it held all there are.
                    self.arming.shrink_to_fit();
                }
                self.step(Event::Watching { vertex, generation });
            }
            None if self.resting.fired(vertex, Instant::now()) => self.tell_busy(),
            None => self.step(Event::WatchFired { vertex }),
        }
    }

    /// Something has come to rest that was watched.
    fn rested(&mut self) {
        for vertex in self.resting.take(Instant::now()) {
            self.step(Event::WatchFired { vertex });
        }
        self.tell_busy();
    }

    /// A resource wants it all to end.
    fn asked_to_exit(&mut self) {
        self.asked = *self.machine.exit.borrow_and_update();
        self.interrupts += 1;
        self.step(Event::Interrupt);
    }

    fn interrupt(&mut self, terminate: bool) {
        let options = &self.settings.engine;
        // Stopped for another reason already, a request to stop changes nothing.
        self.stopped |= self.interrupts == 0 && options.mode == Mode::Run && !options.exit_when_converged;
        self.interrupts += 1;
        self.observer.interrupted(self.interrupts);
        // Whoever asks with a signal is often not there to ask again.
        self.climb = (terminate && self.interrupts < 3).then(|| Instant::now() + RUNG);
        self.step(Event::Interrupt);
    }

    /// The longest time is over: everything is stopped, the harder the longer it takes.
    fn time_is_up(&mut self) {
        while self.interrupts < 3 {
            self.interrupts += 1;
            self.step(Event::Interrupt);
        }
    }

    fn forget_undo(&self, key: &Key) {
        if let Err(error) = self.undos.forget(&*self.machine.host.files, key) {
            tracing::error!(%key, error = error.chain(), "What undoes a resource cannot be forgotten");
        }
    }

    fn undone(&mut self, key: &Key) {
        self.forget_undo(key);
        let change = self.plan.forget_undo(key);
        self.managed.change(&change);
        self.step(Event::GraphChanged(change));
    }

    /// Takes note of the files that a program is made of. Answers whether they say anything new.
    fn read(&mut self, compiled: &Compiled) -> bool {
        self.editing.compiled(compiled, self.settings.follow_edits.then_some(&self.machine.signals))
    }

    /// Compiles the files of the program, beside everything else that goes on: modules may have to be downloaded.
    fn compile(&self) {
        let (settings, answers) = (self.settings.clone(), self.messages.0.clone());
        tokio::spawn(async move {
            let compiled = tokio::task::spawn_blocking(move || compile(&settings, catalog())).await;
            // Without a receiver the session has ended, and nobody wants to know.
            _ = answers.send(Message::Compiled(compiled.ok().map(Box::new)));
        });
    }

    /// Takes up an edited program, where it is one.
    fn edited(&mut self, compiled: Compiled) {
        let is_new = self.read(&compiled);
        if !compiled.is_ok() {
            if is_new {
                self.observer.program(ProgramEvent::Refused(&compiled.diagnostics, &compiled.texts));
            }
        } else if !compiled.same_texts(&self.texts()) {
            self.begin(compiled);
        }
    }
}

/// The automatic edges that are new, where anybody wants to read about them.
fn automatic_edges(change: &GraphChange) -> Vec<(VertexId, VertexId)> {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return Vec::new();
    }
    change.linked.iter().filter(|(_, _, link)| link.automatic).map(|(from, to, _)| (*from, *to)).collect()
}
