//! The folder that the tenant keeps everything in, or forgets with it.

use std::path::{Path, PathBuf, absolute};

use anyhow::Context;
use tempfile::TempDir;

use crate::files;

/// Where it is. A folder that nobody named is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Data {
    path: PathBuf,
    temporary: Option<TempDir>,
}

impl Data {
    /// The folder that was named, made if it is not there; else one for this run alone.
    pub(crate) fn open(named: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(path) = named {
            let path = absolute(path).context("the data folder has no place")?;
            files::private_folder(&path)?;
            return Ok(Self { path, temporary: None });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix("bearward-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let temporary = builder.tempdir().context("cannot make a temporary folder")?;
        Ok(Self { path: temporary.path().to_owned(), temporary: Some(temporary) })
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

/// Where the certificates of a data folder are.
pub(crate) fn tls_folder(data: &Path) -> PathBuf {
    data.join("tls")
}
