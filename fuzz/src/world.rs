//! A world that answers what programs listen to.

use crate::values;
use arbitrary::{Result, Unstructured};
use reactive::{Runtime, Status, StreamId, Tick};
use resource::{Change, StatementId};
use schema::{Fact, Source};
use std::collections::BTreeMap;
use std::sync::Arc;
use value::{Failure, Type, Value};

/// What a source sends: of the type that it documents, or a failure.
pub fn answer(source: &Source, u: &mut Unstructured<'_>) -> Result<std::result::Result<Value, Failure>> {
    // Where bytes have run out, nothing fails.
    if !u.ratio(11, 12)? {
        return Ok(Err(if u.arbitrary()? { Failure::catchable("missing") } else { Failure::fatal("broken") }));
    }
    let mut of = |ty: &str| values::value(u, &Type::parse(ty).expect("the types of sources are types"), 0);
    Ok(Ok(match source {
        Source::Once(value) | Source::Delayed { value, .. } | Source::Later { value, .. } => value.clone(),
        Source::Cycle { values, .. } | Source::Sequence { values, .. } if !values.is_empty() => {
            u.choose(values)?.clone()
        }
        Source::Cycle { .. } | Source::Sequence { .. } => return Ok(Err(Failure::fatal("there is no value"))),
        Source::Clock { .. } | Source::Midnight | Source::Pool { .. } | Source::RandomBits | Source::Count => {
            of("int")?
        }
        Source::FileExists(_) | Source::ProgramFileExists(_) => of("bool")?,
        Source::FilesExist(paths) => {
            Value::list(paths.iter().map(|_| Ok(Value::Bool(u.arbitrary()?))).collect::<Result<Vec<_>>>()?)
        }
        Source::Account(_) => of("struct{found bool; name str; uid int; gid int; home str}")?,
        Source::Variable(_) => of("struct{found bool; value str}")?,
        Source::Environment | Source::StoreMap(_) => of("map{str: str}")?,
        Source::Arguments | Source::Schedule { .. } => of("[]str")?,
        Source::Process => of("struct{pid int; ppid int; uid int; euid int; gid int; egid int; page_size int}")?,
        Source::Local { .. } => {
            if u.arbitrary()? {
                let ty = values::ty(u, 2)?;
                Value::structure([("value", values::value(u, &ty, 1)?), ("ready", Value::Bool(true))])
            } else {
                Value::structure([("ready", Value::Bool(false))])
            }
        }
        Source::Response(_) => of("struct{status int; output str}")?,
        Source::StoreValue(_) => of("struct{value str; exists bool}")?,
        Source::Exports { .. } => of("[]struct{name str; host str; data str}")?,
        Source::Random { length } => Value::str("x".repeat(usize::try_from(*length).unwrap_or(0).min(1000))),
        Source::Fact(fact) => match fact {
            Fact::Hostname => of("str")?,
            Fact::Load => of("struct{x1 float; x5 float; x15 float}")?,
            Fact::Uptime | Fact::CpuCount => of("int")?,
            Fact::OsRelease => of("map{str: str}")?,
            Fact::Virtual => of("bool")?,
            Fact::KernelModules => of("[]str")?,
            Fact::Interfaces => {
                of("[]struct{name str; mac str; loopback bool; wireless bool; up bool; addresses []str}")?
            }
        },
        Source::File(_)
        | Source::Lines(_)
        | Source::Executable
        | Source::WorkingFolder
        | Source::Command(_)
        | Source::Link(_)
        | Source::ResolvedPath(_)
        | Source::ProgramFile(_)
        | Source::ProgramFolder(_)
        | Source::Folder(_) => of("str")?,
    }))
}

/// What a world has sent, the last of each source.
pub type Sent = Vec<(Source, std::result::Result<Value, Failure>)>;

/// A running program, what it follows, and the set of resources that it has published.
pub struct World {
    runtime: Runtime,
    streams: BTreeMap<StreamId, Source>,
    resources: BTreeMap<StatementId, String>,
    edges: BTreeMap<StatementId, String>,
    /// The status after the last tick.
    pub status: Status,
}

impl World {
    /// Starts a program.
    pub fn start(graph: &Arc<flow::Graph>) -> World {
        let runtime = Runtime::new(Arc::clone(graph), "host".into());
        let (streams, resources, edges) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut world = World { runtime, streams, resources, edges, status: Status::Settled };
        let tick = world.runtime.start();
        world.take(tick);
        world
    }

    /// What the program follows.
    pub fn sources(&self) -> Vec<Source> {
        self.streams.values().cloned().collect()
    }

    /// Sends values to everything that follows one of these sources, in one batch.
    pub fn send(&mut self, sent: &[(Source, std::result::Result<Value, Failure>)]) {
        let events: Vec<_> = self
            .streams
            .iter()
            .filter_map(|(id, source)| Some((*id, sent.iter().find(|(known, _)| known == source)?.1.clone())))
            .collect();
        let tick = self.runtime.update(events);
        self.take(tick);
    }

    /// The set of resources, without what depends on how it came about.
    pub fn published(&self) -> Vec<&String> {
        let mut published: Vec<_> = self.resources.values().chain(self.edges.values()).collect();
        published.sort();
        published
    }

    fn take(&mut self, tick: Tick) {
        for subscription in tick.subscribe {
            if let Some(old) = subscription.replaces {
                self.streams.remove(&old);
            }
            self.streams.insert(subscription.id, subscription.source);
        }
        for id in tick.unsubscribe {
            self.streams.remove(&id);
        }
        let settled = tick.status == Status::Settled;
        assert!(settled || tick.changes.is_empty(), "something is published half");
        for change in tick.changes {
            match change {
                Change::Set(it) => {
                    let shown = format!("{} {:?} {:?}", it.key, it.fields, it.meta);
                    self.resources.insert(it.id, shown);
                }
                Change::Removed(id) => {
                    self.resources.remove(&id).expect("only what was stated is removed");
                }
                Change::EdgeAdded(it) => {
                    let shown = format!("{} -> {} {} {:?}", it.from, it.to, it.notify, it.transfer);
                    assert!(self.edges.insert(it.id, shown).is_none(), "an edge is added twice");
                }
                Change::EdgeRemoved(id) => {
                    self.edges.remove(&id).expect("only an edge that was stated is removed");
                }
            }
        }
        self.status = tick.status;
    }
}

/// The last values that were sent, with another one.
pub fn remember(sent: &mut Sent, source: Source, value: std::result::Result<Value, Failure>) {
    match sent.iter_mut().find(|(known, _)| *known == source) {
        Some((_, known)) => *known = value,
        None => sent.push((source, value)),
    }
}
