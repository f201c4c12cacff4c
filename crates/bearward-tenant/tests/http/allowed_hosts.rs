//! Under which names the tenant answers.

use crate::served::{serve, serve_with};

#[tokio::test]
async fn as_60_b172_a_foreign_host_gets_403_everywhere() {
    let served = serve().await;
    let own = served.tenant.issuer().trim_start_matches("http://").trim_end_matches('/');
    for path in ["/.well-known/jwks.json", "/authorize", "/u/login", "/apis", "/nowhere"] {
        for host in
            ["evil.example", "", "127.0.0.1.evil.example", "192.0.2.1", "localhost@evil.example"]
        {
            let answer =
                served.send(&format!("GET {path}"), &[&format!("Host: {host}")], b"").await;
            assert!([400, 403].contains(&answer.status), "{host} {path}: {}", answer.status);
            assert!(answer.all("location").is_empty() && !answer.body.contains("keys"));
        }
        let absolute = format!("GET http://evil.example{path}");
        let answer = served.send(&absolute, &[&format!("Host: {own}")], b"").await;
        assert_eq!(answer.status, 403, "{path}");
    }
    for host in [own, "localhost", "localhost:1", "acme.localhost:3011", "[::1]:3011"] {
        let host = format!("Host: {host}");
        let answer = served.send("GET /.well-known/jwks.json", &[&host], b"").await;
        assert_eq!(answer.status, 200, "{host}");
    }
    let entries = served.tenant.activity(None, 1).await.unwrap();
    assert_eq!(entries[0].reason.as_deref(), Some("host_not_allowed"));
}

#[tokio::test]
async fn as_60_another_name_can_be_allowed_and_changes_no_token() {
    let served = serve_with(|tenant| tenant.allowed_host("host.docker.internal")).await;
    let host = ["Host: host.docker.internal:8443"];
    let answer = served.send("GET /.well-known/openid-configuration", &host, b"").await;
    assert_eq!(answer.json()["issuer"], served.tenant.issuer());
}
