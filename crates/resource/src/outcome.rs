//! What came of working on a resource once.

use crate::OnlyRoot;
use value::Value;

/// A change of a text, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What is changed, for instance a path.
    pub title: String,
    /// What is there now; `None` where there is nothing.
    pub old: Option<Vec<u8>>,
    /// What will be there; `None` where nothing will be.
    pub new: Option<Vec<u8>>,
}

/// One step, as it is shown and recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is done, on one line.
    pub text: String,
    /// What changes in a text, where one does.
    pub diff: Option<Diff>,
    /// Whether a dry run cannot tell if it will be done.
    pub unknown: bool,
    /// Whether it shows a line itself when it is done.
    pub shows_itself: bool,
    /// Why only root can do it, where that is so.
    pub only_root: Option<OnlyRoot>,
}

/// What came of working on a resource once.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The steps that were needed, in order.
    pub steps: Vec<Report>,
    /// Whether the steps were taken, not only planned.
    pub applied: bool,
    /// What the resource sends now.
    pub sent: Option<Value>,
}

impl Outcome {
    /// Whether the resource was right already.
    pub fn is_clean(&self) -> bool {
        self.steps.is_empty()
    }
}
