//! The least that a program can do to make or to check many small files: the floor that stead is measured against.
//!
//! It makes the system calls that stead needs for the same state, with the same promises (a file appears whole, and is on
//! disk before the program ends), and does nothing else: it knows its state without reading a program.
//!
//! ```text
//! floor create FOLDER COUNT THREADS
//! floor check FOLDER COUNT THREADS
//! ```

use rustix::fs::{AtFlags, CWD, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::os::fd::{AsRawFd, OwnedFd};
use std::process::ExitCode;

const MODE: u32 = 0o644;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, count, threads] = &arguments[..] else {
        eprintln!("usage: floor create|check FOLDER COUNT THREADS");
        return ExitCode::from(64);
    };
    let (Ok(count), Ok(threads)) = (count.parse::<usize>(), threads.parse::<usize>()) else {
        eprintln!("floor: COUNT and THREADS are numbers");
        return ExitCode::from(64);
    };
    let work: fn(&OwnedFd, &str, usize) -> Result<(), Errno> = match what.as_str() {
        "create" => create,
        _ => check,
    };
    match share(folder, count, threads.max(1), work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does the work for all files on several threads, then makes the names durable.
fn share(
    folder: &str,
    count: usize,
    threads: usize,
    work: fn(&OwnedFd, &str, usize) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let descriptor = rustix::fs::open(folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let descriptor = &descriptor;
                scope.spawn(move || {
                    (thread..count).step_by(threads).try_for_each(|number| work(descriptor, folder, number))
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("workers do not panic"))
    })?;
    rustix::fs::fsync(&descriptor)
}

fn name(number: usize) -> String {
    format!("f{number:06}")
}

/// The content of a file, as `states.py` has it.
fn content(number: usize) -> String {
    format!("This is file {number}, which somebody wants to be exactly like this.\n")
}

fn create(folder: &OwnedFd, _path: &str, number: usize) -> Result<(), Errno> {
    let file = rustix::fs::openat(folder, ".", OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, Mode::RUSR)?;
    rustix::io::write(&file, content(number).as_bytes())?;
    rustix::fs::fchmod(&file, Mode::from_raw_mode(MODE))?;
    rustix::fs::fsync(&file)?;
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    rustix::fs::linkat(CWD, own, folder, name(number), AtFlags::SYMLINK_FOLLOW)
}

fn check(_folder: &OwnedFd, path: &str, number: usize) -> Result<(), Errno> {
    let path = format!("{path}/{}", name(number));
    let entry = rustix::fs::lstat(&path)?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = rustix::fs::openat2(CWD, &path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS)?;
    let stat = rustix::fs::fstat(&file)?;
    let mut bytes = [0; 4096];
    let wanted = content(number);
    let length = rustix::io::read(&file, &mut bytes)?;
    let is_right = entry.st_mode & 0o7777 == MODE && stat.st_size == wanted.len() as i64;
    if is_right && &bytes[..length] == wanted.as_bytes() { Ok(()) } else { Err(Errno::BADMSG) }
}
