//! Reading from standard input, never without a limit.

use std::io::{self, Read};

use anyhow::Context;

use crate::exit::Failure;

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
