//! The issuer in the data folder, as another program reads it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bearward_tenant::Tenant;

#[tokio::test]
async fn the_issuer_is_found_where_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Tenant::issuer_of(folder.path()).await.unwrap(), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    for issuer in ["https://localhost:8443/", "http://localhost:3011/"] {
        let tenant = Tenant::open(issuer, folder.path()).await.unwrap();
        let before = Tenant::issuer_of(folder.path()).await.unwrap();
        assert_ne!(before.as_deref(), Some(issuer));
        tenant.keep_issuer().await.unwrap();
        assert_eq!(Tenant::issuer_of(folder.path()).await.unwrap().as_deref(), Some(issuer));
        tenant.close().await;
    }
}
