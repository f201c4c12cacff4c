//! The token is good, and does not allow this.

use super::super::Scene;
use super::{Mistake, Row};
use crate::rejection::shown;
use crate::words;

pub(super) const ROWS: &[Row] = &[
    scope_in_permissions,
    permission_in_scopes,
    other_case,
    longer_name,
    login_scopes_only,
    nothing_granted,
    some_lacking,
];

/// The scopes that the route names and the token lacks.
fn lacking<'s>(scene: &'s Scene<'_>) -> Vec<&'s str> {
    let has = scene.claimed.scopes();
    scene.requirement.scopes().into_iter().filter(|scope| !has.contains(scope)).collect()
}

fn scope_in_permissions(scene: &Scene<'_>) -> Option<Mistake> {
    let permissions = scene.claimed.texts("permissions");
    let name = lacking(scene).into_iter().find(|scope| permissions.contains(scope))?;
    Some(Mistake::new(
        format!("{name} stands in permissions (what the user may do), not in scope"),
        format!(
            "have the client ask for the scope {name}, or have the route take either: \
             any_of([scope(\"{name}\"), permission(\"{name}\")])"
        ),
    ))
}

fn permission_in_scopes(scene: &Scene<'_>) -> Option<Mistake> {
    let has = scene.claimed.texts("permissions");
    let scopes = scene.claimed.scopes();
    let names = scene.requirement.permissions();
    let name = names.into_iter().find(|name| !has.contains(name) && scopes.contains(name))?;
    Some(Mistake::new(
        format!("{name} stands in scope (what the client was given), not in permissions"),
        format!(
            "have the issuer put permissions into this API's tokens (in Auth0: RBAC, and add \
             permissions in the access token), or have the route ask for scope(\"{name}\")"
        ),
    ))
}

fn other_case(scene: &Scene<'_>) -> Option<Mistake> {
    let mut has = scene.claimed.scopes();
    has.extend(scene.claimed.texts("permissions"));
    let mut needed = lacking(scene);
    needed.extend(scene.requirement.permissions());
    let near = |name: &&str| has.iter().find(|one| one.eq_ignore_ascii_case(name) && *one != name);
    let (name, found) = needed.iter().find_map(|name| Some((*name, near(name)?)))?;
    Some(Mistake::new(
        format!("the token has {}, the route needs {name}: capital letters count", shown(found)),
        "spell it alike at the issuer and in the program",
    ))
}

/// Some issuers write the API before the scope: `api://messages/read`.
fn longer_name(scene: &Scene<'_>) -> Option<Mistake> {
    let has = scene.claimed.scopes();
    let longer = |name: &&str| {
        let ends = |one: &&&str| {
            one.strip_suffix(name).is_some_and(|rest| rest.ends_with(['/', ':', '.']))
        };
        has.iter().find(ends).copied()
    };
    let (name, found) = lacking(scene).iter().find_map(|name| Some((*name, longer(name)?)))?;
    let found = shown(found);
    Some(Mistake::new(
        format!("the token has {found}, the route needs {name}"),
        format!("ask for scope(\"{found}\") at the route, as the issuer writes it"),
    ))
}

fn login_scopes_only(scene: &Scene<'_>) -> Option<Mistake> {
    const LOGIN: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];
    let has = scene.claimed.scopes();
    let needed = lacking(scene);
    let only = !has.is_empty() && has.iter().all(|scope| LOGIN.contains(scope));
    (only && !needed.is_empty()).then(|| {
        let needed = words::list(&needed);
        Mistake::new(
            "the token has scopes of the login only: the client asked for no other, or got none",
            format!("have it ask for {needed} too; the issuer must allow that"),
        )
    })
}

fn nothing_granted(scene: &Scene<'_>) -> Option<Mistake> {
    let needed = lacking(scene);
    let has = scene.claimed.scopes();
    (has.is_empty() && !needed.is_empty()).then(|| {
        let needed = words::list(&needed);
        Mistake::new("the token carries no scope at all", to_be_granted(&needed))
    })
}

fn some_lacking(scene: &Scene<'_>) -> Option<Mistake> {
    let needed = lacking(scene);
    (!needed.is_empty()).then(|| {
        let needed = words::list(&needed);
        Mistake::new(
            format!("of what the route asks for, the token lacks the scope {needed}"),
            to_be_granted(&needed),
        )
    })
}

fn to_be_granted(needed: &str) -> String {
    format!(
        "grant {needed} to the application or user at the issuer, have the client ask for it, \
         then get a new token"
    )
}
