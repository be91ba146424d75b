//! How many events a second may make a resource be checked: a bucket of tokens.

use crate::Time;
use resource::Meta;
use std::time::Duration;

/// A bucket that is filled at a rate and holds no more than a burst.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled: Time,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(meta: &Meta, now: Time) -> Bucket {
        Bucket { tokens: meta.burst as f64, filled: now }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// When there will be one; `None` for never.
    pub(crate) fn take(&mut self, meta: &Meta, now: Time) -> Result<(), Option<Time>> {
        let filled = self.tokens + now.since(self.filled).as_secs_f64() * meta.limit;
        self.tokens = filled.min(meta.burst as f64);
        self.filled = now;
        // Times are whole nanoseconds: at the moment that was promised, a trifle may be missing.
        if self.tokens >= 1.0 - 1e-6 {
            self.tokens = (self.tokens - 1.0).max(0.0);
            return Ok(());
        }
        let wait = Duration::try_from_secs_f64((1.0 - self.tokens) / meta.limit).ok();
        // Never right now, or whoever waits would ask for ever.
        Err(wait.map(|wait| now + wait.max(Duration::from_nanos(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let meta = Meta { limit: 2.0, burst: 3, ..Meta::default() };
        let mut bucket = Bucket::new(&meta, Time(0));
        for _ in 0..3 {
            assert_eq!(bucket.take(&meta, Time(0)), Ok(()));
        }
        let half = Time(0) + Duration::from_millis(500);
        assert_eq!(bucket.take(&meta, Time(0)), Err(Some(half)));
        assert_eq!(bucket.take(&meta, half), Ok(()));
    }

    #[test]
    fn a_limit_of_zero_lets_nothing_through_after_the_burst() {
        let meta = Meta { limit: 0.0, burst: 1, ..Meta::default() };
        let mut bucket = Bucket::new(&meta, Time(0));
        assert_eq!(bucket.take(&meta, Time(0)), Ok(()));
        assert_eq!(bucket.take(&meta, Time(1)), Err(None));
    }
}
