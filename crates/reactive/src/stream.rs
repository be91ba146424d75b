//! Subscriptions to what functions follow.

use crate::node::{NodeKey, Outcome};
use crate::runtime::{Gathered, Runtime, guarded};
use flow::Builtin;
use schema::{Body, CallSite, Source};
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

/// What a node follows.
#[derive(Debug)]
pub(crate) struct Followed {
    id: StreamId,
    source: Source,
    /// Which of several draws from the source it is; 0 for what is not drawn.
    draw: usize,
    /// The last value that was sent.
    received: Option<Result<Value, Failure>>,
}

/// What a node that follows the world knows: what it follows, in the order in which it asked for it.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) followed: Vec<Followed>,
}

impl Stream {
    /// Takes a value.
    pub(crate) fn receive(&mut self, id: StreamId, value: Result<Value, Failure>) {
        if let Some(followed) = self.followed.iter_mut().find(|it| it.id == id) {
            followed.received = Some(value);
        }
    }
}

impl Runtime {
    /// The value of a node that follows the world.
    pub(crate) fn stream(&mut self, key: NodeKey, builtin: &Builtin, stream: &mut Stream) -> Option<Outcome> {
        let values = match self.inputs(key) {
            Gathered::Ready(values) => values,
            Gathered::Waiting => return None,
            Gathered::Failed(failed) => return Some(Err(failed)),
        };
        let site = CallSite { ty: &builtin.ty, base: &builtin.base };
        let value = match builtin.function.body {
            Body::Stream { source, read } => match guarded(|| source(&site, &values)) {
                Ok(wanted) => {
                    let received = self.follow_one(key, stream, wanted)?;
                    received.and_then(|it| guarded(|| read(&site, &values, it)))
                }
                Err(failure) => Err(failure),
            },
            Body::Asking(call) => {
                let mut questions = Questions::new(stream);
                let value = guarded(|| call(&site, &values, &mut |source| questions.ask(source)));
                let Questions { asked, new, .. } = questions;
                // Until the value is known, what it did not come to ask for may still be needed.
                if !matches!(value, Ok(None)) {
                    let mut asked = asked.into_iter();
                    stream.followed.retain(|it| {
                        let keep = asked.next().unwrap_or(false);
                        if !keep {
                            self.unfollow(it);
                        }
                        keep
                    });
                }
                for (source, draw) in new {
                    let followed = self.follow(key, source, draw, None);
                    stream.followed.push(followed);
                }
                value.transpose()?
            }
            Body::Pure(_) | Body::Combinator(_) => return None,
        };
        Some(value.map_err(|failure| self.failed_call(key, builtin, failure)))
    }

    /// Follows one source in place of what the node followed until now, and says what it sent last.
    fn follow_one(&mut self, key: NodeKey, stream: &mut Stream, wanted: Source) -> Option<Result<Value, Failure>> {
        let before = stream.followed.pop();
        let followed = match before {
            Some(before) if before.source == wanted => before,
            Some(before) => {
                self.unfollow(&before);
                let received = before.received.filter(|_| goes_on(&before.source, &wanted));
                Followed { received, ..self.follow(key, wanted, 0, Some(before.id)) }
            }
            None => self.follow(key, wanted, 0, None),
        };
        let received = followed.received.clone();
        stream.followed.push(followed);
        received
    }

    fn follow(&mut self, key: NodeKey, source: Source, draw: usize, replaces: Option<StreamId>) -> Followed {
        self.counter += 1;
        let id = StreamId(self.counter);
        self.streams.insert(id, key);
        self.subscribe.push(Subscription { id, source: source.clone(), replaces });
        Followed { id, source, draw, received: None }
    }

    /// Ends a subscription.
    pub(crate) fn unfollow(&mut self, followed: &Followed) {
        self.streams.remove(&followed.id);
        self.unsubscribe.push(followed.id);
    }
}

/// Whether the last value remains good when the source changes to another: a delay line goes on, it does not restart.
fn goes_on(old: &Source, new: &Source) -> bool {
    matches!((old, new), (Source::Delayed { .. }, Source::Delayed { .. }))
}

/// How much one node may ask of the world.
const MOST: usize = 1000;

/// What a node asks while it is computed.
struct Questions<'a> {
    stream: &'a Stream,
    /// For each of `stream.followed` whether it was asked for.
    asked: Vec<bool>,
    /// What is not followed yet.
    new: Vec<(Source, usize)>,
    draws: usize,
}

impl<'a> Questions<'a> {
    fn new(stream: &'a Stream) -> Questions<'a> {
        Questions { stream, asked: vec![false; stream.followed.len()], new: Vec::new(), draws: 0 }
    }

    /// What a source sent last.
    fn ask(&mut self, source: Source) -> Option<Result<Value, Failure>> {
        let draw = if source.is_drawn() {
            self.draws += 1;
            self.draws
        } else {
            0
        };
        let is_it = |it: &Followed| it.draw == draw && it.source == source;
        if let Some(at) = self.stream.followed.iter().position(is_it) {
            self.asked[at] = true;
            return self.stream.followed[at].received.clone();
        }
        if self.stream.followed.len() + self.new.len() == MOST {
            return Some(Err(Failure::fatal(format!("more than {MOST} things of the world in one value"))));
        }
        if !self.new.contains(&(source.clone(), draw)) {
            self.new.push((source, draw));
        }
        None
    }
}
