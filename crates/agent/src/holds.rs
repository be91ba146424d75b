//! What the session waits for before it says that all is done.

use crate::session::Message;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// Counts what is still to come, wherever it is to come from. Cheap to clone; all clones count together.
///
/// It counts until the session has heard that something has come: what came before that has been heard by then too.
#[derive(Clone)]
pub(crate) struct Holds {
    count: Arc<AtomicUsize>,
    messages: mpsc::UnboundedSender<Message>,
}

/// Something that is still to come. Whoever has brought it, or cannot, drops this, and the session is told.
pub(crate) struct Hold(mpsc::UnboundedSender<Message>);

impl Holds {
    pub(crate) fn new(messages: mpsc::UnboundedSender<Message>) -> Holds {
        Holds { count: Arc::default(), messages }
    }

    /// Something more is to come.
    pub(crate) fn hold(&self) -> Hold {
        self.count.fetch_add(1, Ordering::Relaxed);
        Hold(self.messages.clone())
    }

    /// The session has heard that something has come.
    pub(crate) fn released(&self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether anything is to come.
    pub(crate) fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Without a receiver the session has ended.
        _ = self.0.send(Message::Released);
    }
}
