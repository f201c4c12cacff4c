//! The local CA's files in a folder: kept as long as they fit, made anew when they do not.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use rustls::sign::CertifiedKey;

use super::authority::{Issued, issue};
use super::names::Names;
use super::{bundle, chain};
use crate::files::{self, Readers};

pub(crate) const CA_FILE: &str = "ca.pem";
pub(crate) const BUNDLE_FILE: &str = "bundle.pem";
const LEAF_FILE: &str = "leaf.pem";
const KEY_FILE: &str = "leaf.key";

/// Renewed this long before the end, so that programs that run for weeks learn of it in time.
const RENEWED_BEFORE: Duration = Duration::from_hours(30 * 24);

/// A folder with our own CA and the certificate that it signed.
#[derive(Debug)]
pub(crate) struct Local {
    folder: PathBuf,
    names: Names,
}

/// What a person wants to know of a CA before trusting it.
#[derive(Debug)]
pub(crate) struct CaSummary {
    pub(crate) name: String,
    /// Seconds since 1970.
    pub(crate) ends: i64,
}

impl CaSummary {
    pub(crate) fn of(path: &Path) -> anyhow::Result<Self> {
        let ca = chain::certificates(files::read(path)?.as_bytes())?;
        let (name, ends) = chain::name_and_end(ca.first().context("no certificate")?)?;
        Ok(Self { name, ends })
    }
}

/// What is served, and what has happened to it.
pub(super) struct Loaded {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) ca_pem: String,
    /// Why there is a new CA where there was an old one.
    pub(super) replaced_because: Option<String>,
}

impl Local {
    pub(crate) fn new(folder: PathBuf, names: Names) -> Self {
        Self { folder, names }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What is there, if it can go on being used; else a new CA.
    pub(super) fn load_or_make(&self, now: SystemTime) -> anyhow::Result<Loaded> {
        files::private_folder(&self.folder)?;
        let was_there = self.file(CA_FILE).exists();
        let loaded = match self.load(now, RENEWED_BEFORE) {
            Ok(loaded) => loaded,
            Err(reason) => {
                let (key, ca_pem) = self.make(now)?;
                let replaced_because = was_there.then(|| format!("{reason:#}"));
                Loaded { key, ca_pem, replaced_because }
            }
        };
        // What the system trusts may have changed since.
        files::write(
            &self.file(BUNDLE_FILE),
            &bundle::with_system_roots(&loaded.ca_pem),
            Readers::Anyone,
        )?;
        Ok(loaded)
    }

    /// What is there, or why it does not do, to be read after "the old one".
    fn load(&self, now: SystemTime, ahead: Duration) -> anyhow::Result<Loaded> {
        let unusable = |error: anyhow::Error| error.context("cannot be used");
        let ca_pem = self.read(CA_FILE).map_err(unusable)?;
        let ca = chain::certificates(ca_pem.as_bytes()).context(CA_FILE).map_err(unusable)?;
        let leaf = self.read(LEAF_FILE).and_then(|pem| chain::certificates(pem.as_bytes()));
        let leaf = leaf.context(LEAF_FILE).map_err(unusable)?;
        for certificate in ca.iter().chain(&leaf) {
            chain::check_dates(certificate, now, ahead)?;
        }
        chain::check_names(&leaf, &self.names)?;
        let ca = ca.into_iter().next().context(CA_FILE)?;
        chain::check_trusted(&leaf, ca, now).map_err(unusable)?;
        let key = self.read(KEY_FILE).and_then(|pem| chain::certified_key(leaf, pem.as_bytes()));
        let key = key.map_err(unusable)?;
        Ok(Loaded { key, ca_pem, replaced_because: None })
    }

    fn make(&self, now: SystemTime) -> anyhow::Result<(Arc<CertifiedKey>, String)> {
        let Issued { ca_pem, leaf_pem, key_pem } = issue(&self.names, now)?;
        let key =
            chain::certified_key(chain::certificates(leaf_pem.as_bytes())?, key_pem.as_bytes())?;
        // A stop in between leaves files that do not belong together: the next start makes new ones.
        files::write(&self.file(KEY_FILE), &key_pem, Readers::Owner)?;
        files::write(&self.file(LEAF_FILE), &leaf_pem, Readers::Anyone)?;
        files::write(&self.file(CA_FILE), &ca_pem, Readers::Anyone)?;
        Ok((key, ca_pem))
    }

    fn read(&self, name: &str) -> anyhow::Result<String> {
        files::read(&self.file(name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use bearward::{Clock as _, SystemClock};
    use tempfile::TempDir;

    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn local(folder: &TempDir, hosts: &[&str]) -> Local {
        let hosts = hosts.iter().map(|host| host.parse().unwrap());
        Local::new(folder.path().join("tls"), Names::with(hosts))
    }

    /// Makes a CA, does something to it, and says why the next start made another, if it did.
    fn replaced(hosts: &[&str], after: Duration, harm: impl Fn(&Local)) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let first = local(&folder, &["a.localhost"]);
        let now = SystemClock.now();
        let old = first.load_or_make(now).unwrap();
        assert_eq!(old.replaced_because, None);
        harm(&first);
        let second = local(&folder, hosts);
        let new = second.load_or_make(now + after).unwrap();
        assert_eq!(new.ca_pem != old.ca_pem, new.replaced_because.is_some());
        assert_eq!(fs::read_to_string(second.file(CA_FILE)).unwrap(), new.ca_pem);
        let third = second.load_or_make(now + after).unwrap();
        assert_eq!((third.ca_pem, third.replaced_because), (new.ca_pem, None));
        new.replaced_because.map(|reason| reason.replace(folder.path().to_str().unwrap(), ""))
    }

    #[test]
    fn what_fits_is_kept() {
        for hosts in [&["a.localhost"][..], &[]] {
            assert_eq!(replaced(hosts, DAY * 366, |_| {}), None, "{hosts:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_made_anew_and_the_reason_told() {
        let hosts = ["a.localhost"];
        let check = |hosts: &[&str], days: u32, harm: &dyn Fn(&Local), expected: &str| {
            assert_eq!(replaced(hosts, DAY * days, harm).as_deref(), Some(expected));
        };
        let nothing = |_: &Local| {};
        check(&["b.localhost"], 0, &nothing, "is not for b.localhost");
        check(&hosts, 367, &nothing, "ends in 29 d 23 h");
        check(&hosts, 400, &nothing, "ended 3 d 1 h ago");
        let remove =
            |name: &'static str| move |local: &Local| fs::remove_file(local.file(name)).unwrap();
        check(
            &hosts,
            0,
            &remove(KEY_FILE),
            "cannot be used: cannot read /tls/leaf.key: No such file or directory (os error 2)",
        );
        let break_ca = |local: &Local| fs::write(local.file(CA_FILE), "x").unwrap();
        check(
            &hosts,
            0,
            &break_ca,
            "cannot be used: ca.pem: expected certificates in PEM form, found none",
        );
        let other_key = |local: &Local| {
            let key = issue(&Names::with([]), SystemClock.now()).unwrap().key_pem;
            fs::write(local.file(KEY_FILE), key).unwrap();
        };
        let expected = "cannot be used: the private key is not that of the certificate";
        check(&hosts, 0, &other_key, expected);
        let other_ca = |local: &Local| {
            let ca = issue(&Names::with([]), SystemClock.now()).unwrap().ca_pem;
            fs::write(local.file(CA_FILE), ca).unwrap();
        };
        let expected = "cannot be used: invalid peer certificate: UnknownIssuer";
        check(&hosts, 0, &other_ca, expected);
    }

    #[cfg(unix)]
    #[test]
    fn the_private_key_is_its_owners() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let local = local(&folder, &[]);
        local.load_or_make(SystemClock.now()).unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(local.file("")), 0o700);
        assert_eq!(mode(local.file(KEY_FILE)), 0o600);
        assert_eq!(mode(local.file(CA_FILE)), 0o644);
        let left: Vec<_> = fs::read_dir(local.file("")).unwrap().collect();
        assert_eq!(left.len(), 4, "{left:?}");
    }
}
