//! What resources watch, where it is on this machine.
//!
//! A kind says "below the home folder of alice" or "in my own folder"; where that is, only the machine knows, and a home
//! folder can come to be, or move, while we watch.

use crate::machine::Machine;
use plan::VertexId;
use resource::{Host, Watch};
use rustc_hash::FxHashMap;
use std::path::PathBuf;

/// The watches in home folders, by who watches.
#[derive(Default)]
pub(crate) struct Homes(FxHashMap<VertexId, Vec<Home>>);

struct Home {
    user: String,
    path: PathBuf,
    is_folder: bool,
    /// Where it was when it was last looked up; nothing where there was no such user, which will be an event of its own.
    place: Option<Watch>,
}

impl Home {
    fn place(&self, host: &Host) -> Option<Watch> {
        let user = &self.user;
        let account = if user.is_empty() { host.accounts.own() } else { host.accounts.user(user) };
        let path = account.ok()??.home.join(&self.path);
        Some(if self.is_folder { Watch::Folder(path) } else { Watch::Path(path) })
    }
}

impl Homes {
    /// Watches for a vertex, beside what it watches already.
    pub(crate) fn arm(&mut self, machine: &Machine, vertex: VertexId, watches: &[Watch]) {
        for watch in watches {
            match watch {
                Watch::Home { user, path, is_folder } => {
                    let (user, path, is_folder) = (user.clone(), path.clone(), *is_folder);
                    let mut home = Home { user, path, is_folder, place: None };
                    home.place = home.place(&machine.host);
                    for watch in [Watch::Path("/etc/passwd".into())].iter().chain(&home.place) {
                        machine.watcher.add(vertex.0, watch);
                    }
                    self.0.entry(vertex).or_default().push(home);
                }
                Watch::State { kind, name, file } => {
                    machine.watcher.add(vertex.0, &Watch::Path(machine.host.state_folder(kind, name).join(file)));
                }
                other => machine.watcher.add(vertex.0, other),
            }
        }
    }

    /// Watches nothing any more.
    pub(crate) fn disarm(&mut self, machine: &Machine, vertex: VertexId) {
        self.0.remove(&vertex);
        machine.watcher.remove(vertex.0);
    }

    /// Something has happened that a vertex watches: perhaps that a home folder is elsewhere now.
    pub(crate) fn fired(&mut self, machine: &Machine, vertex: VertexId) {
        for home in self.0.get_mut(&vertex).into_iter().flatten() {
            let now = home.place(&machine.host);
            if now != home.place {
                // The old place is watched on; to look once too often does no harm.
                if let Some(watch) = &now {
                    machine.watcher.add(vertex.0, watch);
                }
                home.place = now;
            }
        }
    }
}
