//! What stands around every page of the dashboard.

use crate::pages::CsrfToken;
use crate::pages::pieces::Meaning;

/// What `layout/dashboard.html` needs to know.
pub(crate) struct Frame {
    /// Where the reader is.
    pub(crate) section: Section,
    /// For the button that logs out, and for the forms of the page.
    pub(crate) csrf: CsrfToken,
    /// What just happened.
    pub(crate) flash: Option<Flash>,
}

impl Frame {
    /// A frame without a flash line.
    pub(crate) fn new(section: Section, csrf: CsrfToken) -> Frame {
        Frame { section, csrf, flash: None }
    }
}

/// The parts of the dashboard, in the order of the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    GetStarted,
    Apis,
    Applications,
    UsersAndRoles,
    Activity,
    SigningKeys,
}

impl Section {
    pub(crate) const ALL: [Section; 6] = [
        Section::GetStarted,
        Section::Apis,
        Section::Applications,
        Section::UsersAndRoles,
        Section::Activity,
        Section::SigningKeys,
    ];

    /// The name in the navigation, in Auth0's words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::GetStarted => "Get started",
            Section::Apis => "APIs",
            Section::Applications => "Applications",
            Section::UsersAndRoles => "Users & Roles",
            Section::Activity => "Activity",
            Section::SigningKeys => "Signing keys",
        }
    }

    /// Where the section begins.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Section::GetStarted => "/",
            Section::Apis => "/apis",
            Section::Applications => "/applications",
            Section::UsersAndRoles => "/users",
            Section::Activity => "/activity",
            Section::SigningKeys => "/keys",
        }
    }
}

/// One line about what just happened, and what to do next.
pub(crate) struct Flash {
    pub(crate) meaning: Meaning,
    /// One word: "Saved", "Refused".
    pub(crate) word: &'static str,
    /// One sentence.
    pub(crate) says: String,
    /// Label and address of the next step.
    pub(crate) next: Option<(String, String)>,
}
