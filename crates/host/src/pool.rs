//! Runs blocking work away from the event loop, a bounded amount at a time.
//!
//! The runtime's own blocking threads do the work; a semaphore bounds how many of them there are. Work that waits costs a
//! place in a queue, not a thread.

use resource::BoxFuture;
use resource::host::Pool;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A bounded pool on the runtime's blocking threads.
#[derive(Debug)]
pub struct BlockingPool {
    places: Arc<Semaphore>,
}

impl BlockingPool {
    /// A pool of so many threads at most.
    pub fn new(threads: usize) -> BlockingPool {
        BlockingPool { places: Arc::new(Semaphore::new(threads.max(1))) }
    }
}

impl Default for BlockingPool {
    /// More threads than processors: most of them wait for a disk, and disks sync many files as fast as one.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        BlockingPool::new((processors * 8).clamp(16, 64))
    }
}

impl Pool for BlockingPool {
    fn run<'a>(&'a self, work: Box<dyn FnOnce() + Send + 'static>) -> BoxFuture<'a, ()> {
        let places = Arc::clone(&self.places);
        Box::pin(async move {
            // Fails only when the semaphore is closed, which nobody does.
            let Ok(place) = places.acquire_owned().await else { return };
            let running = tokio::task::spawn_blocking(move || {
                work();
                // Held by the work, not by who waits: a run that is dropped still counts until its work ends.
                drop(place);
            });
            if let Err(error) = running.await {
                tracing::error!(%error, "blocking work ended without a result");
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(flavor = "multi_thread")]
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
    async fn a_panic_does_not_take_a_place_away() {
        let pool = BlockingPool::new(1);
        pool.run(Box::new(|| panic!("on purpose"))).await;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        pool.run(Box::new(move || sender.send(()).expect("somebody waits"))).await;
        receiver.await.expect("the second work ran");
    }
}
