//! Between what a database keeps and what the model says.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{TenantError, TenantErrorKind};

/// Seconds since 1970, as kept.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A time or a length as kept, for the model, where neither is negative.
pub(super) fn unsigned(kept: i64) -> u64 {
    u64::try_from(kept).unwrap_or_default()
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn duration(kept: i64) -> Duration {
    Duration::from_secs(unsigned(kept))
}

pub(super) fn list(items: &[String]) -> String {
    serde_json::json!(items).to_string()
}

pub(super) fn from_list(kept: &str) -> Result<Vec<String>, TenantError> {
    serde_json::from_str(kept).map_err(|_| unreadable("a list", kept))
}

/// A value that this version of the program does not know: the file is newer, or it is damaged.
pub(super) fn unreadable(what: &str, found: &str) -> TenantError {
    let detail = format!("expected {what} in the database, found {found:?}");
    TenantError::new(TenantErrorKind::Store, detail)
}
