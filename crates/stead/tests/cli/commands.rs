//! What each command prints, and how it exits.

use crate::program::{Place, Ran, Running};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Stdio;

const GOOD: &str = r#"file "@/good" { state => "exists", content => "good\n", }"#;
const FAILS: &str = r#"exec "fails" { cmd => "false", }"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Runs a program to its end.
fn applied(place: &Place, arguments: &[&str], text: &str) -> Ran {
    let main = place.write("main.mcl", text).display().to_string();
    place.ran(&[&["apply"], arguments, &[main.as_str()]].concat())
}

#[test]
fn it_exits_0_when_all_is_done_and_says_what_changed() {
    let place = Place::new();
    let first = applied(&place, &[], GOOD).exits(0);
    assert!(first.output.contains("1 resource, 1 changed in "), "{first:#?}");
    assert_eq!(place.read("good").as_deref(), Some("good\n"));
    let second = applied(&place, &[], GOOD).exits(0);
    assert!(second.output.contains("1 resource, nothing to change in "), "{second:#?}");
    assert_eq!((first.errors.as_str(), second.errors.as_str()), ("", ""));
}

#[test]
fn it_exits_1_when_the_program_is_in_error() {
    let place = Place::new();
    for command in ["check", "graph", "apply", "run"] {
        let ran = place.ran(&[command, "-e", "file \"/x\" { stat => \"exists\", }"]).exits(1);
        assert!(ran.errors.contains("error[unknown-field]"), "{command}: {ran:#?}");
        assert!(ran.errors.ends_with("1 error\n"), "{command}: {ran:#?}");
        assert_eq!(ran.output, "", "{command}");
    }
    let ran = place.ran(&["check", "missing.mcl"]).exits(1);
    assert!(ran.errors.contains("missing.mcl"), "{ran:#?}");
}

#[test]
fn it_exits_2_when_a_resource_fails_and_does_the_rest() {
    let place = Place::new();
    let ran = applied(&place, &[], &format!("{FAILS}\n{GOOD}")).exits(2);
    assert!(ran.output.contains("failed: exec[fails]: "), "{ran:#?}");
    assert_eq!(place.read("good").as_deref(), Some("good\n"));
}

#[test]
fn what_comes_after_a_failure_is_blocked_by_it() {
    let place = Place::new();
    let text = format!("{FAILS}\n{}", GOOD.replace("content", "Depend => Exec[\"fails\"], content"));
    let ran = applied(&place, &[], &text).exits(2);
    let blocked = format!("blocked: file[{}] by exec[fails]", place.path("good").display());
    assert!(ran.output.contains(&blocked), "{ran:#?}");
    assert_eq!(place.read("good"), None);
}

#[test]
fn it_exits_3_when_time_is_up() {
    let place = Place::new();
    let ran = applied(&place, &["--max-runtime", "1"], r#"exec "sleeps" { cmd => "sleep 1000", }"#).exits(3);
    assert!(ran.output.contains("not done: exec[sleeps]"), "{ran:#?}");
}

#[test]
fn it_exits_64_when_the_command_line_is_in_error() {
    let place = Place::new();
    for arguments in [
        &["aply", "x"][..],
        &["apply"],
        &["apply", "a.mcl", "-e", ""],
        &["apply", "--jobs", "0", "x"],
        &["apply", "--update", "x"],
        &["apply", "--log-level", "inof", "x"],
        &["completions", "tcl"],
        &["--no-such-option"],
        &[],
    ] {
        let ran = place.ran(arguments).exits(64);
        assert!(ran.errors.contains("--help"), "{arguments:?}: {ran:#?}");
        assert_eq!(ran.output, "", "{arguments:?}");
    }
    let ran = place.ran(&["aply"]);
    assert!(ran.errors.contains("apply"), "it knows what was meant: {ran:#?}");
}

#[test]
fn help_and_version_go_to_standard_output() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["--version"], &["apply", "--help"], &["-h"]] {
        let ran = place.ran(arguments).exits(0);
        assert!(ran.output.contains("stead") && ran.errors.is_empty(), "{arguments:?}: {ran:#?}");
    }
}

#[test]
fn every_line_that_is_printed_is_shown_also_at_the_very_end() {
    let place = Place::new();
    // Each after the one before it, so that the last line comes at the very end.
    let one = |at: usize| {
        let after = if at > 0 { format!("Depend => Print[\"p{}\"], ", at - 1) } else { String::new() };
        format!("print \"p{at}\" {{ msg => \"line {at}\", {after}Meta:autogroup => false, }}\n")
    };
    let ran = applied(&place, &[], &(0..16).map(one).collect::<String>()).exits(0);
    let printed: Vec<&str> = ran.output.lines().filter(|it| it.contains("]: line ")).collect();
    let stated: Vec<String> = (0..16).map(|at| format!("print[p{at}]: line {at}")).collect();
    assert_eq!(printed, stated, "{ran:#?}");
}

#[test]
fn a_resource_can_choose_the_exit_code() {
    let place = Place::new();
    applied(&place, &[], r#"exit "done" { code => 7, }"#).exits(7);
}

#[test]
fn noop_says_what_would_change_and_changes_nothing() {
    let place = Place::new();
    let ran = applied(&place, &["--noop"], GOOD).exits(0);
    assert!(ran.output.contains(": would "), "{ran:#?}");
    assert!(ran.output.contains("1 would change"), "{ran:#?}");
    assert_eq!(place.read("good"), None);
}

#[test]
fn a_report_for_machines_is_one_object() {
    let place = Place::new();
    let text = format!("{FAILS}\n{GOOD}\nexec \"later\" {{ cmd => \"true\", Depend => Exec[\"fails\"], }}");
    let ran = applied(&place, &["--report", "json"], &text).exits(2);
    let object = json(&ran.output);
    let report = &object["report"];
    assert_eq!(report["vertices"], 3, "{object:#}");
    assert_eq!(report["changed"], 1, "{object:#}");
    assert_eq!(report["failed"][0]["resource"], "exec[fails]", "{object:#}");
    assert!(report["failed"][0]["message"].as_str().is_some_and(|it| it.contains("exit")), "{object:#}");
    assert_eq!(report["blocked"][0]["resource"], "exec[later]", "{object:#}");
    assert_eq!(report["blocked"][0]["by"], "exec[fails]", "{object:#}");
    assert_eq!(report["unfinished"], Value::Array(Vec::new()), "{object:#}");
    assert_eq!(object["vertices"].as_array().map(Vec::len), Some(3), "{object:#}");
}

#[test]
fn diagnostics_for_machines_are_one_object_a_line() {
    let place = Place::new();
    let text = "file \"/x\" { stat => \"exists\", }\nfil \"/y\" { }\n";
    let ran = place.ran(&["check", "--message-format", "json", "-e", text]).exits(1);
    let objects: Vec<Value> = ran.errors.lines().map(json).collect();
    assert_eq!(objects.len(), 2, "{ran:#?}");
    let ran = place.ran(&["fmt", "--message-format", "json", "no/such/path"]).exits(1);
    assert_eq!(json(&ran.errors)["message"], "cannot read `no/such/path`: it does not exist");
    let codes: Vec<&str> = objects.iter().filter_map(|it| it["code"].as_str()).collect();
    assert_eq!(codes, ["unknown-field", "unknown-kind"], "{ran:#?}");
}

#[test]
fn a_graph_is_printed_for_people_graphviz_and_machines_and_as_a_picture() {
    let place = Place::new();
    let text = "exec \"b\" { cmd => \"true\", }\nexec \"a\" { cmd => \"true\", Notify => Exec[\"b\"], }\n";
    let main = place.write("main.mcl", text).display().to_string();
    let graph = |format: &str| place.ran(&["graph", "--format", format, &main]).exits(0).output;
    assert_eq!(graph("text"), "exec[a]\nexec[b]  after exec[a] (notifies)\n");
    assert!(graph("dot").contains("\"exec[a]\" -> \"exec[b]\" [style=bold];\n"), "{}", graph("dot"));
    let picture = graph("svg");
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{picture}");
    assert!(picture.contains("<title>exec[a] → exec[b] (notifies)</title>"), "{picture}");
    let secret = "file \"/x\" {\n\tcontent => \"hunter2\",\n\tsensitive => true,\n}\n";
    let shown = place.ran(&["graph", "--format", "json", "-e", secret]).exits(0).output;
    assert!(shown.contains("sensitive") && !shown.contains("hunter2"), "{shown}");
    let object = json(&graph("json"));
    assert_eq!(object["vertices"][0]["kind"], "exec", "{object:#}");
    assert_eq!(object["vertices"][0]["name"], "a", "{object:#}");
    let edge = &object["edges"][0];
    assert_eq!((&edge["from"], &edge["to"]), (&"exec[a]".into(), &"exec[b]".into()), "{object:#}");
    assert_eq!((&edge["notify"], &edge["auto"]), (&true.into(), &false.into()), "{object:#}");
}

#[test]
fn a_program_comes_from_the_command_line_or_standard_input_too() {
    let place = Place::new();
    let text = "file \"/x\" { state => \"exists\", }\n";
    assert_eq!(place.ran(&["graph", "-e", text]).exits(0).output, "file[/x]\n");
    assert_eq!(place.fed(&["graph", "-"], text).exits(0).output, "file[/x]\n");
    let ran = place.fed(&["check", "-"], "file {").exits(1);
    assert!(ran.errors.contains("error"), "{ran:#?}");
}

#[test]
fn whoever_looks_beside_a_run_sees_what_it_shares() {
    let place = Place::new();
    let main = place.write("main.mcl", "kv \"k\" { value => \"shared\", }\n").display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    running.until("the value is shared", |it| it.output().contains("watching 1 resource"));
    let text = "import \"world\"\n$got = world.getval(\"k\")\nprint $got->value {}\n";
    let ran = place.ran(&["graph", "-e", text]).exits(0);
    assert_eq!((ran.output.as_str(), ran.errors.as_str()), ("print[shared]\n", ""));
    running.stop();
}

#[test]
fn arguments_after_two_dashes_are_the_programs() {
    let place = Place::new();
    let text = "import \"os\"\nfile os.args()[1] { state => \"exists\", }\n";
    assert_eq!(place.ran(&["graph", "-e", text, "--", "/from/outside"]).exits(0).output, "file[/from/outside]\n");
}

#[test]
fn fmt_checks_and_formats() {
    let place = Place::new();
    let untidy = "file \"/x\" {state=>\"exists\",}\n";
    let path = place.write("untidy.mcl", untidy);
    let checked = place.ran(&["fmt", "--check"]).exits(1);
    assert_eq!(checked.output, "./untidy.mcl: not formatted\n");
    assert_eq!(place.read("untidy.mcl").as_deref(), Some(untidy));
    place.ran(&["fmt"]).exits(0);
    let tidy = place.read("untidy.mcl").expect("it is there");
    assert_eq!(tidy, place.fed(&["fmt", "-"], untidy).exits(0).output);
    assert_ne!(tidy, untidy);
    place.ran(&["fmt", "--check", &path.display().to_string()]).exits(0);

    place.write("untidy.mcl", untidy);
    std::os::unix::fs::symlink(&path, place.path("link.mcl")).expect("a link can be made");
    place.ran(&["fmt", "link.mcl"]).exits(0);
    assert!(place.path("link.mcl").is_symlink(), "the link stays");
    assert_eq!(place.read("untidy.mcl").as_deref(), Some(tidy.as_str()), "what it leads to is formatted");

    fs::create_dir_all(place.path("folder/within")).expect("folders can be made");
    let nested = place.write("folder/within/nested.mcl", untidy.trim_end());
    place.write("folder/within/other.txt", untidy);
    fs::set_permissions(&nested, fs::Permissions::from_mode(0o640)).expect("its mode can be set");
    place.ran(&["fmt", "folder"]).exits(0);
    assert_eq!(place.read("folder/within/nested.mcl").as_deref(), Some(tidy.as_str()), "with the end of its last row");
    assert_eq!(fs::metadata(&nested).expect("it is there").mode() & 0o777, 0o640, "the mode stays");
    assert_eq!(place.read("folder/within/other.txt").as_deref(), Some(untidy), "it is no program");

    let broken = "file {\n";
    place.write("broken.mcl", broken);
    let ran = place.ran(&["fmt"]).exits(1);
    assert!(ran.errors.contains("broken.mcl"), "{ran:#?}");
    assert_eq!(place.read("broken.mcl").as_deref(), Some(broken), "it is left as it is");
    place.ran(&["fmt", "no/such/path"]).exits(1);
}

#[test]
fn docs_and_explain_find_their_pages_or_say_what_was_meant() {
    let place = Place::new();
    for topic in ["file", "fmt.printf", "strings", "len"] {
        assert!(place.ran(&["docs", topic]).exits(0).output.contains(topic), "{topic}");
    }
    let ran = place.ran(&["docs", "flie"]).exits(1);
    assert!(ran.errors.contains("did you mean `file`?"), "{ran:#?}");
    for code in ["unknown-field", "error[unknown-field]", "warning[unknown-field]: no such field"] {
        let page = place.ran(&["explain", code]).exits(0).output;
        assert!(page.starts_with("# unknown-field\n\nThe kind has no field of this name.\n"), "{code}: {page}");
    }
    let ran = place.ran(&["explain", "unknown-feild"]).exits(1);
    assert!(ran.errors.contains("did you mean `unknown-field`?"), "{ran:#?}");
    let all = place.ran(&["explain"]).exits(0).output;
    for code in all.lines().filter_map(|line| line.split(' ').next()) {
        place.ran(&["explain", code]).exits(0);
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    let place = Place::new();
    for shell in ["bash", "fish", "zsh"] {
        assert!(place.ran(&["completions", shell]).exits(0).output.contains("stead"), "{shell}");
    }
    assert!(place.ran(&["man"]).exits(0).output.contains(".TH stead"));
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let place = Place::new();
    let program = place.write("main.mcl", GOOD).display().to_string();
    for arguments in
        [&["docs"][..], &["explain"], &["man"], &["--help"], &["completions", "bash"], &["apply", &program]]
    {
        let mut child = place.stead(arguments).stdin(Stdio::null()).spawn().expect("stead can be started");
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().expect("it can be waited for"));
        let ran = ran.exits(0);
        assert_eq!(ran.errors, "", "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(place.path("good")).expect("the work was done"), "good\n");

    // Nor does it hide how it ended.
    let fails = place.write("fails.mcl", FAILS).display().to_string();
    for (command, code) in [("apply", 2), ("plan", 4)] {
        let mut child = place.stead(&[command, &fails]).spawn().expect("stead can be started");
        drop(child.stdout.take());
        Ran::from(child.wait_with_output().expect("it can be waited for")).exits(code);
    }
}

#[test]
fn the_files_of_an_installed_package_come_after_it() {
    // Every Debian has this one, with these files.
    if !std::path::Path::new("/var/lib/dpkg/info/base-files.list").exists() {
        return;
    }
    let text = r#"
pkg "base-files" { state => "installed", }
file "/etc/issue.net" { state => "exists", }
file "/etc/unknown-to-packages" { state => "exists", }
"#;
    let place = Place::new();
    let graph = place.ran(&["graph", "-e", text]).exits(0).output;
    assert!(graph.contains("file[/etc/issue.net]  after pkg[base-files] (automatic)\n"), "{graph}");
    assert!(graph.contains("file[/etc/unknown-to-packages]\n"), "{graph}");
    let without = place.ran(&["graph", "-e", &text.replace("installed\",", "installed\", Meta:autoedge => false,")]);
    assert!(without.exits(0).output.contains("file[/etc/issue.net]\n"));
}

#[test]
fn a_plan_shows_what_would_be_undone_and_notified() {
    let place = Place::new();
    let main = r#"
file "@/kept" { state => "exists", content => "stated\n", Meta:reverse => true, }
"#;
    applied(&place, &[], main).exits(0);
    let plan = place.ran(&["plan", "-e", r#"print "nothing else" { msg => "", Meta:noop => true, }"#]).exits(4);
    assert!(plan.output.contains(&format!("file[{}]", place.path("kept").display())), "{plan:#?}");

    let notify = r#"
file "@/told" { state => "exists", content => "1\n", Notify => Exec["told"], }
exec "told" { cmd => "test -e @/good", shell => "/bin/sh", refresh_only => true, Meta:retry => 0, }
"#;
    let place = Place::new();
    applied(&place, &[], notify).exits(2);
    let main = place.path("main.mcl").display().to_string();
    let plan = place.ran(&["plan", &main]).exits(4);
    assert!(plan.output.contains("exec[told]"), "{plan:#?}");
    place.write("good", "");
    let ran = place.ran(&["apply", &main]).exits(0);
    assert!(ran.output.contains("exec[told]"), "{ran:#?}");
    place.ran(&["plan", &main]).exits(0);
}

#[test]
fn a_plan_tells_whose_primary_group_is_to_go_unless_the_user_goes_before() {
    let place = Place::new();
    // It is on every machine, and a plan leaves it there.
    let group = "group \"daemon\" {\n\tstate => \"absent\",\n}";
    let alone = place.ran(&["plan", "-e", group]).exits(2);
    let told = "would fail: group `daemon` is the primary group of user `daemon`";
    assert!(alone.output.contains(told), "{alone:#?}");
    let user = "user \"daemon\" {\n\tstate => \"absent\",\n\tgroup => \"daemon\",\n}";
    let both = place.ran(&["plan", "-e", &format!("{group}\n{user}")]).exits(4);
    assert!(both.output.contains("remove group `daemon`  (assuming user[daemon])"), "{both:#?}");
}
