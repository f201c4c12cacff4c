//! The one source of randomness: the operating system's.

use crate::error::TenantError;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The largest multiple of 62 that a byte can hold; bytes from here on would favour the first letters.
const FAIR: u8 = 248;

/// A text of `length` random letters and digits, each worth 5.95 bits.
///
/// Letters and digits alone, so that it stands in a URL, a shell or a Basic header without quoting,
/// and never begins with a dash.
pub(crate) fn letters_and_digits(length: usize) -> Result<String, TenantError> {
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while text.len() < length {
        getrandom::fill(&mut bytes).map_err(|error| {
            TenantError::surroundings("the operating system gave no randomness", error)
        })?;
        let letters = bytes
            .iter()
            .filter(|byte| **byte < FAIR)
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 62)))
            .map(|letter| char::from(*letter));
        text.extend(letters.take(length - text.len()));
    }
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_length_and_is_never_the_same() {
        for length in [0, 1, 32, 64, 1000] {
            let text = letters_and_digits(length).unwrap();
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        assert_ne!(letters_and_digits(32).unwrap(), letters_and_digits(32).unwrap());
    }
}
