//! Packages of a real apt, from a repository that is made here.

use crate::machine;
use resource::host::{Cancellation, PackageChange, PackageFacts, Packages};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use testkit::lab::{Package, Repository};

/// Tells a child of a test to be another package manager.
const LOCKS: &str = "STEAD_TEST_LOCKS";

#[test]
#[ignore = "run by another test as a process of its own"]
fn another_package_manager() {
    if std::env::var_os(LOCKS).is_none() {
        return;
    }
    let lock = fs::File::options().write(true).create(true).truncate(false).open("/var/lib/dpkg/lock-frontend");
    let lock = lock.expect("it can be opened");
    let exclusive = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::fcntl_lock(lock.as_fd(), exclusive).expect("nobody else has it");
    writeln!(std::io::stderr(), "locked").expect("the parent reads");
    // Until the parent has seen enough.
    _ = std::io::stdin().read(&mut [0]);
}

/// A folder that apt takes for a repository.
const REPOSITORY: &str = "/srv/repository";

fn trust(is_trusted: bool) {
    let option = if is_trusted { "[trusted=yes] " } else { "[allow-insecure=yes] " };
    fs::write("/etc/apt/sources.list", format!("deb {option}file:{REPOSITORY} ./\n")).expect("written");
}

struct Apt(Arc<dyn Packages>);

impl Apt {
    async fn facts(&self, name: &str) -> PackageFacts {
        let facts = self.0.facts(&[name.to_owned()], false).await.expect("apt answers");
        facts.into_iter().next().expect("one for one")
    }

    async fn change(&self, changes: &[PackageChange]) -> resource::Result<()> {
        self.0.change(changes, false, false, &Cancellation::never()).await
    }
}

fn install(name: &str, version: Option<&str>) -> PackageChange {
    PackageChange::Install { name: name.to_owned(), version: version.map(str::to_owned) }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn packages_come_and_go_as_wanted() {
    let repository = Repository::create(Path::new(REPOSITORY));
    for (name, version) in [("demo", "1.0"), ("demo", "2.0"), ("other", "1.0")] {
        let path = format!("/etc/{name}.conf");
        repository.add(&Package::new(name, version).configuration(&path, &format!("{version}\n")));
    }
    repository.add(&Package::new("needy", "1.0").field("Depends", "nobody-has-this"));
    trust(true);
    let name = "demo".to_owned();
    let apt = Apt(std::sync::Arc::clone(&machine().host.packages));
    apt.0.refresh_lists(0).await.expect("fetched");
    apt.0.refresh_lists(3600).await.expect("young enough");

    let facts = apt.facts("demo").await;
    assert_eq!((facts.installed, facts.candidate.as_deref()), (None, Some("2.0")));
    assert_eq!(facts.available, ["2.0", "1.0"]);
    assert_eq!(apt.facts("nobody-has-this").await.candidate, None);
    assert!(apt.facts("dpkg").await.installed.is_some());

    apt.change(&[install("demo", Some("1.0")), install("other", None)]).await.expect("installed together");
    assert_eq!(apt.facts("demo").await.installed.as_deref(), Some("1.0"));
    let files = apt.0.files_of("demo").await.expect("known");
    assert!(files.iter().any(|path| path == Path::new("/etc/demo.conf")), "{files:?}");

    fs::write("/etc/demo.conf", "changed by the administrator\n").expect("written");
    apt.change(&[PackageChange::Upgrade { name: name.clone() }]).await.expect("upgraded");
    assert_eq!(fs::read_to_string("/etc/demo.conf").expect("there"), "changed by the administrator\n");
    let error = apt.change(&[install("demo", Some("1.0"))]).await.expect_err("older").chain();
    assert!(error.contains("allowdowngrade"), "{error}");
    let older = [install("demo", Some("1.0"))];
    apt.0.change(&older, true, false, &Cancellation::never()).await.expect("allowed");
    assert_eq!(apt.facts("demo").await.installed.as_deref(), Some("1.0"));

    apt.change(&[PackageChange::Hold { name: name.clone(), held: true }]).await.expect("held");
    assert!(apt.facts("demo").await.held);
    let hold = |held| PackageChange::Hold { name: name.clone(), held };
    let fails = [hold(false), install("needy", None), hold(true)];
    apt.change(&fails).await.expect_err("it needs what nobody has");
    assert!(apt.facts("demo").await.held, "it was let go only for what failed");
    apt.change(&[PackageChange::Hold { name: name.clone(), held: false }]).await.expect("let go");
    assert!(!apt.facts("demo").await.held);

    let removed = [PackageChange::Remove { name: name.clone() }, PackageChange::Purge { name: "other".to_owned() }];
    apt.change(&removed).await.expect("removed");
    let facts = apt.facts("demo").await;
    assert_eq!((facts.installed, facts.residual), (None, true));
    assert!(!apt.facts("other").await.residual && !fs::exists("/etc/other.conf").expect("readable"));
    apt.change(&[PackageChange::Purge { name }]).await.expect("purged");
    assert!(!apt.facts("demo").await.residual);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn refusals_say_why_and_a_busy_package_manager_is_waited_for() {
    // Runs after the test above, which has built the repository: one thread, in the order of the names.
    let apt = Apt(std::sync::Arc::clone(&machine().host.packages));
    let refused = async |change: PackageChange| apt.change(&[change]).await.expect_err("refused").chain();
    assert_eq!(refused(install("nobody-has-this", None)).await, "no repository has a package `nobody-has-this`");
    let error = refused(install("demo", Some("9"))).await;
    assert_eq!(error, "no repository has version 9 of the package `demo` (has: 2.0, 1.0)");
    assert!(refused(install("--purge", None)).await.contains("not the name of a package"));
    let error = refused(install("needy", None)).await;
    assert!(error.contains("needy : Depends: nobody-has-this"), "{error}");

    trust(false);
    apt.0.refresh_lists(0).await.expect("fetched");
    let error = refused(install("demo", None)).await;
    assert!(error.contains("allowuntrusted"), "{error}");
    let untrusted = [install("demo", None)];
    apt.0.change(&untrusted, false, true, &Cancellation::never()).await.expect("allowed");
    trust(true);
    apt.0.refresh_lists(0).await.expect("fetched");

    // Somebody else is at work; when he has finished it goes on.
    let mut other = Command::new(std::env::current_exe().expect("we are a program"))
        .args(["--ignored", "--exact", "--nocapture", "packages::another_package_manager"])
        .env(LOCKS, "yes")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be started");
    let said = BufReader::new(other.stderr.take().expect("it is a pipe"));
    assert!(said.lines().map_while(Result::ok).any(|line| line == "locked"), "it did not lock");
    let removal = [PackageChange::Purge { name: "demo".to_owned() }];
    let waiting = apt.change(&removal);
    tokio::pin!(waiting);
    tokio::select! {
        result = &mut waiting => panic!("it did not wait: {result:?}"),
        () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
    }
    drop(other.stdin.take());
    assert!(other.wait().expect("it ends").success());
    waiting.await.expect("it went on");
    assert_eq!(apt.facts("demo").await.installed, None);
}
