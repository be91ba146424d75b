//! Packages of Debian and its relatives: dpkg's database read by ourselves, everything else by apt's own tools, which are
//! the stable interface.
//!
//! One change is one run of `apt-get`, so that its resolver sees all of it at once. A run is never stopped in the middle
//! unless it is urgent: half-installed packages are worse than a late stop.

use super::dpkg::{self, Dpkg};
use super::lock;
use super::policy::{self, Policy};
use super::said::{failure, said, unfetched};
use super::simulation;
use crate::processes::LinuxProcesses;
use resource::host::{
    CancelSource, Cancellation, Captured, Command, PackageChange, PackageFacts, Packages, Processes, Urgency,
};
use resource::{BoxFuture, Error, OnlyRoot, Result};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long to wait for another package manager to finish.
const LOCK_PATIENCE: Duration = Duration::from_secs(600);
const LOCK_PAUSE: Duration = Duration::from_secs(2);

/// How often, and how long after each other, apt is asked again where it was disturbed.
const TRIES: u32 = 20;
const TRY_PAUSE: Duration = Duration::from_millis(250);

/// How many words of a tool are shown.
const MOST_WORDS: usize = 10;

/// Has apt read its lists in memory: where they are newer than the cache that it keeps, root would write that anew.
const WITHOUT_CACHE: [&str; 2] = ["--option=Dir::Cache::pkgcache=", "--option=Dir::Cache::srcpkgcache="];

/// What decides about candidates, beside dpkg's own database.
const SETTINGS: [&str; 7] = [
    "/var/lib/apt/lists",
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d",
    "/etc/apt/preferences",
    "/etc/apt/preferences.d",
    "/etc/apt/apt.conf",
    "/etc/apt/apt.conf.d",
];

/// Keeps apt from writing down how it would go about it.
const WITHOUT_NOTES: [&str; 2] = ["--option=Dir::Log::Planner=/dev/null", "--option=Dir::Log::Solver=/dev/null"];

/// Packages by apt.
pub(super) struct Apt {
    processes: Arc<LinuxProcesses>,
    dpkg: Arc<Dpkg>,
    policies: Mutex<Policies>,
    simulated: Mutex<Option<Simulated>>,
    /// When we fetched the lists ourselves: the files do not tell where nothing was new.
    refreshed: Mutex<Option<Instant>>,
    /// One run at a time: waiting for ourselves must not cost the patience that is for others.
    running: tokio::sync::Mutex<()>,
}

/// What apt said about packages, for as long as nothing has changed.
#[derive(Default)]
struct Policies {
    version: Vec<Stamp>,
    known: FxHashMap<String, Policy>,
}

/// What would go besides with some changes, for as long as nothing has changed.
struct Simulated {
    version: Vec<Stamp>,
    changes: Vec<PackageChange>,
    removed: Vec<String>,
}

/// Number and times of a file.
type Stamp = (u64, i64, i64);

impl Apt {
    pub(super) fn new(processes: Arc<LinuxProcesses>) -> Apt {
        Apt {
            processes,
            dpkg: Arc::new(Dpkg::new(dpkg::usual_folder())),
            policies: Mutex::default(),
            simulated: Mutex::default(),
            refreshed: Mutex::default(),
            running: tokio::sync::Mutex::default(),
        }
    }

    async fn find_facts(&self, names: &[String], dry: bool) -> Result<Vec<PackageFacts>> {
        let dpkg = Arc::clone(&self.dpkg);
        let status = blocking(move || dpkg.status()).await?;
        let policies = self.find_policies(names, dry).await?;
        let facts = names.iter().zip(policies).map(|(name, policy)| {
            let status = status.get(name).cloned().unwrap_or_default();
            PackageFacts {
                name: name.clone(),
                installed: status.installed,
                residual: status.residual,
                broken: status.broken,
                held: status.held,
                candidate: policy.candidate,
                available: policy.available,
            }
        });
        Ok(facts.collect())
    }

    /// What repositories have of packages, asked once and kept until something changes.
    async fn find_policies(&self, names: &[String], dry: bool) -> Result<Vec<Policy>> {
        let status = self.dpkg.status_file();
        let version = blocking(move || Ok(stamps(&status))).await?;
        let unknown: Vec<String> = {
            let mut policies = self.policies();
            if policies.version != version {
                *policies = Policies { version: version.clone(), known: FxHashMap::default() };
            }
            // What apt would take for an option or a pattern it is not asked about: no package is called so.
            let is_asked = |name: &&String| dpkg::is_name(name) && !policies.known.contains_key(*name);
            names.iter().filter(is_asked).cloned().collect()
        };
        if !unknown.is_empty() {
            let mut argv = vec!["apt-cache".to_owned()];
            if dry {
                argv.extend(WITHOUT_CACHE.map(str::to_owned));
            }
            argv.push("policy".to_owned());
            argv.extend(unknown.iter().cloned());
            let captured = self.ask(argv).await?;
            let text = captured.stdout.unwrap_or_default();
            let mut found = policy::parse(&String::from_utf8_lossy(&text));
            let mut policies = self.policies();
            for name in unknown {
                let policy = found.remove(&name).unwrap_or_default();
                policies.known.insert(name, policy);
            }
        }
        let policies = self.policies();
        Ok(names.iter().map(|name| policies.known.get(name).cloned().unwrap_or_default()).collect())
    }

    /// What would go besides, asked once and kept until something changes.
    async fn find_removed_with(&self, changes: &[PackageChange], dry: bool) -> Result<Vec<String>> {
        let status = self.dpkg.status_file();
        let version = blocking(move || Ok(stamps(&status))).await?;
        let simulated = || self.simulated.lock().unwrap_or_else(PoisonError::into_inner);
        let known = simulated()
            .as_ref()
            .filter(|it| it.version == version && it.changes == changes)
            .map(|it| it.removed.clone());
        if let Some(known) = known {
            return Ok(known);
        }
        let mut removed = BTreeSet::new();
        for (verb, words) in [("install", words(changes)), ("purge", purged(changes))] {
            if words.is_empty() {
                continue;
            }
            let mut argv = vec!["apt-get".to_owned(), "--simulate".to_owned(), "--yes".to_owned()];
            argv.push("--option=Debug::NoLocking=true".to_owned());
            argv.extend(WITHOUT_NOTES.map(str::to_owned));
            // Neither decides about what goes; who may not have them is told so when it comes to it.
            argv.extend(["--allow-downgrades", "--allow-unauthenticated"].map(str::to_owned));
            if dry {
                argv.extend(WITHOUT_CACHE.map(str::to_owned));
            }
            if !marks(changes, false).is_empty() {
                argv.push("--allow-change-held-packages".to_owned());
            }
            argv.push(verb.to_owned());
            argv.extend(words);
            let captured = self.processes.run(&command(argv), &Cancellation::never()).await?;
            if captured.code == 0 {
                let text = captured.stdout.unwrap_or_default();
                removed.extend(simulation::removed(&String::from_utf8_lossy(&text)));
            } else {
                tracing::debug!("{}", failure("cannot tell which packages would go besides", &captured).chain());
            }
        }
        let is_to_go = |name: &String| {
            let goes = |it: &PackageChange| matches!(it, PackageChange::Remove { .. } | PackageChange::Purge { .. });
            changes.iter().any(|it| goes(it) && name_of(it) == name)
        };
        let removed: Vec<String> = removed.into_iter().filter(|name| !is_to_go(name)).collect();
        *simulated() = Some(Simulated { version, changes: changes.to_vec(), removed: removed.clone() });
        Ok(removed)
    }

    /// Asks apt, once more where what it reads was just being replaced by another tool.
    async fn ask(&self, argv: Vec<String>) -> Result<Captured> {
        let command = command(argv);
        let mut tries = 0;
        loop {
            let captured = self.processes.run(&command, &Cancellation::never()).await?;
            let said = said(&captured);
            let is_passing = said.contains("out of sync") || said.contains("could not be opened or parsed");
            if captured.code != 0 && is_passing && tries < TRIES {
                tries += 1;
                tokio::time::sleep(TRY_PAUSE).await;
            } else if captured.code != 0 {
                return Err(failure("cannot look up packages", &captured));
            } else {
                return Ok(captured);
            }
        }
    }

    fn policies(&self) -> std::sync::MutexGuard<'_, Policies> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn make_changes(
        &self,
        changes: &[PackageChange],
        allow_downgrade: bool,
        allow_untrusted: bool,
        cancellation: &Cancellation,
    ) -> Result<()> {
        self.check(changes).await?;
        let (held, released) = (marks(changes, true), marks(changes, false));
        // First what must be let go, last what is to stay as it is then.
        self.mark("unhold", released.clone(), cancellation).await?;
        let mut options = Vec::new();
        if allow_downgrade {
            options.push("--allow-downgrades".to_owned());
        }
        if allow_untrusted {
            options.push("--allow-unauthenticated".to_owned());
        }
        let result = self.install_and_purge(changes, options, cancellation).await;
        // What was let go only for this is held again, whatever has become of it and also where the run is to stop.
        let held =
            if result.is_ok() { held } else { held.into_iter().filter(|name| released.contains(name)).collect() };
        let kept = self.mark("hold", held, &Cancellation::new(Arc::new(OnlyNow(cancellation.clone())))).await;
        result.and(kept)
    }

    async fn install_and_purge(
        &self,
        changes: &[PackageChange],
        mut options: Vec<String>,
        cancellation: &Cancellation,
    ) -> Result<()> {
        let (words, purged) = (words(changes), purged(changes));
        if self.must_unpack(changes).await? {
            options.push("--reinstall".to_owned());
        }
        if !words.is_empty() {
            let what = "cannot change packages";
            let result = self.apt_get("install", &options, words, what, cancellation).await;
            self.unless_made(result, changes).await?;
        }
        // A run of its own: `install --purge` would also purge what goes only because something else came.
        if !purged.is_empty() {
            let result = self.apt_get("purge", &[], purged, "cannot purge packages", cancellation).await;
            self.unless_made(result, changes).await?;
        }
        Ok(())
    }

    /// Whether one of the packages is in a state that apt takes for installed, while dpkg wants it unpacked anew.
    async fn must_unpack(&self, changes: &[PackageChange]) -> Result<bool> {
        let dpkg = Arc::clone(&self.dpkg);
        let status = blocking(move || dpkg.status()).await?;
        let is_torn = |it: &PackageChange| {
            let is_install = matches!(it, PackageChange::Install { .. } | PackageChange::Upgrade { .. });
            is_install && status.get(name_of(it)).is_some_and(|it| it.must_be_unpacked)
        };
        Ok(changes.iter().any(is_torn))
    }

    /// A failure, unless all that was wanted has been done: apt also says that it failed where it could not complete a
    /// package of an earlier run, which is nobody's here.
    async fn unless_made(&self, result: Result<()>, changes: &[PackageChange]) -> Result<()> {
        let Err(Error::Failed(message)) = result else { return result };
        let facts = self.facts_of(changes).await?;
        if changes.iter().zip(&facts).all(|(change, facts)| is_made(change, facts)) {
            tracing::warn!("packages are as wanted, but apt complains about others: {message}");
            return Ok(());
        }
        Err(Error::Failed(message))
    }

    /// How the packages that are to change stand.
    async fn facts_of(&self, changes: &[PackageChange]) -> Result<Vec<PackageFacts>> {
        let names: Vec<String> = changes.iter().map(|change| name_of(change).to_owned()).collect();
        self.find_facts(&names, false).await
    }

    /// Refuses what apt would understand in another way: it takes an unknown name for a pattern.
    async fn check(&self, changes: &[PackageChange]) -> Result<()> {
        let facts = self.facts_of(changes).await?;
        for (change, facts) in changes.iter().zip(facts) {
            let name = &facts.name;
            let is_known = facts.candidate.is_some() || facts.installed.is_some();
            if !dpkg::is_name(name) {
                return Err(Error::failed(format!("`{name}` is not the name of a package")));
            }
            match change {
                PackageChange::Install { version: Some(version), .. } => {
                    if !dpkg::is_version(version) {
                        return Err(Error::failed(format!("`{version}` is not a version of a package")));
                    }
                    if !facts.available.contains(version) && facts.installed.as_ref() != Some(version) {
                        let have =
                            if facts.available.is_empty() { "none".to_owned() } else { facts.available.join(", ") };
                        let message =
                            format!("no repository has version {version} of the package `{name}` (has: {have})");
                        return Err(Error::failed(message));
                    }
                }
                PackageChange::Install { version: None, .. } | PackageChange::Upgrade { .. } if !is_known => {
                    return Err(Error::failed(format!("no repository has a package `{name}`")));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn mark(&self, verb: &str, names: Vec<String>, cancellation: &Cancellation) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut argv = vec!["apt-mark".to_owned(), verb.to_owned()];
        argv.extend(names);
        self.run(argv, &format!("cannot {verb} packages"), cancellation).await?;
        Ok(())
    }

    async fn apt_get(
        &self,
        verb: &str,
        options: &[String],
        words: Vec<String>,
        what: &str,
        cancellation: &Cancellation,
    ) -> Result<()> {
        let fixed = [
            "apt-get",
            "--yes",
            "--quiet",
            // What the administrator changed stays; what he did not is brought up to date.
            "--option=Dpkg::Options::=--force-confdef",
            "--option=Dpkg::Options::=--force-confold",
            "--option=Dpkg::Use-Pty=0",
            // Short: it waits without a word, and `run` says for whom.
            "--option=DPkg::Lock::Timeout=5",
        ];
        let mut argv: Vec<String> = fixed.map(str::to_owned).into();
        argv.extend_from_slice(options);
        argv.push(verb.to_owned());
        argv.extend(words);
        self.run(argv, what, cancellation).await?;
        Ok(())
    }

    /// Runs a tool that changes something, waits for others that do, and completes what was interrupted before.
    async fn run(&self, argv: Vec<String>, what: &str, cancellation: &Cancellation) -> Result<String> {
        crate::system::check_root(OnlyRoot::ChangePackages)?;
        let turn = self.running.lock().await;
        let command = command(argv);
        let end = Instant::now() + LOCK_PATIENCE;
        let unless_urgent = Cancellation::new(Arc::new(OnlyNow(cancellation.clone())));
        let verb = command.argv.iter().skip(1).find(|word| !word.starts_with("--"));
        let locks = if verb.is_some_and(|verb| verb == "update") { lock::LISTS } else { lock::CHANGES };
        let mut is_completed = false;
        let mut waits_for = None;
        loop {
            if cancellation.urgency() > Urgency::None {
                return Err(Error::Interrupted);
            }
            if Instant::now() < end
                && let Some(holder) = blocking(move || Ok(lock::holder(locks))).await?
            {
                if waits_for.as_ref() != Some(&holder) {
                    tracing::warn!("`{}` waits for {holder}", shown(&command.argv));
                    waits_for = Some(holder);
                }
                pause(cancellation).await;
                continue;
            }
            let captured = self.processes.run(&command, &unless_urgent).await?;
            let said = said(&captured);
            if captured.code == 0 {
                drop(turn);
                return Ok(said);
            }
            if is_locked(&said) && Instant::now() < end {
                tracing::info!("`{}` waits: another package manager was faster", shown(&command.argv));
                pause(cancellation).await;
            } else if said.contains("dpkg --configure -a") && !is_completed {
                tracing::warn!("packages were left half-configured by an earlier run: completing that first");
                is_completed = true;
                let argv = ["dpkg", "--force-confdef", "--force-confold", "--configure", "--pending"];
                let completed =
                    self.processes.run(&self::command(argv.map(str::to_owned).into()), &unless_urgent).await?;
                if completed.code != 0 {
                    return Err(failure("cannot complete an earlier, interrupted change of packages", &completed));
                }
            } else {
                return Err(failure(what, &captured));
            }
        }
    }

    async fn refresh(&self, older_than: u64) -> Result<Vec<String>> {
        let age = blocking(|| Ok(age_of_lists())).await?;
        let own = self.refreshed.lock().unwrap_or_else(PoisonError::into_inner).map(|time| time.elapsed());
        let age = [age, own].into_iter().flatten().min();
        if age.is_some_and(|age| age <= Duration::from_secs(older_than)) {
            return Ok(Vec::new());
        }
        let argv = ["apt-get", "--quiet", "update"].map(str::to_owned).into();
        let said = self.run(argv, "cannot fetch the package lists", &Cancellation::never()).await?;
        // To apt that is a warning: old lists may do.
        let missing: Vec<String> = unfetched(&said).map(str::to_owned).collect();
        if let Some(line) = missing.first() {
            tracing::warn!("not all package lists could be fetched: {line}");
            return Ok(missing);
        }
        *self.refreshed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(missing)
    }
}

impl Packages for Apt {
    fn facts<'a>(&'a self, names: &'a [String], dry: bool) -> BoxFuture<'a, Result<Vec<PackageFacts>>> {
        Box::pin(self.find_facts(names, dry))
    }

    fn refresh_lists<'a>(&'a self, older_than: u64) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(self.refresh(older_than))
    }

    fn change<'a>(
        &'a self,
        changes: &'a [PackageChange],
        allow_downgrade: bool,
        allow_untrusted: bool,
        cancellation: &'a Cancellation,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.make_changes(changes, allow_downgrade, allow_untrusted, cancellation))
    }

    fn removed_with<'a>(&'a self, changes: &'a [PackageChange], dry: bool) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(self.find_removed_with(changes, dry))
    }

    fn files_of<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<PathBuf>>> {
        let (dpkg, name) = (Arc::clone(&self.dpkg), name.to_owned());
        Box::pin(blocking(move || if dpkg::is_name(&name) { dpkg.files_of(&name) } else { Ok(Vec::new()) }))
    }

    fn database(&self) -> Vec<PathBuf> {
        vec![self.dpkg.status_file(), PathBuf::from("/var/lib/apt/lists")]
    }
}

/// Only the most urgent wish of another cancellation.
struct OnlyNow(Cancellation);

impl CancelSource for OnlyNow {
    fn urgency(&self) -> Urgency {
        if self.0.urgency() == Urgency::Now { Urgency::Now } else { Urgency::None }
    }

    fn reached<'a>(&'a self, _urgency: Urgency) -> BoxFuture<'a, ()> {
        Box::pin(self.0.reached(Urgency::Now))
    }
}

/// A tool that asks nothing and speaks the language of programmers.
fn command(argv: Vec<String>) -> Command {
    let mut environment: BTreeMap<String, String> = std::env::vars().collect();
    let fixed = [
        ("LC_ALL", "C.UTF-8"),
        ("LANGUAGE", ""),
        ("DEBIAN_FRONTEND", "noninteractive"),
        ("DEBCONF_NONINTERACTIVE_SEEN", "true"),
        ("APT_LISTCHANGES_FRONTEND", "none"),
        ("UCF_FORCE_CONFFOLD", "1"),
    ];
    environment.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    // dpkg refuses to work without the folders of the administrator's tools.
    let path = environment.entry("PATH".to_owned()).or_default();
    path.push_str(":/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin");
    Command { environment: Some(environment), ..Command::new(argv) }
}

fn name_of(change: &PackageChange) -> &str {
    match change {
        PackageChange::Install { name, .. }
        | PackageChange::Upgrade { name }
        | PackageChange::Remove { name }
        | PackageChange::Purge { name }
        | PackageChange::Hold { name, .. } => name,
    }
}

/// Whether a change has been made.
fn is_made(change: &PackageChange, facts: &PackageFacts) -> bool {
    match change {
        PackageChange::Install { version: None, .. } => facts.installed.is_some(),
        PackageChange::Install { version, .. } => facts.installed == *version,
        PackageChange::Upgrade { .. } => facts.installed.is_some() && facts.installed == facts.candidate,
        PackageChange::Remove { .. } => facts.installed.is_none() && !facts.broken,
        PackageChange::Purge { .. } => facts.installed.is_none() && !facts.broken && !facts.residual,
        // Done by another tool.
        PackageChange::Hold { .. } => true,
    }
}

/// The words for `apt-get install`: `name`, `name=version`, `name-`.
fn words(changes: &[PackageChange]) -> Vec<String> {
    let word = |change: &PackageChange| match change {
        PackageChange::Install { name, version: Some(version) } => Some(format!("{name}={version}")),
        PackageChange::Install { name, version: None } | PackageChange::Upgrade { name } => Some(name.clone()),
        PackageChange::Remove { name } => Some(format!("{name}-")),
        PackageChange::Purge { .. } | PackageChange::Hold { .. } => None,
    };
    changes.iter().filter_map(word).collect()
}

fn purged(changes: &[PackageChange]) -> Vec<String> {
    let purged = changes.iter().filter(|change| matches!(change, PackageChange::Purge { .. }));
    purged.map(|change| name_of(change).to_owned()).collect()
}

fn marks(changes: &[PackageChange], wanted: bool) -> Vec<String> {
    let marked = changes.iter().filter(|it| matches!(it, PackageChange::Hold { held, .. } if *held == wanted));
    marked.map(|change| name_of(change).to_owned()).collect()
}

/// Waits a moment, unless we are to stop.
async fn pause(cancellation: &Cancellation) {
    tokio::select! {
        () = tokio::time::sleep(LOCK_PAUSE) => {}
        () = cancellation.reached(Urgency::Soon) => {}
    }
}

/// A tool with what it does and the packages it is for, without its options.
fn shown(argv: &[String]) -> String {
    let words: Vec<&str> = argv.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    match words.get(MOST_WORDS..).map_or(0, <[&str]>::len) {
        0 => words.join(" "),
        more => format!("{} and {more} more", words[..MOST_WORDS].join(" ")),
    }
}

/// Whether a tool gave up because another one is at work.
fn is_locked(said: &str) -> bool {
    let signs =
        ["Could not get lock", "Unable to acquire the dpkg frontend lock", "Unable to lock", "is locked by another"];
    signs.iter().any(|sign| said.contains(sign))
}

/// How long ago the package lists were fetched; `None` where there are none.
fn age_of_lists() -> Option<Duration> {
    let lists = Path::new("/var/lib/apt/lists");
    let has_any = std::fs::read_dir(lists).ok()?.flatten().any(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name.contains("_Packages") || name.contains("Release"))
    });
    if !has_any {
        return None;
    }
    let paths = [lists.to_owned(), lists.join("partial"), "/var/lib/apt/periodic/update-success-stamp".into()];
    let newest = paths.iter().filter_map(|path| path.metadata().ok()?.modified().ok()).max()?;
    // A time in the future is no age.
    SystemTime::now().duration_since(newest).ok()
}

/// What changes whenever a candidate may have changed.
fn stamps(status: &Path) -> Vec<Stamp> {
    let mut stamps = vec![stamp(status)];
    for path in SETTINGS.map(Path::new) {
        stamps.push(stamp(path));
        if path.extension().is_some_and(|extension| extension == "d")
            && let Ok(entries) = std::fs::read_dir(path)
        {
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort_unstable();
            stamps.extend(paths.iter().map(|path| stamp(path)));
        }
    }
    stamps
}

fn stamp(path: &Path) -> Stamp {
    path.metadata().map_or((0, 0, 0), |meta| (meta.ino(), meta.mtime(), meta.mtime_nsec()))
}

/// Reads files away from the event loop.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let result = tokio::task::spawn_blocking(work).await;
    result.unwrap_or_else(|error| Err(Error::caused("internal error: reading the package database", error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_shown_with_its_packages_and_without_its_options() {
        let argv = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<String>>();
        let install = shown(&argv("apt-get --yes --option=DPkg::Lock::Timeout=5 install demo=1.0 other-"));
        assert_eq!(install, "apt-get install demo=1.0 other-");
        let many = shown(&argv("apt-get --yes install a b c d e f g h i j k"));
        assert_eq!(many, "apt-get install a b c d e f g h and 3 more");
    }
}
