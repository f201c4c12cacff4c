//! The seed file of a tenant that is about to be served.

use std::path::{Path, PathBuf};

use bearward_tenant::{SeedOutcome, Tenant, TenantErrorKind};
use serde::Serialize;

use crate::commands::tenant::confirm::count;
use crate::exit::Failure;

/// What the seed did, in numbers.
#[derive(Debug, Serialize)]
pub(super) struct Seeded {
    pub(super) file: PathBuf,
    pub(super) created: usize,
    pub(super) updated: usize,
    pub(super) unchanged: usize,
}

/// A seed with a fault stops the start: half a tenant would be harder to notice.
pub(super) async fn apply(tenant: &Tenant, file: &Path, text: &str) -> Result<Seeded, Failure> {
    let report = match tenant.seed(text).await {
        Ok(report) => report,
        Err(error) if error.kind() == TenantErrorKind::InvalidSeed => {
            let faults: Vec<_> = error.to_string().lines().map(ToOwned::to_owned).collect();
            let what = format!("{} in --seed {}", count(faults.len(), "fault"), file.display());
            return Err(Failure::trouble(what).details(faults).hint("nothing was written"));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Seeded {
        file: file.to_owned(),
        created: report.count(SeedOutcome::Created),
        updated: report.count(SeedOutcome::Updated),
        unchanged: report.count(SeedOutcome::Unchanged),
    })
}
