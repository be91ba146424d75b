//! `os.home`, `os.expand_home`, `os.uid`, `os.user_exists`: accounts.

use macros::{Structure, builtin};
use schema::{CallSite, Source};
use value::{Failure, FromValue, Str, Value};

/// An account, as [`Source::Account`] sends it.
#[derive(Structure)]
struct Account {
    /// Whether there is one.
    found: bool,
    /// Its name.
    name: String,
    /// Its number.
    uid: i64,
    /// The number of its group.
    gid: i64,
    /// Its home.
    home: String,
}

/// The home of an account; it ends in `/`.
///
/// ```mcl
/// import "os"
///
/// $bashrc = os.home("root") + ".bashrc"
/// ```
#[builtin(module = "os", since = "0.1", result = String, read = home_of)]
fn home(
    /// The name of the account.
    user: &Str,
) -> Source {
    Source::Account(user.clone())
}

fn home_of(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let mut home = existing(arguments, &sent)?.home;
    if !home.ends_with('/') {
        home.push('/');
    }
    Ok(Value::str(home))
}

/// The number of an account, as text.
///
/// ```mcl
/// import "os"
///
/// $uid = os.uid("root")
/// ```
#[builtin(module = "os", since = "0.1", result = String, read = uid_of)]
fn uid(
    /// The name of the account.
    user: &Str,
) -> Source {
    Source::Account(user.clone())
}

fn uid_of(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    Ok(Value::str(existing(arguments, &sent)?.uid.to_string()))
}

/// Whether there is an account.
///
/// ```mcl
/// import "os"
///
/// if os.user_exists("alice") {
/// 	print "hello alice" {}
/// }
/// ```
#[builtin(module = "os", since = "0.1", result = bool, read = is_found)]
fn user_exists(
    /// The name of the account.
    user: &Str,
) -> Source {
    Source::Account(user.clone())
}

fn is_found(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    Ok(Value::Bool(account(&sent)?.found))
}

/// A path with `~/` or `~name/` replaced by the home of an account.
///
/// `~/` at the beginning is the home of the account that the agent runs as. Other paths stay as they are.
///
/// ```mcl
/// import "os"
///
/// $profile = os.expand_home("~/.profile")
/// ```
#[builtin(module = "os", since = "0.1", result = Str, read = expanded)]
fn expand_home(
    /// The path.
    path: &Str,
) -> Source {
    match user_of(path) {
        Some((user, _)) => Source::Account(user.into()),
        None => Source::Once(Value::Str(path.clone())),
    }
}

fn expanded(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let path = arguments.first().and_then(Value::as_str).cloned().unwrap_or_default();
    let Some((user, rest)) = user_of(&path) else { return Ok(sent) };
    let account = account(&sent)?;
    if !account.found {
        let name = String::from_utf8_lossy(user);
        let which = if user.is_empty() { "~".to_owned() } else { format!("~{name}/") };
        return Err(Failure::fatal(format!("can't expand {which} into home directory")));
    }
    let home = account.home.trim_end_matches('/');
    Ok(Value::str([home.as_bytes(), b"/", rest].concat()))
}

/// The account that a path begins with, empty for `~/`, and what follows the slash.
fn user_of(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = path.strip_prefix(b"~")?;
    let at = rest.iter().position(|&byte| byte == b'/')?;
    Some((&rest[..at], &rest[at + 1..]))
}

fn account(sent: &Value) -> Result<Account, Failure> {
    Ok(Account::from_value(sent)?)
}

fn existing(arguments: &[Value], sent: &Value) -> Result<Account, Failure> {
    let account = account(sent)?;
    if account.found {
        return Ok(account);
    }
    let name = arguments.first().map(Value::to_text).unwrap_or_default();
    Err(Failure::fatal(format!("user: unknown user {name}")))
}
