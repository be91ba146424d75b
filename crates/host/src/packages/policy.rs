//! Understands `apt-cache policy`: which versions there are, and which would be installed.

use rustc_hash::FxHashMap;

/// What the repositories have of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Policy {
    /// The version that would be installed.
    pub(super) candidate: Option<String>,
    /// All versions that repositories have, the newest first.
    pub(super) available: Vec<String>,
}

/// Understands the output for several packages, in the language of programmers (`LC_ALL=C`).
pub(super) fn parse(text: &str) -> FxHashMap<String, Policy> {
    let mut policies = FxHashMap::default();
    let mut current: Option<(String, Policy)> = None;
    let mut version = None;
    for line in text.lines() {
        if !line.starts_with(' ') {
            policies.extend(current.take());
            current = line.strip_suffix(':').map(|name| (name.to_owned(), Policy::default()));
            version = None;
            continue;
        }
        let Some((_, policy)) = &mut current else { continue };
        if let Some(candidate) = line.trim_start().strip_prefix("Candidate: ") {
            policy.candidate = Some(candidate.to_owned()).filter(|candidate| candidate != "(none)");
        } else if let Some(row) = version_row(line) {
            version = Some(row);
        } else if line.starts_with("        ") && !line.ends_with("/dpkg/status") {
            // A source of the version above; what is merely installed is no source.
            policy.available.extend(version.take().map(str::to_owned));
        }
    }
    policies.extend(current);
    policies
}

/// ` *** 1.2-3 500` or `     1.2-3 500`
fn version_row(line: &str) -> Option<&str> {
    let row = line.strip_prefix(" *** ").or_else(|| line.strip_prefix("     "))?;
    if row.starts_with(' ') {
        return None;
    }
    row.split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_repositories() {
        let policies = parse(
            "\
hello:
  Installed: 1.0
  Candidate: 2.10-3
  Version table:
     2.10-3 500
        500 http://deb.example.org/debian bookworm/main amd64 Packages
        500 http://other.example.org/debian bookworm/main amd64 Packages
 *** 1.0 100
        100 /var/lib/dpkg/status
     0.9 500
        500 file:/srv/apt ./ Packages
virtual:
  Installed: (none)
  Candidate: (none)
  Version table:
",
        );
        let hello = &policies["hello"];
        assert_eq!(hello.candidate.as_deref(), Some("2.10-3"));
        assert_eq!(hello.available, ["2.10-3", "0.9"]);
        assert_eq!(policies["virtual"], Policy::default());
        assert_eq!(policies.len(), 2);
    }
}
