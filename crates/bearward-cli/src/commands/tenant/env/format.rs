//! Variables as a file `.env`, as commands for a shell, or as JSON.

use std::fmt::Write as _;

use anyhow::Context;
use serde_json::{Map, Value};

use crate::args::EnvFormat;
use crate::shell::quoted;

pub(super) fn to_text(variables: &[(&str, String)], format: EnvFormat) -> anyhow::Result<String> {
    let mut text = String::new();
    for (name, value) in variables {
        // Writing to a String cannot fail.
        let _ = match format {
            EnvFormat::Dotenv => writeln!(text, "{name}={}", in_dotenv(value)),
            EnvFormat::Export => writeln!(text, "export {name}={}", quoted(value)),
            EnvFormat::Json => break,
        };
    }
    if format == EnvFormat::Json {
        let fields = variables.iter();
        let object: Map<_, _> =
            fields.map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        text = serde_json::to_string_pretty(&object).context("cannot write JSON")? + "\n";
    }
    Ok(text)
}

/// What shells and readers of `.env` files take for the same: in single quotes nothing has a
/// meaning. They differ on how a single quote is written there, so that such a value stands in
/// double quotes, where a shell needs four characters escaped.
fn in_dotenv(value: &str) -> String {
    if !value.contains('\'') {
        return quoted(value);
    }
    let mut text = String::from("\"");
    for character in value.chars() {
        if matches!(character, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(character);
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_for_its_format() {
        let variables =
            [("A", "a/b:1".to_owned()), ("B", "a b$c".into()), ("C", "it's `x`".into())];
        for (format, expected) in [
            (EnvFormat::Dotenv, "A=a/b:1\nB='a b$c'\nC=\"it's \\`x\\`\"\n"),
            (EnvFormat::Export, "export A=a/b:1\nexport B='a b$c'\nexport C='it'\\''s `x`'\n"),
            (
                EnvFormat::Json,
                "{\n  \"A\": \"a/b:1\",\n  \"B\": \"a b$c\",\n  \"C\": \"it's `x`\"\n}\n",
            ),
        ] {
            assert_eq!(to_text(&variables, format).unwrap(), expected);
        }
    }
}
