//! The folder of a tenant, and the files in it, kept from others.

use std::fs;
use std::path::Path;

use crate::error::{TenantError, TenantErrorKind};

/// Makes the folder, for its owner alone. One that is there stays as it is: whoever made it may
/// have had a reason, such as a group of its own. But somebody who may write there can put another
/// database in place of this one.
pub(crate) fn make(folder: &Path) -> Result<(), TenantError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, "made", error))?;
    warn_if_anyone_may_write(folder);
    Ok(())
}

#[cfg(unix)]
fn warn_if_anyone_may_write(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if folder.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o002 != 0) {
        let folder = folder.display();
        tracing::warn!(
            "anyone on this machine may put files of their own into the data folder {folder}; run \
             `chmod o-w {folder}`"
        );
    }
}

#[cfg(not(unix))]
fn warn_if_anyone_may_write(_: &Path) {}

/// Makes the database file, when it is not there, and sees to it that nobody but its owner reads
/// it or what lies beside it: it holds hashes of passwords. SQLite gives the files that it makes
/// beside it the same mode.
#[cfg(unix)]
pub(crate) fn keep_private(database: &Path) -> Result<(), TenantError> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let failed = |error| unusable(database, "kept from others", error);
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true).mode(0o600).open(database).map_err(failed)?;
    for suffix in ["", "-wal", "-shm"] {
        let mut file = database.as_os_str().to_owned();
        file.push(suffix);
        let Ok(metadata) = fs::metadata(&file) else { continue };
        if metadata.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
    }
    Ok(())
}

/// Without modes, the folder in a user's own profile says who may read.
#[cfg(not(unix))]
pub(crate) fn keep_private(_: &Path) -> Result<(), TenantError> {
    Ok(())
}

fn unusable(path: &Path, what: &str, error: std::io::Error) -> TenantError {
    let detail = format!("{} in the data folder cannot be {what}", path.display());
    TenantError::with_source(TenantErrorKind::InvalidData, detail, error)
}
