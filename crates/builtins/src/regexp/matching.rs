//! `regexp.match`: whether a pattern is in a text.

use crate::golang::regex::translate;
use macros::builtin;
use regex::bytes::Regex;
use std::cell::RefCell;
use value::{Failure, Str};

/// Whether a text has a part that a regular expression describes.
///
/// The expression may be anywhere in the text, unless it says otherwise with `^` and `$`. It is of the RE2 kind: no
/// references back, and no pattern takes exponential time.
///
/// ```mcl
/// regexp.match("^db\\d+\\.example\\.com$", "db7.example.com") # => true
/// regexp.match("(mgmt){2}", "mgmt") # => false
/// ```
#[builtin(module = "regexp", since = "0.1")]
fn r#match(
    /// The regular expression.
    pattern: &str,
    /// The text.
    s: &Str,
) -> Result<bool, Failure> {
    compiled(pattern).map(|regex| regex.is_match(s))
}

thread_local! {
    /// The pattern that was used last: in a program it is mostly the same one for many texts.
    static LAST: RefCell<Option<(String, Regex)>> = const { RefCell::new(None) };
}

fn compiled(pattern: &str) -> Result<Regex, Failure> {
    LAST.with_borrow_mut(|last| {
        if let Some((text, regex)) = last
            && text == pattern
        {
            return Ok(regex.clone());
        }
        let regex = compile(pattern)?;
        *last = Some((pattern.to_owned(), regex.clone()));
        Ok(regex)
    })
}

fn compile(pattern: &str) -> Result<Regex, Failure> {
    let translated = translate(pattern).map_err(|error| Failure::fatal(format!("pattern did not compile: {error}")))?;
    // What is left is a pattern too large to compile.
    Regex::new(&translated).map_err(|error| Failure::fatal(format!("pattern did not compile: {error}")))
}
