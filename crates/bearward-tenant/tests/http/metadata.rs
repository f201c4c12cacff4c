//! What the tenant says about itself.

use serde_json::json;

use crate::served::serve;

const DOCUMENTS: [&str; 2] =
    ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"];

#[tokio::test]
async fn as_31_metadata_is_complete_and_tells_the_truth() {
    let served = serve().await;
    let issuer = served.tenant.issuer();
    let methods = json!(["client_secret_basic", "client_secret_post", "none"]);
    let expected = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}authorize"),
        "token_endpoint": format!("{issuer}oauth/token"),
        "userinfo_endpoint": format!("{issuer}userinfo"),
        "end_session_endpoint": format!("{issuer}oidc/logout"),
        "revocation_endpoint": format!("{issuer}oauth/revoke"),
        "jwks_uri": format!("{issuer}.well-known/jwks.json"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post", "web_message"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": [
            "iss", "aud", "iat", "exp", "auth_time", "at_hash", "nonce", "sid",
            "sub", "name", "nickname", "picture", "updated_at", "email", "email_verified",
        ],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    });
    for path in DOCUMENTS {
        let answer = served.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, expected.clone()), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
    }
}

#[tokio::test]
async fn as_30_both_documents_say_that_pkce_is_by_s256() {
    let served = serve().await;
    for path in DOCUMENTS {
        let metadata = served.get(path).await.json();
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]), "{path}");
    }
}

#[tokio::test]
async fn as_31_published_addresses_are_there() {
    let served = serve().await;
    let metadata = served.get(DOCUMENTS[0]).await.json();
    let path = |member: &str| {
        let address = metadata[member].as_str().unwrap().to_owned();
        format!("/{}", address.strip_prefix(served.tenant.issuer()).unwrap())
    };
    assert_eq!(served.get(&path("jwks_uri")).await.status, 200);
    assert_eq!(served.get(&path("userinfo_endpoint")).await.status, 401);
    for member in ["token_endpoint", "revocation_endpoint"] {
        let answer = served.send(&format!("POST {}", path(member)), &[], b"").await;
        assert_eq!(answer.error(), (415, "invalid_request".into()), "{member}");
    }
    // Pages: one misses its parameters, the other finds nobody to log out.
    for (member, status) in [("authorization_endpoint", 400), ("end_session_endpoint", 200)] {
        let answer = served.get(&path(member)).await;
        assert_eq!(answer.status, status, "{member}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{member}");
    }
}

#[tokio::test]
async fn the_key_set_holds_the_current_key_and_the_next() {
    let served = serve().await;
    let answer = served.get("/.well-known/jwks.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let set = answer.json();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    for key in keys {
        let mut members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use", "x5c", "x5t", "x5t#S256"]);
        assert_eq!(
            (&key["kty"], &key["alg"], &key["use"]),
            (&"RSA".into(), &"RS256".into(), &"sig".into())
        );
    }
}

#[tokio::test]
async fn as_09_metadata_keys_and_tokens_answer_any_origin() {
    let served = serve().await;
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/oauth/token",
        "/oauth/revoke",
        "/userinfo",
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{path}");
        assert_eq!(
            answer.header("access-control-expose-headers"),
            Some(
                "www-authenticate,retry-after,dpop-nonce,x-ratelimit-limit,x-ratelimit-remaining,\
                 x-ratelimit-reset"
            )
        );

        let headers = [
            "Origin: https://app.example",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: auth0-client,content-type",
        ];
        let preflight = served.send(&format!("OPTIONS {path}"), &headers, b"").await;
        assert_eq!(preflight.status, 200, "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(
            preflight.header("access-control-allow-headers"),
            Some("authorization,content-type,auth0-client,dpop")
        );
        assert_eq!(preflight.header("access-control-allow-methods"), Some("GET,POST"));
    }
}
