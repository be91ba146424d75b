//! What hosts export and collect, through the store of one state directory.

use crate::program::{Place, Ran, Running};
use std::fs;

/// Runs a program to its end as a host.
fn applied(place: &Place, host: &str, text: &str) -> Ran {
    let main = place.write("main.mcl", text).display().to_string();
    place.ran(&["apply", "--hostname", host, &main])
}

/// What a host collects: it says how many, and makes them.
const COLLECT: &str = r#"
import "fmt"
import "world/collect"
$found = collect.res("file")
print "found" { msg => fmt.printf("found %d", len($found)), }
collect file $found {
	mode => "0640",
	Meta:hidden => false,
}
"#;

fn export(name: &str, content: &str, hosts: &str) -> String {
    format!(
        r#"
file "@/{name}" {{
	state => "exists",
	content => "{content}",
	Meta:hidden => true,
	Meta:export => [{hosts}],
}}
"#
    )
}

#[test]
fn what_a_host_exports_reaches_those_that_it_names_and_them_alone() {
    let place = Place::new();
    let exported = export("one", "of a", r#""b""#) + &export("all", "of a", r#""*""#);
    let ran = applied(&place, "a", &exported).exits(0);
    assert!(ran.output.contains("2 hidden"), "{ran:#?}");
    assert_eq!((place.read("one"), place.read("all")), (None, None), "hidden ones are not made");

    let ran = applied(&place, "c", COLLECT).exits(0);
    assert!(ran.output.contains("found 1"), "{ran:#?}");
    assert_eq!((place.read("one"), place.read("all").as_deref()), (None, Some("of a")));

    let ran = applied(&place, "b", COLLECT).exits(0);
    assert!(ran.output.contains("found 2"), "{ran:#?}");
    assert_eq!(place.read("one").as_deref(), Some("of a"));
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(place.path("one")).expect("it is there"));
    assert_eq!(mode & 0o7777, 0o640, "what collects has the last word");

    // Once more is nothing new, and what is not stated any more is withdrawn, also by a later process.
    applied(&place, "a", &exported).exits(0);
    applied(&place, "a", &export("all", "of a", r#""*""#)).exits(0);
    let ran = applied(&place, "b", COLLECT).exits(0);
    assert!(ran.output.contains("found 1"), "{ran:#?}");
    assert_eq!(place.read("one").as_deref(), Some("of a"), "what is not collected any more is let alone");

    // Other hosts, other data.
    applied(&place, "a", &export("all", "new", r#""c""#)).exits(0);
    let ran = applied(&place, "b", COLLECT).exits(0);
    assert!(ran.output.contains("found 0"), "{ran:#?}");
    applied(&place, "c", COLLECT).exits(0);
    assert_eq!(place.read("all").as_deref(), Some("new"));
}

#[test]
fn a_host_exports_one_name_with_other_data_for_each_host() {
    let place = Place::new();
    let exported = ["b", "c"].map(|host| export("same", &format!("for {host}"), &format!("\"{host}\""))).concat();
    applied(&place, "a", &exported).exits(0);
    for host in ["b", "c"] {
        applied(&place, host, COLLECT).exits(0);
        assert_eq!(place.read("same"), Some(format!("for {host}")));
    }
}

#[test]
fn what_two_hosts_export_under_one_name_has_to_agree() {
    let place = Place::new();
    applied(&place, "a", &export("same", "one", r#""*""#)).exits(0);
    applied(&place, "b", &export("same", "one", r#""*""#)).exits(0);
    applied(&place, "c", COLLECT).exits(0);
    assert_eq!(place.read("same").as_deref(), Some("one"));
    applied(&place, "b", &export("same", "two", r#""*""#)).exits(0);
    let ran = applied(&place, "c", COLLECT).exits(1);
    assert!(ran.errors.contains("error[duplicate-resource]"), "{ran:#?}");
    assert_eq!(place.read("same").as_deref(), Some("one"));
}

#[test]
fn a_dry_run_exports_nothing_and_withdraws_nothing() {
    let place = Place::new();
    applied(&place, "a", &export("kept", "old", r#""*""#)).exits(0);
    let main = place.write("main.mcl", &export("other", "new", r#""*""#)).display().to_string();
    place.ran(&["apply", "--noop", "--hostname", "a", &main]).exits(0);
    place.ran(&["plan", "--hostname", "a", &main]).exits(0);
    applied(&place, "b", COLLECT).exits(0);
    assert_eq!((place.read("kept").as_deref(), place.read("other")), (Some("old"), None));
}

#[test]
fn what_is_exported_is_followed_while_it_changes() {
    let place = Place::new();
    place.write("in", "one");
    let follows = format!(
        "import \"os\"\n{}\n{COLLECT}",
        export("live", "", r#""*""#).replace("\"\"", &format!("os.readfile(\"{}\")", place.path("in").display()))
    );
    let main = place.write("main.mcl", &follows).display().to_string();
    let mut running = Running::start(place.stead(&["run", "--hostname", "a", &main]));
    let is = |content: &str| place.read("live").as_deref() == Some(content);
    running.until("the first value arrives", |_| is("one"));
    place.write("in", "two");
    running.until("the second value arrives", |_| is("two"));
    // The statement goes, and with it what others see of it.
    place.write("main.mcl", COLLECT);
    running.until("it is withdrawn", |it| it.output().contains("found 0"));
    place.write("main.mcl", &follows.replace("Meta:hidden => true", "Meta:hidden => true, mode => \"0600\""));
    place.write("in", "three");
    running.until("it is exported again", |_| is("three"));
    running.stop();
}

#[test]
fn a_plan_knows_what_is_sent_where_the_sender_is_right_as_it_is() {
    let place = Place::new();
    let text = r#"
password "database" { length => 12, saved => true, }
file "@/password" { state => "exists", mode => "0600", }
Password["database"].password -> File["@/password"].content

value "answer" { any => "forty-two", }
file "@/answer" { state => "exists", }
Value["answer"].any -> File["@/answer"].content

exec "never" { cmd => "echo ran", shell => "/bin/sh", creates => "@/password", send_output => "kept", }
file "@/never" { state => "exists", }
Exec["never"].output -> File["@/never"].content
File["@/password"] -> Exec["never"]
"#;
    let main = place.write("main.mcl", text).display().to_string();
    // Which password there will be is not known before it is made up.
    let plan = place.ran(&["plan", &main]).exits(4);
    assert!(plan.output.contains("unknown"), "{plan:#?}");
    place.ran(&["apply", &main]).exits(0);
    assert_eq!(place.read("answer").as_deref(), Some("forty-two"));
    assert_eq!(place.read("never").as_deref(), Some("kept"));
    let password = place.read("password").expect("it was received");
    assert_eq!(password.len(), 12);

    // Nothing would change, and that is known.
    let plan = place.ran(&["plan", &main]).exits(0);
    assert!(!plan.output.contains(&password), "{plan:#?}");
    // What would change is known as well, and shows no secret.
    place.write("password", "by hand");
    place.write("answer", "by hand");
    let plan = place.ran(&["plan", &main]).exits(4);
    assert!(!plan.output.contains("unknown") && !plan.output.contains(&password), "{plan:#?}");
    assert!(!plan.errors.contains(&password), "{plan:#?}");
    let apply = place.ran(&["apply", &main]).exits(0);
    assert!(!apply.output.contains(&password) && !apply.errors.contains(&password), "{apply:#?}");
    assert_eq!(place.read("password").as_deref(), Some(password.as_str()));
    place.ran(&["plan", &main]).exits(0);
    // The report shows what was received, but no secret.
    place.write("password", "by hand");
    let apply = place.ran(&["apply", "--report", "json", &main]).exits(0);
    assert!(apply.output.contains("forty-two") && apply.output.contains("kept"), "{apply:#?}");
    assert!(!apply.output.contains(&password) && !apply.errors.contains(&password), "{apply:#?}");
}

#[test]
fn a_secret_that_is_passed_on_stays_one() {
    let place = Place::new();
    let text = r#"
password "key" { length => 12, saved => true, }
value "kept" {}
Password["key"].password -> Value["kept"].any
kv "shared" { value => "before", }
Value["kept"].any -> Kv["shared"].value
file "@/key" { state => "exists", mode => "0600", }
Value["kept"].any -> File["@/key"].content
exec "login" { cmd => "exit 3", shell => "/bin/sh", }
Value["kept"].any -> Exec["login"].cmd
"#;
    let main = place.write("main.mcl", text).display().to_string();
    let apply = place.ran(&["apply", "--report", "json", &main]).exits(2);
    let key = place.read("key").expect("it was received");
    assert_eq!(key.len(), 12);
    // What fails tells as little as what is done.
    assert!(apply.output.contains("`(secret)` ended with exit code"), "{apply:#?}");
    let plan = place.ran(&["plan", &main]).exits(4);
    let json = place.ran(&["plan", "--format", "json", &main]).exits(4);
    assert!(plan.output.contains("run `(secret)`"), "{plan:#?}");
    // It is changed by somebody else: what there was may be a secret too.
    let other = place.write("other.mcl", "kv \"shared\" { value => \"by hand\", }\n").display().to_string();
    place.ran(&["apply", &other]).exits(0);
    let changed = place.ran(&["plan", &main]).exits(4);
    assert!(changed.output.contains("change key `shared`") && !changed.output.contains("by hand"), "{changed:#?}");
    for ran in [apply, plan, json, changed] {
        assert!(!ran.output.contains(&key) && !ran.errors.contains(&key), "{ran:#?}");
    }
}

#[test]
fn a_secret_is_not_exported() {
    let place = Place::new();
    let stated = place.write("stated.mcl", "user \"app\" { password => \"hunter2\", Meta:export => [\"*\"], }\n");
    let checked = place.ran(&["check", &stated.display().to_string()]).exits(1);
    assert!(checked.errors.contains("every host could read it"), "{checked:#?}");
    let sent = r#"
password "key" { saved => true, }
value "kept" {}
Password["key"].password -> Value["kept"].any
file "@/key" { state => "exists", Meta:hidden => true, Meta:export => ["*"], }
"#;
    let directly = format!("{sent}Password[\"key\"].password -> File[\"@/key\"].content\n");
    let directly = place.write("directly.mcl", &directly).display().to_string();
    let refused = place.ran(&["apply", &directly]).exits(1);
    assert!(refused.errors.contains("`content` is a secret: every host could read it"), "{refused:#?}");
    let passed_on = format!("{sent}Value[\"kept\"].any -> File[\"@/key\"].content\n");
    let passed_on = place.write("passed_on.mcl", &passed_on).display().to_string();
    let failed = place.ran(&["apply", &passed_on]).exits(2);
    assert!(failed.output.contains("`content` receives a secret, and secrets are not exported"), "{failed:#?}");
}

#[test]
fn an_apply_ends_only_when_it_has_seen_what_it_shares_itself() {
    let place = Place::new();
    let follows = |value: &str| {
        format!(
            r#"
import "world"
import "value"
kv "shared" {{ value => "{value}", }}
value "own" {{ any => "{value}", }}
$shared = world.getval("shared")
file "@/shared" {{ state => "exists", content => $shared->value, }}
file "@/own" {{ state => "exists", content => value.get_str("own")->value, }}
"#
        )
    };
    for value in ["one", "two"] {
        applied(&place, "a", &follows(value)).exits(0);
        assert_eq!((place.read("shared").as_deref(), place.read("own").as_deref()), (Some(value), Some(value)));
    }
    // The same with files.
    let follows = r#"
import "os"
file "@/first" { state => "exists", content => "made\n", }
$second = os.readfile("@/first") <|> "missing\n"
file "@/second" { state => "exists", content => $second, }
"#;
    let ran = applied(&place, "a", follows).exits(0);
    assert_eq!(place.read("second").as_deref(), Some("made\n"), "{ran:#?}");
    // Nobody waits for ever.
    let grows = r#"
import "fmt"
import "world"
kv "grows" { value => fmt.printf("%s+", world.getval("grows")->value), }
"#;
    let ran = applied(&place, "a", grows).exits(0);
    assert!(ran.errors.contains("it never comes to rest"), "{ran:#?}");
    // What is collected is what was exported a moment ago.
    let text = export("file", "of a", r#""a""#) + COLLECT;
    applied(&place, "a", &text).exits(0);
    assert_eq!(place.read("file").as_deref(), Some("of a"));
}
