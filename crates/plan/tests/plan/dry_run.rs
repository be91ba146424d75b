//! What a dry run says of resources that are not there, rest on others, or cannot be looked at.

use plan::{Certainty, DryRun, Options, Plan, Sight};
use resource::{Change, Desired, Edge, Error, Key, StatementId, Transfer};
use testkit::kinds::build;

fn thing(name: &str) -> Key {
    Key::new("thing", name)
}

/// A plan of things, and of edges between them; an edge with a transfer where it says so.
fn plan(names: &[&str], edges: &[(&str, &str, bool)]) -> Plan {
    let mut plan = Plan::new(build, Options { autoedge: true, autogroup: true });
    let mut ids = (0..).map(StatementId);
    let mut changes = Vec::new();
    for (name, id) in names.iter().zip(&mut ids) {
        changes.push(Change::Set(Desired { id, key: thing(name), fields: vec![], meta: vec![], span: None }));
    }
    for ((from, to, transfers), id) in edges.iter().zip(&mut ids) {
        let transfer = transfers.then(|| Transfer { send: "value".into(), receive: "content".into() });
        let (from, to) = (thing(from), thing(to));
        changes.push(Change::EdgeAdded(Edge { id, from, to, notify: false, transfer, span: None }));
    }
    plan.change(changes).expect("nothing is wrong with it");
    plan
}

/// The lines of a dry run that sees of each resource what `sight` says.
fn lines(plan: &Plan, sight: impl Fn(&str) -> Sight) -> Vec<String> {
    let mut dry_run = DryRun::new(plan, [], []);
    let mut lines = Vec::new();
    while let Some(planned) = dry_run.current() {
        if let Some(step) = dry_run.see(sight(&planned.key.name), 0) {
            let names = |keys: &[Key]| keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(" ");
            let certainty = match &step.certainty {
                Certainty::Certain => "certain".to_owned(),
                Certainty::Assumed(keys) => format!("assumed {}", names(keys)),
                Certainty::Unknown(keys) => format!("unknown {}", names(keys)),
            };
            let line = format!("{}: {certainty} {}", step.key.name, step.problem.unwrap_or_default());
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

fn fails() -> Sight {
    Sight::Failed(Error::failed("there is no folder"))
}

#[test]
fn what_cannot_be_observed_fails_and_what_comes_after_it_is_unknown() {
    let plan = plan(&["a", "b"], &[("a", "b", false)]);
    assert_eq!(lines(&plan, |_| fails()), ["a: certain there is no folder", "b: unknown a"]);
}

#[test]
fn what_was_not_looked_at_is_unknown_and_may_bring_what_is_missing_later() {
    let plan = plan(&["a", "b", "c"], &[("a", "b", false)]);
    let sight = |name: &str| if name == "a" { Sight::Unlooked } else { fails() };
    assert_eq!(lines(&plan, sight), ["a: unknown", "b: unknown a", "c: certain there is no folder"]);
}

#[test]
fn a_value_that_is_received_is_not_known_before_it_is_sent() {
    let plan = plan(&["a", "b"], &[("a", "b", true)]);
    assert_eq!(lines(&plan, |_| Sight::Unlooked), ["a: unknown", "b: unknown a"]);
}
