//! Every kind on a machine in memory: `cases/kinds/*/*.txt`.
//!
//! A case says what the machine is like (`host`), which resources there are (`resource`; several make a group that the first
//! leads) and under which orders the run takes place (`orders`). The sections that follow are found and compared: `steps`
//! with their differences, `error`, `after` (what is different on the machine), `sent`, `again` (what a second run would
//! do), `undo` (what takes it back) and `undone` (what is different then). `edges` are looked at where a case has them.
//!
//! Whatever the case says, observing and planning must not change the machine, and once a resource is applied there must be
//! nothing left to do.
//! Cut off anywhere, it leaves nothing by half, and the next run goes on ([`interrupted`]).

mod interrupted;
mod literal;
mod machine;
mod table;

use resource::host::Host;
use resource::host::sim::SimHost;
use resource::{AnyResource, Direction, Error, Fields, Identity, PlanContext, Report, Siblings};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use testkit::Case;

#[test]
fn every_kind_does_what_its_cases_say_and_leaves_nothing_to_do() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers starts");
    let (mut seen, mut cut) = (BTreeSet::new(), BTreeSet::new());
    testkit::cases("kinds", |case| {
        let statements = literal::resources(case.section("resource"))?;
        let kinds: Vec<String> = statements.into_iter().map(|statement| statement.kind).collect();
        seen.extend(kinds.iter().cloned());
        let mut found = runtime.block_on(run(case)).map_err(|error| format!("{}: {error}", case.path.display()))?;
        for name in ["steps", "error", "after", "sent", "again"] {
            let text = found.sections.remove(name).unwrap_or_default();
            if !text.is_empty() || !case.section(name).is_empty() {
                case.expect(name, &text)?;
            }
        }
        found.sections.into_iter().try_for_each(|(name, text)| case.expect(name, &text))?;
        if interrupted::check(&runtime, case)? > 0 {
            cut.extend(kinds);
        }
        Ok(())
    });
    let missing: Vec<_> = kinds::ALL.iter().map(|kind| kind.name).filter(|name| !seen.contains(*name)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "these kinds have no case");
    // These change nothing.
    let idle = ["_panic", "noop", "print", "test", "timer"];
    let uncut: Vec<_> = kinds::ALL.iter().map(|kind| kind.name).filter(|name| !cut.contains(*name)).collect();
    assert_eq!(uncut, idle, "these kinds have no case that can be cut off");
}

/// What a case brought to light.
#[derive(Default)]
struct Found {
    sections: std::collections::BTreeMap<&'static str, String>,
}

/// What a case orders.
#[derive(Default)]
struct Orders {
    refresh: bool,
    dry: bool,
    undo: bool,
    received: BTreeSet<String>,
    managed: Vec<PathBuf>,
    brought: Vec<Identity>,
    changed: Vec<Identity>,
    kept: Vec<Identity>,
}

impl Siblings for Orders {
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf> {
        self.managed.iter().filter(|path| path.starts_with(folder) && *path != folder).cloned().collect()
    }

    fn will_exist(&self, identity: &Identity) -> bool {
        self.brought.contains(identity)
    }

    fn will_change(&self, identity: &Identity) -> bool {
        self.changed.contains(identity)
    }

    fn is_kept(&self, identity: &Identity) -> bool {
        self.kept.contains(identity)
    }
}

async fn run(case: &Case) -> Result<Found, String> {
    let mut found = Found::default();
    let orders = orders(case.section("orders"))?;
    let sim = SimHost::new();
    machine::read(case.section("host"), &mut sim.world())?;
    let mut host = sim.host();
    host.dry = orders.dry;
    let resource = match build(case) {
        Ok(resource) => resource,
        Err(error) => {
            found.sections.insert("error", error);
            return Ok(found);
        }
    };
    if case.sections.iter().any(|it| it.name == "edges") {
        found.sections.insert("edges", edges(&*resource, &host).await);
    }
    let before = machine::lines(&sim.world());
    let result = work(case, &*resource, &sim, &host, &orders, &mut found).await;
    if let Err(error) = result {
        found.sections.insert("error", error);
    }
    found.sections.entry("after").or_insert_with(|| difference(&before, &machine::lines(&sim.world())));
    Ok(found)
}

async fn work(
    case: &Case,
    resource: &dyn AnyResource,
    sim: &SimHost,
    host: &Host,
    orders: &Orders,
    found: &mut Found,
) -> Result<(), String> {
    let cx =
        PlanContext { refresh: orders.refresh, received: &orders.received, now: host.clock.now(), siblings: orders };
    let now = resource.observe(host).await.map_err(|error| text_of("observe", &error))?;
    let steps = resource.plan(&now, &cx).map_err(|error| text_of("plan", &error))?;
    let reports: Vec<Report> = steps.iter().map(|step| step.report()).collect();
    found.sections.insert("steps", shown(&reports));
    assert_eq!(
        sim.world().changes,
        Vec::<String>::new(),
        "{}: observe or plan changed the machine",
        case.path.display()
    );
    if orders.dry {
        return Ok(());
    }
    let before = machine::lines(&sim.world());
    let undo = if orders.undo { Some(resource.reversed(&now).map_err(|error| text_of("undo", &error))?) } else { None };
    for step in &steps {
        resource.apply(host, step).await.map_err(|error| text_of("apply", &error))?;
    }
    let settled = PlanContext { refresh: false, received: &BTreeSet::new(), ..cx };
    let now = resource.observe(host).await.map_err(|error| text_of("observe again", &error))?;
    let again = resource.plan(&now, &settled).map_err(|error| text_of("plan again", &error))?;
    let again: Vec<Report> = again.iter().map(|step| step.report()).collect();
    if resource.is_verified() && !again.is_empty() {
        return Err(format!("applied, but still differs: {}", shown(&again)));
    }
    found.sections.insert("again", shown(&again));
    let sent = resource.send(host).await.map_err(|error| text_of("send", &error))?;
    found.sections.insert("sent", sent.map(|it| it.to_string()).unwrap_or_default());
    let Some(undo) = undo else { return Ok(()) };
    found.sections.insert("after", difference(&before, &machine::lines(&sim.world())));
    let Some(undo) = undo else {
        found.sections.insert("undo", "nothing".to_owned());
        return Ok(());
    };
    let is_default = |name: &str, value: &value::Value| {
        undo.schema().field(name).and_then(|it| it.default).is_some_and(|default| default() == *value)
    };
    let fields = undo.fields().into_iter().filter(|(name, value)| !is_default(name, value));
    found.sections.insert("undo", fields.map(|(name, value)| format!("{name} => {value}\n")).collect());
    let now = undo.observe(host).await.map_err(|error| text_of("observe undo", &error))?;
    for step in undo.plan(&now, &settled).map_err(|error| text_of("plan undo", &error))? {
        undo.apply(host, &step).await.map_err(|error| text_of("apply undo", &error))?;
    }
    found.sections.insert("undone", difference(&before, &machine::lines(&sim.world())));
    Ok(())
}

fn build(case: &Case) -> Result<Arc<dyn AnyResource>, String> {
    let mut resources = Vec::new();
    for statement in literal::resources(case.section("resource"))? {
        let build = kinds::build(&statement.kind).ok_or_else(|| format!("no kind `{}`", statement.kind))?;
        let mut fields = Fields::from_iter(statement.fields);
        let resource =
            build(&statement.name.as_str().into(), &mut fields).map_err(|error| format!("build: {error}"))?;
        if let Some(name) = fields.rest().next() {
            return Err(format!("build: no field `{name}`"));
        }
        resource.validate().map_err(|error| {
            let hint = error.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            let field = error.field.map(|field| format!(" ({field})")).unwrap_or_default();
            format!("invalid{field}: {error}{hint}")
        })?;
        resources.push(resource);
    }
    let (leader, members) = resources.split_first().ok_or("no resource")?;
    if members.is_empty() {
        return Ok(leader.clone());
    }
    if members.iter().any(|member| member.group_key() != leader.group_key() || member.group_key().is_none()) {
        return Err("the resources do not group".to_owned());
    }
    leader.grouped(members).map_err(|error| format!("group: {error}"))
}

async fn edges(resource: &dyn AnyResource, host: &Host) -> String {
    let mut text = String::new();
    for watch in resource.watches() {
        _ = writeln!(text, "watches {watch:?}");
    }
    for identity in resource.provides() {
        _ = writeln!(text, "provides {identity}");
    }
    if let Some(discovering) = resource.discover(host) {
        for identity in discovering.await.unwrap_or_default() {
            _ = writeln!(text, "discovers {identity}");
        }
    }
    for want in resource.wants() {
        let direction = if want.direction == Direction::Before { "after" } else { "before" };
        let any: Vec<String> = want.identities().iter().map(ToString::to_string).collect();
        _ = writeln!(text, "comes {direction} {}", any.join(" or "));
    }
    text
}

fn orders(text: &str) -> Result<Orders, String> {
    let mut orders = Orders::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["refresh"] => orders.refresh = true,
            ["dry"] => orders.dry = true,
            ["undo"] => orders.undo = true,
            ["received", field] => _ = orders.received.insert((*field).to_owned()),
            ["manages", path] => orders.managed.push(path.into()),
            ["changes", rest @ ..] => orders.changed.push(identity(rest)?),
            ["keeps", rest @ ..] => orders.kept.push(identity(rest)?),
            ["brings", rest @ ..] => orders.brought.push(identity(rest)?),
            _ => return Err(format!("what is the order `{line}`?")),
        }
    }
    Ok(orders)
}

fn identity(words: &[&str]) -> Result<Identity, String> {
    Ok(match words {
        ["packaged", rest @ ..] => identity(rest)?.packaged(),
        ["path", path] => Identity::path(path),
        ["package", name] => Identity::Package((*name).to_owned()),
        ["unit", name] => Identity::unit(*name),
        ["session", "unit", name] => Identity::Unit { name: (*name).to_owned(), session: true },
        ["home", path] => Identity::in_home(*path),
        ["user", name] => Identity::User((*name).to_owned()),
        ["group", name] => Identity::Group((*name).to_owned()),
        ["gid", number] => Identity::GroupId(number.parse().map_err(|_| "no number")?),
        _ => return Err(format!("what is the identity {words:?}?")),
    })
}

fn text_of(phase: &str, error: &Error) -> String {
    format!("{phase}: {}", error.chain())
}

fn shown(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        _ = writeln!(text, "{}", report.text);
        let Some(diff) = &report.diff else { continue };
        let side = |bytes: &Option<Vec<u8>>| String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
        let (old, new) = (side(&diff.old), side(&diff.new));
        for change in similar::TextDiff::from_lines(&old, &new).iter_all_changes() {
            let newline = if change.value().ends_with('\n') { "" } else { "\n" };
            _ = write!(text, "    {}{}{newline}", change.tag(), change.value());
        }
    }
    text
}

/// The lines that are only in one of the two, as a machine has changed.
fn difference(before: &[String], after: &[String]) -> String {
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}\n"));
    let come = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    gone.chain(come).collect()
}
