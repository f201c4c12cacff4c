//! Whom this machine trusts to sign certificates: read once, for all issuers that name no CA.

use std::sync::{Arc, OnceLock};

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, Error};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// TLS as reqwest would set it up, which would read the machine's certificates for each client: a
/// resolver may know thousands of issuers.
pub(super) fn tls() -> Result<ClientConfig, Error> {
    static READ: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(read) = READ.get() {
        return Ok(read.clone());
    }
    let provider = CryptoProvider::get_default().cloned();
    let provider =
        provider.unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    // Issuers share nothing that changes; a fetch every few minutes would resume nothing either.
    tls.resumption = Resumption::disabled();
    Ok(READ.get_or_init(|| tls).clone())
}
