//! The files of a program while it runs: when they are read again, and whether they say anything new.

use crate::compile::Compiled;
use crate::signals::{Signal, Signals, Unrest};
use project::Stamp;
use resource::Watch;
use span::SourceMap;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::time::{Instant, sleep_until};

/// The files of the program that was compiled last, whether it was taken up or refused.
///
/// Who writes a file in place empties it first, and a part of a program can be a program. So they are read once nothing has
/// happened to them for a moment.
#[derive(Default)]
pub(crate) struct Editing {
    read: Vec<PathBuf>,
    texts: Arc<SourceMap>,
    /// The files as they were when they were read; empty where some could not be.
    stamps: BTreeMap<PathBuf, Stamp>,
    /// Tells when something happens to them, where that matters to anybody.
    changes: Option<Signal>,
    /// When they are read.
    unrest: Unrest,
    compiling: bool,
}

impl Editing {
    /// Takes note of what was compiled, and watches its files through `signals`, where they are others than before. Answers
    /// whether its texts are new.
    pub(crate) fn compiled(&mut self, compiled: &Compiled, signals: Option<&Signals>) -> bool {
        let is_new = !compiled.same_texts(&self.texts);
        self.texts = Arc::clone(&compiled.texts);
        self.stamps = if compiled.is_ok() { compiled.stamps.clone() } else { BTreeMap::new() };
        let mut read = compiled.read.clone();
        if !compiled.is_ok() {
            // It may not have come to all of its files.
            read.extend(self.read.iter().filter(|path| !compiled.read.contains(path)).cloned());
        }
        if let Some(signals) = signals.filter(|_| self.read != read) {
            let watches: Vec<Watch> = read.iter().cloned().map(Watch::Path).collect();
            self.changes = Some(signals.begin(&watches));
        }
        self.read = read;
        is_new
    }

    /// Waits until the files are to be read and compiled. What happens to them from then on leads to another time, once
    /// [`Editing::finished`] was called.
    pub(crate) async fn wanted(&mut self) {
        loop {
            let due = self.unrest.due().filter(|_| !self.compiling);
            tokio::select! {
                () = changed(self.changes.as_ref()) => {
                    self.unrest.disturbed(Instant::now());
                }
                () = at(due) => {
                    self.unrest = Unrest::default();
                    // A watch that was just armed says that something may have happened, too.
                    if !self.is_current() {
                        self.compiling = true;
                        return;
                    }
                }
            }
        }
    }

    /// The files are compiled.
    pub(crate) fn finished(&mut self) {
        self.compiling = false;
    }

    fn is_current(&self) -> bool {
        let is_current = |(path, stamp): (&PathBuf, &Stamp)| Stamp::of(path) == Some(*stamp);
        !self.stamps.is_empty() && self.stamps.iter().all(is_current)
    }
}

/// Waits until a file of the program changes.
async fn changed(changes: Option<&Signal>) {
    match changes {
        Some(changes) => changes.changed().await,
        None => std::future::pending().await,
    }
}

/// Waits until a moment; for ever where there is none.
pub(crate) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
