//! A JWK set, key by key: an unusable key is skipped and named, never fatal to the set.

mod weak;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::algorithm::{Algorithm, KeyFamily};
use crate::json::{JsonError, JsonLimits, Object, Value, parse_set};

/// The public keys of an issuer, as a JWK set publishes them.
///
/// Checked key by key: `kty`, `crv` and `alg` known, members complete, RSA of 2048 to 8192 bits
/// with an odd exponent of at least 3, EC coordinates of full length, `use` and `key_ops` fit for
/// verifying, no private member, no `oct` key, none of the keys for which others can sign: RSA
/// moduli of a weak chip (CVE-2017-15361), Ed25519 points of small order. What fails is skipped;
/// the rest of the set works.
/// Certificates (`x5c`, `x5u`) are not read.
///
/// # Example
/// ```
/// use bearward::JwkSet;
/// let set = JwkSet::parse(br#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#).unwrap();
/// assert_eq!(set.usable(), 0);
/// assert_eq!(set.skipped().count(), 1);
/// assert!(JwkSet::parse(b"<html>").is_err());
/// ```
///
/// Source: RFC 7517 section 5, RFC 7518 section 6, RFC 8037 section 2.
#[derive(Clone, Default, PartialEq)]
pub struct JwkSet {
    pub(crate) keys: Vec<Jwk>,
    skipped: Vec<SkippedKey>,
}

/// One usable public key.
#[derive(Clone, PartialEq)]
pub(crate) struct Jwk {
    pub(crate) kid: Option<Box<str>>,
    /// The algorithms it may be used with: one where the JWK says `alg`, else its family's.
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) material: Material,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Point { bytes: Vec<u8> },
}

/// A key of the set that is not used, and why.
///
/// # Example
/// ```
/// # use bearward::JwkSet;
/// let set = JwkSet::parse(br#"{"keys":[{"kty":"oct","k":""}]}"#).unwrap();
/// let skipped = set.skipped().next().unwrap();
/// assert_eq!(skipped.to_string(), "key without kid: kty is oct, a shared secret");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedKey {
    kid: Option<Box<str>>,
    why: &'static str,
}

/// A text that is no JWK set. Nothing of it was used.
///
/// # Example
/// ```
/// let error = bearward::JwkSet::parse(b"[]").unwrap_err();
/// assert_eq!(error.to_string(), "no JWK set: it is not a JSON object");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwkSetError(String);

/// The most keys in a set. Large identity providers publish fewer than ten.
pub(crate) const MOST_KEYS: usize = 100;

/// A key has about ten members; certificates sit in arrays.
const LIMITS: JsonLimits = JsonLimits { depth: 8, members: MOST_KEYS * 64 };

/// Members that only a private key has (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl JwkSet {
    /// Reads the text of a JWK set.
    ///
    /// # Errors
    /// When the text is not one strict JSON object with an array `keys` of at most 100 objects.
    ///
    /// # Example
    /// ```
    /// let set = bearward::JwkSet::parse(br#"{"keys":[]}"#).unwrap();
    /// assert_eq!(set.usable(), 0);
    /// ```
    pub fn parse(text: &[u8]) -> Result<JwkSet, JwkSetError> {
        let refuse = |why: &dyn fmt::Display| JwkSetError(format!("no JWK set: {why}"));
        let set = parse_set(text, LIMITS).map_err(|error| refuse(&error))?;
        if set.ambiguous {
            return Err(refuse(&JsonError::DuplicateMember));
        }
        let Some(Value::Array(keys)) = set.get("keys") else {
            return Err(refuse(&"expected an array named keys"));
        };
        if keys.len() > MOST_KEYS {
            return Err(refuse(&format_args!("{} keys, at most {MOST_KEYS}", keys.len())));
        }
        let mut out = JwkSet::default();
        for key in keys {
            let kid = match key {
                Value::Object(key) => text_member(key, "kid").ok().flatten().map(Box::from),
                _ => None,
            };
            match read_key(key) {
                Ok(jwk) => out.keys.push(jwk),
                Err(why) => out.skipped.push(SkippedKey { kid, why }),
            }
        }
        Ok(out)
    }

    /// How many keys of the set can verify signatures.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward::JwkSet::default().usable(), 0);
    /// ```
    #[must_use]
    pub fn usable(&self) -> usize {
        self.keys.len()
    }

    /// The keys that are not used, each with the reason.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward::JwkSet::default().skipped().count(), 0);
    /// ```
    pub fn skipped(&self) -> impl Iterator<Item = &SkippedKey> {
        self.skipped.iter()
    }
}

impl SkippedKey {
    pub(crate) fn new(kid: Option<Box<str>>, why: &'static str) -> SkippedKey {
        SkippedKey { kid, why }
    }
}

fn read_key(key: &Value<'_>) -> Result<Jwk, &'static str> {
    let Value::Object(key) = key else { return Err("it is not an object") };
    if key.ambiguous {
        return Err("a member stands in it twice");
    }
    let kty = text_member(key, "kty")?.ok_or("it has no kty")?;
    if kty == "oct" {
        return Err("kty is oct, a shared secret");
    }
    if PRIVATE.iter().any(|name| member(key, name).is_some()) {
        return Err("it holds the private key: whoever reads the set can sign, replace the key");
    }
    fit_for_verifying(key)?;
    let (family, material) = match kty {
        "RSA" => (KeyFamily::Rsa, rsa(key)?),
        "EC" => ec(key)?,
        "OKP" => okp(key)?,
        _ => return Err("its kty is not known"),
    };
    let mut algorithms: Vec<Algorithm> =
        Algorithm::ALL.into_iter().filter(|algorithm| algorithm.family() == family).collect();
    if let Some(name) = text_member(key, "alg")? {
        algorithms.retain(|algorithm| same_key_algorithm(*algorithm, name));
        if algorithms.is_empty() {
            return Err("its alg is not known or does not fit its kty");
        }
    }
    Ok(Jwk { kid: text_member(key, "kid")?.map(Box::from), algorithms, material })
}

/// A key published as `EdDSA` also serves tokens that say `Ed25519` and the other way round: the
/// two names mean the same computation (RFC 9864 section 2.2).
fn same_key_algorithm(algorithm: Algorithm, name: &str) -> bool {
    match Algorithm::from_name(name) {
        Some(Algorithm::Ed25519 | Algorithm::EdDsa) => {
            matches!(algorithm, Algorithm::Ed25519 | Algorithm::EdDsa)
        }
        named => named == Some(algorithm),
    }
}

/// RFC 7517 sections 4.2 and 4.3.
fn fit_for_verifying(key: &Object<'_>) -> Result<(), &'static str> {
    let usage = text_member(key, "use")?;
    if usage.is_some_and(|text| text != "sig") {
        return Err("its use is not sig");
    }
    let ops = match member(key, "key_ops") {
        None => return Ok(()),
        Some(Value::Array(ops)) => ops,
        Some(_) => return Err("its key_ops is not an array"),
    };
    let is = |op: &Value<'_>, name: &str| matches!(op, Value::String(op) if op == name);
    if !ops.iter().any(|op| is(op, "verify")) {
        return Err("its key_ops do not hold verify");
    }
    if usage.is_some() && !ops.iter().all(|op| is(op, "verify") || is(op, "sign")) {
        return Err("its use and its key_ops contradict each other");
    }
    Ok(())
}

/// RFC 7518 section 6.3.1, with the size limits of sections 3.3 and 3.5 and our own upper one: a
/// larger modulus costs the verifier more than any issuer has reason to ask.
fn rsa(key: &Object<'_>) -> Result<Material, &'static str> {
    let n = integer(key, "n")?;
    let e = integer(key, "e")?;
    let bits = n.len() * 8 - n.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !(2048..=8192).contains(&bits) {
        return Err("its modulus is outside 2048 to 8192 bits");
    }
    let odd = e.last().is_some_and(|byte| byte % 2 == 1);
    if !odd || e == [1] || e.len() > 4 {
        return Err("its exponent is not an odd number from 3 to 2^32");
    }
    if weak::from_weak_chip(&n) {
        return Err("its modulus is one that others can factor (CVE-2017-15361): replace the key");
    }
    Ok(Material::Rsa { n, e })
}

/// RFC 7518 section 6.2.1: full-length coordinates. That the point is on the curve is checked
/// when the key is parsed.
fn ec(key: &Object<'_>) -> Result<(KeyFamily, Material), &'static str> {
    let crv = text_member(key, "crv")?.ok_or("it has no crv")?;
    for family in Algorithm::ALL.map(Algorithm::family) {
        let KeyFamily::Ec { crv: name, coordinate_bytes } = family else { continue };
        if name != crv {
            continue;
        }
        let (x, y) = (bytes(key, "x")?, bytes(key, "y")?);
        if x.len() != coordinate_bytes || y.len() != coordinate_bytes {
            return Err("its coordinates do not have the length of its curve");
        }
        return Ok((family, Material::Point { bytes: [&[4], x.as_slice(), &y].concat() }));
    }
    Err("its crv is not known")
}

/// RFC 8037 section 2.
fn okp(key: &Object<'_>) -> Result<(KeyFamily, Material), &'static str> {
    let crv = text_member(key, "crv")?.ok_or("it has no crv")?;
    for family in Algorithm::ALL.map(Algorithm::family) {
        let KeyFamily::Okp { crv: name, key_bytes } = family else { continue };
        if name != crv {
            continue;
        }
        let x = bytes(key, "x")?;
        if x.len() != key_bytes {
            return Err("its x does not have the length of its curve");
        }
        if weak::of_small_order(&x) {
            return Err("its point has a small order: anybody can sign for it, replace the key");
        }
        return Ok((family, Material::Point { bytes: x }));
    }
    Err("its crv is not known")
}

/// A member that has a value: some issuers write `null` for what they leave out.
fn member<'o, 'a>(key: &'o Object<'a>, name: &str) -> Option<&'o Value<'a>> {
    key.get(name).filter(|value| **value != Value::Null)
}

fn text_member<'o>(key: &'o Object<'_>, name: &str) -> Result<Option<&'o str>, &'static str> {
    match member(key, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err("a member that must be a string is not"),
    }
}

fn bytes(key: &Object<'_>, name: &str) -> Result<Vec<u8>, &'static str> {
    let text = text_member(key, name)?.ok_or("a member of its key is missing")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "a member of its key is not unpadded base64url")
}

/// A big-endian integer without the leading zero bytes that some issuers send.
fn integer(key: &Object<'_>, name: &str) -> Result<Vec<u8>, &'static str> {
    let bytes = bytes(key, name)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes.get(zeros..).unwrap_or_default().to_vec())
}

impl fmt::Debug for JwkSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwkSet")
            .field("usable", &self.keys.len())
            .field("skipped", &self.skipped)
            .finish()
    }
}

impl fmt::Display for SkippedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kid {
            Some(kid) => write!(f, "key {}: {}", crate::rejection::shown(kid), self.why),
            None => write!(f, "key without kid: {}", self.why),
        }
    }
}

impl fmt::Display for JwkSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JwkSetError {}
