//! Ctrl-C once, twice, three times, and the request of a service manager.

use crate::program::{Place, Ran, Running, until};
use rustix::process::{Pid, Signal, test_kill_process};

/// First commands, which say their process: one waits for a file, one for a request to stop, one ignores such requests.
const WAITS: &str = "echo $$ > @/process; while ! test -e @/release; do sleep 0.02; done; echo done > @/first";
const CAN_BE_ASKED: &str =
    "trap 'echo asked > @/asked; exit 1' TERM; echo $$ > @/process; while true; do sleep 0.02; done";
const STUBBORN: &str = "trap '' TERM INT; echo $$ > @/process; while true; do sleep 0.02; done";

/// A program with a first command and a second that must not begin.
fn chain(first: &str) -> String {
    format!(
        r#"
exec "first" {{ cmd => "{first}", shell => "/bin/sh", }}
exec "second" {{ cmd => "touch @/second", Depend => Exec["first"], }}
"#
    )
}

/// Starts a program.
fn begun(place: &Place, arguments: &[&str], text: &str) -> Running {
    let program = place.write("main.mcl", text).display().to_string();
    Running::start(place.stead(&[arguments, &[program.as_str()]].concat()))
}

/// Starts a program, and waits until its first command runs.
fn started(place: &Place, arguments: &[&str], text: &str) -> Running {
    let mut running = begun(place, arguments, text);
    running.until("the first command runs", |_| process(place).is_some());
    running
}

/// The process of the first command, once it has said so.
fn process(place: &Place) -> Option<Pid> {
    Pid::from_raw(place.read("process")?.strip_suffix('\n')?.parse().ok()?)
}

#[track_caller]
fn second_was_not_begun(place: &Place, ran: &Ran) {
    assert!(!place.path("second").exists(), "{ran:#?}");
    assert!(ran.output.contains("not done: exec[second]"), "{ran:#?}");
}

/// Whether this process, and with it what it starts, ignores a signal.
fn ignores(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("it tells what is ignored");
    let ignored = u64::from_str_radix(ignored.trim(), 16).expect("it is a number");
    ignored & (1 << (signal.as_raw() - 1)) != 0
}

#[test]
fn one_interrupt_lets_what_runs_finish_and_begins_nothing() {
    // Under `nohup`, whoever is started does not hear of hangups, and goes on.
    let hears_hangups = !ignores(Signal::HUP);
    for signal in [Signal::INT, Signal::TERM, Signal::HUP].into_iter().filter(|it| *it != Signal::HUP || hears_hangups)
    {
        let place = Place::new();
        let mut running = started(&place, &["apply"], &chain(WAITS));
        running.signal(signal);
        running.until_errors("stopping when what runs is done");
        place.write("release", "");
        let ran = running.finish().exits(3);
        assert_eq!(place.read("first").as_deref(), Some("done\n"), "{ran:#?}");
        second_was_not_begun(&place, &ran);
    }
}

#[test]
fn two_interrupts_ask_what_runs_to_stop() {
    let place = Place::new();
    let mut running = started(&place, &["apply"], &chain(CAN_BE_ASKED));
    running.signal(Signal::INT);
    running.until_errors("stopping when what runs is done");
    running.signal(Signal::INT);
    let ran = running.finish().exits(3);
    assert!(ran.errors.contains("stopping: what runs is interrupted"), "{ran:#?}");
    assert_eq!(place.read("asked").as_deref(), Some("asked\n"), "{ran:#?}");
    second_was_not_begun(&place, &ran);
}

#[test]
fn two_interrupts_end_a_chain_of_sleeps() {
    let place = Place::new();
    let text = r#"
exec "first" { cmd => "echo $$ > @/process; exec sleep 1000", shell => "/bin/sh", }
exec "second" { cmd => "sleep 1000", Depend => Exec["first"], }
exec "third" { cmd => "sleep 1000", Depend => Exec["second"], }
"#;
    let mut running = started(&place, &["run"], text);
    let first = process(&place).expect("it runs");
    running.signal(Signal::INT);
    running.until_errors("stopping when what runs is done");
    running.signal(Signal::INT);
    // What goes on for ever has no end that it did not reach.
    let ran = running.finish().exits(0);
    assert!(ran.output.contains("not done: exec[first]"), "{ran:#?}");
    assert!(test_kill_process(first).is_err(), "it is gone");
}

#[test]
fn a_run_that_is_asked_to_stop_at_work_has_not_failed() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::new();
        let mut running = started(&place, &["run"], &chain(WAITS));
        running.signal(signal);
        running.until_errors("stopping when what runs is done");
        place.write("release", "");
        let ran = running.finish().exits(0);
        assert_eq!(place.read("first").as_deref(), Some("done\n"), "{ran:#?}");
        second_was_not_begun(&place, &ran);
    }
}

#[test]
fn what_has_failed_or_is_blocked_counts_also_in_a_run_that_is_asked_to_stop() {
    let place = Place::new();
    let failing = r#"
exec "fails" { cmd => "false", Meta:retry => 0, Before => Exec["behind"], }
exec "behind" { cmd => "true", }
"#;
    let mut running = started(&place, &["run"], &(chain(WAITS) + failing));
    running.until("it has failed", |it| it.output().contains("failed: exec[fails]"));
    running.signal(Signal::TERM);
    place.write("release", "");
    let ran = running.finish().exits(2);
    assert!(ran.output.contains("blocked: exec[behind] by exec[fails]"), "{ran:#?}");
}

#[test]
fn a_run_that_should_end_when_all_is_done_and_is_stopped_before_says_so() {
    let place = Place::new();
    let running = started(&place, &["run", "--converged-timeout", "1"], &chain(WAITS));
    running.signal(Signal::TERM);
    place.write("release", "");
    running.finish().exits(3);
}

#[test]
fn a_program_whose_values_never_come_ends_with_its_time_and_has_not_done_its_work() {
    let text = r#"import "os"
import "fmt"
print "never" { msg => os.system("sleep 1000"), }"#;
    let place = Place::new();
    let program = place.write("main.mcl", text).display().to_string();
    for command in ["apply", "run"] {
        place.ran(&[command, "--max-runtime", "1", &program]).exits(3);
    }
}

#[test]
fn three_interrupts_kill_what_does_not_want_to_stop() {
    let place = Place::new();
    let mut running = started(&place, &["apply"], &chain(STUBBORN));
    let first = process(&place).expect("it runs");
    for said in ["when what runs is done", "what runs is interrupted", "what runs is killed"] {
        running.signal(Signal::INT);
        running.until_errors(said);
    }
    let ran = running.finish().exits(3);
    second_was_not_begun(&place, &ran);
    until("it is gone", || test_kill_process(first).is_err());
}

#[test]
fn an_idle_program_that_is_asked_to_end_has_done_all_it_should() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::new();
        let text = r#"file "@/kept" { state => "exists", content => "stated\n", }"#;
        let mut running = begun(&place, &["run"], text);
        running.until("everything is in shape", |it| it.output().contains("watching 1 resource, 1 changed after "));
        running.signal(signal);
        running.finish().exits(0);
    }
}

#[test]
fn one_interrupt_ends_a_program_that_waits_to_try_again() {
    let place = Place::new();
    let text = r#"exec "fails" { cmd => "false", Meta:retry => -1, Meta:delay => 1000000, }"#;
    let mut running = begun(&place, &["run"], text);
    running.until("it has failed", |it| it.output().contains("to be tried again"));
    running.signal(Signal::INT);
    running.finish().exits(2);
}
