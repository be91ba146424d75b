//! What each metaparameter does to a real run.

use crate::program::{Place, Ran, Running};
use std::fs;

/// A command that counts its runs in the file of its name, then goes on as `then` says; `$n` is which run it is.
fn counts(name: &str, then: &str, meta: &str) -> String {
    format!(
        r#"
exec "{name}" {{
	cmd => "echo run >> @/{name}; n=$(wc -l < @/{name}); {then}",
	shell => "/bin/sh",
	{meta}
}}
"#
    )
}

fn runs(place: &Place, name: &str) -> usize {
    place.read(name).unwrap_or_default().lines().count()
}

fn main(place: &Place, text: &str) -> String {
    place.write("main.mcl", text).display().to_string()
}

fn applied(place: &Place, arguments: &[&str], text: &str) -> Ran {
    place.ran(&[&["apply"], arguments, &[main(place, text).as_str()]].concat())
}

fn run(place: &Place, arguments: &[&str], text: &str) -> Running {
    Running::start(place.stead(&[&["run"], arguments, &[main(place, text).as_str()]].concat()))
}

#[test]
fn noop_changes_nothing_and_what_comes_after_it_is_done() {
    let place = Place::new();
    let text = counts("kept", "true", "Meta:noop => true, Before => Exec[\"after\"],") + &counts("after", "true", "");
    let ran = applied(&place, &[], &text).exits(0);
    assert!(ran.output.contains("exec[kept]: would run"), "{ran:#?}");
    assert_eq!((runs(&place, "kept"), runs(&place, "after")), (0, 1));
    let ran = applied(&place, &["--noop"], &text).exits(0);
    assert!(ran.output.contains("exec[after]: would run"), "{ran:#?}");
    assert_eq!(runs(&place, "after"), 1);
}

#[test]
fn retry_is_how_many_more_attempts_there_are() {
    let place = Place::new();
    applied(&place, &[], &counts("third", "test $n = 3", "Meta:retry => 2, Meta:delay => 10,")).exits(0);
    assert_eq!(runs(&place, "third"), 3);
    applied(&place, &[], &counts("never", "false", "Meta:retry => 2, Meta:delay => 10,")).exits(2);
    assert_eq!(runs(&place, "never"), 3);
    applied(&place, &[], &counts("once", "false", "")).exits(2);
    assert_eq!(runs(&place, "once"), 1);
}

#[test]
fn apply_gives_up_what_is_to_be_tried_for_ever_once_nothing_is_new() {
    let place = Place::new();
    let text = counts("endless", "false", "Meta:retry => -1, Meta:delay => 10,");
    applied(&place, &["--converged-timeout", "1"], &text).exits(2);
    assert!(runs(&place, "endless") >= 1);
}

#[test]
fn retryreset_gives_all_attempts_back_after_a_success() {
    let place = Place::new();
    let odd_runs_fail = "test $((n % 2)) = 0";
    let text =
        counts("given", odd_runs_fail, "Meta:retry => 1, Meta:delay => 1, Meta:retryreset => true, Meta:poll => 1,")
            + &counts("used", odd_runs_fail, "Meta:retry => 1, Meta:delay => 1, Meta:poll => 1,");
    let mut running = run(&place, &[], &text);
    running.until("both had three turns", |_| runs(&place, "given") >= 6);
    running.signal(rustix::process::Signal::TERM);
    running.finish().exits(2);
    assert_eq!(runs(&place, "used"), 3);
}

#[test]
fn timeout_ends_one_attempt() {
    let place = Place::new();
    let text =
        counts("slow", "if test $n = 1; then sleep 1000; fi", "Meta:timeout => 500, Meta:retry => 1, Meta:delay => 1,");
    let ran = applied(&place, &[], &text).exits(0);
    assert!(ran.output.contains("exec[slow]: timed out after 0.5 s (to be tried again)"), "{ran:#?}");
    assert_eq!(runs(&place, "slow"), 2);
}

#[test]
fn poll_looks_every_so_often_and_a_negative_one_once() {
    let place = Place::new();
    let text = format!(
        "{}\nfile \"@/unwatched\" {{ state => \"exists\", content => \"stated\", Meta:poll => -1, }}\n",
        counts("often", "true", "Meta:poll => 1,")
    );
    let mut running = run(&place, &[], &text);
    running.until_watching();
    fs::write(place.path("unwatched"), "damaged").expect("it is ours");
    running.until("it has run again and again", |_| runs(&place, "often") >= 3);
    running.stop();
    assert_eq!(place.read("unwatched").as_deref(), Some("damaged"));
}

#[test]
fn limit_and_burst_hold_events_back() {
    let place = Place::new();
    let file = |name: &str, meta: &str| {
        format!("file \"@/{name}\" {{ state => \"exists\", content => \"stated\", Meta:autoedge => false, {meta} }}\n")
    };
    let text = file("limited", "Meta:limit => 0.0001, Meta:burst => 2,") + &file("free", "");
    let mut running = run(&place, &[], &text);
    running.until_watching();
    let is = |name: &str, content: &str| place.read(name).as_deref() == Some(content);
    // Our own write was an event, if it came late; so one or two are left.
    let mut repaired = 0;
    for _ in 0..4 {
        fs::write(place.path("limited"), "damaged").expect("it is ours");
        fs::write(place.path("free"), "damaged").expect("it is ours");
        running.until("what is free is repaired", |_| is("free", "stated"));
        fs::write(place.path("free"), "damaged").expect("it is ours");
        running.until("what is free is repaired again", |_| is("free", "stated"));
        repaired += usize::from(is("limited", "stated"));
    }
    running.signal(rustix::process::Signal::TERM);
    running.finish();
    assert!(repaired <= 2, "{repaired} repairs with a burst of two");
    assert!(is("limited", "damaged"));
}

#[test]
fn semaphores_hold_apart_and_let_in_as_many_as_they_say() {
    // Each waits for the other: they end only where both run at once.
    let meets = |name: &str, other: &str, meta: &str| {
        counts(name, &format!("while ! test -e @/{other}; do sleep 0.01; done"), meta)
    };
    let both = |meta: &str| meets("a", "b", meta) + &meets("b", "a", meta);
    let place = Place::new();
    applied(&place, &["--sema", "2"], &both("Meta:sema => [\"s:2\"], Meta:timeout => 30000,")).exits(0);
    // One at a time: who comes in finds nobody.
    let alone = |name: &str, meta: &str| counts(name, "mkdir @/held && sleep 0.02 && rmdir @/held", meta);
    for (arguments, meta) in [(&[][..], "Meta:sema => [\"s\"],"), (&["--sema", "1"], ""), (&["--jobs", "1"], "")] {
        let place = Place::new();
        let text: String = ["a", "b", "c", "d"].iter().map(|name| alone(name, meta)).collect();
        applied(&place, arguments, &text).exits(0);
    }
}

#[test]
fn what_is_dead_comes_back_with_a_new_program_as_the_metaparameters_say() {
    let place = Place::new();
    let text = |other: &str, field: &str| {
        counts("stays", "false", "Meta:retry => 1, Meta:delay => 1,")
            + &counts("rewatched", "false", "Meta:retry => 1, Meta:delay => 1, Meta:rewatch => true,")
            + &counts("edited", &format!("{field}; false"), "Meta:retry => 1, Meta:delay => 1,")
            + &counts("reset", &format!("{field}; false"), "Meta:retry => 1, Meta:delay => 1, Meta:reset => true,")
            + &counts(other, "true", "")
    };
    let counted = |names: [&str; 4]| names.map(|name| runs(&place, name));
    let names = ["stays", "rewatched", "edited", "reset"];
    let mut running = run(&place, &[], &text("one", "true"));
    let dead = |it: &Running, count: usize| {
        it.output().matches("failed: ").count() - it.output().matches("to be tried").count() == count
    };
    running.until("all four are dead", |it| dead(it, 4));
    assert_eq!(counted(names), [2, 2, 2, 2]);
    main(&place, &text("two", ":"));
    running.until("all but one are dead again", |it| dead(it, 7));
    running.until("the new one has run", |_| runs(&place, "two") == 1);
    assert_eq!(counted(names), [2, 3, 3, 4]);
    running.signal(rustix::process::Signal::TERM);
    running.finish().exits(2);
}

#[test]
fn realize_is_done_before_it_leaves() {
    let place = Place::new();
    let gate = counts("gate", "while ! test -e @/open; do sleep 0.01; done", "");
    let late = counts("realized", "true", "Meta:realize => true, Depend => Exec[\"gate\"],")
        + &counts("forgotten", "true", "Depend => Exec[\"gate\"],");
    let mut running = run(&place, &[], &(gate.clone() + &late));
    running.until("the gate is waiting", |_| runs(&place, "gate") == 1);
    main(&place, &(gate + &counts("new", "true", "")));
    running.until("the new program is taken up", |_| runs(&place, "new") == 1);
    place.write("open", "");
    running.until("it is realized", |_| runs(&place, "realized") == 1);
    running.stop();
    assert_eq!((runs(&place, "forgotten"), runs(&place, "gate")), (0, 1));
}

#[test]
fn names_with_a_dollar_need_to_say_so() {
    let place = Place::new();
    let print = |meta: &str| format!("print \"\\$x\" {{ msg => \"shown\", {meta} }}");
    let ran = applied(&place, &[], &print("")).exits(1);
    assert!(ran.errors.contains("Meta:dollar => true"), "{ran:#?}");
    applied(&place, &[], &print("Meta:dollar => true,")).exits(0);
}

#[test]
fn automatic_edges_and_groups_can_be_left_out() {
    let place = Place::new();
    let folder = "file \"@/d/\" { state => \"exists\", }\n";
    let file = |meta: &str| format!("{folder}file \"@/d/f\" {{ state => \"exists\", {meta} }}\n");
    let graph = |meta: &str| place.ran(&["graph", &main(&place, &file(meta))]).exits(0).output;
    assert!(graph("").contains("(automatic)"));
    assert!(!graph("Meta:autoedge => false,").contains("(automatic)"));

    let noops = |meta: &str| format!("noop [\"a\", \"b\"] {{ {meta} }}");
    let children = |arguments: &[&str], meta: &str| {
        let ran = applied(&place, &[&["--report", "json"], arguments].concat(), &noops(meta)).exits(0);
        ran.output.contains(r#""children":[{"#)
    };
    assert!(children(&[], ""));
    assert!(!children(&[], "Meta:autogroup => false,"));
    assert!(!children(&["--no-autogroup"], ""));
}

#[test]
fn reverse_undoes_what_has_left_once_and_also_after_restarts() {
    let place = Place::new();
    place.write("old", "before");
    let files = |meta: &str| {
        format!(
            r#"
file "@/new" {{ state => "exists", content => "new", Depend => File["@/old"], {meta} }}
file "@/old" {{ content => "stated", {meta} }}
"#
        )
    };
    let other = counts("other", "true", "Meta:noop => true,");
    let reversed = files("Meta:reverse => true,");
    applied(&place, &[], &reversed).exits(0);
    // What is stated as before is kept, by whichever process.
    applied(&place, &[], &reversed).exits(0);
    assert_eq!((place.read("new").as_deref(), place.read("old").as_deref()), (Some("new"), Some("stated")));
    applied(&place, &[], &other).exits(0);
    assert!(!place.path("new").exists());
    assert_eq!(place.read("old").as_deref(), Some("before"));
    // It is done once: afterwards they are anybody's.
    place.write("old", "by hand");
    applied(&place, &[], &other).exits(0);
    assert_eq!(place.read("old").as_deref(), Some("by hand"));

    // The last word counts.
    applied(&place, &[], &reversed).exits(0);
    applied(&place, &[], &files("")).exits(0);
    applied(&place, &[], &other).exits(0);
    assert_eq!(place.read("old").as_deref(), Some("stated"));

    // In a program that runs, and one that was stopped meanwhile.
    place.write("old", "before");
    let mut running = run(&place, &[], &reversed);
    running.until_watching();
    main(&place, &other);
    let old_is = |content: &str| place.read("old").as_deref() == Some(content);
    running.until("both are undone", |_| old_is("before") && !place.path("new").exists());
    let said = running.output();
    let undone = |name: &str| said.rfind(&format!("file[{}]", place.path(name).display()));
    assert!(undone("new") < undone("old"), "{said}");
    main(&place, &reversed);
    running.until("it is there again", |_| old_is("stated"));
    running.stop();
    assert!(old_is("stated"), "stopping undoes nothing");
    applied(&place, &[], &other).exits(0);
    assert!(old_is("before"));
}

#[test]
fn a_converged_timeout_ends_a_run_and_says_how_it_stands() {
    let place = Place::new();
    let end = |text: &str| place.ran(&["run", "--converged-timeout", "1", &main(&place, text)]);
    end("").exits(0);
    end(&counts("good", "true", "")).exits(0);
    end(&counts("noop", "true", "Meta:noop => true,")).exits(0);
    let ran =
        end(&(counts("bad", "false", "Meta:retry => 0, Before => Exec[\"behind\"],") + &counts("behind", "true", "")));
    let ran = ran.exits(2);
    assert!(ran.output.contains("blocked: exec[behind] by exec[bad]"), "{ran:#?}");
}

#[test]
fn an_edit_leaves_alone_what_it_does_not_change_also_while_it_works() {
    let place = Place::new();
    let long = |more: &str| counts("long", &format!("while ! test -e @/open; do sleep 0.01; done; {more}"), "");
    let mut running = run(&place, &[], &long("true"));
    running.until("it works", |_| runs(&place, "long") == 1);
    main(&place, &(long("true") + &counts("new", "true", "")));
    running.until("what is new is done meanwhile", |_| runs(&place, "new") == 1);
    // What is edited while it works goes on and is done once more, as it is stated then.
    main(&place, &(long("echo $n > @/said") + &counts("newer", "true", "")));
    running.until("what is new is done meanwhile", |_| runs(&place, "newer") == 1);
    assert_eq!(runs(&place, "long"), 1);
    place.write("open", "");
    running.until("it was done once more", |_| place.read("said").as_deref() == Some("2\n"));
    // What leaves while it works is asked to stop.
    let stuck = counts("stuck", "trap 'echo asked > @/asked; exit 1' TERM; while true; do sleep 0.01; done", "");
    main(&place, &stuck);
    running.until("the next one works", |_| runs(&place, "stuck") == 1);
    main(&place, "");
    running.until("it is asked to stop", |_| place.path("asked").exists());
    running.stop();
    assert_eq!(runs(&place, "long"), 2);
}

#[test]
fn an_automatic_edge_weakens_no_stated_one_and_closes_no_circle() {
    let place = Place::new();
    let text = r#"
file "@/d/" { state => "exists", Notify => File["@/d/f"], }
file "@/d/f" { state => "exists", }
"#;
    let graph = place.ran(&["graph", &main(&place, text)]).exits(0).output;
    assert!(graph.contains(&format!("after file[{}] (notifies)", place.path("d/").display())), "{graph}");

    let circle = r#"
file "@/d/" { state => "exists", Depend => File["@/d/f"], }
file "@/d/f" { state => "exists", Meta:retry => 0, }
"#;
    for command in ["apply", "plan", "graph"] {
        let ran = place.ran(&[command, &main(&place, circle)]);
        let [folder, file] = ["d/", "d/f"].map(|it| format!("file[{}]", place.path(it).display()));
        let warning = format!("no automatic edge {folder} -> {file}");
        assert!(ran.errors.contains(&warning), "{command}: {ran:#?}");
    }
}

#[test]
fn a_run_that_should_end_when_all_is_done_does_not_wait_for_what_is_tried_for_ever() {
    let place = Place::new();
    let text = counts("never", "false", "Before => Exec[\"behind\"],") + &counts("behind", "true", "");
    let ran = run(&place, &["--converged-timeout", "2"], &text).finish().exits(2);
    assert!(ran.output.contains("failed: exec[never]"), "{ran:#?}");
    assert!(ran.output.contains("blocked: exec[behind] by exec[never]"), "{ran:#?}");
    assert!(runs(&place, "never") > 1, "it was tried again while there was time");
    // Without an end to come to, it says what it watches, and goes on trying.
    let mut running = run(&place, &[], &text);
    running.until_watching();
    let (before, said) = (runs(&place, "never"), running.output());
    assert!(said.contains("1 failed, 1 blocked after "), "{said}");
    running.until("it is tried again", |_| runs(&place, "never") > before);
    running.signal(rustix::process::Signal::TERM);
    running.finish().exits(2);
}

#[test]
fn a_resource_whose_watching_command_fails_has_failed_until_that_runs() {
    let place = Place::new();
    let watch = r#"watchcmd => "test -e @/ready && touch @/watching && exec sleep 1000", watchshell => "/bin/sh","#;
    let mut running = run(&place, &[], &counts("watched", "true", watch));
    running.until("it says so", |it| it.output().contains("failed: exec[watched]: `/bin/sh -c test -e "));
    assert!(running.output().contains("which is to watch, ended with exit code 1"), "{}", running.output());
    place.write("ready", "");
    running.until("it watches and has recovered", |it| {
        let output = it.output();
        let told = output.lines().rfind(|line| line.contains(": exec[watched]") && !line.starts_with("exec"));
        place.path("watching").exists() && told.is_some_and(|line| line.starts_with("recovered"))
    });
    running.stop();
}
