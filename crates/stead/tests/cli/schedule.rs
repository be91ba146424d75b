//! Candidates and who is chosen among them, through the store of one state directory.

use crate::program::{Place, Ran, Running};

/// Runs a program to its end as a host.
fn applied(place: &Place, host: &str, text: &str) -> Ran {
    let main = place.write("main.mcl", text).display().to_string();
    place.ran(&["apply", "--hostname", host, &main])
}

/// A program that writes into a file who is chosen in schedules.
fn follows(schedules: &[&str], and: &str) -> String {
    let lines: Vec<String> = schedules
        .iter()
        .map(|it| format!(r#""{it}: " + strings.join_nonempty(world.schedule("{it}"), " ") + "\n""#))
        .collect();
    format!(
        r#"
import "strings"
import "world"
file "@/chosen" {{
	state => "exists",
	content => {},
}}
{and}
"#,
        lines.join(" + ")
    )
}

/// Who is chosen, as another host sees it that is no candidate.
#[track_caller]
fn chosen(place: &Place, schedules: &[&str]) -> String {
    applied(place, "reader", &follows(schedules, "")).exits(0);
    place.read("chosen").expect("it is written")
}

fn schedule(name: &str, fields: &str) -> String {
    let comma = if fields.is_empty() { "" } else { "," };
    format!("schedule \"{name}\" {{ {fields}{comma} }}\n")
}

#[test]
fn a_program_follows_who_is_chosen_and_what_it_says_itself() {
    let place = Place::new();
    let write = |and: &str| place.write("main.mcl", &follows(&["web", "db"], and)).display().to_string();
    let main = write(&(schedule("web", "") + &schedule("two", r#"namespace => "db", max => 0"#)));
    let mut running = Running::start(place.stead(&["run", "--hostname", "a", &main]));
    let mut becomes = |and: Option<String>, lines: &str| {
        if let Some(and) = and {
            write(&and);
        }
        running.until(&format!("it is `{lines}`"), |_| place.read("chosen").as_deref() == Some(lines));
    };
    becomes(None, "web: a\ndb: \n");
    becomes(Some(schedule("web", "max => -1") + &schedule("two", r#"namespace => "db""#)), "web: \ndb: a\n");
    becomes(Some(schedule("web", "") + &schedule("db", "withdraw => true")), "web: a\ndb: \n");
    // The resource goes to another schedule.
    becomes(Some(schedule("web", r#"namespace => "db""#)), "web: \ndb: a\n");
    // It leaves the program.
    becomes(Some(String::new()), "web: \ndb: \n");
    becomes(Some(schedule("web", "persist => true")), "web: a\ndb: \n");
    running.stop();
    assert_eq!(chosen(&place, &["web"]), "web: a\n", "it stays for ever");
}

#[test]
fn a_candidate_that_is_a_part_of_a_branch_comes_and_goes_with_it() {
    let place = Place::new();
    place.write("in", "no");
    let text = format!(
        r#"
import "os"
if os.readfile("{}") == "yes" {{
	schedule "web" {{ max => 1, }}
}} else {{
	schedule "web" {{ withdraw => true, }}
}}
"#,
        place.path("in").display()
    );
    let main = place.write("main.mcl", &follows(&["web"], &text)).display().to_string();
    let mut running = Running::start(place.stead(&["run", "--hostname", "a", &main]));
    for (input, lines) in [("no", "web: \n"), ("yes", "web: a\n"), ("no", "web: \n")] {
        place.write("in", input);
        running.until(&format!("it is `{lines}`"), |_| place.read("chosen").as_deref() == Some(lines));
    }
    running.stop();
}

#[test]
fn hosts_are_chosen_as_their_candidates_say() {
    let place = Place::new();
    let stands = |host: &str, fields: &str| applied(&place, host, &schedule("web", fields)).exits(0);
    for host in ["c", "b", "a"] {
        stands(host, "max => 2, persist => true");
    }
    assert_eq!(chosen(&place, &["web"]), "web: b c\n", "who came first stays");
    let again = stands("c", "max => 2, persist => true");
    assert!(again.output.contains("nothing to change"), "{again:#?}");

    let alpha = follows(&["web"], "").replace(r#"("web")"#, r#"("web", struct{strategy => "alpha", max => 1})"#);
    applied(&place, "reader", &alpha).exits(0);
    assert_eq!(place.read("chosen").as_deref(), Some("web: a\n"), "the call has its own rules");

    // The last word counts, and keeps its place.
    stands("c", "max => 1, persist => true");
    let ran = applied(&place, "reader", &follows(&["web"], "")).exits(0);
    assert_eq!(place.read("chosen").as_deref(), Some("web: c\n"));
    assert!(ran.errors.contains("the last word is that of `c`"), "{ran:#?}");

    stands("c", "withdraw => true");
    assert_eq!(chosen(&place, &["web"]), "web: a b\n", "the others say 2");
}

#[test]
fn a_candidacy_lasts_as_long_as_it_is_to() {
    let place = Place::new();
    let stands = schedule("short", "") + &schedule("long", "ttl => 3600") + &schedule("ever", "persist => true");
    let all = ["short", "long", "ever"];
    let (ended, left) = ("short: \nlong: a\never: a\n", "short: a\nlong: a\never: a\n");
    applied(&place, "a", &stands).exits(0);
    assert_eq!(chosen(&place, &all), ended, "after `apply`");

    let main = place.write("main.mcl", &follows(&all, &stands)).display().to_string();
    let mut running = Running::start(place.stead(&["run", "--hostname", "a", &main]));
    running.until("it is chosen", |_| place.read("chosen").as_deref() == Some(left));
    running.until_watching();
    let planned = place.ran(&["plan", "--hostname", "a", &main]).exits(0);
    assert!(!planned.output.contains("candidate"), "it is one: {planned:#?}");
    // Killed, it can take back nothing. Whoever comes next knows that it is gone.
    drop(running);
    let planned = place.ran(&["plan", "--hostname", "a", &main]).exits(4);
    let become_one = planned.output.matches("become a candidate").count();
    assert_eq!(become_one, 2, "it is one no more, but for the one for ever: {planned:#?}");
    assert_eq!(chosen(&place, &all), ended, "after it was killed");

    // Interrupted in the usual way.
    place.write("main.mcl", &follows(&all, &stands));
    let mut running = Running::start(place.stead(&["run", "--hostname", "a", &main]));
    running.until("it is chosen again", |_| place.read("chosen").as_deref() == Some(left));
    running.stop();
    assert_eq!(chosen(&place, &all), ended, "after `run`");
}

#[test]
fn a_candidacy_that_runs_out_is_seen_when_it_does() {
    let place = Place::new();
    applied(&place, "a", &schedule("web", "ttl => 2")).exits(0);
    let main = place.write("main.mcl", &follows(&["web"], "")).display().to_string();
    let mut running = Running::start(place.stead(&["run", "--hostname", "b", &main]));
    running.until("it has run out", |_| place.read("chosen").as_deref() == Some("web: \n"));
    running.stop();
}

#[test]
fn a_host_is_no_candidate_while_something_before_it_fails() {
    let place = Place::new();
    let fails = r#"
exec "first" { cmd => "/bin/false", shell => "/bin/sh", }
schedule "web" { persist => true, }
Exec["first"] -> Schedule["web"]
"#;
    applied(&place, "a", fails).exits(2);
    assert_eq!(chosen(&place, &["web"]), "web: \n");
    applied(&place, "a", &fails.replace("/bin/false", "/bin/true")).exits(0);
    assert_eq!(chosen(&place, &["web"]), "web: a\n");
}

#[test]
fn a_dry_run_makes_no_candidate_and_takes_none_back() {
    let place = Place::new();
    applied(&place, "a", &schedule("old", "persist => true")).exits(0);
    let text = schedule("old", "withdraw => true") + &schedule("new", "persist => true");
    let main = place.write("main.mcl", &text).display().to_string();
    place.ran(&["apply", "--noop", "--hostname", "a", &main]).exits(0);
    place.ran(&["plan", "--hostname", "a", &main]).exits(4);
    assert_eq!(chosen(&place, &["old", "new"]), "old: a\nnew: \n");
}

#[test]
fn two_resources_of_one_schedule_are_refused_before_anything_changes() {
    let place = Place::new();
    let text = schedule("web", "persist => true") + &schedule("other", r#"namespace => "web", withdraw => true"#);
    let ran = applied(&place, "a", &text).exits(1);
    assert!(ran.errors.contains("error[duplicate-resource]"), "{ran:#?}");
    assert!(ran.errors.contains("schedule[other] manages the schedule web, and so does schedule[web]"), "{ran:#?}");
    assert_eq!(chosen(&place, &["web"]), "web: \n");
}

#[test]
fn what_a_schedule_is_called_and_how_it_is_asked_is_checked() {
    let place = Place::new();
    let refused = |call: &str, code: i32, message: &str| {
        let text = format!("import \"world\"\nimport \"fmt\"\nprint \"x\" {{ msg => fmt.printf(\"%v\", {call}), }}\n");
        let ran = applied(&place, "a", &text).exits(code);
        assert!(ran.errors.contains(message), "{ran:#?}");
    };
    refused(r#"world.schedule("")"#, 1, "can't use an empty namespace");
    refused(r#"world.schedule("a/b")"#, 1, "a schedule has no `/` in its name: `a/b`");
    refused(r#"world.schedule("a", struct{strategy => "load"})"#, 1, "there is no strategy `load`");
    refused(r#"world.schedule("a", struct{ttl => 1})"#, 1, "no option `ttl` here");
}

#[test]
fn an_apply_ends_only_when_it_has_seen_what_it_said_itself() {
    let place = Place::new();
    let text = follows(&["web"], &schedule("web", "persist => true"));
    applied(&place, "a", &text).exits(0);
    assert_eq!(place.read("chosen").as_deref(), Some("web: a\n"));
    applied(&place, "a", &text.replace("persist", "withdraw")).exits(0);
    assert_eq!(place.read("chosen").as_deref(), Some("web: \n"));
}
