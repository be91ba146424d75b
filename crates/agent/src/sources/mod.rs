//! What functions follow, for real: each [`Source`] as a task that sends values.
//!
//! A subscription is a task; ending it drops the task, and with it whatever it has open. Values go to one queue, tagged by
//! subscription, and the runtime ignores late ones.

mod delay;
mod facts;
mod interfaces;
mod machine;
mod mirror;
mod program;
mod shared;
mod time;

use crate::holds::{Hold, Holds};
use crate::signals::{Signal, Signals};
use reactive::{StreamId, Subscription};
use resource::Host;
use schema::Source;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::World;
use store::schedule::Rules;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use value::{Failure, Value};

/// A value or failure of a subscription.
pub(crate) type SourceEvent = (StreamId, Result<Value, Failure>);

/// What sources look at.
#[derive(Clone)]
pub(crate) struct Surroundings {
    /// The machine.
    pub(crate) host: Host,
    /// Tells when files change.
    pub(crate) signals: Signals,
    /// Programs that run for a long time.
    pub(crate) processes: Arc<host::LinuxProcesses>,
    /// What hosts share.
    pub(crate) world: World,
    /// Values, numbers and folders of this host.
    pub(crate) local: Arc<host::LocalStore>,
    /// The files of the program itself.
    pub(crate) files: project::ProgramFiles,
    /// The command line: the name of the program and what the user gave it.
    pub(crate) arguments: Arc<[String]>,
}

/// All subscriptions of a program.
pub(crate) struct Sources {
    surroundings: Surroundings,
    events: mpsc::UnboundedSender<SourceEvent>,
    running: BTreeMap<StreamId, Running>,
    /// By which those are asked to look again that follow what resources make, keep or share.
    asks: BTreeMap<StreamId, mpsc::UnboundedSender<Hold>>,
}

/// A subscription: a task, or a delay line, which goes on when the next sample replaces it.
enum Running {
    Task { _task: Task },
    Delay(delay::Delay),
}

/// A task that ends when this is dropped.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What asks a source that follows what resources make, keep or share to look again: it has to be told of nothing then to be up
/// to date.
#[derive(Default)]
struct Again {
    /// `None` where nobody asks.
    asks: Option<mpsc::UnboundedReceiver<Hold>>,
    /// Who waits for what the source sends next.
    held: Vec<Hold>,
}

impl Again {
    /// Waits until something has happened, and says what, or until the source is asked to look again. What it has sent
    /// until now is the answer to what it was asked before.
    async fn or<T>(&mut self, happens: impl Future<Output = T>) -> Option<T> {
        self.held.clear();
        tokio::select! {
            happened = happens => Some(happened),
            hold = asked(&mut self.asks) => {
                self.held.push(hold);
                None
            }
        }
    }
}

impl Again {
    /// The same for something on the machine, which is looked at when it has come to rest after a change.
    async fn or_rests(&mut self, signal: &Signal) {
        if self.or(signal.changed()).await.is_some() {
            signal.rests().await;
        }
    }
}

/// The next one who asks, if ever.
async fn asked(asks: &mut Option<mpsc::UnboundedReceiver<Hold>>) -> Hold {
    let asked = match asks {
        Some(asks) => asks.recv().await,
        None => None,
    };
    match asked {
        Some(hold) => hold,
        None => std::future::pending().await,
    }
}

/// Where a source sends its values.
#[derive(Clone)]
struct Outlet {
    id: StreamId,
    events: mpsc::UnboundedSender<SourceEvent>,
    last: Arc<Mutex<Option<Result<Value, Failure>>>>,
}

impl Outlet {
    /// Sends a value, unless it is the one that was sent last.
    fn send(&self, value: Result<Value, Failure>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() != Some(&value) {
            *last = Some(value.clone());
            // Without a receiver the program has ended, and this task is about to be dropped.
            _ = self.events.send((self.id, value));
        }
    }

    fn value(&self, value: Value) {
        self.send(Ok(value));
    }
}

impl Sources {
    /// No subscriptions yet; their values will go to the queue.
    pub(crate) fn new(surroundings: Surroundings, events: mpsc::UnboundedSender<SourceEvent>) -> Sources {
        Sources { surroundings, events, running: BTreeMap::new(), asks: BTreeMap::new() }
    }

    /// Begins and ends subscriptions.
    pub(crate) fn change(&mut self, begin: Vec<Subscription>, end: &[StreamId]) {
        for subscription in begin {
            let id = subscription.id;
            let before = subscription.replaces.and_then(|it| self.running.remove(&it));
            let running = self.begin(subscription, before);
            self.running.insert(id, running);
        }
        for id in end {
            self.running.remove(id);
            self.asks.remove(id);
        }
    }

    /// Has what resources make, keep or share looked at again, and holds until the values are in the queue.
    pub(crate) fn look_again(&self, holds: &Holds) {
        for asks in self.asks.values() {
            // A task that has ended has nothing to say: the hold is dropped.
            _ = asks.send(holds.hold());
        }
    }

    /// Whether anything is followed that resources make, keep or share.
    pub(crate) fn follows_resources(&self) -> bool {
        !self.asks.is_empty()
    }

    fn begin(&mut self, subscription: Subscription, before: Option<Running>) -> Running {
        let outlet = Outlet { id: subscription.id, events: self.events.clone(), last: Arc::new(Mutex::new(None)) };
        if let Source::Delayed { by, value } = subscription.source {
            return Running::Delay(match before {
                Some(Running::Delay(mut delay)) if delay.by() == by => {
                    delay.next(value, outlet);
                    delay
                }
                _ => delay::Delay::begin(by, value, outlet),
            });
        }
        let mut again = Again::default();
        if is_of_resources(&subscription.source) {
            let (asks, received) = mpsc::unbounded_channel();
            self.asks.insert(subscription.id, asks);
            again.asks = Some(received);
        }
        let follow = follow(self.surroundings.clone(), subscription.source, again, outlet);
        Running::Task { _task: Task(tokio::spawn(follow)) }
    }
}

/// Whether resources make, keep or share what a source follows.
fn is_of_resources(source: &Source) -> bool {
    matches!(
        source,
        Source::File(_)
            | Source::FileExists(_)
            | Source::FilesExist(_)
            | Source::Account(_)
            | Source::Local { .. }
            | Source::Response(_)
            | Source::StoreValue(_)
            | Source::StoreMap(_)
            | Source::Schedule { .. }
            | Source::Exports { .. }
    )
}

/// Follows a source as long as it is polled.
async fn follow(around: Surroundings, source: Source, mut again: Again, outlet: Outlet) {
    match source {
        Source::Once(value) => outlet.value(value),
        Source::Clock { every } => time::clock(&around, every, &outlet).await,
        Source::Midnight => time::midnight(&around, &outlet).await,
        Source::Later { after, value } => time::later(after, value, &outlet).await,
        Source::Cycle { every, values } => time::cycle(every, &values, &outlet).await,
        Source::Sequence { every, values } => time::sequence(every, values, &outlet).await,
        Source::Count => time::count(&outlet).await,
        Source::File(path) => machine::file(&around, &path, &mut again, &outlet).await,
        Source::FileExists(path) => machine::file_exists(&around, &path, &mut again, &outlet).await,
        Source::FilesExist(paths) => machine::files_exist(&around, &paths, &mut again, &outlet).await,
        Source::Lines(command) => machine::lines(&around, &command, &outlet).await,
        Source::Account(name) => machine::account(&around, &name, &mut again, &outlet).await,
        Source::Variable(name) => program::variable(&name, &outlet),
        Source::Environment => program::environment(&outlet),
        Source::Arguments => program::arguments(&around, &outlet),
        Source::Executable => program::executable(&outlet),
        Source::Random { length } => program::random(length, &outlet),
        Source::RandomBits => program::random_bits(&outlet),
        Source::WorkingFolder => program::working_folder(&outlet),
        Source::Process => program::process(&outlet),
        Source::Command(name) => machine::command(&name, &outlet),
        Source::Link(path) => machine::link(&path, &outlet),
        Source::ResolvedPath(path) => machine::resolved_path(&path, &outlet),
        Source::ProgramFile(path) => program::file(&around, &path, &outlet),
        Source::ProgramFileExists(path) => program::file_exists(&around, &path, &outlet),
        Source::ProgramFolder(path) => program::folder(&around, path, &outlet).await,
        Source::Folder(path) => program::private_folder(&around, &path, &outlet),
        Source::Pool { namespace, id } => program::pool(&around, &namespace, &id, &outlet),
        Source::Fact(fact) => facts::follow(&around, fact, &outlet).await,
        Source::Local { key } => shared::local(&around, &key, &mut again, &outlet).await,
        Source::Response(name) => shared::response(&around, &name, &mut again, &outlet).await,
        Source::StoreValue(key) => shared::store_value(&around, &key, &mut again, &outlet).await,
        Source::StoreMap(namespace) => shared::store_map(&around, &namespace, &mut again, &outlet).await,
        Source::Schedule { namespace, strategy, max } => {
            shared::schedule(&around, &namespace, Rules { strategy, max }, &mut again, &outlet).await;
        }
        Source::Exports { kind, filter } => shared::exports(&around, &kind, filter, &mut again, &outlet).await,
        Source::Delayed { value, .. } => outlet.value(value),
    }
}

/// A failure that nothing catches.
fn fatal(message: impl Into<String>) -> Result<Value, Failure> {
    Err(Failure::fatal(message.into()))
}
