//! The system's log, by its own protocols: journald's socket, and syslog's.

use resource::host::{Journal, Priority};
use resource::{BoxFuture, Error, Result};
use rustix::fs::{MemfdFlags, SealFlags};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags, SocketType,
};
use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const JOURNALD: &str = "/run/systemd/journal/socket";
const SYSLOG: &str = "/dev/log";

/// What we are called in the log.
const IDENTIFIER: &str = "stead";

/// Syslog's number for services that have no other.
const DAEMON: u32 = 3;

/// Shows a line to whoever runs the program: where it comes from, and what it says.
pub type Show = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// The system's log.
pub struct LinuxJournal {
    journald: PathBuf,
    syslog: PathBuf,
    show: Show,
}

impl LinuxJournal {
    /// The log of this machine; lines for people go to `show`.
    pub fn new(show: Show) -> LinuxJournal {
        LinuxJournal { journald: JOURNALD.into(), syslog: SYSLOG.into(), show }
    }
}

impl Journal for LinuxJournal {
    fn journal<'a>(
        &'a self,
        priority: Priority,
        message: &'a str,
        fields: &'a [(String, String)],
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let level = (priority as u32).to_string();
            let mut entry = Vec::new();
            for (name, value) in [("PRIORITY", level.as_str()), ("SYSLOG_IDENTIFIER", IDENTIFIER), ("MESSAGE", message)]
            {
                append_field(&mut entry, name, value);
            }
            for (name, value) in fields {
                // It drops fields with other names without a word.
                let upper = name.to_ascii_uppercase();
                if !is_field_name(&upper) {
                    return Err(Error::failed(format!(
                        "`{name}` cannot be the name of a field in the journal; letters, digits and `_`, at most 64, a \
                         letter first"
                    )));
                }
                append_field(&mut entry, &upper, value);
            }
            send_entry(&self.journald, &entry).map_err(not_written("the journal", "journald", &self.journald))
        })
    }

    fn syslog<'a>(&'a self, priority: Priority, message: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let level = DAEMON * 8 + priority as u32;
            let process = std::process::id();
            // A line is an entry; what has several lines is several entries.
            for line in message.lines() {
                let entry = format!("<{level}>{IDENTIFIER}[{process}]: {line}");
                send(&self.syslog, entry.as_bytes(), None).map_err(not_written(
                    "syslog",
                    "journald or a syslog daemon",
                    &self.syslog,
                ))?;
            }
            Ok(())
        })
    }

    fn show(&self, source: &str, message: &str) {
        tracing::info!(source, "{message}");
        (self.show)(source, message);
    }
}

/// The error of a log that cannot be written to: most often there is none.
fn not_written(log: &'static str, daemon: &'static str, socket: &Path) -> impl FnOnce(io::Error) -> Error {
    let socket = socket.display().to_string();
    move |error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => {
            Error::failed(format!("cannot write to {log}: nobody listens at `{socket}`; does {daemon} run?"))
        }
        _ => Error::caused(format!("cannot write to {log}"), error),
    }
}

/// Capitals, digits and underscores; those that begin with an underscore are journald's own.
fn is_field_name(name: &str) -> bool {
    name.len() <= 64
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `NAME=value`, or for several lines the name, the length in eight bytes, and the value.
fn append_field(entry: &mut Vec<u8>, name: &str, value: &str) {
    entry.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        entry.push(b'\n');
        entry.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        entry.push(b'=');
    }
    entry.extend_from_slice(value.as_bytes());
    entry.push(b'\n');
}

/// Sends an entry; one that is too large for a message goes as a sealed file.
fn send_entry(socket: &Path, entry: &[u8]) -> io::Result<()> {
    match send(socket, entry, None) {
        Err(error)
            if [Errno::MSGSIZE, Errno::NOBUFS].iter().any(|it| error.raw_os_error() == Some(it.raw_os_error())) => {}
        other => return other,
    }
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(rustix::fs::memfd_create("journal-entry", flags)?);
    file.write_all(entry)?;
    rustix::fs::fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL)?;
    send(socket, &[], Some(&file.into()))
}

fn send(path: &Path, bytes: &[u8], file: Option<&OwnedFd>) -> io::Result<()> {
    let socket = rustix::net::socket_with(AddressFamily::UNIX, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    let address = SocketAddrUnix::new(path)?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    let files = file.map(|file| [file.as_fd()]);
    if let Some(files) = &files {
        ancillary.push(SendAncillaryMessage::ScmRights(files));
    }
    // A log that does not keep up must not keep us.
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    rustix::net::sendmsg_addr(&socket, &address, &[IoSlice::new(bytes)], &mut ancillary, flags)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, SeekFrom};
    use std::os::unix::net::UnixDatagram;

    fn journal() -> (tempfile::TempDir, UnixDatagram, LinuxJournal) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("socket");
        let socket = UnixDatagram::bind(&path).expect("bound");
        let journal = LinuxJournal { journald: path.clone(), syslog: path, show: Arc::new(|_, _| {}) };
        (folder, socket, journal)
    }

    #[tokio::test]
    async fn an_entry_has_its_fields_also_over_several_lines() {
        let (_folder, socket, journal) = journal();
        let fields = [("kind".to_owned(), "a\nb".to_owned())];
        journal.journal(Priority::Warning, "hello", &fields).await.expect("sent");
        let mut buffer = [0; 1000];
        let length = socket.recv(&mut buffer).expect("received");
        let expected = b"PRIORITY=4\nSYSLOG_IDENTIFIER=stead\nMESSAGE=hello\nKIND\n\x03\0\0\0\0\0\0\0a\nb\n";
        assert_eq!(&buffer[..length], expected);
        let bad = [("_UID".to_owned(), "0".to_owned())];
        journal.journal(Priority::Info, "x", &bad).await.expect_err("journald's own names cannot be forged");
    }

    #[tokio::test]
    async fn an_entry_that_is_too_large_goes_as_a_file() {
        let (_folder, socket, journal) = journal();
        let large = "x".repeat(4 << 20);
        journal.journal(Priority::Info, &large, &[]).await.expect("sent");
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = rustix::net::RecvAncillaryBuffer::new(&mut space);
        let mut bytes = [0; 16];
        let mut parts = [std::io::IoSliceMut::new(&mut bytes)];
        let flags = rustix::net::RecvFlags::empty();
        rustix::net::recvmsg(&socket, &mut parts, &mut ancillary, flags).expect("received");
        let message = ancillary.drain().next().expect("a file came along");
        let rustix::net::RecvAncillaryMessage::ScmRights(mut files) = message else { panic!("another message") };
        let mut file = File::from(files.next().expect("one file"));
        file.seek(SeekFrom::Start(0)).expect("it can be read from the start");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        assert!(text.ends_with(&format!("MESSAGE={large}\n")));
    }

    #[tokio::test]
    async fn a_log_that_is_not_there_is_named() {
        let (folder, _, journal) = journal();
        std::fs::remove_file(folder.path().join("socket")).expect("removed");
        let error = journal.journal(Priority::Info, "x", &[]).await.expect_err("nobody listens").chain();
        assert!(error.contains("nobody listens at `") && error.contains("does journald run?"), "{error}");
        let error = journal.syslog(Priority::Info, "x").await.expect_err("nobody listens").chain();
        assert!(error.contains("cannot write to syslog: nobody listens at `"), "{error}");
    }

    #[tokio::test]
    async fn syslog_gets_a_line_for_a_line() {
        let (_folder, socket, journal) = journal();
        journal.syslog(Priority::Err, "one\ntwo").await.expect("sent");
        for expected in ["one", "two"] {
            let mut buffer = [0; 100];
            let length = socket.recv(&mut buffer).expect("received");
            let line = std::str::from_utf8(&buffer[..length]).expect("text");
            assert!(line.starts_with("<27>stead[") && line.ends_with(&format!("]: {expected}")), "{line}");
        }
    }
}
