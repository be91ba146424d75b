//! `net.cidr_to_ip` and its like: the parts of an address with a prefix length.
//!
//! What is IPv4 written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4.

use super::address::Prefix;
use core::net::IpAddr;
use macros::builtin;
use value::Failure;

/// The address of an address with a prefix length.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.cidr_to_ip("192.0.2.5/24") # => "192.0.2.5"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_ip(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    Ok(parse(a)?.address.to_canonical().to_string())
}

/// The prefix length of an address with one, as text.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.cidr_to_prefix("192.0.2.5/24") # => "24"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_prefix(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    Ok(parse(a)?.length.to_string())
}

/// The mask of an address with a prefix length.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.cidr_to_mask("192.0.2.5/24") # => "255.255.255.0"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_mask(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    Ok(parse(a)?.mask().to_string())
}

/// The network of an address with a prefix length.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.cidr_to_network("192.0.2.5/24") # => "192.0.2.0/24"
/// ```
#[builtin(module = "net", since = "0.1")]
fn cidr_to_network(
    /// The address with its prefix length.
    a: &str,
) -> Result<String, Failure> {
    let prefix = parse(a)?;
    Ok(Prefix { address: prefix.network(), ..prefix }.to_string())
}

/// Whether an address is in a network.
///
/// `<|>` catches what is no address or no network.
///
/// ```mcl
/// net.ip_in_cidr("192.0.2.77", "192.0.2.0/24") # => true
/// net.ip_in_cidr("198.51.100.1", "192.0.2.0/24") # => false
/// ```
#[builtin(module = "net", since = "0.1")]
fn ip_in_cidr(
    /// The address.
    ip: &str,
    /// The network.
    cidr: &str,
) -> Result<bool, Failure> {
    let address: IpAddr = ip.parse().map_err(|_| Failure::catchable(format!("invalid IP: {ip}")))?;
    Ok(parse(cidr)?.contains(address.to_canonical()))
}

/// Reads an address with a prefix length, blanks around it left out.
fn parse(text: &str) -> Result<Prefix, Failure> {
    let text = text.trim();
    let invalid = || Failure::catchable(format!("invalid CIDR address: {text}"));
    let (address, length) = text.split_once('/').ok_or_else(invalid)?;
    let address: IpAddr = address.parse().map_err(|_| invalid())?;
    let prefix = Prefix { address, length: length.parse().map_err(|_| invalid())? };
    // Rust's numbers may begin with a sign, a prefix length may not.
    if length.starts_with('+') || prefix.length > prefix.width() {
        return Err(invalid());
    }
    Ok(prefix.unmapped())
}
