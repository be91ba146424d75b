//! Programs in a world that a case plays: what they state, and what comes of it when values change.
//!
//! Everything is real but the sources: the values that a program follows are those that the script says. So there is no
//! time, and the same script leads to the same text.

use crate::language::{compile, is_outcome, stated, told};
use crate::settings;
use agent::{Compiled, Input};
use diag::Diagnostic;
use plan::Plan;
use reactive::{Problem, Runtime, Status, StreamId, Tick};
use resource::{Change, StatementId};
use schema::Source;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use value::{Failure, Value};

/// What the sources of the world have for values, by how they are written.
type World = BTreeMap<String, Result<Value, Failure>>;

/// A line of a script: a source, and the value or failure that it has from now on.
fn line(line: &str) -> Result<(String, Result<Value, Failure>), String> {
    let marks = [" = ", " ?> ", " !> "];
    let found = marks.iter().filter_map(|mark| Some((line.find(mark)?, *mark))).min();
    let (at, mark) = found.ok_or_else(|| format!("`{line}` says nothing of a source"))?;
    let (source, sent) = (line[..at].to_owned(), &line[at + mark.len()..]);
    let sent = match mark {
        " ?> " => Err(Failure::catchable(sent)),
        " !> " => Err(Failure::fatal(sent)),
        _ => Ok(value(sent)?),
    };
    Ok((source, sent))
}

/// The value of an expression that needs nothing of the world.
fn value(expression: &str) -> Result<Value, String> {
    // Of these alone, nothing says which type they are.
    match expression {
        "[]" => return Ok(Value::list([])),
        "{}" => return Ok(Value::map([])),
        _ => {}
    }
    let text = format!("value \"\" {{ any => {expression}, }}");
    let input = Input::Text { name: "<value>".into(), text: text.into() };
    let compiled =
        agent::compile(&agent::Settings { input, ..settings(Path::new("/"), Path::new("/")) }, agent::catalog());
    let found = reactive::known_resources(&compiled.graph).pop().and_then(|mut it| it.fields.pop());
    found.map(|(_, value)| value).ok_or_else(|| format!("`{expression}` is no constant"))
}

/// How a program stands when everything that could be answered is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// What it states.
    Stated(String),
    /// What is wrong.
    Failing(String),
    /// The sources that have no value.
    Waiting(Vec<String>),
}

/// A program that runs.
struct Life<'c> {
    compiled: &'c Compiled,
    folder: &'c Path,
    runtime: Runtime,
    plan: Plan,
    statements: BTreeMap<StatementId, Change>,
    /// What is followed.
    followed: BTreeMap<StreamId, String>,
    /// What began and ended to be followed since it was asked for last.
    turns: String,
    /// How often the graph changed since.
    published: usize,
}

impl<'c> Life<'c> {
    fn begin(compiled: &'c Compiled, folder: &'c Path, world: &World) -> Result<(Life<'c>, Standing), String> {
        let options = plan::Options { autoedge: true, autogroup: false };
        let mut life = Life {
            compiled,
            folder,
            runtime: Runtime::new(Arc::clone(&compiled.graph), "".into()),
            plan: Plan::new(kinds::build, options),
            statements: BTreeMap::new(),
            followed: BTreeMap::new(),
            turns: String::new(),
            published: 0,
        };
        let tick = life.runtime.start();
        let standing = life.settle(tick, world)?;
        Ok((life, standing))
    }

    /// Some sources of the world have got other values, all at once.
    fn change(&mut self, sources: &[&str], world: &World) -> Result<Standing, String> {
        let told = self.followed.iter().filter(|(_, source)| sources.contains(&source.as_str()));
        let events = told.map(|(id, source)| (*id, world[source].clone())).collect::<Vec<_>>();
        let tick = self.runtime.update(events);
        self.settle(tick, world)
    }

    /// Answers subscriptions until nothing is asked that the world knows.
    fn settle(&mut self, mut tick: Tick, world: &World) -> Result<Standing, String> {
        loop {
            let mut answers = Vec::new();
            for subscription in tick.subscribe {
                let (id, source) = (subscription.id, format!("{:?}", subscription.source));
                if let Source::Once(value) = subscription.source {
                    answers.push((id, Ok(value)));
                    continue;
                }
                _ = writeln!(self.turns, "+ {source}");
                answers.extend(world.get(&source).map(|sent| (id, sent.clone())));
                self.followed.insert(id, source);
            }
            for id in tick.unsubscribe {
                if let Some(source) = self.followed.remove(&id) {
                    _ = writeln!(self.turns, "- {source}");
                }
            }
            let standing = self.standing(tick.status, tick.changes, world)?;
            if answers.is_empty() {
                return Ok(standing);
            }
            tick = self.runtime.update(answers);
        }
    }

    fn standing(&mut self, status: Status, changes: Vec<Change>, world: &World) -> Result<Standing, String> {
        if status != Status::Settled && !changes.is_empty() {
            return Err("something was published while not every value is there".to_owned());
        }
        Ok(match status {
            Status::Waiting => {
                let awaited = self.followed.values().filter(|source| !world.contains_key(*source)).cloned();
                Standing::Waiting(awaited.collect())
            }
            Status::Failed(problems) => self.failing(&problems.iter().map(Problem::diagnostic).collect::<Vec<_>>()),
            Status::Settled => {
                changes.iter().try_for_each(|change| self.take(change))?;
                self.plan.prepare(changes);
                match self.plan.commit() {
                    Ok(changed) => {
                        self.published += usize::from(!changed.change.is_empty());
                        Standing::Stated(stated(&self.plan.view()))
                    }
                    Err(mut problems) => {
                        flow::point_at_lines(&self.compiled.graph, &mut problems);
                        self.failing(&problems)
                    }
                }
            }
        })
    }

    /// Takes note of a change, which has to be one.
    fn take(&mut self, change: &Change) -> Result<(), String> {
        let (known, new) = match change {
            Change::Set(it) => (self.statements.insert(it.id, change.clone()), true),
            Change::EdgeAdded(it) => (self.statements.insert(it.id, change.clone()), true),
            Change::Removed(id) | Change::EdgeRemoved(id) => (self.statements.remove(id), false),
        };
        if new && known.as_ref() == Some(change) || !new && known.is_none() {
            return Err(format!("this changes nothing: {change:?}"));
        }
        Ok(())
    }

    /// Makes sure that it does not matter how the program came to where it stands.
    fn like_anew(&self, standing: &Standing, world: &World) -> Result<(), String> {
        let (anew, other) = Life::begin(self.compiled, self.folder, world)?;
        // What was begun before may be awaited as well, though it is not known now whether it is needed.
        let waits = matches!((&other, standing), (Standing::Waiting(_), Standing::Waiting(_)));
        if other != *standing && !waits {
            return Err(format!("{standing:?}, but a new start leads to {other:?}"));
        }
        let (nodes, needed) = (self.runtime.node_count(), anew.runtime.node_count());
        if matches!(standing, Standing::Stated(_)) && nodes != needed {
            return Err(format!("{nodes} nodes, but a new start has {needed}"));
        }
        Ok(())
    }

    fn failing(&self, problems: &[Diagnostic]) -> Standing {
        Standing::Failing(told(problems, self.compiled, self.folder))
    }

    /// What comes of a step, as a case shows it.
    fn shown(&mut self, standing: &Standing, first: bool) -> String {
        let mut shown = std::mem::take(&mut self.turns);
        let published = std::mem::take(&mut self.published);
        match standing {
            Standing::Stated(_) if published == 0 && !first => shown.push_str("==\n"),
            Standing::Stated(text) | Standing::Failing(text) => shown.push_str(text),
            Standing::Waiting(sources) => sources.iter().for_each(|it| _ = writeln!(shown, ".. {it}")),
        }
        shown
    }
}

/// A section of a case file that has a script.
#[derive(Default)]
struct Script<'t> {
    /// The world as it is in the beginning.
    begin: Vec<&'t str>,
    program: String,
    steps: Vec<Vec<&'t str>>,
}

impl<'t> Script<'t> {
    fn of(text: &'t str) -> Script<'t> {
        let mut script = Script::default();
        let mut goes_on = false;
        for line in text.split_inclusive('\n') {
            let (sent, plays) = (line.trim_end().strip_prefix("@ "), !script.program.is_empty());
            match sent {
                Some(sent) if !plays => script.begin.push(sent),
                Some(sent) if goes_on => script.steps.last_mut().into_iter().for_each(|it| it.push(sent)),
                Some(sent) => script.steps.push(vec![sent]),
                None if is_outcome(line) || !script.steps.is_empty() => {}
                None => script.program.push_str(line),
            }
            goes_on = sent.is_some() && plays;
        }
        script.program.truncate(script.program.trim_end().len());
        script
    }
}

/// Whether a script belongs to what is said of a program.
pub(crate) fn is_scripted(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("@ "))
}

/// The section as it would be if all that it says came true.
pub(crate) fn play(text: &str) -> Result<String, String> {
    let script = Script::of(text);
    let (folder, _, compiled) = compile(&script.program)?;
    let folder = folder.path();
    let mut world = World::new();
    let mut whole = String::new();
    for sent in &script.begin {
        world.extend([line(sent)?]);
        _ = writeln!(whole, "@ {sent}");
    }
    _ = writeln!(whole, "{}", script.program);
    let diagnostics = told(&compiled.diagnostics, &compiled, folder);
    if !compiled.is_ok() {
        return Err(format!("the program of a script has to compile\n{diagnostics}"));
    }
    whole.push_str(&diagnostics);
    let (mut life, standing) = Life::begin(&compiled, folder, &world)?;
    let (mut slow, _) = Life::begin(&compiled, folder, &world)?;
    whole.push_str(&life.shown(&standing, true));
    for step in &script.steps {
        let mut sources = Vec::new();
        let mut slowly = Ok(standing.clone());
        let sent = step.iter().map(|sent| line(sent)).collect::<Result<Vec<_>, _>>()?;
        for (source, value) in sent.iter().rev() {
            world.insert(source.clone(), value.clone());
            slowly = slow.change(&[source], &world);
            sources.push(source.as_str());
        }
        let standing = life.change(&sources, &world)?;
        if life.published > 1 {
            return Err(format!("{step:?} leads to {} graphs", life.published));
        }
        life.like_anew(&standing, &world).map_err(|error| format!("{step:?} leads to {error}"))?;
        let slowly = slowly?;
        if slowly != standing {
            return Err(format!("{step:?} leads to {standing:?}, but one value after the other to {slowly:?}"));
        }
        step.iter().for_each(|sent| _ = writeln!(whole, "@ {sent}"));
        whole.push_str(&life.shown(&standing, false));
    }
    Ok(whole)
}

/// How many steps a program is taken through.
const STEPS: usize = 40;

/// Takes the program of a script through a world that changes as it happens: sources have one of the values that the script
/// gives them, or fail. What comes of it has to be what a new start in that world leads to.
fn wander(text: &str, chance: &mut impl FnMut(usize) -> usize) -> Result<(), String> {
    let script = Script::of(text);
    let (folder, _, compiled) = compile(&script.program)?;
    let mut values = BTreeMap::<String, Vec<Result<Value, Failure>>>::new();
    for sent in script.begin.iter().chain(script.steps.iter().flatten()) {
        let (source, value) = line(sent)?;
        values.entry(source).or_insert_with(|| vec![Err(Failure::catchable("gone"))]).push(value);
    }
    let mut world = World::new();
    let mut life = Life::begin(&compiled, folder.path(), &world)?.0;
    let mut taken = String::new();
    for _ in 0..STEPS {
        let mut sources = Vec::new();
        taken.push('\n');
        for _ in 0..=chance(2) {
            let Some((source, values)) = values.iter().nth(chance(values.len())) else { return Ok(()) };
            let value = values[chance(values.len())].clone();
            _ = writeln!(taken, "@ {source} {value:?}");
            world.insert(source.clone(), value);
            sources.push(source.as_str());
        }
        let standing = life.change(&sources, &world)?;
        life.like_anew(&standing, &world).map_err(|error| format!("these steps lead to {error}\n{taken}"))?;
    }
    Ok(())
}

#[test]
fn what_a_program_states_does_not_depend_on_how_it_came_there() {
    // The same numbers each time: a failure can be looked at.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut chance = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % (below.max(1) as u64)).unwrap_or_default()
    };
    testkit::cases("language/over_time", |case| {
        let failed = case.sections.iter().filter_map(|it| {
            wander(&it.text, &mut chance).err().map(|error| format!("{}: `{}`: {error}", case.path.display(), it.name))
        });
        let failed = failed.collect::<Vec<_>>();
        if failed.is_empty() { Ok(()) } else { Err(failed.join("\n\n")) }
    });
}
