//! From flags and environment to settings: a flag wins over a variable, a variable over the default.

use std::path::PathBuf;

use crate::args::IssuerArgs;
use crate::exit::Failure;

/// Every variable that the program reads, with what it is for.
pub(crate) const VARIABLES: [(&str, &str); 7] = [
    (ISSUER, "issuer of the tokens, like --issuer"),
    (DOMAIN, "Auth0 domain, like --domain"),
    (AUDIENCE, "identifier of the API, like --audience"),
    (CLIENT_ID, "identifier of the client, like --client-id"),
    (CLIENT_SECRET, "secret of the client; there is no flag for it"),
    (DATA, "folder of the tenant's data, like --data"),
    (LOG, "what is logged on stderr, such as `debug`"),
];

const ISSUER: &str = "BEARWARD_ISSUER";
const DOMAIN: &str = "BEARWARD_DOMAIN";
const AUDIENCE: &str = "BEARWARD_AUDIENCE";
const CLIENT_ID: &str = "BEARWARD_CLIENT_ID";
const CLIENT_SECRET: &str = "BEARWARD_CLIENT_SECRET";
const DATA: &str = "BEARWARD_DATA";
const LOG: &str = "BEARWARD_LOG";

/// The variables as they were when the program started. An empty one counts as not set.
#[derive(Default)]
pub(crate) struct Environment {
    issuer: Option<String>,
    domain: Option<String>,
    audience: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    data: Option<String>,
    log: Option<String>,
}

impl Environment {
    #[allow(clippy::disallowed_methods, reason = "this is the place where the environment is read")]
    pub(crate) fn read() -> Result<Self, Failure> {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, Failure> {
        let variable = |name: &str| match lookup(name).map(std::ffi::OsString::into_string) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
            Some(Err(_)) => Err(Failure::trouble(format!("{name} is not valid UTF-8"))),
        };
        Ok(Self {
            issuer: variable(ISSUER)?,
            domain: variable(DOMAIN)?,
            audience: variable(AUDIENCE)?,
            client_id: variable(CLIENT_ID)?,
            client_secret: variable(CLIENT_SECRET)?,
            data: variable(DATA)?,
            log: variable(LOG)?,
        })
    }

    /// The issuer that flags or variables name, if they name one.
    pub(crate) fn issuer(&self, args: IssuerArgs) -> Result<Option<IssuerSettings>, Failure> {
        let IssuerArgs { issuer, domain, ca_file } = args;
        let named = if issuer.is_some() || domain.is_some() {
            (issuer, domain, ["--issuer", "--domain"])
        } else {
            (self.issuer.clone(), self.domain.clone(), [ISSUER, DOMAIN])
        };
        let (url, named_by, is_auth0) = match named {
            (None, None, _) => return Ok(None),
            (Some(url), None, [name, _]) => (url, name, false),
            (None, Some(domain), [_, name]) => {
                (auth0_issuer(&domain).map_err(|failure| failure.named_by(name))?, name, true)
            }
            (Some(_), Some(_), _) => {
                return Err(Failure::trouble(format!("both {ISSUER} and {DOMAIN} are set"))
                    .hint("unset one of them, or say which with --issuer or --domain"));
            }
        };
        Ok(Some(IssuerSettings { url, named_by, is_auth0, ca_file }))
    }

    pub(crate) fn audience(&self, flag: Option<String>) -> Result<Option<Audience>, Failure> {
        let (id, named_by) = match flag {
            Some(id) => (Some(id), "--audience"),
            None => (self.audience.clone(), AUDIENCE),
        };
        if id.as_deref() == Some("") {
            return Err(Failure::trouble("--audience is empty")
                .hint("name the API by its identifier at the issuer"));
        }
        Ok(id.map(|id| Audience { id, named_by }))
    }

    pub(crate) fn client_id(&self, flag: Option<String>) -> Result<String, Failure> {
        flag.or_else(|| self.client_id.clone()).ok_or_else(|| {
            Failure::trouble("no client").hint(format!("name it with --client-id or {CLIENT_ID}"))
        })
    }

    pub(crate) fn client_secret(&self) -> Result<String, Failure> {
        self.client_secret.clone().ok_or_else(|| {
            Failure::trouble("no client secret").hint(format!(
                "set {CLIENT_SECRET}, or pipe the secret in and add --client-secret-stdin"
            ))
        })
    }

    /// The folder of the tenant's data, if one was named.
    pub(crate) fn data(&self, flag: Option<PathBuf>) -> Option<PathBuf> {
        flag.or_else(|| self.data.as_ref().map(Into::into))
    }

    /// What to log, if that was said.
    pub(crate) fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }
}

/// The program as it was called, so that what it prints can be pasted where it was typed.
pub(crate) fn program() -> String {
    std::env::args().next().unwrap_or_else(|| env!("CARGO_BIN_NAME").into())
}

/// Where the person at the terminal keeps things, if that is known.
pub(crate) fn home() -> Option<PathBuf> {
    std::env::home_dir()
}

/// The issuer, as it was named.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IssuerSettings {
    /// Exactly as it must stand in the tokens.
    pub(crate) url: String,
    /// The flag or the variable, for the errors about it.
    pub(crate) named_by: &'static str,
    /// Named by an Auth0 domain, so that Auth0's rules hold unless others are asked for.
    pub(crate) is_auth0: bool,
    pub(crate) ca_file: Option<PathBuf>,
}

/// The identifier of the API at its issuer.
pub(crate) struct Audience {
    pub(crate) id: String,
    /// The flag or the variable, for the errors about it.
    pub(crate) named_by: &'static str,
}

fn auth0_issuer(domain: &str) -> Result<String, Failure> {
    let name = domain.strip_prefix("https://").unwrap_or(domain);
    let name = name.strip_suffix('/').unwrap_or(name);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if name.is_empty() || !name.chars().all(fits) {
        return Err(Failure::trouble(format!("not a domain: `{domain}`")).hint(
            "a domain looks like dev-xyz.eu.auth0.com; give any other address with --issuer",
        ));
    }
    Ok(format!("https://{}/", name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let lookup = |name: &str| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into())
        };
        Environment::from_lookup(lookup).unwrap()
    }

    fn check(flags: (Option<&str>, Option<&str>), pairs: &[(&str, &str)], expected: Option<&str>) {
        let args = IssuerArgs {
            issuer: flags.0.map(Into::into),
            domain: flags.1.map(Into::into),
            ca_file: None,
        };
        let issuer = environment(pairs).issuer(args).unwrap();
        assert_eq!(issuer.map(|issuer| issuer.url).as_deref(), expected);
    }

    #[test]
    fn a_flag_wins_over_a_variable() {
        check((None, None), &[], None);
        check((None, None), &[(ISSUER, "")], None);
        check((None, None), &[(ISSUER, "https://a/")], Some("https://a/"));
        check((None, None), &[(DOMAIN, "a.auth0.com")], Some("https://a.auth0.com/"));
        check((Some("https://b"), None), &[(ISSUER, "https://a/")], Some("https://b"));
        check((Some("https://b"), None), &[(DOMAIN, "a.auth0.com")], Some("https://b"));
        check((None, Some("B.auth0.com")), &[(ISSUER, "https://a/")], Some("https://b.auth0.com/"));
    }

    #[test]
    fn two_variables_that_name_an_issuer_are_refused() {
        let args = IssuerArgs { issuer: None, domain: None, ca_file: None };
        assert!(environment(&[(ISSUER, "https://a/"), (DOMAIN, "b")]).issuer(args).is_err());
    }

    #[test]
    fn a_domain_is_a_host_name() {
        for domain in ["a.auth0.com", "https://a.auth0.com", "https://a.auth0.com/"] {
            assert_eq!(auth0_issuer(domain).unwrap(), "https://a.auth0.com/");
        }
        for domain in ["", "a.auth0.com/x", "user@a", "http://a", "a b"] {
            assert!(auth0_issuer(domain).is_err(), "{domain}");
        }
    }

    #[test]
    fn every_variable_is_named_once() {
        let mut names = VARIABLES.map(|(name, _)| name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
