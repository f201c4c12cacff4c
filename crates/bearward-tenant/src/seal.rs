//! Signing keys at rest: encrypted, with a key that lies beside the database and not in it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;

use crate::error::{TenantError, TenantErrorKind};

const KEY_BYTES: usize = 32;

/// AES-256-GCM with a random nonce in front of what it encrypts.
///
/// A few hundred keys at most are ever sealed with one, far below the 2^32 messages that random
/// nonces allow (NIST SP 800-38D section 8.3).
pub(crate) struct Seal(RandomizedNonceKey);

impl Seal {
    /// A seal that is gone with the process.
    pub(crate) fn random() -> Result<Seal, TenantError> {
        Seal::of(&random_key()?)
    }

    /// The seal in this file, which is made, for its owner alone, when it is not there.
    pub(crate) fn from_file(file: &Path) -> Result<Seal, TenantError> {
        let mut bytes = Vec::with_capacity(KEY_BYTES);
        match File::open(file) {
            Ok(open) => {
                refuse_if_shared(file, &open)?;
                open.take(KEY_BYTES as u64 + 1)
                    .read_to_end(&mut bytes)
                    .map_err(|error| unusable(file, error))?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bytes.extend_from_slice(&random_key()?);
                write_new(file, &bytes).map_err(|error| unusable(file, error))?;
            }
            Err(error) => return Err(unusable(file, error)),
        }
        Seal::of(&bytes).map_err(|_| {
            let detail = format!(
                "expected {KEY_BYTES} bytes in the key file {}, found {} or more",
                file.display(),
                bytes.len()
            );
            TenantError::new(TenantErrorKind::InvalidData, detail)
        })
    }

    fn of(key: &[u8]) -> Result<Seal, TenantError> {
        RandomizedNonceKey::new(&AES_256_GCM, key)
            .map(Seal)
            .map_err(|error| TenantError::surroundings("the seal could not be made", error))
    }

    /// Encrypts; only what was sealed under the same `label` opens under it.
    pub(crate) fn seal(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>, TenantError> {
        let mut encrypted = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(label.as_bytes()), &mut encrypted)
            .map_err(|error| TenantError::surroundings("the key could not be sealed", error))?;
        Ok([nonce.as_ref().as_slice(), &encrypted].concat())
    }

    pub(crate) fn open(&self, label: &str, sealed: &[u8]) -> Result<Vec<u8>, TenantError> {
        let damaged = || {
            let detail = "a signing key in the database does not open with this key file";
            TenantError::new(TenantErrorKind::InvalidData, detail)
        };
        let (nonce, encrypted) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut encrypted = encrypted.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(label.as_bytes()), &mut encrypted)
            .map_err(|_| damaged())?;
        Ok(plain.to_vec())
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(redacted)")
    }
}

fn random_key() -> Result<[u8; KEY_BYTES], TenantError> {
    let mut key = [0; KEY_BYTES];
    rand::fill(&mut key).map_err(|error| {
        TenantError::surroundings("the operating system gave no randomness", error)
    })?;
    Ok(key)
}

/// Whole or not at all, and never over a file that is there: losing the key loses all that it
/// sealed.
fn write_new(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = file.with_extension("unfinished");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&unfinished)?;
    open.write_all(bytes)?;
    open.sync_all()?;
    // A link, unlike a rename, fails when another process was first.
    fs::hard_link(&unfinished, file)?;
    fs::remove_file(&unfinished)?;
    if let Some(folder) = file.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn refuse_if_shared(file: &Path, open: &File) -> Result<(), TenantError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = open.metadata().map_err(|error| unusable(file, error))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let detail = format!(
        "expected the key file {path} to be its owner's alone, found mode {mode:03o}; run `chmod \
         600 {path}` and rotate the signing keys",
        path = file.display(),
        mode = mode & 0o777
    );
    Err(TenantError::new(TenantErrorKind::InvalidData, detail))
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &Path, _: &File) -> Result<(), TenantError> {
    Ok(())
}

fn unusable(file: &Path, error: std::io::Error) -> TenantError {
    let detail = format!("the key file {} cannot be used", file.display());
    TenantError::with_source(TenantErrorKind::InvalidData, detail, error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_under_its_own_label_alone() {
        let seal = Seal::random().unwrap();
        let mut sealed = seal.seal("a", b"plain").unwrap();
        assert_eq!(seal.open("a", &sealed).unwrap(), b"plain");
        assert!(seal.open("b", &sealed).is_err());
        assert!(Seal::random().unwrap().open("a", &sealed).is_err());
        assert!(seal.open("a", &sealed[..5]).is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(seal.open("a", &sealed).is_err());
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let sealed = Seal::from_file(&file).unwrap().seal("a", b"plain").unwrap();
        assert_eq!(Seal::from_file(&file).unwrap().open("a", &sealed).unwrap(), b"plain");
        assert_eq!(fs::metadata(&file).unwrap().len(), 32);
        fs::write(&file, b"short").unwrap();
        let error = Seal::from_file(&file).unwrap_err();
        assert_eq!(error.kind(), TenantErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        Seal::from_file(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Seal::from_file(&file).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}
