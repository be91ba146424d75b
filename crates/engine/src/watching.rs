//! Watches, polling and the slow full pass: why a vertex that is right is looked at again.

use crate::engine::Engine;
use crate::timers::Timer;
use crate::vertex::{Phase, Watched};
use crate::{Action, Time};
use graph::VertexIndex;
use plan::Role;
use resource::Watch;
use resource::host::Urgency;
use std::time::Duration;

/// The slow full pass goes on in steps of at least this.
const PASS_STEP: Duration = Duration::from_secs(1);

impl Engine {
    /// What is to be watched for a vertex.
    pub(crate) fn watches(&self, at: VertexIndex) -> Vec<Watch> {
        let vertex = &self.graph[at];
        let watched = self.keeps_watch() && vertex.planned.role == Role::Managed && vertex.planned.meta.poll == 0;
        if watched { vertex.resource().watches() } else { Vec::new() }
    }

    /// Has the watches of a vertex armed, or its polling begun.
    pub(crate) fn arm(&mut self, at: VertexIndex) {
        let watches = self.watches(at);
        let vertex = &mut self.graph[at];
        let id = vertex.id;
        if watches.is_empty() {
            if std::mem::replace(&mut vertex.watched, Watched::Unneeded) != Watched::Unneeded {
                self.actions.push(Action::Unwatch { vertex: id });
            }
        } else {
            vertex.generation += 1;
            vertex.watched = Watched::Arming;
            self.actions.push(Action::Watch { vertex: id, generation: vertex.generation, watches });
        }
        self.begin_polling(at);
    }

    fn begin_polling(&mut self, at: VertexIndex) {
        let vertex = &self.graph[at];
        let period = u64::try_from(vertex.planned.meta.poll).unwrap_or(0);
        let polled = self.keeps_watch() && period > 0 && vertex.planned.role == Role::Managed;
        self.stop_polling(at);
        if polled {
            let due = self.now + Duration::from_secs(period);
            self.graph[at].rare().poll_at = Some(due);
            self.timers.set(due, Timer::Poll(at));
        }
    }

    pub(crate) fn stop_polling(&mut self, at: VertexIndex) {
        if let Some(rare) = &mut self.graph[at].rare
            && let Some(due) = rare.poll_at.take()
        {
            self.timers.cancel(due, Timer::Poll(at));
        }
    }

    /// Periods are counted from when they were due, not from when we got to it; missed ones are left out.
    pub(crate) fn poll(&mut self, at: VertexIndex, due: Time) {
        let period = Duration::from_secs(u64::try_from(self.graph[at].planned.meta.poll).unwrap_or(0).max(1));
        let next = due + period;
        let next = if next > self.now { next } else { self.now + period };
        self.graph[at].rare().poll_at = Some(next);
        self.timers.set(next, Timer::Poll(at));
        self.touch(at, true);
    }

    pub(crate) fn watching(&mut self, at: VertexIndex, generation: u32) {
        let vertex = &mut self.graph[at];
        if vertex.generation != generation || vertex.watched != Watched::Arming {
            return;
        }
        vertex.watched = Watched::Armed;
        // Whatever happened while nobody watched was not seen.
        vertex.dirty = true;
        self.consider(at);
    }

    pub(crate) fn watch_failed(&mut self, at: VertexIndex, generation: u32, message: String) {
        let vertex = &mut self.graph[at];
        if vertex.generation != generation || !matches!(vertex.watched, Watched::Arming | Watched::Armed) {
            return;
        }
        vertex.watched = Watched::Broken;
        vertex.dirty = true;
        vertex.explain(&message);
        match vertex.phase {
            // Nothing may be done to a resource that nobody watches. It goes on once the run has ended.
            Phase::Running => self.cancel(at, Urgency::Soon),
            // The next try arms the watches first.
            Phase::Retrying(..) | Phase::Dead => {}
            _ => self.retry_watch_later(at),
        }
    }

    /// Watches have their own count of used retries: a run that is cancelled for them costs it none.
    pub(crate) fn retry_watch_later(&mut self, at: VertexIndex) {
        let vertex = &self.graph[at];
        let message = vertex.message.as_deref().unwrap_or("the watches failed").to_owned();
        let again = self.may_retry(at, vertex.watch_retries);
        let vertex = &mut self.graph[at];
        vertex.dirty = true;
        if again && vertex.planned.meta.retry.is_some_and(|retry| retry >= 0) {
            vertex.watch_retries += 1;
        }
        let was_ready = vertex.phase == Phase::Ready;
        let (now, long) = (self.now, self.options.longest_delay * 2);
        let (failures, rare) = (vertex.failures, vertex.rare());
        let before = if now.since(rare.failed_at) < long { rare.watch_failures } else { 0 };
        let failures = failures.max(before);
        rare.watch_failures = failures.saturating_add(1);
        vertex.failures = failures;
        self.failed(at, message, again);
        if was_ready && self.graph.get(at).is_some() {
            self.pass_on(at);
        }
    }

    /// Plans the next part of the slow full pass.
    pub(crate) fn plan_pass(&mut self) {
        let Some(whole) = self.options.full_pass else { return };
        if self.pass_at.is_none() && self.graph.vertex_count() > 0 {
            let due = self.now + self.pass_step(whole);
            self.pass_at = Some(due);
            self.timers.set(due, Timer::Pass);
        }
    }

    fn pass_step(&self, whole: Duration) -> Duration {
        let places = u32::try_from(self.graph.places()).unwrap_or(u32::MAX).max(1);
        (whole / places).max(PASS_STEP)
    }

    /// A part of the slow full pass: so many vertices that the whole takes as long as it should.
    pub(crate) fn pass(&mut self) {
        self.pass_at = None;
        let Some(whole) = self.options.full_pass else { return };
        let places = self.graph.places();
        let part = self.pass_step(whole).as_secs_f64() / whole.as_secs_f64().max(f64::EPSILON);
        let count = ((places as f64 * part).ceil() as usize).clamp(1, places.max(1));
        for _ in 0..count {
            if self.pass_place >= places {
                self.pass_place = 0;
            }
            if let Some(at) = self.graph.at_place(self.pass_place)
                && self.belongs_to_pass(at)
            {
                self.touch(at, false);
            }
            self.pass_place += 1;
        }
        self.plan_pass();
    }

    /// What polls has its own pass or wants none. What does rather than states, such as a command, would do it once more.
    fn belongs_to_pass(&self, at: VertexIndex) -> bool {
        let planned = &self.graph[at].planned;
        planned.role == Role::Managed && planned.meta.poll == 0 && planned.resource.is_verified()
    }
}
