//! Every case once more, cut off at each of its changes: the call fails, or the agent dies.
//!
//! Whatever is there then is as it was or as it is to be, and nothing is open to more people than either. The next run comes
//! to the same end as one that nobody cut off, in the same life of the agent and in a new one.

use super::{Orders, build, difference, machine, orders, shown};
use resource::host::Host;
use resource::host::sim::{Death, Fault, Node, NodeKind, SimHost, World};
use resource::{AnyResource, Error, PlanContext, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use testkit::Case;
use tokio::runtime::Runtime;

/// How a run is cut off, and what goes on.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// A call fails; the same agent tries again.
    Fails,
    /// The run is dropped; the same agent begins another.
    Dropped,
    /// The agent is killed; a new one begins.
    Killed,
}

/// Cuts a case off everywhere; how often that was. Cases that do not come to their end by themselves have none to come to.
pub(crate) fn check(runtime: &Runtime, case: &Case) -> Result<usize, String> {
    let orders = orders(case.section("orders"))?;
    let Ok(resource) = build(case) else { return Ok(0) };
    let machine = || -> Result<SimHost, String> {
        let sim = SimHost::new();
        machine::read(case.section("host"), &mut sim.world())?;
        Ok(sim)
    };
    let whole = machine()?;
    // Looking at a unit makes systemd read its file.
    _ = runtime.block_on(resource.observe(&whole.host()));
    let before = Sight::of(&whole.world());
    if orders.dry || runtime.block_on(life(&*resource, &whole.host(), &orders)).is_err() {
        return Ok(0);
    }
    let after = Sight::of(&whole.world());
    let count = whole.world().changes.len();
    for at in 0..count {
        for cut in [Cut::Fails, Cut::Dropped, Cut::Killed] {
            let sim = machine()?;
            let told = |error: String| {
                let change = &whole.world().changes[at];
                format!("{}: {cut:?} at change {at}, `{change}`: {error}", case.path.display())
            };
            cut_off(runtime, &*resource, &sim, &orders, (at, cut), (&before, &after)).map_err(told)?;
        }
    }
    Ok(count)
}

fn cut_off(
    runtime: &Runtime,
    resource: &dyn AnyResource,
    sim: &SimHost,
    orders: &Orders,
    (at, cut): (usize, Cut),
    (before, after): (&Sight, &Sight),
) -> Result<(), String> {
    let fault = if matches!(cut, Cut::Fails) { Fault::Fails } else { Fault::Dies };
    sim.world().fault = Some((at, fault));
    let host = sim.host();
    // Nothing that it holds is used afterwards but the machine, which a dead agent leaves just like this.
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(life(resource, &host, orders)))) {
        Ok(_) => {}
        Err(death) if death.is::<Death>() => {}
        Err(panic) => resume_unwind(panic),
    }
    if sim.world().fault.is_some() {
        return Err("it was not cut off there: two runs are not the same".to_owned());
    }
    Sight::of(&sim.world()).is_between(before, after)?;
    let host = if matches!(cut, Cut::Killed) { sim.host() } else { host };
    runtime.block_on(life(resource, &host, orders)).map_err(|error| format!("then: {}", error.chain()))?;
    let (end, wanted) = (Sight::of(&sim.world()).machine(), after.machine());
    if end != wanted {
        return Err(format!("it comes to another end: {}", difference(&wanted, &end)));
    }
    let again = runtime.block_on(left(resource, &host, orders)).map_err(|error| error.chain())?;
    if resource.is_verified() && !again.is_empty() {
        return Err(format!("it still differs in the end: {}", shown(&again)));
    }
    Ok(())
}

/// One run.
async fn life(resource: &dyn AnyResource, host: &Host, orders: &Orders) -> Result<(), Error> {
    let cx = context(host, orders, orders.refresh, &orders.received);
    let now = resource.observe(host).await?;
    for step in resource.plan(&now, &cx)? {
        resource.apply(host, &step).await?;
    }
    Ok(())
}

/// What there is left to do.
async fn left(resource: &dyn AnyResource, host: &Host, orders: &Orders) -> Result<Vec<Report>, Error> {
    let received = BTreeSet::new();
    let now = resource.observe(host).await?;
    let steps = resource.plan(&now, &context(host, orders, false, &received))?;
    Ok(steps.iter().map(|step| step.report()).collect())
}

fn context<'a>(host: &Host, orders: &'a Orders, refresh: bool, received: &'a BTreeSet<String>) -> PlanContext<'a> {
    PlanContext { refresh, received, now: host.clock.now(), siblings: orders }
}

/// What counts of a machine: not how often something was said, run, restarted or kept as a backup.
struct Sight {
    files: BTreeMap<PathBuf, Node>,
    others: Vec<String>,
}

impl Sight {
    fn of(world: &World) -> Sight {
        // When it came about is another time.
        let timeless = |node: &Node| Node { generation: 0, modified: 0, ..node.clone() };
        let files = world.files.iter().map(|(path, node)| (path.clone(), timeless(node))).collect();
        let counts = |line: &String| {
            let word = line.split(' ').next().unwrap_or_default();
            ["user", "group", "local", "key", "mapped"].contains(&word)
        };
        let mut others: Vec<String> = machine::lines(world).into_iter().filter(counts).collect();
        // These are changed one by one.
        for ((name, _), unit) in &world.units {
            others.push(format!("{name} is {:?}", unit.active));
            others.push(format!("{name} is {}", unit.startup));
            others.extend(unit.mask.iter().map(|mask| format!("{name} is {mask}")));
        }
        for (name, package) in &world.installed {
            others.push(format!("{name} is {:?}", package.version));
            // Which it is not while it is changed.
            others.extend(package.held.then(|| format!("{name} is held")));
        }
        Sight { files, others }
    }

    /// A line for each thing on the machine, without what the agent keeps for itself.
    fn machine(&self) -> Vec<String> {
        let own = Path::new("/var/lib/stead");
        let files = self.files.iter().filter(|(path, _)| !path.starts_with(own) && !own.starts_with(path));
        files.map(|(path, node)| format!("{} {node:?}", path.display())).chain(self.others.iter().cloned()).collect()
    }

    /// Whether everything is as it is in one of the two.
    fn is_between(&self, before: &Sight, after: &Sight) -> Result<(), String> {
        for (path, node) in &self.files {
            let (old, new) = (before.files.get(path), after.files.get(path));
            is_either(node, old, new).map_err(|what| format!("{}: {what}: {node:?}", path.display()))?;
        }
        for path in before.files.keys().filter(|path| after.files.contains_key(*path)) {
            if !self.files.contains_key(path) && !makes_room(path, before, after) {
                return Err(format!("{} is gone for a while", path.display()));
            }
        }
        match self.others.iter().find(|line| !before.others.contains(line) && !after.others.contains(line)) {
            Some(line) => Err(format!("`{line}` is neither old nor new")),
            None => Ok(()),
        }
    }
}

/// Whether a path, or what it is in, was a folder and is to be something else, or the other way round: one of them has to go
/// before the other can come.
fn makes_room(path: &Path, before: &Sight, after: &Sight) -> bool {
    let is_folder = |sight: &Sight, path: &Path| sight.files.get(path).map(|node| node.kind == NodeKind::Folder);
    path.ancestors().any(|path| is_folder(before, path) != is_folder(after, path))
}

fn is_either(node: &Node, old: Option<&Node>, new: Option<&Node>) -> Result<(), &'static str> {
    let any = |is: &dyn Fn(&Node) -> bool| old.is_some_and(is) || new.is_some_and(is);
    if !any(&|it| it.kind == node.kind) {
        return Err("neither what it was nor what it is to be");
    }
    // Owner, group and mode of what was there are set one by one.
    if !any(&|it| it.owner == node.owner) || !any(&|it| it.group == node.group) {
        return Err("it belongs to neither the old nor the new owner and group");
    }
    if !any(&|it| node.mode & !it.mode == 0) {
        return Err("it is open to more people than before and afterwards");
    }
    Ok(())
}
