//! Subscriptions to what functions follow.

use schema::Source;
use value::{Failure, Value};

/// One subscription. A node that starts to follow something else gets a new one, so that late values of the old are told
/// apart and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// Something that is to be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The subscription.
    pub id: StreamId,
    /// What to follow.
    pub source: Source,
    /// The subscription that the same node had until now; it ends.
    pub replaces: Option<StreamId>,
}

/// What a stream node knows.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// The subscription and what it is to.
    pub(crate) subscribed: Option<(StreamId, Source)>,
    /// The last value that was sent.
    pub(crate) received: Option<Result<Value, Failure>>,
}

impl Stream {
    /// Whether the last value remains good when the source changes to another: a delay line goes on, it does not restart.
    pub(crate) fn goes_on(old: &Source, new: &Source) -> bool {
        matches!((old, new), (Source::Delayed { .. }, Source::Delayed { .. }))
    }
}
