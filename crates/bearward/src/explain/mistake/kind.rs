//! The token is of another kind than the profile admits.

use super::super::Scene;
use super::{Mistake, Row};
use crate::rejection::shown;

pub(super) const OF_THE_TYPE: &[Row] = &[other_profile, other_type, no_type];
pub(super) const OF_THE_TOKEN: &[Row] = &[refresh_token, id_token, event];
pub(super) const OF_MISSING_CLAIMS: &[Row] = &[id_token, no_expiry, other_profile, no_audience];
pub(super) const OF_BOUND_TOKENS: &[Row] = &[dpop, certificate];

/// Asked of the guard itself, under the other profile: all else about the token is right.
fn other_profile(scene: &Scene<'_>) -> Option<Mistake> {
    let other = scene.server.other_profile(scene.token, scene.requirement)?;
    let current = scene.issuer()?.profile.name();
    Some(Mistake::new(
        format!(
            "the token is not of the kind that profile {} describes, and would be let in under \
             profile {}",
            current,
            other.name()
        ),
        format!("choose profile {} if the issuer's access tokens look so", other.name()),
    ))
}

fn other_type(scene: &Scene<'_>) -> Option<Mistake> {
    let typ = scene.claimed.header("typ")?;
    let what = match typ.to_ascii_lowercase().trim_start_matches("application/") {
        "at+jwt" | "jwt" => return None,
        "dpop+jwt" => "this is a DPoP proof, which goes along with a token",
        "logout+jwt" => "this is a logout token, which the issuer sends to clients",
        "secevent+jwt" => "this is a security event, which the issuer sends to clients",
        "oauth-authz-req+jwt" => "this is an authorization request, which a client signs",
        "client-authentication+jwt" => "this is a client's proof for the token endpoint",
        "token-introspection+jwt" => "this is the issuer's answer about a token, not the token",
        _ => {
            return Some(Mistake::new(
                format!("the header calls it a {}, which is no access token", shown(typ)),
                "send the value of access_token from the issuer's answer",
            ));
        }
    };
    Some(Mistake::new(what, "send the access token"))
}

fn no_type(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.header("typ").is_none().then(|| {
        Mistake::new(
            "the header does not say what kind of token it is",
            "have the issuer write typ at+jwt (RFC 9068), or choose a profile that needs none",
        )
    })
}

fn id_token(scene: &Scene<'_>) -> Option<Mistake> {
    let mark = ["nonce", "at_hash", "c_hash"].into_iter().find(|name| scene.claimed.has(name));
    let said = [("typ", "ID"), ("token_use", "id")];
    let said = said.into_iter().find(|(name, value)| scene.claimed.text(name) == Some(value));
    let mark = mark.or(said.map(|(name, _)| name))?;
    Some(Mistake::new(
        format!("this is an ID token (it holds {mark}): it tells the client who logged in"),
        format!(
            "send access_token and not id_token; name {} when asking for it",
            scene.expected.audience
        ),
    ))
}

pub(super) fn refresh_token(scene: &Scene<'_>) -> Option<Mistake> {
    matches!(scene.claimed.text("typ"), Some("Refresh" | "Offline")).then(|| {
        Mistake::new(
            "this is a refresh token: it is for the issuer's token endpoint alone",
            "send access_token and not refresh_token",
        )
    })
}

fn event(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.has("events").then(|| {
        Mistake::new(
            "this is a logout token or another event, which the issuer sends to clients",
            "send the access token",
        )
    })
}

fn no_expiry(scene: &Scene<'_>) -> Option<Mistake> {
    (!scene.claimed.has("exp")).then(|| {
        Mistake::new(
            "the token never expires: one that is stolen would be good for ever",
            "have the issuer write exp",
        )
    })
}

fn no_audience(scene: &Scene<'_>) -> Option<Mistake> {
    (!scene.claimed.has("aud")).then(|| {
        Mistake::new(
            "the token names no API: it has no aud",
            format!(
                "name {} when asking for it (audience, or resource as in RFC 8707), or have the \
                 issuer add it (in Keycloak by an audience mapper)",
                scene.expected.audience
            ),
        )
    })
}

fn dpop(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.has_within("cnf", "jkt").then(|| {
        Mistake::new(
            "the token is bound to a key of the client (DPoP), which cannot be proven here",
            "ask for it without a DPoP proof, or turn DPoP off for this API at the issuer",
        )
    })
}

fn certificate(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.has_within("cnf", "x5t#S256").then(|| {
        Mistake::new(
            "the token is bound to a certificate of the client (mTLS), which is not looked at here",
            "turn certificate-bound tokens off for this API at the issuer",
        )
    })
}
