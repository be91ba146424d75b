//! Understands `apt-get --simulate`: what would go.

/// The packages that a simulated run would remove or purge.
pub(super) fn removed(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("Remv ").or_else(|| line.strip_prefix("Purg ")));
    lines.filter_map(|rest| rest.split(' ').next()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_is_told_apart_from_what_comes() {
        let text = "\
Reading package lists...
The following packages will be REMOVED:
  old needy
Remv needy [1.0]
Remv old:i386 [1:1.0-2] [base:amd64 ]
Purg gone [1.0]
Inst new (2.0 local [all])
Conf new (2.0 local [all])
";
        assert_eq!(removed(text).collect::<Vec<_>>(), ["needy", "old:i386", "gone"]);
    }
}
