//! Asks every route of a router what it lets in and what it refuses, and says which answer was
//! wrong.

use std::fmt;
use std::net::SocketAddr;

use axum::Router;
use bearward::axum::GuardedRoute;
use bearward::{Requirement, open, optional};

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
#[non_exhaustive]
pub struct MatrixReport {
    /// How many answers were looked at: six for each route and each of five methods.
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

/// Methods that are tried on every path: a guard that stands before one of them only is found out.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Serves `app` on a loopback port and sends six requests to each of `routes`, by each of five
/// methods: without a token, with one whose signature is broken, an expired one, one for another
/// audience, one without any scope or permission, and a good one. `mint` is the issuer that the
/// app trusts.
///
/// The table of routes is what *should* be: take it from the router as it is meant to be, or write
/// it down. A path may stand there several times, with another requirement for another method.
/// `1` is sent for each parameter of a path. A method that a route does not have may answer 405.
///
/// Good tokens reach the handlers, so these run, also those of POST and DELETE. Where the app asks
/// for claims of its own, give them to the mint: [`Mint::with_claim`].
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
/// assert_eq!(matrix(router.into_router(), &routes, &mint).await.unwrap().answers, 30);
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
    let mut paths: Vec<&str> = routes.iter().map(|route| route.path.as_str()).collect();
    paths.dedup();
    for path in paths {
        for method in METHODS {
            let mut faults = Vec::new();
            for route in routes.iter().filter(|route| route.path == path) {
                let asked = Asked { address: served.address(), method, route, mint };
                report.answers += PROBES.len();
                faults.push(asked.faults().await);
            }
            // The method belongs to the route that it fits; if it fits none, to the nearest.
            wrong.extend(faults.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
    }
    if wrong.is_empty() { Ok(report) } else { Err(Mismatch { wrong }) }
}

/// A route, asked by one method.
struct Asked<'a> {
    address: SocketAddr,
    method: &'a str,
    route: &'a GuardedRoute,
    mint: &'a Mint,
}

impl Asked<'_> {
    async fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let path = concrete(&self.route.path);
        for probe in PROBES {
            let answer = self.ask(&path, probe).await;
            let expected = expected(&self.route.requirement, probe);
            if !expected.fits(&answer, path != self.route.path) {
                let found = brief(&answer);
                let method = self.method;
                faults.push(format!("{method} {path} {probe}: expected {expected}, found {found}"));
            }
        }
        faults
    }

    async fn ask(&self, path: &str, probe: Probe) -> Answer {
        let Asked { address, method, route: GuardedRoute { requirement, .. }, mint, .. } = self;
        let good = mint
            .token()
            .claim("scope", requirement.scopes().join(" "))
            .claim("permissions", requirement.permissions());
        let token = match probe {
            Probe::NoToken => None,
            // As long as the signature of an RSA key of 2048 bits.
            Probe::BadSignature => Some(good.with_signature(&"A".repeat(342))),
            Probe::Expired => Some(good.claim("exp", 1).claim("iat", 0).sign()),
            Probe::WrongAudience => Some(good.claim("aud", "https://another.example").sign()),
            Probe::WithoutScope => Some(mint.token().sign()),
            Probe::Good => Some(good.sign()),
        };
        let header = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let header = header.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{header}Content-Length: 0\r\n\
             Connection: close\r\n\r\n"
        );
        send(*address, request.as_bytes()).await
    }
}

/// The path with `1` for each parameter.
fn concrete(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
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
