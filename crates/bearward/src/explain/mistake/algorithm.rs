//! The token is signed in a way that is not taken.

use super::super::Scene;
use super::kind::refresh_token;
use super::{Mistake, Row};
use crate::algorithm::Algorithm;
use crate::words;

/// Keycloak signs its refresh tokens with a secret of its own.
pub(super) const ROWS: &[Row] =
    &[refresh_token, shared_secret, unsigned, misspelt, encryption, not_allowed];

fn shared_secret(scene: &Scene<'_>) -> Option<Mistake> {
    let name = scene.claimed.header("alg")?;
    matches!(name, "HS256" | "HS384" | "HS512").then(|| {
        Mistake::new(
            format!("{name} signs with a secret that issuer and API share; bearward takes none"),
            if scene.is_auth0() {
                "set the API's signing algorithm to RS256 in Auth0, then get a new token"
            } else {
                "have the issuer sign this API's tokens with RS256 or ES256, then get a new one"
            },
        )
    })
}

fn unsigned(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.header("alg")?.eq_ignore_ascii_case("none").then(|| {
        Mistake::new(
            "the token is not signed at all: anyone could have written it",
            "have the issuer sign this API's tokens",
        )
    })
}

fn misspelt(scene: &Scene<'_>) -> Option<Mistake> {
    let name = scene.claimed.header("alg")?;
    let meant = Algorithm::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name))?;
    (meant.name() != name).then(|| {
        Mistake::new(
            format!("alg is spelt otherwise than {meant}; the names are case-sensitive"),
            "mend the program that makes the tokens",
        )
    })
}

fn encryption(scene: &Scene<'_>) -> Option<Mistake> {
    let name = scene.claimed.header("alg")?;
    let encrypts = name == "dir"
        || ["RSA-OAEP", "RSA1_5", "ECDH-ES", "A128", "A192", "A256", "PBES2"]
            .iter()
            .any(|start| name.starts_with(start));
    encrypts.then(|| {
        Mistake::new(
            "alg names a way to encrypt, not to sign",
            "ask the issuer for tokens that are signed only",
        )
    })
}

fn not_allowed(scene: &Scene<'_>) -> Option<Mistake> {
    let algorithm = Algorithm::from_name(scene.claimed.header("alg")?)?;
    let allowed = words::list(&scene.allowed_algorithms());
    Some(Mistake::new(
        format!("the issuer signs with {algorithm}, and the API allows only {allowed}"),
        format!("allow {algorithm} for this issuer too, or have it sign with {allowed}"),
    ))
}
