//! Issuers by what their providers call them: each preset's issuer, and what it refuses.

use bearward::{ConfigError, Issuer};

const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

/// A preset by name.
fn preset(name: &str, one: &str, other: &str) -> Result<Issuer, ConfigError> {
    match name {
        "auth0" => Issuer::auth0(one),
        "keycloak" => Issuer::keycloak(one, other),
        "okta" => Issuer::okta(one, other),
        "entra" => Issuer::entra(one),
        "entra_v1" => Issuer::entra_v1(one),
        _ => Issuer::cognito(one, other),
    }
}

#[test]
fn a_preset_makes_the_identifier_that_tokens_hold() {
    let upper = TENANT.to_uppercase();
    let v2 = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let v1 = format!("https://sts.windows.net/{TENANT}/");
    let rows = [
        ("auth0", "Dev.EU.auth0.com", "", "https://dev.eu.auth0.com/"),
        ("keycloak", "https://a.example", "one", "https://a.example/realms/one"),
        ("keycloak", "https://a.example/auth/", "one", "https://a.example/auth/realms/one"),
        ("keycloak", "http://localhost:8080", "a_b.c-d", "http://localhost:8080/realms/a_b.c-d"),
        ("okta", "dev-1.okta.com", "default", "https://dev-1.okta.com/oauth2/default"),
        ("entra", TENANT, "", v2.as_str()),
        ("entra", upper.as_str(), "", v2.as_str()),
        ("entra_v1", TENANT, "", v1.as_str()),
        (
            "cognito",
            "us-gov-west-1",
            "us-gov-west-1_aB9",
            "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_aB9",
        ),
    ];
    for (name, one, other, expected) in rows {
        let issuer = preset(name, one, other);
        assert_eq!(issuer.as_ref().map(Issuer::identifier).ok(), Some(expected), "{issuer:?}");
    }
}

#[test]
fn a_preset_refuses_what_makes_no_issuer_and_names_the_setting() {
    let rows = [
        ("auth0", "https://dev.auth0.com", "", "domain"),
        ("auth0", "", "", "domain"),
        ("keycloak", "http://a.example", "one", "base"),
        ("keycloak", "https://a.example?x=", "one", "base"),
        ("keycloak", "", "one", "base"),
        ("keycloak", "https://a.example", "", "realm"),
        ("keycloak", "https://a.example", "..", "realm"),
        ("keycloak", "https://a.example", "one/two", "realm"),
        ("keycloak", "https://a.example", "my realm", "realm"),
        ("okta", "https://dev-1.okta.com", "default", "domain"),
        ("okta", "dev-1.okta.com", "", "authorization_server"),
        ("okta", "dev-1.okta.com", "a/b", "authorization_server"),
        ("entra", "common", "", "tenant"),
        ("entra", "contoso.onmicrosoft.com", "", "tenant"),
        ("entra", "8eaef0232b344da19baa8bc8c9d6a490", "", "tenant"),
        ("entra_v1", "8eaef023-2b34-4da1-9baa-8bc8c9d6a49g", "", "tenant"),
        ("cognito", "euwest1", "euwest1_a", "region"),
        ("cognito", "eu-west-1/", "eu-west-1/_a", "region"),
        ("cognito", "cn-north-1", "cn-north-1_a", "region"),
        ("cognito", "eu-west-1", "eu-west-2_a", "pool"),
        ("cognito", "eu-west-1", "eu-west-1_", "pool"),
        ("cognito", "eu-west-1", "eu-west-1_a/b", "pool"),
    ];
    for (name, one, other, setting) in rows {
        let refused = preset(name, one, other).err();
        let found = refused.as_ref().map(ConfigError::setting);
        assert_eq!(found, Some(setting), "{name} {one:?} {other:?}: {refused:?}");
    }
}
