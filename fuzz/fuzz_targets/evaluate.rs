//! Programs run: what they publish is what the values of the world mean, however it came about.
//!
//! The first byte tells a text from a program that is made of the bytes. Those have no mistake.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use reactive::Status;
use std::sync::Arc;
use stead_fuzz::compile::{Compiled, compile};
use stead_fuzz::program::program;
use stead_fuzz::world::{Sent, World, answer, remember};

/// How often the world changes.
const TICKS: usize = 24;
/// How many ticks a program may need until it follows nothing new.
const ROUNDS: usize = 64;
/// Above this a text is not run: numbers are sizes and counts, and a large one is as slow as it says.
const MOST_DIGITS: usize = 2;

fuzz_target!(|bytes: &[u8]| {
    let Some((b't', rest)) = bytes.split_first().map(|(first, rest)| (*first, rest)) else {
        return generated(bytes);
    };
    // The world's values are made of the text itself.
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let has_large_number = text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > MOST_DIGITS);
    if text.len() < 4096 && !has_large_number {
        let compiled = compile(text);
        _ = run(compiled, &mut Unstructured::new(rest), text);
    }
});

fn generated(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(text) = program(&mut u) else { return };
    let compiled = compile(&text);
    let again = compile(&text);
    assert_eq!(compiled.rendered(), again.rendered(), "the diagnostics differ the second time\n{text}");
    if compiled.graph.is_none() {
        panic!("a program without a mistake is refused\n{}\n{text}", compiled.rendered());
    }
    let formatted = fmt::format(span::FileId(0), &text).expect("it has no mistake").text;
    let formatted = compile(&formatted);
    let dump = |it: &Compiled| it.graph.as_ref().map(flow::dump);
    assert_eq!(dump(&compiled), dump(&formatted), "the formatted program is another one\n{text}");
    _ = run(compiled, &mut u, &text);
}

fn run(compiled: Compiled, u: &mut Unstructured<'_>, text: &str) -> Result<()> {
    let Some(graph) = compiled.graph else { return Ok(()) };
    let graph = Arc::new(graph);
    let mut world = World::start(&graph);
    let mut sent = Sent::new();
    for _ in 0..TICKS {
        let sources = world.sources();
        if sources.is_empty() || u.is_empty() {
            break;
        }
        let mut batch = Sent::new();
        for _ in 0..u.int_in_range(1..=3)? {
            let source = u.choose(&sources)?.clone();
            let value = answer(&source, u)?;
            remember(&mut sent, source.clone(), value.clone());
            remember(&mut batch, source, value);
        }
        world.send(&batch);
    }
    // What is followed by now and has never had a value gets one; what is known stays.
    let mut quiet = settle(&mut world, &mut sent, u);
    let mut fresh = World::start(&graph);
    quiet &= settle(&mut fresh, &mut sent, u);
    // What the fresh one follows is followed by the other too, or was known before.
    if !quiet {
        return Ok(());
    }
    assert_eq!(world.status, fresh.status, "the course makes a difference to the status\n{text}");
    if world.status == Status::Settled {
        assert_eq!(world.published(), fresh.published(), "the course makes a difference\n{text}");
    }
    Ok(())
}

/// Answers until nothing new is followed; false where that does not end.
fn settle(world: &mut World, sent: &mut Sent, u: &mut Unstructured<'_>) -> bool {
    for _ in 0..ROUNDS {
        let mut sources = world.sources();
        for source in &sources {
            if !sent.iter().any(|(known, _)| known == source) {
                let Ok(value) = answer(source, u) else { return false };
                remember(sent, source.clone(), value);
            }
        }
        world.send(sent);
        sources.sort();
        let mut now = world.sources();
        now.sort();
        if now == sources {
            return true;
        }
    }
    false
}
