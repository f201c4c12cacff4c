//! The parts of one object, as links.

/// One part.
pub(crate) struct Tab {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    /// Whether this is the part that is shown.
    pub(crate) current: bool,
}
