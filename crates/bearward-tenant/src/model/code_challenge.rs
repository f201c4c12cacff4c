//! PKCE: what a code is bound to, so that only who asked for it can redeem it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::secret::SecretHash;

/// Whether this can be a challenge by S256: 32 bytes in base64url.
///
/// Source: RFC 7636 section 4.2.
pub(crate) fn is_code_challenge(text: &str) -> bool {
    hash(text).is_some()
}

/// Whether this has the form of a verifier: 43 to 128 unreserved characters.
///
/// Source: RFC 7636 section 4.1.
pub(crate) fn is_code_verifier(text: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether the challenge was made from this verifier, by S256.
///
/// Source: RFC 7636 section 4.6.
pub(crate) fn challenge_matches(challenge: &str, verifier: &str) -> bool {
    hash(challenge).is_some_and(|hash| hash.matches(verifier))
}

fn hash(challenge: &str) -> Option<SecretHash> {
    SecretHash::from_bytes(&URL_SAFE_NO_PAD.decode(challenge).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_challenge_matches_its_own_verifier_alone() {
        assert!(challenge_matches(CHALLENGE, VERIFIER));
        assert!(!challenge_matches(CHALLENGE, CHALLENGE));
        assert!(!challenge_matches(VERIFIER, VERIFIER));
        assert!(!challenge_matches("", ""));
    }

    #[test]
    fn forms_are_told_apart() {
        assert!(is_code_challenge(CHALLENGE));
        for text in ["", "E9Melhoa", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"] {
            assert!(!is_code_challenge(text), "{text}");
        }
        let long = |length: usize| "~".repeat(length);
        for (text, good) in [
            (VERIFIER.to_owned(), true),
            (long(42), false),
            (long(43), true),
            (long(128), true),
            (long(129), false),
            (format!("{VERIFIER}+"), false),
            (format!("{VERIFIER}\u{e9}"), false),
        ] {
            assert_eq!(is_code_verifier(&text), good, "{text}");
        }
    }
}
