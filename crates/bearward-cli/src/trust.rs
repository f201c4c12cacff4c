//! What makes a machine trust a CA: commands, planned whole before the first is run.

mod machine;
mod nss;
mod store;

use std::path::PathBuf;

use crate::shell::quoted;

pub(crate) use machine::Machine;

/// The CA of one tenant.
#[derive(Debug)]
pub(crate) struct Ca {
    pub(crate) file: PathBuf,
    /// What it is called where it is trusted: the same for each CA that this tenant ever has, so
    /// that a new one takes the place of the old one.
    pub(crate) label: String,
    /// Its own name; none when the file is gone.
    pub(crate) name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Trust,
    Remove,
}

/// A program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command(Vec<String>);

impl Command {
    fn new<const N: usize>(words: [&str; N]) -> Self {
        Self(words.map(str::to_owned).to_vec())
    }

    /// Run by root, whoever asks.
    fn by_root(mut self, machine: &Machine) -> Self {
        if !machine.is_root {
            self.0.insert(0, "sudo".into());
        }
        self
    }

    pub(crate) fn to_text(&self) -> String {
        self.0.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// One place where trust is kept, and what is to be done there, in this order.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: String,
    pub(crate) commands: Vec<Command>,
}

/// What is to be done, and what is not, with the reason.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) not_done: Vec<String>,
}

/// Looks at the machine and changes nothing.
pub(crate) fn plan(machine: &Machine, ca: &Ca, action: Action) -> Plan {
    let mut plan = Plan::default();
    store::plan(machine, ca, action, &mut plan);
    nss::plan(machine, ca, action, &mut plan);
    plan
}

#[cfg(test)]
mod tests;
