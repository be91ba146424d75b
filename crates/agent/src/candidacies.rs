//! What this host says as a candidate in schedules, for as long as somebody here wants it to.
//!
//! A candidacy hangs on the resource that states it and on this process: when either goes, it is taken back, or left for as
//! long as it is to last.

use resource::Key;
use resource::host::{Candidacy, Clock, Lasts};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Result, World};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long the end waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// The candidacies of this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Candidacies {
    world: World,
    clock: Arc<dyn Clock>,
    /// What is locked while the store is told: nobody overtakes.
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    /// By schedule: the resource that states it, and how long it lasts.
    of: BTreeMap<String, (Key, Lasts)>,
    /// Whether the agent ends: nobody becomes a candidate any more.
    closed: bool,
}

impl Candidacies {
    pub(crate) fn new(world: World, clock: Arc<dyn Clock>) -> Candidacies {
        Candidacies { world, clock, held: Arc::default() }
    }

    pub(crate) async fn current(&self, namespace: &str) -> Result<Option<Candidacy>> {
        self.world.candidacy(namespace).await
    }

    /// A resource makes this host a candidate, and one in no other schedule. False where the agent ends and it is too late.
    pub(crate) async fn stand(&self, of: Key, namespace: &str, says: &Candidacy) -> Result<bool> {
        let mut held = self.held.lock().await;
        if held.closed {
            return Ok(false);
        }
        // Before the store is told: a run that is stopped meanwhile has been a candidate all the same.
        held.of.insert(namespace.to_owned(), (of.clone(), says.lasts));
        self.world.stand(namespace, says, self.clock.now()).await?;
        self.release(&mut held, |schedule, key| *key == of && schedule != namespace).await?;
        Ok(true)
    }

    /// A resource makes this host no candidate, nor one in another schedule.
    pub(crate) async fn withdraw(&self, of: Key, namespace: &str) -> Result<()> {
        let mut held = self.held.lock().await;
        self.world.withdraw(namespace).await?;
        held.of.remove(namespace);
        self.release(&mut held, |_, key| *key == of).await
    }

    /// A resource has left the program.
    pub(crate) fn left(&self, of: Key) {
        let candidacies = self.clone();
        tokio::spawn(async move {
            let mut held = candidacies.held.lock().await;
            if let Err(error) = candidacies.release(&mut held, |_, key| *key == of).await {
                tracing::error!(%of, %error, "This host stays a candidate until the agent ends");
            }
        });
    }

    /// Takes back what hangs on a resource that does not state it any more.
    async fn release(&self, held: &mut Held, is_over: impl Fn(&str, &Key) -> bool) -> Result<()> {
        let over: Vec<(String, Lasts)> = held
            .of
            .iter()
            .filter(|(namespace, (key, _))| is_over(namespace, key))
            .map(|(namespace, (_, lasts))| (namespace.clone(), *lasts))
            .collect();
        for (namespace, lasts) in over {
            if lasts != Lasts::Forever {
                self.world.withdraw(&namespace).await?;
            }
            held.of.remove(&namespace);
        }
        Ok(())
    }

    /// The agent ends.
    pub(crate) async fn finish(&self) {
        let end = async {
            let mut held = self.held.lock().await;
            held.closed = true;
            for namespace in std::mem::take(&mut held.of).into_keys() {
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
