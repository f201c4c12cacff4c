//! Asks every route of a router what it lets in and what it refuses, and says which answer was
//! wrong.

use std::fmt;
use std::net::SocketAddr;

use axum::Router;
use bearward::axum::GuardedRoute;
use bearward::{Requirement, open, optional};
use serde_json::Value;

use crate::http::{Answer, send, serve};
use crate::mint::Mint;

/// What [`matrix`] found where every answer was right.
///
/// # Example
/// ```
/// # use bearward_testkit::MatrixReport;
/// fn thorough(report: &MatrixReport) -> bool {
///     report.answers >= 6
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixReport {
    /// How many answers were looked at: six a route.
    pub answers: usize,
}

/// The answers that were wrong.
///
/// # Example
/// ```no_run
/// # async fn check(mint: bearward_testkit::Mint) {
/// let mismatch = bearward_testkit::matrix(axum::Router::new(), &[], &mint).await;
/// assert!(mismatch.is_ok());
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    wrong: Vec<String>,
}

/// What is sent to each route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Probe {
    NoToken,
    BadSignature,
    Expired,
    WrongAudience,
    WithoutScope,
    Good,
}

const PROBES: [Probe; 6] = [
    Probe::NoToken,
    Probe::BadSignature,
    Probe::Expired,
    Probe::WrongAudience,
    Probe::WithoutScope,
    Probe::Good,
];

/// Serves `app` on a loopback port and sends six requests to each of `routes`: without a token,
/// with one whose signature is broken, an expired one, one for another audience, one without any
/// scope or permission, and a good one. `mint` is the issuer that the app trusts.
///
/// The table of routes is what *should* be: take it from the router as it is meant to be, or write
/// it down. Each request is a GET, with `1` for each parameter of the path; a guard answers before
/// the method is looked at, so routes without GET are covered too.
///
/// # Errors
/// The wrong answers, one line each.
///
/// # Example
/// ```
/// use axum::routing::get;
/// use bearward::token;
/// use bearward_testkit::{Mint, matrix};
///
/// # #[tokio::main]
/// # async fn main() {
/// let mint = Mint::new("https://login.example.com/", "https://api.example.com");
/// let router = mint.resource_server().router().route("/me", token(), get(async || "me"));
/// let routes = router.routes().to_vec();
/// assert_eq!(matrix(router.into_router(), &routes, &mint).await.unwrap().answers, 6);
///
/// // The same route without its guard:
/// let open = axum::Router::new().route("/me", get(async || "me"));
/// let wrong = matrix(open, &routes, &mint).await.unwrap_err();
/// assert!(wrong.to_string().contains("GET /me without a token: expected 401"));
/// # }
/// ```
pub async fn matrix(
    app: Router,
    routes: &[GuardedRoute],
    mint: &Mint,
) -> Result<MatrixReport, Mismatch> {
    let served = serve(app).await;
    let mut report = MatrixReport { answers: 0 };
    let mut wrong = Vec::new();
    for route in routes {
        for probe in PROBES {
            let path = concrete(&route.path);
            let answer = ask(served.address(), &path, probe, &route.requirement, mint).await;
            let expected = expected(&route.requirement, probe);
            report.answers += 1;
            if !expected.fits(&answer, path != route.path) {
                wrong.push(format!(
                    "GET {path} {probe}: expected {expected}, found {}",
                    brief(&answer)
                ));
            }
        }
    }
    if wrong.is_empty() { Ok(report) } else { Err(Mismatch { wrong }) }
}

/// The path with `1` for each parameter.
fn concrete(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(
    address: SocketAddr,
    path: &str,
    probe: Probe,
    requirement: &Requirement,
    mint: &Mint,
) -> Answer {
    let with = |names: Vec<&str>| Value::from(names);
    let good = mint
        .token()
        .claim("scope", requirement.scopes().join(" "))
        .claim("permissions", with(requirement.permissions()));
    let token = match probe {
        Probe::NoToken => None,
        // The same token, signed by a key that only has the name of the right one.
        Probe::BadSignature => Some(good.with_signature(&"A".repeat(342))),
        Probe::Expired => Some(good.claim("exp", 1).claim("iat", 0).sign()),
        Probe::WrongAudience => Some(good.claim("aud", "https://another.example").sign()),
        Probe::WithoutScope => Some(mint.token().sign()),
        Probe::Good => Some(good.sign()),
    };
    let header = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let header = header.unwrap_or_default();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{header}Connection: close\r\n\r\n");
    send(address, request.as_bytes()).await
}

/// What must come back.
#[derive(Debug)]
enum Expected {
    LetIn,
    Challenge(u16, Option<&'static str>),
}

fn expected(requirement: &Requirement, probe: Probe) -> Expected {
    let bad = Expected::Challenge(401, Some("invalid_token"));
    let needs_more = !requirement.scopes().is_empty() || !requirement.permissions().is_empty();
    match probe {
        _ if *requirement == open() => Expected::LetIn,
        Probe::NoToken if *requirement == optional() => Expected::LetIn,
        Probe::NoToken => Expected::Challenge(401, None),
        Probe::BadSignature | Probe::Expired | Probe::WrongAudience => bad,
        Probe::WithoutScope if needs_more => Expected::Challenge(403, Some("insufficient_scope")),
        Probe::WithoutScope | Probe::Good => Expected::LetIn,
    }
}

impl Expected {
    fn fits(&self, answer: &Answer, made_up_path: bool) -> bool {
        match self {
            // A handler may well have nothing at a made-up path, or want another method.
            Expected::LetIn => match answer.status {
                401 | 403 | 500.. => false,
                404 => made_up_path,
                _ => true,
            },
            Expected::Challenge(status, error) => {
                let challenge = answer.header("www-authenticate").unwrap_or_default();
                let found =
                    challenge.split("error=\"").nth(1).and_then(|rest| rest.split('"').next());
                answer.status == *status && challenge.starts_with("Bearer ") && found == *error
            }
        }
    }
}

fn brief(answer: &Answer) -> String {
    let challenge = answer.header("www-authenticate").unwrap_or("no challenge");
    format!("{} with {challenge}", answer.status)
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Probe::NoToken => "without a token",
            Probe::BadSignature => "with a broken signature",
            Probe::Expired => "with an expired token",
            Probe::WrongAudience => "with a token for another audience",
            Probe::WithoutScope => "with a token without scope",
            Probe::Good => "with a good token",
        })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::LetIn => f.write_str("to be let in"),
            Expected::Challenge(status, None) => write!(f, "{status} without an error code"),
            Expected::Challenge(status, Some(error)) => write!(f, "{status} {error}"),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wrong.join("\n"))
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Mismatch {}
