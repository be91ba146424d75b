//! Units of a real systemd.

use crate::{machine, run};
use host::Events;
use resource::Watch;
use resource::host::{ActiveState, JobMode};
use std::fs;
use std::time::Duration;

fn unit_file(name: &str, service: &str) {
    let text = format!("[Service]\n{service}\n[Install]\nWantedBy=multi-user.target\n");
    fs::write(format!("/etc/systemd/system/{name}"), text).expect("written");
}

/// Waits for an event; what is waited for is named where it does not come.
async fn event(events: &mut Events, what: &str) -> Vec<u64> {
    let event = tokio::time::timeout(Duration::from_secs(60), events.next()).await;
    event.unwrap_or_else(|_| panic!("no event: {what}"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn a_unit_is_enabled_started_reloaded_and_stopped() {
    let services = std::sync::Arc::clone(&machine().host.services);
    let facts = async |name: &str| services.unit(name, false).await.expect("systemd answers");
    assert!(!facts("nobody-has-this.service").await.exists);
    let name = "stead-one.service";
    unit_file(name, "ExecStart=/bin/sleep infinity\nExecReload=/bin/touch /run/stead-reloaded");
    services.reload_manager(false).await.expect("reloaded");
    let before = facts(name).await;
    assert_eq!((before.exists, before.active, before.startup.as_str()), (true, ActiveState::Inactive, "disabled"));

    services.enable(name, false).await.expect("enabled");
    assert_eq!(facts(name).await.startup, "enabled");
    services.start(name, false, JobMode::Fail).await.expect("started");
    services.start(name, false, JobMode::Fail).await.expect("fine where it runs");
    let running = facts(name).await;
    assert_eq!((running.active, running.can_reload), (ActiveState::Active, true));
    services.reload_or_try_restart(name, false, JobMode::Fail).await.expect("reloaded");
    assert!(fs::exists("/run/stead-reloaded").expect("readable"), "the job has ended when the call has");

    unit_file(name, "ExecStart=/bin/sleep 1d");
    assert!(facts(name).await.needs_reload);
    services.reload_manager(false).await.expect("reloaded");
    assert!(!facts(name).await.needs_reload);
    services.try_restart(name, false, JobMode::Replace).await.expect("restarted");
    services.stop(name, false, JobMode::Fail).await.expect("stopped");
    assert_eq!(facts(name).await.active, ActiveState::Inactive);
    services.try_restart(name, false, JobMode::Fail).await.expect("fine where it does not run");
    services.reload_or_try_restart(name, false, JobMode::Fail).await.expect("fine where it does not run");
    assert_eq!(facts(name).await.active, ActiveState::Inactive, "what does not run stays so");
    services.disable(name, false).await.expect("disabled");
    assert_eq!(facts(name).await.startup, "disabled");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn a_failed_start_says_the_result_and_the_last_lines() {
    let services = std::sync::Arc::clone(&machine().host.services);
    let name = "stead-bad.service";
    unit_file(name, "Type=oneshot\nExecStart=/bin/sh -c 'echo the port is taken; exit 7'");
    services.reload_manager(false).await.expect("reloaded");
    let error = services.start(name, false, JobMode::Fail).await.expect_err("it fails").chain();
    assert!(error.contains("its job ended as `failed`"), "{error}");
    assert!(error.contains("\n  the port is taken"), "{error}");
    assert_eq!(services.unit(name, false).await.expect("known").active, ActiveState::Failed);
    let error = services.start("nobody-has-this.service", false, JobMode::Fail).await.expect_err("missing").chain();
    assert!(error.contains("nobody-has-this.service"), "{error}");
    let error = services.enable("nobody-has-this.service", false).await.expect_err("missing").chain();
    assert!(error.contains("cannot enable the unit"), "{error}");
    fs::write("/etc/systemd/system/stead-static.service", "[Service]\nExecStart=/bin/true\n").expect("written");
    let error = services.enable("stead-static.service", false).await.expect_err("static").chain();
    assert!(error.contains("`[Install]`"), "{error}");
    let error = services.unit("stead.service", true).await.expect_err("root has no session").chain();
    assert!(error.contains("session bus"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn a_failed_start_says_nothing_of_earlier_ones() {
    let services = std::sync::Arc::clone(&machine().host.services);
    let name = "stead-worse.service";
    for attempt in ["the first attempt", "the second attempt"] {
        unit_file(name, &format!("Type=oneshot\nExecStart=/bin/sh -c 'echo {attempt}; exit 7'"));
        services.reload_manager(false).await.expect("reloaded");
        let error = services.start(name, false, JobMode::Fail).await.expect_err("it fails").chain();
        let told: Vec<&str> = error.lines().filter(|line| line.contains("attempt")).map(str::trim).collect();
        assert_eq!(told, [attempt], "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn a_unit_is_masked_and_unmasked_also_before_it_is_there() {
    let services = std::sync::Arc::clone(&machine().host.services);
    let facts = async |name: &str| services.unit(name, false).await.expect("systemd answers");
    let name = "stead-masked.service";
    services.mask(name, false).await.expect("masked");
    assert_eq!((facts(name).await.startup.as_str(), facts(name).await.is_masked_by_package), ("masked", false));
    let text = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";
    fs::write(format!("/usr/lib/systemd/system/{name}"), text).expect("written");
    let error = services.start(name, false, JobMode::Fail).await.expect_err("it is masked").chain();
    assert!(error.contains("masked"), "{error}");
    run(&["systemctl", "mask", "--runtime", name]).await;
    services.unmask(name, false).await.expect("unmasked");
    assert_eq!(facts(name).await.startup, "disabled");
    services.unmask(name, false).await.expect("fine where it is not masked");
    services.start(name, false, JobMode::Fail).await.expect("started");
    services.mask(name, false).await.expect("a unit that runs can be masked");
    assert_eq!((facts(name).await.startup.as_str(), facts(name).await.active), ("masked", ActiveState::Active));
    services.stop(name, false, JobMode::Fail).await.expect("stopped");
    fs::remove_file(format!("/usr/lib/systemd/system/{name}")).expect("removed");

    unit_file("stead-own.service", "ExecStart=/bin/sleep infinity");
    let error =
        services.mask("stead-own.service", false).await.expect_err("its file is where the mask would be").chain();
    assert!(error.contains("already exists. A mask takes the place"), "{error}");
    let packaged = facts("x11-common.service").await;
    assert_eq!((packaged.startup.as_str(), packaged.is_masked_by_package), ("masked", true));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn changes_of_a_unit_are_events_and_looking_at_it_is_none() {
    let mut machine = machine();
    let name = "stead-watched.service";
    unit_file(name, "ExecStart=/bin/sleep infinity");
    run(&["systemctl", "daemon-reload"]).await;
    machine.watcher.add(1, &Watch::Unit { name: name.to_owned(), session: false });
    assert_eq!(event(&mut machine.events, "once it is armed").await, [1]);
    machine.watcher.add(2, &Watch::Unit { name: "nobody-has-this.service".to_owned(), session: false });
    // The manager may still tell of the reload before that.
    while !event(&mut machine.events, "the second is armed").await.contains(&2) {}

    // Looking makes the manager load and drop the units, which must not make us look again for ever.
    let mut seen = 0;
    for _ in 0..50 {
        for name in [name, "nobody-has-this.service"] {
            machine.host.services.unit(name, false).await.expect("systemd answers");
        }
        seen += machine.events.take().len();
    }
    assert!(seen <= 2, "{seen} events for looking");

    for change in ["start", "stop", "start", "kill"] {
        machine.events.take();
        run(&["systemctl", change, name]).await;
        assert_eq!(event(&mut machine.events, change).await, [1], "{change}");
        // The last of several changes of state has been told when the manager answers.
        machine.host.services.unit(name, false).await.expect("systemd answers");
    }
    machine.events.take();
    run(&["systemctl", "daemon-reload"]).await;
    let mut told = event(&mut machine.events, "the manager has read its files").await;
    while told.len() < 2 {
        told.extend(event(&mut machine.events, "the manager has read its files").await);
    }
    machine.watcher.remove(1);
    machine.watcher.remove(2);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn a_lost_bus_is_connected_to_again() {
    let mut machine = machine();
    let name = "stead-lost.service";
    unit_file(name, "ExecStart=/bin/sleep infinity");
    run(&["systemctl", "daemon-reload"]).await;
    machine.watcher.add(1, &Watch::Unit { name: name.to_owned(), session: false });
    event(&mut machine.events, "it is armed").await;
    run(&["systemctl", "restart", "dbus.service"]).await;
    // A lost connection means: look again.
    event(&mut machine.events, "the connection is lost").await;
    let mut answers = machine.host.services.unit(name, false).await;
    for _ in 0..100 {
        if answers.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        answers = machine.host.services.unit(name, false).await;
    }
    answers.expect("it answers again");
    machine.events.take();
    run(&["systemctl", "start", name]).await;
    event(&mut machine.events, "the unit is started").await;
    run(&["systemctl", "stop", name]).await;
}
