//! What happens in a new process between fork and exec: the only unsafe code of this crate.
#![expect(unsafe_code, reason = "`pre_exec` is the only way to run code between fork and exec")]

use rustix::fs::Mode;
use rustix::process::{Gid, Pid, Signal, Uid};

/// What a new process is to be before its program starts.
pub(super) struct Setup {
    /// The user, the group and the other groups to become.
    pub(super) identity: Option<(Uid, Gid, Vec<Gid>)>,
    /// The file mode creation mask.
    pub(super) umask: Option<Mode>,
    /// The process that it must not survive.
    pub(super) parent: Pid,
}

/// Makes a command do the set-up when it starts.
pub(super) fn install(command: &mut tokio::process::Command, setup: Setup) {
    // SAFETY: between fork and exec of a program with threads only async-signal-safe calls are allowed: no allocation, no
    // locks. `Setup::run` makes nothing but raw system calls (rustix does not go through libc here) on data that was
    // allocated before the fork, and builds errors from error numbers only.
    unsafe { command.pre_exec(move || setup.run()) };
}

impl Setup {
    fn run(&self) -> std::io::Result<()> {
        if let Some((user, group, groups)) = &self.identity {
            // In this order: after giving up the user nothing else may be given up. There is one thread in the new
            // process, so what is set for the thread is set for the process.
            rustix::thread::set_thread_groups(groups)?;
            rustix::thread::set_thread_res_gid(*group, *group, *group)?;
            rustix::thread::set_thread_res_uid(*user, *user, *user)?;
        }
        if let Some(mask) = self.umask {
            rustix::process::umask(mask);
        }
        // After the change of user, which would undo it.
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        // The parent may have died before that call.
        if rustix::process::getppid() != Some(self.parent) {
            return Err(rustix::io::Errno::CANCELED.into());
        }
        Ok(())
    }
}
