//! A field of a form: its label, control, hint, and what was wrong with what was sent.

/// One field. Its name is its id, so it stands once on a page.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) control: Control,
    pub(crate) value: String,
    /// One sentence; may be empty.
    pub(crate) hint: &'static str,
    /// What was expected, and what was found.
    pub(crate) fault: Option<String>,
    pub(crate) required: bool,
    /// Set in the font of identifiers.
    pub(crate) mono: bool,
    /// HTML's word for what a browser may fill in; may be empty.
    pub(crate) autocomplete: &'static str,
    pub(crate) focused: bool,
}

/// What the reader types into or picks from.
pub(crate) enum Control {
    /// One line, with the input's type: `text`, `email`, `password`, `number`, `url`.
    Line(&'static str),
    /// So many lines.
    Lines(u8),
    /// One of these: value and name.
    Choice(Vec<(String, String)>),
}

impl Field {
    /// A line of text that must be filled in.
    pub(crate) fn new(name: &'static str, label: &'static str) -> Field {
        Field {
            name,
            label,
            control: Control::Line("text"),
            value: String::new(),
            hint: "",
            fault: None,
            required: true,
            mono: false,
            autocomplete: "off",
            focused: false,
        }
    }

    pub(crate) fn value(self, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..self }
    }

    pub(crate) fn hint(self, hint: &'static str) -> Field {
        Field { hint, ..self }
    }

    pub(crate) fn fault(self, fault: Option<String>) -> Field {
        Field { fault, ..self }
    }

    pub(crate) fn control(self, control: Control) -> Field {
        Field { control, ..self }
    }

    /// May be left empty.
    pub(crate) fn optional(self) -> Field {
        Field { required: false, ..self }
    }

    /// An identifier: set in the font of code, and never spell-checked.
    pub(crate) fn mono(self) -> Field {
        Field { mono: true, ..self }
    }

    pub(crate) fn autocomplete(self, autocomplete: &'static str) -> Field {
        Field { autocomplete, ..self }
    }

    /// The one where the reader begins.
    pub(crate) fn focused(self) -> Field {
        Field { focused: true, ..self }
    }

    pub(crate) fn is_described(&self) -> bool {
        self.fault.is_some() || !self.hint.is_empty()
    }
}
