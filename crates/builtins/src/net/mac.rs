//! `net.is_mac`, `net.macfmt`, `net.oldmacfmt`: hardware addresses of 48 bits.

use macros::builtin;
use value::Failure;

/// How long a hardware address is: six groups of two digits and what separates them.
const LENGTH: usize = 17;

/// Whether a text is a hardware address in its usual form: lower case, with colons.
///
/// ```mcl
/// net.is_mac("00:16:3e:0a:0b:0c") # => true
/// net.is_mac("00-16-3E-0A-0B-0C") # => false
/// ```
#[builtin(module = "net", since = "0.1")]
fn is_mac(
    /// The text.
    a: &str,
) -> bool {
    is_hardware_address(a.as_bytes(), b':') && !a.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// A hardware address in its usual form: lower case, with colons.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.macfmt("00-16-3E-0A-0B-0C") # => "00:16:3e:0a:0b:0c"
/// ```
#[builtin(module = "net", since = "0.1")]
fn macfmt(
    /// The address, in either case, with colons or hyphens.
    a: &str,
) -> Result<String, Failure> {
    normal(a)
}

/// A hardware address with hyphens, in lower case.
///
/// `<|>` catches what is none.
///
/// ```mcl
/// net.oldmacfmt("00:16:3E:0A:0B:0C") # => "00-16-3e-0a-0b-0c"
/// ```
#[builtin(module = "net", since = "0.1")]
fn oldmacfmt(
    /// The address, in either case, with colons or hyphens.
    a: &str,
) -> Result<String, Failure> {
    normal(a).map(|address| address.replace(':', "-"))
}

fn normal(text: &str) -> Result<String, Failure> {
    let bytes = text.as_bytes();
    if bytes.len() != LENGTH {
        return Err(Failure::catchable(format!("invalid MAC address length: {text}")));
    }
    if !is_hardware_address(bytes, b':') && !is_hardware_address(bytes, b'-') {
        return Err(Failure::catchable(format!("address {text}: invalid MAC address")));
    }
    Ok(text.to_ascii_lowercase().replace('-', ":"))
}

fn is_hardware_address(bytes: &[u8], separator: u8) -> bool {
    let fits = |(at, byte): (usize, &u8)| if at % 3 == 2 { *byte == separator } else { byte.is_ascii_hexdigit() };
    bytes.len() == LENGTH && bytes.iter().enumerate().all(fits)
}
