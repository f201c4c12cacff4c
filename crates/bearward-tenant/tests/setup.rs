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
