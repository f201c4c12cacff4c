//! What every view of one API begins with.

use crate::dashboard::Administrator;
use crate::error::TenantError;
use crate::model::{Api, Usage};
use crate::pages::pieces::Tab;
use crate::pages::{Frame, Section};
use crate::tenant::Tenant;

/// The views of an API, in the order of the tabs, in Auth0's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Quickstart,
    Settings,
    Permissions,
    ApplicationAccess,
    Test,
}

/// What `dashboard/api/frame.html` needs to know.
pub(super) struct Head {
    pub(super) api: Api,
    pub(super) view: View,
    pub(super) tabs: Vec<Tab>,
    /// What depends on the API.
    pub(super) usage: Usage,
}

impl View {
    const ALL: [View; 5] =
        [View::Quickstart, View::Settings, View::Permissions, View::ApplicationAccess, View::Test];

    pub(super) fn name(self) -> &'static str {
        match self {
            View::Quickstart => "Quickstart",
            View::Settings => "Settings",
            View::Permissions => "Permissions",
            View::ApplicationAccess => "Application access",
            View::Test => "Test",
        }
    }

    /// One sentence: what the view is for.
    pub(super) fn lead(self) -> &'static str {
        match self {
            View::Quickstart => "Code that guards this API, with its own values.",
            View::Settings => "What this API is called, and what its tokens look like.",
            View::Permissions => {
                "What can be granted on this API. A token names them in its scope."
            }
            View::ApplicationAccess => {
                "Which applications get tokens for this API, and what those may do."
            }
            View::Test => "Take a token as an application takes it, and call the API with it.",
        }
    }

    /// Where the view of this API is.
    pub(super) fn path(self, id: &str) -> String {
        match self {
            View::Quickstart => format!("/apis/{id}"),
            View::Settings => format!("/apis/{id}/settings"),
            View::Permissions => format!("/apis/{id}/permissions"),
            View::ApplicationAccess => format!("/apis/{id}/access"),
            View::Test => format!("/apis/{id}/test"),
        }
    }
}

impl Head {
    /// Reads the API and what depends on it, and frames it.
    pub(super) async fn read(
        tenant: &Tenant,
        administrator: Administrator,
        id: &str,
        view: View,
    ) -> Result<(Frame, Head), TenantError> {
        let api = tenant.api(id).await?;
        let usage = tenant.store().api_usage(&api.id).await?;
        let tabs = View::ALL.into_iter().map(|other| Tab {
            label: other.name(),
            href: other.path(&api.id),
            current: other == view,
        });
        let tabs = tabs.collect();
        let frame = Frame::new(Section::Apis, administrator.csrf);
        Ok((frame, Head { api, view, tabs, usage }))
    }

    /// What depends on the API, as a sentence.
    pub(super) fn depends(&self) -> String {
        match self.usage.in_words() {
            Some(words) => format!("Used by {words}."),
            None => "Nothing uses it yet.".to_owned(),
        }
    }
}
