//! The machine with everything that belongs to it: what it is watched by, what it keeps, what it shares.

use crate::candidacies::Candidacies;
use crate::exchange::StoreExchange;
use crate::signals::Signals;
use crate::state::StateDirectory;
use crate::{Error, Settings};
use futures_util::stream::{self, StreamExt as _};
use resource::Host;
use std::sync::Arc;
use std::time::Duration;
use store::{Watching, World};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the end waits for the disk.
const SYNCING: Duration = Duration::from_secs(60);

/// The machine.
pub(crate) struct Machine {
    pub(crate) host: Host,
    pub(crate) local: Arc<host::LocalStore>,
    pub(crate) watcher: Arc<host::Watcher>,
    pub(crate) processes: Arc<host::LinuxProcesses>,
    pub(crate) signals: Signals,
    pub(crate) world: World,
    /// What this host says as a candidate.
    pub(crate) candidacies: Candidacies,
    /// Who is to look again.
    pub(crate) events: host::Events,
    /// The exit code that a resource asks for.
    pub(crate) exit: watch::Receiver<Option<i32>>,
}

impl Machine {
    /// Opens the machine; the lines that resources show go to `show`.
    pub(crate) fn open(settings: &Settings, state: &StateDirectory, show: host::Show) -> Result<Machine, Error> {
        let world = World::new(state.store(), &settings.hostname);
        let candidacies = Candidacies::new(world.clone(), Arc::new(host::SystemClock));
        let exchange = StoreExchange::new(world.clone(), settings.hostname.clone(), candidacies.clone());
        let parts = host::Parts {
            exchange: Arc::new(exchange),
            keys: follow_keys(world.clone()),
            candidacies: follow_candidacies(world.clone()),
            show,
            backups: host::BackupBounds::default(),
        };
        let failed = |source| Error::Machine { action: "watch the machine", source };
        let machine = host::linux(state.path(), parts).map_err(failed)?;
        let watcher = Arc::new(machine.watcher);
        let signals = Signals::new(Arc::clone(&watcher));
        let exit = machine.local.exit_requests();
        Ok(Machine {
            host: machine.host,
            local: machine.local,
            watcher,
            processes: machine.processes,
            signals,
            world,
            candidacies,
            events: machine.events,
            exit,
        })
    }

    /// Makes durable what was changed, before anybody is told that all is done. False where that is not certain.
    pub(crate) async fn sync(&self) -> bool {
        let why = match timeout(SYNCING, self.host.on_files(|files| files.sync())).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.chain(),
            Err(_) => format!("the disk has not answered for {} s", SYNCING.as_secs()),
        };
        tracing::error!(why, "The last changes may be lost when the machine stops now");
        false
    }
}

/// Tells when a shared value changes, for resources that watch one.
fn follow_keys(world: World) -> host::Follow {
    Box::new(move |key, signal| {
        let (world, key) = (world.clone(), key.to_owned());
        follow(signal, async move { Ok(vec![world.watch_value(&key).await?, world.watch_host_values(&key).await?]) })
    })
}

/// Tells when it changes what this host says as a candidate.
fn follow_candidacies(world: World) -> host::Follow {
    Box::new(move |namespace, signal| {
        let (world, namespace) = (world.clone(), namespace.to_owned());
        follow(signal, async move { Ok(vec![world.watch_candidacy(&namespace).await?]) })
    })
}

/// Fires the signal once the watches have begun, and then with each change that one of them sees.
fn follow(
    signal: host::Signal,
    begin: impl Future<Output = store::Result<Vec<Watching>>> + Send + 'static,
) -> host::Guard {
    let task = tokio::spawn(async move {
        let mut changes = match begin.await {
            Ok(watches) => stream::select_all(watches.into_iter().map(|it| Box::pin(stream::unfold(it, next)))),
            Err(error) => {
                tracing::error!(%error, "What hosts share cannot be watched");
                signal.fire();
                return;
            }
        };
        signal.fire();
        while changes.next().await.is_some() {
            signal.fire();
        }
    });
    Box::new(Following(task))
}

async fn next(mut watching: Watching) -> Option<((), Watching)> {
    watching.next().await.map(|_| ((), watching))
}

/// A task that ends when this is dropped.
struct Following(tokio::task::JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}
