//! Things as JSON, with the field names of Auth0's Management API.

use bearward_tenant::{
    Api, Application, Grant, HeldPermission, Role, SigningKeyState, Usage, User,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) fn api(api: &Api) -> Value {
    let scope =
        |p: &bearward_tenant::Permission| json!({ "value": p.value, "description": p.description });
    json!({
        "id": api.id,
        "name": api.name,
        "identifier": api.identifier,
        "scopes": api.permissions.iter().map(scope).collect::<Vec<_>>(),
        "signing_alg": api.signing_algorithm.name(),
        "token_dialect": api.token_dialect.name(),
        "token_lifetime": api.token_lifetime.as_secs(),
        "token_lifetime_for_web": api.token_lifetime_for_web.as_secs(),
        "enforce_policies": api.enforce_policies,
        "allow_offline_access": api.allow_offline_access,
        "skip_consent_for_verifiable_first_party_clients":
            api.skip_consent_for_verifiable_first_party_clients,
    })
}

pub(super) fn usage(usage: Usage) -> Value {
    json!({ "applications": usage.applications, "roles": usage.roles, "users": usage.users })
}

/// With the secret, the once that it is there.
pub(super) fn application(application: &Application, secret: Option<&str>) -> Value {
    let method = if application.is_public() { "none" } else { "client_secret_post" };
    let grant_types: Vec<_> = application.grant_types.iter().map(|kind| kind.name()).collect();
    let mut json = json!({
        "client_id": application.client_id,
        "name": application.name,
        "app_type": application.app_type.name(),
        "is_first_party": application.is_first_party,
        "callbacks": application.callbacks,
        "allowed_logout_urls": application.allowed_logout_urls,
        "web_origins": application.web_origins,
        "grant_types": grant_types,
        "token_endpoint_auth_method": method,
    });
    put(&mut json, "client_secret", secret.map(Into::into));
    json
}

pub(super) fn grant(grant: &Grant) -> Value {
    json!({
        "id": grant.id,
        "client_id": grant.client_id,
        "audience": grant.audience,
        "scope": grant.scopes,
    })
}

pub(super) fn user(user: &User) -> Value {
    let mut json = json!({
        "user_id": user.user_id,
        "email": user.email,
        "email_verified": user.email_verified,
        "name": user.name,
        "nickname": user.nickname,
        "blocked": user.blocked,
        "created_at": time(user.created_at),
        "updated_at": time(user.updated_at),
        "logins_count": user.logins_count,
    });
    put(&mut json, "picture", user.picture.clone().map(Into::into));
    put(&mut json, "last_login", user.last_login.map(time).map(Into::into));
    json
}

pub(super) fn role(role: &Role) -> Value {
    json!({ "id": role.id, "name": role.name, "description": role.description })
}

pub(super) fn role_permission((audience, value): &(String, String)) -> Value {
    json!({ "permission_name": value, "resource_server_identifier": audience })
}

pub(super) fn held(held: &HeldPermission) -> Value {
    let mut sources: Vec<_> = held.roles.iter().map(|role| source("ROLE", role)).collect();
    if held.direct {
        sources.insert(0, source("DIRECT", ""));
    }
    json!({
        "permission_name": held.value,
        "resource_server_identifier": held.audience,
        "sources": sources,
    })
}

fn source(kind: &str, name: &str) -> Value {
    json!({ "source_type": kind, "source_name": name })
}

pub(super) fn key(key: &SigningKeyState) -> Value {
    let mut json = json!({
        "kid": key.kid,
        "alg": key.algorithm.name(),
        "cert": key.certificate,
        "fingerprint": key.fingerprint,
        "thumbprint": key.fingerprint.replace(':', ""),
        "revoked": key.revoked_at.is_some(),
    });
    // One of three, as Auth0 has it.
    put(&mut json, key.role, Some(true.into()));
    put(&mut json, "current_since", key.current_since.map(time).map(Into::into));
    put(&mut json, "current_until", key.current_until.map(time).map(Into::into));
    put(&mut json, "revoked_at", key.revoked_at.map(time).map(Into::into));
    json
}

/// A field more; one that has no value is left out.
pub(super) fn put(json: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (json.as_object_mut(), value) {
        let object: &mut Map<_, _> = object;
        object.insert(name.to_owned(), value);
    }
}

/// Seconds since 1970 in Auth0's form.
fn time(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
