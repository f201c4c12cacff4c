//! What the testkit's tokens cannot say: moments relative to now, and signatures made with a secret.

use anyhow::Context;
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bearward::Algorithm;
use bearward_testkit::keys;
use serde::Deserialize;
use serde_json::Value;

/// A text that everybody knows, taken for the secret of HS256: the confusion of RFC 8725
/// section 2.1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Secret {
    /// No bytes at all.
    Empty,
    /// The issuer's RSA key as PEM.
    PublicKeyPem,
    /// The same key as DER.
    PublicKeyDer,
    /// The same key as JWK.
    PublicJwk,
}

impl Secret {
    /// The token with its signature replaced by a MAC.
    pub(crate) fn sign(self, token: &str) -> anyhow::Result<String> {
        let (signed, _) = token.rsplit_once('.').context("a token has dots")?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes()?);
        let mac = hmac::sign(&key, signed.as_bytes());
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac)))
    }

    fn bytes(self) -> anyhow::Result<Vec<u8>> {
        Ok(match self {
            Secret::Empty => Vec::new(),
            Secret::PublicKeyDer => public_key()?,
            Secret::PublicKeyPem => pem(&public_key()?)?.into_bytes(),
            Secret::PublicJwk => keys::signing_key(Algorithm::Rs256).public_jwk().into_bytes(),
        })
    }
}

fn public_key() -> anyhow::Result<Vec<u8>> {
    let private = include_bytes!("../../../crates/bearward-testkit/keys/rsa.der");
    let pair = RsaKeyPair::from_pkcs8(private).ok().context("the testkit's RSA key loads")?;
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().ok().context("it has a form")?;
    Ok(der.as_ref().to_vec())
}

fn pem(der: &[u8]) -> anyhow::Result<String> {
    let text = STANDARD.encode(der);
    let lines: Result<Vec<&str>, _> = text.as_bytes().chunks(64).map(std::str::from_utf8).collect();
    Ok(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines?.join("\n")))
}

/// What the table leaves open until a request is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    /// In seconds since 1970.
    pub(crate) now: u64,
    pub(crate) issuer: &'a str,
}

impl Moment<'_> {
    /// Fills in `{now}`, `{now+60}`, `{now-60}`, `{issuer}` and `{issuer-without-slash}` in every
    /// text. A text that is a moment and nothing else becomes a number.
    pub(crate) fn fill_in(&self, value: &mut Value) -> anyhow::Result<()> {
        match value {
            Value::String(text) => {
                let alone = text.starts_with("{now") && text.find('}') == Some(text.len() - 1);
                let filled = self.in_text(text)?;
                *value = match alone {
                    true => filled.parse::<u64>().context("a moment is a number")?.into(),
                    false => filled.into(),
                };
            }
            Value::Array(values) => values.iter_mut().try_for_each(|each| self.fill_in(each))?,
            Value::Object(members) => {
                members.values_mut().try_for_each(|each| self.fill_in(each))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn in_text(&self, text: &str) -> anyhow::Result<String> {
        let without_slash = self.issuer.trim_end_matches('/');
        let text = text.replace("{issuer-without-slash}", without_slash);
        let text = text.replace("{issuer}", self.issuer);
        let mut filled = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("{now") {
            let (offset, after) = after.split_once('}').context("a moment ends with a brace")?;
            let offset: i64 = if offset.is_empty() { 0 } else { offset.parse()? };
            filled.push_str(before);
            filled.push_str(&self.now.saturating_add_signed(offset).to_string());
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_become_numbers_and_stay_text_within_text() {
        let mut value = json!({ "exp": "{now+60}", "text": ["\"exp\":{now-60}.5"], "other": "x" });
        let moment = Moment { now: 1000, issuer: "https://a.example/" };
        moment.fill_in(&mut value).unwrap();
        assert_eq!(value, json!({ "exp": 1060, "text": ["\"exp\":940.5"], "other": "x" }));
    }

    #[test]
    fn the_rsa_key_has_the_usual_pem_form() {
        let text = pem(&public_key().unwrap()).unwrap();
        assert!(text.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"), "{text}");
    }
}
