//! `net.cidr_to_first`, `net.cidr_to_last`: addresses of a network.

use super::address::Prefix;
use core::net::IpAddr;
use macros::builtin;
use value::{Failure, quote};

/// The address that follows an address in its network.
///
/// Of a network, as in `192.0.2.0/24`, it is the first address of a host. `<|>` catches that there is none, and what is
/// no network.
///
/// ```mcl
/// net.cidr_to_first("192.0.2.0/24") # => "192.0.2.1"
/// net.cidr_to_first("192.0.2.7/32") <|> "none" # => "none"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_first(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    match parse(a)?.next() {
        Some(address) => Ok(address.to_string()),
        None => Err(Failure::catchable("no usable next address")),
    }
}

/// The last address of a network.
///
/// In IPv4 it is the broadcast address. `<|>` catches what is no network.
///
/// ```mcl
/// net.cidr_to_last("192.0.2.0/24") # => "192.0.2.255"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_last(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    Ok(parse(a)?.last().to_string())
}

/// Reads an address with a prefix length, more strictly than the functions that take one apart.
fn parse(text: &str) -> Result<Prefix, Failure> {
    let fail = |why: String| Failure::catchable(format!("netip.ParsePrefix({}): {why}", quote(text.as_bytes())));
    let (address, length) = text.rsplit_once('/').ok_or_else(|| fail("no '/'".to_owned()))?;
    let address: IpAddr =
        address.parse().map_err(|_| fail(format!("ParseAddr({}): unable to parse IP", quote(address.as_bytes()))))?;
    let digits_only = length.bytes().all(|byte| byte.is_ascii_digit());
    let bad_bits = !digits_only || length.is_empty() || length.len() > 1 && length.starts_with('0');
    if bad_bits {
        return Err(fail(format!("bad bits after slash: {}", quote(length.as_bytes()))));
    }
    let prefix = Prefix { address, length: length.parse().unwrap_or(u32::MAX) };
    if prefix.length > prefix.width() {
        return Err(fail("prefix length out of range".to_owned()));
    }
    Ok(prefix)
}
