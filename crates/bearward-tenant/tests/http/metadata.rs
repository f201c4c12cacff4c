//! What the tenant says about itself.

use serde_json::json;

use crate::served::serve;

#[tokio::test]
async fn as_31_metadata_is_complete_and_tells_the_truth() {
    let served = serve().await;
    let issuer = served.tenant.issuer();
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}oauth/token"),
        "jwks_uri": format!("{issuer}.well-known/jwks.json"),
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    let mut configuration = metadata.clone();
    configuration["subject_types_supported"] = json!(["public"]);
    configuration["id_token_signing_alg_values_supported"] = json!(["RS256"]);
    for (path, expected) in [
        ("/.well-known/oauth-authorization-server", metadata),
        ("/.well-known/openid-configuration", configuration),
    ] {
        let answer = served.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
    }
}

#[tokio::test]
async fn as_31_published_addresses_are_there() {
    let served = serve().await;
    let metadata = served.get("/.well-known/oauth-authorization-server").await.json();
    let path = |member: &str| {
        let address = metadata[member].as_str().unwrap().to_owned();
        format!("/{}", address.strip_prefix(served.tenant.issuer()).unwrap())
    };
    assert_eq!(served.get(&path("jwks_uri")).await.status, 200);
    let token = served.send(&format!("POST {}", path("token_endpoint")), &[], b"").await;
    assert_eq!(token.error(), (415, "invalid_request".into()));
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
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{path}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("www-authenticate"));

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
