//! Plans from scripts with their recorded graphs, and a law: how a graph came to be does not show.

mod dry_run;
mod law;
mod script;

#[test]
fn scripts_give_the_recorded_graphs() {
    testkit::cases("plan", |case| {
        let log = script::play(case.section("script")).map_err(|error| format!("{}: {error}", case.path.display()))?;
        case.expect("log", &log)
    });
}
