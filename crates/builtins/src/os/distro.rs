//! `os.release`, `os.parse_distro_uid`: which distribution it is.

use macros::{Structure, builtin};
use schema::{CallSite, Fact, Source};
use std::collections::BTreeMap;
use value::{Failure, FromValue, ToValue, Value};

/// What `/etc/os-release` says.
#[derive(Structure)]
struct Release {
    /// The distribution.
    id: String,
    /// The variant of the distribution.
    variant_id: String,
    /// The version of the distribution.
    version_id: String,
}

/// The distribution of this machine, its variant and its version.
///
/// What is not known is empty.
///
/// ```mcl
/// import "os"
///
/// $old = os.release()->id == "debian" and os.release()->version_id == "11"
/// ```
#[builtin(
    module = "os",
    since = "0.1",
    signature = "func() struct{id str; variant_id str; version_id str}",
    read = known
)]
fn release() -> Source {
    Source::Fact(Fact::OsRelease)
}

fn known(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let mut entries = BTreeMap::<String, String>::from_value(&sent)?;
    let mut take = |name: &str| entries.remove(name).unwrap_or_default();
    let (id, variant_id, version_id) = (take("ID"), take("VARIANT_ID"), take("VERSION_ID"));
    Ok(Release { id, variant_id, version_id }.to_value())
}

/// The parts of a name such as `fedora39-x86_64`.
#[derive(Structure)]
struct Distro {
    /// The distribution.
    distro: String,
    /// The version.
    version: String,
    /// The architecture.
    arch: String,
}

/// The distribution, the version and the architecture that a name such as `fedora39-x86_64` holds.
///
/// Where one is missing, all are empty.
///
/// ```mcl
/// os.parse_distro_uid("fedora39-x86_64") # => struct{distro: "fedora"; version: "39"; arch: "x86_64"}
/// os.parse_distro_uid("fedora") # => struct{distro: ""; version: ""; arch: ""}
/// ```
#[builtin(module = "os", since = "0.1")]
fn parse_distro_uid(
    /// The name.
    uid: &str,
) -> Distro {
    let (name, arch) = uid.split_once('-').unwrap_or_default();
    let distro = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let version = &name[distro.len()..];
    if distro.is_empty() || version.is_empty() || arch.is_empty() {
        return Distro { distro: String::new(), version: String::new(), arch: String::new() };
    }
    Distro { distro: distro.to_owned(), version: version.to_owned(), arch: arch.to_owned() }
}
