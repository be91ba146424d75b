//! `net.macs`, `net.interface_cidr`, `net.wired_interface`: the network interfaces of this machine.

use core::net::Ipv4Addr;
use macros::{Structure, builtin};
use schema::{CallSite, Fact, Source};
use value::{Failure, FromValue, Value};

/// A network interface, as [`Fact::Interfaces`] sends it.
#[derive(Structure)]
pub(crate) struct Interface {
    /// Its name.
    pub(crate) name: String,
    /// Its hardware address, in lower case with colons; empty where there is none.
    pub(crate) mac: String,
    /// Whether it leads back to the machine itself.
    pub(crate) loopback: bool,
    /// Whether it has no wire.
    wireless: bool,
    /// Whether it is up.
    up: bool,
    /// Its addresses with their prefix lengths.
    addresses: Vec<String>,
}

/// The interfaces that the source sent.
pub(crate) fn interfaces(sent: &Value) -> Result<Vec<Interface>, Failure> {
    Ok(Vec::from_value(sent)?)
}

/// The hardware addresses of this machine's network interfaces, in lower case with colons.
///
/// Loopback interfaces have none.
///
/// ```mcl
/// import "net"
///
/// $known = "00:16:3e:0a:0b:0c" in net.macs()
/// ```
#[builtin(module = "net", since = "0.1", result = Vec<String>, read = hardware_addresses)]
fn macs() -> Source {
    Source::Fact(Fact::Interfaces)
}

fn hardware_addresses(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let interfaces = interfaces(&sent)?;
    // Others are longer, for instance those of InfiniBand.
    let addresses = interfaces.into_iter().filter(|it| !it.loopback && it.mac.len() == 17);
    Ok(Value::list(addresses.map(|it| Value::str(it.mac))))
}

/// The first public or private IPv4 address of a network interface, with its prefix length.
///
/// Addresses of the link or of the machine itself do not count.
///
/// ```mcl
/// import "net"
///
/// $network = net.cidr_to_network(net.interface_cidr("eth0"))
/// ```
#[builtin(module = "net", since = "0.1", result = String, read = first_address)]
fn interface_cidr(
    /// The name of the interface.
    _interface: &str,
) -> Source {
    Source::Fact(Fact::Interfaces)
}

fn first_address(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let name = arguments.first().map(Value::to_text).unwrap_or_default();
    let interfaces = interfaces(&sent)?;
    let interface = interfaces
        .into_iter()
        .find(|it| it.name == name)
        .ok_or_else(|| Failure::fatal(format!("could not find interface `{name}`: no such network interface")))?;
    let address = interface.addresses.into_iter().find(|it| is_global_unicast(it));
    let address =
        address.ok_or_else(|| Failure::fatal(format!("interface `{name}` has no global-unicast IPv4 address")))?;
    Ok(Value::str(address))
}

fn is_global_unicast(text: &str) -> bool {
    let address = text.split_once('/').and_then(|(address, _)| address.parse::<Ipv4Addr>().ok());
    address.is_some_and(|it| {
        !(it.is_unspecified() || it.is_loopback() || it.is_multicast() || it.is_link_local() || it.is_broadcast())
    })
}

/// The name of the first network interface that has a wire; of those that are up, where one is.
///
/// ```mcl
/// import "net"
///
/// $address = net.interface_cidr(net.wired_interface())
/// ```
#[builtin(module = "net", since = "0.1", result = String, read = first_wired)]
fn wired_interface() -> Source {
    Source::Fact(Fact::Interfaces)
}

fn first_wired(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let interfaces = interfaces(&sent)?;
    let wired = || interfaces.iter().filter(|it| !it.loopback && !it.wireless && !it.mac.is_empty());
    let chosen = wired().find(|it| it.up).or_else(|| wired().next());
    let chosen = chosen.ok_or_else(|| Failure::fatal("no wired network interface found"))?;
    Ok(Value::str(chosen.name.as_str()))
}
