//! Stopping runs.

use resource::BoxFuture;
use resource::host::{CancelSource, Cancellation, Urgency};
use std::sync::Arc;
use tokio::sync::watch;

/// Says how urgently runs are to stop. It only ever becomes more urgent.
#[derive(Debug)]
pub struct Canceller(watch::Sender<Urgency>);

impl Default for Canceller {
    fn default() -> Self {
        Canceller(watch::Sender::new(Urgency::None))
    }
}

impl Canceller {
    /// Nothing is to stop yet.
    pub fn new() -> Canceller {
        Canceller::default()
    }

    /// Makes it at least as urgent.
    pub fn cancel(&self, urgency: Urgency) {
        self.0.send_if_modified(|now| {
            let is_more = urgency > *now;
            *now = urgency.max(*now);
            is_more
        });
    }

    /// What runs are given.
    pub fn cancellation(&self) -> Cancellation {
        Cancellation::new(Arc::new(Source(self.0.subscribe())))
    }
}

struct Source(watch::Receiver<Urgency>);

impl CancelSource for Source {
    fn urgency(&self) -> Urgency {
        *self.0.borrow()
    }

    fn reached<'a>(&'a self, urgency: Urgency) -> BoxFuture<'a, ()> {
        let mut receiver = self.0.clone();
        Box::pin(async move {
            if receiver.wait_for(|now| *now >= urgency).await.is_err() {
                // Nobody is left who could wish to stop.
                std::future::pending::<()>().await;
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
