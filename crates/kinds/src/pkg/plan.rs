//! Which packages have to be changed, all in one transaction.

use super::{Pkg, Wanted};
use crate::text::{listed, quoted};
use resource::host::{Host, PackageChange, PackageFacts};
use resource::{Error, Identity, OnlyRoot, Result, Siblings};
use std::fmt;

/// How old package lists may be when something is installed, in seconds.
const LISTS_MAY_BE: u64 = 3600;

/// How packages stand.
#[derive(Debug)]
pub(crate) struct Observed {
    /// The facts about a package and the members of its group, in their order.
    facts: Vec<PackageFacts>,
    /// The other packages that would go with what has to change.
    removed: Vec<String>,
}

/// Changes packages in one transaction.
#[derive(Debug)]
pub(crate) struct Step {
    changes: Vec<PackageChange>,
    /// What is said about each of the packages, by verb.
    said: Said,
    /// The other packages that go with them.
    removed: Vec<String>,
    downgrade: bool,
    untrusted: bool,
    /// Whether no repository is known to have what is to be installed: newer package lists may.
    is_unknown: bool,
}

/// Packages by what happens to them.
#[derive(Debug, Default)]
struct Said {
    install: Vec<String>,
    remove: Vec<String>,
    purge: Vec<String>,
    hold: Vec<String>,
    release: Vec<String>,
    /// Sentences about single packages.
    other: Vec<String>,
}

/// Adds what would go with what has to change, where anything has to.
pub(super) async fn with_consequences(package: &Pkg, facts: Vec<PackageFacts>, host: &Host) -> Result<Observed> {
    // What cannot be planned is told by whoever plans, and of what no repository has, nobody knows what it brings about.
    let removed = match Step::new(package, &facts) {
        Ok(step) if !step.is_unknown => step.removed_now(host, host.dry).await?,
        _ => Vec::new(),
    };
    Ok(Observed { facts, removed })
}

/// Decides what has to change.
pub(super) fn plan(package: &Pkg, now: &Observed, siblings: &dyn Siblings) -> Result<Vec<Step>> {
    let mut step = Step::new(package, &now.facts)?;
    if step.changes.is_empty() {
        return Ok(Vec::new());
    }
    let is_kept = |name: &String| {
        let own = package.all().any(|it| it.name == *name && !it.is_removed());
        own || siblings.is_kept(&Identity::Package(name.clone()))
    };
    let kept: Vec<&String> = now.removed.iter().filter(|name| is_kept(name)).collect();
    if !kept.is_empty() {
        return Err(Error::failed(format!(
            "cannot {step}: that would remove {}, which this program wants installed; change or leave out one of them",
            listed(&kept)
        )));
    }
    step.removed.clone_from(&now.removed);
    Ok(vec![step])
}

impl Step {
    fn new(package: &Pkg, facts: &[PackageFacts]) -> Result<Step> {
        let mut step = Step {
            changes: Vec::new(),
            said: Said::default(),
            removed: Vec::new(),
            downgrade: package.allowdowngrade,
            untrusted: package.allowuntrusted,
            is_unknown: false,
        };
        for (package, facts) in package.all().zip(facts) {
            step.plan(package, facts)?;
        }
        Ok(step)
    }

    /// The other packages that would go if the changes were made now.
    async fn removed_now(&self, host: &Host, dry: bool) -> Result<Vec<String>> {
        if self.changes.iter().all(|it| matches!(it, PackageChange::Hold { .. })) {
            return Ok(Vec::new());
        }
        host.packages.removed_with(&self.changes, dry).await
    }

    fn plan(&mut self, package: &Pkg, facts: &PackageFacts) -> Result<()> {
        let name = package.name.clone();
        let change = self.change(package, facts);
        let is_going = package.is_removed();
        // A package that is held does not change; one that is to be held is let go for as long as it takes.
        let mut is_held = facts.held;
        if change.is_some() && is_held && !is_going {
            if package.held.is_none() {
                let version = facts.installed.as_deref().unwrap_or_default();
                return Err(Error::failed(format!(
                    "{} is held at version {}; `held => false` lets it go on",
                    quoted(&name),
                    quoted(version)
                )));
            }
            self.changes.push(PackageChange::Hold { name: name.clone(), held: false });
            is_held = false;
        }
        self.changes.extend(change);
        if let Some(held) = package.held.filter(|held| *held != is_held && !is_going) {
            if held != facts.held {
                if held { &mut self.said.hold } else { &mut self.said.release }.push(name.clone());
            }
            self.changes.push(PackageChange::Hold { name, held });
        } else if package.held == Some(false) && facts.held && !is_going {
            self.said.release.push(name);
        }
        Ok(())
    }

    fn change(&mut self, package: &Pkg, facts: &PackageFacts) -> Option<PackageChange> {
        let name = package.name.clone();
        match (package.wanted(), &facts.installed) {
            (Wanted::Installed | Wanted::Newest, None) => {
                self.is_unknown |= facts.candidate.is_none();
                self.said.install.push(name.clone());
                Some(PackageChange::Install { name, version: None })
            }
            (Wanted::Newest, Some(old)) => {
                let new = facts.candidate.as_ref().filter(|new| *new != old)?;
                self.said.other.push(format!("upgrade {} from {} to {}", quoted(&name), quoted(old), quoted(new)));
                Some(PackageChange::Upgrade { name })
            }
            (Wanted::Version(new), old) if old.as_deref() != Some(new) => {
                self.is_unknown |= !facts.available.iter().any(|it| it == new);
                let instead = old.as_ref().map(|old| format!(" in place of {}", quoted(old))).unwrap_or_default();
                self.said.other.push(format!("install {} in version {}{instead}", quoted(&name), quoted(new)));
                Some(PackageChange::Install { name, version: Some(new.to_owned()) })
            }
            (Wanted::Uninstalled, installed) if installed.is_some() || facts.broken => {
                self.said.remove.push(name.clone());
                Some(PackageChange::Remove { name })
            }
            (Wanted::Purged, installed) if installed.is_some() || facts.broken || facts.residual => {
                self.said.purge.push(name.clone());
                Some(PackageChange::Purge { name })
            }
            _ => None,
        }
    }

    /// Makes all changes. Package lists are fetched first where something is to be installed.
    pub(super) async fn apply(&self, host: &Host) -> Result<()> {
        let is_install =
            |it: &PackageChange| matches!(it, PackageChange::Install { .. } | PackageChange::Upgrade { .. });
        if self.changes.iter().any(is_install) {
            let missing = host.packages.refresh_lists(if self.is_unknown { 0 } else { LISTS_MAY_BE }).await?;
            if self.is_unknown {
                self.check_known(host, &missing).await?;
            }
        }
        // With newer lists, or after somebody else's changes, other packages may go. Nothing is done then that was not said:
        // what is changed is looked at again, and is planned anew.
        if self.removed_now(host, false).await? != self.removed {
            return Ok(());
        }
        host.packages.change(&self.changes, self.downgrade, self.untrusted, &host.cancellation).await
    }

    /// Refuses what no repository has even now. `missing` says which package lists could not be fetched.
    async fn check_known(&self, host: &Host, missing: &[String]) -> Result<()> {
        let because: String = missing.iter().map(|line| format!("\n  {line}")).collect();
        let because =
            if because.is_empty() { because } else { format!("; not all package lists could be fetched:{because}") };
        for change in &self.changes {
            let PackageChange::Install { name, version } = change else { continue };
            let facts = host.packages.facts(std::slice::from_ref(name), false).await?;
            let Some(facts) = facts.first() else { continue };
            let name = quoted(name);
            match version {
                Some(version) if !facts.available.contains(version) => {
                    let available = if facts.available.is_empty() {
                        String::new()
                    } else {
                        format!("; there is {}", listed(&facts.available))
                    };
                    let version = quoted(version);
                    return Err(Error::failed(format!(
                        "no repository has {name} in version {version}{available}{because}"
                    )));
                }
                None if facts.candidate.is_none() => {
                    let advice = match because.as_str() {
                        "" => "; is it called otherwise, or does a repository have to be set up?",
                        because => because,
                    };
                    return Err(Error::failed(format!("no repository has a package {name}{advice}")));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = &self.said;
        let lists = [
            ("install", &said.install),
            ("remove", &said.remove),
            ("purge", &said.purge),
            ("hold", &said.hold),
            ("stop holding", &said.release),
        ];
        let sentences = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let sentences = sentences.map(|(verb, names)| format!("{verb} {}", listed(names)));
        let sentences: Vec<String> = said.other.iter().cloned().chain(sentences).collect();
        f.write_str(&sentences.join(", "))?;
        if !self.removed.is_empty() {
            write!(f, ", which removes {}", listed(&self.removed))?;
        }
        if self.is_unknown {
            f.write_str(", if newer package lists have it")?;
        }
        Ok(())
    }
}

impl resource::Step for Step {
    fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    fn only_root(&self) -> Option<OnlyRoot> {
        Some(OnlyRoot::ChangePackages)
    }
}
