//! A login session: somebody is logged in at the tenant, in one browser.

use std::fmt;

/// Who is logged in, and since when. Its id is the browser's alone and is not in here.
///
/// Source: OpenID Connect Core section 2 (`auth_time`), Back-Channel Logout section 2.1 (`sid`).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// What ID tokens call it.
    pub(crate) sid: String,
    pub(crate) user_id: String,
    /// When the password was given, in seconds since 1970.
    pub(crate) auth_time: i64,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}
