//! Which profile lets in which token, over HTTP: its own issuers' access tokens, and nothing else.
#![allow(clippy::panic, reason = "a test that cannot be set up stops")]

use axum::routing::get;
use bearward::{AccessToken, Issuer, Profile, ResourceServer, token};
use bearward_testkit::rules::whose;
use bearward_testkit::{Mint, Sample, Served, Token, keys, samples, serve_with_reasons};

/// The table as it stands in `profiles.txt`, for people to read.
const TABLE: &str = include_str!("profiles.txt");

async fn serve_api(api: &ResourceServer) -> Served {
    let private = get(async |token: AccessToken| whose(&token));
    serve_with_reasons(api.router().route("/", token(), private).into_router()).await
}

/// Whom the token is taken for, or the code by which it is refused.
async fn ask(served: &Served, token: &Token) -> Result<String, String> {
    let answer = served.get("/", Some(&token.sign())).await;
    match answer.reason() {
        None if answer.status == 200 => Ok(answer.body),
        Some(reason) => Err(reason.to_owned()),
        None => panic!("neither let in nor refused: {answer:?}"),
    }
}

/// A server for the sample's issuer and API, by a profile that may be another's.
fn server(sample: &Sample, mint: &Mint, profile: Profile) -> ResourceServer {
    let keys = keys::jwks(&[keys::signing_key(bearward::Algorithm::Rs256)]);
    Issuer::new(sample.issuer.as_str())
        .and_then(|issuer| issuer.profile(profile).jwks(keys))
        .and_then(|issuer| ResourceServer::new(issuer, sample.audience.as_str()))
        .and_then(|server| server.clock(mint.clock().clone()))
        .unwrap_or_else(|error| panic!("{}: {error}", sample.name))
}

fn all_profiles() -> Vec<Profile> {
    Profile::names().filter_map(|name| Profile::from_name(name).ok()).collect()
}

#[tokio::test]
async fn rs_47_rs_50_rs_52_b076_b077_b079_a_profile_takes_access_tokens_and_nothing_else() {
    for sample in samples() {
        let mint = sample.mint();
        let served = serve_api(&mint.resource_server()).await;
        let found = ask(&served, &mint.token()).await;
        let expected = match (&sample.principal, &sample.reason) {
            (Some(principal), None) => Ok(principal.clone()),
            (None, Some(reason)) => Err(reason.clone()),
            _ => panic!("{}: either let in or refused", sample.name),
        };
        assert_eq!(found, expected, "{:?}, {}", sample.profile, sample.name);
    }
}

#[tokio::test]
async fn the_table_says_which_profile_lets_in_which_token() {
    let names = std::iter::once("token").chain(Profile::names());
    let mut table: Vec<Vec<String>> = vec![names.map(str::to_owned).collect()];
    for sample in samples() {
        let mint = sample.mint();
        let mut row = vec![format!("{:?}: {}", sample.profile, sample.name)];
        for profile in all_profiles() {
            let served = serve_api(&server(&sample, &mint, profile)).await;
            row.push(match ask(&served, &mint.token()).await {
                // Whether as a user or as a client; in capitals, so that it is seen.
                Ok(who) => who.split(' ').next().unwrap_or_default().to_uppercase(),
                Err(reason) => reason,
            });
        }
        table.push(row);
    }
    let table = aligned(&table);
    assert!(TABLE == table, "profiles.txt should be:\n{table}");
}

/// The table as text, its columns one below the other.
fn aligned(table: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in table {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let widths = table.iter().filter_map(|row| row.get(column)).map(String::len);
            let width = widths.max().unwrap_or_default();
            format!("{cell:<width$}")
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The claims that an access token of each profile cannot do without; `|` where one of two will do.
const DEMANDED: [(Profile, &[&str]); 7] = [
    (Profile::RFC9068, &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]),
    (Profile::GENERAL, &["iss", "exp", "aud", "sub"]),
    (Profile::AUTH0, &["iss", "exp", "aud", "sub", "azp"]),
    (Profile::KEYCLOAK, &["iss", "exp", "aud", "sub", "typ"]),
    (Profile::OKTA, &["iss", "exp", "aud", "sub", "cid"]),
    (Profile::ENTRA, &["iss", "exp", "aud", "sub", "azp"]),
    (Profile::COGNITO, &["iss", "exp", "sub", "client_id", "token_use"]),
];

#[tokio::test]
async fn rs_37_a_token_without_a_claim_that_its_profile_demands_is_refused() {
    assert_eq!(DEMANDED.len(), all_profiles().len(), "a line for every profile");
    for (profile, demanded) in DEMANDED {
        let Some(sample) = samples().into_iter().find(|sample| sample.profile == profile) else {
            panic!("no sample of {profile:?}");
        };
        let mint = sample.mint();
        let served = serve_api(&mint.resource_server()).await;
        for claim in sample.claims() {
            let found = ask(&served, &mint.token().without(claim)).await.err();
            let expected = demanded.contains(&claim).then_some("missing_claim");
            assert_eq!(found.as_deref(), expected, "{profile:?} without {claim}");
        }
        for claim in ["sub", "iss"] {
            assert!(ask(&served, &mint.token().claim(claim, "")).await.is_err(), "{claim} empty");
        }
    }
}

#[tokio::test]
async fn an_issuer_may_name_the_api_in_several_ways() {
    let issuer = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_example";
    let mint = Mint::new(issuer, "phone").like(Profile::COGNITO);
    let keys = keys::jwks(&[keys::signing_key(bearward::Algorithm::Rs256)]);
    let api = Issuer::cognito("us-west-2", "us-west-2_example")
        .and_then(|pool| pool.jwks(keys)?.audiences(["phone", "tablet"]))
        .and_then(|pool| ResourceServer::new(pool, "browser")?.clock(mint.clock().clone()))
        .unwrap_or_else(|error| panic!("{error}"));
    let served = serve_api(&api).await;
    for client in ["browser", "phone", "tablet"] {
        assert!(ask(&served, &mint.token().claim("client_id", client)).await.is_ok(), "{client}");
    }
    for client in ["Phone", "phone ", "phon", "browser phone"] {
        let found = ask(&served, &mint.token().claim("client_id", client)).await;
        assert_eq!(found, Err("wrong_audience".to_owned()), "{client}");
    }
}
