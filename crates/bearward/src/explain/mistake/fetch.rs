//! The issuer's keys cannot be had.

use super::super::Scene;
use super::{Mistake, Row, issuer};
use crate::rejection::shown;

pub(super) const ROWS: &[Row] = &[
    metadata_for_many,
    metadata_of_another,
    not_listening,
    unknown_host,
    certificate_of_a_ca,
    certificate_of_another_name,
    certificate_expired,
    untrusted_certificate,
    no_issuer,
    no_metadata,
    no_key_set,
    no_keys,
    in_trouble,
    no_answer,
];

/// Why the latest fetch failed.
fn failure(scene: &Scene<'_>) -> String {
    scene.rejection.map(ToString::to_string).unwrap_or_default()
}

/// Whose metadata it is, where that is another issuer.
fn of_issuer(failure: &str) -> Option<&str> {
    let (_, rest) = failure.split_once(" is of issuer ")?;
    let (found, _) = rest.split_once(", expected ")?;
    Some(found)
}

/// `common` and `organizations` of Entra ID, whose metadata has a gap where the tenant belongs.
fn metadata_for_many(scene: &Scene<'_>) -> Option<Mistake> {
    of_issuer(&failure(scene))?.contains('{').then(|| {
        Mistake::new(
            "that address stands for many tenants, and no token names it as its issuer",
            "name the tenant by its GUID, as it stands in iss",
        )
    })
}

fn metadata_of_another(scene: &Scene<'_>) -> Option<Mistake> {
    let failure = failure(scene);
    let found = of_issuer(&failure)?;
    let itself = format!("the issuer calls itself {} in its metadata", shown(found));
    let mend = format!("configure the issuer {}, if its tokens name it so too", shown(found));
    // Of a token nothing is known here.
    let known = issuer::known(scene, found).and_then(|known| {
        let differs = known.what.strip_prefix("iss ")?;
        Some(format!("{itself}: it {differs}"))
    });
    Some(Mistake::new(known.unwrap_or(itself), mend))
}

fn not_listening(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("Connection refused").then(|| {
        Mistake::new(
            "nobody listens at the issuer's address",
            "start the issuer, or mend the address; inside a container localhost is the container \
             itself",
        )
    })
}

fn unknown_host(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("dns error").then(|| {
        Mistake::new(
            "this machine does not know the issuer's host name",
            "look for a slip in the name, and whether DNS works here (in a container too)",
        )
    })
}

/// A server's certificate must not be a CA's, as one that signed itself often is (RFC 5280,
/// section 4.2.1.9).
fn certificate_of_a_ca(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("CaUsedAsEndEntity").then(|| {
        Mistake::new(
            "the issuer's server shows a CA's certificate as its own, as one that signed itself \
             often is",
            "make it a certificate of a server (openssl: -addext \
             basicConstraints=critical,CA:FALSE), then name it, or the CA that signed it, with \
             ca_file (--ca-file)",
        )
    })
}

fn certificate_of_another_name(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("certificate not valid for name").then(|| {
        Mistake::new(
            "the issuer's certificate is for another host name",
            "reach the issuer by a name that its certificate holds, or make one for this name",
        )
    })
}

fn certificate_expired(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("certificate expired").then(|| {
        Mistake::new(
            "the issuer's certificate has expired",
            "renew it at the issuer; if it is good, set this machine's clock by NTP",
        )
    })
}

fn untrusted_certificate(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).to_ascii_lowercase().contains("certificate").then(|| {
        Mistake::new(
            "the issuer's certificate is not trusted here",
            "name the CA that signed it with ca_file (--ca-file)",
        )
    })
}

fn no_metadata(scene: &Scene<'_>) -> Option<Mistake> {
    let failure = failure(scene);
    (failure.contains("/.well-known/") && failure.contains("found 404")).then(|| {
        Mistake::new(
            "somebody answers at the issuer's address, and has no metadata there",
            "compare the issuer with what its documentation calls issuer, to the last part of the \
             path; if it has no metadata, give its key set by jwks_uri (here a copy of it with \
             --jwks-file)",
        )
    })
}

fn no_key_set(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("found 404").then(|| {
        Mistake::new(
            "somebody answers at the address of the key set, and has no key set there",
            "look whether jwks_uri is the right one, in the issuer's metadata or as configured",
        )
    })
}

fn no_answer(scene: &Scene<'_>) -> Option<Mistake> {
    let failure = failure(scene);
    (failure.contains("did not answer") || failure.contains("timed out")).then(|| {
        Mistake::new(
            "the issuer does not answer in time",
            "look for a firewall or a proxy between: proxy settings of the environment are not \
             used",
        )
    })
}

fn no_keys(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("an empty key set").then(|| {
        Mistake::new(
            "the issuer publishes a key set without a key",
            "make a signing key at the issuer, or look whether its jwks_uri is the right one",
        )
    })
}

/// A page for people, from a login, a proxy or the wrong program.
fn no_issuer(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains(" answered with no ").then(|| {
        Mistake::new(
            "what answers there is no issuer, perhaps a login page, a proxy or another program",
            "open that address: an issuer answers with JSON; then mend the address, or what \
             stands between",
        )
    })
}

fn in_trouble(scene: &Scene<'_>) -> Option<Mistake> {
    failure(scene).contains("expected status 200, found 5").then(|| {
        Mistake::new(
            "the issuer, or a proxy before it, says that it is in trouble itself",
            "look at the issuer's log; a guard fetches the keys again by itself",
        )
    })
}
