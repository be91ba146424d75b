//! Requests of the user or the system to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Requests of the user or the system to stop.
pub(crate) struct Interrupts {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    /// The terminal is gone, and nobody is there to ask again.
    hangup: Option<Signal>,
}

impl Interrupts {
    pub(crate) fn listen() -> Interrupts {
        let listen =
            |kind| signal(kind).map_err(|error| tracing::error!(%error, "Cannot listen for requests to stop")).ok();
        Interrupts {
            interrupt: listen(SignalKind::interrupt()),
            terminate: listen(SignalKind::terminate()),
            hangup: if host::ignores_hangups() { None } else { listen(SignalKind::hangup()) },
        }
    }

    /// Waits for the next one; true for a request to terminate.
    pub(crate) async fn next(&mut self) -> bool {
        async fn one(signal: &mut Option<Signal>) {
            if let Some(signal) = signal
                && signal.recv().await.is_some()
            {
                return;
            }
            std::future::pending::<()>().await;
        }
        tokio::select! {
            () = one(&mut self.interrupt) => false,
            () = one(&mut self.terminate) => true,
            () = one(&mut self.hangup) => true,
        }
    }
}
