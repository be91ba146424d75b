//! `os.is_virtual`, `os.modinfo_loaded`: what the kernel runs on, and with.

use macros::builtin;
use schema::{CallSite, Fact, Source};
use value::{Failure, Mismatch, Value};

/// Whether this machine is a virtual one.
///
/// ```mcl
/// import "os"
///
/// if not os.is_virtual() {
/// 	pkg "smartmontools" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool)]
fn is_virtual() -> Source {
    Source::Fact(Fact::Virtual)
}

/// Whether a kernel module is loaded; it follows the kernel.
///
/// ```mcl
/// import "os"
///
/// $sound = os.modinfo_loaded("snd")
/// ```
#[builtin(module = "os", since = "0.1", result = bool, read = is_among)]
fn modinfo_loaded(
    /// The name of the module.
    _module: &str,
) -> Source {
    Source::Fact(Fact::KernelModules)
}

fn is_among(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let loaded = sent.as_list().ok_or_else(|| Mismatch::kind("list", &sent))?;
    Ok(Value::Bool(arguments.first().is_some_and(|name| loaded.contains(name))))
}
