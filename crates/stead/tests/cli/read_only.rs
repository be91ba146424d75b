//! What only looks makes no call that could change anything: `cases/read_only/*.txt`.
//!
//! A case prepares a folder (`prepare`, for the shell) and states what should be (`program`; `@` is the folder). `check`,
//! `graph` and `plan` look at it while it is not so, `plan` looks again after `apply`; none of them may even try to change
//! something. `plan`, `apply` and `again` are found and compared: what is to be changed, what `apply` was seen to change
//! below the folder (which shows that what looks here can see), and what is left.
//!
//! With `only looked at` among the `orders` nothing is applied: it is about the machine itself.

use crate::program::{Place, Ran};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use testkit::trace::{Write, traced};

/// What is looked at, and where notes are made of it.
struct Look {
    place: Place,
    notes: tempfile::TempDir,
    main: String,
    count: usize,
}

#[test]
fn what_only_looks_changes_nothing_whatever_the_kind() {
    let mut seen = BTreeSet::new();
    testkit::cases("read_only", |case| {
        let place = Place::new();
        let main = place.write("main.mcl", case.section("program")).display().to_string();
        let mut look = Look { place, notes: tempfile::tempdir().expect("a folder can be made"), main, count: 0 };
        look.prepare(case.section("prepare"));
        let orders: Vec<&str> = case.section("orders").lines().collect();
        let may_run = match *orders {
            [] => true,
            ["root"] if rustix::process::geteuid().is_root() => true,
            ["root"] => {
                eprintln!("not tried, since only root can: {}", case.path.display());
                return Ok(());
            }
            ["only looked at"] => false,
            _ => return Err(format!("{}: what are the orders {orders:?}?", case.path.display())),
        };
        seen.extend(look.kinds()?);
        look.without_writing(&["check"])?.exits(0);
        look.without_writing(&["graph"])?.exits(0);
        let planned = look.without_writing(&["plan", "--format", "json"])?;
        if !may_run {
            assert!(matches!(planned.code, Some(0 | 2 | 4)), "{}: {planned:#?}", case.path.display());
            return Ok(());
        }
        case.expect("plan", &changes(&look.place, &planned))?;
        let applied = look.at(&["apply"]);
        case.expect("apply", &look.changed(&applied))?;
        let again = look.without_writing(&["plan", "--format", "json"])?;
        case.expect("again", &changes(&look.place, &again))
    });
    // No program states a kind with an underscore.
    let stated = kinds::ALL.iter().map(|kind| kind.name).filter(|name| !name.starts_with('_'));
    let missing: Vec<_> = stated.filter(|name| !seen.contains(*name)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "these kinds have no case in cases/read_only");
}

/// What was seen.
struct Seen {
    ran: Ran,
    writes: Vec<Write>,
}

impl Look {
    fn prepare(&self, script: &str) {
        let status = Command::new("sh").args(["-ec", script]).current_dir(self.place.path("")).status();
        assert!(status.expect("a shell can be started").success(), "{script}");
    }

    /// The kinds of the program's resources.
    fn kinds(&self) -> Result<Vec<String>, String> {
        let graph = self.place.ran(&["graph", "--format", "json", &self.main]);
        let graph: Value = serde_json::from_str(&graph.output).map_err(|error| format!("{error}: {graph:#?}"))?;
        let vertices = graph["vertices"].as_array().into_iter().flatten();
        Ok(vertices.filter_map(|vertex| vertex["kind"].as_str()).map(str::to_owned).collect())
    }

    fn at(&mut self, arguments: &[&str]) -> Seen {
        self.count += 1;
        let command = self.place.stead(&[arguments, &[self.main.as_str()]].concat());
        let traced = traced(&command, &self.notes.path().join(self.count.to_string()));
        let writes = traced.writes.into_iter().filter(|write| !write.is_harmless()).collect();
        Seen { ran: Ran::from(traced.output), writes }
    }

    fn without_writing(&mut self, arguments: &[&str]) -> Result<Ran, String> {
        let seen = self.at(arguments);
        let writes: Vec<String> = seen.writes.iter().map(ToString::to_string).collect();
        if writes.is_empty() { Ok(seen.ran) } else { Err(format!("{arguments:?} would write:\n{}", writes.join("\n"))) }
    }

    /// What was changed in the folder, the program's own state left out; how it ended comes last.
    fn changed(&self, seen: &Seen) -> String {
        let folder = self.place.path("");
        let (folder, state) = (folder.as_path(), self.place.path("state"));
        let named = seen.writes.iter().flat_map(|write| &write.paths).filter(|path| !path.starts_with(&state));
        let below = named.filter_map(|path| path.strip_prefix(folder).ok());
        // Files without a name are shown by a number.
        let is_temporary = |path: &&Path| {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            name.is_empty() || name.starts_with(b".") || name.starts_with(b"#")
        };
        let paths: BTreeSet<&Path> = below.filter(|path| !is_temporary(path)).collect();
        let mut text: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
        text.push_str(&format!("exit {}\n", seen.ran.code.unwrap_or(-1)));
        text
    }
}

/// The resources that a plan changes, sorted; how it ended comes last.
fn changes(place: &Place, ran: &Ran) -> String {
    let folder = place.path("").display().to_string();
    let Ok(plan) = serde_json::from_str::<Value>(&ran.output) else { return format!("{ran:#?}") };
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines: Vec<String> = Vec::new();
    for change in plan["changes"].as_array().into_iter().flatten() {
        let what = if change["problem"].is_null() { word(&change["certainty"]) } else { "fails".to_owned() };
        lines.push(format!("{} {what}\n", word(&change["resource"]).replace(&folder, "@/")));
    }
    lines.sort();
    lines.push(format!("exit {}\n", ran.code.unwrap_or(-1)));
    lines.concat()
}
