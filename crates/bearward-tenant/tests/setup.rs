//! What may be set up, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use bearward_tenant::{
    ApplicationType, GrantType, NewApi, NewApplication, NewUser, Tenant, TenantErrorKind,
};

const ISSUER: &str = "http://localhost:3011/";

async fn tenant() -> Tenant {
    Tenant::in_memory(ISSUER).await.unwrap()
}

fn machine(name: &str) -> NewApplication {
    NewApplication::new(name, ApplicationType::NonInteractive)
}

#[tokio::test]
async fn an_api_is_checked_when_it_is_made() {
    use TenantErrorKind as K;
    let tenant = tenant().await;
    let api = NewApi::new;
    let long = |length: usize| "x".repeat(length);
    for (api, expected) in [
        (api("n", "i"), None),
        (api(&long(200), &long(600)), None),
        (api("é", "\u{1F43B}"), None),
        (api("", "j"), Some(K::InvalidName)),
        (api("  ", "j"), Some(K::InvalidName)),
        (api(&long(201), "j"), Some(K::InvalidName)),
        (api("a<b", "j"), Some(K::InvalidName)),
        (api("a>b", "j"), Some(K::InvalidName)),
        (api("a\nb", "j"), Some(K::InvalidName)),
        (api("n", ""), Some(K::InvalidIdentifier)),
        (api("n", " "), Some(K::InvalidIdentifier)),
        (api("n", &long(601)), Some(K::InvalidIdentifier)),
        (api("n", "a\0"), Some(K::InvalidIdentifier)),
        (api("n", "i"), Some(K::DuplicateIdentifier)),
    ] {
        assert_eq!(tenant.create_api(api).await.err().map(|error| error.kind()), expected);
    }
}

#[tokio::test]
async fn permissions_and_lifetimes_are_checked_too() {
    use TenantErrorKind as K;
    let long = |length: usize| "x".repeat(length);
    let permission =
        |value: &str, description: &str| NewApi::new("n", "i").permission(value, description);
    let lifetime = |seconds| NewApi::new("n", "i").token_lifetime(Duration::from_secs(seconds));
    for (api, expected) in [
        (permission("read:messages", ""), None),
        (permission(&long(280), &long(500)), None),
        (permission("", ""), Some(K::InvalidPermission)),
        (permission("a b", ""), Some(K::InvalidPermission)),
        (permission("\"", ""), Some(K::InvalidPermission)),
        (permission(&long(281), ""), Some(K::InvalidPermission)),
        (permission("a", &long(501)), Some(K::InvalidPermission)),
        (permission("a", "").permission("a", ""), Some(K::InvalidPermission)),
        (lifetime(0), None),
        (lifetime(2_592_000), None),
        (lifetime(2_592_001), Some(K::InvalidTokenLifetime)),
    ] {
        let result = tenant().await.create_api(api).await;
        assert_eq!(result.err().map(|error| error.kind()), expected);
    }
}

#[tokio::test]
async fn a_grant_names_what_is_there() {
    use TenantErrorKind as K;
    let tenant = tenant().await;
    let messages = NewApi::new("Messages", "messages").permission("read", "");
    tenant.create_api(messages.permission("list", "")).await.unwrap();
    tenant.create_api(NewApi::new("Other", "other").permission("write", "")).await.unwrap();
    let client_id = tenant.create_application(machine("App")).await.unwrap().application.client_id;
    for (client_id, audience, scopes, expected) in [
        ("nobody", "messages", &["read"][..], Some(K::UnknownApplication)),
        (&client_id, "unknown", &["read"], Some(K::UnknownApi)),
        (&client_id, "messages", &["write"], Some(K::UnknownPermission)),
        (&client_id, "messages", &["read", "Read"], Some(K::UnknownPermission)),
        (&client_id, "messages", &["read", "list"], None),
        (&client_id, "other", &[], None),
        (&client_id, "messages", &["list", "list"], None),
    ] {
        let result = tenant.grant(client_id, audience, scopes).await;
        assert_eq!(result.err().map(|error| error.kind()), expected, "{audience} {scopes:?}");
    }
    let kept = tenant.grants().await.unwrap();
    let scopes: Vec<_> = kept.iter().map(|grant| (&*grant.audience, &*grant.scopes)).collect();
    assert_eq!(scopes, [("messages", &["list".to_owned()][..]), ("other", &[])]);

    tenant.delete_permission("messages", "list").await.unwrap();
    assert!(tenant.grants().await.unwrap()[0].scopes.is_empty());
    tenant.delete_api("messages").await.unwrap();
    assert_eq!(tenant.grants().await.unwrap().len(), 1);
    tenant.delete_application(&client_id).await.unwrap();
    assert_eq!(tenant.grants().await.unwrap(), []);
}

#[tokio::test]
async fn an_application_is_checked_when_it_is_made_and_when_it_changes() {
    use ApplicationType as T;
    use TenantErrorKind as K;
    let tenant = tenant().await;
    let long = "x".repeat(201);
    let spa = |name: &str| NewApplication::new(name, T::Spa);
    for (application, expected) in [
        (machine(&long[1..]), None),
        (machine(""), Some(K::InvalidName)),
        (machine(" "), Some(K::InvalidName)),
        (machine("a<b"), Some(K::InvalidName)),
        (machine("a\tb"), Some(K::InvalidName)),
        (spa(&long), Some(K::InvalidName)),
        (spa("n").callback("http://localhost:3010/"), None),
        (spa("n").callback("http://app.example/"), Some(K::InvalidUrl)),
        (spa("n").allowed_logout_url("https://app.example/#"), Some(K::InvalidUrl)),
        (spa("n").web_origin("https://app.example/"), Some(K::InvalidUrl)),
        (spa("n").grant_types([GrantType::ClientCredentials]), Some(K::InvalidGrantType)),
        (spa("n").client_secret("0123456789abcdef"), Some(K::InvalidPassword)),
        (machine("n").client_secret("0123456789abcde"), Some(K::InvalidPassword)),
        (machine("n").client_id("auth0|alice"), Some(K::InvalidName)),
        (machine("n").client_id("seeded-client"), None),
        (machine("n").client_id("seeded-client"), Some(K::DuplicateIdentifier)),
    ] {
        let debug = format!("{application:?}");
        let result = tenant.create_application(application).await;
        assert_eq!(result.err().map(|error| error.kind()), expected, "{debug}");
    }
    let mut changed = tenant.application("seeded-client").await.unwrap();
    changed.callbacks = vec!["nowhere".to_owned()];
    let error = tenant.update_application(&changed).await.unwrap_err();
    assert_eq!(error.kind(), K::InvalidUrl);
    changed.callbacks = vec!["https://app.example/callback".to_owned()];
    tenant.update_application(&changed).await.unwrap();
    let kept = tenant.application("seeded-client").await.unwrap();
    assert_eq!(kept.callbacks, changed.callbacks);
}

#[tokio::test]
async fn a_user_holds_what_they_were_given_and_what_their_roles_give() {
    use TenantErrorKind as K;
    let tenant = tenant().await;
    let api = NewApi::new("Messages", "messages").permission("read", "").permission("write", "");
    tenant.create_api(api).await.unwrap();
    let alice = NewUser::new("Alice@Example.com", "correct horse");
    let alice = tenant.create_user(alice).await.unwrap().user_id;
    for (email, password, expected) in [
        ("alice@example.com", "correct horse", K::DuplicateEmail),
        ("alice", "correct horse", K::InvalidEmail),
        ("bob@example.com", "short", K::InvalidPassword),
    ] {
        let error = tenant.create_user(NewUser::new(email, password)).await.unwrap_err();
        assert_eq!(error.kind(), expected, "{email}");
    }
    let reader = tenant.create_role("Reader", "").await.unwrap().id;
    let error = tenant.create_role("Reader", "").await.unwrap_err();
    assert_eq!(error.kind(), K::DuplicateName);
    tenant.give_role_permission(&reader, "messages", "read").await.unwrap();
    let error = tenant.give_role_permission(&reader, "messages", "fly").await.unwrap_err();
    assert_eq!(error.kind(), K::UnknownPermission);
    tenant.give_user_role(&alice, &reader).await.unwrap();
    let error = tenant.give_user_role(&alice, "rol_none").await.unwrap_err();
    assert_eq!(error.kind(), K::UnknownRole);
    tenant.give_user_permission(&alice, "messages", "read").await.unwrap();
    tenant.give_user_permission(&alice, "messages", "write").await.unwrap();

    let held = async || -> Vec<(String, bool, Vec<String>)> {
        let held = tenant.user_permissions(&alice).await.unwrap();
        held.into_iter().map(|held| (held.value, held.direct, held.roles)).collect()
    };
    let by_role = vec!["Reader".to_owned()];
    assert_eq!(
        held().await,
        [("read".to_owned(), true, by_role.clone()), ("write".to_owned(), true, vec![])]
    );
    tenant.take_user_permission(&alice, "messages", "read").await.unwrap();
    tenant.delete_permission("messages", "write").await.unwrap();
    assert_eq!(held().await, [("read".to_owned(), false, by_role)]);
    tenant.delete_role(&reader).await.unwrap();
    assert_eq!(held().await, []);
}

#[tokio::test]
async fn what_a_tenant_was_told_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let tenant = Tenant::open(ISSUER, &data).await.unwrap();
    let api = NewApi::new("Messages", "messages").permission("read", "Read messages");
    let api = tenant.create_api(api.enforce_policies(true)).await.unwrap();
    let created = tenant.create_application(machine("Nightly report")).await.unwrap();
    let client_id = created.application.client_id;
    let grant = tenant.grant(&client_id, "messages", &["read"]).await.unwrap();
    let user = NewUser::new("alice@example.com", "correct horse");
    let user = tenant.create_user(user).await.unwrap();
    tenant.rotate_signing_keys().await.unwrap();
    let keys = tenant.signing_keys().await.unwrap();
    let roles: Vec<_> = keys.iter().map(|key| key.role).collect();
    assert_eq!(roles.len(), 3);
    assert!(["previous", "current", "next"].iter().all(|role| roles.contains(role)));
    drop(tenant);

    let tenant = Tenant::open(ISSUER, &data).await.unwrap();
    assert_eq!(tenant.apis().await.unwrap(), [api]);
    assert_eq!(tenant.grants().await.unwrap(), [grant]);
    assert_eq!(tenant.users().await.unwrap(), [user]);
    assert_eq!(tenant.signing_keys().await.unwrap(), keys);
    tenant.close().await;

    std::fs::remove_file(data.join("key")).unwrap();
    let error = Tenant::open(ISSUER, &data).await.unwrap_err();
    assert_eq!(error.kind(), TenantErrorKind::InvalidData, "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Tenant::open(ISSUER, &data).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("key"))), (0o700, 0o600));

    // In a folder that was there before, the files keep others out.
    let data = folder.path().join("made before");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o755)).unwrap();
    let files = ["tenant.db", "tenant.db-wal", "tenant.db-shm"].map(|name| data.join(name));
    let tenant = Tenant::open(ISSUER, &data).await.unwrap();
    assert_eq!(files.each_ref().map(|file| mode(file)), [0o600; 3]);
    for file in &files {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    let second = Tenant::open(ISSUER, &data).await.unwrap();
    assert_eq!(files.each_ref().map(|file| mode(file)), [0o600; 3], "of an older version");
    second.close().await;
    tenant.close().await;
}

#[tokio::test]
async fn only_a_previous_key_can_be_revoked() {
    let tenant = tenant().await;
    tenant.rotate_signing_keys().await.unwrap();
    let keys = tenant.signing_keys().await.unwrap();
    for key in &keys {
        let revoked = tenant.revoke_signing_key(&key.kid).await;
        assert_eq!(revoked.is_ok(), key.role == "previous", "{}", key.role);
        if key.role == "previous" {
            assert!(tenant.revoke_signing_key(&key.kid).await.is_err(), "twice");
        }
    }
}
