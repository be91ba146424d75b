//! Sources that are facts about the machine.

use super::{Outlet, Surroundings, fatal, interfaces};
use resource::Watch;
use schema::Fact;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::sleep;
use value::{Failure, Value};

/// Where os-release is, the first that exists.
const OS_RELEASE: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

pub(super) async fn follow(around: &Surroundings, fact: Fact, outlet: &Outlet) {
    match fact {
        Fact::Hostname => on_change(around, &["/etc/hostname"], outlet, hostname).await,
        Fact::Load => every(Duration::from_secs(5), outlet, load).await,
        Fact::Uptime => every(Duration::from_secs(1), outlet, uptime).await,
        // The kernel's file system for processors has no events that inotify sees.
        Fact::CpuCount => every(Duration::from_secs(5), outlet, cpu_count).await,
        Fact::KernelModules => every(Duration::from_secs(5), outlet, kernel_modules).await,
        Fact::OsRelease => on_change(around, &OS_RELEASE, outlet, os_release).await,
        Fact::Virtual => {
            outlet.send(host::is_virtual().map(Value::Bool).map_err(|error| Failure::fatal(error.to_string())));
        }
        Fact::Interfaces => every(Duration::from_secs(1), outlet, interfaces::list).await,
    }
}

async fn every(period: Duration, outlet: &Outlet, read: impl Fn() -> Result<Value, Failure>) {
    loop {
        outlet.send(read());
        sleep(period).await;
    }
}

async fn on_change(around: &Surroundings, paths: &[&str], outlet: &Outlet, read: impl Fn() -> Result<Value, Failure>) {
    let watches = paths.iter().map(|path| Watch::Path(path.into())).collect();
    let signal = around.signals.watch(watches).await;
    loop {
        outlet.send(read());
        signal.settled().await;
    }
}

/// The content of a file of the kernel.
fn kernel(path: &str) -> Result<String, Failure> {
    host::read_text(path.as_ref()).map_err(|error| Failure::fatal(format!("cannot read `{path}`: {error}")))
}

fn hostname() -> Result<Value, Failure> {
    Ok(Value::str(kernel("/proc/sys/kernel/hostname")?.trim_end()))
}

fn load() -> Result<Value, Failure> {
    let text = kernel("/proc/loadavg")?;
    let mut numbers = text.split_whitespace().map_while(|it| it.parse().ok()).map(Value::Float);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(x1), Some(x5), Some(x15)) => Ok(Value::structure([("x1", x1), ("x5", x5), ("x15", x15)])),
        _ => Err(Failure::fatal("`/proc/loadavg` does not hold three numbers")),
    }
}

fn uptime() -> Result<Value, Failure> {
    let text = kernel("/proc/uptime")?;
    let seconds = text.split('.').next().and_then(|it| it.parse().ok());
    seconds.map(Value::Int).ok_or_else(|| Failure::fatal("`/proc/uptime` does not hold a number"))
}

fn cpu_count() -> Result<Value, Failure> {
    let text = kernel("/sys/devices/system/cpu/online")?;
    let mut count = 0;
    for range in text.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (first.parse::<i64>(), last.parse::<i64>()) {
            (Ok(first), Ok(last)) if first <= last => count += last - first + 1,
            _ => return Err(Failure::fatal(format!("`{text}` is no list of processors"))),
        }
    }
    Ok(Value::Int(count))
}

fn kernel_modules() -> Result<Value, Failure> {
    let text = kernel("/proc/modules")?;
    let mut names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    Ok(Value::list(names.into_iter().map(Value::str)))
}

fn os_release() -> Result<Value, Failure> {
    for path in OS_RELEASE {
        if let Ok(text) = host::read_text(path.as_ref()) {
            return Ok(Value::map(
                entries(&text).into_iter().map(|(name, value)| (Value::str(name), Value::str(value))),
            ));
        }
    }
    fatal("ParseOSRelease failed: No content available from os-release files")
}

/// The assignments of an os-release file.
fn entries(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), unquoted(value))).collect()
}

/// A value of a shell assignment: without its quotes, and without the backslashes that protect something.
fn unquoted(value: &str) -> String {
    let quoted = value.len() >= 2 && value.starts_with(['"', '\'']) && value.ends_with(&value[..1]);
    let inner = if quoted { &value[1..value.len() - 1] } else { value };
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' if !value.starts_with('\'') => text.extend(characters.next()),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_os_release_lose_their_quotes_and_keep_their_equals_signs() {
        let read = entries("ID=debian\n# A comment\nURL=\"https://a/?x=1\"\nNAME='It \\ is'\nQ=\"a\\\"b\"\nE=\n");
        assert_eq!(read["ID"], "debian");
        assert_eq!(read["URL"], "https://a/?x=1");
        assert_eq!(read["NAME"], "It \\ is");
        assert_eq!(read["Q"], "a\"b");
        assert_eq!(read["E"], "");
    }
}
