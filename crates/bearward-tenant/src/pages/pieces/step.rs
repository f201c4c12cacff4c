//! One step of a decision, for the trail.

/// A step: what was asked, and how it went.
pub(crate) struct Step {
    pub(crate) outcome: Outcome,
    /// What was looked at: "The application has a grant for this API".
    pub(crate) what: String,
    /// What was found; may be empty.
    pub(crate) found: String,
    pub(crate) mend: Mend,
}

/// How a step went.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Held,
    Failed,
    /// A step before it failed.
    Unasked,
}

/// What to do about a step that failed.
pub(crate) enum Mend {
    None,
    /// A page where it is done.
    Open {
        label: String,
        href: String,
    },
    /// A button that does it.
    Apply {
        label: String,
        action: String,
        fields: Vec<(String, String)>,
    },
}

impl Outcome {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Outcome::Held => "held",
            Outcome::Failed => "failed",
            Outcome::Unasked => "unasked",
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Outcome::Held => "✓",
            Outcome::Failed => "✗",
            Outcome::Unasked => "·",
        }
    }

    /// For those who do not see the sign.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Outcome::Held => "holds",
            Outcome::Failed => "fails",
            Outcome::Unasked => "not asked",
        }
    }
}
