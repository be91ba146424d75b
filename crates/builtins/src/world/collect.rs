//! `world/collect.res`: what there is to collect.

use macros::{Structure, builtin};
use schema::{CallSite, Source};
use value::{Failure, FromValue, Str, ToValue, Value};

/// An exported resource, without what it holds.
#[derive(Structure)]
struct Exported {
    /// Its name.
    name: Str,
    /// The host that exports it.
    host: Str,
}

/// The names of all exported resources of a kind that are addressed to this host, sorted; it follows the store.
///
/// `collect` takes them, or some of them.
///
/// ```mcl
/// import "world/collect"
///
/// collect file collect.res("file") {}
/// ```
#[builtin(
    module = "world/collect",
    since = "0.1",
    signature = "func(kind str) []struct{name str; host str}",
    read = without_data
)]
fn res(
    /// The kind.
    kind: &Str,
) -> Result<Source, Failure> {
    if kind.is_empty() {
        return Err(Failure::fatal("resource kind is empty"));
    }
    Ok(Source::Exports { kind: kind.clone(), filter: None })
}

fn without_data(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let exported = Vec::<Exported>::from_value(&sent)?;
    Ok(exported.to_value())
}
