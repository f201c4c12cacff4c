//! Reading from standard input, never without a limit.

use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

use anyhow::Context;

use crate::exit::Failure;
use crate::output;
use crate::shell;

/// Far more than any token or secret has.
const MOST_BYTES: u64 = 64 * 1024;

/// All of standard input, as text without white space around it.
pub(crate) fn read_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    let read = io::stdin().lock().take(MOST_BYTES + 1).read_to_string(&mut text);
    let length = read.context("cannot read standard input")?;
    if length as u64 > MOST_BYTES {
        return Err(Failure::trouble(format!("standard input is longer than {MOST_BYTES} bytes")));
    }
    Ok(text.trim().to_owned())
}

/// Refuses the name of a file where what it holds was meant: other programs take such a name, or
/// one behind an `@`. What is no file may be a token, and is not repeated.
pub(crate) fn not_a_file(token: &str) -> Result<(), Failure> {
    let name = token.strip_prefix('@').unwrap_or(token);
    let file = match Path::new(name).is_file() {
        true => shell::quoted(name),
        false if token.starts_with('@') => "FILE".into(),
        false => return Ok(()),
    };
    Err(Failure::trouble("this is the name of a file, and not a token")
        .hint(format!("give what the file holds: \"$(cat {file})\"")))
}

/// Standard input line by line, as the lines come, without their ends. What is not UTF-8 is replaced.
/// A line that is too long to be a token is cut, and stays too long.
#[derive(Default)]
pub(crate) struct Lines {
    read: u64,
    failed: bool,
}

impl Iterator for Lines {
    type Item = Result<String, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let mut line = Vec::new();
        let read = io::stdin().lock().take(MOST_BYTES + 1).read_until(b'\n', &mut line);
        let length = match read.context("cannot read standard input") {
            Ok(0) => return None,
            Ok(length) => length as u64,
            Err(error) => {
                self.failed = true;
                return Some(Err(error.into()));
            }
        };
        self.read += 1;
        if length > MOST_BYTES && !line.ends_with(b"\n") {
            line.pop();
            output::notice(&format!("line {} is cut after {MOST_BYTES} bytes", self.read));
            let skipped =
                io::stdin().lock().skip_until(b'\n').context("cannot read standard input");
            if let Err(error) = skipped {
                self.failed = true;
                return Some(Err(error.into()));
            }
        }
        Some(Ok(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()))
    }
}

/// A secret from standard input. It comes from a file or a program: what is typed into a terminal
/// would be seen there.
pub(crate) fn read_secret() -> Result<String, Failure> {
    piped("client secret", "pipe the secret in, or set BEARWARD_CLIENT_SECRET instead")
}

/// A password from standard input, likewise.
pub(crate) fn read_password() -> Result<String, Failure> {
    piped("password", "pipe the password in, or leave --password-stdin out: then one is made")
}

fn piped(what: &str, hint: &str) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        let noun = what.rsplit(' ').next().unwrap_or(what);
        let would_be_seen = format!("the {noun} would be seen: standard input is a terminal");
        return Err(Failure::trouble(would_be_seen).hint(hint));
    }
    let secret = read_stdin()?;
    if secret.is_empty() {
        return Err(Failure::trouble(format!("no {what}: standard input is empty")));
    }
    Ok(secret)
}
