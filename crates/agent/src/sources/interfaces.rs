//! The network interfaces of the machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use value::{Failure, Value};

/// The interfaces in the order of their index.
pub(super) fn list() -> Result<Value, Failure> {
    let failed = |error: std::io::Error| Failure::fatal(format!("cannot list the network interfaces: {error}"));
    let mut addresses: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for interface in if_addrs::get_if_addrs().map_err(failed)? {
        let (ip, length) = match &interface.addr {
            if_addrs::IfAddr::V4(address) => (address.ip.to_string(), address.prefixlen),
            if_addrs::IfAddr::V6(address) => (address.ip.to_string(), address.prefixlen),
        };
        addresses.entry(interface.name).or_default().push(Value::str(format!("{ip}/{length}")));
    }
    let mut interfaces = Vec::new();
    for entry in fs::read_dir("/sys/class/net").map_err(failed)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let folder = entry.path();
        let index: u64 = attribute(&folder, "ifindex").parse().unwrap_or(u64::MAX);
        let flags = attribute(&folder, "flags");
        let flags = u64::from_str_radix(flags.trim_start_matches("0x"), 16).unwrap_or(0);
        let loopback = flags & IFF_LOOPBACK != 0;
        let mac = attribute(&folder, "address");
        let mac = if loopback { String::new() } else { mac };
        let wireless = folder.join("wireless").exists() || folder.join("phy80211").exists();
        let addresses = addresses.remove(&name).unwrap_or_default();
        let value = Value::structure([
            ("name", Value::str(name.as_str())),
            ("mac", Value::str(mac)),
            ("loopback", Value::Bool(loopback)),
            ("wireless", Value::Bool(wireless)),
            ("up", Value::Bool(flags & IFF_UP != 0)),
            ("addresses", Value::list(addresses)),
        ]);
        interfaces.push((index, name, value));
    }
    interfaces.sort();
    Ok(Value::list(interfaces.into_iter().map(|(_, _, value)| value)))
}

/// Bits of the kernel's interface flags.
const IFF_UP: u64 = 0x1;
const IFF_LOOPBACK: u64 = 0x8;

/// What the kernel says about an interface; empty where it says nothing.
fn attribute(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default().trim().to_owned()
}
