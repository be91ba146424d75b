//! `util.hostname_mapper`: a name for a machine, by its hardware.

use crate::net::interface::interfaces;
use macros::builtin;
use schema::{CallSite, Fact, Source};
use std::collections::{BTreeMap, BTreeSet};
use value::{Failure, FromValue, Value};

/// The name that a table has for one of this machine's hardware addresses; empty where it has none.
///
/// The addresses are in lower case with colons. Two names for one machine are an error.
///
/// ```mcl
/// import "util"
///
/// $name = util.hostname_mapper({
/// 	"00:16:3e:0a:0b:0c" => "web1",
/// 	"00:16:3e:0a:0b:0d" => "web2",
/// })
/// ```
#[builtin(module = "util", since = "0.1", result = String, read = name_of)]
fn hostname_mapper(
    /// Names by hardware address.
    _names: BTreeMap<String, String>,
) -> Source {
    Source::Fact(Fact::Interfaces)
}

fn name_of(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let [names] = arguments else { return Err(Failure::fatal("wrong number of arguments")) };
    let names = BTreeMap::<String, String>::from_value(names)?;
    let interfaces = interfaces(&sent)?;
    let found = interfaces.iter().filter(|it| !it.loopback).filter_map(|it| names.get(&it.mac));
    let found: BTreeSet<&str> = found.map(String::as_str).filter(|name| !name.is_empty()).collect();
    if found.len() > 1 {
        let names = Vec::from_iter(found).join(", ");
        return Err(Failure::fatal(format!("multiple hostnames found: {names}")));
    }
    Ok(Value::str(found.first().copied().unwrap_or_default()))
}
