//! The types of applications, in Auth0's words.

use crate::model::ApplicationType;

/// What a person reads of a type: its name, and which programs are of it.
pub(super) struct TypeWords {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
}

pub(super) fn words(app_type: ApplicationType) -> TypeWords {
    let (name, says) = match app_type {
        ApplicationType::Native => (
            "Native",
            "A program on a person's device: mobile, desktop, command line. It keeps no secret.",
        ),
        ApplicationType::Spa => (
            "Single Page Application",
            "A page that runs in the browser and calls APIs itself. It keeps no secret.",
        ),
        ApplicationType::RegularWeb => (
            "Regular Web Application",
            "A program on a server that people log in to with a browser. It keeps a secret.",
        ),
        ApplicationType::NonInteractive => (
            "Machine to Machine",
            "A service, script or job that calls APIs for itself, without a user. It keeps a secret.",
        ),
    };
    TypeWords { name, says }
}
