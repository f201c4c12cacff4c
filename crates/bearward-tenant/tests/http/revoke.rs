//! `/oauth/revoke`: an application gives back what it holds.

use serde_json::json;

use crate::shop::{refusal, refused, shop, text};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[tokio::test]
async fn as_47_revoking_a_refresh_token_ends_its_family() {
    let shop = shop().await;
    let old = shop.refresh_token().await;
    let new = text(&shop.refresh(&old, &[]).await.json(), "refresh_token");
    let other = shop.refresh_token().await;
    for token in [old.as_str(), "unknown", old.as_str()] {
        let request = [("token", token), ("token_type_hint", "access_token")];
        let answer = shop.post("/oauth/revoke", &request, &[]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{token}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    assert_eq!(shop.refresh(&new, &[]).await.error(), (403, "invalid_grant".into()));
    assert_eq!(shop.refresh(&other, &[]).await.status, 200, "another login goes on");
}

#[tokio::test]
async fn as_47_another_clients_token_and_an_access_token_are_refused() {
    let shop = shop().await;
    let tokens = shop.tokens().await;
    let token = text(&tokens, "refresh_token");
    let access_token = text(&tokens, "access_token");
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    for (token, changes, expected) in [
        (
            token.as_str(),
            &page[..],
            refused(400, "invalid_grant", "the token was given to another client"),
        ),
        (
            &access_token,
            &[],
            refused(
                400,
                "unsupported_token_type",
                "only refresh tokens can be revoked; an access token ends by itself",
            ),
        ),
        ("", &[], refused(400, "invalid_request", "Missing required parameter: token")),
        (&token, &[("client_secret", "wrong")], refused(401, "access_denied", "Unauthorized")),
        (&token, &[("client_secret", "")], refused(401, "access_denied", "Unauthorized")),
    ] {
        let answer = shop.post("/oauth/revoke", &[("token", token)], changes).await;
        assert_eq!(refusal(&answer), expected);
    }
    assert_eq!(shop.refresh(&token, &[]).await.status, 200, "none of them ended it");
}

#[tokio::test]
async fn clients_authenticate_as_at_the_token_endpoint() {
    let shop = shop().await;
    let token = shop.refresh_token().await;
    let body = json!({
        "client_id": shop.client_id, "client_secret": shop.client_secret.expose(), "token": token,
    });
    let headers = ["Content-Type: application/json"];
    let answer =
        shop.served.send("POST /oauth/revoke", &headers, body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(shop.refresh(&token, &[]).await.error(), (403, "invalid_grant".into()));

    let token = shop.refresh_token().await;
    let credentials = format!("{}:{}", shop.client_id, shop.client_secret.expose());
    let basic = shop.served.basic(&credentials);
    let body = format!("token={token}");
    let answer = shop.served.send("POST /oauth/revoke", &[FORM, &basic], body.as_bytes()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(shop.refresh(&token, &[]).await.error(), (403, "invalid_grant".into()));

    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    let code = shop.code_for(shop.authorization_of(&shop.page)).await;
    let token = text(&shop.redeem(&code, &page).await.json(), "refresh_token");
    assert_eq!(shop.post("/oauth/revoke", &[("token", &token)], &page).await.status, 200);
    assert_eq!(shop.refresh(&token, &page).await.error(), (403, "invalid_grant".into()));
    assert_eq!(shop.served.get("/oauth/revoke").await.error(), (405, "invalid_request".into()));
}
