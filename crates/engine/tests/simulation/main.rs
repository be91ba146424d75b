//! The engine in a simulated world: scripts with their recorded course, and random courses whose laws are checked.

mod random;
mod script;
mod world;

#[test]
fn scripts_go_as_recorded() {
    testkit::cases("engine", |case| {
        let log = script::play(case.section("script")).map_err(|error| format!("{}: {error}", case.path.display()))?;
        case.expect("log", &log)
    });
}
