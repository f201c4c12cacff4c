use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;

use tempfile::TempDir;

use super::machine::Programs;
use super::*;

/// A machine in a folder. Only what works on files in that folder is run for real.
struct Pretended {
    folder: TempDir,
    programs: Vec<&'static str>,
    nicknames: Vec<&'static str>,
    ran: Rc<RefCell<Vec<String>>>,
}

struct Watched {
    user: &'static str,
    programs: Vec<&'static str>,
    nicknames: Vec<&'static str>,
    ran: Rc<RefCell<Vec<String>>>,
}

impl Programs for Watched {
    fn run(&self, command: &Command) -> io::Result<bool> {
        self.ran.borrow_mut().push(command.to_text());
        let mut words = command.0.iter().filter(|word| *word != "sudo");
        let program = words.next().unwrap();
        if !["install", "rm"].contains(&program.as_str()) {
            return Ok(true);
        }
        Ok(std::process::Command::new(program).args(words).status()?.success())
    }

    fn ask(&self, command: &Command) -> io::Result<Option<String>> {
        let words: Vec<_> = command.0.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["id", "-u"] => Ok(Some(format!("{}\n", self.user))),
            ["certutil", "-L", .., nickname] => {
                Ok(self.nicknames.contains(nickname).then(String::new))
            }
            [program, _] if self.programs.contains(program) => Ok(None),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Pretended {
    fn new(folders: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for path in folders {
            fs::create_dir_all(folder.path().join(path)).unwrap();
            fs::write(folder.path().join(path).join("cert9.db"), "").unwrap();
        }
        fs::write(folder.path().join("ca.pem"), "a CA").unwrap();
        Self { folder, programs: vec!["sudo", "certutil"], nicknames: vec![], ran: Rc::default() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn machine(&self, user: &'static str) -> Machine {
        let watched = Watched {
            user,
            programs: self.programs.clone(),
            nicknames: self.nicknames.clone(),
            ran: self.ran.clone(),
        };
        Machine::with(self.path().into(), Some(self.path().join("home")), Box::new(watched))
    }

    fn ca(&self) -> Ca {
        let name = Some("bearward local CA".into());
        Ca { file: self.path().join("ca.pem"), label: "bearward-1".into(), name }
    }

    /// Plans, and gives the plan as lines; runs nothing.
    fn plan(&self, user: &'static str, action: Action) -> Vec<String> {
        let plan = plan(&self.machine(user), &self.ca(), action);
        let mut lines = Vec::new();
        for step in plan.steps {
            lines.push(format!("{}:", step.place));
            lines.extend(step.commands.iter().map(Command::to_text));
        }
        lines.extend(plan.not_done.iter().map(|reason| format!("not done: {reason}")));
        let folder = self.path().to_str().unwrap();
        lines.iter().map(|line| line.replace(folder, "")).collect()
    }
}

const DEBIAN: &str = "usr/local/share/ca-certificates";
const FEDORA: &str = "etc/pki/ca-trust/source/anchors";
const NO_DATABASE: &str = "not done: Firefox and Chromium: you have no NSS database of theirs.";

#[test]
#[cfg(not(target_os = "macos"))]
fn each_system_has_its_own_commands() {
    let expected = |[place, first, second]: [&'static str; 3]| [place, first, second, NO_DATABASE];
    assert_eq!(
        Pretended::new(&[DEBIAN]).plan("1000", Action::Trust),
        expected([
            "The system's store (Debian, Ubuntu):",
            "sudo install -m 0644 -- /ca.pem /usr/local/share/ca-certificates/bearward-1.crt",
            "sudo update-ca-certificates --fresh",
        ])
    );
    assert_eq!(
        Pretended::new(&[FEDORA]).plan("0", Action::Trust),
        expected([
            "The system's store (Fedora, RHEL):",
            "install -m 0644 -- /ca.pem /etc/pki/ca-trust/source/anchors/bearward-1.pem",
            "update-ca-trust extract",
        ])
    );
    let unknown = Pretended::new(&[]).plan("0", Action::Trust);
    assert!(unknown[0].starts_with("not done: The system's store: it is not known"), "{unknown:?}");
}

#[test]
#[cfg(not(target_os = "macos"))]
fn without_sudo_the_commands_are_for_root_to_run() {
    let mut machine = Pretended::new(&[DEBIAN]);
    machine.programs.clear();
    assert_eq!(
        machine.plan("1000", Action::Trust)[0],
        "not done: The system's store: only root may change it, and there is no sudo. As root, run\n\
         install -m 0644 -- /ca.pem /usr/local/share/ca-certificates/bearward-1.crt\n\
         update-ca-certificates --fresh"
    );
}

#[test]
fn every_nss_database_is_seen_to() {
    let mut machine = Pretended::new(&[
        "home/.pki/nssdb",
        "home/.mozilla/firefox/b.default",
        "home/.mozilla/firefox/a.work",
    ]);
    let places = |lines: &[String]| {
        let place = |line: &&String| line.starts_with("The NSS database");
        lines.iter().filter(place).cloned().collect::<Vec<_>>()
    };
    let lines = machine.plan("0", Action::Trust);
    assert_eq!(
        places(&lines),
        [
            "The NSS database /home/.pki/nssdb:",
            "The NSS database /home/.mozilla/firefox/a.work:",
            "The NSS database /home/.mozilla/firefox/b.default:",
        ]
    );
    let add = "certutil -A -d sql:/home/.pki/nssdb -n bearward-1 -t C,, -i /ca.pem";
    let delete = "certutil -D -d sql:/home/.pki/nssdb -n bearward-1";
    assert!(lines.contains(&add.into()) && !lines.contains(&delete.into()), "{lines:?}");
    let removed = machine.plan("0", Action::Remove);
    assert_eq!(places(&removed), [""; 0]);
    assert!(removed.iter().any(|line| line.ends_with("nssdb: it is not in there.")), "{removed:?}");

    machine.nicknames.push("bearward-1");
    let again = machine.plan("0", Action::Trust);
    let at = |line: &str| again.iter().position(|each| each == line).unwrap();
    assert!(at(delete) < at(add), "{again:?}");
    let removed = machine.plan("0", Action::Remove);
    assert!(removed.contains(&delete.into()) && !removed.contains(&add.into()), "{removed:?}");

    machine.programs.clear();
    let lines = machine.plan("0", Action::Trust);
    assert_eq!(places(&lines), [""; 0]);
    assert!(lines.iter().any(|line| line.contains("certutil is not there")), "{lines:?}");
}

#[test]
#[cfg(not(target_os = "macos"))]
fn what_was_installed_is_removed_again() {
    let pretended = Pretended::new(&[DEBIAN]);
    let file = pretended.path().join(DEBIAN).join("bearward-1.crt");
    let carry_out = |action| {
        let machine = pretended.machine("0");
        for step in plan(&machine, &pretended.ca(), action).steps {
            step.commands.iter().for_each(|command| machine.run(command).unwrap());
        }
    };
    carry_out(Action::Trust);
    assert_eq!(fs::read_to_string(&file).unwrap(), "a CA");
    carry_out(Action::Remove);
    assert!(!file.exists());
    assert_eq!(pretended.ran.borrow().len(), 4);
    let lines = pretended.plan("0", Action::Remove);
    assert_eq!(lines[0], "not done: The system's store: it is not in there.");
}
