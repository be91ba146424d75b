//! `os.family`, `os.is_family_redhat` and its like: families of distributions, told by a file that each has.

use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, FromValue, Value};

const REDHAT: &str = "/etc/redhat-release";
const DEBIAN: &str = "/etc/debian_version";
const ARCHLINUX: &str = "/etc/arch-release";

/// The families, in the order in which they are tried.
const FAMILIES: [(&str, &str); 3] = [("redhat", REDHAT), ("debian", DEBIAN), ("archlinux", ARCHLINUX)];

/// The family of this machine's distribution: `redhat`, `debian`, `archlinux`, or empty.
///
/// ```mcl
/// import "os"
///
/// $package = if os.family() == $os.family_debian { "apache2" } else { "httpd" }
/// ```
#[builtin(module = "os", since = "0.1", result = String, read = first)]
fn family() -> Source {
    Source::FilesExist(FAMILIES.iter().map(|&(_, path)| path.into()).collect())
}

fn first(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let exist = Vec::<bool>::from_value(&sent)?;
    let found = FAMILIES.iter().zip(exist).find(|(_, exists)| *exists);
    Ok(Value::str(found.map_or("", |((name, _), _)| name)))
}

/// Whether this machine's distribution is Fedora, Red Hat or a relative.
///
/// ```mcl
/// import "os"
///
/// if os.is_family_redhat() {
/// 	pkg "httpd" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool)]
fn is_family_redhat() -> Source {
    Source::FileExists(REDHAT.into())
}

/// Whether this machine's distribution is Debian or a relative.
///
/// ```mcl
/// import "os"
///
/// if os.is_family_debian() {
/// 	pkg "apache2" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool)]
fn is_family_debian() -> Source {
    Source::FileExists(DEBIAN.into())
}

/// Whether this machine's distribution is Arch Linux or a relative.
///
/// ```mcl
/// import "os"
///
/// if os.is_family_archlinux() {
/// 	pkg "apache" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool)]
fn is_family_archlinux() -> Source {
    Source::FileExists(ARCHLINUX.into())
}
