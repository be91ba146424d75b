//! `world.kvlookup`: a value from each host.

use macros::builtin;
use schema::Source;
use std::collections::BTreeMap;
use value::{Failure, Str};

/// The texts that hosts published in a namespace, by host name; it follows the store.
///
/// ```mcl
/// import "map"
/// import "world"
///
/// $addresses = map.values(world.kvlookup("addresses"))
/// ```
#[builtin(module = "world", since = "0.1", result = BTreeMap<String, Str>)]
fn kvlookup(
    /// The namespace.
    namespace: &Str,
) -> Result<Source, Failure> {
    if namespace.is_empty() {
        return Err(Failure::fatal("can't use an empty namespace"));
    }
    Ok(Source::StoreMap(namespace.clone()))
}
