//! What this host says as a candidate in schedules, for as long as somebody here wants it to.
//!
//! A candidacy hangs on the resource that states it and on this process: when either goes, it is taken back, or left for as
//! long as it is to last.

use crate::backoff::Backoff;
use crate::holds::Hold;
use resource::Key;
use resource::host::{Candidacy, Clock, Lasts};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Result, World};
use tokio::time::timeout;

/// How long the end waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// The candidacies of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Candidacies {
    world: World,
    clock: Arc<dyn Clock>,
    held: Arc<Mutex<Held>>,
    /// Whose turn it is to tell the store: nobody overtakes.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Held {
    /// By schedule.
    of: BTreeMap<String, Standing>,
    /// Whether the agent ends: nobody becomes a candidate any more.
    closed: bool,
}

struct Standing {
    /// The resource that states it.
    by: Key,
    lasts: Lasts,
    /// Whether the resource states it no more: the store is still to be told.
    is_over: bool,
}

impl Candidacies {
    pub(crate) fn new(world: World, clock: Arc<dyn Clock>) -> Candidacies {
        Candidacies { world, clock, held: Arc::default(), turn: Arc::default() }
    }

    pub(crate) async fn current(&self, namespace: &str) -> Result<Option<Candidacy>> {
        self.world.candidacy(namespace).await
    }

    /// A resource makes this host a candidate, and one in no other schedule. False where the agent ends and it is too late.
    pub(crate) async fn stand(&self, of: Key, namespace: &str, says: &Candidacy) -> Result<bool> {
        let _turn = self.turn.lock().await;
        {
            let mut held = self.held();
            if held.closed {
                return Ok(false);
            }
            // Before the store is told: a run that is stopped meanwhile has been a candidate all the same.
            let standing = Standing { by: of.clone(), lasts: says.lasts, is_over: false };
            held.of.insert(namespace.to_owned(), standing);
        }
        self.world.stand(namespace, says, self.clock.now()).await?;
        self.is_over(|schedule, by| *by == of && schedule != namespace);
        self.release_at_last().await;
        Ok(true)
    }

    /// A resource makes this host no candidate, nor one in another schedule.
    pub(crate) async fn withdraw(&self, of: Key, namespace: &str) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.world.withdraw(namespace).await?;
        self.held().of.remove(namespace);
        self.is_over(|_, by| *by == of);
        self.release_at_last().await;
        Ok(())
    }

    /// A resource has left the program. Held until the store was told, or has refused it.
    pub(crate) fn left(&self, of: &Key, hold: Hold) {
        // At once: what states it anew is told later, and that holds.
        self.is_over(|_, by| by == of);
        self.go_on(Some(hold));
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self, is_over: impl Fn(&str, &Key) -> bool) {
        for (namespace, standing) in &mut self.held().of {
            standing.is_over |= is_over(namespace, &standing.by);
        }
    }

    /// Takes back what is over, now or as soon as the store takes it: no resource fails for that.
    async fn release_at_last(&self) {
        if let Err(error) = self.release().await {
            told_later(&error);
            self.go_on(None);
        }
    }

    /// Takes back what is over, until the store has taken it.
    fn go_on(&self, mut hold: Option<Hold>) {
        let candidacies = self.clone();
        tokio::spawn(async move {
            let mut backoff = Backoff::new();
            loop {
                let turn = candidacies.turn.lock().await;
                let Err(error) = candidacies.release().await else { return };
                drop(turn);
                drop(hold.take());
                told_later(&error);
                backoff.pause().await;
            }
        });
    }

    /// Takes back what is over. **Invariant:** it is the caller's turn.
    async fn release(&self) -> Result<()> {
        let over =
            |(namespace, standing): (&String, &Standing)| standing.is_over.then(|| (namespace.clone(), standing.lasts));
        let over: Vec<(String, Lasts)> = self.held().of.iter().filter_map(over).collect();
        for (namespace, lasts) in over {
            if lasts != Lasts::Forever {
                self.world.withdraw(&namespace).await?;
            }
            self.held().of.remove(&namespace);
        }
        Ok(())
    }

    /// The agent ends.
    pub(crate) async fn finish(&self) {
        let end = async {
            let _turn = self.turn.lock().await;
            let all = {
                let mut held = self.held();
                held.closed = true;
                std::mem::take(&mut held.of)
            };
            for namespace in all.into_keys() {
                if let Err(error) = self.world.abandon(&namespace, self.clock.now()).await {
                    tracing::error!(namespace, %error, "This host stays a candidate until its agent begins again");
                }
            }
        };
        if timeout(PATIENCE, end).await.is_err() {
            tracing::error!("The store does not answer: this host may stay a candidate until its agent begins again");
        }
    }
}

fn told_later(error: &store::Error) {
    tracing::error!(%error, "This host is still a candidate where it is to be none: the store is told again");
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use host::SystemClock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use store::{Committed, Compare, Entry, Error, Memory, Revision, Store, Watching, Write};

    /// A store that refuses what only removes something, so many times.
    #[derive(Default)]
    struct Refusing {
        memory: Memory,
        refusals: AtomicU32,
    }

    #[async_trait]
    impl Store for Refusing {
        async fn get(&self, key: &str) -> Result<Option<Entry>> {
            self.memory.get(key).await
        }

        async fn range(&self, prefix: &str) -> Result<(Revision, Vec<Entry>)> {
            self.memory.range(prefix).await
        }

        async fn commit(&self, when: Vec<Compare>, then: Vec<Write>) -> Result<Committed> {
            if then.iter().any(|write| matches!(write, Write::Put(..))) {
                return self.memory.commit(when, then).await;
            }
            let refused = self.refusals.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1));
            if refused.is_ok() {
                return Err(Error::Home { action: "write", source: "it is refused".into() });
            }
            self.memory.commit(when, then).await
        }

        async fn watch(&self, prefix: &str, after: Revision) -> Result<Watching> {
            self.memory.watch(prefix, after).await
        }
    }

    const SAYS: fn() -> Candidacy = || Candidacy { strategy: "rr".to_owned(), max: 1, lasts: Lasts::Seconds(0) };

    fn place() -> (Arc<Refusing>, Candidacies) {
        let store = Arc::new(Refusing::default());
        let world = World::new(Arc::<Refusing>::clone(&store), "here");
        (store, Candidacies::new(world, Arc::new(SystemClock)))
    }

    fn hold() -> Hold {
        crate::holds::Holds::new(tokio::sync::mpsc::unbounded_channel().0).hold()
    }

    /// Waits, without time passing otherwise, until the host is no candidate of a schedule.
    async fn is_none_in(candidacies: &Candidacies, namespace: &str) {
        let mut changes = candidacies.world.watch_candidacy(namespace).await.expect("it can be watched");
        while candidacies.current(namespace).await.expect("it can be read").is_some() {
            changes.next().await.expect("the store is there");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_candidacy_whose_withdrawal_is_refused_is_withdrawn_while_the_agent_runs() {
        let (store, candidacies) = place();
        let of = Key::new("schedule", "web");
        assert!(candidacies.stand(of.clone(), "web", &SAYS()).await.expect("it stands"));
        store.refusals.store(3, Ordering::Relaxed);
        candidacies.left(&of, hold());
        is_none_in(&candidacies, "web").await;
        assert_eq!(store.refusals.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_to_another_schedule_leaves_the_first_when_the_store_lets_him() {
        let (store, candidacies) = place();
        let of = Key::new("schedule", "web");
        candidacies.stand(of.clone(), "one", &SAYS()).await.expect("it stands");
        store.refusals.store(2, Ordering::Relaxed);
        assert!(candidacies.stand(of, "two", &SAYS()).await.expect("it stands"));
        is_none_in(&candidacies, "one").await;
        assert!(candidacies.current("two").await.expect("it can be read").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_stated_anew_before_the_store_takes_the_withdrawal_stays() {
        let (store, candidacies) = place();
        let of = Key::new("schedule", "web");
        candidacies.stand(of.clone(), "web", &SAYS()).await.expect("it stands");
        candidacies.left(&of, hold());
        candidacies.stand(of, "web", &SAYS()).await.expect("it stands again");
        assert_eq!(store.refusals.load(Ordering::Relaxed), 0);
        tokio::task::yield_now().await;
        let _turn = candidacies.turn.lock().await;
        assert_eq!(candidacies.current("web").await.expect("it can be read"), Some(SAYS()));
    }
}
