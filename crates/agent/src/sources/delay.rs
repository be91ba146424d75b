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

#[cfg(test)]
mod tests {
    use super::*;
    use reactive::StreamId;
    use tokio::sync::mpsc;
    use tokio::time::sleep;

    /// What came when, in milliseconds since the beginning: the outlet and the value.
    async fn told(
        mut events: mpsc::UnboundedReceiver<super::super::SourceEvent>,
        began: Instant,
    ) -> Vec<(u64, u64, i64)> {
        let mut told = Vec::new();
        while let Some((StreamId(outlet), value)) = events.recv().await {
            let value = value.ok().and_then(|it| it.as_int()).expect("a delay does not fail");
            told.push((u64::try_from(began.elapsed().as_millis()).expect("a short time"), outlet, value));
        }
        told
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_shows_when_its_time_has_passed_and_the_oldest_until_then() {
        let (events, received) = mpsc::unbounded_channel();
        let outlet = |id| Outlet { id: StreamId(id), events: events.clone(), last: Arc::new(Mutex::new(None)) };
        let began = Instant::now();
        let told = tokio::spawn(told(received, began));
        let mut delay = Delay::begin(1000, Value::Int(10), outlet(1));
        sleep(Duration::from_millis(400)).await;
        delay.next(Value::Int(20), outlet(2));
        sleep(Duration::from_millis(300)).await;
        delay.next(Value::Int(30), outlet(3));
        sleep(Duration::from_millis(1100)).await;
        delay.next(Value::Int(20), outlet(4));
        sleep(Duration::from_millis(5000)).await;
        drop((delay, events));
        let told = told.await.expect("it ends with the delay");
        // Each outlet begins with what shows by then; a sample shows a second after it was taken, through the last outlet.
        let expected =
            [(0, 1, 10), (400, 2, 10), (700, 3, 10), (1400, 3, 20), (1700, 3, 30), (1800, 4, 30), (2800, 4, 20)];
        assert_eq!(told, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_that_is_dropped_lets_nothing_out() {
        let (events, received) = mpsc::unbounded_channel();
        let outlet = |id| Outlet { id: StreamId(id), events: events.clone(), last: Arc::new(Mutex::new(None)) };
        let told = tokio::spawn(told(received, Instant::now()));
        let mut delay = Delay::begin(1000, Value::Int(10), outlet(1));
        delay.next(Value::Int(20), outlet(2));
        drop(delay);
        sleep(Duration::from_millis(5000)).await;
        drop(events);
        assert_eq!(told.await.expect("nothing else sends"), [(0, 1, 10), (0, 2, 10)]);
    }
}
