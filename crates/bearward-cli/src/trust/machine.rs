//! The machine whose trust is asked for: where its files are, who we are, how programs are run.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use super::Command;
use crate::config;

pub(crate) struct Machine {
    /// `/`, but for tests.
    pub(super) root: PathBuf,
    pub(super) home: Option<PathBuf>,
    pub(super) is_root: bool,
    programs: Box<dyn Programs>,
}

/// Other programs, so that a test can watch what would be run.
pub(super) trait Programs {
    /// Runs it; its output is the person's to read. Whether it went well.
    fn run(&self, command: &Command) -> io::Result<bool>;

    /// Runs something that changes nothing, unseen: what it printed, if it went well.
    fn ask(&self, command: &Command) -> io::Result<Option<String>>;
}

impl Machine {
    /// This one.
    pub(crate) fn this() -> Self {
        Self::with("/".into(), config::home(), Box::new(RealPrograms))
    }

    pub(super) fn with(root: PathBuf, home: Option<PathBuf>, programs: Box<dyn Programs>) -> Self {
        let id = programs.ask(&Command::new(["id", "-u"]));
        let is_root = matches!(id, Ok(Some(id)) if id.trim() == "0");
        Self { root, home, is_root, programs }
    }

    /// Whether there is such a program; `question` is something harmless to ask it.
    pub(super) fn has(&self, program: &str, question: &str) -> bool {
        self.programs.ask(&Command::new([program, question])).is_ok()
    }

    /// Whether a harmless question to a program is answered with yes.
    pub(super) fn says_yes(&self, command: &Command) -> bool {
        matches!(self.programs.ask(command), Ok(Some(_)))
    }

    /// Runs a command of a plan.
    pub(crate) fn run(&self, command: &Command) -> anyhow::Result<()> {
        match self.programs.run(command) {
            Ok(true) => Ok(()),
            Ok(false) => anyhow::bail!("it failed"),
            Err(error) => Err(anyhow::Error::new(error).context("it could not be started")),
        }
    }
}

struct RealPrograms;

impl RealPrograms {
    fn command(command: &Command) -> io::Result<std::process::Command> {
        let [program, arguments @ ..] = command.0.as_slice() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut process = std::process::Command::new(program);
        process.args(arguments);
        Ok(process)
    }
}

impl Programs for RealPrograms {
    fn run(&self, command: &Command) -> io::Result<bool> {
        Ok(Self::command(command)?.status()?.success())
    }

    fn ask(&self, command: &Command) -> io::Result<Option<String>> {
        let output = Self::command(command)?.stdin(Stdio::null()).output()?;
        let text = || String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(output.status.success().then(text))
    }
}
