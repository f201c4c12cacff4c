//! How the program ends: its exit codes, and what it says when something went wrong.

use std::process::ExitCode;

use crate::output;

/// The only exit codes there are. Wrong usage that the argument parser finds ends with 2 as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Yes: what was asked for was done.
    Yes = 0,
    /// No: the token or the client was refused.
    Refused = 1,
    /// Neither: wrong usage, or trouble with the surroundings.
    Trouble = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what was asked for, and how to mend it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    error: anyhow::Error,
    details: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// The answer is no.
    pub(crate) fn refused(what: impl Into<String>) -> Self {
        Self {
            exit: Exit::Refused,
            error: anyhow::Error::msg(what.into()),
            details: Vec::new(),
            hint: None,
        }
    }

    /// There is no answer: wrong usage, or the surroundings failed.
    pub(crate) fn trouble(what: impl Into<String>) -> Self {
        anyhow::Error::msg(what.into()).into()
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// More than one line has to say.
    pub(crate) fn details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    /// Says which variable the error is about. A flag has just been typed and needs no reminder.
    pub(crate) fn named_by(mut self, name: &'static str) -> Self {
        if !name.starts_with("--") {
            self.error = self.error.context(name);
        }
        self
    }

    /// Prints the error, its causes and the hint on stderr.
    pub(crate) fn report(&self) -> Exit {
        output::error(&format!("{:#}", self.error), &self.details, self.hint.as_deref());
        self.exit
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self { exit: Exit::Trouble, error, details: Vec::new(), hint: None }
    }
}
