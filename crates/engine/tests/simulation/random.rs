//! Random courses with faults, from seeds.
//!
//! The world checks at each action that nothing happens that must not. What must happen is checked here: when faults stop,
//! everything converges and the machine holds what is stated; whoever is held is held by something that has failed; and
//! an interrupt ends it. A seed that fails says how to play it again; `SEEDS` in the environment says how many there are.

use crate::world::World;
use engine::{Event, Mode, Options, State};
use plan::Role;
use resource::host::Urgency;
use resource::{Meta, Transfer};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use value::Value;

/// How many seeds are played unless the environment says otherwise.
const SEEDS: u64 = 300;

/// Numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, among: &[T]) -> Option<T> {
        if among.is_empty() { None } else { Some(among[self.below(among.len() as u64) as usize].clone()) }
    }

    fn millis(&mut self, limit: u64) -> Duration {
        Duration::from_millis(self.below(limit))
    }
}

fn each_seed(test: &str, play: impl Fn(u64)) {
    let number = |variable: &str| {
        let text = std::env::var(variable).ok()?;
        Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{variable} is a number")))
    };
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        if catch_unwind(AssertUnwindSafe(|| play(seed))).is_err() {
            panic!("play it again with: SEED={seed} cargo test -p engine --test simulation {test}");
        }
    }
}

#[test]
fn whatever_happens_it_converges_once_faults_stop_and_ends_when_told() {
    each_seed("whatever_happens", |seed| {
        let mut dice = Dice(seed);
        let jobs = 1 + dice.below(5) as usize;
        let converged_after = Some(Duration::from_secs(5));
        let options = Options { jobs, converged_after, full_pass: None, ..Options::new(Mode::Run) };
        let mut world = World::new(options);
        for _ in 0..10 + dice.below(60) {
            disturb(&mut world, &mut dice);
            blocked_is_explained(&world);
        }
        make_peace(&mut world);
        world.exhaust(Duration::from_secs(3600));
        let report = world.engine.report();
        assert!(world.converged, "it does not converge: {report:?}\n{}", world.log.join("\n"));
        let rest = (report.failed.len(), report.blocked.len(), report.unfinished.len());
        assert_eq!(rest, (0, 0, 0), "{report:?}\n{}", world.log.join("\n"));
        assert!(world.owed.is_empty(), "not everybody was notified\n{}", world.log.join("\n"));
        for name in world.stated_names() {
            let (wanted, holds) = (world.wanted(&name), world.behaviour(&name).holds.clone());
            assert_eq!(holds, wanted, "{name} is not in shape\n{}", world.log.join("\n"));
        }
        for _ in 0..dice.below(20) {
            disturb(&mut world, &mut dice);
        }
        world.step(Event::Interrupt);
        for _ in 0..dice.below(4) {
            let time = dice.millis(2000);
            world.pass(time);
            if world.report.is_none() {
                world.step(Event::Interrupt);
            }
        }
        world.exhaust(Duration::from_secs(60));
        assert!(world.report.is_some(), "it does not end\n{}", world.log.join("\n"));
    });
}

#[test]
fn applying_once_ends_with_everything_clean_failed_or_blocked() {
    each_seed("applying_once", |seed| {
        let mut dice = Dice(seed);
        let jobs = 1 + dice.below(5) as usize;
        let mut world = World::new(Options { jobs, ..Options::new(Mode::Apply) });
        for _ in 0..1 + dice.below(15) {
            state_something(&mut world, &mut dice);
        }
        for name in world.stated_names() {
            if dice.once_in(4) {
                world.behaviour(&name).fails = dice.below(4) as u32;
            }
            world.behaviour(&name).takes = dice.millis(500);
        }
        world.commit();
        world.exhaust(Duration::from_secs(3600));
        let report = world.report.clone().expect("it ends by itself");
        let sum = report.clean + report.failed.len() + report.blocked.len();
        assert_eq!((report.vertices, &*report.unfinished), (sum, &[][..]), "{report:?}\n{}", world.log.join("\n"));
        for (_, culprit) in &report.blocked {
            assert!(report.failed.iter().any(|(key, _)| key == culprit), "{report:?}");
        }
        for (key, _) in &report.failed {
            assert_eq!(world.good_runs.get(key.name.as_str()), None, "{key} did not fail in the end");
        }
    });
}

/// Whoever is blocked is so by an ancestor that is failing, and nobody waits for nothing.
fn blocked_is_explained(world: &World) {
    for (id, planned, state) in world.engine.vertices() {
        if let State::Blocked { by } = state {
            let culprit = world.engine.report().failed.iter().any(|(key, _)| *key.name == *world.names[&by]);
            assert!(culprit, "{} is blocked by {}, which has not failed", planned.key, world.names[&by]);
            assert!(world.engine.planned(by).is_some() && id != by);
        }
        if state == State::Pending && world.report.is_none() {
            assert!(!world.is_still(), "{} waits for nothing\n{}", planned.key, world.log.join("\n"));
        }
    }
}

fn disturb(world: &mut World, dice: &mut Dice) {
    match dice.below(10) {
        0..3 => {
            for _ in 0..1 + dice.below(5) {
                state_something(world, dice);
            }
            if dice.once_in(3) {
                withdraw_something(world, dice);
            }
            if dice.once_in(4) {
                regroup_something(world, dice);
            }
            world.commit();
        }
        3..6 => {
            let Some(name) = dice.pick(&world.stated_names()) else { return };
            world.behaviour(&name).holds = dice.pick(&[None, Some("drift".to_owned())]).flatten();
            // What is polled or not watched yet is looked at anyway.
            if let Some(vertex) = world.id(&name) {
                world.step(Event::WatchFired { vertex });
            }
        }
        6 => {
            let Some(name) = dice.pick(&world.stated_names()) else { return };
            let behaviour = world.behaviour(&name);
            behaviour.takes = dice.millis(3000);
            behaviour.arms = dice.millis(500);
            behaviour.fails = dice.below(4) as u32;
            behaviour.breaks = dice.below(3) as u32;
            behaviour.begins = dice.once_in(2);
            behaviour.heeds = dice.pick(&[Some(Urgency::Soon), Some(Urgency::Now), None]).flatten();
        }
        7 => {
            if let Some(name) = dice.pick(&world.stated_names()) {
                world.break_watch(&name);
            }
        }
        _ => {
            let time = dice.millis(5000);
            world.pass(time);
        }
    }
}

fn state_something(world: &mut World, dice: &mut Dice) {
    let name = format!("r{}", dice.below(12));
    if world.is_staged_for_removal(&name) {
        return;
    }
    let mut meta = Meta::default();
    if dice.once_in(4) {
        meta.retry = Some(dice.below(3) as i16);
        meta.delay = Some(dice.below(2000));
    }
    if dice.once_in(4) {
        meta.sema = dice
            .pick(&[vec!["a"], vec!["a", "b:2"], vec!["b:2"]])
            .unwrap_or_default()
            .iter()
            .map(|it| (*it).to_owned())
            .collect();
    }
    if dice.once_in(6) {
        meta.poll = 1 + dice.below(4) as i32;
    }
    if dice.once_in(6) {
        (meta.limit, meta.burst) = (1.0, 1 + dice.below(2));
    }
    if dice.once_in(6) {
        meta.timeout = 500 + dice.below(2000);
    }
    (meta.realize, meta.rewatch, meta.reset) = (dice.once_in(5), dice.once_in(5), dice.once_in(5));
    meta.retryreset = dice.once_in(3);
    let content = format!("c{}", dice.below(3));
    world.set(&name, &[("content", Value::str(content))], meta, Role::Managed);
    for _ in 0..dice.below(3) {
        let Some(other) = dice.pick(&world.stated_names()) else { continue };
        let (from, to) = if dice.once_in(2) { (&name, &other) } else { (&other, &name) };
        if !world.reaches(to, from) {
            let transfer = Transfer { send: "value".into(), receive: "content".into() };
            let transfer = (dice.once_in(4) && !world.receives(to)).then_some(transfer);
            world.link(from, to, dice.once_in(2), transfer);
        }
    }
}

fn withdraw_something(world: &mut World, dice: &mut Dice) {
    if let Some((from, to)) = dice.pick(&world.stated_edges()) {
        world.unlink(&from, &to);
    }
    if let Some(name) = dice.pick(&world.stated_names()) {
        world.remove(&name);
    }
}

/// Another leader takes up the resource of a vertex.
fn regroup_something(world: &mut World, dice: &mut Dice) {
    let Some(old) = dice.pick(&world.stated_names()) else { return };
    let leader = format!("g{}", dice.below(3));
    if old != leader && !world.is_staged_for_removal(&leader) && world.id(&leader).is_none() {
        world.regroup(&old, &leader, || dice.once_in(2));
    }
}

/// Faults stop, and everything is stated once more without a bound on retries.
fn make_peace(world: &mut World) {
    for behaviour in world.behaviours.values_mut() {
        (behaviour.fails, behaviour.breaks) = (0, 0);
        (behaviour.takes, behaviour.arms) = (Duration::from_millis(10), Duration::ZERO);
        behaviour.heeds = Some(Urgency::Soon);
    }
    for name in world.stated_names() {
        let content = world.stated_content(&name);
        world.set(&name, &[("content", Value::str(content))], Meta::default(), Role::Managed);
    }
    world.commit();
}
