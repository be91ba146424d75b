//! File modes as users write them: octal, or assignments such as `u=rwx,go=rx`.

use std::fmt;

/// The permission bits that a mode can set.
pub(crate) const ALL_BITS: u32 = 0o7777;

/// A mode as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All bits.
    Octal(u32),
    /// For each assignment the bits it decides about, and those of them that it sets.
    Symbolic(Vec<(u32, u32)>),
}

/// Why a text is no mode.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ModeError {
    /// The number is not octal or has more than four digits that count.
    Octal,
    /// There is something other than `who=what`.
    NoAssignment,
    /// Bits are added or taken away instead of assigned.
    Relative,
    /// The same `who` twice.
    Repeated(char),
    /// There is no such permission or `who`.
    Unknown(char),
}

impl fmt::Display for ModeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModeError::Octal => f.write_str("the mode is not an octal number up to 7777"),
            ModeError::NoAssignment => f.write_str("the mode is neither octal nor assignments such as `u=rwx,go=rx`"),
            ModeError::Relative => f.write_str("`+` and `-` change a mode, they do not state one"),
            ModeError::Repeated(who) => write!(f, "the mode assigns to `{who}` twice"),
            ModeError::Unknown(letter) => {
                write!(f, "`{letter}` in the mode is none of `ugoa` before `=` or `rwxst` after it")
            }
        }
    }
}

impl Mode {
    /// Reads a mode.
    pub(crate) fn parse(text: &str) -> Result<Mode, ModeError> {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return match u32::from_str_radix(text, 8) {
                Ok(bits) if bits <= ALL_BITS => Ok(Mode::Octal(bits)),
                _ => Err(ModeError::Octal),
            };
        }
        let mut assignments = Vec::new();
        let mut seen = Vec::new();
        for assignment in text.split(',') {
            let (who, what) = match assignment.split_once('=') {
                Some(parts) => parts,
                None if assignment.contains(['+', '-']) => return Err(ModeError::Relative),
                None => return Err(ModeError::NoAssignment),
            };
            if who.contains(['+', '-']) || what.contains(['+', '-']) {
                return Err(ModeError::Relative);
            }
            let mut decided = 0;
            for letter in if who.is_empty() { "a" } else { who }.chars() {
                if seen.contains(&letter) {
                    return Err(ModeError::Repeated(letter));
                }
                seen.push(letter);
                decided |= bits_of_who(letter).ok_or(ModeError::Unknown(letter))?;
            }
            let mut set = 0;
            for letter in what.chars() {
                set |= bits_of_what(letter).ok_or(ModeError::Unknown(letter))?;
            }
            assignments.push((decided, set & decided));
        }
        Ok(Mode::Symbolic(assignments))
    }

    /// The bits of a file that has `current` now.
    pub(crate) fn bits(&self, current: u32) -> u32 {
        match self {
            Mode::Octal(bits) => *bits,
            Mode::Symbolic(assignments) => {
                assignments.iter().fold(current & ALL_BITS, |bits, (decided, set)| (bits & !decided) | set)
            }
        }
    }
}

fn bits_of_who(letter: char) -> Option<u32> {
    match letter {
        'u' => Some(0o4700),
        'g' => Some(0o2070),
        'o' => Some(0o1007),
        'a' => Some(ALL_BITS),
        _ => None,
    }
}

fn bits_of_what(letter: char) -> Option<u32> {
    match letter {
        'r' => Some(0o444),
        'w' => Some(0o222),
        'x' => Some(0o111),
        's' => Some(0o6000),
        't' => Some(0o1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str, current: u32) -> Result<u32, ModeError> {
        Mode::parse(text).map(|mode| mode.bits(current))
    }

    #[test]
    fn an_octal_mode_says_all_twelve_bits() {
        assert_eq!(bits("644", 0o7777), Ok(0o644));
        assert_eq!(bits("04755", 0), Ok(0o4755));
        assert_eq!(bits("10000", 0), Err(ModeError::Octal));
        assert_eq!(bits("0888", 0), Err(ModeError::Octal));
    }

    #[test]
    fn assignments_leave_what_they_do_not_name() {
        assert_eq!(bits("u=rwx,g=rx", 0o004), Ok(0o754));
        assert_eq!(bits("go=", 0o777), Ok(0o700));
        assert_eq!(bits("=rx", 0o4777), Ok(0o555));
    }

    #[test]
    fn special_bits_go_with_those_they_belong_to() {
        assert_eq!(bits("u=rwxs,g=rx", 0), Ok(0o4750));
        assert_eq!(bits("g=xs", 0), Ok(0o2010));
        assert_eq!(bits("a=rwxt", 0), Ok(0o1777));
        assert_eq!(bits("u=rt", 0), Ok(0o400));
    }

    #[test]
    fn what_is_not_a_statement_is_refused() {
        assert_eq!(bits("u+x", 0), Err(ModeError::Relative));
        assert_eq!(bits("u=r,u=w", 0), Err(ModeError::Repeated('u')));
        assert_eq!(bits("u=z", 0), Err(ModeError::Unknown('z')));
        assert_eq!(bits("rw", 0), Err(ModeError::NoAssignment));
        assert_eq!(bits("", 0), Err(ModeError::NoAssignment));
    }
}
