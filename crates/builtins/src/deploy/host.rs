//! `deploy.binary_path`, `deploy.bootstrap_packages`: what a new host needs to run a program.

use macros::builtin;
use schema::Source;
use value::{Failure, Str};

/// The path of the program that runs: stead itself.
///
/// ```mcl
/// import "deploy"
///
/// file "/usr/local/bin/stead" {
/// 	source => deploy.binary_path(),
/// 	mode => "u=rwx,go=rx",
/// }
/// ```
#[builtin(module = "deploy", since = "0.1", result = Str)]
fn binary_path() -> Source {
    Source::Executable
}

/// The packages that mgmt, whose programs run here too, needs on a distribution.
///
/// ```mcl
/// deploy.bootstrap_packages("fedora") # => ["augeas-devel", "libvirt-devel", "PackageKit"]
/// ```
#[builtin(module = "deploy", since = "0.1")]
fn bootstrap_packages(
    /// The distribution: `debian` or `fedora`.
    distro: &str,
) -> Result<Vec<String>, Failure> {
    let packages = match distro {
        "debian" => ["libaugeas-dev", "libvirt-dev", "packagekit-tools"],
        "fedora" => ["augeas-devel", "libvirt-devel", "PackageKit"],
        _ => return Err(Failure::fatal("missing distro")),
    };
    Ok(packages.map(str::to_owned).to_vec())
}
