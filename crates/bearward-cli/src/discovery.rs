//! Where an issuer's token endpoint is, and how a client may present its secret there.

use bearward::is_loopback;
use serde::Deserialize;
use url::Url;

use crate::address;
use crate::exit::Failure;
use crate::http::Http;

/// What the issuer says about itself (OpenID Connect Discovery 1.0, RFC 8414).
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) token_endpoint: Url,
    pub(crate) client_authentication: ClientAuthentication,
    pub(crate) jwks_uri: Option<String>,
}

/// How a client sends its secret (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientAuthentication {
    /// `client_secret_post`: as fields of the form.
    Form,
    /// `client_secret_basic`: as HTTP Basic credentials.
    Basic,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Fetches the metadata. `issuer` is compared byte by byte with what the document says of itself.
pub(crate) async fn discover(http: &Http, issuer: &str) -> Result<Metadata, Failure> {
    let url = address::parse("the issuer", issuer)?;
    let mut tried = Vec::new();
    for location in locations(&url) {
        let answer = http.get(&location).await?;
        if answer.status.is_success() {
            return read(issuer, &url, &location, &answer.body);
        }
        tried.push(format!("{location} answered {}", answer.status.as_u16()));
    }
    Err(Failure::trouble(format!("the issuer tells nothing about itself: {}", tried.join(", ")))
        .hint(
            "is the issuer's address complete, with its path, as it stands in the tokens' `iss`?",
        ))
}

/// OpenID Connect appends the well-known path, RFC 8414 puts it between host and path.
fn locations(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/').to_owned();
    let with_path = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url.set_query(None);
        url
    };
    [
        with_path(format!("{path}/.well-known/openid-configuration")),
        with_path(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

fn read(issuer: &str, url: &Url, location: &Url, body: &[u8]) -> Result<Metadata, Failure> {
    let document: Document = serde_json::from_slice(body).map_err(|error| {
        Failure::trouble(format!("{location} is not an issuer's metadata: {error}"))
    })?;
    if document.issuer != issuer {
        let what = format!("asked for issuer `{issuer}`, found issuer `{}`", document.issuer);
        return Err(Failure::trouble(what)
            .hint("if that is the one you mean, name it exactly so, down to the last slash"));
    }
    let Some(endpoint) = document.token_endpoint else {
        return Err(Failure::trouble(format!("the issuer names no token endpoint in {location}")));
    };
    let token_endpoint = address::parse("the issuer's token endpoint", &endpoint)?;
    if is_loopback(&token_endpoint) && !is_loopback(url) {
        let what =
            format!("the issuer is not on this machine, but its token endpoint is: {endpoint}");
        return Err(Failure::trouble(what));
    }
    let methods = document.token_endpoint_auth_methods_supported.as_deref();
    let client_authentication = authentication(methods)?;
    Ok(Metadata { token_endpoint, client_authentication, jwks_uri: document.jwks_uri })
}

/// The form where the issuer takes it, because applications are mostly set up so; else Basic, which
/// is also what holds when nothing is said.
fn authentication(methods: Option<&[String]>) -> Result<ClientAuthentication, Failure> {
    let Some(methods) = methods else { return Ok(ClientAuthentication::Basic) };
    let takes = |name: &str| methods.iter().any(|method| method == name);
    if takes("client_secret_post") {
        Ok(ClientAuthentication::Form)
    } else if takes("client_secret_basic") {
        Ok(ClientAuthentication::Basic)
    } else {
        let what = format!("the issuer takes no client secrets, only {}", methods.join(", "));
        Err(Failure::trouble(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_well_known_places_are_asked() {
        let check = |issuer: &str, expected: [&str; 2]| {
            assert_eq!(locations(&issuer.parse().unwrap()).map(String::from), expected);
        };
        check(
            "https://a.example",
            [
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ],
        );
        check(
            "https://a.example/realms/x/",
            [
                "https://a.example/realms/x/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/realms/x",
            ],
        );
    }

    #[test]
    fn metadata_is_believed_only_about_its_own_issuer() {
        let check = |issuer: &str, document: &str| {
            let url = issuer.parse().unwrap();
            read(issuer, &url, &url, document.as_bytes())
                .map(|read| String::from(read.token_endpoint))
        };
        let good = r#"{"issuer":"https://a.example/","token_endpoint":"https://b.example/token"}"#;
        assert_eq!(check("https://a.example/", good).unwrap(), "https://b.example/token");
        for bad in [
            r#"{"issuer":"https://a.example","token_endpoint":"https://b.example/token"}"#,
            r#"{"issuer":"https://a.example/"}"#,
            r#"{"issuer":"https://a.example/","token_endpoint":"http://b.example/token"}"#,
            r#"{"issuer":"https://a.example/","token_endpoint":"http://localhost/token"}"#,
            r#"{"issuer":"https://a.example/","token_endpoint":"https://127.0.0.1/token"}"#,
            "<html>",
        ] {
            assert!(check("https://a.example/", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_secret_goes_where_the_issuer_takes_it() {
        let check = |methods: &[&str]| {
            let methods: Vec<String> = methods.iter().map(ToString::to_string).collect();
            authentication(Some(&methods))
        };
        assert_eq!(authentication(None).unwrap(), ClientAuthentication::Basic);
        assert_eq!(check(&["client_secret_basic"]).unwrap(), ClientAuthentication::Basic);
        let both = ["client_secret_basic", "client_secret_post"];
        assert_eq!(check(&both).unwrap(), ClientAuthentication::Form);
        assert!(check(&["private_key_jwt"]).is_err());
    }
}
