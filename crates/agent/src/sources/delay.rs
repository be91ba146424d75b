//! A value as it was some time ago.

use super::Outlet;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use value::Value;

/// The samples of one delay, and the task that lets them out when their time has come.
pub(super) struct Delay {
    by: u64,
    line: Arc<Mutex<Line>>,
    task: JoinHandle<()>,
}

struct Line {
    /// What was sampled and not let out, the oldest first.
    samples: VecDeque<(Instant, Value)>,
    /// What was let out last.
    current: Value,
    outlet: Outlet,
}

impl Drop for Delay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Delay {
    pub(super) fn begin(by: u64, value: Value, outlet: Outlet) -> Delay {
        outlet.value(value.clone());
        let line = Arc::new(Mutex::new(Line { samples: VecDeque::new(), current: value, outlet }));
        let task = tokio::spawn(let_out(Arc::clone(&line)));
        Delay { by, line, task }
    }

    pub(super) fn by(&self) -> u64 {
        self.by
    }

    /// Takes the next sample; from now on values go to another outlet.
    pub(super) fn next(&mut self, value: Value, outlet: Outlet) {
        let mut line = lock(&self.line);
        outlet.value(line.current.clone());
        line.outlet = outlet;
        line.samples.push_back((Instant::now() + Duration::from_millis(self.by), value));
        drop(line);
        self.task.abort();
        self.task = tokio::spawn(let_out(Arc::clone(&self.line)));
    }
}

async fn let_out(line: Arc<Mutex<Line>>) {
    loop {
        let Some(due) = lock(&line).samples.front().map(|(due, _)| *due) else { return };
        sleep_until(due).await;
        let mut line = lock(&line);
        if let Some((_, value)) = line.samples.pop_front() {
            line.outlet.value(value.clone());
            line.current = value;
        }
    }
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}
