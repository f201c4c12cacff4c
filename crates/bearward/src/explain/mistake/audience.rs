//! The token is for another API.

use super::super::Scene;
use super::{Mistake, Row};
use crate::rejection::shown;
use crate::words;

pub(super) const ROWS: &[Row] = &[
    other_client,
    slash,
    case,
    scheme,
    client_itself,
    userinfo,
    management_api,
    keycloak_account,
    graph,
    no_audience,
    other_api,
];

/// Audiences that issuers add to a token, or write where no API was named: the endpoint for the user's
/// profile, and Keycloak's own account pages.
fn is_no_api(audience: &str) -> bool {
    audience.ends_with("/userinfo") || audience == "account"
}

/// Whether the token names no API: an audience or more, and each of them fits.
fn only(scene: &Scene<'_>, fits: impl Fn(&str) -> bool) -> Option<()> {
    let audiences = scene.claimed.texts("aud");
    (!audiences.is_empty() && audiences.into_iter().all(fits)).then_some(())
}

/// The first audience of the token that fits.
fn find<'s>(scene: &'s Scene<'_>, fits: impl Fn(&str) -> bool) -> Option<&'s str> {
    scene.claimed.texts("aud").into_iter().find(|audience| fits(audience))
}

fn to_the_letter(audience: &str) -> String {
    format!(
        "make the two the same to the letter: configure {}, or make an API with the configured \
         identifier at the issuer",
        shown(audience)
    )
}

/// Cognito names the client in place of an API.
fn other_client(scene: &Scene<'_>) -> Option<Mistake> {
    let client = scene.claimed.client().filter(|_| !scene.claimed.has("aud"))?;
    Some(Mistake::new(
        format!("the token is of the client {}, and names no API", shown(client)),
        format!(
            "if that client may call this API, name it beside {} with Issuer::audiences",
            scene.expected.audience
        ),
    ))
}

fn slash(scene: &Scene<'_>) -> Option<Mistake> {
    let bare = scene.expected.audience.trim_end_matches('/');
    let found = find(scene, |audience| audience.trim_end_matches('/') == bare)?;
    let what = "aud and the configured audience differ by a slash at the end only";
    Some(Mistake::new(what, to_the_letter(found)))
}

fn case(scene: &Scene<'_>) -> Option<Mistake> {
    let found = find(scene, |audience| audience.eq_ignore_ascii_case(scene.expected.audience))?;
    let what = "aud and the configured audience differ in capital letters only";
    Some(Mistake::new(what, to_the_letter(found)))
}

/// `http` and `https`, or `api://` before the identifier as Entra ID has it.
fn scheme(scene: &Scene<'_>) -> Option<Mistake> {
    let bare = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        rest.trim_end_matches('/').to_owned()
    };
    let expected = bare(scene.expected.audience);
    let found = find(scene, |audience| bare(audience) == expected)?;
    let what = "aud and the configured audience differ by what stands before :// only";
    Some(Mistake::new(what, to_the_letter(found)))
}

fn client_itself(scene: &Scene<'_>) -> Option<Mistake> {
    let client = scene.claimed.client()?;
    find(scene, |audience| audience == client)?;
    only(scene, |audience| audience == client || is_no_api(audience))?;
    Some(Mistake::new(
        format!("aud is the client itself ({}): no API was named", shown(client)),
        format!(
            "name {} when asking for the token (audience, or resource as in RFC 8707), and send \
             the access token, not the ID token",
            scene.expected.audience
        ),
    ))
}

fn userinfo(scene: &Scene<'_>) -> Option<Mistake> {
    only(scene, |audience| audience.ends_with("/userinfo"))?;
    Some(Mistake::new(
        "the token is for the issuer's userinfo endpoint alone: no audience was named",
        format!("name the audience {} when asking for the token", scene.expected.audience),
    ))
}

fn management_api(scene: &Scene<'_>) -> Option<Mistake> {
    find(scene, |audience| audience.ends_with("/api/v2/"))?;
    Some(Mistake::new(
        "the token is for Auth0's Management API",
        format!("name the audience {} when asking for the token", scene.expected.audience),
    ))
}

/// Source: <https://www.keycloak.org/docs/latest/server_admin/#audience-support>.
fn keycloak_account(scene: &Scene<'_>) -> Option<Mistake> {
    find(scene, |audience| audience == "account")?;
    only(scene, is_no_api)?;
    Some(Mistake::new(
        "aud is account: Keycloak names no API until an audience mapper adds it",
        format!(
            "add an audience mapper for {} to a client scope of the client, then get a new token",
            scene.expected.audience
        ),
    ))
}

fn graph(scene: &Scene<'_>) -> Option<Mistake> {
    const GRAPH: [&str; 2] =
        ["00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com"];
    find(scene, |audience| GRAPH.contains(&audience.trim_end_matches('/')))?;
    Some(Mistake::new(
        "the token is for Microsoft Graph, which alone can check it",
        format!("ask for a scope of this API, such as {}/.default", scene.expected.audience),
    ))
}

fn no_audience(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.texts("aud").is_empty().then(|| {
        Mistake::new(
            "aud is empty: the token is for no API",
            format!("name {} when asking for the token", scene.expected.audience),
        )
    })
}

fn other_api(scene: &Scene<'_>) -> Option<Mistake> {
    let audiences = scene.claimed.texts("aud").into_iter();
    let found: Vec<String> = audiences.filter(|audience| !is_no_api(audience)).map(shown).collect();
    let expected = scene.expected.audience;
    let which = match found.as_slice() {
        [only] => only,
        _ => "one of the token's audiences",
    };
    Some(Mistake::new(
        format!("the token is for {}, and this API is {expected}", words::list(&found)),
        format!(
            "ask for a token for {expected}; if {which} is this API's identifier, configure that"
        ),
    ))
}
