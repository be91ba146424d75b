//! `net.url_parser`: the parts of a URL.
//!
//! By hand, after RFC 3986 as Go's `net/url` reads it: the `url` crate follows browsers, which accept and rewrite more.

use core::net::Ipv6Addr;
use macros::{Structure, builtin};
use value::{Failure, Str, quote};

/// The parts of a URL.
#[derive(Structure)]
struct Url {
    /// The scheme, in lower case.
    scheme: String,
    /// The host with its port, without a user.
    host: Str,
    /// The path, decoded.
    path: Str,
    /// What stands after the question mark, not decoded.
    raw_query: Str,
}

/// The scheme, host, path and query of a URL.
///
/// The host includes the port, not the user. `<|>` catches what is no URL, and one without a scheme.
///
/// ```mcl
/// net.url_parser("https://www.example.com/search?q=mcl")->host # => "www.example.com"
/// net.url_parser("http://h/a%20b?x=1#y") # => struct{scheme: "http"; host: "h"; path: "/a b"; raw_query: "x=1"}
/// ```
#[builtin(module = "net", since = "0.1")]
fn url_parser(
    /// The URL.
    url: &Str,
) -> Result<Url, Failure> {
    // Go reports the URL without its fragment.
    let (rest, fragment) = cut(url, b'#');
    let fail =
        |shown: &[u8], why: String| Failure::catchable(format!("error parsing the URL: parse {}: {why}", quote(shown)));
    let parsed = parse(rest).map_err(|why| fail(rest, why))?;
    decode(fragment.unwrap_or_default(), Part::Other).map_err(|why| fail(url, why))?;
    if parsed.scheme.is_empty() {
        return Err(Failure::catchable("empty schemes are invalid"));
    }
    Ok(parsed)
}

fn parse(url: &[u8]) -> Result<Url, String> {
    if url.iter().any(|byte| byte.is_ascii_control()) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let (scheme, rest) = split_scheme(url)?;
    let (rest, query) = cut(rest, b'?');
    let raw_query = Str::from(query.unwrap_or_default());
    if !rest.starts_with(b"/") {
        if !scheme.is_empty() {
            // `mailto:someone@example.com`: nothing in it is a host or a path.
            return Ok(Url { scheme, host: Str::new(), path: Str::new(), raw_query });
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let (mut host, mut path) = (Str::new(), rest);
    if let Some(authority) = rest.strip_prefix(b"//")
        && (!scheme.is_empty() || !rest.starts_with(b"///"))
    {
        let end = authority.iter().position(|&byte| byte == b'/').unwrap_or(authority.len());
        host = parse_authority(&authority[..end])?;
        path = &authority[end..];
    }
    Ok(Url { scheme, host, path: decode(path, Part::Other)?, raw_query })
}

/// What stands before the first of a byte, and what stands after it.
fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn split_scheme(url: &[u8]) -> Result<(String, &[u8]), String> {
    for (at, &byte) in url.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => {
                let scheme = String::from_utf8_lossy(&url[..at]).to_ascii_lowercase();
                return Ok((scheme, &url[at + 1..]));
            }
            _ => break,
        }
    }
    Ok((String::new(), url))
}

fn parse_authority(authority: &[u8]) -> Result<Str, String> {
    let Some(at) = authority.iter().rposition(|&byte| byte == b'@') else {
        return parse_host(authority);
    };
    let (user, host) = (&authority[..at], parse_host(&authority[at + 1..])?);
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(is_allowed) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    decode(user, Part::Other)?;
    Ok(host)
}

fn parse_host(host: &[u8]) -> Result<Str, String> {
    if host.starts_with(b"[") {
        let end = host.iter().rposition(|&byte| byte == b']').ok_or("missing ']' in host")?;
        check_port(&host[end + 1..])?;
        return bracketed(host, end);
    }
    if let Some(at) = host.iter().rposition(|&byte| byte == b':') {
        check_port(&host[at..])?;
    }
    decode(host, Part::Host)
}

/// An IPv6 address in brackets, perhaps with a zone after `%25`.
fn bracketed(host: &[u8], end: usize) -> Result<Str, String> {
    let zone = host[..end].windows(3).position(|it| it == b"%25").unwrap_or(end);
    let address = decode(&host[..zone], Part::Host)?;
    let is_address =
        address.get(1..).and_then(|it| std::str::from_utf8(it).ok()).is_some_and(|it| it.parse::<Ipv6Addr>().is_ok());
    if !is_address {
        return Err("invalid IP-literal".to_owned());
    }
    let zone_text = decode(&host[zone..end], Part::Zone)?;
    let rest = decode(&host[end..], Part::Host)?;
    Ok(address.concat(&zone_text).concat(&rest))
}

fn check_port(port: &[u8]) -> Result<(), String> {
    match port {
        [] => Ok(()),
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(format!("invalid port {} after host", quote(port))),
    }
}

/// Where a part of a URL stands: what may be encoded in it differs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
    Other,
}

/// Decodes `%XX`.
fn decode(text: &[u8], part: Part) -> Result<Str, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            if byte.is_ascii() && part != Part::Other && !is_host_byte(byte) {
                return Err(format!("invalid character {} in host name", quote(&[byte])));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let escape = &text[at..text.len().min(at + 3)];
        let invalid = || format!("invalid URL escape {}", quote(escape));
        let &[_, high, low] = escape else { return Err(invalid()) };
        let digits = (char::from(high).to_digit(16), char::from(low).to_digit(16));
        let (Some(high), Some(low)) = digits else { return Err(invalid()) };
        let decoded = (high * 16 + low) as u8;
        let refused = match part {
            // A host may encode only what is not ASCII, and the percent sign before a zone.
            Part::Host => high < 8 && escape != b"%25",
            Part::Zone => escape != b"%25" && decoded != b' ' && !is_host_byte(decoded),
            Part::Other => false,
        };
        if refused {
            return Err(invalid());
        }
        out.push(decoded);
        at += 3;
    }
    Ok(out.into())
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
}
