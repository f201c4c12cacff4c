//! Signing keys in the dashboard.

use crate::administrator::{Administrator, check_closed};

#[tokio::test]
async fn keys_are_rotated_and_a_previous_one_revoked() {
    let admin = Administrator::new().await;
    let tenant = &admin.served.tenant;
    let roles = async || {
        let mut roles: Vec<_> = tenant.signing_keys().await.unwrap();
        roles.sort_by_key(|key| key.role);
        roles.into_iter().map(|key| (key.role, key.kid)).collect::<Vec<_>>()
    };
    let before = roles().await;
    let [("current", current), ("next", next)] = &before[..] else { panic!("{before:?}") };
    let revoke = format!("/keys/{current}/revoke");
    check_closed(
        &admin,
        &["/keys", &format!("/keys/{current}/certificate.pem"), &revoke],
        &["/keys/rotate", &revoke],
    )
    .await;
    let page = admin.read("/keys").await;
    assert!(!page.contains("/revoke"), "neither the current key nor the next can be revoked");
    for path in [&revoke, "/keys/unknown/revoke"] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
        assert_eq!(admin.post(path, &[("confirm", &current[..8])]).await.status, 404, "{path}");
    }
    let certificate = admin.get(&format!("/keys/{next}/certificate.pem")).await;
    assert_eq!(certificate.header("content-type"), Some("application/x-pem-file"));
    assert!(certificate.body.starts_with("-----BEGIN CERTIFICATE-----\n"), "{}", certificate.body);

    assert_eq!(admin.done("/keys/rotate", &[]).await, "/keys");
    let rotated = roles().await;
    assert_eq!(rotated[0], ("current", next.clone()));
    assert_eq!(rotated[2], ("previous", current.clone()));
    assert!(admin.read("/keys").await.contains(&revoke.replace('-', "%2D").replace('_', "%5F")));
    assert!(admin.read(&revoke).await.contains("are good until 2023-11-15"), "a day later");

    assert_eq!(admin.post(&revoke, &[("confirm", &next[..8])]).await.status, 400);
    assert!(tenant.signing_keys().await.unwrap().iter().all(|key| key.revoked_at.is_none()));
    assert_eq!(admin.done(&revoke, &[("confirm", &current[..8])]).await, "/keys");
    let revoked = tenant.signing_keys().await.unwrap();
    let revoked: Vec<_> = revoked.iter().filter(|key| key.revoked_at.is_some()).collect();
    assert_eq!(revoked.len(), 1);
    assert_eq!(&revoked[0].kid, current);
    let set = admin.served.get("/.well-known/jwks.json").await;
    assert!(!set.body.contains(current));
}
