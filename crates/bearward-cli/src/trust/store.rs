//! The system's own store, which curl, Python's ssl and most programs read.

use std::path::Path;

use super::machine::Machine;
use super::{Action, Ca, Command, Plan, Step};

/// A store that is a folder of files and a program that reads it.
struct Anchors {
    system: &'static str,
    folder: &'static str,
    extension: &'static str,
    /// Reads the folder anew, whole: what is gone must not be trusted any more.
    update: [&'static str; 2],
}

const ANCHORS: [Anchors; 2] = [
    Anchors {
        system: "Debian, Ubuntu",
        folder: "usr/local/share/ca-certificates",
        extension: "crt",
        // Without --fresh it forgets neither a file that is gone nor what stood in it before.
        update: ["update-ca-certificates", "--fresh"],
    },
    Anchors {
        system: "Fedora, RHEL",
        folder: "etc/pki/ca-trust/source/anchors",
        extension: "pem",
        update: ["update-ca-trust", "extract"],
    },
];

pub(super) fn plan(machine: &Machine, ca: &Ca, action: Action, plan: &mut Plan) {
    if cfg!(target_os = "macos") {
        return keychain(machine, ca, action, plan);
    }
    let there = ANCHORS.iter().find(|anchors| machine.root.join(anchors.folder).is_dir());
    let Some(Anchors { system, folder, extension, update }) = there else {
        plan.not_done.push(format!(
            "The system's store: it is not known where this system has it. By hand: add {} to \
             the trusted root certificates.",
            ca.file.display()
        ));
        return;
    };
    let file = machine.root.join(folder).join(format!("{}.{extension}", ca.label));
    if action == Action::Remove && !file.exists() {
        plan.not_done.push("The system's store: it is not in there.".into());
        return;
    }
    let [source, file] = [text(&ca.file), text(&file)];
    let first = match action {
        Action::Trust => Command::new(["install", "-m", "0644", "--", &source, &file]),
        Action::Remove => Command::new(["rm", "-f", "--", &file]),
    };
    let commands = [first, Command::new(*update)];
    if !machine.is_root && !machine.has("sudo", "-V") {
        let lines = commands.each_ref().map(Command::to_text).join("\n");
        plan.not_done.push(format!(
            "The system's store: only root may change it, and there is no sudo. As root, run\n\
             {lines}"
        ));
        return;
    }
    let commands = commands.map(|command| command.by_root(machine)).to_vec();
    plan.steps.push(Step { place: format!("The system's store ({system})"), commands });
}

/// The keychain of the person who asks: no other user of the machine trusts the CA.
fn keychain(machine: &Machine, ca: &Ca, action: Action, plan: &mut Plan) {
    let Some(home) = &machine.home else {
        plan.not_done.push("The keychain: it is not known where your home folder is.".into());
        return;
    };
    let keychain = text(&home.join("Library/Keychains/login.keychain-db"));
    let command = match (action, &ca.name) {
        (Action::Trust, _) => Command::new([
            "security",
            "add-trusted-cert",
            "-r",
            "trustRoot",
            "-k",
            &keychain,
            &text(&ca.file),
        ]),
        (Action::Remove, Some(name)) => {
            Command::new(["security", "delete-certificate", "-c", name, "-t", &keychain])
        }
        (Action::Remove, None) => {
            plan.not_done.push(
                "The keychain: the CA's file is gone, and with it its name. By hand: delete the \
                 certificates that begin with `bearward local CA` in Keychain Access."
                    .into(),
            );
            return;
        }
    };
    if action == Action::Trust {
        plan.not_done.push(
            "The keychain keeps CAs that this tenant had before. They harm nobody, for their keys \
             are gone; delete them in Keychain Access."
                .into(),
        );
    }
    plan.steps.push(Step { place: "Your keychain (macOS)".into(), commands: vec![command] });
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
