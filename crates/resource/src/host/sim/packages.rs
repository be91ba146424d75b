//! Packages in memory.

use super::{NodeKind, SimHost, World};
use crate::host::{Cancellation, PackageChange, PackageFacts, Packages};
use crate::{BoxFuture, Error, Result};
use std::path::{Path, PathBuf};

/// A package that a repository has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Available {
    /// The versions, the oldest first.
    pub versions: Vec<String>,
    /// The files with their contents. A file in a unit folder brings the unit.
    pub files: Vec<(PathBuf, String)>,
    /// Whether it lacks a signature that this machine trusts.
    pub is_untrusted: bool,
    /// Packages that cannot be there beside it.
    pub conflicts: Vec<String>,
    /// Packages that it cannot be without.
    pub depends: Vec<String>,
}

/// A package that is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// The version; empty where only configuration files are left.
    pub version: String,
    /// Whether it is held at its version.
    pub held: bool,
    /// Whether it is there by half.
    pub broken: bool,
}

impl World {
    /// Puts a package into the repository, the newest version last. Not noted as a change.
    pub fn put_package(&mut self, name: &str, versions: &[&str], files: &[(&str, &str)]) -> &mut Available {
        let package = Available {
            versions: versions.iter().map(|it| (*it).to_owned()).collect(),
            files: files.iter().map(|(path, content)| (PathBuf::from(path), (*content).to_owned())).collect(),
            ..Available::default()
        };
        self.available.entry(name.to_owned()).insert_entry(package).into_mut()
    }

    /// Installs a package. Not noted as a change.
    pub fn install(&mut self, name: &str, version: &str) {
        let files = self.available.get(name).map(|it| it.files.clone()).unwrap_or_default();
        for (path, content) in files {
            // What an administrator has changed stays.
            if !self.files.contains_key(&path) {
                self.put_file(&path.display().to_string(), content, 0o644);
            }
        }
        let held = self.installed.get(name).is_some_and(|it| it.held);
        self.installed.insert(name.to_owned(), Installed { version: version.to_owned(), held, broken: false });
    }

    fn package_facts(&self, name: &str) -> PackageFacts {
        let installed = self.installed.get(name);
        let available = self.available.get(name).map(|it| it.versions.clone()).unwrap_or_default();
        PackageFacts {
            name: name.to_owned(),
            installed: installed.filter(|it| !it.broken).map(|it| it.version.clone()).filter(|it| !it.is_empty()),
            residual: installed.is_some_and(|it| it.version.is_empty()),
            broken: installed.is_some_and(|it| it.broken),
            held: installed.is_some_and(|it| it.held),
            candidate: available.last().cloned(),
            available,
        }
    }

    /// What goes besides where these changes are made: what is in conflict with what comes, and what depends on what goes.
    fn removed_with(&self, changes: &[PackageChange]) -> Vec<String> {
        let is_there = |name: &str| self.package_facts(name).installed.is_some();
        let (mut come, mut go, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for change in changes {
            match change {
                PackageChange::Install { name, .. } | PackageChange::Upgrade { name } => come.push(name),
                PackageChange::Remove { name } | PackageChange::Purge { name } => named.push(name.clone()),
                PackageChange::Hold { .. } => {}
            }
        }
        let needs = |name: &str| self.available.get(name).map(|it| it.depends.as_slice()).unwrap_or_default();
        for conflict in come.into_iter().filter_map(|name| self.available.get(name)).flat_map(|it| &it.conflicts) {
            if is_there(conflict) && !named.contains(conflict) {
                go.push(conflict.clone());
            }
        }
        loop {
            let is_gone = |name: &String| go.contains(name) || named.contains(name);
            let next = self.installed.keys().filter(|name| is_there(name) && !is_gone(name));
            let next: Vec<String> = next.filter(|name| needs(name).iter().any(is_gone)).cloned().collect();
            if next.is_empty() {
                go.sort();
                return go;
            }
            go.extend(next);
        }
    }

    /// Makes one change, after all have been checked.
    fn change_package(&mut self, change: &PackageChange) -> Result<()> {
        self.change(format!("{change:?}"))?;
        match change {
            PackageChange::Install { name, version } => {
                let newest = self.package_facts(name).candidate.unwrap_or_default();
                self.install(name, version.as_ref().unwrap_or(&newest));
            }
            PackageChange::Upgrade { name } => {
                let newest = self.package_facts(name).candidate.unwrap_or_default();
                self.install(name, &newest);
            }
            PackageChange::Remove { name } | PackageChange::Purge { name } => {
                let purge = matches!(change, PackageChange::Purge { .. });
                let files = self.available.get(name).map(|it| it.files.clone()).unwrap_or_default();
                let mut is_residual = false;
                for (path, _) in files {
                    if purge || !path.starts_with("/etc") {
                        self.files.remove(&path);
                    } else {
                        is_residual = true;
                    }
                }
                self.installed.remove(name);
                if is_residual {
                    self.installed.insert(name.clone(), Installed::default());
                }
            }
            PackageChange::Hold { name, held } => {
                self.installed.entry(name.clone()).or_default().held = *held;
            }
        }
        Ok(())
    }

    fn check_change(&self, change: &PackageChange, downgrade: bool, untrusted: bool) -> Result<()> {
        let (PackageChange::Install { name, .. } | PackageChange::Upgrade { name }) = change else { return Ok(()) };
        let facts = self.package_facts(name);
        let is_untrusted = self.available.get(name).is_some_and(|it| it.is_untrusted);
        if is_untrusted && !untrusted {
            return Err(Error::failed(format!(
                "`{name}` is not signed by a trusted key; `allowuntrusted => true` takes it"
            )));
        }
        let PackageChange::Install { version: Some(version), .. } = change else { return Ok(()) };
        let position = |version: &String| facts.available.iter().position(|it| it == version);
        match (position(version), facts.installed.as_ref().and_then(position)) {
            (None, _) => Err(Error::failed(format!("no repository has `{name}` in version `{version}`"))),
            (Some(wanted), Some(installed)) if wanted < installed && !downgrade => Err(Error::failed(format!(
                "`{name}` would go back to version `{version}`; `allowdowngrade => true` lets it"
            ))),
            _ => Ok(()),
        }
    }
}

impl Packages for SimHost {
    fn facts<'a>(&'a self, names: &'a [String], _dry: bool) -> BoxFuture<'a, Result<Vec<PackageFacts>>> {
        Box::pin(async move { Ok(names.iter().map(|name| self.world().package_facts(name)).collect()) })
    }

    fn refresh_lists<'a>(&'a self, _older_than: u64) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change("refresh package lists")?;
            Ok(world.unreachable.clone())
        })
    }

    fn change<'a>(
        &'a self,
        changes: &'a [PackageChange],
        allow_downgrade: bool,
        allow_untrusted: bool,
        _cancellation: &'a Cancellation,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            for change in changes {
                world.check_change(change, allow_downgrade, allow_untrusted)?;
            }
            let besides = world.removed_with(changes).into_iter().map(|name| PackageChange::Remove { name });
            let besides: Vec<PackageChange> = besides.collect();
            besides.iter().chain(changes).try_for_each(|change| world.change_package(change))
        })
    }

    fn removed_with<'a>(&'a self, changes: &'a [PackageChange], _dry: bool) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move { Ok(self.world().removed_with(changes)) })
    }

    fn files_of<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<PathBuf>>> {
        Box::pin(async move {
            let world = self.world();
            if world.package_facts(name).installed.is_none() {
                return Ok(Vec::new());
            }
            let files = world.available.get(name).map(|it| it.files.as_slice()).unwrap_or_default();
            let mut paths: Vec<PathBuf> = Vec::new();
            for (path, _) in files {
                let folders = path.ancestors().skip(1).filter(|above| *above != Path::new("/"));
                let known =
                    |above: &&Path| world.files.get(*above).is_some_and(|node| matches!(node.kind, NodeKind::Folder));
                paths.extend(folders.filter(known).map(Path::to_owned));
                paths.push(path.clone());
            }
            paths.sort();
            paths.dedup();
            Ok(paths)
        })
    }

    fn database(&self) -> Vec<PathBuf> {
        vec![PathBuf::from("/var/lib/dpkg/status")]
    }
}
