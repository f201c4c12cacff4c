//! The issuer's keys do not fit the token.

use super::super::Scene;
use super::{Mistake, Row, issuer};
use crate::algorithm::{Algorithm, KeyFamily};
use crate::keys::status::{KeyState, KeyStatus};
use crate::rejection::shown;
use crate::words;

pub(super) const UNKNOWN: &[Row] = &[issuer::claimed, fixed_keys, not_in_the_set];
pub(super) const BAD_SIGNATURE: &[Row] =
    &[issuer::claimed, for_graph, signature_missing, signature_cut, changed];

fn kids(status: &KeyStatus) -> String {
    let name =
        |kid: &Option<String>| kid.as_deref().map_or_else(|| "one without kid".into(), shown);
    let kids: Vec<String> = status.kids.iter().map(name).collect();
    words::list(&kids)
}

/// What the token asked for: its kid, or a key for its algorithm.
fn wanted(scene: &Scene<'_>, status: &KeyStatus) -> String {
    let algorithm = scene.claimed.header("alg").map(shown).unwrap_or_default();
    match scene.claimed.header("kid") {
        None => format!("a key for {algorithm} is not"),
        Some(kid) if status.kids.iter().any(|one| one.as_deref() == Some(kid)) => {
            format!("the key {} is there, but not for {algorithm}, so not", shown(kid))
        }
        Some(kid) => format!("the key {} is not", shown(kid)),
    }
}

fn fixed_keys(scene: &Scene<'_>) -> Option<Mistake> {
    let status = scene.key_status().filter(|status| status.state == KeyState::Fixed)?;
    Some(Mistake::new(
        format!(
            "{} among the keys that were given to this API ({}), which are never fetched anew",
            wanted(scene, &status),
            kids(&status)
        ),
        "give it the issuer's current keys, or let it fetch them; if they are current, the token \
         is of another issuer or environment",
    ))
}

fn not_in_the_set(scene: &Scene<'_>) -> Option<Mistake> {
    let status = scene.key_status()?;
    let age = status.age.map(|age| format!(", fetched {} ago", words::length(age)));
    Some(Mistake::new(
        format!(
            "{} in the key set of {} ({}{})",
            wanted(scene, &status),
            status.issuer,
            kids(&status),
            age.unwrap_or_default()
        ),
        "get a new token from this issuer: this one is of another tenant or environment, or older \
         than the keys",
    ))
}

/// Entra ID puts a nonce into the header of tokens for its own APIs, after signing a hash of it.
/// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens>.
fn for_graph(scene: &Scene<'_>) -> Option<Mistake> {
    scene.claimed.header("nonce").map(|_| {
        Mistake::new(
            "the header holds a nonce: Entra ID made this token for Microsoft Graph, which alone \
             can check it",
            format!("ask for a scope of this API, such as {}/.default", scene.expected.audience),
        )
    })
}

fn signature_missing(scene: &Scene<'_>) -> Option<Mistake> {
    (scene.claimed.signature_bytes == Some(0)).then(|| {
        let what = "the signature is missing: the token ends with its second dot";
        Mistake::new(what, "copy the whole token")
    })
}

fn signature_cut(scene: &Scene<'_>) -> Option<Mistake> {
    let found = scene.claimed.signature_bytes?;
    let algorithm = Algorithm::from_name(scene.claimed.header("alg")?)?;
    let (fits, expected) = match algorithm.family() {
        // As long as the key; the sizes in use are multiples of 512 bits.
        KeyFamily::Rsa => (found >= 256 && found % 64 == 0, "256, 384 or 512".to_owned()),
        KeyFamily::Ec { coordinate_bytes, .. } => {
            (found == 2 * coordinate_bytes, (2 * coordinate_bytes).to_string())
        }
        KeyFamily::Okp { .. } => (found == 64, "64".to_owned()),
    };
    (!fits).then(|| {
        Mistake::new(
            format!("the signature has {found} bytes, and {algorithm} makes {expected}"),
            "copy the whole token; if it is whole, the program that signs it does so wrongly",
        )
    })
}

fn changed(scene: &Scene<'_>) -> Option<Mistake> {
    let key = match scene.claimed.header("kid") {
        Some(kid) => format!("has another key under the same kid {}", shown(kid)),
        None => "signed with a key that is not in its set".to_owned(),
    };
    Some(Mistake::new(
        format!("the token was changed after it was signed, or the issuer {key}"),
        "get a new token; if it fails too, look whether issuer and API have the same key set",
    ))
}
