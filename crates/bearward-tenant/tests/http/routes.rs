//! Every route, visited by somebody who has nothing to show.

use std::collections::BTreeSet;

use bearward_tenant::Tenant;

use crate::administrator::Administrator;
use crate::browser::town;
use crate::dashboard::send;
use crate::served::GOOD;

/// What a stranger gets: method, path, status.
const STRANGERS: &[(&str, &str, &[u16])] = &[
    ("GET", "/.well-known/openid-configuration", &[200]),
    ("GET", "/.well-known/oauth-authorization-server", &[200]),
    ("GET", "/.well-known/jwks.json", &[200]),
    ("POST", "/oauth/token", &[415]),
    ("POST", "/oauth/revoke", &[415]),
    ("GET", "/userinfo", &[401]),
    ("POST", "/userinfo", &[401]),
    ("GET", "/authorize", &[400]),
    ("POST", "/authorize", &[415]),
    ("GET", "/u/login", &[400]),
    ("POST", "/u/login", &[415]),
    ("GET", "/u/consent", &[403]),
    ("POST", "/u/consent", &[415]),
    ("GET", "/u/logout", &[400]),
    ("POST", "/u/logout", &[415]),
    ("GET", "/v2/logout", &[200]),
    ("GET", "/oidc/logout", &[200]),
    ("POST", "/oidc/logout", &[415]),
    ("GET", "/assets/{name}", &[404]),
    ("GET", "/login", &[200, 303]),
    ("POST", "/login", &[400, 403, 415]),
    ("GET", "/setup", &[200, 303, 403]),
    ("POST", "/setup", &[400, 403, 415, 422]),
    ("POST", "/setup/password", &[400, 403, 415, 422]),
    ("GET", "/", &[303]),
    ("GET", "/apis", &[303]),
    ("POST", "/get-started", &[403]),
    ("POST", "/apis", &[403]),
    ("GET", "/apis/new", &[303]),
    ("GET", "/apis/{id}", &[303]),
    ("GET", "/apis/{id}/settings", &[303]),
    ("POST", "/apis/{id}/settings", &[403]),
    ("POST", "/apis/{id}/delete", &[403]),
    ("GET", "/apis/{id}/permissions", &[303]),
    ("POST", "/apis/{id}/permissions", &[403]),
    ("GET", "/apis/{id}/permissions/delete", &[303]),
    ("POST", "/apis/{id}/permissions/delete", &[403]),
    ("GET", "/apis/{id}/access", &[303]),
    ("POST", "/apis/{id}/access", &[403]),
    ("POST", "/apis/{id}/access/authorize", &[403]),
    ("POST", "/apis/{id}/access/withdraw", &[403]),
    ("GET", "/apis/{id}/test", &[303]),
    ("POST", "/apis/{id}/test", &[403]),
    ("POST", "/apis/{id}/test/application", &[403]),
    ("POST", "/apis/{id}/test/request", &[403]),
    ("POST", "/apis/{id}/test/call", &[403]),
    ("POST", "/logout", &[403]),
    ("GET", "/applications", &[303]),
    ("GET", "/applications/new", &[303]),
    ("POST", "/applications/new", &[403]),
    ("GET", "/applications/{client_id}", &[303]),
    ("GET", "/applications/{client_id}/settings", &[303]),
    ("POST", "/applications/{client_id}/settings", &[403]),
    ("POST", "/applications/{client_id}/delete", &[403]),
    ("GET", "/applications/{client_id}/credentials", &[303]),
    ("POST", "/applications/{client_id}/credentials", &[403]),
    ("GET", "/applications/{client_id}/apis", &[303]),
    ("POST", "/applications/{client_id}/apis", &[403]),
    ("POST", "/applications/{client_id}/apis/authorize", &[403]),
    ("POST", "/applications/{client_id}/apis/withdraw", &[403]),
    ("GET", "/users", &[303]),
    ("GET", "/users/new", &[303]),
    ("POST", "/users/new", &[403]),
    ("GET", "/users/{user_id}", &[303]),
    ("POST", "/users/{user_id}", &[403]),
    ("POST", "/users/{user_id}/block", &[403]),
    ("POST", "/users/{user_id}/unblock", &[403]),
    ("POST", "/users/{user_id}/password", &[403]),
    ("POST", "/users/{user_id}/delete", &[403]),
    ("GET", "/users/{user_id}/roles", &[303]),
    ("POST", "/users/{user_id}/roles", &[403]),
    ("GET", "/users/{user_id}/permissions", &[303]),
    ("POST", "/users/{user_id}/permissions", &[403]),
    ("POST", "/users/{user_id}/permissions/take", &[403]),
    ("GET", "/roles", &[303]),
    ("GET", "/roles/new", &[303]),
    ("POST", "/roles/new", &[403]),
    ("GET", "/roles/{role_id}", &[303]),
    ("POST", "/roles/{role_id}", &[403]),
    ("POST", "/roles/{role_id}/delete", &[403]),
    ("GET", "/roles/{role_id}/permissions", &[303]),
    ("POST", "/roles/{role_id}/permissions", &[403]),
    ("GET", "/roles/{role_id}/users", &[303]),
    ("POST", "/roles/{role_id}/users", &[403]),
    ("POST", "/roles/{role_id}/users/take", &[403]),
    ("GET", "/keys", &[303]),
    ("POST", "/keys/rotate", &[403]),
    ("GET", "/keys/{kid}/certificate.pem", &[303]),
    ("GET", "/keys/{kid}/revoke", &[303]),
    ("POST", "/keys/{kid}/revoke", &[403]),
    ("GET", "/activity", &[303]),
    ("GET", "/activity/{id}", &[303]),
    ("POST", "/activity/{id}/mend", &[403]),
];

#[tokio::test]
async fn as_60_no_route_gives_a_stranger_anything() {
    let town = town().await;
    let host = town.served.tenant.issuer().trim_start_matches("http://").trim_end_matches('/');
    let host = format!("Host: {host}");
    for (method, path, expected) in STRANGERS {
        let answer = town.served.send(&format!("{method} {path}"), &[&host], b"").await;
        assert!(expected.contains(&answer.status), "{method} {path}: {}", answer.status);
        assert!(!answer.body.contains("alice@example.com"), "{method} {path}");
        assert!(
            answer
                .all("set-cookie")
                .iter()
                .all(|cookie| !cookie.contains("bearward=") || cookie.contains("Max-Age=0"))
        );
    }
    let visited: BTreeSet<&str> = STRANGERS.iter().map(|(_, path, _)| *path).collect();
    let served: BTreeSet<&str> = Tenant::routes().into_iter().collect();
    assert_eq!(visited, served, "a route is missing here, or is gone");
}

/// What somebody gets who has something to show, and not enough, where the dashboard's guard is not
/// in the way: method, path, form, status. `$id` is a client id that exists.
const TOO_LITTLE: &[(&str, &str, &str, u16)] = &[
    ("POST", "/oauth/token", "grant_type=client_credentials&client_id=$id", 401),
    ("POST", "/oauth/revoke", "token=a&client_id=$id", 401),
    ("GET", "/userinfo", "", 401),
    ("POST", "/userinfo", "", 401),
    ("GET", "/authorize?client_id=$id", "", 400),
    ("POST", "/authorize", "client_id=$id", 400),
    ("GET", "/u/login?state=guessed", "", 400),
    ("POST", "/u/login", "state=guessed&csrf=guessed&username=a&password=b&action=default", 403),
    ("GET", "/u/consent?state=guessed", "", 403),
    ("POST", "/u/consent", "state=guessed&csrf=guessed&action=accept", 403),
    ("GET", "/u/logout?state=guessed", "", 400),
    ("POST", "/u/logout", "state=guessed&csrf=guessed&action=accept", 403),
    ("GET", "/v2/logout?client_id=$id&returnTo=https%3A%2F%2Felsewhere.example%2F", "", 400),
    ("GET", "/oidc/logout?id_token_hint=forged", "", 400),
    ("POST", "/oidc/logout", "id_token_hint=forged", 400),
    ("POST", "/login", "password=wrong+password", 403),
    ("GET", "/setup?link=guessed", "", 303),
    ("POST", "/setup", "token=guessed", 403),
    ("POST", "/setup/password", "token=guessed&password=12345678&again=12345678", 403),
];

/// Open to everyone: there is nothing that one could have too little of.
const OPEN: &[&str] = &[
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
    "/assets/{name}",
];

#[tokio::test]
async fn as_60_no_route_gives_anything_for_too_little() {
    let administrator = Administrator::new().await;
    let served = &administrator.served;
    let token = served.post_form(&[], GOOD).await.json()["access_token"].clone();
    let bearer = format!("Authorization: Bearer {}", token.as_str().unwrap());
    let mut visited: BTreeSet<&str> = OPEN.iter().copied().collect();
    let mut wrong = Vec::new();
    for (method, path, form, expected) in TOO_LITTLE {
        // A token of an application, for an API: good there, and not here.
        let headers = if path.starts_with("/userinfo") { vec![&*bearer] } else { vec![] };
        let line = format!("{method} {}", served.fill(path));
        let page = send(served, &line, &headers, &served.fill(form)).await;
        if page.status != *expected {
            wrong.push(format!("{line}: expected {expected}, found {}", page.status));
        }
        visited.insert(path.split('?').next().unwrap());
    }
    assert_eq!(wrong, [""; 0]);
    for (method, path, _) in STRANGERS.iter().filter(|(_, path, _)| !visited.contains(path)) {
        // To read, a session that is made up; to change something, one without the proof.
        let (cookie, expected) = match *method {
            "GET" => ("Cookie: bearward-dashboard=made-up; bearward=made-up", 303),
            _ => (administrator.cookie(), 403),
        };
        let page = send(served, &format!("{method} {path}"), &[cookie], "csrf=made-up").await;
        assert_eq!(page.status, expected, "{method} {path}");
        if expected == 303 {
            assert_eq!(page.header("location"), Some("/login"), "{path}");
        }
    }
    // What is not in the tables would not have been visited.
    visited.extend(STRANGERS.iter().map(|(_, path, _)| *path));
    assert_eq!(visited, Tenant::routes().into_iter().collect());
}
