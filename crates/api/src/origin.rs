//! The origin of a request: the peer, or, behind a trusted proxy, the client that the proxy names (B2, E3).

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// The address by which limits count. For `IPv6` it is the first 64 bits, because one subscriber has all addresses with
/// the same prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin(Option<IpAddr>);

impl Origin {
    /// The origin of this address; all requests without an address share one origin.
    #[must_use]
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & prefix(64, 128)))
            }
        }))
    }
}

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// The text is neither an address nor a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a block of addresses such as 10.0.0.0/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => whole,
            Some(bits) => bits.trim().parse().map_err(|_| NotANetwork)?,
        };
        if bits > whole { Err(NotANetwork) } else { Ok(Self { address, bits }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

fn prefix(bits: u32, of: u32) -> u128 {
    u128::MAX.checked_shl(of - bits).unwrap_or(0)
}

/// The proxies in front of the service. Forwarding headers are used only if they come from one of them.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// These.
    #[must_use]
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Where the request comes from.
    #[must_use]
    pub fn origin(&self, request: &HttpRequest) -> Origin {
        let peer = request.peer_addr().map(|peer| peer.ip());
        Origin::of(peer.map(|peer| self.client(peer, request.headers())))
    }

    /// The right-most address that does not belong to a trusted proxy, read from right to left and beginning with the
    /// peer. The client may have invented the addresses to the left of it.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let follow = |hops: Vec<Option<IpAddr>>| {
            let mut nearest = peer;
            for hop in hops.into_iter().rev() {
                match hop {
                    Some(hop) if self.trusts(nearest) => nearest = hop,
                    _ => break,
                }
            }
            nearest
        };
        let named = |name: &HeaderName, hops: fn(&str) -> Vec<Option<IpAddr>>| {
            let values: Vec<&str> =
                headers.get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
            (!values.is_empty()).then(|| follow(hops(&values.join(","))))
        };
        match (named(&FORWARDED, in_forwarded), named(&X_FORWARDED_FOR, in_x_forwarded_for)) {
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(other)) if one == other => one,
            // A proxy writes one of the two headers and passes the other on as the client sent it.
            _ => peer,
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

fn in_x_forwarded_for(value: &str) -> Vec<Option<IpAddr>> {
    value.split(',').map(|hop| node(hop.trim())).collect()
}

/// `for=192.0.2.60;proto=https, for="[2001:db8::1]:4711"` (RFC 7239).
fn in_forwarded(value: &str) -> Vec<Option<IpAddr>> {
    value
        .split(',')
        .map(|hop| {
            let mut pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
            let (_, named) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
            node(named.trim().trim_matches('"'))
        })
        .collect()
}

/// An address with or without a port; `None` for `unknown` and made-up names.
fn node(text: &str) -> Option<IpAddr> {
    let bare = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?,
        None if text.matches(':').count() == 1 => text.split(':').next()?,
        None => text,
    };
    bare.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use std::net::SocketAddr;

    fn origin(trusted: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> Origin {
        let trusted = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut request =
            TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1));
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        TrustedProxies::new(trusted).origin(&request.to_http_request())
    }

    fn at(address: &str) -> Origin {
        Origin::of(Some(address.parse().unwrap()))
    }

    #[test]
    fn a12_only_a_trusted_proxy_is_believed() {
        let (ours, x) = ("10.0.0.1", "x-forwarded-for");
        let trusted: &[&str] = &["10.0.0.0/8", "fd00::/8"];
        assert_eq!(origin(&[], ours, &[(x, "192.0.2.1")]), at(ours));
        assert_eq!(origin(trusted, "192.0.2.9", &[(x, "192.0.2.1")]), at("192.0.2.9"));
        assert_eq!(origin(trusted, ours, &[(x, "192.0.2.1")]), at("192.0.2.1"));
        assert_eq!(origin(trusted, "::ffff:10.0.0.1", &[(x, "192.0.2.1")]), at("192.0.2.1"));
        assert_eq!(origin(trusted, ours, &[]), at(ours));
        // The right-most address that is not a trusted proxy's; the client's own entries are further to the left.
        assert_eq!(origin(trusted, ours, &[(x, "1.1.1.1, 192.0.2.1, 10.0.0.2")]), at("192.0.2.1"));
        assert_eq!(origin(trusted, ours, &[(x, "1.1.1.1"), (x, "192.0.2.1:80")]), at("192.0.2.1"));
        assert_eq!(origin(trusted, ours, &[(x, "1.1.1.1, unknown")]), at(ours));
        let forwarded = r#"for=1.1.1.1, For="[2001:db8::7]:4711";proto=https, for=10.1.2.3"#;
        assert_eq!(origin(trusted, "fd00::1", &[("forwarded", forwarded)]), at("2001:db8::7"));
        // A proxy writes one header and passes the other on, so a client must not be able to choose its address by the
        // other one.
        let both = [("forwarded", "for=1.1.1.1"), (x, "192.0.2.1")];
        assert_eq!(origin(trusted, ours, &both), at(ours));
    }

    #[test]
    fn a12_of_ipv6_the_first_64_bits_count() {
        assert_eq!(at("2001:db8:0:1::1"), at("2001:db8:0:1:ffff::2"));
        assert_ne!(at("2001:db8:0:1::1"), at("2001:db8:0:2::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
        assert_eq!(at("192.0.2.1"), at("::ffff:192.0.2.1"));
    }

    #[test]
    fn a12_a_network_is_an_address_with_as_many_bits_as_it_has() {
        for wrong in ["", "x", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0/8", "10.0.0.0/8/8"] {
            assert_eq!(wrong.parse::<Network>(), Err(NotANetwork), "{wrong}");
        }
        assert_eq!("10.0.0.7".parse::<Network>().unwrap().to_string(), "10.0.0.7/32");
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("192.0.2.1".parse().unwrap()));
    }
}
