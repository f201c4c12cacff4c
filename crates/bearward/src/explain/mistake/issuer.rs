//! The token names another issuer than the API expects.

use url::Url;

use super::super::Scene;
use super::{Mistake, Row};
use crate::issuer::Issuer;
use crate::rejection::shown;

pub(super) const ROWS: &[Row] = &[of_the_token];
/// Before the signature is checked.
pub(super) const CLAIMED: &[Row] = &[claimed];

/// The issuer that the token names, beside one that is expected.
struct Pair<'a> {
    found: &'a str,
    expected: &'a str,
    urls: Option<(Url, Url)>,
}

/// From what is nearly right to what is not.
const PAIRS: &[fn(&Pair<'_>) -> Option<Mistake>] = &[
    metadata_address,
    slash,
    case,
    scheme,
    port,
    entra_version,
    name_inside,
    auth0_domain,
    okta_own_server,
    server_alone,
    same_host,
    same_provider,
];

fn of_the_token(scene: &Scene<'_>) -> Option<Mistake> {
    let found = scene.claimed.text("iss")?;
    Some(mistake(scene, found))
}

/// Where the signature did not get as far: the issuer that the token claims, if it is another one.
pub(super) fn claimed(scene: &Scene<'_>) -> Option<Mistake> {
    let found = scene.claimed.text("iss")?;
    if scene.expected.issuers.iter().any(|issuer| issuer.identifier == found) {
        return None;
    }
    let Mistake { what, mend } = mistake(scene, found);
    let what = format!("the token claims iss {} (not verified): {what}", shown(found));
    Some(Mistake { what, mend })
}

fn mistake(scene: &Scene<'_>, found: &str) -> Mistake {
    known(scene, found).unwrap_or_else(|| {
        let expected = scene.issuer().map_or("the issuer", Issuer::identifier);
        Mistake::new(
            "the token comes from another issuer than this API trusts",
            format!("get a token from {expected}, or configure the issuer that this API trusts"),
        )
    })
}

/// What differs between this name and an issuer that is expected, where that tells something.
pub(super) fn known(scene: &Scene<'_>, found: &str) -> Option<Mistake> {
    let pairs: Vec<Pair<'_>> = scene
        .expected
        .issuers
        .iter()
        .map(|issuer| Pair {
            found,
            expected: &issuer.identifier,
            urls: Url::parse(found).ok().zip(Url::parse(&issuer.identifier).ok()),
        })
        .collect();
    PAIRS.iter().find_map(|row| pairs.iter().find_map(row))
}

impl Pair<'_> {
    /// The mend where both are one issuer, written in two ways.
    fn to_the_letter(&self) -> String {
        format!("configure the issuer as its tokens name it: {}", shown(self.found))
    }

    fn hosts(&self) -> Option<(&str, &str)> {
        let (found, expected) = self.urls.as_ref()?;
        found.host_str().zip(expected.host_str())
    }

    fn paths(&self) -> Option<(&str, &str)> {
        let (found, expected) = self.urls.as_ref()?;
        Some((found.path().trim_end_matches('/'), expected.path().trim_end_matches('/')))
    }

    fn same_path(&self) -> bool {
        self.paths().is_some_and(|(found, expected)| found == expected)
    }

    fn same_scheme(&self) -> bool {
        self.urls.as_ref().is_some_and(|(found, expected)| found.scheme() == expected.scheme())
    }

    fn same_host(&self) -> bool {
        self.hosts().is_some_and(|(found, expected)| found == expected)
    }
}

/// What was configured is where the metadata is (RFC 8414 section 3), and not the issuer.
fn metadata_address(pair: &Pair<'_>) -> Option<Mistake> {
    let (name, _) = pair.expected.split_once("/.well-known/")?;
    (name == pair.found.trim_end_matches('/')).then(|| {
        let what = "the configured issuer is the address of its metadata, and not its name";
        Mistake::new(what, pair.to_the_letter())
    })
}

fn slash(pair: &Pair<'_>) -> Option<Mistake> {
    let bare = |text: &str| text.trim_end_matches('/').len();
    (pair.found.get(..bare(pair.found)) == pair.expected.get(..bare(pair.expected))).then(|| {
        let what = if pair.found.ends_with('/') {
            "iss has a slash at the end, and the configured issuer has none"
        } else {
            "iss has no slash at the end, and the configured issuer has one"
        };
        Mistake::new(what, pair.to_the_letter())
    })
}

fn case(pair: &Pair<'_>) -> Option<Mistake> {
    pair.found.eq_ignore_ascii_case(pair.expected).then(|| {
        let what = "iss and the configured issuer differ in capital letters only";
        Mistake::new(what, pair.to_the_letter())
    })
}

fn scheme(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, found_rest) = pair.found.split_once("://")?;
    let (expected, expected_rest) = pair.expected.split_once("://")?;
    (found_rest.trim_end_matches('/') == expected_rest.trim_end_matches('/')).then(|| {
        let what =
            format!("iss starts with {}, the configured issuer with {expected}", shown(found));
        if Issuer::new(pair.found).is_ok() {
            return Mistake::new(what, pair.to_the_letter());
        }
        Mistake::new(
            what,
            "tell the issuer its public address: behind a proxy that ends TLS it may take itself \
             for http",
        )
    })
}

fn port(pair: &Pair<'_>) -> Option<Mistake> {
    (pair.same_host() && pair.same_path()).then(|| {
        Mistake::new(
            if pair.same_scheme() {
                "iss and the configured issuer differ in the port only"
            } else {
                "iss and the configured issuer differ in http or https and in the port"
            },
            format!("{}, if that is where it runs", pair.to_the_letter()),
        )
    })
}

/// Tokens of version 1.0 and 2.0 have different issuers for the same tenant.
/// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens>.
fn entra_version(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, expected) = pair.hosts()?;
    let (version, other) = match (found, expected) {
        ("sts.windows.net", "login.microsoftonline.com") => ("1.0", "2"),
        ("login.microsoftonline.com", "sts.windows.net") => ("2.0", "1"),
        _ => return None,
    };
    Some(Mistake::new(
        format!("Entra ID gave a token of version {version}, and the API expects the other one"),
        format!(
            "set requestedAccessTokenVersion (accessTokenAcceptedVersion in older manifests) to \
             {other} in the API's registration, or configure the issuer {}",
            shown(pair.found)
        ),
    ))
}

/// One issuer under two names, as seen from within a container and from outside.
fn name_inside(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, expected) = pair.hosts()?;
    let inside = |host: &str| {
        let literal = ["127.0.0.1", "[::1]", "0.0.0.0"].contains(&host);
        let ending = [".internal", ".local", ".localhost", ".cluster.local", ".svc"]
            .iter()
            .any(|ending| host.ends_with(ending));
        literal || ending || !host.contains('.')
    };
    let at_root = pair.paths() == Some(("", ""));
    // Without a path that they share, two hosts say nothing of each other.
    let alike = match (inside(found), inside(expected)) {
        (true, true) => true,
        (one, other) => (one || other) && !at_root,
    };
    (alike && pair.same_path()).then(|| {
        Mistake::new(
            "iss and the configured issuer differ in the host only: one is the name inside a \
             container or network, the other the name outside",
            if Issuer::new(pair.found).is_ok() {
                format!(
                    "configure the issuer {}, and give the address at which the API reaches it \
                     with jwks_uri (here a copy of its key set with --jwks-file)",
                    shown(pair.found)
                )
            } else {
                format!(
                    "have the issuer name itself {} for all (in Keycloak by KC_HOSTNAME), then \
                     get a new token",
                    pair.expected
                )
            },
        )
    })
}

/// Source: <https://auth0.com/docs/customize/custom-domains>: `iss` is the domain that was asked.
fn auth0_domain(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, expected) = pair.hosts()?;
    let is_auth0 = |host: &str| host.ends_with(".auth0.com");
    (is_auth0(found) != is_auth0(expected) && pair.paths() == Some(("", ""))).then(|| {
        Mistake::new(
            "one is an Auth0 domain, the other perhaps a custom domain of the same tenant: iss is \
             the one at which the token was asked for",
            format!("ask for tokens at {}, or {}", pair.expected, pair.to_the_letter()),
        )
    })
}

/// Source: <https://developer.okta.com/docs/concepts/auth-servers/>: tokens of the org
/// authorization server are for Okta's own APIs.
fn okta_own_server(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, expected) = pair.paths()?;
    (pair.same_host() && found.is_empty() && expected.starts_with("/oauth2/")).then(|| {
        Mistake::new(
            "the token is of Okta's org authorization server, for Okta's own APIs",
            format!("ask for tokens at {}", pair.expected),
        )
    })
}

/// The address of a server that has many issuers, in place of one of them.
fn server_alone(pair: &Pair<'_>) -> Option<Mistake> {
    let (found, expected) = pair.paths()?;
    let below = found.strip_prefix(expected)?.starts_with('/');
    (below && pair.same_scheme() && pair.same_host()).then(|| {
        Mistake::new(
            "iss is a tenant (realm, pool, authorization server) below the configured issuer",
            format!("{}, if that is the tenant to trust", pair.to_the_letter()),
        )
    })
}

fn same_host(pair: &Pair<'_>) -> Option<Mistake> {
    pair.same_host().then(|| {
        Mistake::new(
            "the token is of another tenant (realm, pool, authorization server) at the same host",
            format!("ask for tokens at {}", pair.expected),
        )
    })
}

fn same_provider(pair: &Pair<'_>) -> Option<Mistake> {
    const PROVIDERS: [&str; 7] = [
        ".auth0.com",
        ".okta.com",
        ".oktapreview.com",
        ".okta-emea.com",
        ".amazonaws.com",
        ".ciamlogin.com",
        ".b2clogin.com",
    ];
    let (found, expected) = pair.hosts()?;
    let shared = |ending: &&&str| found.ends_with(**ending) && expected.ends_with(**ending);
    PROVIDERS.iter().find(shared).map(|_| {
        Mistake::new(
            "the token is of another tenant of the same provider",
            format!(
                "ask for tokens at {}: look for a domain left over from another environment",
                pair.expected
            ),
        )
    })
}
