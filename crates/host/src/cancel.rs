//! Stopping runs.

use resource::BoxFuture;
use resource::host::{CancelSource, Cancellation, Urgency};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::sync::Notify;

/// Says how urgently a run is to stop. It only ever becomes more urgent.
#[derive(Debug, Default)]
pub struct Canceller(Arc<Wish>);

/// What the two sides share. There is one for each run, so it is small.
#[derive(Debug, Default)]
struct Wish {
    /// The urgency, as [`number`] has it.
    urgency: AtomicU8,
    risen: Notify,
}

fn number(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::None => 0,
        Urgency::Soon => 1,
        Urgency::Now => 2,
    }
}

impl Canceller {
    /// Nothing is to stop yet.
    pub fn new() -> Canceller {
        Canceller::default()
    }

    /// Makes it at least as urgent.
    pub fn cancel(&self, urgency: Urgency) {
        let wanted = number(urgency);
        if self.0.urgency.fetch_max(wanted, Ordering::AcqRel) < wanted {
            self.0.risen.notify_waiters();
        }
    }

    /// What runs are given.
    pub fn cancellation(&self) -> Cancellation {
        Cancellation::new(Arc::clone(&self.0) as _)
    }
}

impl CancelSource for Wish {
    fn urgency(&self) -> Urgency {
        match self.urgency.load(Ordering::Acquire) {
            0 => Urgency::None,
            1 => Urgency::Soon,
            _ => Urgency::Now,
        }
    }

    fn reached<'a>(&'a self, urgency: Urgency) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            loop {
                // Listening before looking: a wish in between is not missed.
                let mut risen = pin!(self.risen.notified());
                risen.as_mut().enable();
                if self.urgency() >= urgency {
                    return;
                }
                risen.await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_only_becomes_more_urgent() {
        let canceller = Canceller::new();
        let cancellation = canceller.cancellation();
        let waiting = tokio::spawn({
            let cancellation = cancellation.clone();
            async move { cancellation.reached(Urgency::Now).await }
        });
        canceller.cancel(Urgency::Soon);
        cancellation.reached(Urgency::Soon).await;
        canceller.cancel(Urgency::Now);
        canceller.cancel(Urgency::Soon);
        assert_eq!(cancellation.urgency(), Urgency::Now);
        waiting.await.expect("it ends");
    }
}
