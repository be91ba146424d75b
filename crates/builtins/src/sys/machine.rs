//! `sys.hostname`, `sys.load`, `sys.uptime`, `sys.cpu_count`: numbers about the machine.

use macros::builtin;
use schema::{Fact, Source};

/// The host name that the machine has; it follows the machine.
///
/// `$hostname` is the name by which the agent is known, which need not be the same.
///
/// ```mcl
/// import "sys"
///
/// file "/etc/motd" {
/// 	content => "welcome to " + sys.hostname() + "\n",
/// }
/// ```
#[builtin(module = "sys", since = "0.1", result = String)]
fn hostname() -> Source {
    Source::Fact(Fact::Hostname)
}

/// The load averages of the last 1, 5 and 15 minutes; they change every five seconds.
///
/// ```mcl
/// import "sys"
///
/// $busy = sys.load()->x1 > 4.0
/// ```
#[builtin(module = "sys", since = "0.1", signature = "func() struct{x1 float; x5 float; x15 float}")]
fn load() -> Source {
    Source::Fact(Fact::Load)
}

/// How many seconds ago the machine was started; it changes every second.
///
/// ```mcl
/// import "sys"
///
/// $fresh = sys.uptime() < 600
/// ```
#[builtin(module = "sys", since = "0.1", result = i64)]
fn uptime() -> Source {
    Source::Fact(Fact::Uptime)
}

/// How many processors are online; it follows the machine.
///
/// ```mcl
/// import "sys"
///
/// $workers = sys.cpu_count() * 2
/// ```
#[builtin(module = "sys", since = "0.1", result = i64)]
fn cpu_count() -> Source {
    Source::Fact(Fact::CpuCount)
}
