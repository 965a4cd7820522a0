//! Which hosts may be asked: public ones, whatever name, number or redirect leads there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet; loopback, private, link-local and reserved ranges do not
/// (IANA special-purpose registries, RFC 6890), nor IPv6 forms that hold such an IPv4 address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast();
    let reserved = matches!(
        (a, b, c),
        (0 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
    );
    !special && !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let [first, second, ..] = parts;
    let [.., high, low] = parts;
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    let held = Ipv4Addr::new(a, b, c, d);
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match first {
        // ::, ::1 and the old IPv4-compatible form.
        0 => false,
        // NAT64.
        0x64 if second == 0xff9b => is_public_v4(held),
        0x64 => false,
        0x100 => false,
        // Teredo, benchmarking, documentation, ORCHID.
        0x2001 => second >= 0x200 && second != 0xdb8,
        // 6to4 holds the IPv4 address in its second and third part.
        0x2002 => {
            let [a, b] = second.to_be_bytes();
            let [c, d] = parts.get(2).copied().unwrap_or_default().to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        0x3fff => false,
        _ => (first & 0xe000) == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_a_private_network_is_public_in_any_notation() {
        for text in [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "2001:db8::1",
            "2001::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2a00:1450:4003:80f::200e",
            "64:ff9b::808:808",
            "2002:808:808::",
            "2001:67c:2b0::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
