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
use resource::{AnyResource, Error, Host, Key, Orders, Progress, Report, Result};
use rustc_hash::FxHashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Executes runs.
pub(crate) struct Executor {
    host: Host,
    managed: Managed,
    undos: Undos,
    refreshes: Refreshes,
    messages: mpsc::UnboundedSender<Message>,
    results: Arc<Results>,
    running: FxHashMap<(VertexId, u32), Running>,
}

/// Results that the session was not told of yet. Waking it costs more than most runs do, so while further runs wait for a
/// thread, a few results are told at once.
struct Results {
    messages: mpsc::UnboundedSender<Message>,
    kept: Mutex<Vec<Message>>,
}

/// So many results are told at once, at the most: less than what is usually handed over, so that nobody runs out of work
/// meanwhile.
const TOGETHER: usize = 4;

impl Results {
    /// Takes a result. `others_wait` says whether further runs wait for a thread. It is asked once the result is kept: who
    /// takes up the last run then finds it.
    fn take(&self, result: Message, others_wait: impl FnOnce() -> bool) {
        let mut kept = self.kept();
        kept.push(result);
        if kept.len() >= TOGETHER || !others_wait() {
            self.tell(kept);
        }
    }

    /// A run is taken up. The last one that waited may be stuck for long, and must not keep back what is done.
    fn begins(&self, others_wait: bool) {
        if !others_wait {
            self.tell(self.kept());
        }
    }

    fn tell(&self, mut kept: MutexGuard<'_, Vec<Message>>) {
        for message in kept.drain(..) {
            // Without a receiver the session has ended, and nobody wants to know.
            _ = self.messages.send(message);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Message>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let results = Arc::new(Results { messages: messages.clone(), kept: Mutex::default() });
        Executor { host, managed, undos, refreshes, messages, results, running: FxHashMap::default() }
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
        let (runtime, pool, results) = (Handle::current(), Arc::clone(&self.host.parts), Arc::clone(&self.results));
        self.host.pool.start(Box::new(move || {
            let _entered = runtime.enter();
            results.begins(pool.pool.has_waiting());
            // The task polls again, so nothing is lost by not being woken here.
            match execution.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(result) => results.take(result, || pool.pool.has_waiting()),
                Poll::Pending => _ = runtime.spawn(async move { results.take(execution.await, || false) }),
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

/// Executes a run. Answers what the session is to be told of its end.
async fn execute(run: Run, host: Host, managed: Managed, asked: Asked, teller: Teller) -> Message {
    let orders = Orders {
        apply: run.apply,
        refresh: run.refresh,
        reverse: run.reverse,
        received: run.received,
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
    Message::Finished { vertex: teller.vertex, attempt: teller.attempt, key: teller.key, result }
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
    use resource::Fields;
    use resource::host::HostParts;
    use resource::host::sim::SimHost;
    use std::collections::BTreeSet;

    /// A machine whose files answer only while nobody holds `sim`, and whose work has threads of its own.
    fn host(sim: &SimHost, threads: usize) -> Host {
        let parts = sim.host().parts;
        Host::new(HostParts {
            files: parts.files.clone(),
            pool: Arc::new(host::BlockingPool::new(threads)),
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

    /// A look at a file that is to be there.
    fn run(vertex: VertexId, attempt: u32) -> Run {
        let mut fields: Fields = [("state", value::Value::str("exists"))].into_iter().collect();
        let build = kinds::build("file").expect("there is such a kind");
        let resource = build("/etc/motd", &mut fields).expect("it is a file");
        let received = BTreeSet::new();
        Run { vertex, attempt, resource, apply: false, refresh: false, reverse: false, notifies: false, received }
    }

    #[test]
    fn results_are_told_together_while_runs_wait_and_never_kept_back_by_the_last_one() {
        let (sender, mut messages) = mpsc::unbounded_channel();
        let results = Results { messages: sender, kept: Mutex::default() };
        let result = || Message::Shown { source: String::new(), text: String::new() };
        let mut told = || std::iter::from_fn(|| messages.try_recv().ok()).count();

        results.take(result(), || true);
        results.begins(true);
        assert_eq!(told(), 0, "the next thread that is free tells it");
        results.begins(false);
        assert_eq!(told(), 1, "nobody comes after the run that begins, and it may take long");
        results.take(result(), || false);
        assert_eq!(told(), 1);
        for _ in 0..TOGETHER {
            results.take(result(), || true);
        }
        assert_eq!(told(), TOGETHER, "the session is not left without work to hand over");
    }

    #[tokio::test]
    async fn of_many_runs_at_once_every_one_is_told() {
        const RUNS: u64 = 500;
        let sim = SimHost::new();
        let folder = tempfile::tempdir().expect("a folder can be made");
        let host = host(&sim, 4);
        let left = crate::refreshes::LeftBehind::load(folder.path());
        let (refreshes, _writer) = Refreshes::new(folder.path(), host.files.clone(), &left);
        let (sender, mut messages) = mpsc::unbounded_channel();
        let mut executor = Executor::new(host, Managed::default(), Undos::new(folder.path()), refreshes, sender);
        for round in 0..20 {
            for vertex in 0..RUNS {
                executor.begin(run(VertexId(vertex), round), Asked::new());
            }
            for _ in 0..RUNS {
                let Some(Message::Finished { vertex, attempt, .. }) = messages.recv().await else {
                    panic!("a run says only that it has ended");
                };
                assert!(executor.ended(vertex, attempt), "each is told once");
            }
        }
    }

    #[tokio::test]
    async fn a_run_that_is_stuck_in_the_system_is_given_up_and_answers_once() {
        let (sim, folder) = (SimHost::new(), tempfile::tempdir().expect("a folder can be made"));
        let host = host(&sim, 1);
        let left = crate::refreshes::LeftBehind::load(folder.path());
        let (refreshes, _writer) = Refreshes::new(folder.path(), host.files.clone(), &left);
        let (sender, mut messages) = mpsc::unbounded_channel();
        let mut executor = Executor::new(host, Managed::default(), Undos::new(folder.path()), refreshes, sender);
        let (vertex, attempt) = (VertexId(1), 1);

        {
            let _stuck = sim.world();
            executor.begin(run(vertex, attempt), Asked::new());
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
