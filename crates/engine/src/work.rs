//! From "has to be looked at" to "is as it should be": who is queued, begins, ends, fails and is tried again.

use crate::engine::Engine;
use crate::timers::Timer;
use crate::vertex::{Leaving, Phase, Refresh, Running, Tries, Watched};
use crate::{Action, Mode, Run, Time};
use graph::VertexIndex;
use plan::Role;
use resource::host::Urgency;
use resource::{Error, Outcome};
use std::sync::Arc;
use std::time::Duration;

impl Engine {
    /// A vertex has to be looked at.
    pub(crate) fn touch(&mut self, at: VertexIndex, by_event: bool) {
        let vertex = &mut self.graph[at];
        vertex.dirty = true;
        vertex.from_event |= by_event && vertex.planned.meta.limit.is_finite();
        match vertex.phase {
            Phase::Idle => self.consider(at),
            Phase::Retrying(due, tries) if by_event => self.hasten(at, due, tries),
            _ => {}
        }
    }

    /// Something happened to what has failed: it is tried again sooner. Trying may make events itself, so there is a delay
    /// all the same.
    fn hasten(&mut self, at: VertexIndex, due: Time, tries: Tries) {
        let vertex = &self.graph[at];
        if vertex.planned.meta.delay.is_some() || vertex.watched == Watched::Broken {
            return;
        }
        let failed_at = vertex.rare.as_ref().map_or(self.now, |rare| rare.failed_at);
        let sooner = failed_at + self.delay(at).min(self.options.longest_delay_with_events);
        let sooner = sooner.max(self.now);
        if sooner < due {
            // It is the same failure: nobody is told of it twice.
            self.timers.cancel(due, Timer::Retry(at));
            self.timers.set(sooner, Timer::Retry(at));
            self.graph[at].phase = Phase::Retrying(sooner, tries);
        }
    }

    /// Finds out what a dirty vertex waits for. One that runs or has failed is not concerned.
    pub(crate) fn consider(&mut self, at: VertexIndex) {
        let vertex = &self.graph[at];
        let settled = matches!(vertex.phase, Phase::Running | Phase::Ready | Phase::Retrying(..) | Phase::Dead);
        if settled || !vertex.dirty {
            return;
        }
        if matches!(vertex.watched, Watched::Arming | Watched::Broken) {
            return self.enter(at, Phase::Arming);
        }
        if self.hold(at) {
            return;
        }
        match self.take_token(at) {
            Ok(()) => {
                self.enter(at, Phase::Ready);
                self.ready.push_back(at);
            }
            Err(Some(due)) => self.enter(at, Phase::Limited(due)),
            // A rate of zero: there will be no further look, and nothing must wait for it.
            Err(None) => self.enter(at, Phase::Idle),
        }
    }

    fn take_token(&mut self, at: VertexIndex) -> Result<(), Option<Time>> {
        let now = self.now;
        let vertex = &mut self.graph[at];
        if vertex.from_event {
            let meta = Arc::clone(&vertex.planned.meta);
            vertex.rare().bucket.get_or_insert_with(|| crate::limit::Bucket::new(&meta, now)).take(&meta, now)?;
            vertex.from_event = false;
        }
        Ok(())
    }

    /// Begins what can begin.
    pub(crate) fn dispatch(&mut self) {
        self.wake_distant();
        while self.interrupts == 0 && self.running < self.options.jobs.max(1) {
            let Some(at) = self.ready.pop_front() else { break };
            if self.graph.get(at).is_none_or(|vertex| vertex.phase != Phase::Ready) {
                continue;
            }
            // It may have lost its turn in the queue.
            if self.hold(at) {
                self.pass_on(at);
            } else if self.graph[at].is_hidden() {
                self.disable(at);
            } else {
                self.begin(at);
            }
        }
    }

    fn begin(&mut self, at: VertexIndex) {
        let semaphores = self.semaphores_of(at);
        if let Err(taken) = self.semaphores.take(&semaphores) {
            self.semaphores.park(taken, at);
            self.enter(at, Phase::Parked(taken));
            return self.pass_on(at);
        }
        match self.receive(at) {
            Ok(false) => self.start(at, semaphores),
            // What it received is to be watched before it is looked at.
            Ok(true) => {
                self.give_back(&semaphores);
                self.enter(at, Phase::Arming);
            }
            Err(message) => {
                self.give_back(&semaphores);
                self.fail(at, message);
            }
        }
    }

    fn start(&mut self, at: VertexIndex, semaphores: Vec<usize>) {
        let noop = self.is_noop(at);
        let refresh = self.take_refreshes(at);
        let now = self.now;
        let vertex = &mut self.graph[at];
        vertex.attempt += 1;
        vertex.dirty = false;
        vertex.from_event = false;
        let timeout = vertex.planned.meta.timeout;
        let deadline = (timeout > 0).then(|| now + Duration::from_millis(timeout));
        vertex.run = Some(Box::new(Running {
            semaphores,
            noop,
            applying: false,
            deadline,
            urgency: Urgency::None,
            timed_out: false,
            outdated: false,
        }));
        let run = Run {
            vertex: vertex.id,
            attempt: vertex.attempt,
            resource: Arc::clone(vertex.resource()),
            apply: !noop,
            refresh: refresh && vertex.planned.resource.schema().refreshes,
            reverse: vertex.planned.meta.reverse && vertex.planned.role == Role::Managed,
            notifies: !noop && vertex.notifying > 0,
            received: vertex.rare.as_ref().map(|rare| rare.received.clone()).unwrap_or_default(),
            secrets: vertex.rare.as_ref().map(|rare| rare.values.secrets()).unwrap_or_default(),
        };
        if let Some(due) = deadline {
            self.timers.set(due, Timer::Deadline(at));
        }
        self.running += 1;
        self.enter(at, Phase::Running);
        self.actions.push(Action::Run(Box::new(run)));
    }

    /// The turn of a hidden vertex: it receives and is published.
    fn disable(&mut self, at: VertexIndex) {
        match self.receive(at) {
            Ok(_) => {
                let vertex = &mut self.graph[at];
                vertex.dirty = false;
                vertex.failures = 0;
                vertex.message = None;
                self.export(at);
                self.enter(at, Phase::Idle);
            }
            Err(message) => self.fail(at, message),
        }
    }

    pub(crate) fn applying(&mut self, at: VertexIndex, attempt: u32) {
        let vertex = &mut self.graph[at];
        if vertex.attempt == attempt
            && let Some(run) = &mut vertex.run
        {
            run.applying = true;
            self.show(at);
        }
    }

    pub(crate) fn finished(&mut self, at: VertexIndex, attempt: u32, result: Result<Outcome, Error>) {
        let vertex = &mut self.graph[at];
        if vertex.attempt != attempt {
            return;
        }
        let Some(run) = vertex.run.take() else { return };
        self.running -= 1;
        if let Some(due) = run.deadline {
            self.timers.cancel(due, Timer::Deadline(at));
        }
        self.give_back(&run.semaphores);
        match result {
            Ok(outcome) => self.succeed(at, &run, outcome),
            Err(error) => {
                self.keep_refreshes(at);
                self.unsuccessful(at, &run, &error);
            }
        }
    }

    fn succeed(&mut self, at: VertexIndex, run: &Running, outcome: Outcome) {
        let changed = outcome.applied && !outcome.is_clean() && !run.noop;
        if !outcome.is_clean() || self.graph[at].failures > 0 {
            self.activity();
        }
        self.applied += u64::from(changed);
        if run.noop {
            self.keep_refreshes(at);
        } else {
            self.finish_refreshes(at);
        }
        let vertex = &mut self.graph[at];
        vertex.failures = 0;
        if vertex.watched != Watched::Broken {
            vertex.message = None;
        }
        if vertex.planned.meta.retryreset {
            vertex.retries = 0;
        }
        vertex.differs = run.noop && !outcome.is_clean();
        vertex.realized |= !run.noop && !run.outdated;
        if let Some(rare) = &mut vertex.rare {
            rare.received.clear();
        }
        let undone = vertex.planned.role == Role::Undo && !run.noop && !run.outdated;
        let goes = vertex.leaving != Leaving::No;
        let notifies = changed || !run.noop && std::mem::take(&mut vertex.unnotified);
        if undone {
            self.actions.push(Action::Undone { key: vertex.planned.key.clone() });
        }
        self.keep_sent(at, outcome.sent);
        if notifies {
            self.notify(at);
            self.hurry_retries(at);
        }
        if goes {
            return self.discard(at);
        }
        if self.graph[at].watched == Watched::Broken {
            return self.retry_watch_later(at);
        }
        if !run.noop && !run.outdated {
            self.export(at);
        }
        self.go_on(at);
    }

    fn unsuccessful(&mut self, at: VertexIndex, run: &Running, error: &Error) {
        let vertex = &mut self.graph[at];
        vertex.dirty = true;
        vertex.unnotified |= run.applying && !run.noop;
        if vertex.leaving == Leaving::Ending {
            return self.discard(at);
        }
        if vertex.watched == Watched::Broken {
            return self.retry_watch_later(at);
        }
        let interrupted = error.is_interrupted();
        if run.timed_out {
            let seconds = vertex.planned.meta.timeout as f64 / 1000.0;
            let why = if interrupted { String::new() } else { format!(": {}", error.chain()) };
            return self.fail(at, format!("timed out after {seconds} s{why}"));
        }
        if interrupted && run.urgency > Urgency::None {
            return self.go_on(at);
        }
        self.fail(at, error.chain());
    }

    /// After a run: idle, or looked at once more where something happened meanwhile.
    fn go_on(&mut self, at: VertexIndex) {
        if self.graph[at].dirty {
            self.enter(at, Phase::Arming);
            self.spread_blame(at);
            self.consider(at);
        } else {
            self.enter(at, Phase::Idle);
        }
    }

    /// A vertex could not be brought into shape: it is tried again later, or it is over.
    pub(crate) fn fail(&mut self, at: VertexIndex, message: String) {
        let used = self.graph[at].retries;
        let again = self.may_retry(at, used);
        let vertex = &mut self.graph[at];
        if again && vertex.planned.meta.retry.is_some_and(|retry| retry >= 0) {
            vertex.retries += 1;
        }
        self.failed(at, message, again);
    }

    pub(crate) fn may_retry(&self, at: VertexIndex, used: u32) -> bool {
        match self.graph[at].planned.meta.retry {
            Some(retry) => u32::try_from(retry).map_or(true, |retry| used < retry),
            None => self.options.mode == Mode::Run,
        }
    }

    pub(crate) fn failed(&mut self, at: VertexIndex, message: String, again: bool) {
        let retry = self.graph[at].planned.meta.retry;
        let counts = retry.map_or(self.options.mode == Mode::Apply, |retry| retry >= 0);
        let tries = if counts { Tries::Counted } else { Tries::Endless };
        // That it fails again as it did before is nothing new.
        if tries == Tries::Counted || self.graph[at].failures == 0 {
            self.activity();
        }
        let vertex = &mut self.graph[at];
        vertex.failures = vertex.failures.saturating_add(1);
        vertex.explain(&message);
        vertex.dirty = true;
        if !again && vertex.leaving == Leaving::Realizing {
            return self.discard(at);
        }
        let phase = if again { Phase::Retrying(self.now + self.delay(at), tries) } else { Phase::Dead };
        let now = self.now;
        self.graph[at].rare().failed_at = now;
        self.enter(at, phase);
        self.spread_blame(at);
    }

    /// How long to wait before the next try: as the program says, otherwise twice as long after each failure in a row.
    fn delay(&self, at: VertexIndex) -> Duration {
        let vertex = &self.graph[at];
        if let Some(delay) = vertex.planned.meta.delay {
            return Duration::from_millis(delay);
        }
        let doubled = 1_u32.checked_shl(vertex.failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.options.first_delay.saturating_mul(doubled).min(self.options.longest_delay)
    }

    pub(crate) fn retry(&mut self, at: VertexIndex) {
        if !matches!(self.graph[at].phase, Phase::Retrying(..)) {
            return;
        }
        self.enter(at, Phase::Arming);
        if self.graph[at].watched == Watched::Broken {
            self.arm(at);
        }
        self.consider(at);
    }

    /// Wants a run to stop.
    pub(crate) fn cancel(&mut self, at: VertexIndex, urgency: Urgency) {
        let (now, grace) = (self.now, self.options.grace);
        let vertex = &mut self.graph[at];
        let (id, attempt) = (vertex.id, vertex.attempt);
        let Some(run) = &mut vertex.run else { return };
        if urgency <= run.urgency {
            return;
        }
        run.urgency = urgency;
        let old = run.deadline;
        run.deadline = (urgency == Urgency::Soon).then(|| now + grace);
        let new = run.deadline;
        if let Some(due) = old {
            self.timers.cancel(due, Timer::Deadline(at));
        }
        if let Some(due) = new {
            self.timers.set(due, Timer::Deadline(at));
        }
        self.actions.push(Action::Cancel { vertex: id, attempt, urgency });
    }

    /// A run has had its time: it is asked to stop, and later stopped.
    pub(crate) fn deadline(&mut self, at: VertexIndex) {
        let Some(run) = &mut self.graph[at].run else { return };
        run.deadline = None;
        if run.urgency == Urgency::None {
            run.timed_out = true;
            self.cancel(at, Urgency::Soon);
        } else {
            self.cancel(at, Urgency::Now);
        }
    }

    /// Tells the vertices behind notifying edges that this one has changed.
    fn notify(&mut self, at: VertexIndex) {
        for place in 0..self.graph.outgoing(at).len() {
            let edge = self.graph.outgoing(at)[place];
            if self.notifies(edge) {
                self.set_refresh(edge, Refresh::Pending);
                self.touch(self.graph.ends(edge).1, false);
            }
        }
    }

    /// A change may be just what the resources after this one have failed for. Where the program does not say how long they
    /// wait, they are tried again at once.
    fn hurry_retries(&mut self, at: VertexIndex) {
        for place in 0..self.graph.outgoing(at).len() {
            let to = self.graph.ends(self.graph.outgoing(at)[place]).1;
            if self.graph[to].planned.meta.delay.is_none() {
                self.retry(to);
            }
        }
    }

    /// The run that begins is told of all notifications.
    fn take_refreshes(&mut self, at: VertexIndex) -> bool {
        let mut any = false;
        for place in 0..self.graph.incoming(at).len() {
            let edge = self.graph.incoming(at)[place];
            if self.graph[edge].refresh == Refresh::Pending {
                self.set_refresh(edge, Refresh::Taken);
                any = true;
            }
        }
        any
    }

    fn finish_refreshes(&mut self, at: VertexIndex) {
        self.replace_taken(at, Refresh::None);
    }

    /// The run did not act on the notifications it was told of.
    fn keep_refreshes(&mut self, at: VertexIndex) {
        self.replace_taken(at, Refresh::Pending);
    }

    fn replace_taken(&mut self, at: VertexIndex, refresh: Refresh) {
        for place in 0..self.graph.incoming(at).len() {
            let edge = self.graph.incoming(at)[place];
            if self.graph[edge].refresh == Refresh::Taken {
                self.set_refresh(edge, refresh);
            }
        }
    }

    /// Sets the notification of an edge; what has to be remembered is told.
    pub(crate) fn set_refresh(&mut self, edge: graph::EdgeIndex, refresh: Refresh) {
        let old = std::mem::replace(&mut self.graph[edge].refresh, refresh);
        let pending = refresh != Refresh::None;
        if pending != (old != Refresh::None) {
            let (from, to) = self.edge_keys(edge);
            self.actions.push(Action::Refresh { from, to, pending });
        }
    }

    /// Publishes a vertex as it is, where it is to be published and is not yet.
    fn export(&mut self, at: VertexIndex) {
        let noop = self.is_noop(at);
        let vertex = &mut self.graph[at];
        if !noop && !vertex.exported && !vertex.planned.meta.export.is_empty() {
            vertex.exported = true;
            let (id, resource) = (vertex.id, Arc::clone(vertex.resource()));
            self.actions.push(Action::Export { vertex: id, resource });
        }
    }

    fn semaphores_of(&mut self, at: VertexIndex) -> Vec<usize> {
        let planned = Arc::clone(&self.graph[at].planned);
        let mut places: Vec<usize> = planned.meta.sema.iter().map(|name| self.semaphores.place(name)).collect();
        if let Some(count) = self.options.sema {
            places.push(self.semaphores.place(&format!(":{count}")));
            // The program may name it too.
            places.sort_unstable();
            places.dedup();
        }
        if let Some(count) = self.options.doing
            && !planned.resource.is_verified()
        {
            // No program can name it.
            places.push(self.semaphores.place(&format!("\0doing:{count}")));
        }
        places
    }

    fn give_back(&mut self, semaphores: &[usize]) {
        for place in semaphores {
            self.semaphores.give(*place);
            self.unpark(*place);
        }
    }

    /// A vertex leaves the queue without taking its semaphores: what is parked at them gets the chance.
    pub(crate) fn pass_on(&mut self, at: VertexIndex) {
        if self.graph[at].planned.meta.sema.is_empty() && self.options.sema.is_none() {
            return;
        }
        for place in self.semaphores_of(at) {
            self.unpark(place);
        }
    }

    fn unpark(&mut self, place: usize) {
        while let Some(at) = self.semaphores.unpark(place) {
            if self.graph.get(at).is_some_and(|vertex| vertex.phase == Phase::Parked(place)) {
                self.enter(at, Phase::Ready);
                self.ready.push_back(at);
                return;
            }
        }
    }
}
