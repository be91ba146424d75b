//! How long to wait before the store is told again what it has refused.

use std::time::Duration;
use tokio::time::sleep;

const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// Delays that become longer from one to the next.
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub(crate) fn new() -> Backoff {
        Backoff(FIRST_DELAY)
    }

    /// Waits. One that is dropped meanwhile does not count.
    pub(crate) async fn pause(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST_DELAY);
    }
}
