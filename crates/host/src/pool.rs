//! Runs blocking work away from the event loop, on a bounded number of threads.
//!
//! Most work here is over in microseconds: it asks the kernel about a file that is in memory. Waking a thread for it costs as
//! much as the work, so only as many threads are called as there are processors to work on, and each goes on with what is
//! next. Other work waits for a disk, and nothing tells the two apart beforehand. So while work is waiting, an **overseer**
//! looks: where nothing was taken up for a moment, all threads are stuck, and it calls one more. The number of threads grows
//! with what is really blocked, and many files are synced at once.
//!
//! Work that is on such a thread already goes on there: a hop costs more than looking at a file does.

use resource::BoxFuture;
use resource::host::Pool;
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// For how long nothing may be taken up before one more thread is called.
const STUCK: Duration = Duration::from_micros(250);
/// How often the overseer finds nothing waiting before it rests.
const QUIET: u32 = 8;
/// How long a thread without work stays.
const KEPT: Duration = Duration::from_secs(5);

thread_local! {
    /// Whether this thread is one of a pool.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// A bounded pool of threads, which come and go with the work.
pub struct BlockingPool(Arc<Shared>);

struct Shared {
    /// So many threads at the most.
    most: usize,
    /// So many are called where nothing is stuck.
    usual: usize,
    state: Mutex<State>,
    /// Wakes threads without work.
    called: Condvar,
    /// Wakes the overseer.
    waiting: Condvar,
}

#[derive(Default)]
struct State {
    work: VecDeque<Work>,
    /// How much work was ever taken up.
    taken: u64,
    threads: usize,
    /// How many of the threads have no work and were not called.
    idle: usize,
    /// How many threads were called and have not noticed yet.
    calls: usize,
    has_overseer: bool,
    is_overseen: bool,
    closed: bool,
}

impl BlockingPool {
    /// A pool of so many threads at most.
    pub fn new(threads: usize) -> BlockingPool {
        let most = threads.max(1);
        let (called, waiting) = (Condvar::new(), Condvar::new());
        BlockingPool(Arc::new(Shared { most, usual: processors().min(most), state: Mutex::default(), called, waiting }))
    }

    fn push(&self, work: Work) {
        let shared = &self.0;
        let mut state = shared.lock();
        state.work.push_back(work);
        if state.threads - state.idle < shared.usual {
            shared.call(&mut state);
        } else if !state.is_overseen {
            shared.oversee(&mut state);
        }
    }
}

impl Default for BlockingPool {
    /// More threads than processors: those that are more wait for a disk, and disks sync many files as fast as one.
    fn default() -> Self {
        BlockingPool::new((processors() * 8).clamp(16, 64))
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("BlockingPool").field("threads", &state.threads).field("waiting", &state.work.len()).finish()
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.called.notify_all();
        self.0.waiting.notify_all();
    }
}

impl Pool for BlockingPool {
    fn run<'a>(&'a self, work: Box<dyn FnOnce() + Send + 'static>) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if INSIDE.get() {
                return work();
            }
            let (sender, receiver) = oneshot::channel();
            self.push(Box::new(move || {
                work();
                // Whoever waited may have given up.
                _ = sender.send(());
            }));
            // Where the work panics, the sender is lost; the panic was told.
            _ = receiver.await;
        })
    }

    fn start(&self, work: Box<dyn FnOnce() + Send + 'static>) {
        self.push(work);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings one more thread to the work, where there may be one more.
    fn call(self: &Arc<Self>, state: &mut State) {
        if state.idle > 0 {
            state.idle -= 1;
            state.calls += 1;
            self.called.notify_one();
        } else if state.threads < self.most && self.spawn("stead-files", Shared::serve) {
            state.threads += 1;
        }
    }

    /// Sets the overseer to work.
    fn oversee(self: &Arc<Self>, state: &mut State) {
        if state.has_overseer {
            self.waiting.notify_one();
        } else {
            state.has_overseer = self.spawn("stead-overseer", Shared::watch);
        }
        // Without a thread for it there is none: the next work asks again.
        state.is_overseen = state.has_overseer;
    }

    fn spawn(self: &Arc<Self>, name: &str, life: fn(&Arc<Shared>)) -> bool {
        let shared = Arc::clone(self);
        match std::thread::Builder::new().name(name.to_owned()).spawn(move || life(&shared)) {
            Ok(_) => true,
            Err(error) => {
                tracing::error!(%error, "No further thread for work on files");
                false
            }
        }
    }

    /// The life of a thread: work, and then more work or rest.
    fn serve(self: &Arc<Self>) {
        INSIDE.set(true);
        let mut state = self.lock();
        loop {
            if let Some(work) = state.work.pop_front() {
                state.taken += 1;
                drop(state);
                if std::panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
                    tracing::error!("internal error: work on files ended without a result");
                }
                state = self.lock();
                continue;
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let unneeded = |state: &mut State| state.calls == 0 && !state.closed;
            let rest = self.called.wait_timeout_while(state, KEPT, unneeded);
            state = rest.unwrap_or_else(PoisonError::into_inner).0;
            if state.calls == 0 {
                state.idle -= 1;
                break;
            }
            state.calls -= 1;
        }
        state.threads -= 1;
    }

    /// The life of the overseer.
    fn watch(self: &Arc<Self>) {
        let mut state = self.lock();
        let mut quiet = 0;
        while !state.closed {
            let before = state.taken;
            let look = self.waiting.wait_timeout(state, STUCK);
            state = look.unwrap_or_else(PoisonError::into_inner).0;
            quiet = if state.work.is_empty() { quiet + 1 } else { 0 };
            if quiet == 0 && state.taken == before {
                self.call(&mut state);
            } else if quiet > QUIET {
                state.is_overseen = false;
                let resting = |state: &mut State| !state.is_overseen && !state.closed;
                let rest = self.waiting.wait_while(state, resting);
                state = rest.unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn no_more_than_the_bound_runs_at_once() {
        let pool = BlockingPool::new(3);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |_| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            pool.run(Box::new(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
            }))
        };
        futures_util::future::join_all((0..200).map(work)).await;
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
    }

    #[tokio::test]
    async fn work_that_is_stuck_does_not_keep_other_work_from_running() {
        let threads = processors() + 4;
        let pool = BlockingPool::new(threads);
        // Each waits for all others: that ends only when every one has a thread.
        let all = Arc::new(Barrier::new(threads));
        let work = |_| {
            let all = Arc::clone(&all);
            pool.run(Box::new(move || _ = all.wait()))
        };
        futures_util::future::join_all((0..threads).map(work)).await;
    }

    #[tokio::test]
    async fn a_panic_does_not_take_a_thread_away() {
        let pool = BlockingPool::new(1);
        pool.run(Box::new(|| panic!("on purpose"))).await;
        let (sender, receiver) = oneshot::channel();
        pool.run(Box::new(move || sender.send(()).expect("somebody waits"))).await;
        receiver.await.expect("the second work ran");
    }

    #[tokio::test]
    async fn work_within_work_runs_in_place() {
        let pool = Arc::new(BlockingPool::new(1));
        let (sender, receiver) = oneshot::channel();
        let within = Arc::clone(&pool);
        pool.start(Box::new(move || {
            let mut run = within.run(Box::new(|| ()));
            let polled = run.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
            _ = sender.send(polled.is_ready());
        }));
        assert!(receiver.await.expect("the work ran"));
    }
}
