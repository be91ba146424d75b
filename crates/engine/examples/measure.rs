//! What the engine costs: memory of idle resources, and time of events, alone and where much depends on them.
//!
//! ```text
//! cargo run --release -p engine --example measure [VERTICES]
//! ```

use engine::{Action, Engine, Event, Mode, Options, Time};
use plan::{GraphChange, Link, Planned, Role, VertexId};
use resource::{Fields, Key, Kind, Meta, Outcome};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::kinds::Mute;
use value::Name;

struct Driver {
    engine: Engine,
    actions: Vec<Action>,
    steps: u64,
}

impl Driver {
    /// Sends an event, and everything that comes of it.
    fn send(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            self.steps += 1;
            self.engine.step(Time(self.steps), event, &mut self.actions);
            for action in self.actions.drain(..) {
                match action {
                    Action::Watch { vertex, generation, .. } => events.push(Event::Watching { vertex, generation }),
                    Action::Run(run) => {
                        let (vertex, attempt) = (run.vertex, run.attempt);
                        events.push(Event::Finished { vertex, attempt, result: Ok(Outcome::default()) });
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The memory of this process that is in use, in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

fn main() -> std::io::Result<()> {
    let count: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let mut out = std::io::stdout().lock();
    let meta = Arc::new(Meta::default());
    let before = memory();
    let mut change = GraphChange::default();
    for id in 0..count {
        let name = Name::from(format!("/srv/data/folder/number{id}"));
        let resource =
            Mute::build(&name, &mut Fields::default()).map_err(|error| std::io::Error::other(error.to_string()))?;
        let planned = Planned {
            key: Key::new("mute", name),
            resource: Arc::new(resource),
            meta: Arc::clone(&meta),
            members: Vec::new(),
            role: Role::Managed,
            span: None,
        };
        change.set.push((VertexId(id), Arc::new(planned)));
    }
    // A root with everything below it, and chains of ten.
    for id in 1..count {
        let from = if id % 10 == 1 { 0 } else { id - 1 };
        change.linked.push((VertexId(from), VertexId(id), Link::default()));
    }
    let options = Options { converged_after: Some(Duration::from_secs(1)), ..Options::new(Mode::Run) };
    let mut driver = Driver { engine: Engine::new(options), actions: Vec::new(), steps: 0 };
    let start = Instant::now();
    driver.send(Event::GraphChanged(change));
    let all = start.elapsed();
    let per = all.as_secs_f64() / driver.steps as f64;
    writeln!(out, "{count} resources brought into shape: {all:?}, {} steps, {:.2} us each", driver.steps, per * 1e6)?;
    driver.actions = Vec::new();
    let used = memory().saturating_sub(before);
    writeln!(out, "memory with resources and watches: {} bytes a resource", used / count)?;

    for (what, pick) in [
        ("an event at a leaf", (|n, count| (n * 7919 * 10) % count) as fn(u64, u64) -> u64),
        ("an event at the root, everything below it", |_, _| 0),
    ] {
        let rounds = 100_000;
        let steps = driver.steps;
        let start = Instant::now();
        for round in 0..rounds {
            driver.send(Event::WatchFired { vertex: VertexId(pick(round, count)) });
        }
        let per = start.elapsed() / u32::try_from(rounds).unwrap_or(u32::MAX);
        writeln!(out, "{what}: {per:?} with its run ({} steps)", (driver.steps - steps) / rounds)?;
    }
    let planned = driver.engine.planned(VertexId(count / 2)).cloned();
    if let Some(planned) = planned {
        let planned = Arc::new(planned);
        let rounds = 100_000;
        let start = Instant::now();
        for _ in 0..rounds {
            let set = vec![(VertexId(count / 2), Arc::clone(&planned))];
            driver.send(Event::GraphChanged(GraphChange { set, ..GraphChange::default() }));
        }
        writeln!(out, "one resource replaced: {:?} with its run", start.elapsed() / rounds)?;
    }
    Ok(())
}
