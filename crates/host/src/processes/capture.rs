//! Reads the two output streams of a program, in the order in which they come, and bounded.

use resource::host::Captured;
use std::io;
use tokio::net::unix::pipe::Receiver;

const CHUNK: usize = 16 << 10;

/// What a program has written so far.
pub(super) struct Capture {
    most: usize,
    stdout: Stream,
    stderr: Stream,
    /// Both, in the order in which they came.
    output: Vec<u8>,
    is_truncated: bool,
}

#[derive(Default)]
struct Stream {
    bytes: Option<Vec<u8>>,
    is_closed: bool,
}

impl Capture {
    /// Keeps so many bytes of each stream.
    pub(super) fn new(most: usize) -> Capture {
        let (stdout, stderr) = (Stream::default(), Stream::default());
        Capture { most, stdout, stderr, output: Vec::new(), is_truncated: false }
    }

    /// Waits until there is something to read, and reads it. Never ends once both streams are closed.
    pub(super) async fn read(&mut self, stdout: &Receiver, stderr: &Receiver) {
        tokio::select! {
            biased;
            // An error of waiting would come again at once: the stream counts as closed.
            ready = stdout.readable(), if !self.stdout.is_closed => self.stdout.is_closed |= ready.is_err(),
            ready = stderr.readable(), if !self.stderr.is_closed => self.stderr.is_closed |= ready.is_err(),
            () = std::future::pending(), if self.stdout.is_closed && self.stderr.is_closed => {}
        }
        self.read_some(stdout, stderr);
    }

    /// Reads what is there without waiting: whoever still holds a pipe open is not waited for.
    pub(super) fn drain(&mut self, stdout: &Receiver, stderr: &Receiver) {
        // Bounded, because a program that was left behind may write without end.
        for _ in 0..(self.most / CHUNK).max(64) {
            if !self.read_some(stdout, stderr) {
                break;
            }
        }
    }

    /// One piece of each; whether there was any.
    fn read_some(&mut self, stdout: &Receiver, stderr: &Receiver) -> bool {
        let mut any = false;
        for (stream, pipe) in [(&mut self.stdout, stdout), (&mut self.stderr, stderr)] {
            if stream.is_closed {
                continue;
            }
            let mut chunk = [0; CHUNK];
            match pipe.try_read(&mut chunk) {
                Ok(0) => stream.is_closed = true,
                Ok(length) => {
                    any = true;
                    let kept = stream.bytes.get_or_insert_default();
                    self.is_truncated |= !append(kept, &chunk[..length], self.most);
                    append(&mut self.output, &chunk[..length], 2 * self.most);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => stream.is_closed = true,
            }
        }
        any
    }

    /// What has been read, for a program that ended with a code.
    pub(super) fn finish(self, code: i32) -> Captured {
        let output = (self.stdout.bytes.is_some() || self.stderr.bytes.is_some()).then_some(self.output);
        Captured { code, stdout: self.stdout.bytes, stderr: self.stderr.bytes, output, truncated: self.is_truncated }
    }
}

/// Appends as much as there is room for; whether that was all.
fn append(to: &mut Vec<u8>, bytes: &[u8], most: usize) -> bool {
    let room = most.saturating_sub(to.len()).min(bytes.len());
    to.extend_from_slice(&bytes[..room]);
    room == bytes.len()
}
