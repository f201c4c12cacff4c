//! Files that hold something for the next start: folders of one's own, whole files or none.

use std::fs::{DirBuilder, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

/// A file of certificates has some kilobytes; that of a whole system some hundred.
const MOST_BYTES: u64 = 1024 * 1024;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Anyone,
}

/// Makes a folder that only its owner can enter. One that is there already stays as it is.
pub(crate) fn private_folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make the folder {}", path.display()))
}

/// A whole text file, up to a limit.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let cannot_read = || format!("cannot read {}", path.display());
    let mut text = String::new();
    let file = File::open(path).with_context(cannot_read)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).with_context(cannot_read)?;
    let is_short = text.len() as u64 <= MOST_BYTES;
    ensure!(is_short, "{} is larger than {MOST_BYTES} bytes", path.display());
    Ok(text)
}

/// Puts a whole file in place of an old one: whoever reads it meanwhile, or finds it after a
/// crash, has the one or the other.
pub(crate) fn write(path: &Path, text: &str, readers: Readers) -> anyhow::Result<()> {
    let folder = path.parent().context("a file needs a folder")?;
    let put = || {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        open_to(&file, readers)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync_folder(folder)
    };
    put().with_context(|| format!("cannot write {}", path.display()))
}

/// A temporary file begins as its owner's alone.
#[cfg(unix)]
fn open_to(file: &NamedTempFile, readers: Readers) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match readers {
        Readers::Owner => Ok(()),
        Readers::Anyone => file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)),
    }
}

/// Without modes, the folder in a user's own profile says who may read.
#[cfg(not(unix))]
fn open_to(_: &NamedTempFile, _: Readers) -> std::io::Result<()> {
    Ok(())
}

/// The new name of a file is on the disk only once its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A folder cannot be opened there.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
