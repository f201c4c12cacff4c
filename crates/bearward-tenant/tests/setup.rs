//! What may be set up, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use bearward_tenant::{NewApi, Tenant, TenantErrorKind};

fn tenant() -> Tenant {
    Tenant::new("http://localhost:3011/").unwrap()
}

#[test]
fn an_api_is_checked_when_it_is_made() {
    use TenantErrorKind as K;
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
    ]
    .into_iter()
    .scan(tenant(), |tenant, (api, expected)| Some((tenant.create_api(api), expected)))
    {
        assert_eq!(api.err().map(|error| error.kind()), expected);
    }
}

#[test]
fn permissions_and_lifetimes_are_checked_too() {
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
        assert_eq!(tenant().create_api(api).err().map(|error| error.kind()), expected);
    }
}

#[test]
fn a_grant_names_what_is_there() {
    use TenantErrorKind as K;
    let tenant = tenant();
    tenant.create_api(NewApi::new("Messages", "messages").permission("read", "")).unwrap();
    tenant.create_api(NewApi::new("Other", "other").permission("write", "")).unwrap();
    let client_id = tenant.create_application("App").unwrap().client_id;
    for (client_id, audience, scopes, expected) in [
        ("nobody", "messages", &["read"][..], Some(K::UnknownApplication)),
        (&client_id, "unknown", &["read"], Some(K::UnknownApi)),
        (&client_id, "messages", &["write"], Some(K::UnknownPermission)),
        (&client_id, "messages", &["read", "Read"], Some(K::UnknownPermission)),
        (&client_id, "messages", &["read", "read"], None),
        (&client_id, "messages", &["read"], Some(K::DuplicateGrant)),
        (&client_id, "other", &[], None),
    ] {
        let result = tenant.grant(client_id, audience, scopes);
        assert_eq!(result.err().map(|error| error.kind()), expected, "{audience} {scopes:?}");
    }
}

#[test]
fn applications_have_names() {
    let long = "x".repeat(201);
    for name in ["", " ", "a<b", "a\tb", &long] {
        let kinds = [
            tenant().create_application(name).unwrap_err().kind(),
            tenant().create_public_application(name).unwrap_err().kind(),
        ];
        assert_eq!(kinds, [TenantErrorKind::InvalidName; 2], "{name:?}");
    }
    assert!(tenant().create_application(&long[1..]).is_ok());
}
