//! Paths as bytes, and who waits for something to come to be above them. All of them are [clean](resource::clean_path).

use graph::VertexIndex;
use rustc_hash::{FxHashMap, FxHashSet};

/// Who wants something at or above a folder.
#[derive(Default)]
pub(crate) struct Folders(FxHashMap<Box<[u8]>, Folder>);

/// **Invariant:** somebody wants something here or below, and what is above is known too.
#[derive(Default)]
struct Folder {
    wanting: FxHashSet<VertexIndex>,
    /// The known ones right below.
    below: Vec<Box<[u8]>>,
}

impl Folders {
    pub(crate) fn join(&mut self, path: &[u8], at: VertexIndex) {
        if let Some(folder) = self.0.get_mut(path) {
            folder.wanting.insert(at);
            return;
        }
        let new = Folder { wanting: FxHashSet::from_iter([at]), below: Vec::new() };
        self.0.insert(path.into(), new);
        let mut path = path;
        while let Some(above) = folder(path) {
            if let Some(known) = self.0.get_mut(above) {
                known.below.push(path.into());
                return;
            }
            self.0.insert(above.into(), Folder { below: vec![path.into()], ..Folder::default() });
            path = above;
        }
    }

    pub(crate) fn leave(&mut self, path: &[u8], at: VertexIndex) {
        let Some(left) = self.0.get_mut(path) else { return };
        left.wanting.remove(&at);
        let mut path = path;
        while self.0.get(path).is_some_and(|it| it.wanting.is_empty() && it.below.is_empty()) {
            self.0.remove(path);
            let Some(above) = folder(path) else { return };
            if let Some(known) = self.0.get_mut(above) {
                known.below.retain(|it| **it != *path);
            }
            path = above;
        }
    }

    /// Who wants something at or above a path.
    pub(crate) fn at(&self, path: &[u8]) -> impl Iterator<Item = VertexIndex> {
        self.0.get(path).into_iter().flat_map(|it| &it.wanting).copied()
    }

    /// Who wants something at or above a path, or a path below it.
    pub(crate) fn at_or_below(&self, path: &[u8]) -> impl Iterator<Item = VertexIndex> {
        let mut todo = Vec::from_iter(self.0.get(path));
        let folders = std::iter::from_fn(move || {
            let folder = todo.pop()?;
            todo.extend(folder.below.iter().filter_map(|it| self.0.get(it)));
            Some(folder)
        });
        folders.flat_map(|it| &it.wanting).copied()
    }
}

/// The folder that a path is in; none for the root.
pub(crate) fn folder(path: &[u8]) -> Option<&[u8]> {
    let slash = path.iter().rposition(|byte| *byte == b'/')?;
    match slash {
        0 if path.len() == 1 => None,
        0 => Some(&path[..1]),
        _ => Some(&path[..slash]),
    }
}

/// A path and all folders that it is in, the nearest first.
pub(crate) fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(path), |path| folder(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::Graph;

    #[test]
    fn folders_are_those_of_paths() {
        for path in ["/", "/a", "/a/b", "/a/b/c", "/.a/b."] {
            let path = std::path::Path::new(path);
            let expected: Vec<_> = path.ancestors().map(|it| it.as_os_str().as_encoded_bytes()).collect();
            assert_eq!(above(path.as_os_str().as_encoded_bytes()).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn whoever_waits_below_a_path_is_found_until_he_leaves() {
        let mut graph = Graph::<(), ()>::new();
        let [first, second, third] = std::array::from_fn(|_| graph.add_vertex(()));
        let mut folders = Folders::default();
        for (path, at) in [("/a/b", first), ("/a", second), ("/ab", third), ("/a/b", second)] {
            folders.join(path.as_bytes(), at);
        }
        let below = |folders: &Folders, path: &str| {
            let mut found: Vec<_> = folders.at_or_below(path.as_bytes()).collect();
            found.sort();
            found.dedup();
            found
        };
        assert_eq!(below(&folders, "/"), [first, second, third]);
        assert_eq!(below(&folders, "/a"), [first, second]);
        assert_eq!(below(&folders, "/a/b"), [first, second]);
        assert_eq!(below(&folders, "/a/b/c"), []);
        folders.leave(b"/a", second);
        folders.leave(b"/a/b", second);
        assert_eq!(below(&folders, "/a"), [first]);
        folders.leave(b"/a/b", first);
        assert_eq!(below(&folders, "/"), [third]);
        folders.leave(b"/ab", third);
        assert!(folders.0.is_empty());
    }
}
