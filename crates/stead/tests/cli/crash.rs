//! Killed at any moment, the program never leaves half a file, and goes on where it was.

use crate::chance::{Chance, wanted};
use crate::program::{Place, Running};
use crate::repair::temporaries;
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
