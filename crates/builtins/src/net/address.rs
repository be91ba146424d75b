//! Addresses with a prefix length, as arithmetic on one integer of 32 or 128 bits.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

/// An address and the length of its prefix: `192.0.2.5/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) address: IpAddr,
    pub(crate) length: u32,
}

impl Prefix {
    /// How many bits an address of this family has.
    pub(crate) fn width(self) -> u32 {
        width(self.address)
    }

    /// The mask as an address.
    pub(crate) fn mask(self) -> IpAddr {
        from_bits(self.address, self.mask_bits())
    }

    /// The address with everything behind the prefix zero.
    pub(crate) fn network(self) -> IpAddr {
        from_bits(self.address, bits(self.address) & self.mask_bits())
    }

    /// The address with everything behind the prefix one.
    pub(crate) fn last(self) -> IpAddr {
        let all = u128::MAX >> (128 - self.width());
        from_bits(self.address, bits(self.address) | (all & !self.mask_bits()))
    }

    /// The address after this one, where it has the same prefix.
    pub(crate) fn next(self) -> Option<IpAddr> {
        let next = bits(self.address).checked_add(1).filter(|&bits| bits <= u128::MAX >> (128 - self.width()))?;
        let next = from_bits(self.address, next);
        self.contains(next).then_some(next)
    }

    /// Whether an address of the same family has this prefix.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        width(address) == self.width() && (bits(address) ^ bits(self.address)) & self.mask_bits() == 0
    }

    fn mask_bits(self) -> u128 {
        let all = u128::MAX >> (128 - self.width());
        // A shift by the whole width is none that a computer knows.
        let host = all.checked_shr(self.length).unwrap_or(0);
        all & !host
    }

    /// The same as IPv4, where this is IPv4 written as IPv6 and the prefix covers all that is not of IPv4.
    pub(crate) fn unmapped(self) -> Prefix {
        match self.address {
            IpAddr::V6(address) if self.length >= 96 => match address.to_ipv4_mapped() {
                Some(address) => Prefix { address: address.into(), length: self.length - 96 },
                None => self,
            },
            _ => self,
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The address of these bits, of the same family as another.
fn from_bits(family: IpAddr, bits: u128) -> IpAddr {
    match family {
        IpAddr::V4(_) => {
            let bits = u32::try_from(bits).expect("a mask of 32 bits leaves no more of an address");
            Ipv4Addr::from_bits(bits).into()
        }
        IpAddr::V6(_) => Ipv6Addr::from_bits(bits).into(),
    }
}
