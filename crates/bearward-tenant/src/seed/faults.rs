//! What is wrong with a seed file: every fault, each with its line and its key.

use crate::error::{TenantError, TenantErrorKind};

/// Longer ones are no slips of the finger, and comparing takes the product of both lengths.
const LONGEST_COMPARED: usize = 200;

/// Where something stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Bytes from the beginning of the file.
    pub(super) offset: usize,
    /// The table and the key, such as `[[api]] name`.
    pub(super) path: String,
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// The faults found so far.
#[derive(Clone, Debug)]
pub(super) struct Faults<'t> {
    text: &'t str,
    found: Vec<(usize, String)>,
}

impl<'t> Faults<'t> {
    pub(super) fn of(text: &'t str) -> Faults<'t> {
        Faults { text, found: Vec::new() }
    }

    pub(super) fn add(&mut self, place: &Place, what: impl std::fmt::Display) {
        let line = self.line(place.offset);
        let path = &place.path;
        let colon = if path.is_empty() { "" } else { ", " };
        self.found.push((place.offset, format!("line {line}{colon}{path}: {what}")));
    }

    /// A fault that the model finds; true where there is none.
    pub(super) fn check<T>(
        &mut self,
        place: &Place,
        checked: Result<T, impl std::fmt::Display>,
    ) -> bool {
        match checked {
            Ok(_) => true,
            Err(error) => {
                self.add(place, error);
                false
            }
        }
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        let before = self.text.bytes().take(offset);
        before.filter(|byte| *byte == b'\n').count() + 1
    }

    /// An error that tells all faults, a line each, in the order of the file; or none.
    pub(super) fn into_result(mut self) -> Result<(), TenantError> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort_by_key(|(offset, _)| *offset);
        let lines: Vec<_> = self.found.into_iter().map(|(_, line)| line).collect();
        Err(TenantError::new(TenantErrorKind::InvalidSeed, lines.join("\n")))
    }
}

/// "did you mean", or else what there is.
pub(super) fn suggestion<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    match nearest(found, &names) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("expected one of {}", shortened(&names)),
    }
}

fn nearest<'a>(found: &str, names: &[&'a str]) -> Option<&'a str> {
    let found = found.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&found, &name.to_lowercase());
    // `app` is nearer to `api` by letters, and yet short for `application`.
    let is_short_for = |name: &str| found.len() > 2 && name.to_lowercase().starts_with(&found);
    let comparable = |text: &str| text.len() <= LONGEST_COMPARED;
    names
        .iter()
        .filter(|name| comparable(&found) && comparable(name))
        .map(|name| (!is_short_for(name), distance(name), *name))
        .filter(|(other, distance, name)| !other || *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(other, distance, _)| (*other, *distance))
        .map(|(_, _, name)| name)
}

/// Enough to see what kind of thing is meant.
fn shortened(names: &[&str]) -> String {
    const MOST: usize = 12;
    let shown: Vec<_> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > MOST { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let names = ["token_lifetime", "token_lifetime_for_web", "name", "is_first_party"];
        for (found, expected) in [
            ("token_lifetim", Some("token_lifetime")),
            ("Token_Lifetime", Some("token_lifetime")),
            ("token_lifetime_for_wbe", Some("token_lifetime_for_web")),
            ("n_ame", Some("name")),
            ("first_party", Some("is_first_party")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, &names), expected, "{found}");
        }
        assert_eq!(nearest("app", &["api", "application"]), Some("application"));
        assert_eq!(nearest(&"x".repeat(201), &["x"]), None);
    }
}
