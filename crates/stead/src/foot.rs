//! The foot of a terminal: one line below everything that is printed, which says what is being worked on.

use engine::Load;
use resource::Key;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the line is drawn anew. What takes less time than this is not drawn at all.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest line, where the terminal does not say how wide it is.
const COLUMNS: usize = 80;

/// What stands for life: there are consoles that have no fancier signs.
const SIGNS: [char; 4] = ['|', '/', '-', '\\'];

/// The foot of a terminal. Cheap to clone; all clones are one. Where there is no terminal it only knows.
#[derive(Clone)]
pub(crate) struct Foot(Arc<Shared>);

struct Shared {
    is_terminal: bool,
    line: Mutex<Line>,
    /// Wakes who draws.
    wake: Condvar,
}

#[derive(Default)]
struct Line {
    is_begun: bool,
    is_drawn: bool,
    /// How often the sign of life has turned.
    turn: usize,
    work: Work,
}

/// What is being worked on.
#[derive(Default)]
pub(crate) struct Work {
    /// Since when something is to be done; nothing is drawn where nothing is.
    pub(crate) since: Option<Instant>,
    /// How much there is to do; without resources, the values of the program are awaited.
    pub(crate) load: Load,
    /// The resources that are being changed, with when that began.
    pub(crate) changing: BTreeMap<Key, Instant>,
}

impl Foot {
    pub(crate) fn new(is_terminal: bool) -> Foot {
        Foot(Arc::new(Shared { is_terminal, line: Mutex::default(), wake: Condvar::new() }))
    }

    /// Says what is being worked on.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut Work) -> T) -> T {
        let mut line = self.0.lock();
        let was_at_work = line.work.since.is_some();
        let result = change(&mut line.work);
        if line.work.since.is_none() {
            line.erase();
        } else if self.0.is_terminal && !line.is_begun {
            line.is_begun = true;
            let shared = Arc::clone(&self.0);
            // It ends with the process, and waits where there is nothing to draw.
            std::thread::spawn(move || shared.draw());
        } else if !was_at_work {
            self.0.wake.notify_one();
        }
        result
    }

    /// Writes something above the foot, to the same terminal.
    pub(crate) fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        // Held until it is written: otherwise the line could be drawn in the middle of it.
        let mut line = self.0.lock();
        let was_drawn = line.is_drawn;
        line.erase();
        let result = write();
        // Where line follows line it would never be seen otherwise.
        if was_drawn {
            line.draw(Instant::now());
        }
        result
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Line> {
        // Whoever panicked left at worst a line that is drawn again.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self) {
        let mut line = self.lock();
        loop {
            line = match line.work.since {
                None => self.wake.wait(line).unwrap_or_else(PoisonError::into_inner),
                Some(_) => self.wake.wait_timeout(line, PAUSE).unwrap_or_else(PoisonError::into_inner).0,
            };
            let now = Instant::now();
            if line.work.since.is_some_and(|since| now.duration_since(since) >= PAUSE) {
                line.turn += 1;
                line.draw(now);
            }
        }
    }
}

impl Line {
    fn draw(&mut self, now: Instant) {
        let sign = SIGNS[self.turn % SIGNS.len()];
        // Room for the `^C` that the terminal shows itself.
        let text = crate::terminal::cut(&format!("{sign} {}", self.work.text(now)), columns().saturating_sub(3));
        // Where the terminal is gone there is nothing to show.
        _ = write!(io::stderr(), "\r\x1b[2K{text}");
        self.is_drawn = true;
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}

impl Work {
    fn text(&self, now: Instant) -> String {
        let seconds = |since: Instant| now.saturating_duration_since(since).as_secs();
        let Load { to_go, resources, .. } = self.load;
        if resources == 0 {
            return format!("waiting for values of the program {} s", self.since.map_or(0, seconds));
        }
        let mut text = format!("{} of {resources} done", resources.saturating_sub(to_go));
        let mut changing: Vec<(Instant, &Key)> = self.changing.iter().map(|(key, since)| (*since, key)).collect();
        // What takes longest is what is wondered about.
        changing.sort();
        for (at, (since, key)) in changing.iter().take(3).enumerate() {
            let before = if at == 0 { ": " } else { ", " };
            _ = write!(text, "{before}{}", crate::terminal::printable(&key.to_string()));
            if seconds(*since) > 0 {
                _ = write!(text, " {} s", seconds(*since));
            }
        }
        if changing.len() > 3 {
            _ = write!(text, " and {} more", changing.len() - 3);
        }
        text
    }
}

fn columns() -> usize {
    match rustix::termios::tcgetwinsize(io::stderr()) {
        Ok(size) if size.ws_col > 0 => usize::from(size.ws_col),
        _ => COLUMNS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_is_done_and_what_takes_longest() {
        let now = Instant::now();
        let since = |seconds: u64| now.checked_sub(Duration::from_secs(seconds)).expect("the clock began before that");
        let changing = [("a", 0), ("b", 7), ("c", 2), ("d", 1)];
        let changing = changing.map(|(name, seconds)| (Key::new("exec", name), since(seconds)));
        let load = Load { running: 4, to_go: 5, resources: 8 };
        let work = Work { since: Some(since(9)), load, changing: changing.into() };
        assert_eq!(work.text(now), "3 of 8 done: exec[b] 7 s, exec[c] 2 s, exec[d] 1 s and 1 more");
        let work = Work { since: Some(now), load, changing: BTreeMap::new() };
        assert_eq!(work.text(now), "3 of 8 done");
        let work = Work { since: Some(since(9)), ..Work::default() };
        assert_eq!(work.text(now), "waiting for values of the program 9 s");
    }
}
