//! Scripts: what the program states, what the world does, and for how long to watch.
//!
//! One command a line:
//!
//! ```text
//! options run|apply [noop] [exit] [jobs=4] [doing=2] [sema=2] [converged=5s] [pass=30m]
//! set a b [with=c,d] [hidden|undo] [content=x] [path=p] [does] [retry=2] [delay=100] [sema=s:1,t] …     any metaparameter
//! remove a            link a -> b      link a ~> b      link a.value -> b[/member].content      unlink a -> b
//! commit              hands what was staged to the engine
//! world a [takes=1s] [arms=1s] [fails=2] [breaks=1] [holds=x] [heeds=now|never] [mute] [begins]
//! event a             break a          interrupt        busy      idle      restore a b      restore a      unclaimed
//! pass 5s             lets time pass
//! ```

use crate::world::World;
use engine::{Event, Mode, Options};
use plan::Role;
use resource::host::Urgency;
use resource::{Key, Meta, Transfer};
use std::time::Duration;
use value::Value;

/// Plays a script; the log of what happened.
pub(crate) fn play(script: &str) -> Result<String, String> {
    let mut world = World::new(Options::new(Mode::Run));
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        command(&mut world, &words).ok_or_else(|| format!("cannot understand `{line}`"))?;
    }
    Ok(world.log.iter().map(|line| format!("{line}\n")).collect())
}

fn command(world: &mut World, words: &[&str]) -> Option<()> {
    match words {
        ["options", rest @ ..] => {
            let mut log = std::mem::take(&mut world.log);
            if !log.is_empty() {
                log.push("another one".to_owned());
            }
            *world = World::new(options(rest)?);
            world.log = log;
        }
        ["set", rest @ ..] => set(world, rest)?,
        ["remove", name] => world.remove(name),
        ["link", from, arrow, to] => link(world, from, arrow, to)?,
        ["unlink", from, "->", to] => world.unlink(from, to),
        ["commit"] => {
            world.say("commit");
            world.commit();
        }
        ["world", name, rest @ ..] => behave(world, name, rest)?,
        ["event", name] => {
            world.say(&format!("event at {name}"));
            let vertex = world.id(name)?;
            world.step(Event::WatchFired { vertex });
        }
        ["break", name] => {
            world.say(&format!("the watch of {name} breaks"));
            world.break_watch(name);
        }
        ["interrupt"] => {
            world.say("interrupt");
            world.step(Event::Interrupt);
        }
        ["busy"] => world.step(Event::ProgramBusy(true)),
        ["idle"] => world.step(Event::ProgramBusy(false)),
        ["restore", from, to] => world.engine.restore([(Key::new("thing", *from), Key::new("thing", *to))], []),
        ["restore", begun] => world.engine.restore([], [Key::new("thing", *begun)]),
        ["unclaimed"] => {
            let (refreshes, begun) = world.engine.forget_unclaimed();
            for (from, to) in refreshes {
                world.say(&format!("unclaimed: {} ~> {}", from.name, to.name));
            }
            for key in begun {
                world.say(&format!("unclaimed: {}", key.name));
            }
        }
        ["pass", time] => world.pass(duration(time)?),
        _ => return None,
    }
    Some(())
}

fn options(words: &[&str]) -> Option<Options> {
    let mut options = Options { full_pass: None, ..Options::new(Mode::Run) };
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("run", _) => {}
            ("apply", _) => options = Options::new(Mode::Apply),
            ("noop", _) => options.noop = true,
            ("exit", _) => options.exit_when_converged = true,
            ("jobs", count) => options.jobs = count.parse().ok()?,
            ("doing", count) => options.doing = Some(count.parse().ok()?),
            ("sema", count) => options.sema = Some(count.parse().ok()?),
            ("converged", time) => options.converged_after = Some(duration(time)?),
            ("patience", time) => options.patience = duration(time)?,
            ("pass", time) => options.full_pass = Some(duration(time)?),
            _ => return None,
        }
    }
    Some(options)
}

fn set(world: &mut World, words: &[&str]) -> Option<()> {
    let (mut names, mut fields, mut meta, mut role) = (Vec::new(), Vec::new(), Meta::default(), Role::Managed);
    let mut members: Vec<&str> = Vec::new();
    for word in words {
        match word.split_once('=') {
            None if *word == "hidden" => role = Role::Hidden,
            None if *word == "undo" => role = Role::Undo,
            None if *word == "does" => fields.push(("does", Value::Bool(true))),
            None => names.push(*word),
            Some(("with", names)) => members = names.split(',').collect(),
            Some((field @ ("content" | "path"), text)) => fields.push((field, Value::str(text))),
            Some((name, text)) => meta.set(name, &meta_value(name, text)?).ok()?,
        }
    }
    for name in names {
        world.set(name, &fields, meta.clone(), role);
        if !members.is_empty() {
            world.group(&members);
        }
    }
    Some(())
}

fn meta_value(name: &str, text: &str) -> Option<Value> {
    Some(match name {
        "sema" | "export" => Value::list(text.split(',').map(Value::str)),
        "limit" => Value::Float(text.parse().ok()?),
        "retry" | "delay" | "timeout" | "poll" | "burst" => Value::Int(text.parse().ok()?),
        _ => Value::Bool(text.parse().ok()?),
    })
}

fn link(world: &mut World, from: &str, arrow: &str, to: &str) -> Option<()> {
    let notify = match arrow {
        "->" => false,
        "~>" => true,
        _ => return None,
    };
    match (from.split_once('.'), to.split_once('.')) {
        (Some((from, send)), Some((to, receive))) if from != "mute" => {
            let transfer = Transfer { send: send.into(), receive: receive.into() };
            world.link(from, to, notify, Some(transfer));
        }
        _ => world.link(from, to, notify, None),
    }
    Some(())
}

fn behave(world: &mut World, name: &str, words: &[&str]) -> Option<()> {
    let behaviour = world.behaviour(name);
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("takes", time) => behaviour.takes = duration(time)?,
            ("arms", time) => behaviour.arms = duration(time)?,
            ("fails", count) => behaviour.fails = count.parse().ok()?,
            ("breaks", count) => behaviour.breaks = count.parse().ok()?,
            ("holds", text) => behaviour.holds = Some(text.to_owned()),
            ("heeds", "now") => behaviour.heeds = Some(Urgency::Now),
            ("heeds", "never") => behaviour.heeds = None,
            ("mute", _) => behaviour.mute = true,
            ("begins", _) => behaviour.begins = true,
            _ => return None,
        }
    }
    Some(())
}

fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|it: char| it.is_alphabetic())?);
    let number: u64 = number.parse().ok()?;
    Some(match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(60 * number),
        _ => return None,
    })
}
