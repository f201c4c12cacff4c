//! Certificates as they are read from files, and what can be wrong with them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::names::{Name, Names};
use crate::moment;

/// The one cryptographic library there is, for TLS as for tokens.
pub(crate) fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// All certificates in a text, which has at least one.
pub(super) fn certificates(pem: &[u8]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| anyhow::anyhow!("expected certificates in PEM form: {error}"))?;
    ensure!(!found.is_empty(), "expected certificates in PEM form, found none");
    Ok(found)
}

/// What a person calls a certificate, and its last moment in seconds since 1970.
pub(super) fn name_and_end(certificate: &CertificateDer<'_>) -> anyhow::Result<(String, i64)> {
    let (_, parsed) = X509Certificate::from_der(certificate).context("not a certificate")?;
    let name = parsed.subject().iter_common_name().next().context("a certificate without name")?;
    Ok((name.as_str()?.to_owned(), parsed.validity().not_after.timestamp()))
}

/// A certificate with those that lead to its CA, and its private key, which must be its own.
pub(super) fn certified_key(
    chain: Vec<CertificateDer<'static>>,
    key_pem: &[u8],
) -> anyhow::Result<Arc<CertifiedKey>> {
    let key = PrivateKeyDer::from_pem_slice(key_pem)
        .map_err(|_| anyhow::anyhow!("expected a private key in PEM form, without a password"))?;
    let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            anyhow::anyhow!("the private key is not that of the certificate")
        }
        other => anyhow::Error::new(other).context("certificate and private key are unusable"),
    })?;
    Ok(Arc::new(key))
}

/// Refuses a certificate that does not hold yet, or does not hold `ahead` of now.
pub(super) fn check_dates(
    certificate: &CertificateDer<'_>,
    now: SystemTime,
    ahead: Duration,
) -> anyhow::Result<()> {
    let (_, parsed) = X509Certificate::from_der(certificate).context("not a certificate")?;
    let validity = parsed.validity();
    let now = i64::try_from(seconds(now))?;
    let until = validity.not_after.timestamp().saturating_sub(now);
    let length = moment::length_in_words(until.unsigned_abs());
    if until <= 0 {
        bail!("ended {length} ago");
    }
    if validity.not_before.timestamp() > now {
        bail!("begins in the future only");
    }
    ensure!(until.unsigned_abs() > ahead.as_secs(), "ends in {length}");
    Ok(())
}

/// Refuses a certificate that is not for this name.
pub(super) fn check_name(certificate: &CertificateDer<'_>, name: &Name) -> anyhow::Result<()> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    let wanted = name.as_server_name().context("not a name")?;
    ensure!(verify_server_name(&parsed, &wanted).is_ok(), "is not for {name}");
    Ok(())
}

/// Refuses a certificate that lacks one of these names.
pub(super) fn check_names(chain: &[CertificateDer<'_>], names: &Names) -> anyhow::Result<()> {
    let leaf = chain.first().context("no certificate")?;
    names.iter().try_for_each(|name| check_name(leaf, name))
}

/// Refuses what a client that trusts `ca` alone would refuse, whatever name it asks for.
pub(super) fn check_trusted(
    chain: &[CertificateDer<'_>],
    ca: CertificateDer<'static>,
    now: SystemTime,
) -> anyhow::Result<()> {
    let (leaf, others) = chain.split_first().context("no certificate")?;
    let mut roots = RootCertStore::empty();
    roots.add(ca)?;
    let algorithms = provider().signature_verification_algorithms.all;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds(now)));
    let leaf = ParsedCertificate::try_from(leaf)?;
    verify_server_cert_signed_by_trust_anchor(&leaf, &roots, others, now, algorithms)?;
    Ok(())
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
