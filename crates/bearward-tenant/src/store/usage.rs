//! What rests on an API, and on one of its permissions: what would break without it.

use super::Store;
use crate::error::TenantError;
use crate::model::Usage;

impl Store {
    /// Who holds anything on the API.
    pub(crate) async fn api_usage(&self, api_id: &str) -> Result<Usage, TenantError> {
        let counts: (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM grants WHERE api_id = $1), \
             (SELECT COUNT(DISTINCT role_id) FROM role_permissions WHERE api_id = $1), \
             (SELECT COUNT(DISTINCT user_id) FROM user_permissions WHERE api_id = $1)",
        )
        .bind(api_id)
        .fetch_one(self.database.reader())
        .await?;
        Ok(usage(counts))
    }

    /// Who holds this permission.
    pub(crate) async fn permission_usage(
        &self,
        api_id: &str,
        value: &str,
    ) -> Result<Usage, TenantError> {
        let counts: (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM grant_scopes WHERE api_id = $1 AND value = $2), \
             (SELECT COUNT(*) FROM role_permissions WHERE api_id = $1 AND value = $2), \
             (SELECT COUNT(*) FROM user_permissions WHERE api_id = $1 AND value = $2)",
        )
        .bind(api_id)
        .bind(value)
        .fetch_one(self.database.reader())
        .await?;
        Ok(usage(counts))
    }
}

fn usage((applications, roles, users): (i64, i64, i64)) -> Usage {
    let unsigned = |count: i64| u64::try_from(count).unwrap_or_default();
    Usage { applications: unsigned(applications), roles: unsigned(roles), users: unsigned(users) }
}
