//! What apt and dpkg say, and what of it people have to know.

use resource::Error;
use resource::host::Captured;

/// How many lines of what a tool says go into an error.
const MOST_LINES: usize = 8;

/// How many lines of what a script of a package says go into an error.
const MOST_SCRIPT_LINES: usize = 3;

/// How lines begin that only tell how the work goes on.
const PROGRESS: &[&str] = &[
    "(Reading database",
    "After this operation",
    "Building dependency",
    "Errors were encountered",
    "Fetched ",
    "Get:",
    "Need to get",
    "Preparing to",
    "Processing triggers",
    "Purging ",
    "Reading ",
    "Removing ",
    "Selecting ",
    "Setting up",
    "The following",
    "Unpacking ",
    "debconf: ",
    "dpkg: error",
    "dpkg: too many",
];

/// Everything that a tool said.
pub(super) fn said(captured: &Captured) -> String {
    String::from_utf8_lossy(captured.output.as_deref().unwrap_or_default()).into_owned()
}

/// What is said about package lists that could not be fetched.
pub(super) fn unfetched(said: &str) -> impl Iterator<Item = &str> {
    said.lines().filter_map(|line| line.strip_prefix("W: ").filter(|rest| rest.starts_with("Failed to fetch")))
}

/// The error of a tool, with the lines of its output that say why.
pub(super) fn failure(what: &str, captured: &Captured) -> Error {
    let said = said(captured);
    let mut message = what.to_owned();
    for line in reasons(&said) {
        message.push_str("\n  ");
        message.push_str(&line);
    }
    if said.contains("--allow-downgrades") {
        message.push_str("\n  (`allowdowngrade` would allow it)");
    } else if said.contains("--allow-unauthenticated") || said.contains("could not be authenticated") {
        message.push_str("\n  (`allowuntrusted` would allow it)");
    } else if said.contains("can't find an archive for it") {
        message.push_str("\n  (`dpkg --remove --force-remove-reinstreq` with its name takes it away)");
    }
    Error::Failed(message)
}

/// The lines that say why: of apt, and for each package of which dpkg complains what a script of it said last.
fn reasons(said: &str) -> Vec<String> {
    let lines: Vec<&str> = said.lines().collect();
    let mut reasons = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("dpkg: error") {
            let above = lines[..at].iter().rev().take_while(|line| is_of_script(line)).take(MOST_SCRIPT_LINES);
            let mut above: Vec<String> = above.map(|line| line.trim().to_owned()).collect();
            above.reverse();
            let next = lines.get(at + 1).filter(|next| next.starts_with(' '));
            let next = next.map(|next| format!(" {}", next.trim())).unwrap_or_default();
            reasons.push(format!("{}{next}", line.trim()));
            reasons.extend(above.into_iter().map(|line| format!("  {line}")));
        } else if let Some(text) = line.strip_prefix("E: ") {
            // What dpkg said itself says more.
            if !(text.starts_with("Sub-process") && said.contains("dpkg: error")) {
                reasons.push(text.to_owned());
            }
        } else if line.starts_with("Err:") || line.contains(" : Depends:") {
            reasons.push(line.trim().to_owned());
        }
    }
    if reasons.is_empty() {
        let last = lines.iter().rev().filter(|line| !line.trim().is_empty()).take(3);
        reasons.extend(last.map(|line| line.trim().to_owned()));
        reasons.reverse();
    }
    reasons.truncate(MOST_LINES);
    reasons
}

/// Whether a line can be one that a script of a package wrote.
fn is_of_script(line: &str) -> bool {
    let is_count = line.starts_with(|first: char| first.is_ascii_digit()) && line.contains(" upgraded, ");
    !line.trim().is_empty()
        && !line.starts_with(' ')
        && !is_count
        && !PROGRESS.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_script_is_told_with_what_it_said() {
        let said = "\
Reading package lists...
0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.
Setting up other (1.0) ...
Setting up web (1.0) ...
the port 80 is taken
dpkg: error processing package web (--configure):
 installed web package post-installation script subprocess returned error exit status 7
Errors were encountered while processing:
 web
E: Sub-process /usr/bin/dpkg returned an error code (1)
";
        let want = [
            "dpkg: error processing package web (--configure): installed web package post-installation script subprocess \
             returned error exit status 7",
            "  the port 80 is taken",
        ];
        assert_eq!(reasons(said), want);
    }

    #[test]
    fn what_apt_says_itself_is_told_and_otherwise_the_last_lines() {
        let said =
            "The following packages have unmet dependencies:\n a : Depends: b but it is not installable\nE: Held.\n";
        assert_eq!(reasons(said), ["a : Depends: b but it is not installable", "Held."]);
        assert_eq!(reasons("one\n\ntwo\nthree\nfour\n"), ["two", "three", "four"]);
    }

    #[test]
    fn lists_that_could_not_be_fetched_are_found_among_warnings() {
        let said =
            "W: Failed to fetch http://a/InRelease  Could not connect\nW: Some index files failed to download.\n";
        assert_eq!(unfetched(said).collect::<Vec<_>>(), ["Failed to fetch http://a/InRelease  Could not connect"]);
    }
}
