//! `bundle.pem`: what this machine trusts, and our CA. For clients whose switch replaces their
//! trust instead of adding to it (`SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`).

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::authority::ORGANIZATION;

/// The system's certificates, then ours.
pub(super) fn with_system_roots(ca_pem: &str) -> String {
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::debug!(%error, "a certificate of the system could not be read");
    }
    bundle(&system.certs, ca_pem)
}

fn bundle(system: &[CertificateDer<'_>], ca_pem: &str) -> String {
    let mut seen = HashSet::new();
    let mut pem = String::new();
    for certificate in system {
        if is_root_of_others(certificate) && seen.insert(certificate.as_ref()) {
            write_pem(certificate, &mut pem);
        }
    }
    pem + ca_pem
}

/// Broken ones are left out: one of them spoils the whole file for some readers. So are CAs that
/// were made here before: `SSL_CERT_FILE` may name the last bundle, and they are trusted no more.
fn is_root_of_others(certificate: &CertificateDer<'_>) -> bool {
    let Ok((rest, parsed)) = X509Certificate::from_der(certificate) else { return false };
    let is_ours = |name: &str| name == ORGANIZATION;
    rest.is_empty()
        && !parsed
            .subject()
            .iter_organization()
            .any(|organization| organization.as_str().is_ok_and(is_ours))
}

fn write_pem(certificate: &CertificateDer<'_>, pem: &mut String) {
    const COLUMNS: usize = 64;
    let text = STANDARD.encode(certificate);
    // Writing to a String cannot fail.
    let _ = writeln!(pem, "-----BEGIN CERTIFICATE-----");
    let mut rest = text.as_str();
    while let Some((line, more)) = rest.split_at_checked(COLUMNS) {
        let _ = writeln!(pem, "{line}");
        rest = more;
    }
    if !rest.is_empty() {
        let _ = writeln!(pem, "{rest}");
    }
    let _ = writeln!(pem, "-----END CERTIFICATE-----");
}

#[cfg(test)]
mod tests {
    use bearward::{Clock as _, SystemClock};

    use super::super::authority::issue;
    use super::super::{Names, chain};
    use super::*;

    fn root(name: &str) -> CertificateDer<'static> {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
        params.self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn each_valid_root_stands_once_and_ours_last() {
        let ours = || issue(&Names::with([]), SystemClock.now()).unwrap().ca_pem;
        let (old, new) = (ours(), ours());
        let old = chain::certificates(old.as_bytes()).unwrap().remove(0);
        let (a, b) = (root("a.example"), root("b.example"));
        let broken = CertificateDer::from(vec![0x30, 0]);
        let system = [a.clone(), b.clone(), broken, a.clone(), old];
        let found = chain::certificates(bundle(&system, &new).as_bytes()).unwrap();
        let new = chain::certificates(new.as_bytes()).unwrap().remove(0);
        assert_eq!(found, [a, b, new]);
    }
}
