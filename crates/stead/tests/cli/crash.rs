//! Killed at any moment, the program never leaves half a file, and goes on where it was.

use crate::chance::{Chance, wanted};
use crate::program::{Place, Running};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many there are of each thing.
const THINGS: usize = 12;

/// A program in which everything changes from one generation to the next: contents, modes, owners, links, what there is.
fn program(place: &Place, generation: u64) -> PathBuf {
    let body = body(generation).replace('\n', "\\n");
    let is_odd = generation % 2 == 1;
    // What is secret in one generation is public in the next.
    let (mode, owner) = if is_odd { ("0600", "daemon") } else { ("0644", "bin") };
    let is_root = rustix::process::geteuid().is_root();
    let owned = if is_root { format!("owner => \"{owner}\", group => \"{owner}\",") } else { String::new() };
    let sometimes = if is_odd {
        format!(r#"state => "exists", content => fmt.printf("%d\n%s", $number, $body), mode => "0600", {owned}"#)
    } else {
        r#"state => "absent","#.to_owned()
    };
    let folder = if is_odd {
        format!(r#"state => "exists", mode => "0700", {owned}"#)
    } else {
        r#"state => "absent", recurse => true,"#.to_owned()
    };
    let source = generation % 2;
    let text = format!(
        r#"
import "fmt"
import "iter"

$body = "{body}"
for $index, $number in iter.range({THINGS}) {{
	file fmt.printf("@/kept/content/%d", $number) {{
		state => "exists", content => fmt.printf("%d\n%s", $number, $body),
	}}
	file fmt.printf("@/kept/guarded/%d", $number) {{
		state => "exists", content => fmt.printf("{mode} {owner} %d\n%s", $number, $body), mode => "{mode}", {owned}
	}}
	file fmt.printf("@/kept/attributes/%d", $number) {{ mode => "{mode}", {owned} }}
	file fmt.printf("@/kept/sometimes/%d", $number) {{ {sometimes} }}
	file fmt.printf("@/kept/folders/%d/", $number) {{ {folder} }}
	file fmt.printf("@/kept/links/%d", $number) {{
		state => "exists", symlink => true, source => "@/{generation}", {owned}
	}}
	file fmt.printf("@/kept/whole/%d", $number) {{
		state => "exists", fragments => ["@/source-{source}/", "@/source-{source}/below/0"],
	}}
	line fmt.printf("line %d", $number) {{
		file => fmt.printf("@/kept/lines/%d", $number), state => "exists",
		content => "value = {generation}", match => "^value = ",
	}}
}}
file "@/kept/tree/" {{ state => "exists", source => "@/source-{source}/", recurse => true, }}
"#
    );
    place.write("main.mcl", &text)
}

/// What all files of a generation have in common: a few kilobytes.
fn body(generation: u64) -> String {
    (0..200).map(|line| format!("line {line} of generation {generation}\n")).collect()
}

/// Makes what the program does not: folders, what it copies, and files that belong to others.
fn prepare(place: &Place) {
    for name in ["content", "guarded", "attributes", "sometimes", "folders", "links", "whole", "lines", "tree"] {
        place.folder(&format!("kept/{name}"));
    }
    for number in 0..THINGS {
        place.write(&format!("kept/attributes/{number}"), "somebody else's");
        place.write(&format!("kept/lines/{number}"), &format!("value = none\n{}", body(0)));
    }
    for source in 0..2 {
        place.folder(&format!("source-{source}/below"));
        for number in 0..THINGS {
            place.write(&format!("source-{source}/{number}"), &body(source));
            place.write(&format!("source-{source}/below/{number}"), &body(source));
            place.write(&format!("source-{source}/below/{number}-{source}"), &body(source));
            symlink(source.to_string(), place.path(format!("source-{source}/link-{number}"))).expect("it can be made");
        }
    }
}

/// Something at a path.
#[derive(Clone, Debug, PartialEq)]
struct Thing {
    /// With its type.
    mode: u32,
    owner: u32,
    group: u32,
    /// The content of a file, or where a link leads.
    content: Vec<u8>,
}

/// What is in a folder and below it; what is not complete is not looked at.
fn sight(folder: &Path) -> BTreeMap<PathBuf, Thing> {
    let mut things = BTreeMap::new();
    let mut work = vec![folder.to_owned()];
    while let Some(path) = work.pop() {
        let meta = fs::symlink_metadata(&path).expect("it is there");
        let mut content = Vec::new();
        if meta.is_dir() {
            let entries = fs::read_dir(&path).expect("it can be listed");
            work.extend(
                entries.map(|entry| entry.expect("it can be listed").path()).filter(|path| !is_temporary(path)),
            );
        } else if meta.is_symlink() {
            content = fs::read_link(&path).expect("it can be read").into_os_string().into_encoded_bytes();
        } else {
            content = fs::read(&path).expect("it can be read");
        }
        things.insert(path, Thing { mode: meta.mode(), owner: meta.uid(), group: meta.gid(), content });
    }
    things
}

/// Asserts that everything is as it was or as it is to be; whether some of it is the one and some the other.
fn is_between(
    found: &BTreeMap<PathBuf, Thing>,
    old: &BTreeMap<PathBuf, Thing>,
    new: &BTreeMap<PathBuf, Thing>,
) -> bool {
    let (mut olds, mut news) = (0, 0);
    for path in old.keys().chain(new.keys()) {
        let (found, old, new) = (found.get(path), old.get(path), new.get(path));
        olds += usize::from(found == old && old != new);
        news += usize::from(found == new && old != new);
        let is_right = found == old || found == new || found.is_some_and(|found| found.is_on_the_way(old, new));
        assert!(is_right, "{} is not whole: {found:?}\nold: {old:?}\nnew: {new:?}", path.display());
    }
    for path in found.keys() {
        assert!(old.contains_key(path) || new.contains_key(path), "{} was never stated", path.display());
    }
    olds > 0 && news > 0
}

impl Thing {
    /// Whether only attributes are missing of what it is to be, and nobody gets to see what he could not see before and will
    /// not. What is new appears at once; what keeps its content gets its attributes one by one.
    fn is_on_the_way(&self, old: Option<&Thing>, new: Option<&Thing>) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return false };
        let is_either = |is: &dyn Fn(&Thing) -> bool| is(old) || is(new);
        old.content == new.content
            && self.content == new.content
            && is_either(&|it| self.owner == it.owner)
            && is_either(&|it| self.group == it.group)
            && is_either(&|it| self.mode & !it.mode == 0)
    }
}

#[test]
fn everything_is_old_or_new_whenever_the_program_is_killed() {
    let place = Place::new();
    prepare(&place);
    let kept = place.path("kept");
    let main = program(&place, 0).display().to_string();
    place.ran(&["apply", &main]).exits(0);
    program(&place, 1);
    let began = Instant::now();
    place.ran(&["apply", &main]).exits(0);
    let usual = began.elapsed();

    let mut chance = Chance::new(7);
    let (mut cut, mut left) = (0, 0);
    let mut old = sight(&kept);
    for generation in 2..2 + wanted("STEAD_TORTURE_KILLS", 5) {
        program(&place, generation);
        let running = Running::start(place.stead(&["apply", &main]));
        // The moment is what is tried out, not waited for.
        let part = u32::try_from(chance.below(1000)).expect("below a thousand");
        std::thread::sleep(usual * part / 1000);
        drop(running);
        let killed = sight(&kept);
        left += usize::from(!temporaries_below(&kept).is_empty());

        place.ran(&["apply", &main]).exits(0);
        let new = sight(&kept);
        cut += usize::from(is_between(&killed, &old, &new));
        assert_eq!(temporaries_below(&kept), Vec::<PathBuf>::new(), "after generation {generation}");
        assert_eq!(place.ran(&["apply", &main]).exits(0).output.matches("nothing to change").count(), 1);
        for number in 0..THINGS {
            let wanted = format!("{number}\n{}", body(generation));
            assert_eq!(place.read(&format!("kept/content/{number}")), Some(wanted), "of generation {generation}");
        }
        old = new;
    }
    eprintln!("{cut} times some things were new and some were old, {left} times something unfinished was left");
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// What the program has left in a folder and below it.
fn temporaries_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut work = vec![folder.to_owned()];
    while let Some(folder) = work.pop() {
        for entry in fs::read_dir(folder).expect("it can be listed").map(|entry| entry.expect("it can be listed")) {
            if is_temporary(&entry.path()) {
                found.push(entry.path());
            } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                work.push(entry.path());
            }
        }
    }
    found
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
