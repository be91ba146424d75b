//! Small facts about the system and this process.

use resource::OnlyRoot;
use resource::host::{Content, Files, NewFile};
use std::fs;
use std::io;
use std::path::Path;

/// The host name that the kernel has.
///
/// # Errors
/// Where it cannot be read.
pub fn hostname() -> io::Result<String> {
    Ok(read_text(Path::new("/proc/sys/kernel/hostname"))?.trim_end().to_owned())
}

/// The number of the user as whom this process acts.
pub fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether this process may do what only root can.
pub fn is_root() -> bool {
    effective_user() == 0
}

/// Refuses what only root can do. The tools that would be asked say less, and some of them only after a wait.
pub(crate) fn check_root(what: OnlyRoot) -> resource::Result<()> {
    if is_root() { Ok(()) } else { Err(resource::Error::failed(what.to_string())) }
}

/// Whether whoever started this process wants it to outlive its terminal, as `nohup` does.
pub fn ignores_hangups() -> bool {
    let status = read_text(Path::new("/proc/self/status")).unwrap_or_default();
    ignored(&status).is_some_and(|signals| signals & 1 != 0)
}

/// The signals that a process ignores, from its status: the lowest bit is the first signal, which is the hangup.
fn ignored(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

/// The text of a file of the system.
///
/// # Errors
/// Where it cannot be read, or is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// Letters from `a` to `z` and `A` to `Z`, each as likely as any other, from the kernel's generator.
///
/// # Errors
/// Where the kernel gives no random bytes.
pub fn random_letters(count: usize) -> io::Result<String> {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = String::with_capacity(count);
    let mut bytes = [0; 256];
    while letters.len() < count {
        let filled = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
        // Bytes from 208 on would make the first letters more likely than the last.
        let fair = bytes[..filled].iter().filter(|byte| **byte < 208);
        letters.extend(fair.take(count - letters.len()).map(|byte| char::from(LETTERS[usize::from(*byte) % 52])));
    }
    Ok(letters)
}

/// 64 random bits from the kernel's generator.
///
/// # Errors
/// Where the kernel gives no random bytes.
pub fn random_bits() -> io::Result<i64> {
    let mut bytes = [0; 8];
    let mut filled = 0;
    while filled < bytes.len() {
        filled += rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty())?;
    }
    Ok(i64::from_ne_bytes(bytes))
}

/// The numbers of this process, by name: itself, its parent, its users and groups, and the size of a page of memory.
pub fn process_numbers() -> [(&'static str, i64); 7] {
    use rustix::process::{getegid, geteuid, getgid, getpid, getppid, getuid};
    let parent = getppid().map_or(0, |it| i64::from(it.as_raw_nonzero().get()));
    [
        ("pid", i64::from(getpid().as_raw_nonzero().get())),
        ("ppid", parent),
        ("uid", i64::from(getuid().as_raw())),
        ("euid", i64::from(geteuid().as_raw())),
        ("gid", i64::from(getgid().as_raw())),
        ("egid", i64::from(getegid().as_raw())),
        ("page_size", i64::try_from(rustix::param::page_size()).unwrap_or(i64::MAX)),
    ]
}

/// Whether the machine is virtual, as far as its processors and its firmware say so.
///
/// # Errors
/// Where the processors cannot be read.
pub fn is_virtual() -> io::Result<bool> {
    const PRODUCTS: [&str; 8] =
        ["KVM", "QEMU", "VMware", "VirtualBox", "Bochs", "Virtual Machine", "Xen", "Google Compute Engine"];
    let processors = read_text(Path::new("/proc/cpuinfo"))?;
    let flags = processors.lines().filter(|line| line.starts_with("flags")).flat_map(str::split_whitespace);
    let hypervisor = flags.into_iter().any(|flag| flag == "hypervisor");
    let product = read_text(Path::new("/sys/class/dmi/id/product_name")).unwrap_or_default();
    Ok(hypervisor || Path::new("/proc/xen").exists() || PRODUCTS.iter().any(|it| product.contains(it)))
}

/// Replaces the text of a file atomically; its mode and owner stay.
///
/// # Errors
/// Where it cannot be written; the file is as it was then.
pub fn replace_text(path: &Path, text: &str) -> Result<(), resource::Error> {
    let path = std::path::absolute(path).map_err(resource::host::file_error("find", path))?;
    let nothing = crate::Backups::new(std::env::temp_dir(), crate::BackupBounds::default());
    let files = crate::LinuxFiles::new(std::sync::Arc::new(nothing));
    files.write(&path, &NewFile { backup: false, ..NewFile::new(Content::Bytes(text.into())) })?;
    files.sync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_letters_are_as_many_as_wanted_and_never_the_same() -> io::Result<()> {
        let (a, b) = (random_letters(300)?, random_letters(300)?);
        assert!(a.len() == 300 && a.bytes().all(|byte| byte.is_ascii_alphabetic()) && a != b);
        assert_eq!(random_letters(0)?, "");
        Ok(())
    }

    #[test]
    fn the_signals_that_a_process_ignores_are_in_its_status() {
        assert_eq!(ignored("Name:\tstead\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"), Some(0x1001));
        assert_eq!(ignored("Name:\tstead\n"), None);
    }
}
