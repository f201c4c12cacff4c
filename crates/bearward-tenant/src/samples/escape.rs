//! How a value is written inside a string of each language, so that it cannot leave it.
//!
//! The templates write `"..."` around a value (the shell's: `'...'`). What is left as it is, is
//! printable ASCII: nothing hides in a sample, and no reader of a file can take it for the end of
//! a line. Java reads `\u000a` as a line feed before it looks for strings, so it gets octal ones.

/// Inside `'...'` nothing is special but the quote itself.
pub(super) fn shell(text: &str) -> String {
    text.replace('\'', r"'\''")
}

pub(super) fn csharp(text: &str) -> String {
    escaped(text, "", utf16)
}

pub(super) fn go(text: &str) -> String {
    escaped(text, "", eight_digits)
}

pub(super) fn java(text: &str) -> String {
    escaped(text, "", |char| if char.is_ascii() { octal(char) } else { utf16(char) })
}

pub(crate) fn javascript(text: &str) -> String {
    escaped(text, "", utf16)
}

/// `?` too: `??/` is a backslash to some C compilers.
pub(super) fn objective_c(text: &str) -> String {
    escaped(text, "", octal).replace("??", r"?\?")
}

/// `$` starts a variable.
pub(super) fn php(text: &str) -> String {
    escaped(text, "$", braced)
}

pub(crate) fn python(text: &str) -> String {
    escaped(text, "", eight_digits)
}

/// `#` starts an expression.
pub(super) fn ruby(text: &str) -> String {
    escaped(text, "#", braced)
}

/// `\(` starts an expression; the backslash is escaped anyway.
pub(super) fn swift(text: &str) -> String {
    escaped(text, "", braced)
}

pub(crate) fn rust(text: &str) -> String {
    escaped(text, "", braced)
}

/// A backslash before `\`, `"` and the language's own `special` characters; `other` writes what is
/// not printable ASCII.
fn escaped(text: &str, special: &str, other: fn(char) -> String) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | '"' => escaped.extend(['\\', char]),
            _ if special.contains(char) => escaped.extend(['\\', char]),
            ' '..='~' => escaped.push(char),
            _ => escaped.push_str(&other(char)),
        }
    }
    escaped
}

fn utf16(char: char) -> String {
    char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn eight_digits(char: char) -> String {
    format!("\\U{:08x}", u32::from(char))
}

fn braced(char: char) -> String {
    format!("\\u{{{:x}}}", u32::from(char))
}

fn octal(char: char) -> String {
    char.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:03o}")).collect()
}
