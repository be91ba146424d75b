//! Executes runs, which answer into the session's queue.
//!
//! A run begins on a thread of the pool, where its work on files needs no further hop. Most runs are over there at once; one
//! that comes to wait for something goes on as a task, and the thread is free.

use crate::discovery::{self, Asked};
use crate::refreshes::Refreshes;
use crate::session::Message;
use crate::siblings::Managed;
use crate::undo::Undos;
use engine::Run;
use futures_util::FutureExt as _;
use host::Canceller;
use plan::VertexId;
use resource::host::Urgency;
use resource::{AnyResource, Error, Host, Key, Orders, Outcome, Progress, Report, Result};
use rustc_hash::FxHashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Executes runs.
pub(crate) struct Executor {
    host: Host,
    managed: Managed,
    undos: Undos,
    refreshes: Refreshes,
    messages: mpsc::UnboundedSender<Message>,
    running: FxHashMap<(VertexId, u32), Running>,
}

/// A run that has not ended.
struct Running {
    key: Key,
    canceller: Canceller,
}

impl Executor {
    pub(crate) fn new(
        host: Host,
        managed: Managed,
        undos: Undos,
        refreshes: Refreshes,
        messages: mpsc::UnboundedSender<Message>,
    ) -> Executor {
        Executor { host, managed, undos, refreshes, messages, running: FxHashMap::default() }
    }

    /// Begins a run. Afterwards, `asked` are asked what more they bring than they say.
    pub(crate) fn begin(&mut self, run: Run, asked: Asked) {
        let canceller = Canceller::new();
        let host = Host { cancellation: canceller.cancellation(), ..self.host.clone() };
        let key = Key::new(run.resource.schema().name, run.resource.name());
        self.running.insert((run.vertex, run.attempt), Running { key: key.clone(), canceller });
        let teller = Teller {
            vertex: run.vertex,
            attempt: run.attempt,
            key,
            told: AtomicBool::new(false),
            host: self.host.clone(),
            undos: self.undos.clone(),
            refreshes: run.notifies.then(|| self.refreshes.clone()),
            messages: self.messages.clone(),
        };
        let mut execution = Box::pin(execute(run, host, self.managed.clone(), asked, teller));
        let runtime = Handle::current();
        self.host.pool.start(Box::new(move || {
            let _entered = runtime.enter();
            // The task polls again, so nothing is lost by not being woken here.
            if execution.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                runtime.spawn(execution);
            }
        }));
    }

    /// A run has ended; false where it was given up before.
    pub(crate) fn ended(&mut self, vertex: VertexId, attempt: u32) -> bool {
        self.running.remove(&(vertex, attempt)).is_some()
    }

    /// Asks a run to stop, if it has not ended.
    pub(crate) fn cancel(&self, vertex: VertexId, attempt: u32, urgency: Urgency) {
        let Some(Running { key, canceller }) = self.running.get(&(vertex, attempt)) else { return };
        canceller.cancel(urgency);
        if urgency == Urgency::Now {
            // It may be stuck in a call of the system, and cannot answer then: nobody waits for it.
            let result = Err(Error::Interrupted);
            _ = self.messages.send(Message::Finished { vertex, attempt, key: key.clone(), result });
        }
    }
}

async fn execute(run: Run, host: Host, managed: Managed, asked: Asked, teller: Teller) {
    let orders = Orders {
        apply: run.apply,
        refresh: run.refresh,
        reverse: run.reverse,
        received: run.received,
        secrets: run.secrets,
        siblings: &managed,
    };
    let work = AssertUnwindSafe(resource::run(&*run.resource, &host, &orders, &teller)).catch_unwind();
    let result = tokio::select! {
        biased;
        result = work => result.unwrap_or_else(|panic| Err(panicked(&*panic))),
        // Asked to stop, a run that waits for a program ends with it; only when that is not enough is it dropped.
        () = host.cancellation.reached(Urgency::Now) => Err(Error::Interrupted),
    };
    if result.is_ok() && !asked.is_empty() {
        tokio::select! {
            found = discovery::ask(asked, teller.host.clone()) => teller.tell(Message::Discovered(found)),
            // It is time to end, and what is there is as it should be.
            () = host.cancellation.reached(Urgency::Soon) => {}
        }
    }
    teller.finished(result);
}

/// A panic is a mistake of ours; it costs this run and nothing else.
fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    Error::failed(format!("internal error: {text}"))
}

/// Tells the session what a run does.
struct Teller {
    vertex: VertexId,
    attempt: u32,
    key: Key,
    told: AtomicBool,
    host: Host,
    undos: Undos,
    /// Where it is remembered that a change begins, when others are to be notified of it.
    refreshes: Option<Refreshes>,
    messages: mpsc::UnboundedSender<Message>,
}

impl Teller {
    fn tell(&self, message: Message) {
        // Without a receiver the session has ended, and nobody wants to know.
        _ = self.messages.send(message);
    }

    fn finished(&self, result: Result<Outcome>) {
        self.tell(Message::Finished { vertex: self.vertex, attempt: self.attempt, key: self.key.clone(), result });
    }
}

impl Progress for Teller {
    fn step(&self, report: &Report) {
        if !self.told.swap(true, Ordering::Relaxed) {
            if let Some(refreshes) = &self.refreshes
                && let Err(error) = refreshes.begin(&self.key)
            {
                let (key, error) = (&self.key, error.chain());
                tracing::error!(%key, error, "That it is changed cannot be kept: notifications would be lost with a restart");
            }
            self.tell(Message::Applying { vertex: self.vertex, attempt: self.attempt });
        }
        self.tell(Message::Step { key: self.key.clone(), step: report.clone() });
    }

    fn keep_undo(&self, undo: &dyn AnyResource) -> Result<()> {
        if let Some(kept) = self.undos.keep(&*Arc::clone(&self.host.files), undo)? {
            self.tell(Message::UndoKept(kept));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use resource::host::HostParts;
    use resource::host::sim::SimHost;
    use resource::{Fields, Secrets};
    use std::collections::BTreeSet;

    /// A machine whose files answer only while nobody holds `sim`, and whose work has one thread of its own.
    fn host(sim: &SimHost) -> Host {
        let parts = sim.host().parts;
        Host::new(HostParts {
            files: parts.files.clone(),
            pool: Arc::new(host::BlockingPool::new(1)),
            processes: parts.processes.clone(),
            services: parts.services.clone(),
            packages: parts.packages.clone(),
            accounts: parts.accounts.clone(),
            journal: parts.journal.clone(),
            local: parts.local.clone(),
            exchange: parts.exchange.clone(),
            clock: parts.clock.clone(),
            memory: parts.memory.clone(),
            state: parts.state.clone(),
        })
    }

    #[tokio::test]
    async fn a_run_that_is_stuck_in_the_system_is_given_up_and_answers_once() {
        let (sim, folder) = (SimHost::new(), tempfile::tempdir().expect("a folder can be made"));
        let host = host(&sim);
        let left = crate::refreshes::LeftBehind::load(folder.path());
        let (refreshes, _writer) = Refreshes::new(folder.path(), host.files.clone(), &left);
        let (sender, mut messages) = mpsc::unbounded_channel();
        let mut executor = Executor::new(host, Managed::default(), Undos::new(folder.path()), refreshes, sender);
        let mut fields: Fields = [("state", value::Value::str("exists"))].into_iter().collect();
        let build = kinds::build("file").expect("there is such a kind");
        let resource = build(&"/etc/motd".into(), &mut fields).expect("it is a file");
        let (vertex, attempt, received) = (VertexId(1), 1, BTreeSet::new());

        let run = Run {
            vertex,
            attempt,
            resource,
            apply: false,
            refresh: false,
            reverse: false,
            notifies: false,
            received,
            secrets: Secrets::default(),
        };
        {
            let _stuck = sim.world();
            executor.begin(run, Asked::new());
            executor.cancel(vertex, attempt, Urgency::Soon);
            assert!(messages.try_recv().is_err(), "asked to stop, it may still come to an end");
            executor.cancel(vertex, attempt, Urgency::Now);
            let Ok(Message::Finished { result, .. }) = messages.try_recv() else { panic!("it was to answer") };
            assert!(matches!(result, Err(Error::Interrupted)));
            assert!(executor.ended(vertex, attempt));
        }
        let Some(Message::Finished { .. }) = messages.recv().await else { panic!("its thread goes on") };
        assert!(!executor.ended(vertex, attempt), "what it says later is of no interest");
    }
}
