//! Lists of things: columns for a person at a terminal, values with a tab between for a script.

use std::fmt::Write as _;

use crate::output::{self, STRONG, one_line};

/// What a terminal has when nobody has made it wider.
const COLUMNS: usize = 80;

/// Shorter than this nothing is recognised.
const NARROWEST: usize = 8;

const GAP: &str = "  ";

/// Rows under a heading.
pub(crate) struct Table<const N: usize> {
    heading: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// What came from elsewhere cannot steer the terminal, and stays in its row.
    pub(crate) fn new(
        heading: [&'static str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        let safe = |row: [String; N]| row.map(|cell| one_line(&cell));
        Self { heading, rows: rows.into_iter().map(safe).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For whoever reads standard output.
    pub(crate) fn to_text(&self) -> String {
        if output::is_seen() { self.to_columns() } else { self.to_lines() }
    }

    /// Whole values with a tab between, and no heading.
    fn to_lines(&self) -> String {
        self.rows.iter().map(|row| row.join("\t") + "\n").collect()
    }

    /// Aligned, in 80 columns; what does not fit is shortened in the middle.
    fn to_columns(&self) -> String {
        let widths = self.widths();
        let mut text = String::new();
        let line = |cells: [&str; N]| {
            let cells = cells.iter().zip(widths);
            let cells: Vec<_> = cells.map(|(cell, width)| fitted(cell, width)).collect();
            cells.join(GAP).trim_end().to_owned()
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{STRONG}{}{STRONG:#}", line(self.heading));
        for row in &self.rows {
            let _ = writeln!(text, "{}", line(row.each_ref().map(String::as_str)));
        }
        text
    }

    /// As wide as the widest cell; then the widest column gives until all fit.
    fn widths(&self) -> [usize; N] {
        let mut widths = self.heading.map(length);
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = length(cell).max(*width);
            }
        }
        let room = COLUMNS.saturating_sub(GAP.len() * N.saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            match widths.iter_mut().max_by_key(|width| **width) {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }
}

/// Names and values of one thing: aligned for a person, with a tab between for a script. A name
/// that is empty goes on with the one before.
pub(crate) fn record(fields: &[(&str, String)]) -> String {
    let widest = fields.iter().map(|(name, _)| length(name)).max().unwrap_or_default();
    let seen = output::is_seen();
    let field = |(name, value): &(&str, String)| {
        let value = one_line(value);
        let name = if seen { format!("{name:widest$}{GAP}") } else { format!("{name}\t") };
        format!("{name}{value}").trim_end().to_owned() + "\n"
    };
    fields.iter().map(field).collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Exactly this wide.
fn fitted(text: &str, width: usize) -> String {
    let length = length(text);
    if length <= width {
        return format!("{text:width$}");
    }
    let kept = width.saturating_sub(1);
    let head: String = text.chars().take(kept.div_ceil(2)).collect();
    let tail: String = text.chars().skip(length - kept / 2).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns<const N: usize>(heading: [&'static str; N], rows: &[[&str; N]]) -> Vec<String> {
        let rows = rows.iter().map(|row| row.map(ToOwned::to_owned));
        let text = Table::new(heading, rows).to_columns();
        let plain = anstream::adapter::strip_str(&text).to_string();
        plain.lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(
            columns(["name", "id"], &[["Messages", "a"], ["é", "b c"]]),
            ["name      id", "Messages  a", "é         b c"]
        );
    }

    #[test]
    fn what_is_too_wide_is_shortened_in_the_middle() {
        let long = "https://a-very-long-name.of-an-api.example.com/with/a/path/that/goes/on/v1";
        let lines = columns(["name", "identifier", "n"], &[["Messages and more", long, "12"]]);
        assert_eq!(
            lines,
            [
                "name               identifier                                                 n",
                "Messages and more  https://a-very-long-name.of-…/with/a/path/that/goes/on/v1  12",
            ]
        );
    }

    #[test]
    fn a_script_gets_whole_values() {
        let rows = [["a\tb".to_owned(), "x".repeat(100)], ["c\nd\u{1b}".to_owned(), "y".into()]];
        let lines = Table::new(["name", "id"], rows).to_lines();
        assert_eq!(lines, format!("a\\u0009b\t{}\nc\\nd\\u001b\ty\n", "x".repeat(100)));
    }
}
