//! The NSS databases that Firefox and Chromium read instead of the system's store.

use std::fs;
use std::path::{Path, PathBuf};

use super::machine::Machine;
use super::{Action, Ca, Command, Plan, Step};

/// Where a home folder has one database.
const SINGLE: &str = ".pki/nssdb";

/// Where a home folder has one database for each profile of Firefox.
const PROFILES: [&str; 3] = [
    ".mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    "Library/Application Support/Firefox/Profiles",
];

/// The file that makes a folder a database. Older ones, before 2018, are not looked at.
const DATABASE: &str = "cert9.db";

pub(super) fn plan(machine: &Machine, ca: &Ca, action: Action, plan: &mut Plan) {
    let databases = machine.home.as_deref().map(databases).unwrap_or_default();
    if databases.is_empty() {
        plan.not_done.push("Firefox and Chromium: you have no NSS database of theirs.".into());
        return;
    }
    if !machine.has("certutil", "-H") {
        plan.not_done.push(
            "Firefox and Chromium: certutil is not there. Install libnss3-tools (Debian, Ubuntu), \
             nss-tools (Fedora) or nss (Homebrew), then run this again."
                .into(),
        );
        return;
    }
    for folder in databases {
        let database = format!("sql:{}", folder.display());
        let known = Command::new(["certutil", "-L", "-d", &database, "-n", &ca.label]);
        let mut commands = Vec::new();
        // A new CA under an old name is refused, so the old one goes first.
        if machine.says_yes(&known) {
            commands.push(Command::new(["certutil", "-D", "-d", &database, "-n", &ca.label]));
        }
        if action == Action::Trust {
            let file = ca.file.to_string_lossy();
            let add =
                ["certutil", "-A", "-d", &database, "-n", &ca.label, "-t", "C,,", "-i", &file];
            commands.push(Command::new(add));
        }
        let place = format!("The NSS database {}", folder.display());
        if commands.is_empty() {
            plan.not_done.push(format!("{place}: it is not in there."));
        } else {
            plan.steps.push(Step { place, commands });
        }
    }
}

fn databases(home: &Path) -> Vec<PathBuf> {
    let profiles = PROFILES.iter().filter_map(|folder| fs::read_dir(home.join(folder)).ok());
    let mut profiles: Vec<_> = profiles.flatten().flatten().map(|entry| entry.path()).collect();
    profiles.sort();
    let all = [home.join(SINGLE)].into_iter().chain(profiles);
    all.filter(|folder| folder.join(DATABASE).is_file()).collect()
}
