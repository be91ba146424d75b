//! A value for each expression in each frame.

use crate::frame::FrameId;
use hir::ExprId;
use rustc_hash::FxHashMap;

/// A value for each expression in each frame.
///
/// Most expressions of a program are in the frame of the program itself: for these the table is an array.
#[derive(Debug)]
pub(crate) struct Table<T> {
    root: Vec<Option<T>>,
    others: FxHashMap<(FrameId, ExprId), T>,
    order: Vec<(FrameId, ExprId)>,
}

impl<T: Copy> Table<T> {
    pub(crate) fn new(exprs: usize) -> Table<T> {
        Table { root: vec![None; exprs], others: FxHashMap::default(), order: Vec::new() }
    }

    pub(crate) fn get(&self, frame: FrameId, expr: ExprId) -> Option<T> {
        match frame {
            FrameId::ROOT => self.root.get(index(expr)).copied().flatten(),
            _ => self.others.get(&(frame, expr)).copied(),
        }
    }

    pub(crate) fn insert(&mut self, frame: FrameId, expr: ExprId, value: T) {
        let old = match frame {
            FrameId::ROOT => self.root[index(expr)].replace(value),
            _ => self.others.insert((frame, expr), value),
        };
        if old.is_none() {
            self.order.push((frame, expr));
        }
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// An entry by the order in which entries were made.
    pub(crate) fn nth(&self, at: usize) -> Option<(FrameId, ExprId, T)> {
        let &(frame, expr) = self.order.get(at)?;
        Some((frame, expr, self.get(frame, expr)?))
    }

    /// The same table with other values.
    pub(crate) fn map<U: Copy>(self, mut of: impl FnMut(T) -> U) -> Table<U> {
        Table {
            root: self.root.into_iter().map(|value| value.map(&mut of)).collect(),
            others: self.others.into_iter().map(|(key, value)| (key, of(value))).collect(),
            order: self.order,
        }
    }
}

fn index(expr: ExprId) -> usize {
    expr.into_raw().into_u32() as usize
}
