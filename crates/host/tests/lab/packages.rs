//! Packages of a real apt, from a repository that is made here.

use crate::{machine, run};
use resource::host::{Cancellation, PackageChange, PackageFacts, Packages};
use std::fs;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

/// A folder that apt takes for a repository.
const REPOSITORY: &str = "/srv/repository";

/// Builds a package into the repository.
async fn build(name: &str, version: &str, more: &str) {
    let root = format!("/tmp/build-{name}-{version}");
    for folder in ["DEBIAN", "etc", "usr/share"] {
        fs::create_dir_all(format!("{root}/{folder}")).expect("made");
    }
    let control = format!(
        "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n{more}Description: test\n"
    );
    fs::write(format!("{root}/DEBIAN/control"), &control).expect("written");
    fs::write(format!("{root}/DEBIAN/conffiles"), format!("/etc/{name}.conf\n")).expect("written");
    fs::write(format!("{root}/etc/{name}.conf"), format!("{version}\n")).expect("written");
    fs::write(format!("{root}/usr/share/{name}"), version).expect("written");
    let file = format!("{name}_{version}.deb");
    let path = format!("{REPOSITORY}/{file}");
    run(&["dpkg-deb", "--root-owner-group", "--build", &root, &path]).await;
    let sum = run(&["sha256sum", &path]).await.stdout.expect("some");
    let sum = String::from_utf8_lossy(&sum).split(' ').next().expect("a sum").to_owned();
    let size = fs::metadata(&path).expect("there").len();
    let index = format!("{REPOSITORY}/Packages");
    let mut text = fs::read_to_string(&index).unwrap_or_default();
    text.push_str(&format!("{control}Filename: ./{file}\nSize: {size}\nSHA256: {sum}\n\n"));
    fs::write(index, text).expect("written");
}

fn trust(is_trusted: bool) {
    let option = if is_trusted { "[trusted=yes] " } else { "[allow-insecure=yes] " };
    fs::write("/etc/apt/sources.list", format!("deb {option}file:{REPOSITORY} ./\n")).expect("written");
}

struct Apt(Arc<dyn Packages>);

impl Apt {
    async fn facts(&self, name: &str) -> PackageFacts {
        let facts = self.0.facts(&[name.to_owned()]).await.expect("apt answers");
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
    fs::create_dir_all(REPOSITORY).expect("made");
    build("demo", "1.0", "").await;
    build("demo", "2.0", "").await;
    build("other", "1.0", "").await;
    build("needy", "1.0", "Depends: nobody-has-this\n").await;
    trust(true);
    let name = "demo".to_owned();
    let apt = Apt(machine().host.packages);
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
    let apt = Apt(machine().host.packages);
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
    let lock = fs::File::options().write(true).create(true).truncate(false).open("/var/lib/dpkg/lock-frontend");
    let lock = lock.expect("it can be opened");
    let exclusive = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::fcntl_lock(lock.as_fd(), exclusive).expect("nobody else has it");
    let removal = [PackageChange::Purge { name: "demo".to_owned() }];
    let waiting = apt.change(&removal);
    tokio::pin!(waiting);
    tokio::select! {
        result = &mut waiting => panic!("it did not wait: {result:?}"),
        () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
    }
    drop(lock);
    waiting.await.expect("it went on");
    assert_eq!(apt.facts("demo").await.installed, None);
}
