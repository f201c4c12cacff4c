//! What a form of the dashboard sends.

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::done::Done;

/// The fields of a form, in their order; a name may come several times.
#[derive(Default)]
pub(super) struct Sent(Vec<(String, String)>);

/// A box of a matrix that was ticked or cleared.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) row: String,
    pub(super) column: String,
    pub(super) granted: bool,
}

impl Sent {
    /// The text of a field, without white space around it; empty when it did not come.
    pub(super) fn trimmed(&self, name: &str) -> &str {
        self.text(name).trim()
    }

    /// The text of a field as it was typed.
    pub(super) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Whether the switch of this name is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.text(name) == "on"
    }

    /// The lines of a field that are not empty.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.text(name).lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// What a matrix sends: one change from its script, or all boxes that it showed.
    pub(super) fn changes(&self) -> Vec<Change> {
        let change = |cell: &str, granted| {
            let (row, column) = cell.split_once(' ')?;
            Some(Change { row: row.to_owned(), column: column.to_owned(), granted })
        };
        if self.is_from_script() {
            return change(self.text("change"), self.is_on("granted")).into_iter().collect();
        }
        let ticked: Vec<&str> = self.all("granted").collect();
        self.all("shown").filter_map(|cell| change(cell, ticked.contains(&cell))).collect()
    }

    /// The answer once the changes are kept: nothing for the script, this page for a form.
    pub(super) fn kept(&self, page: &str) -> Response {
        if self.is_from_script() {
            return StatusCode::NO_CONTENT.into_response();
        }
        Done::Kept.at(page)
    }

    fn is_from_script(&self) -> bool {
        self.all("change").next().is_some()
    }

    /// Every value of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Sent, Response> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|Form(fields)| Sent(fields)).map_err(IntoResponse::into_response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        Sent(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn a_matrix_sends_one_change_or_all_that_it_showed() {
        let change = |row: &str, granted| Change { row: row.into(), column: "x".into(), granted };
        for (fields, changes) in [
            (&[("change", "a x"), ("granted", "on")][..], vec![change("a", true)]),
            (&[("change", "a x"), ("granted", "off")], vec![change("a", false)]),
            (&[("change", "ax"), ("granted", "on")], vec![]),
            (
                &[("granted", "a x"), ("shown", "a x"), ("shown", "b x"), ("granted", "c x")],
                vec![change("a", true), change("b", false)],
            ),
            (&[], vec![]),
        ] {
            assert_eq!(sent(fields).changes(), changes, "{fields:?}");
        }
    }

    #[test]
    fn lines_are_those_that_say_something() {
        assert_eq!(sent(&[("a", " x \r\n\r\n y\n")]).lines("a"), ["x", "y"]);
        assert!(sent(&[]).lines("a").is_empty());
    }
}
