//! What an API answered to a call.

use std::time::Duration;

use super::text::visible_lines;
use super::{Challenge, Meaning};

/// The answer to one call, and what it means.
pub(crate) struct AnswerCard {
    /// The request: `GET http://localhost:3010/api/private`.
    pub(crate) asked: String,
    /// What went with it: "Token of Nightly report".
    pub(crate) sent: String,
    /// None where no answer came.
    pub(crate) status: Option<u16>,
    /// The reason phrase, or why no answer came.
    pub(crate) reason: String,
    pub(crate) took: Option<Duration>,
    pub(crate) challenges: Vec<Challenge>,
    /// The body, ready to be shown: see [`AnswerCard::body`].
    pub(crate) body: String,
    /// One line: what this means, and what to do next.
    pub(crate) meaning: String,
}

impl AnswerCard {
    pub(crate) fn verdict(&self) -> Meaning {
        match self.status {
            Some(200..300) => Meaning::Allowed,
            Some(400..500) => Meaning::Refused,
            _ => Meaning::Attention,
        }
    }

    pub(crate) fn word(&self) -> &'static str {
        match self.verdict() {
            Meaning::Allowed => "Allowed",
            Meaning::Refused => "Refused",
            Meaning::Attention | Meaning::Information => "No verdict",
        }
    }

    /// Tenths below ten milliseconds, where they matter.
    pub(crate) fn took_in_words(&self) -> Option<String> {
        let milliseconds = self.took?.as_secs_f64() * 1000.0;
        let places = usize::from(milliseconds < 10.0);
        Some(format!("{milliseconds:.places$} ms"))
    }

    /// A body for the card: JSON indented, invisible marks spelled out.
    pub(crate) fn body(text: &str) -> String {
        let indented = serde_json::from_str(text)
            .and_then(|value: serde_json::Value| serde_json::to_string_pretty(&value));
        visible_lines(indented.as_deref().unwrap_or(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_allowed_refused_or_neither() {
        for (status, meaning, word) in [
            (Some(200), Meaning::Allowed, "Allowed"),
            (Some(204), Meaning::Allowed, "Allowed"),
            (Some(302), Meaning::Attention, "No verdict"),
            (Some(401), Meaning::Refused, "Refused"),
            (Some(403), Meaning::Refused, "Refused"),
            (Some(503), Meaning::Attention, "No verdict"),
            (None, Meaning::Attention, "No verdict"),
        ] {
            let card = AnswerCard {
                asked: String::new(),
                sent: String::new(),
                status,
                reason: String::new(),
                took: Some(Duration::from_micros(9_749)),
                challenges: Vec::new(),
                body: String::new(),
                meaning: String::new(),
            };
            assert_eq!((card.verdict(), card.word()), (meaning, word), "{status:?}");
            assert_eq!(card.took_in_words().as_deref(), Some("9.7 ms"));
        }
    }

    #[test]
    fn a_body_is_indented_when_it_is_json() {
        assert_eq!(AnswerCard::body(r#"{"a":1}"#), "{\n  \"a\": 1\n}");
        assert_eq!(AnswerCard::body("<p>\u{202e}</p>"), "<p>\\u{202e}</p>");
    }
}
