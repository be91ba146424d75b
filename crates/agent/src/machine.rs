//! The machine with everything that belongs to it: what it is watched by, what it keeps, what it shares.

use crate::exchange::StoreExchange;
use crate::signals::Signals;
use crate::state::StateDirectory;
use crate::{Error, Settings};
use resource::Host;
use std::sync::Arc;
use store::World;
use tokio::sync::watch;

/// The machine.
pub(crate) struct Machine {
    pub(crate) host: Host,
    pub(crate) local: Arc<host::LocalStore>,
    pub(crate) watcher: Arc<host::Watcher>,
    pub(crate) processes: Arc<host::LinuxProcesses>,
    pub(crate) signals: Signals,
    pub(crate) world: World,
    /// Who is to look again.
    pub(crate) events: host::Events,
    /// The exit code that a resource asks for.
    pub(crate) exit: watch::Receiver<Option<i32>>,
}

impl Machine {
    /// Opens the machine; the lines that resources show go to `show`.
    pub(crate) fn open(settings: &Settings, state: &StateDirectory, show: host::Show) -> Result<Machine, Error> {
        let world = World::new(state.store(), &settings.hostname);
        let exchange = StoreExchange::new(world.clone(), settings.hostname.clone());
        let parts = host::Parts {
            exchange: Arc::new(exchange),
            keys: follow_keys(world.clone()),
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
            events: machine.events,
            exit,
        })
    }
}

/// Tells when a shared value changes, for resources that watch one.
fn follow_keys(world: World) -> host::Follow {
    Box::new(move |key, signal| {
        let (world, key) = (world.clone(), key.to_owned());
        let task = tokio::spawn(async move {
            let (Ok(mut values), Ok(mut mapped)) = (world.watch_value(&key).await, world.watch_host_values(&key).await)
            else {
                tracing::error!(key, "A shared value cannot be watched");
                signal.fire();
                return;
            };
            loop {
                signal.fire();
                let next = tokio::select! {
                    next = values.next() => next,
                    next = mapped.next() => next,
                };
                if next.is_none() {
                    return;
                }
            }
        });
        Box::new(Following(task))
    })
}

/// A task that ends when this is dropped.
struct Following(tokio::task::JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}
