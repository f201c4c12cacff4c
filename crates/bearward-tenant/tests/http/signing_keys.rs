//! Keys: published before they sign, and as long as their tokens live.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bearward::{Issuer, JwkSet, Profile, ResourceServer, token};
use bearward_tenant::{NewApi, SigningAlgorithm, SigningKeyState};
use bearward_testkit::check;
use serde_json::Value;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

use crate::shop::{ARCHIVE, Shop, header, shop, text};

async fn published(shop: &Shop) -> Vec<Value> {
    let set = shop.served.get("/.well-known/jwks.json").await.json();
    set["keys"].as_array().unwrap().clone()
}

async fn key(shop: &Shop, role: &str) -> SigningKeyState {
    let keys = shop.served.tenant.signing_keys().await.unwrap();
    let mut found = keys.into_iter().filter(|key| key.role == role && key.revoked_at.is_none());
    found.next().unwrap()
}

/// Whether an API that reads the key set now takes the token.
async fn is_taken(shop: &Shop, access_token: &str) -> bool {
    let set = shop.served.get("/.well-known/jwks.json").await.body;
    let issuer = Issuer::new(shop.served.tenant.issuer()).unwrap().profile(Profile::AUTH0);
    let issuer = issuer.jwks(JwkSet::parse(set.as_bytes()).unwrap()).unwrap();
    let api = ResourceServer::new(issuer, ARCHIVE).unwrap().clock(shop.clock.clone()).unwrap();
    check(&api, access_token, &token()).is_ok()
}

#[tokio::test]
async fn as_40_an_apis_algorithm_has_keys_in_the_set_before_its_first_token() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let algorithms = async || -> Vec<String> {
        published(&shop).await.iter().map(|key| text(key, "alg")).collect()
    };
    assert_eq!(algorithms().await, ["RS256"; 2]);
    let new = NewApi::new("New", "new").signing_algorithm(SigningAlgorithm::Es256);
    tenant.create_api(new).await.unwrap();
    assert_eq!(algorithms().await, ["RS256", "RS256", "ES256", "ES256"]);
    let mut changed = tenant.api(ARCHIVE).await.unwrap();
    changed.signing_algorithm = SigningAlgorithm::Ps256;
    tenant.update_api(&changed).await.unwrap();
    assert_eq!(algorithms().await, ["RS256", "RS256", "PS256", "PS256", "ES256", "ES256"]);
    let token = text(&shop.tokens().await, "access_token");
    assert_eq!(header(&token)["alg"], "PS256");
    assert!(is_taken(&shop, &token).await);
}

#[tokio::test]
async fn as_40_a_key_is_published_before_it_signs_and_until_it_is_revoked() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let kids = |keys: &[Value]| keys.iter().map(|key| text(key, "kid")).collect::<Vec<_>>();
    let before = published(&shop).await;
    assert_eq!(kids(&before), [key(&shop, "current").await.kid, key(&shop, "next").await.kid]);
    let old = text(&shop.tokens().await, "access_token");
    assert_eq!(header(&old)["kid"], before[0]["kid"]);

    tenant.rotate_signing_keys().await.unwrap();
    let after = published(&shop).await;
    assert_eq!(after.len(), 3, "current, next and previous");
    assert_eq!(kids(&after)[..1], kids(&before)[1..], "the next one signs now");
    assert_eq!(kids(&after)[2..], kids(&before)[..1], "the old one is still there");
    let new = text(&shop.tokens().await, "access_token");
    assert_eq!(header(&new)["kid"], after[0]["kid"]);
    assert!(is_taken(&shop, &old).await && is_taken(&shop, &new).await);

    let previous = key(&shop, "previous").await.kid;
    tenant.revoke_signing_key(&previous).await.unwrap();
    assert_eq!(kids(&published(&shop).await), kids(&after)[..2]);
    assert!(!is_taken(&shop, &old).await && is_taken(&shop, &new).await);
    for kid in [previous, key(&shop, "current").await.kid, "unknown".into()] {
        assert!(tenant.revoke_signing_key(&kid).await.is_err(), "only a previous key, and once");
    }
}

#[tokio::test]
async fn as_40_each_published_key_has_a_certificate_of_its_own() {
    let shop = shop().await;
    shop.served.tenant.rotate_signing_keys().await.unwrap();
    for jwk in published(&shop).await {
        let der = STANDARD.decode(jwk["x5c"][0].as_str().unwrap()).unwrap();
        let (rest, certificate) = X509Certificate::from_der(&der).unwrap();
        assert!(rest.is_empty());
        let PublicKey::RSA(rsa) = certificate.public_key().parsed().unwrap() else {
            panic!("expected an RSA key in the certificate");
        };
        let number = |bytes: &[u8]| {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            URL_SAFE_NO_PAD.encode(&bytes[zeros..])
        };
        assert_eq!(number(rsa.modulus), text(&jwk, "n"));
        assert_eq!(number(rsa.exponent), text(&jwk, "e"));
        let keys = shop.served.tenant.signing_keys().await.unwrap();
        let state = keys.iter().find(|key| jwk["kid"] == key.kid.as_str()).unwrap();
        let hex: String = state.fingerprint.split(':').flat_map(|pair| pair.chars()).collect();
        let thumbprint: String = URL_SAFE_NO_PAD
            .decode(text(&jwk, "x5t"))
            .unwrap()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        assert_eq!((hex.len(), hex), (40, thumbprint));
    }
}
