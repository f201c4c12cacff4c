//! A CA that signs one certificate and is then unable to sign another.

use std::net::Ipv6Addr;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
    PKCS_ECDSA_P256_SHA256, SanType,
};

use super::names::{Name, Names};

/// Stands as organization in each CA that was made here, so that it can be told from others.
pub(super) const ORGANIZATION: &str = "bearward, made on this machine";

/// Clients refuse a certificate for a server that holds longer than 398 days (CA/Browser Forum,
/// Baseline Requirements, section 6.3.2).
const VALIDITY: Duration = Duration::from_hours(397 * 24);

/// A container's clock may be a little behind.
const BACKDATED: Duration = Duration::from_hours(1);

/// A CA, and the one certificate that it signed. No `Debug`: it holds a private key.
pub(super) struct Issued {
    pub(super) ca_pem: String,
    pub(super) leaf_pem: String,
    pub(super) key_pem: String,
}

/// Makes a CA that may speak for `names` and for loopback addresses alone, lets it sign a
/// certificate for `names`, and forgets its key. Whoever trusts the CA thus trusts this one
/// certificate: nobody can make it sign another.
pub(super) fn issue(names: &Names, now: SystemTime) -> anyhow::Result<Issued> {
    let period = Period::from(now)?;
    let ca = authority(names, &period)?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).context("cannot make a key")?;
    let leaf_pem = leaf(names, &period, &key, &ca)?;
    Ok(Issued { ca_pem: ca.pem(), leaf_pem, key_pem: key.serialize_pem() })
}

struct Period {
    begins: SystemTime,
    ends: SystemTime,
}

impl Period {
    fn from(now: SystemTime) -> anyhow::Result<Self> {
        let begins = now.checked_sub(BACKDATED).unwrap_or(now);
        let ends = begins.checked_add(VALIDITY).context("the clock is at the end of time")?;
        Ok(Self { begins, ends })
    }
}

/// Source: RFC 5280 section 4.2.1.10 (name constraints).
fn authority(names: &Names, period: &Period) -> anyhow::Result<CertifiedIssuer<'static, KeyPair>> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).context("cannot make a key")?;
    let mut ca = CertificateParams::default();
    (ca.not_before, ca.not_after) = (period.begins.into(), period.ends.into());
    // Two CAs of one name would stand in each other's way where both are trusted.
    let mark: String =
        ca.key_identifier(&key).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    ca.distinguished_name = distinguished_name(&format!("bearward local CA {mark}"));
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    ca.name_constraints =
        Some(NameConstraints { permitted_subtrees: subtrees(names), excluded_subtrees: vec![] });
    CertifiedIssuer::self_signed(ca, key).context("cannot make a CA")
}

fn leaf(
    names: &Names,
    period: &Period,
    key: &KeyPair,
    ca: &CertifiedIssuer<'_, KeyPair>,
) -> anyhow::Result<String> {
    let mut leaf = CertificateParams::default();
    (leaf.not_before, leaf.not_after) = (period.begins.into(), period.ends.into());
    leaf.distinguished_name = distinguished_name("bearward tenant");
    leaf.subject_alt_names = alternative_names(names)?;
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(leaf.signed_by(key, ca).context("cannot sign the certificate")?.pem())
}

fn distinguished_name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, ORGANIZATION);
    name.push(DnType::CommonName, common_name);
    name
}

fn alternative_names(names: &Names) -> anyhow::Result<Vec<SanType>> {
    let each = |name: &Name| {
        Ok(match name {
            Name::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
            Name::Address(address) => SanType::IpAddress(*address),
        })
    };
    names.iter().map(each).collect()
}

/// Every name is a subtree of its own; a wildcard is covered by what stands below it.
fn subtrees(names: &Names) -> Vec<GeneralSubtree> {
    let loopback = [
        CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8),
        CidrSubnet::from_v6_prefix(Ipv6Addr::LOCALHOST.octets(), 128),
    ];
    let each = |name: &Name| match name {
        Name::Dns(name) => {
            let base = name.strip_prefix("*.").unwrap_or(name);
            Some(GeneralSubtree::DnsName(base.to_owned()))
        }
        Name::Address(address) if address.is_loopback() => None,
        Name::Address(address) => {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            Some(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, bits)))
        }
    };
    let named = names.iter().filter_map(each);
    named.chain(loopback.map(GeneralSubtree::IpAddress)).collect()
}

#[cfg(test)]
mod tests {
    use bearward::{Clock as _, SystemClock};
    use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

    use super::super::chain;
    use super::*;

    /// Whether a client that trusts a CA for `names` takes what that CA signs for `signed`, which
    /// it could do only before its key is gone.
    fn is_taken(names: &[&str], signed: &[Name]) -> bool {
        let now = SystemClock.now();
        let period = Period::from(now).unwrap();
        let names = Names::with(names.iter().map(|name| name.parse().unwrap()));
        let ca = authority(&names, &period).unwrap();
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let signed = Names::with(signed.iter().cloned());
        let leaf = leaf(&signed, &period, &key, &ca).unwrap();
        let leaf = chain::certificates(leaf.as_bytes()).unwrap();
        chain::check_trusted(&leaf, ca.der().clone(), now).is_ok()
    }

    #[test]
    fn the_ca_speaks_for_its_names_and_for_loopback_alone() {
        let names = ["id.example", "*.dev.example", "10.1.2.3"];
        for name in ["id.example", "a.id.example", "a.dev.example", "10.1.2.3", "127.9.9.9"] {
            assert!(is_taken(&names, &[name.parse().unwrap()]), "{name}");
        }
        for name in ["example", "other.example", "xid.example", "10.1.2.4", "8.8.8.8", "fe80::1"] {
            assert!(!is_taken(&names, &[name.parse().unwrap()]), "{name}");
        }
    }

    /// The reason why it is not among the names, and why nobody can ask for it.
    #[test]
    fn a_wildcard_above_one_label_spoils_the_certificate() {
        assert!(!is_taken(&[], &[Name::Dns("*.localhost".into())]));
    }

    #[test]
    fn the_ca_says_what_it_may_do() {
        let issued = issue(&Names::with([]), SystemClock.now()).unwrap();
        let ca = chain::certificates(issued.ca_pem.as_bytes()).unwrap();
        let (_, ca) = X509Certificate::from_der(&ca[0]).unwrap();
        let basic = ca.basic_constraints().unwrap().unwrap();
        assert!(basic.critical && basic.value.ca && basic.value.path_len_constraint == Some(0));
        let constraints = ca.name_constraints().unwrap().unwrap();
        assert!(constraints.critical && constraints.value.excluded_subtrees.is_none());
        let permitted = constraints.value.permitted_subtrees.as_ref().unwrap();
        let permitted: Vec<_> = permitted
            .iter()
            .map(|subtree| match &subtree.base {
                GeneralName::DNSName(name) => (*name).to_owned(),
                GeneralName::IPAddress(bytes) => format!("{bytes:?}"),
                other => format!("{other:?}"),
            })
            .collect();
        let (all, none) = (["255"; 16].join(", "), ["0"; 15].join(", "));
        assert_eq!(
            permitted,
            [
                "host.docker.internal",
                "localhost",
                "[127, 0, 0, 0, 255, 0, 0, 0]",
                &format!("[{none}, 1, {all}]"),
            ]
        );
        assert!(issued.key_pem.starts_with("-----BEGIN PRIVATE KEY-----"));
        let length = ca.validity().not_after.timestamp() - ca.validity().not_before.timestamp();
        assert!(length <= 397 * 86_400);
    }
}
