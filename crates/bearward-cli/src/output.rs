//! Everything that is printed goes through here: colour only on a terminal, no control characters
//! from elsewhere, and a reader that has gone away (`| head`) is no error.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const QUIET: Style = Style::new().dimmed();
pub(crate) const ALLOWED: Style = AnsiColor::Green.on_default();
pub(crate) const REFUSED: Style = AnsiColor::Red.on_default();
pub(crate) const ATTENTION: Style = AnsiColor::Yellow.on_default();

/// Prints the result of a command.
pub(crate) fn result(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    forgive_closed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Whether a person at a terminal reads what is printed.
pub(crate) fn is_seen() -> bool {
    io::stdout().is_terminal()
}

/// Tells a person about a result, beside it. A script that captures stderr is not told.
pub(crate) fn aside(text: &str) {
    if io::stderr().is_terminal() {
        let mut stderr = anstream::stderr().lock();
        // Whoever closed stderr does not want to be told.
        let _ = writeln!(stderr, "{QUIET}{text}{QUIET:#}");
    }
}

/// Says something about the run on stderr, whoever reads it.
pub(crate) fn notice(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Asks a person something, who answers in the same line.
pub(crate) fn ask(question: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
}

/// `error: what`, then details, then `hint: how to mend it`. Each is one line, whatever an issuer
/// put into it: a second line could pass for a hint of ours.
pub(crate) fn error(what: &str, details: &[String], hint: Option<&str>) {
    let mut stderr = anstream::stderr().lock();
    let bold = REFUSED.bold();
    let _ = writeln!(stderr, "{bold}error:{bold:#} {}", one_line(what));
    for detail in details {
        let _ = writeln!(stderr, "  {}", one_line(detail));
    }
    if let Some(hint) = hint {
        let _ = writeln!(stderr, "{ATTENTION}hint:{ATTENTION:#} {}", one_line(hint));
    }
}

/// Somebody else's text, fit for a terminal: control and direction characters become escapes.
/// Line breaks stay where they are.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            // As JSON has it, so that JSON stays JSON.
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// The same in one line, for a text that stands beside one of ours.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

/// Controls (C0 but the line feed, DEL, C1), and the marks that turn or hide text.
fn is_unprintable(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}' | '\u{ad}')
        || matches!(character, '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn forgive_closed(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::{one_line, printable};

    #[test]
    fn text_from_elsewhere_cannot_steer_the_terminal() {
        assert_eq!(printable("plain ü 熊\nline"), "plain ü 熊\nline");
        assert_eq!(printable("\x1b[2J\r\x07"), "\\u001b[2J\\u000d\\u0007");
        assert_eq!(printable("a\u{9b}31m\u{7f}"), "a\\u009b31m\\u007f");
        assert_eq!(printable("abc\u{202e}fed"), "abc\\u202efed");
        assert_eq!(printable("a\u{ad}\u{e0041}"), "a\\u00ad\\udb40\\udc41");
    }

    #[test]
    fn text_from_elsewhere_cannot_add_a_line() {
        assert_eq!(one_line("no\nhint: run this\r"), "no\\nhint: run this\\u000d");
    }
}
