use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

use bearward_testkit::keys;
use tempfile::TempDir;

use super::*;
use crate::keys::remote::tests::logged;

const MAX_STALE: Duration = Duration::from_secs(24 * 60 * 60);
const FETCHED: u64 = 1_767_225_600;

struct Folder(TempDir);

impl Folder {
    fn file(&self) -> PathBuf {
        self.0.path().join("keys.json")
    }

    fn store(&self) -> Store {
        let issuer = Issuer::new("https://issuer.example/").unwrap();
        Store::of(&issuer.warm_start_file(self.file()).unwrap()).unwrap()
    }

    /// With the file of a fetch.
    fn with_file() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        let store = folder.store();
        store.keep(Some(keys::jwks_text(&[keys::stranger()]).into()), at(FETCHED));
        store.flush_now();
        folder
    }

    fn change(&self, name: &str, value: impl Into<serde_json::Value>) {
        let mut content: serde_json::Value =
            serde_json::from_slice(&fs::read(self.file()).unwrap()).unwrap();
        content[name] = value.into();
        fs::write(self.file(), content.to_string()).unwrap();
    }

    fn mode(&self, mode: u32) {
        fs::set_permissions(self.file(), Permissions::from_mode(mode)).unwrap();
    }

    fn read_at(&self, unix_seconds: u64) -> Result<Kept, String> {
        self.store().0.read(at(unix_seconds), MAX_STALE).map_err(|error| error.to_string())
    }
}

fn at(unix_seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

#[test]
fn what_is_written_is_read_with_its_age() {
    let kept = Folder::with_file().read_at(FETCHED + 100).unwrap();
    assert_eq!(kept.age, Duration::from_secs(100));
    assert!(kept.set == JwkSet::parse(keys::jwks_text(&[keys::stranger()]).as_bytes()).unwrap());
}

#[test]
fn times_are_believed_within_their_bounds() {
    let max_stale = MAX_STALE.as_secs();
    for (now, age) in [
        (FETCHED - 61, Err("it is from the future")),
        (FETCHED - 60, Ok(0)),
        (FETCHED, Ok(0)),
        (FETCHED + max_stale - 1, Ok(max_stale - 1)),
        (FETCHED + max_stale, Err("it is 86400 s old, too old to be used")),
    ] {
        let read = Folder::with_file().read_at(now).map(|kept| kept.age.as_secs());
        assert_eq!(read, age.map_err(str::to_owned), "{now}");
    }
}

/// What is done to the file, and how the reason begins for which it is not used.
type Fault = (fn(&Folder), &'static str);

const FAULTS: [Fault; 18] = [
    (
        |folder| {
            let elsewhere = folder.0.path().join("elsewhere");
            fs::rename(folder.file(), &elsewhere).unwrap();
            symlink(elsewhere, folder.file()).unwrap();
        },
        "it is a symbolic link",
    ),
    (
        |folder| {
            fs::remove_file(folder.file()).unwrap();
            fs::create_dir(folder.file()).unwrap();
        },
        "it is not a regular file",
    ),
    (
        |folder| {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            fs::remove_file(folder.file()).unwrap();
            mknodat(CWD, folder.file(), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        },
        "it is not a regular file",
    ),
    (|folder| folder.mode(0o640), "its mode is 0640, expected 0600"),
    (|folder| folder.mode(0o604), "its mode is 0604, expected 0600"),
    (|folder| folder.mode(0o620), "its mode is 0620, expected 0600"),
    (|folder| folder.mode(0o602), "its mode is 0602, expected 0600"),
    (|folder| folder.mode(0o700), "its mode is 0700, expected 0600"),
    (|folder| folder.mode(0o4600), "its mode is 4600, expected 0600"),
    (|folder| folder.change("more", " ".repeat(1024 * 1024)), "it is larger than 1048576 bytes"),
    (|folder| fs::write(folder.file(), "keys").unwrap(), "expected value"),
    (|folder| fs::write(folder.file(), "").unwrap(), "EOF while parsing"),
    (|folder| folder.change("version", 2), "expected version 1, found 2"),
    (
        |folder| folder.change("issuer", "https://else.example/"),
        "expected issuer https://issuer.example/, found https://else.example/",
    ),
    (
        |folder| folder.change("address", "https://issuer.example/jwks"),
        "expected address https://issuer.example/, found https://issuer.example/jwks",
    ),
    (|folder| folder.change("fetched_unix_seconds", -1), "invalid value"),
    (|folder| folder.change("key_set", "text"), "no JWK set: it is not a JSON object"),
    (
        |folder| {
            let text = fs::read_to_string(folder.file()).unwrap();
            let twice = text.replacen('{', "{\"issuer\":\"https://issuer.example/\",", 1);
            fs::write(folder.file(), twice).unwrap();
        },
        "duplicate field",
    ),
];

#[test]
fn a_file_that_another_could_have_made_is_not_used_for_the_reason_told() {
    for (spoil, reason) in FAULTS {
        let folder = Folder::with_file();
        spoil(&folder);
        let Err(found) = folder.read_at(FETCHED) else { panic!("it is used: {reason}") };
        assert!(found.starts_with(reason), "{found}; expected {reason}");
    }
    // Only the system's administrator can give a file away.
    let folder = Folder::with_file();
    if chown(folder.file(), Some(1), None).is_ok() {
        let Err(found) = folder.read_at(FETCHED) else { panic!("a file of another user is used") };
        assert!(found.starts_with("it belongs to user 1, expected "), "{found}");
    }
}

#[test]
fn a_file_within_its_bounds_is_used() {
    type Harmless = fn(&Folder);
    let harmless: [Harmless; 4] = [
        |folder| folder.mode(0o400),
        |folder| folder.change("more", 1),
        |folder| {
            let mut text = fs::read(folder.file()).unwrap();
            text.resize(1_048_576, b' ');
            fs::write(folder.file(), text).unwrap();
        },
        |_| {},
    ];
    for change in harmless {
        let folder = Folder::with_file();
        change(&folder);
        assert!(folder.read_at(FETCHED).is_ok());
    }
}

#[test]
fn a_set_that_is_confirmed_is_written_anew() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let store = folder.store();
    store.keep(Some(br#"{"keys":[]}"#.to_vec()), at(FETCHED));
    store.flush_now();
    store.keep(None, at(FETCHED + 100));
    store.flush_now();
    assert_eq!(folder.read_at(FETCHED + 100).unwrap().age, Duration::ZERO);
}

#[test]
fn nothing_is_written_that_was_not_noted() {
    let folder = Folder::with_file();
    fs::remove_file(folder.file()).unwrap();
    let store = folder.store();
    store.flush_now();
    assert!(!folder.file().exists());
    store.forget();
    store.flush_now();
    assert!(!store.state().latest_failed, "what is to be removed may be gone already");
}

#[test]
fn trouble_with_the_file_is_told_once_and_a_file_that_is_not_there_yet_is_none() {
    logged(|log| {
        let folder = Folder(tempfile::tempdir().unwrap());
        let store = folder.store();
        assert!(store.read_now(at(FETCHED), MAX_STALE).is_none());
        assert!(log.take().is_empty());
        fs::create_dir(folder.file()).unwrap();
        assert!(store.read_now(at(FETCHED), MAX_STALE).is_none());
        assert_eq!(log.take(), ["WARN the warm-start file is not used"]);
        for _ in 0..3 {
            store.forget();
            store.flush_now();
        }
        assert_eq!(log.take(), ["WARN the warm-start file cannot be written"]);
        assert!(store.state().latest_failed, "a folder is not removed as a file");
    });
}

#[test]
fn an_attempt_that_failed_leaves_nothing_behind() {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::create_dir(folder.file()).unwrap();
    let store = folder.store();
    store.keep(Some(br#"{"keys":[]}"#.to_vec()), at(FETCHED));
    store.flush_now();
    assert!(store.state().latest_failed);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1);
    fs::remove_dir(folder.file()).unwrap();
    store.keep(None, at(FETCHED));
    store.flush_now();
    assert!(!store.state().latest_failed);
    assert!(folder.read_at(FETCHED).is_ok());
}
