//! What it costs to make a graph of many resources, and to change one of them.
//!
//! ```text
//! cargo run --release -p plan --example measure [RESOURCES]
//! ```

use plan::{Options, Plan};
use resource::{Change, Desired, Edge, Key, StatementId};
use std::io::Write;
use std::time::Instant;
use value::Value;

/// One in ten can be grouped; the others are files in folders, and every hundredth is such a folder.
fn desired(at: u64, content: &str) -> Desired {
    let path = if at.is_multiple_of(100) { format!("/srv/{at}") } else { format!("/srv/{}/{at}", at - at % 100) };
    let mut fields = vec![("content".into(), Value::str(content))];
    if at % 10 == 5 {
        fields.push(("group".into(), Value::str("packages")));
    } else {
        fields.push(("path".into(), Value::str(path)));
    }
    Desired { id: StatementId(at), key: Key::new("thing", format!("t{at}")), fields, meta: vec![], span: None }
}

fn main() -> std::io::Result<()> {
    let count: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let mut out = std::io::stdout().lock();
    let program = || -> Vec<Change> {
        let edge = |at: u64| Edge {
            id: StatementId(count + at),
            from: Key::new("thing", format!("t{}", at - 5)),
            to: Key::new("thing", format!("t{at}")),
            notify: true,
            transfer: None,
            span: None,
        };
        let edges = (0..count).filter(|at| at % 20 == 15).map(edge).map(Change::EdgeAdded);
        (0..count).map(|at| Change::Set(desired(at, "x"))).chain(edges).collect()
    };
    let mut alone = std::time::Duration::ZERO;
    for (autoedge, autogroup) in [(false, false), (true, false), (true, true)] {
        let changes = program();
        let mut plan = Plan::new(testkit::kinds::build, Options { autoedge, autogroup });
        let start = Instant::now();
        let changed = plan.change(changes).map_err(|problems| std::io::Error::other(format!("{problems:?}")))?;
        let took = start.elapsed();
        if !autoedge {
            alone = took;
        }
        let (vertices, edges) = (changed.change.set.len(), changed.change.linked.len());
        writeln!(
            out,
            "edges {autoedge}, groups {autogroup}: {took:?} (+{:?}), {vertices} vertices, {edges} edges",
            took.saturating_sub(alone)
        )?;
        let rounds = 50_u32;
        for (what, at) in [("a field of one file", 1), ("a field of one folder", 0), ("a field of one in a group", 5)] {
            let start = Instant::now();
            for round in 0..rounds {
                let changes = vec![Change::Set(desired(at, if round % 2 == 0 { "y" } else { "z" }))];
                plan.change(changes).map_err(|problems| std::io::Error::other(format!("{problems:?}")))?;
            }
            writeln!(out, "    {what}: {:?}", start.elapsed() / rounds)?;
        }
        let start = Instant::now();
        for round in 0..rounds {
            let new = count * 2 + 1;
            let change =
                if round % 2 == 0 { Change::Set(desired(new, "x")) } else { Change::Removed(StatementId(new)) };
            plan.change(vec![change]).map_err(|problems| std::io::Error::other(format!("{problems:?}")))?;
        }
        writeln!(out, "    one file more or less: {:?}", start.elapsed() / rounds)?;
    }
    Ok(())
}
