//! What a dry run says of resources that are not there, rest on others, or cannot be looked at.

use plan::{Certainty, DryRun, Look, Options, Plan, Sight};
use resource::host::sim::SimHost;
use resource::{AnyResource, Change, Desired, Edge, Error, Key, StatementId, Transfer};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use testkit::kinds::build;
use value::Value;

fn thing(name: &str) -> Key {
    Key::new("thing", name)
}

/// A plan of things, and of edges between them; an edge with a transfer of `value` where it says so.
fn plan(names: &[&str], edges: &[(&str, &str, bool)]) -> Plan {
    let edges: Vec<_> = edges.iter().map(|(from, to, transfers)| (*from, *to, transfers.then_some("value"))).collect();
    plan_sending(names, &edges)
}

/// A plan of things, and of edges between them, each with what it transfers.
fn plan_sending(names: &[&str], edges: &[(&str, &str, Option<&str>)]) -> Plan {
    let mut plan = Plan::new(build, Options { autoedge: true, autogroup: true });
    let mut ids = (0..).map(StatementId);
    let mut changes = Vec::new();
    for (name, id) in names.iter().zip(&mut ids) {
        changes.push(Change::Set(Desired { id, key: thing(name), fields: vec![], meta: vec![], span: None }));
    }
    for ((from, to, send), id) in edges.iter().zip(&mut ids) {
        let transfer = send.map(|send| Transfer { send: send.into(), receive: "content".into() });
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
    while let Some(look) = dry_run.current() {
        let sight = match look.expect("what is received fits") {
            Look::Stated(planned) => sight(&planned.key.name),
            Look::Receiving(resource) => sight(resource.name()),
            Look::Vain => Sight::Unlooked,
        };
        if let Some(step) = dry_run.see(sight, 0) {
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

/// What is to be seen of a thing, which is at once: it is right as it is.
fn seen(resource: &dyn AnyResource) -> Sight {
    let host = SimHost::new().host();
    let Poll::Ready(observed) = pin!(resource.observe(&host)).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("a thing is seen at once");
    };
    observed.map_or_else(Sight::Failed, Sight::Observed)
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

#[test]
fn a_secret_that_is_received_is_in_no_line_also_where_it_is_passed_on() {
    let edges = [("a", "b", Some("secret")), ("b", "c", Some("value")), ("a", "d", Some("value"))];
    let plan = plan_sending(&["a", "b", "c", "d"], &edges);
    let mut dry_run = DryRun::new(&plan, [], []);
    let mut problems = Vec::new();
    while let Some(look) = dry_run.current() {
        let (resource, receives) = match look.expect("what is received fits") {
            Look::Stated(planned) => (Arc::clone(&planned.resource), false),
            Look::Receiving(resource) => (resource, true),
            Look::Vain => panic!("everything is known"),
        };
        let name = resource.name();
        assert_eq!(receives, name != "a", "{name}");
        let is_last = ["c", "d"].contains(&name);
        let sight = if is_last { Sight::Failed(Error::failed("`hunter2` is wrong")) } else { seen(&*resource) };
        problems.extend(dry_run.see(sight, 0).map(|step| format!("{name}: {}", step.problem.unwrap_or_default())));
        if dry_run.sender().is_some() {
            dry_run.sent(Some(Value::structure(["secret", "value"].map(|it| (it, Value::str("hunter2"))))));
        }
    }
    assert_eq!(problems, ["c: `(secret)` is wrong", "d: `hunter2` is wrong"]);
}

#[test]
fn who_receives_is_looked_at_once_as_it_will_be_or_not_at_all() {
    let plan = plan(&["a", "b", "c"], &[("a", "b", true), ("b", "c", true)]);
    let mut dry_run = DryRun::new(&plan, [], []);
    let ahead = dry_run.ahead();
    let ahead: Vec<_> = ahead.iter().map(|it| it.as_ref().map(|planned| planned.key.name.as_str())).collect();
    assert_eq!(ahead, [Some("a"), None, None]);
    let mut looks = Vec::new();
    while let Some(look) = dry_run.current() {
        let look = look.expect("what is received fits");
        looks.push(match &look {
            Look::Stated(planned) => format!("{} as it is stated", planned.key.name),
            Look::Receiving(resource) => format!("{} as it will be", resource.name()),
            Look::Vain => "nothing".to_owned(),
        });
        let sight = match look {
            Look::Stated(planned) => seen(&*planned.resource),
            _ => Sight::Unlooked,
        };
        dry_run.see(sight, 0);
        if dry_run.sender().is_some() {
            dry_run.sent(Some(Value::structure([("value", Value::str("text"))])));
        }
    }
    assert_eq!(looks, ["a as it is stated", "b as it will be", "nothing"]);
}
