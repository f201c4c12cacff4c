//! A certificate of one's own, from two files.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use rustls::sign::CertifiedKey;

use super::chain;
use super::names::Name;
use crate::exit::Failure;
use crate::files;

/// The files, and the name that clients will ask for: the issuer's host.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) host: Name,
}

impl Given {
    /// Refuses what no client would take: another's key, a wrong date, another name. Whether a
    /// client trusts the CA is for the client to say.
    pub(super) fn load(&self, now: SystemTime) -> Result<Arc<CertifiedKey>, Failure> {
        let certificate = self.certificate.display();
        let about_certificate =
            |error: anyhow::Error| error.context(format!("--tls-cert {certificate}"));
        let chain = files::read(&self.certificate)
            .and_then(|pem| chain::certificates(pem.as_bytes()))
            .map_err(|error| Failure::from(about_certificate(error)).hint(CERTIFICATE))?;
        if let Some(leaf) = chain.first() {
            chain::check_dates(leaf, now, Duration::ZERO)
                .map_err(|error| Failure::from(about_certificate(error)).hint(RENEW))?;
            chain::check_name(leaf, &self.host).map_err(|error| {
                Failure::from(about_certificate(error))
                    .hint("it must name the host of the issuer; see --issuer")
            })?;
        }
        files::read(&self.key)
            .and_then(|pem| chain::certified_key(chain, pem.as_bytes()))
            .with_context(|| format!("--tls-key {}", self.key.display()))
            .map_err(|error| Failure::from(error).hint(KEY))
    }
}

const CERTIFICATE: &str = "it must hold the server's certificate in PEM form, then those above it";
const RENEW: &str = "renew it, or leave it out: then a local CA makes one";
const KEY: &str = "it must hold the private key that belongs to --tls-cert, in PEM form";
