//! The folder that the tenant keeps everything in, or forgets with it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf, absolute};

use anyhow::Context;
use tempfile::TempDir;

use crate::exit::Failure;
use crate::files;

/// Where it is. A folder that nobody named is removed when this is dropped, and one that was named
/// may be served by another from then on.
#[derive(Debug)]
pub(crate) struct Data {
    path: PathBuf,
    temporary: Option<TempDir>,
    /// Held while it is served: two servers would each say who the issuer is, and each replace the
    /// other's certificates. Programs that only look after the tenant do not mind it.
    _served: Option<File>,
}

impl Data {
    /// The folder that was named, made if it is not there; else one for this run alone.
    pub(crate) fn open(named: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = named {
            let path = absolute(path).context("the data folder has no place")?;
            files::private_folder(&path)?;
            let served = Some(lock(&path)?);
            return Ok(Self { path, temporary: None, _served: served });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix("bearward-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let temporary = builder.tempdir().context("cannot make a temporary folder")?;
        let path = temporary.path().to_owned();
        Ok(Self { path, temporary: Some(temporary), _served: None })
    }

    /// The folder, if what is in it will be there at the next start.
    pub(crate) fn kept(&self) -> Option<&Path> {
        self.temporary.is_none().then_some(&*self.path)
    }

    /// Where certificates are.
    pub(crate) fn tls(&self) -> PathBuf {
        tls_folder(&self.path)
    }
}

/// The system lets go of it when the process ends, however that comes about.
fn lock(folder: &Path) -> Result<File, Failure> {
    let file = folder.join("serving");
    let open = File::create(&file).with_context(|| format!("cannot write {}", file.display()))?;
    match open.try_lock() {
        Ok(()) => Ok(open),
        Err(TryLockError::WouldBlock) => {
            let what = format!("another tenant is served from {} already", folder.display());
            Err(Failure::trouble(what).hint("end that one, or name another folder with --data"))
        }
        Err(TryLockError::Error(error)) => Err(anyhow::Error::from(error)
            .context(format!("cannot lock {}", file.display()))
            .into()),
    }
}

/// Where the certificates of a data folder are.
pub(crate) fn tls_folder(data: &Path) -> PathBuf {
    data.join("tls")
}
