//! One connection to one bus, and what comes over it from the service manager.
//!
//! The connection is made when it is first needed, shared by all, and made again when it is lost. One task reads all
//! signals of the manager and never waits for anything else, so an answer can never be stuck behind a signal.
//!
//! **Invariant:** after a connection is made, all who follow a unit are signalled: what happened before is looked at.

use crate::watch::Signal;
use futures_util::StreamExt;
use resource::{BoxFuture, Error, Result};
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, oneshot};
use zbus::message::Type;
use zbus::{Connection, DBusError, DynamicType, MatchRule, Message, MessageStream, OwnedObjectPath, OwnedVariant};

pub(super) const MANAGER: &str = "org.freedesktop.systemd1";
pub(super) const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
pub(super) const MANAGER_INTERFACE: &str = "org.freedesktop.systemd1.Manager";
pub(super) const UNIT_INTERFACE: &str = "org.freedesktop.systemd1.Unit";
const UNITS: &str = "/org/freedesktop/systemd1/unit/";

/// Longer than reading all unit files anew takes anywhere.
const ANSWER: Duration = Duration::from_secs(120);

/// How long to wait before a lost connection is made again: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// A bus, connected when it is needed.
pub(super) struct Bus {
    is_session: bool,
    connection: AsyncMutex<Option<Connection>>,
    state: Mutex<State>,
    next_id: AtomicU64,
}

#[derive(Default)]
struct State {
    followers: FxHashMap<u64, Follower>,
    jobs: Jobs,
    /// Whether a task keeps the connection up for the followers.
    is_kept: bool,
}

/// Somebody who follows a unit.
struct Follower {
    name: String,
    /// Where the manager has the unit: another place than its name says when the name is an alias.
    paths: Vec<String>,
    /// The last state that was seen, so that reading a unit, which makes the manager load and drop it, is no event.
    last: Option<String>,
    signal: Signal,
}

/// Jobs whose end is awaited, and jobs that ended before anybody could say that he awaits them.
#[derive(Default)]
struct Jobs {
    waiting: FxHashMap<String, oneshot::Sender<String>>,
    /// How many calls are under way that will name a job.
    calls: usize,
    early: FxHashMap<String, String>,
}

impl Bus {
    pub(super) fn new(is_session: bool) -> Arc<Bus> {
        let (connection, state) = (AsyncMutex::new(None), Mutex::default());
        Arc::new(Bus { is_session, connection, state, next_id: AtomicU64::new(0) })
    }

    /// Calls a method of the manager.
    pub(super) async fn call<B>(self: &Arc<Bus>, method: &str, body: &B) -> Result<Message, CallError>
    where
        B: serde::Serialize + DynamicType,
    {
        self.call_at(MANAGER_PATH, MANAGER_INTERFACE, method, body).await
    }

    /// Calls a method of an object of the manager.
    pub(super) async fn call_at<B>(
        self: &Arc<Bus>,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> Result<Message, CallError>
    where
        B: serde::Serialize + DynamicType,
    {
        let connection = self.connected().await.map_err(CallError::Connect)?;
        connection.call_method(Some(MANAGER), path, Some(interface), method, body).await.map_err(CallError::Call)
    }

    /// Calls a method that makes a job, and waits for the end of the job. Returns the job's result.
    pub(super) async fn call_job<B>(self: &Arc<Bus>, method: &str, body: &B) -> Result<String, CallError>
    where
        B: serde::Serialize + DynamicType,
    {
        let call = JobCall::begin(self);
        let reply = self.call(method, body).await?;
        let job: OwnedObjectPath = reply.body().deserialize().map_err(CallError::Call)?;
        let mut end = call.wait_for(job.as_str());
        loop {
            match tokio::time::timeout(Duration::from_secs(10), &mut end).await {
                Ok(Ok(result)) => return Ok(result),
                Ok(Err(_)) => return Err(CallError::Lost),
                Err(_) => tracing::info!(job = job.as_str(), method, "still waiting for the service manager"),
            }
        }
    }

    /// Signals whenever the state of a unit may have changed, until what is returned is dropped.
    pub(super) fn follow(self: &Arc<Bus>, name: &str, signal: Signal) -> UnitGuard {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let follower = Follower { name: name.to_owned(), paths: vec![object_path(name)], last: None, signal };
        let mut state = self.state();
        state.followers.insert(id, follower);
        let is_kept = std::mem::replace(&mut state.is_kept, true);
        drop(state);
        if is_kept {
            tokio::spawn(Arc::clone(self).welcome(id));
        } else {
            tokio::spawn(keep(Arc::downgrade(self)));
        }
        UnitGuard { bus: Arc::downgrade(self), id }
    }

    /// The connection, made where there is none.
    async fn connected(self: &Arc<Bus>) -> Result<Connection, zbus::Error> {
        let mut slot = self.connection.lock().await;
        if let Some(connection) = &*slot
            && !connection.is_closed()
        {
            return Ok(connection.clone());
        }
        let builder =
            if self.is_session { zbus::connection::Builder::session() } else { zbus::connection::Builder::system() };
        let connection = builder.method_timeout(ANSWER).build().await?;
        let from_manager = MatchRule::builder().msg_type(Type::Signal).sender(MANAGER).build()?;
        let signals = MessageStream::for_match_rule(from_manager, &connection, None).await?;
        // A manager that is replaced forgets who had subscribed.
        let owner_changes = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")
            .member("NameOwnerChanged")
            .arg(0, MANAGER)
            .build()?;
        let owners = MessageStream::for_match_rule(owner_changes, &connection, None).await?;
        subscribe(&connection).await?;
        tokio::spawn(listen(Arc::downgrade(self), connection.clone(), signals, owners));
        *slot = Some(connection.clone());
        Ok(connection)
    }

    /// Finds out where the unit of a new follower is, and signals him.
    async fn welcome(self: Arc<Bus>, id: u64) {
        let name = self.state().followers.get(&id).map(|follower| follower.name.clone());
        let Some(name) = name else { return };
        let found = self.call("LoadUnit", &name).await.ok();
        let path = found.and_then(|reply| reply.body().deserialize::<OwnedObjectPath>().ok());
        let mut state = self.state();
        if let Some(follower) = state.followers.get_mut(&id) {
            follower.paths = vec![object_path(&name)];
            follower.paths.extend(path.map(|path| path.as_str().to_owned()));
            follower.signal.fire();
        }
    }

    async fn welcome_all(self: Arc<Bus>) {
        let mut ids: Vec<u64> = self.state().followers.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            Arc::clone(&self).welcome(id).await;
        }
    }

    fn dispatch(self: &Arc<Bus>, message: &Message) {
        let header = message.header();
        let (Some(member), Some(path)) = (header.member(), header.path()) else { return };
        match member.as_str() {
            "JobRemoved" => {
                if let Ok((_, job, _, result)) = message.body().deserialize::<(u32, OwnedObjectPath, String, String)>()
                {
                    self.state().jobs.ended(job.as_str(), result);
                }
            }
            "PropertiesChanged" => self.unit_changed(path.as_str(), message),
            // Comes when it begins, with true, and when it is done.
            "Reloading" if message.body().deserialize::<bool>().is_ok_and(|begins| !begins) => {
                tokio::spawn(Arc::clone(self).welcome_all());
            }
            "UnitFilesChanged" => self.signal_all(),
            _ => {}
        }
    }

    fn unit_changed(&self, path: &str, message: &Message) {
        if !path.starts_with(UNITS) {
            return;
        }
        let mut state = self.state();
        let mut followers = state.followers.values_mut().filter(|it| it.paths.iter().any(|known| known == path));
        let Some(first) = followers.next() else { return };
        let body = message.body();
        let Ok((interface, changed, _)) = body.deserialize::<(String, HashMap<String, OwnedVariant>, Vec<String>)>()
        else {
            return;
        };
        if interface != UNIT_INTERFACE {
            return;
        }
        let seen = ["ActiveState", "UnitFileState", "LoadState", "NeedDaemonReload"]
            .map(|name| changed.get(name).map(|value| format!("{value:?}")).unwrap_or_default())
            .join(" ");
        for follower in std::iter::once(first).chain(followers) {
            if follower.last.as_ref() != Some(&seen) {
                follower.last = Some(seen.clone());
                follower.signal.fire();
            }
        }
    }

    fn signal_all(&self) {
        #[expect(clippy::iter_over_hash_type, reason = "a set of owners is filled")]
        for follower in self.state().followers.values() {
            follower.signal.fire();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made in one go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a call failed.
#[derive(Debug)]
pub(super) enum CallError {
    /// There is no such bus.
    Connect(zbus::Error),
    /// The answer was an error.
    Call(zbus::Error),
    /// The connection was lost while a job was awaited.
    Lost,
}

impl CallError {
    /// As an error of a resource; the message says what was tried.
    pub(super) fn into_error(self, is_session: bool, message: String) -> Error {
        let bus = if is_session { "session" } else { "system" };
        match self {
            CallError::Connect(error) => {
                let advice = if is_session { SESSION_ADVICE } else { "" };
                Error::Unavailable(format!("cannot reach the {bus} bus: {error}{advice}"))
            }
            CallError::Call(error) if is_absent(&error) => {
                Error::Unavailable("systemd does not run on this machine".to_owned())
            }
            CallError::Call(zbus::Error::MethodError(_, Some(text), _)) => Error::Failed(format!("{message}: {text}")),
            // What the error is called says nothing more to people.
            CallError::Call(zbus::Error::FDO(error)) => {
                let text = error.description().map_or_else(|| error.to_string(), str::to_owned);
                Error::Failed(format!("{message}: {text}"))
            }
            CallError::Call(error) => Error::caused(message, error),
            CallError::Lost => Error::Failed(format!("{message}: the connection to the {bus} bus was lost")),
        }
    }
}

/// What a session bus needs.
const SESSION_ADVICE: &str = "; units of a session need the user to be logged in or to linger (`loginctl enable-linger`), \
    the package `dbus-user-session`, and `XDG_RUNTIME_DIR` in the environment";

/// Whether nobody on the bus is the manager.
fn is_absent(error: &zbus::Error) -> bool {
    use zbus::fdo::Error::{NameHasNoOwner, ServiceUnknown};
    match error {
        zbus::Error::FDO(error) => matches!(**error, ServiceUnknown(_) | NameHasNoOwner(_)),
        zbus::Error::MethodError(name, ..) => name.as_str().starts_with("org.freedesktop.DBus.Error.Spawn"),
        _ => false,
    }
}

/// Dropped by who followed a unit.
pub(crate) struct UnitGuard {
    bus: Weak<Bus>,
    id: u64,
}

impl Drop for UnitGuard {
    fn drop(&mut self) {
        if let Some(bus) = self.bus.upgrade() {
            bus.state().followers.remove(&self.id);
        }
    }
}

/// A call under way that will name a job.
struct JobCall<'a>(&'a Bus);

impl<'a> JobCall<'a> {
    fn begin(bus: &'a Bus) -> JobCall<'a> {
        bus.state().jobs.calls += 1;
        JobCall(bus)
    }

    fn wait_for(self, job: &str) -> oneshot::Receiver<String> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.0.state();
        match state.jobs.early.remove(job) {
            Some(result) => _ = sender.send(result),
            None => _ = state.jobs.waiting.insert(job.to_owned(), sender),
        }
        receiver
    }
}

impl Drop for JobCall<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.jobs.calls -= 1;
        if state.jobs.calls == 0 {
            state.jobs.early.clear();
        }
    }
}

impl Jobs {
    fn ended(&mut self, job: &str, result: String) {
        if let Some(waiting) = self.waiting.remove(job) {
            // Whoever waited may have been dropped.
            _ = waiting.send(result);
        } else if self.calls > 0 {
            self.early.insert(job.to_owned(), result);
        }
    }
}

/// Asks the manager to send signals.
async fn subscribe(connection: &Connection) -> Result<(), zbus::Error> {
    match connection.call_method(Some(MANAGER), MANAGER_PATH, Some(MANAGER_INTERFACE), "Subscribe", &()).await {
        Ok(_) => Ok(()),
        // Already subscribed, or nobody there yet: the next owner of the name is asked again.
        Err(zbus::Error::MethodError(..) | zbus::Error::FDO(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads all signals of one connection until it is lost. Boxed, because it may make calls, which may connect and listen.
fn listen(
    bus: Weak<Bus>,
    connection: Connection,
    signals: MessageStream,
    owners: MessageStream,
) -> BoxFuture<'static, ()> {
    Box::pin(listen_to(bus, connection, signals, owners))
}

async fn listen_to(bus: Weak<Bus>, connection: Connection, mut signals: MessageStream, mut owners: MessageStream) {
    loop {
        let message = tokio::select! {
            message = signals.next() => message,
            owner = owners.next() => match owner {
                Some(Ok(_)) => {
                    let Some(bus) = bus.upgrade() else { return };
                    let connection = connection.clone();
                    tokio::spawn(async move {
                        // Fails where there is no new owner yet; then another change will follow.
                        _ = subscribe(&connection).await;
                        bus.welcome_all().await;
                    });
                    continue;
                }
                Some(Err(_)) => continue,
                None => None,
            },
        };
        let Some(bus) = bus.upgrade() else { return };
        match message {
            Some(Ok(message)) => bus.dispatch(&message),
            // Either the connection is lost, which ends the stream, or one message was not readable.
            Some(Err(error)) => tracing::debug!(%error, "unreadable signal"),
            None => {
                let jobs = std::mem::take(&mut bus.state().jobs.waiting);
                drop(jobs);
                return;
            }
        }
    }
}

/// Keeps the connection up for as long as there is a bus to keep it for.
async fn keep(bus: Weak<Bus>) {
    let mut pause = PAUSE.0;
    loop {
        let Some(strong) = bus.upgrade() else { return };
        let connection = match strong.connected().await {
            Ok(connection) => connection,
            Err(error) => {
                tracing::debug!(%error, "no bus to watch units on");
                // So that it is noticed and said by whoever looks.
                strong.signal_all();
                drop(strong);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE.1);
                continue;
            }
        };
        pause = PAUSE.0;
        strong.welcome_all().await;
        connection.closed().await;
        tokio::time::sleep(pause).await;
    }
}

/// Where the manager has a unit.
fn object_path(unit: &str) -> String {
    use std::fmt::Write;
    let mut path = UNITS.to_owned();
    for (index, byte) in unit.bytes().enumerate() {
        // A digit in the beginning is escaped too.
        if byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && index > 0) {
            path.push(char::from(byte));
        } else {
            _ = write!(path, "_{byte:02x}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_the_manager_does() {
        assert_eq!(object_path("getty@tty1.service"), format!("{UNITS}getty_40tty1_2eservice"));
        assert_eq!(object_path("1.mount"), format!("{UNITS}_31_2emount"));
    }
}
