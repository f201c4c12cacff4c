//! One request in one language, for the code tabs.

/// A sample of code.
pub(crate) struct Sample {
    pub(crate) language: Language,
    pub(crate) pieces: Vec<SamplePiece>,
    /// A line below the code: what it needs, or that it was not run here. May be empty.
    pub(crate) note: String,
}

/// A stretch of code.
pub(crate) struct SamplePiece {
    pub(crate) text: String,
    /// Whether it is a value of the reader's own, which is marked.
    pub(crate) own: bool,
}

impl Sample {
    /// A sample from a text in which each of these values is the reader's own.
    pub(crate) fn new(language: Language, code: &str, own: &[&str]) -> Sample {
        let mut pieces = Vec::new();
        let mut rest = code;
        while let Some((at, value)) = own
            .iter()
            .filter(|value| !value.is_empty())
            .filter_map(|value| Some((rest.find(value)?, *value)))
            .min_by_key(|(at, value)| (*at, std::cmp::Reverse(value.len())))
        {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            if !before.is_empty() {
                pieces.push(SamplePiece { text: before.to_owned(), own: false });
            }
            pieces.push(SamplePiece { text: value.to_owned(), own: true });
            rest = after.strip_prefix(value).unwrap_or_default();
        }
        if !rest.is_empty() {
            pieces.push(SamplePiece { text: rest.to_owned(), own: false });
        }
        Sample { language, pieces, note: String::new() }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Sample {
        Sample { note: note.into(), ..self }
    }
}

/// The languages of Auth0's quickstart, and Rust; then those of whole programs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    Curl,
    CSharp,
    Go,
    Java,
    NodeJs,
    ObjectiveC,
    Php,
    Python,
    Ruby,
    Swift,
    Rust,
    Axum,
    Flask,
    Express,
}

impl Language {
    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::CSharp => "C#",
            Language::Go => "Go",
            Language::Java => "Java",
            Language::NodeJs => "Node.js",
            Language::ObjectiveC => "Objective-C",
            Language::Php => "PHP",
            Language::Python => "Python",
            Language::Ruby => "Ruby",
            Language::Swift => "Swift",
            Language::Rust => "Rust",
            Language::Axum => "axum",
            Language::Flask => "Flask",
            Language::Express => "Express",
        }
    }

    /// For ids and for what the browser remembers.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::CSharp => "csharp",
            Language::Go => "go",
            Language::Java => "java",
            Language::NodeJs => "nodejs",
            Language::ObjectiveC => "objectivec",
            Language::Php => "php",
            Language::Python => "python",
            Language::Ruby => "ruby",
            Language::Swift => "swift",
            Language::Rust => "rust",
            Language::Axum => "axum",
            Language::Flask => "flask",
            Language::Express => "express",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_values_are_marked_and_nothing_is_lost() {
        for (code, own, marked) in [
            ("curl URL -H TOKEN", &["URL", "TOKEN"][..], &["URL", "TOKEN"][..]),
            ("http://a http://a/b", &["http://a", "http://a/b"], &["http://a", "http://a/b"]),
            ("nothing", &["", "x"], &[]),
            ("", &["x"], &[]),
        ] {
            let sample = Sample::new(Language::Curl, code, own);
            let whole: String = sample.pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(whole, code);
            let found: Vec<&str> =
                sample.pieces.iter().filter(|p| p.own).map(|p| p.text.as_str()).collect();
            assert_eq!(found, marked);
        }
    }
}
