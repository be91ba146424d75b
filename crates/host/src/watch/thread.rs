//! The thread that watches files.
//!
//! It owns the table of what is watched, so nothing is shared or locked. Orders come by a queue and a descriptor that wakes
//! it; orders are taken before events are read, so that what happened before an order is dealt with in the same round.

use super::paths::PathTable;
use super::{Pending, WatchStatus};
use resource::Watch;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How often that is looked at which the kernel cannot watch.
pub(super) const POLL: Duration = Duration::from_secs(10);

/// What the thread is to do.
pub(super) enum Order {
    Add(u64, Watch),
    Remove(u64),
    /// Answers when everything has been dealt with that happened before.
    Settle(oneshot::Sender<()>),
    End,
}

/// The thread, seen from outside. It ends when this is dropped.
pub(super) struct Thread {
    shared: Arc<Shared>,
}

struct Shared {
    orders: Mutex<Vec<Order>>,
    wake: OwnedFd,
    armed: AtomicUsize,
    polled: AtomicUsize,
}

impl Thread {
    pub(super) fn start(pending: Arc<Pending>) -> io::Result<Thread> {
        let table = PathTable::new()?;
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let (armed, polled) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let shared = Arc::new(Shared { orders: Mutex::default(), wake, armed, polled });
        let theirs = Arc::clone(&shared);
        std::thread::Builder::new().name("stead-watch".to_owned()).spawn(move || run(table, &theirs, &pending))?;
        Ok(Thread { shared })
    }

    pub(super) fn order(&self, order: Order) {
        let mut orders = self.shared.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = orders.is_empty();
        orders.push(order);
        drop(orders);
        if was_empty {
            // Fails only when the counter is full, and then it is awake.
            _ = rustix::io::write(&self.shared.wake, &1_u64.to_ne_bytes());
        }
    }

    pub(super) fn status(&self) -> WatchStatus {
        let (armed, polled) = (&self.shared.armed, &self.shared.polled);
        WatchStatus { armed: armed.load(Ordering::Relaxed), polled: polled.load(Ordering::Relaxed) }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.order(Order::End);
    }
}

fn run(mut table: PathTable, shared: &Shared, pending: &Pending) {
    // Becomes urgent when something is mounted or unmounted, which inotify does not tell.
    let mounts = File::open("/proc/self/mountinfo").ok();
    let mut next_poll = Instant::now() + POLL;
    loop {
        let happened = wait(&table, shared, mounts.as_ref(), next_poll);
        let mut settled = Vec::new();
        for order in take_orders(shared) {
            match order {
                Order::Add(owner, watch) => table.add(owner, &watch),
                Order::Remove(owner) => table.remove(owner),
                Order::Settle(reply) => settled.push(reply),
                Order::End => return,
            }
        }
        if happened.mounts {
            table.recheck();
        }
        table.drain();
        if Instant::now() >= next_poll {
            table.poll();
            next_poll = Instant::now() + POLL;
        }
        shared.armed.store(table.armed(), Ordering::Relaxed);
        shared.polled.store(table.polled(), Ordering::Relaxed);
        if !table.dirty().is_empty() {
            pending.add(table.dirty().take());
        }
        for reply in settled {
            _ = reply.send(());
        }
    }
}

#[derive(Default)]
struct Happened {
    mounts: bool,
}

fn wait(table: &PathTable, shared: &Shared, mounts: Option<&File>, next_poll: Instant) -> Happened {
    let timeout = (table.polled() > 0).then(|| {
        let left = next_poll.saturating_duration_since(Instant::now());
        Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() }
    });
    let inotify = table.descriptor();
    let mut events = vec![PollFd::new(&inotify, PollFlags::IN), PollFd::new(&shared.wake, PollFlags::IN)];
    let mounts = mounts.map(AsFd::as_fd);
    if let Some(mounts) = &mounts {
        events.push(PollFd::new(mounts, PollFlags::PRI));
    }
    match rustix::event::poll(&mut events, timeout.as_ref()) {
        Ok(_) => Happened { mounts: events.get(2).is_some_and(|event| !event.revents().is_empty()) },
        Err(Errno::INTR) => Happened::default(),
        Err(error) => {
            // Cannot happen with open descriptors; without a pause it would be an endless loop.
            tracing::error!(%error, "cannot wait for file system events");
            std::thread::sleep(POLL);
            Happened::default()
        }
    }
}

fn take_orders(shared: &Shared) -> Vec<Order> {
    let mut counter = [0; 8];
    // Nothing to read where something else woke us.
    _ = rustix::io::read(&shared.wake, &mut counter);
    std::mem::take(&mut *shared.orders.lock().unwrap_or_else(PoisonError::into_inner))
}
