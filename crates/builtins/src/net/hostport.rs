//! `net.split_hostport`: a host and its port.

use macros::{Structure, builtin};
use value::{Failure, Str};

/// The two parts of an address.
#[derive(Structure)]
struct HostPort {
    /// The host, without brackets.
    host: Str,
    /// The port: a number, a name, or empty.
    port: Str,
}

/// The host and the port of an address: `host:80`, `[::1]:http`, `:80`.
///
/// `<|>` catches what has no port.
///
/// ```mcl
/// net.split_hostport("[::1]:80") # => struct{host: "::1"; port: "80"}
/// net.split_hostport("example.com:http")->host # => "example.com"
/// ```
#[builtin(module = "net", since = "0.1")]
fn split_hostport(
    /// The address.
    address: &Str,
) -> Result<HostPort, Failure> {
    split(address).map_err(|why| {
        let subject = if address.is_empty() { String::new() } else { format!("address {address}: ") };
        Failure::catchable(format!("error parsing the input: {subject}{why}"))
    })
}

fn split(address: &[u8]) -> Result<HostPort, &'static str> {
    const MISSING_PORT: &str = "missing port in address";
    const TOO_MANY_COLONS: &str = "too many colons in address";

    let colon = address.iter().rposition(|&byte| byte == b':').ok_or(MISSING_PORT)?;
    let (host, brackets) = if address[0] == b'[' {
        let end = address.iter().position(|&byte| byte == b']').ok_or("missing ']' in address")?;
        match address.get(end + 1) {
            None => return Err(MISSING_PORT),
            Some(b':') if end + 1 == colon => {}
            Some(b':') => return Err(TOO_MANY_COLONS),
            Some(_) => return Err(MISSING_PORT),
        }
        (&address[1..end], end + 1)
    } else {
        let host = &address[..colon];
        if host.contains(&b':') {
            return Err(TOO_MANY_COLONS);
        }
        (host, 0)
    };
    // A bracket of its own, beside those around the host.
    let after_opening = &address[usize::from(brackets > 0)..];
    if after_opening.contains(&b'[') {
        return Err("unexpected '[' in address");
    }
    if address[brackets..].contains(&b']') {
        return Err("unexpected ']' in address");
    }
    Ok(HostPort { host: host.into(), port: (&address[colon + 1..]).into() })
}
