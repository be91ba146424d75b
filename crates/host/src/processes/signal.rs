//! Names of signals.

use resource::host::SIGNALS;
use rustix::process::Signal;

/// The signal of a name such as `SIGTERM`.
pub(super) fn by_name(name: &str) -> Option<Signal> {
    let index = SIGNALS.iter().position(|known| *known == name)?;
    Signal::from_named_raw(i32::try_from(index).ok()? + 1)
}

/// The name of a signal.
pub(super) fn name_of(number: i32) -> String {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let known = index.and_then(|index| SIGNALS.get(index));
    known.map_or_else(|| format!("signal {number}"), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_its_name() {
        for name in SIGNALS {
            assert_eq!(by_name(name).map(|signal| name_of(signal.as_raw())).as_deref(), Some(name));
        }
        let known = [(Signal::TERM, "SIGTERM"), (Signal::STKFLT, "SIGSTKFLT"), (Signal::POWER, "SIGPWR")];
        for (signal, name) in known {
            assert_eq!(by_name(name), Some(signal));
        }
        assert_eq!((by_name("SIGRTMIN"), name_of(34).as_str()), (None, "signal 34"));
    }
}
