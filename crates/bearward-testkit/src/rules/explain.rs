//! Explains a row's tokens after the guard has answered: its verdict must be the guard's.

use axum::Router;
use bearward::{
    Credentials, Explanation, Requirement, ResourceServer, optional, permission, scope, token,
};

use super::ask::{Asked, ask};
use super::server::{Issuers, Memory};
use super::{Case, RequestSpec, Row};

/// What is said of a request: by the reading of its header, or by the explanation of its token.
enum Said {
    OfTheHeader(Option<String>),
    OfTheToken(Explanation),
}

/// Sends a row's two requests as [`run`](super::run) does, then has
/// [`ResourceServer::explain`] tell of their tokens: its code must be the reason in the guard's log.
///
/// Where the fault is not in the token but in the header lines or the query, explain is not asked:
/// there the code is the one of [`Credentials::read`].
///
/// # Panics
/// When the codes differ, or the telling holds a part of the token's text.
///
/// # Example
/// ```no_run
/// # async fn all(app: fn(bearward::ResourceServer) -> axum::Router) {
/// for row in bearward_testkit::rules::rows() {
///     bearward_testkit::rules::explain(&row, app).await;
/// }
/// # }
/// ```
pub async fn explain(row: &Row, app: impl Fn(ResourceServer) -> Router) {
    let two = row.has_fixed_keys().then_some(Issuers::Two);
    let servers = [Issuers::One].into_iter().chain(two);
    for (issuers, case) in servers.flat_map(|one| [(one, &row.accepted), (one, &row.refused)]) {
        let Asked { answer, token, ready } = ask(case, Memory::On, issuers, &app).await;
        let said = say(case, &ready.server, &token).await;
        ready.over();
        assert_eq!(said.code(), answer.reason(), "the code, and the reason in the log");
        said.refuse_leaks(&token);
    }
}

async fn say(case: &Case, server: &ResourceServer, token: &str) -> Said {
    let (path, query) = case.request.path_and_query(token);
    let requirement = requirement(&path);
    let lines = case.request.authorization(token);
    match Credentials::read(lines.iter().map(Vec::as_slice), query.as_deref()) {
        // The route does not look at what is sent, or takes that nothing is.
        _ if requirement == bearward::open() => Said::OfTheHeader(None),
        Err(rejection) if requirement == optional() && rejection.code() == "no_credentials" => {
            Said::OfTheHeader(None)
        }
        Err(rejection) => Said::OfTheHeader(Some(rejection.code().to_owned())),
        Ok(_) => {
            let line = lines.first().map(|line| String::from_utf8_lossy(line)).unwrap_or_default();
            let (_, token) = line.split_once(' ').unwrap_or_default();
            Said::OfTheToken(server.explain(token.trim_start(), &requirement).await)
        }
    }
}

/// What the routes need that [`run`](super::run) lists.
fn requirement(path: &str) -> Requirement {
    match path {
        "/api/public" => bearward::open(),
        "/api/private-scoped" => scope("read:messages"),
        "/api/permitted" => permission("read:messages"),
        "/api/optional" => optional(),
        _ => token(),
    }
}

impl Said {
    fn code(&self) -> Option<&str> {
        match self {
            Said::OfTheHeader(code) => code.as_deref(),
            Said::OfTheToken(explanation) => explanation.code(),
        }
    }

    fn refuse_leaks(&self, token: &str) {
        let Said::OfTheToken(explanation) = self else { return };
        let told = explanation.to_string();
        for part in token.split('.').filter(|part| part.len() >= 16) {
            assert!(!told.contains(part), "the telling holds a part of the token: {told}");
        }
    }
}

impl RequestSpec {
    fn path_and_query(&self, token: &str) -> (String, Option<String>) {
        let path = self.path.as_deref().unwrap_or("/api/private").replace("{token}", token);
        match path.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (path, None),
        }
    }

    /// The values of the Authorization lines, as an HTTP server hands them on.
    fn authorization(&self, token: &str) -> Vec<Vec<u8>> {
        let usual = vec!["Authorization: Bearer {token}".to_owned()];
        let lines = self.headers.as_ref().unwrap_or(&usual).iter();
        let named = lines.filter_map(|line| line.split_once(':'));
        let named = named.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let value = |(_, value): (&str, &str)| {
            let text = value.trim_matches([' ', '\t']).replace("{token}", token);
            text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
        };
        named.map(value).collect()
    }
}
