//! A row's token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::Algorithm;
use bearward::sign::SigningKey;
use serde_json::Value;

use super::{Edit, Encoding, Fill, TokenSpec};
use crate::keys;
use crate::mint::Mint;

/// The key of this crate with this name.
pub(super) fn named_key(name: &str) -> SigningKey {
    if name == "stranger" {
        return keys::stranger();
    }
    let algorithm = Algorithm::ALL.into_iter().find(|each| each.name().to_lowercase() == name);
    keys::signing_key(algorithm.unwrap_or_else(|| panic!("there is no key {name}")))
}

impl TokenSpec {
    /// The same with this address for `{attacker}` in its header.
    pub(super) fn naming(&self, attacker: &str) -> TokenSpec {
        let mut named = self.clone();
        for value in named.header.values_mut() {
            if let Value::String(text) = value {
                *text = text.replace("{attacker}", attacker);
            }
        }
        named
    }

    /// The finished token.
    ///
    /// # Panics
    /// When it names a key that is none, or the cryptographic library cannot sign.
    ///
    /// # Example
    /// See [`TokenSpec`].
    #[must_use]
    pub fn make(&self, mint: &Mint) -> String {
        if let Some(raw) = &self.raw {
            return self.fill.fill_in(raw);
        }
        let mut token = mint.token();
        if !self.key.is_empty() {
            token = token.key(named_key(&self.key));
        }
        for (name, value) in &self.header {
            token = token.header(name, value.clone());
        }
        for name in &self.without_header {
            token = token.without_header(name);
        }
        for (name, value) in &self.claims {
            token = token.claim(name, value.clone());
        }
        for name in &self.without {
            token = token.without(name);
        }
        if self.pad > 0 {
            token = token.claim("pad", "x".repeat(self.pad));
        }
        if self.pad_header > 0 {
            token = token.header("pad", "x".repeat(self.pad_header));
        }
        if self.depth > 0 {
            let nested = (1..self.depth)
                .fold(Value::Array(Vec::new()), |inner, _| Value::Array(vec![inner]));
            token = token.claim("nested", nested);
        }
        for i in 0..self.members {
            token = token.claim(&format!("m{i}"), 0);
        }
        let inside = |text: String| {
            text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).map(str::to_owned)
        };
        if let Some(text) = &self.header_text {
            let header = inside(token.header_as_text()).unwrap_or_default();
            token = token.header_text(self.fill.fill_in(text).replace("{header}", &header));
        }
        let claims = inside(token.claims_text()).unwrap_or_default();
        if self.claims_text.is_some() || !self.claims_bytes.is_empty() {
            let text = self.claims_text.clone().unwrap_or_else(|| "{{claims}}".into());
            let mut bytes = self.fill.fill_in(&text).replace("{claims}", &claims).into_bytes();
            bytes.extend(unhex(&self.claims_bytes));
            token = token.payload_text(bytes);
        }
        if let Some(encoding) = self.encoding {
            let bytes = encoding.bytes(&token.claims_text());
            token = token.payload_text(bytes);
        }
        match (&self.signature, self.edit) {
            (Some(signature), _) => token.with_signature(signature),
            (None, Some(edit)) => edit.apply(&token.sign()),
            (None, None) => token.sign(),
        }
    }
}

impl Fill {
    /// The text with this in place of `{fill}`.
    pub(super) fn fill_in(&self, text: &str) -> String {
        text.replace("{fill}", &self.text.repeat(self.times))
    }
}

impl Encoding {
    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16BigEndian => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf32 => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        }
    }
}

pub(super) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)).collect()
}

impl Edit {
    fn apply(self, token: &str) -> String {
        let (signed, signature) = token.rsplit_once('.').expect("a signed token has dots");
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("a signature is base64url");
        match self {
            Edit::Flip => {
                if let Some(byte) = bytes.first_mut() {
                    *byte ^= 1;
                }
            }
            Edit::DropLastByte => {
                bytes.pop();
            }
            Edit::AppendByte => bytes.push(0),
            Edit::PrefixByte => bytes.insert(0, 0),
            Edit::DropSignature => return format!("{signed}."),
            Edit::DropLastPart => return signed.to_owned(),
            Edit::Detach => {
                let header = signed.split('.').next().unwrap_or_default();
                return format!("{header}..{signature}");
            }
            Edit::TrailingBits => return format!("{signed}.{}", other_text(signature)),
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// The same bytes with the lowest, unused bit of the last character set.
fn other_text(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (start, last) = text.split_at(text.len() - 1);
    let value = ALPHABET.iter().position(|c| last.as_bytes() == [*c]);
    let other = value.and_then(|value| ALPHABET.get(value | 1)).copied();
    format!("{start}{}", char::from(other.expect("base64url")))
}
