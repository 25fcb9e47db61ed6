//! Addresses: which proxies are trusted, who asks behind them, and what of an address one household has.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// An address, or all that begin alike: `10.0.0.1`, `172.16.0.0/12`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// An address as 128 bits, of which IPv4 fills the last 32, and the number of bits that it has.
fn bits_of(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

impl Network {
    pub fn contains(self, address: IpAddr) -> bool {
        let ((ours, width), (theirs, their_width)) = (bits_of(self.address), bits_of(address));
        // Shifting by all 128 bits is no shift at all.
        let differing = (ours ^ theirs).checked_shr(width - self.bits).unwrap_or(0);
        width == their_width && differing == 0
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("{text:?} is no address such as 10.0.0.1 or 172.16.0.0/12");
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (_, width) = bits_of(address);
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| wrong())?;
        match bits <= width {
            true => Ok(Network { address, bits }),
            false => Err(wrong()),
        }
    }
}

/// Who asks: the one who is connected, or behind trusted proxies the last one that none of them is. What stands further to
/// the left in `X-Forwarded-For` may be made up.
pub fn asker(connected: IpAddr, forwarded: Option<&str>, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut asker = connected;
    for step in forwarded.unwrap_or_default().rsplit(',') {
        if !is_trusted(asker) {
            break;
        }
        let Some(address) = address_of(step.trim()) else {
            break;
        };
        asker = address;
    }
    asker.to_canonical()
}

/// An address, as some proxies write it with the port behind.
fn address_of(step: &str) -> Option<IpAddr> {
    let with_port = || step.parse().map(|socket: SocketAddr| socket.ip()).ok();
    step.parse().ok().or_else(with_port)
}

/// What of an address tries are counted against: all of IPv4; of IPv6 the 64 bits that one household is given.
pub fn household(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("a network")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_as_it_does() {
        for (whole, address, is_in) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("172.16.0.0/12", "172.31.255.255", true),
            ("172.16.0.0/12", "172.32.0.0", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("fd00::/8", "fd12::1", true),
            ("::/0", "2001:db8::1", true),
            ("10.0.0.1", "::ffff:10.0.0.1", true),
        ] {
            assert_eq!(
                network(whole).contains(ip(address)),
                is_in,
                "{whole} {address}"
            );
        }
        for wrong in ["", "proxy", "10.0.0.1/33", "10.0.0.1/x", "fd00::/129"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_who_asks() {
        let trusted = [network("10.0.0.0/8")];
        let who = |connected, forwarded| asker(ip(connected), forwarded, &trusted).to_string();
        assert_eq!(who("203.0.113.7", Some("1.2.3.4")), "203.0.113.7");
        assert_eq!(who("10.0.0.1", Some("203.0.113.7")), "203.0.113.7");
        assert_eq!(who("10.0.0.1", None), "10.0.0.1");
        assert_eq!(who("10.0.0.1", Some("junk")), "10.0.0.1");
        assert_eq!(who("10.0.0.1", Some("203.0.113.7:51234")), "203.0.113.7");
        assert_eq!(
            who("10.0.0.1", Some("[2001:db8::7]:443, 10.9.9.9:80")),
            "2001:db8::7"
        );
        // A stranger's own words stand to the left of what the proxy adds.
        assert_eq!(who("10.0.0.1", Some("1.2.3.4, 203.0.113.7")), "203.0.113.7");
        assert_eq!(
            who("10.0.0.1", Some("203.0.113.7, 10.9.9.9")),
            "203.0.113.7"
        );
    }

    #[test]
    fn a_household_is_one_address_or_its_half_of_sixty_four_bits() {
        assert_eq!(household("203.0.113.7"), "203.0.113.7");
        assert_eq!(household("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(household(""), "");
    }
}
