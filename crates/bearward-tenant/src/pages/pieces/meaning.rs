//! The four meanings that have a colour.

/// What a colour means. Each comes with a sign and a word, so that nothing hangs on the colour alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    Allowed,
    Refused,
    Attention,
    Information,
}

impl Meaning {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Meaning::Allowed => "is-allowed",
            Meaning::Refused => "is-refused",
            Meaning::Attention => "is-attention",
            Meaning::Information => "is-information",
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Meaning::Allowed => "✓",
            Meaning::Refused => "✗",
            Meaning::Attention => "!",
            Meaning::Information => "i",
        }
    }

    /// Whether a screen reader should say it at once.
    pub(crate) fn is_trouble(self) -> bool {
        matches!(self, Meaning::Refused | Meaning::Attention)
    }
}
