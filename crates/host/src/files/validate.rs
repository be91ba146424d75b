//! Lets a program judge a new file before it takes the place of the old one.

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Pid, PidfdFlags, Signal};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Long enough for any judge; a judge that waits for input or hangs must not hold up the agent for ever.
const PATIENCE: Timespec = Timespec { tv_sec: 60, tv_nsec: 0 };

/// How much of what the judge says goes into the error.
const MOST_OUTPUT: u64 = 4096;

/// Runs the command by the shell with `%` replaced by the path of the new file; `%%` is one percent sign.
pub(super) fn judge(command: &str, path: &Path, temporary: &OsStr) -> io::Result<()> {
    let file = path.with_file_name(temporary);
    let text = insert(command, &shell_word(&file)?);
    let output = File::from(memfd_create("validate", MemfdFlags::CLOEXEC)?);
    let mut child = Command::new("/bin/sh")
        .args(["-c", &text])
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?)
        .process_group(0)
        .spawn()?;
    let status = if ends_in_time(child.id())? {
        child.wait()?
    } else {
        if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
            _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
        child.wait()?;
        return Err(io::Error::new(io::ErrorKind::TimedOut, format!("`{command}` did not end within a minute")));
    };
    if status.success() {
        return Ok(());
    }
    let said = first_lines(output)?;
    let message = format!("`{command}` refuses the new content ({status}){said}");
    Err(io::Error::new(io::ErrorKind::InvalidData, message))
}

fn ends_in_time(process: u32) -> io::Result<bool> {
    let Some(pid) = Pid::from_raw(process.cast_signed()) else { return Ok(true) };
    let descriptor = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    let mut events = [PollFd::new(&descriptor, PollFlags::IN)];
    loop {
        match rustix::event::poll(&mut events, Some(&PATIENCE)) {
            Err(rustix::io::Errno::INTR) => {}
            other => return Ok(other? > 0),
        }
    }
}

fn insert(command: &str, file: &str) -> String {
    let mut parts = command.split("%%");
    let mut text = parts.next().unwrap_or_default().replace('%', file);
    for part in parts {
        text.push('%');
        text.push_str(&part.replace('%', file));
    }
    text
}

/// A path as one word of the shell.
fn shell_word(path: &Path) -> io::Result<String> {
    let text =
        path.to_str().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path is not valid text"))?;
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

fn first_lines(mut output: File) -> io::Result<String> {
    output.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    output.take(MOST_OUTPUT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim();
    Ok(if text.is_empty() { String::new() } else { format!(": {text}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_inserted_as_one_word() {
        assert_eq!(insert("check % --at 5%%", "'/a b'"), "check '/a b' --at 5%");
        assert_eq!(shell_word(Path::new("/it's")).expect("it is text"), r"'/it'\''s'");
    }
}
