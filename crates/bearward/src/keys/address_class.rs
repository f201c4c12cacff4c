//! How far inside a network an IP address lies: a table.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kinds of address, the more internal later.
///
/// Source: RFC 6890, the IANA registries of special-purpose addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AddressClass {
    Public,
    /// Of one organisation's network, or of a provider's behind its translators.
    Private,
    /// Of one wire; clouds put credentials there (169.254.169.254).
    LinkLocal,
    Loopback,
    /// Stands for no address; some systems take it for loopback.
    Unspecified,
    /// Multicast, documentation, and what nobody is given.
    Reserved,
}

impl AddressClass {
    pub(super) fn of(address: IpAddr) -> AddressClass {
        match address {
            IpAddr::V4(address) => of_ipv4(address),
            IpAddr::V6(address) => of_ipv6(address),
        }
    }

    /// Whether somebody of this class may lead to an address of the class `other`.
    pub(super) fn may_lead_to(self, other: AddressClass) -> bool {
        let somewhere = |class| class < AddressClass::Unspecified;
        // Who answers from nowhere is trusted as the internet is.
        let from = if somewhere(self) { self } else { AddressClass::Public };
        somewhere(other) && other <= from
    }
}

fn of_ipv4(address: Ipv4Addr) -> AddressClass {
    match address.octets() {
        [0, ..] => AddressClass::Unspecified,
        [127, ..] => AddressClass::Loopback,
        [169, 254, ..] => AddressClass::LinkLocal,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => AddressClass::Private,
        // Shared by a provider's customers (RFC 6598); of test networks (RFC 2544).
        [100, 64..=127, ..] | [198, 18..=19, ..] => AddressClass::Private,
        // Of protocols, of documentation (RFC 5737), of old relays (RFC 7526).
        [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [192, 88, 99, _] => {
            AddressClass::Reserved
        }
        [224..=255, ..] => AddressClass::Reserved,
        _ => AddressClass::Public,
    }
}

fn of_ipv6(address: Ipv6Addr) -> AddressClass {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressClass::Loopback,
        // An IPv4 address in it: compatible and mapped (RFC 4291 section 2.5.5), translated (RFC
        // 2765 section 2.1), through NAT64 (RFC 6052 section 2.1), through 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            of_ipv4(Ipv4Addr::new(a, b, c, d))
        }
        // Through the NAT64 of one network (RFC 8215), of one organisation (RFC 4193), of one
        // site (RFC 3879).
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => {
            AddressClass::Private
        }
        [0xfe80..=0xfebf, ..] => AddressClass::LinkLocal,
        // Of protocols, tunnels among them (RFC 2928), and of documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => {
            AddressClass::Reserved
        }
        [0x2000..=0x3fff, ..] => AddressClass::Public,
        _ => AddressClass::Reserved,
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressClass::Public => "public",
            AddressClass::Private => "private",
            AddressClass::LinkLocal => "link-local",
            AddressClass::Loopback => "loopback",
            AddressClass::Unspecified => "unspecified",
            AddressClass::Reserved => "reserved",
        })
    }
}

#[cfg(test)]
mod tests {
    use url::{Host, Url};

    use super::AddressClass::{LinkLocal, Loopback, Private, Public, Reserved, Unspecified};
    use super::*;

    /// As hosts of a URL, because its parser is what reads the spellings.
    fn check(class: AddressClass, hosts: &[&str]) {
        for host in hosts {
            let url = Url::parse(&format!("https://{host}/")).unwrap();
            let address: IpAddr = match url.host() {
                Some(Host::Ipv4(address)) => address.into(),
                Some(Host::Ipv6(address)) => address.into(),
                other => panic!("{host} is {other:?}"),
            };
            assert_eq!(AddressClass::of(address), class, "{host}");
        }
    }

    #[test]
    fn addresses_are_told_apart_at_both_ends_of_each_range() {
        check(Unspecified, &["0.0.0.0", "0.255.255.255", "[::]"]);
        check(Public, &["1.0.0.0", "9.255.255.255", "11.0.0.0", "8.8.8.8"]);
        check(Private, &["10.0.0.0", "10.255.255.255"]);
        check(Public, &["100.63.255.255", "100.128.0.0"]);
        check(Private, &["100.64.0.0", "100.127.255.255"]);
        check(Public, &["126.255.255.255", "128.0.0.0"]);
        check(Loopback, &["127.0.0.0", "127.0.0.1", "127.255.255.255"]);
        check(Public, &["169.253.255.255", "169.255.0.0"]);
        check(LinkLocal, &["169.254.0.0", "169.254.169.254", "169.254.255.255"]);
        check(Public, &["172.15.255.255", "172.32.0.0"]);
        check(Private, &["172.16.0.0", "172.31.255.255"]);
        check(Public, &["191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255"]);
        check(Private, &["192.168.0.0", "192.168.255.255"]);
        check(Public, &["192.169.0.0", "198.17.255.255", "198.20.0.0"]);
        check(Private, &["198.18.0.0", "198.19.255.255"]);
        check(Reserved, &["192.0.0.1", "192.0.2.1", "192.88.99.1", "198.51.100.1", "203.0.113.1"]);
        check(Public, &["192.88.98.1", "198.51.99.1", "203.0.112.1", "223.255.255.255"]);
        check(Reserved, &["224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"]);
    }

    #[test]
    fn ipv6_addresses_are_told_apart_at_both_ends_of_each_range() {
        check(Loopback, &["[::1]"]);
        check(Reserved, &["[1::]", "[100::1]", "[1fff:ffff::]", "[4000::]", "[fbff::]"]);
        check(Public, &["[2000::]", "[2001:200::]", "[2606:4700::1111]", "[3ffe:ffff::]"]);
        check(Public, &["[2001:db7::]", "[2001:db9::]", "[3fff:1000::]"]);
        check(Reserved, &["[2001::1]", "[2001:1ff::]", "[2001:db8::1]", "[3fff:fff::]"]);
        check(Private, &["[fc00::]", "[fd00::1]", "[fdff:ffff::]", "[fec0::]", "[feff:ffff::]"]);
        check(LinkLocal, &["[fe80::]", "[fe80::1]", "[febf:ffff::]"]);
        check(Reserved, &["[fe00::]", "[fe7f:ffff::]", "[ff00::]", "[ff02::1]"]);
    }

    #[test]
    fn an_address_within_an_address_is_what_counts() {
        check(Loopback, &["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"]);
        check(Loopback, &["[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]"]);
        check(LinkLocal, &["[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]"]);
        check(Private, &["[::ffff:10.0.0.1]", "[64:ff9b::192.168.0.1]", "[2002:a00:1::1]"]);
        check(Private, &["[64:ff9b:1::1]", "[64:ff9b:1:ffff::8.8.8.8]"]);
        check(
            Public,
            &["[::ffff:8.8.8.8]", "[::8.8.8.8]", "[64:ff9b::8.8.8.8]", "[2002:808:808::]"],
        );
        check(Unspecified, &["[::ffff:0.0.0.0]", "[::2]", "[64:ff9b::]"]);
        check(Reserved, &["[64:ff9b:2::1]", "[64:ff9c::1]", "[::1:0:0:1]"]);
    }

    #[test]
    fn the_spellings_of_a_number_are_one_address() {
        check(Loopback, &["2130706433", "0x7f000001", "017700000001", "0x7f.1", "0177.0.0.1"]);
        check(Loopback, &["127.1", "127.0.0.1.", "①②⑦.0.0.1", "%31%32%37.0.0.1"]);
        check(LinkLocal, &["2852039166", "0xA9FEA9FE", "0251.0376.0251.0376"]);
        check(Unspecified, &["0", "0x0", "00000"]);
    }

    #[test]
    fn nothing_leads_further_inside_or_to_nowhere() {
        let inwards = [Public, Private, LinkLocal, Loopback];
        for (i, from) in inwards.into_iter().enumerate() {
            for (j, to) in inwards.into_iter().enumerate() {
                assert_eq!(from.may_lead_to(to), j <= i, "{from} to {to}");
            }
        }
        for nowhere in [Unspecified, Reserved] {
            for from in inwards.into_iter().chain([Unspecified, Reserved]) {
                assert!(!from.may_lead_to(nowhere), "{from} to {nowhere}");
            }
            for to in inwards {
                assert_eq!(nowhere.may_lead_to(to), to == Public, "{nowhere} to {to}");
            }
        }
    }
}
