//! One request in one language, for the code tabs.

/// A sample of code.
pub(crate) struct Sample {
    /// What names the language in ids and in what the browser remembers: `csharp`.
    pub(crate) id: &'static str,
    /// What a person reads: `C#`.
    pub(crate) name: &'static str,
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
    pub(crate) fn new(id: &'static str, name: &'static str, code: &str, own: &[&str]) -> Sample {
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
        Sample { id, name, pieces, note: String::new() }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Sample {
        Sample { note: note.into(), ..self }
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
            let sample = Sample::new("curl", "curl", code, own);
            let whole: String = sample.pieces.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(whole, code);
            let found: Vec<&str> =
                sample.pieces.iter().filter(|p| p.own).map(|p| p.text.as_str()).collect();
            assert_eq!(found, marked);
        }
    }
}
