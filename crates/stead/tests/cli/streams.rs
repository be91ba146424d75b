//! Values that follow the machine while a program runs.

use crate::program::{Place, Running};
use std::fs;

/// What a process has open and has started: its watches, its descriptors, its children.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    watches: usize,
    descriptors: usize,
    children: usize,
}

impl Held {
    fn of(running: &Running) -> Held {
        let process = format!("/proc/{}", running.id());
        let infos = fs::read_dir(format!("{process}/fdinfo")).expect("it runs");
        // A descriptor may be closed while this looks.
        let infos: Vec<String> = infos.flatten().filter_map(|it| fs::read_to_string(it.path()).ok()).collect();
        let watches = infos.iter().flat_map(|it| it.lines()).filter(|it| it.starts_with("inotify ")).count();
        let processes = fs::read_dir("/proc").expect("there is one").flatten();
        let parents = processes.filter_map(|it| fs::read_to_string(it.path().join("stat")).ok());
        let children = parents.filter(|stat| parent(stat) == Some(running.id())).count();
        Held { watches, descriptors: infos.len(), children }
    }
}

/// The parent of a process. The name before it, in parentheses, may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

#[test]
fn what_is_not_needed_any_more_leaves_no_watch_and_no_process_behind() {
    let place = Place::new();
    place.folder("elsewhere");
    let main = place.write(
        "main.mcl",
        r#"
import "golang"
import "iter"
import "os"

if os.file_exists("@/on") {
	print "on" {
		msg => os.readfile("@/elsewhere/a") <|> os.readfile("@/elsewhere/b") <|> os.system("echo none; exec sleep 1000"),
	}
	for $i, $name in ["x", "y"] {
		print "${name}" {
			msg => os.system("echo ${name}; exec sleep 1000"),
		}
	}
	$lines = iter.map(["v", "w"], func($it) { os.system("echo ${it}; exec sleep 1000") })
	print "lines" {
		msg => golang.template("{{ . }} {{ os_system \"echo z; exec sleep 1000\" }}", $lines),
	}
} else {
	print "off" {}
}
"#,
    );
    let mut running = Running::start(place.stead(&["run", &main.display().to_string()]));
    running.until_watching();
    let off = Held::of(&running);
    assert_eq!(off.children, 0);
    for _ in 0..3 {
        place.write("on", "");
        running.until("everything runs", |it| Held::of(it).children == 6);
        running.until("all values are there", |it| it.output().contains("[v w] z"));
        // What fails no more needs no fallback.
        place.write("elsewhere/b", "b");
        running.until("one command ends", |it| Held::of(it).children == 5);
        fs::remove_file(place.path("elsewhere/b")).expect("it is there");
        running.until("it is there again", |it| Held::of(it).children == 6);
        fs::remove_file(place.path("on")).expect("it is there");
        running.until("nothing is left", |it| Held::of(it) == off);
    }
    running.stop();
}

#[test]
fn a_file_that_is_being_saved_is_not_taken_for_an_empty_or_a_missing_one() {
    let place = Place::new();
    place.write("in", "start");
    let main = place.write(
        "main.mcl",
        "import \"os\"\nprint \"p\" {\n\tmsg => \"<\" + (os.readfile(\"@/in\") <|> \"none\") + \">\",\n}\n",
    );
    let mut running = Running::start(place.stead(&["run", &main.display().to_string()]));
    running.until("the first value is there", |it| it.output().contains("<start>"));
    for round in 0..20 {
        // Some programs empty a file first, others move it away.
        place.write("in", "");
        place.write("in", "half");
        fs::rename(place.path("in"), place.path("in~")).expect("it is there");
        place.write("in", &round.to_string());
    }
    running.until("the last value is there", |it| it.output().contains("<19>"));
    fs::remove_file(place.path("in")).expect("it is there");
    running.until("it is gone", |it| it.output().contains("<none>"));
    place.write("in", "");
    running.until("it is empty", |it| it.output().contains("<>"));
    let ran = running.stop();
    let shown = |text: &str| ran.output.find(text);
    assert!(shown("<none>") > shown("<19>") && shown("<>") > shown("<none>"), "{ran:#?}");
}

#[test]
fn a_command_that_says_nothing_is_an_empty_text_and_its_complaints_are_logged() {
    let place = Place::new();
    let program = "import \"os\"\nprint \"p\" {\n\tmsg => \"<\" + os.system(\"echo complaint >&2\") + \">\",\n}\n";
    let main = place.write("main.mcl", program).display().to_string();
    let ran = place.ran(&["apply", &main]).exits(0);
    assert!(ran.output.contains("<>") && ran.errors.contains("complaint"), "{ran:#?}");
}

#[test]
fn a_value_that_fails_keeps_what_was_stated_and_is_taken_up_when_it_is_there_again() {
    let place = Place::new();
    place.write("in", "one");
    let program = r#"import "os"
file "@/follows" { state => "exists", content => os.readfile("@/in"), }
file "@/stays" { state => "exists", content => "as it is", }
"#;
    let main = place.write("main.mcl", program).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    running.until_watching();

    fs::remove_file(place.path("in")).expect("it is there");
    running.until_errors("keeping the resources as they are until the program has all its values");
    for name in ["follows", "stays"] {
        fs::remove_file(place.path(name)).expect("it is there");
    }
    running.until("what was stated is repaired", |_| {
        let is = |name: &str, content: &str| place.read(name).as_deref() == Some(content);
        is("follows", "one") && is("stays", "as it is")
    });

    place.write("in", "two");
    running.until("the value is taken up", |_| place.read("follows").as_deref() == Some("two"));
    running.until_errors("the program has all its values again");
    let ran = running.stop();
    assert!(ran.errors.contains("in: no such file or directory"), "{ran:#?}");
    assert!(ran.errors.contains("main.mcl:2:"), "it is told where: {ran:#?}");
}

#[test]
fn a_command_does_not_run_for_a_value_that_its_condition_rules_out() {
    let place = Place::new();
    place.write("job", "first");
    // Whether a job may run is known when somebody writes it into its pipe.
    let program = r#"import "os"
$job = os.readfile("@/job")
$allowed = os.system("mkfifo '@/gate-${job}'; cat '@/gate-${job}'")
print "job" { msg => "${job}: ${allowed}", }
if $allowed == "yes" {
	print "ran" { msg => os.system("touch '@/ran-${job}'; echo ran ${job}"), }
}
if $job != "second" {
	print "also" { msg => os.system("touch '@/also-${job}'; echo also ${job}"), }
}
"#;
    let main = place.write("main.mcl", program).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    for (job, allowed) in [("first", "yes"), ("second", "no"), ("third", "yes")] {
        place.write("job", job);
        let gate = format!("gate-{job}");
        running.until("it is asked whether the job may run", |_| place.path(&gate).exists());
        place.write(&gate, &format!("{allowed}\n"));
        running.until("the answer has come", |it| it.output().contains(&format!("{job}: {allowed}")));
    }
    running.until("the last job has run", |it| it.output().contains("ran third") && it.output().contains("also third"));
    running.stop();
    let there = |name: &str| place.path(name).exists();
    assert!(there("ran-first") && there("also-first"));
    assert!(!there("ran-second") && !there("also-second"), "no command runs for what is ruled out");
}
