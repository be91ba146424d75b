//! Packages of a real apt, from a repository that is made here.

use crate::machine;
use resource::host::{Cancellation, PackageChange, PackageFacts, Packages};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use testkit::lab::{Package, Repository};
use testkit::lock::{Held, hold_if_told};

#[test]
#[ignore = "run by another test as a process of its own"]
fn another_package_manager() {
    hold_if_told();
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
    let other = Held::by("packages::another_package_manager", Path::new("/var/lib/dpkg/lock-frontend"));
    let removal = [PackageChange::Purge { name: "demo".to_owned() }];
    let waiting = apt.change(&removal);
    tokio::pin!(waiting);
    tokio::select! {
        result = &mut waiting => panic!("it did not wait: {result:?}"),
        () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
    }
    other.release();
    waiting.await.expect("it went on");
    assert_eq!(apt.facts("demo").await.installed, None);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs inside a host of the lab"]
async fn what_a_script_of_a_package_says_is_told_and_half_a_package_can_go() {
    let repository = Repository::create(Path::new(REPOSITORY));
    repository.add(&Package::new("picky", "1.0").script("postinst", "echo the port 80 is taken; exit 7"));
    repository.add(&Package::new("plain", "1.0"));
    trust(true);
    let apt = Apt(std::sync::Arc::clone(&machine().host.packages));
    assert_eq!(apt.0.refresh_lists(0).await.expect("fetched"), [""; 0]);
    let error = apt.change(&[install("picky", None)]).await.expect_err("its script fails").chain();
    assert!(error.contains("post-installation script subprocess returned error exit status 7"), "{error}");
    assert!(error.contains("\n    the port 80 is taken"), "{error}");
    assert!(!error.contains("Sub-process"), "{error}");
    let facts = apt.facts("picky").await;
    assert_eq!((facts.installed, facts.broken), (None, true));

    apt.change(&[install("plain", None)]).await.expect("that another one is broken is not its fault");
    assert!(apt.facts("plain").await.installed.is_some());
    apt.change(&[PackageChange::Remove { name: "picky".to_owned() }]).await.expect("removed");
    assert!(!apt.facts("picky").await.broken);

    // What dpkg wants unpacked anew counts as installed for apt.
    let status = fs::read_to_string("/var/lib/dpkg/status").expect("readable");
    let torn = status.replace(
        "Package: plain\nStatus: install ok installed",
        "Package: plain\nStatus: install reinstreq half-installed",
    );
    assert_ne!(torn, status);
    fs::write("/var/lib/dpkg/status", torn).expect("written");
    assert!(apt.facts("plain").await.broken);
    apt.change(&[install("plain", None)]).await.expect("unpacked anew");
    assert!(apt.facts("plain").await.installed.is_some());

    fs::write("/etc/apt/sources.list.d/away.list", "deb http://127.0.0.1:1/debian stable main\n").expect("written");
    let missing = apt.0.refresh_lists(0).await.expect("the other lists are there");
    assert!(missing.iter().any(|line| line.contains("http://127.0.0.1:1/")), "{missing:?}");
    fs::remove_file("/etc/apt/sources.list.d/away.list").expect("removed");
    assert_eq!(apt.facts("-x").await, PackageFacts { name: "-x".to_owned(), ..PackageFacts::default() });
    apt.change(&[PackageChange::Purge { name: "plain".to_owned() }]).await.expect("purged");
}
