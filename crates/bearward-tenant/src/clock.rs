//! The one source of time.

use std::time::SystemTime;

/// Tells the time. A test gives its own, everyone else [`SystemClock`].
///
/// # Example
/// ```
/// use std::time::{Duration, SystemTime};
/// use bearward_tenant::{Clock, Tenant};
///
/// struct Noon;
/// impl Clock for Noon {
///     fn now(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH + Duration::from_secs(12 * 3600)
///     }
/// }
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::builder("http://localhost:3011/").clock(Noon).build()?;
/// # Ok(())
/// # }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The system's clock. Nothing else in this crate reads it.
///
/// # Example
/// ```
/// use bearward_tenant::{Clock, SystemClock};
/// assert!(SystemClock.now() > std::time::SystemTime::UNIX_EPOCH);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
