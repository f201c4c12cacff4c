//! What happened at the tenant.

use super::Tenant;
use crate::error::TenantError;
use crate::model::{Activity, ActivityFilter, Event};

impl Tenant {
    /// What happened, the newest first: at most `limit` entries, and those before an id when one is
    /// given. The last 10,000 are kept.
    ///
    /// # Errors
    /// `store`; `surroundings` when the tenant's runtime has ended.
    ///
    /// # Example
    /// ```
    /// # use bearward_tenant::{Tenant, TenantError};
    /// # async fn example(tenant: &Tenant) -> Result<(), TenantError> {
    /// let newest = tenant.activity(None, 50).await?;
    /// if let Some(last) = newest.last() {
    ///     let older = tenant.activity(Some(&last.id), 50).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn activity(
        &self,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Activity>, TenantError> {
        self.activity_of(&ActivityFilter::default(), before, limit).await
    }

    /// The same of those entries that the filter lets through.
    pub(crate) async fn activity_of(
        &self,
        filter: &ActivityFilter,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Activity>, TenantError> {
        self.activity_log().flush().await?;
        self.store().activity(filter, before, limit).await
    }

    /// Writes down what happened, without waiting for it.
    pub(crate) fn record(&self, event: Event) {
        self.activity_log().record(event, self.clock());
    }
}
