//! Killed at any moment, the program never leaves half a file, and goes on where it was.

use crate::chance::{Chance, wanted};
use crate::program::{Place, Running};
use crate::repair::temporaries;
use rustix::process::Signal;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

const FILES: usize = 300;

/// A program of files that all change from one generation to the next.
fn program(place: &Place, generation: u64) -> PathBuf {
    let body = body(generation).replace('\n', "\\n");
    let text = format!(
        r#"
import "fmt"
import "iter"

for $index, $number in iter.range({FILES}) {{
	file fmt.printf("@/kept/%d", $number) {{
		state => "exists",
		content => fmt.printf("file %d\n%s", $number, "{body}"),
	}}
}}
"#
    );
    place.write("main.mcl", &text)
}

/// What all files of a generation have in common: a few kilobytes.
fn body(generation: u64) -> String {
    (0..200).map(|line| format!("line {line} of generation {generation}\n")).collect()
}

fn content(number: usize, generation: u64) -> String {
    format!("file {number}\n{}", body(generation))
}

#[test]
fn files_are_whole_whenever_the_program_is_killed() {
    let place = Place::new();
    let kept = place.folder("kept");
    let main = program(&place, 0).display().to_string();
    let began = Instant::now();
    place.ran(&["apply", &main]).exits(0);
    let usual = began.elapsed();

    let mut chance = Chance::new(7);
    let mut cut = 0;
    for generation in 1..=wanted("STEAD_TORTURE_KILLS", 12) {
        program(&place, generation);
        let running = Running::start(place.stead(&["apply", &main]));
        // The moment is what is tried out, not waited for.
        let part = u32::try_from(chance.below(1000)).expect("below a thousand");
        std::thread::sleep(usual * part / 1000);
        drop(running);

        let mut done = 0;
        for number in 0..FILES {
            let found = fs::read_to_string(kept.join(number.to_string())).expect("it is always there");
            let (old, new) = (content(number, generation - 1), content(number, generation));
            assert!(found == old || found == new, "file {number} of generation {generation} is not whole: {found}");
            done += usize::from(found == new);
        }
        cut += usize::from((1..FILES).contains(&done));

        place.ran(&["apply", &main]).exits(0);
        for number in 0..FILES {
            let found = fs::read_to_string(kept.join(number.to_string())).expect("it is there");
            assert!(found == content(number, generation), "file {number} is not of generation {generation}");
        }
        assert_eq!(temporaries(&kept), Vec::<PathBuf>::new(), "after generation {generation}");
        assert_eq!(place.ran(&["apply", &main]).exits(0).output.matches("nothing to change").count(), 1);
    }
    eprintln!("{cut} times some files were new and some were old");
}

#[test]
fn what_was_being_changed_when_all_ended_notifies_the_next_time() {
    // It has changed something, and whether it was to notify for it was not known when it was killed or stopped.
    let text = r#"
exec "changes" {
	cmd => "touch @/changed; echo $$ > @/begun; while ! test -e @/never; do sleep 0.01; done",
	shell => "/bin/sh",
	creates => "@/changed",
	Notify => Exec["told"],
}
exec "told" {
	cmd => "echo told >> @/told",
	shell => "/bin/sh",
	refresh_only => true,
}
"#;
    for signals in [&[Signal::KILL][..], &[Signal::INT, Signal::INT]] {
        let place = Place::new();
        let main = place.write("main.mcl", text).display().to_string();
        let mut running = Running::start(place.stead(&["apply", &main]));
        running.until("it has changed something", |_| place.read("begun").is_some_and(|it| it.ends_with('\n')));
        for signal in signals {
            running.signal(*signal);
            if *signal == Signal::INT {
                running.until_errors("stopping");
            }
        }
        running.finish();
        assert_eq!(place.read("told"), None);
        // A dry run says so and changes nothing.
        place.ran(&["apply", "--noop", &main]).exits(0);
        let plan = place.ran(&["plan", &main]).exits(4);
        assert!(plan.output.contains("exec[told]"), "{plan:#?}");
        place.ran(&["apply", &main]).exits(0);
        assert_eq!(place.read("told").as_deref(), Some("told\n"));
        place.ran(&["apply", &main]).exits(0);
        assert_eq!(place.read("told").as_deref(), Some("told\n"), "it is told once");
        let marks = fs::read_dir(place.path("state/begun")).map(Iterator::count).unwrap_or_default();
        assert_eq!(marks, 0);
    }
}
