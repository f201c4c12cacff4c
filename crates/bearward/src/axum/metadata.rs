//! What this API says of itself: OAuth 2.0 Protected Resource Metadata (RFC 9728).

use axum::Router;
use axum::routing::get;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use url::Url;

use crate::config::ConfigError;
use crate::issuer::Issuer;
use crate::resource_server::ResourceServer;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

impl ResourceServer {
    /// A router with the API's metadata, to merge into your own, at
    /// `/.well-known/oauth-protected-resource` with the path of the audience behind it.
    ///
    /// From then on challenges carry `resource_metadata`, so that clients find the issuer and the
    /// scopes by themselves. Any origin may read the document. The `resource` is the audience,
    /// exactly; `scopes_supported` are the scopes that the routes ask for.
    ///
    /// # Errors
    /// `audience` when it is no absolute `https` or `http` URL without query and fragment, or has a
    /// part that a router would take for a parameter: only others can publish metadata.
    ///
    /// # Example
    /// ```
    /// use bearward::ResourceServer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com/v1")?;
    /// let app: axum::Router = axum::Router::new().merge(api.metadata()?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: RFC 9728 sections 2, 3 and 5.1.
    pub fn metadata<S: Clone + Send + Sync + 'static>(&self) -> Result<Router<S>, ConfigError> {
        let (path, address) = place(self.audience())?;
        self.protection().mount_metadata(&address);
        let server = self.clone();
        let document = move || {
            let server = server.clone();
            async move {
                let headers =
                    [(CONTENT_TYPE, "application/json"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
                (headers, document(&server))
            }
        };
        Ok(Router::new().route(&path, get(document)))
    }
}

fn document(server: &ResourceServer) -> String {
    let mut document = serde_json::Map::new();
    document.insert("resource".into(), server.audience().into());
    // What has no value is left out (RFC 9728 section 3.2).
    let issuers: Vec<&str> = server.issuers().map(Issuer::identifier).collect();
    if !issuers.is_empty() {
        document.insert("authorization_servers".into(), issuers.into());
    }
    let scopes = server.scopes_supported();
    if !scopes.is_empty() {
        document.insert("scopes_supported".into(), scopes.into());
    }
    document.insert("bearer_methods_supported".into(), vec!["header"].into());
    serde_json::Value::Object(document).to_string()
}

/// The path to serve the document at, and its address (RFC 9728 section 3.1).
fn place(audience: &str) -> Result<(String, String), ConfigError> {
    let unfit = || {
        let message =
            format!("expected a URL without query and fragment for metadata, found {audience:?}");
        ConfigError::new("audience", message)
    };
    let url = Url::parse(audience).map_err(|_| unfit())?;
    let plain = url.query().is_none() && url.fragment().is_none();
    // What would be a parameter in a route, now or in axum before 0.8.
    let parameter = url.path().contains(['{', '}'])
        || url.path().split('/').any(|part| part.starts_with([':', '*']));
    if !matches!(url.scheme(), "https" | "http") || !plain || parameter {
        return Err(unfit());
    }
    // Only the slash behind the host goes.
    let path = match url.path() {
        "/" => WELL_KNOWN.to_owned(),
        path => format!("{WELL_KNOWN}{path}"),
    };
    let mut address = url;
    address.set_path(&path);
    Ok((path, address.to_string()))
}
