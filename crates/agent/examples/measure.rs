//! What the parts of the agent cost in one process, without the machine: the phases of the compiler, the first set of
//! resources, the graph, and one event. `bench/run` calls it; a line of its output is a name, the median and the 99th
//! percentile in microseconds.
//!
//! ```text
//! cargo run --release -p agent --example measure PROGRAM [ROUNDS]
//! ```
//!
//! Where the program follows the time, ticks of the clock are measured too.

use plan::{Options, Plan};
use project::{Input, Project};
use reactive::{Runtime, Status, StreamId, Tick};
use schema::Source;
use span::SourceMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;
use value::Value;

/// How many events are measured in a round.
const EVENTS: i64 = 300;

/// The samples of everything that is measured, by name, in the order of the first samples.
#[derive(Default)]
struct Samples(Vec<(&'static str, Vec<f64>)>);

impl Samples {
    /// Measures a piece of work.
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = work();
        let took = began.elapsed().as_secs_f64() * 1e6;
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.push(took),
            None => self.0.push((name, vec![took])),
        }
        result
    }

    fn print(mut self, to: &mut impl Write) -> std::io::Result<()> {
        for (name, samples) in &mut self.0 {
            samples.sort_by(f64::total_cmp);
            let last = samples.len() - 1;
            writeln!(to, "{name}: {:.1} {:.1}", samples[last / 2], samples[last * 99 / 100])?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("usage: measure PROGRAM [ROUNDS]")?;
    let rounds = arguments.next().map_or(Ok(5), |text| text.parse::<usize>())?;
    let mut samples = Samples::default();
    samples.time("catalog", agent::catalog);
    for _ in 0..rounds {
        round(&program, &mut samples)?;
    }
    Ok(samples.print(&mut std::io::stdout().lock())?)
}

fn round(program: &str, samples: &mut Samples) -> Result<(), Box<dyn Error>> {
    let graph = compile(program, samples)?;
    let mut runtime = Runtime::new(graph, "localhost".into());
    let tick = samples.time("first resources", || runtime.start());
    let clocks: Vec<StreamId> = tick.subscribe.iter().filter(|it| is_clock(&it.source)).map(|it| it.id).collect();
    let tick = if clocks.is_empty() { tick } else { beat(&mut runtime, &clocks, 0) };
    if !matches!(tick.status, Status::Settled) {
        return Err("the program follows more than the time".into());
    }
    let mut plan = Plan::new(kinds::build, Options { autoedge: true, autogroup: true });
    samples.time("graph", || plan.change(tick.changes)).map_err(|_| "resources of the program are in error")?;
    let events = if clocks.is_empty() { 0 } else { EVENTS };
    for time in 1..=events {
        let tick = samples.time("event", || beat(&mut runtime, &clocks, time));
        samples.time("event in the graph", || plan.change(tick.changes)).map_err(|_| "an event is in error")?;
    }
    Ok(())
}

/// The phases of the compiler, as [`agent::compile`] has them.
fn compile(program: &str, samples: &mut Samples) -> Result<Arc<flow::Graph>, Box<dyn Error>> {
    let catalog = agent::catalog();
    let mut texts = SourceMap::default();
    let options = project::Options { module_path: None, download: false, update: false };
    let (mut project, main) = Project::open(&Input::of_path(program), options, &mut texts).map_err(|it| it.message)?;
    let lowered = samples.time("syntax and names", || hir::lower(&mut project, catalog, &mut texts, &main));
    let typed = samples.time("types", || infer::infer(&lowered.program, catalog));
    if !lowered.is_ok() || typed.diagnostics.iter().any(diag::Diagnostic::is_error) {
        return Err("the program is in error".into());
    }
    let (graph, _) = samples.time("function graph", || flow::lower(&lowered.program, &typed, catalog));
    Ok(Arc::new(graph))
}

fn is_clock(source: &Source) -> bool {
    matches!(source, Source::Clock { .. })
}

fn beat(runtime: &mut Runtime, clocks: &[StreamId], time: i64) -> Tick {
    runtime.update(clocks.iter().map(|clock| (*clock, Ok(Value::Int(time)))))
}
