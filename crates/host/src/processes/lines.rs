//! The lines of a program that runs for a long time.

use super::spawn::Running;
use super::{exit_code, feed};
use resource::host::{Command, ProcessError};
use rustix::process::Signal;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::{mpsc, oneshot};

/// How long a line may be; the rest of a longer one is dropped.
const LONGEST: u64 = 64 << 10;

/// How many lines may wait before the program has to.
const WAITING: usize = 256;

/// How long a program may take to stop when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long its last lines may take to arrive after its end.
const LAST_LINES: Duration = Duration::from_millis(100);

/// What comes from a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A line of its standard output, without its end.
    Stdout(String),
    /// A line of its standard error, without its end.
    Stderr(String),
    /// It ended by itself, with this exit code. Nothing comes after it.
    Ended(Result<i32, ProcessError>),
}

/// The lines of a program. Dropping it stops the program.
#[derive(Debug)]
pub struct Lines {
    lines: mpsc::Receiver<Line>,
    /// Dropped with the rest, which is what tells the program's keeper to stop it.
    _stop: oneshot::Sender<()>,
}

impl Lines {
    /// The next line; `None` after the end.
    pub async fn next(&mut self) -> Option<Line> {
        self.lines.recv().await
    }

    pub(super) fn follow(mut running: Running, command: &Command) -> Lines {
        let (sender, lines) = mpsc::channel(WAITING);
        let (stop, stopped) = oneshot::channel();
        if let Some(stdin) = running.stdin.take() {
            tokio::spawn(feed(stdin, command.input.clone()));
        }
        tokio::spawn(keep(running, super::program(command), sender, stopped));
        Lines { lines, _stop: stop }
    }
}

async fn keep(running: Running, program: String, sender: mpsc::Sender<Line>, mut stopped: oneshot::Receiver<()>) {
    let Running { mut child, mut group, stdout, stderr, signal, .. } = running;
    let reading = async {
        tokio::join!(forward(stdout, &sender, Line::Stdout), forward(stderr, &sender, Line::Stderr));
    };
    tokio::pin!(reading);
    let mut is_read = false;
    let status = loop {
        tokio::select! {
            biased;
            _ = &mut stopped => {
                group.send(signal);
                if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
                    group.send(Signal::KILL);
                    _ = child.wait().await;
                }
                group.disarm();
                return;
            }
            () = &mut reading, if !is_read => is_read = true,
            status = child.wait() => break status,
        }
    };
    group.disarm();
    // What is in the pipes already; not what a program that was left behind may write later.
    if !is_read {
        _ = tokio::time::timeout(LAST_LINES, reading).await;
    }
    _ = sender.send(Line::Ended(exit_code(status, program))).await;
}

async fn forward(from: impl AsyncRead + Unpin, to: &mpsc::Sender<Line>, form: impl Fn(String) -> Line) {
    let mut reader = BufReader::new(from);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match (&mut reader).take(LONGEST).read_until(b'\n', &mut bytes).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let is_whole = bytes.last() == Some(&b'\n');
        let text = String::from_utf8_lossy(&bytes);
        if to.send(form(text.trim_end_matches(['\n', '\r']).to_owned())).await.is_err() {
            return;
        }
        if !is_whole && bytes.len() as u64 == LONGEST {
            skip_line(&mut reader).await;
        }
    }
}

async fn skip_line(reader: &mut (impl AsyncBufReadExt + Unpin)) {
    loop {
        let Ok(buffer) = reader.fill_buf().await else { return };
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        if length == 0 {
            return;
        }
        reader.consume(length);
        if end.is_some() {
            return;
        }
    }
}
