//! `net`, `net/http`: addresses, and the network of this machine.

mod address;
mod cidr;
mod hostport;
mod http;
pub(crate) mod interface;
mod mac;
mod range;
mod url;

use schema::Function;

/// The functions of both modules.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &range::CIDR_TO_FIRST,
    &cidr::CIDR_TO_IP,
    &range::CIDR_TO_LAST,
    &cidr::CIDR_TO_MASK,
    &cidr::CIDR_TO_NETWORK,
    &cidr::CIDR_TO_PREFIX,
    &interface::INTERFACE_CIDR,
    &cidr::IP_IN_CIDR,
    &mac::IS_MAC,
    &mac::MACFMT,
    &interface::MACS,
    &mac::OLDMACFMT,
    &http::RESPONSE,
    &hostport::SPLIT_HOSTPORT,
    &url::URL_PARSER,
    &interface::WIRED_INTERFACE,
];
