//! Issuers by what their providers call them: an address, a profile, and no code of their own.

use super::Issuer;
use crate::config::ConfigError;
use crate::profile::Profile;
use crate::rejection::shown;

impl Issuer {
    /// An Auth0 tenant by its domain: issuer `https://DOMAIN/`, profile [`Profile::AUTH0`].
    ///
    /// # Errors
    /// `domain` when it is not a bare host, with a port or without.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::auth0("dev-xyz.eu.auth0.com")?;
    /// assert_eq!(issuer.identifier(), "https://dev-xyz.eu.auth0.com/");
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth0(domain: &str) -> Result<Issuer, ConfigError> {
        let host = host(domain, "dev-xyz.eu.auth0.com")?;
        preset("domain", format!("https://{host}/"), Profile::AUTH0)
    }

    /// A realm of a Keycloak by its base address and name: issuer `BASE/realms/REALM`, profile
    /// [`Profile::KEYCLOAK`].
    ///
    /// The base is the address by which clients reach Keycloak (`hostname` in its settings), since
    /// tokens name that one; a slash at its end makes no difference. Before version 17 it ends with
    /// `/auth`.
    ///
    /// # Errors
    /// `base` when it is no `https` URL (or loopback `http`), `realm` when it is empty or holds
    /// anything but letters, digits, `-`, `_` and `.`: then give the issuer to [`Issuer::new`].
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, Profile};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::keycloak("https://login.example.com", "staff")?;
    /// assert_eq!(issuer.identifier(), "https://login.example.com/realms/staff");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.keycloak.org/securing-apps/oidc-layers>.
    pub fn keycloak(base: &str, realm: &str) -> Result<Issuer, ConfigError> {
        let realm = segment("realm", realm, "the name of a realm")?;
        let base = base.strip_suffix('/').unwrap_or(base);
        preset("base", format!("{base}/realms/{realm}"), Profile::KEYCLOAK)
    }

    /// A custom authorization server of an Okta org by domain and id: issuer
    /// `https://DOMAIN/oauth2/ID`, profile [`Profile::OKTA`]. The one that comes with the org has
    /// the id `default`.
    ///
    /// # Errors
    /// `domain` when it is not a bare host, `authorization_server` when it is no id. Without an id
    /// it would be the org authorization server, whose tokens are for Okta alone.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::okta("dev-123.okta.com", "default")?;
    /// assert_eq!(issuer.identifier(), "https://dev-123.okta.com/oauth2/default");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://developer.okta.com/docs/concepts/auth-servers/>.
    pub fn okta(domain: &str, authorization_server: &str) -> Result<Issuer, ConfigError> {
        let host = host(domain, "dev-123.okta.com")?;
        let wanted = "the id of a custom authorization server";
        let id = segment("authorization_server", authorization_server, wanted)?;
        preset("domain", format!("https://{host}/oauth2/{id}"), Profile::OKTA)
    }

    /// A tenant of Microsoft Entra ID that issues tokens of version 2.0: issuer
    /// `https://login.microsoftonline.com/TENANT/v2.0`, profile [`Profile::ENTRA`].
    ///
    /// Which version an API gets is set in its app registration (`requestedAccessTokenVersion`, in
    /// older manifests `accessTokenAcceptedVersion`), not by the address that clients ask: null and 1
    /// mean [`entra_v1`](Issuer::entra_v1). The audience is the API's client id. National clouds have
    /// other hosts: give the issuer to [`Issuer::new`]. Where claims mapping gives an app keys of its
    /// own, set [`jwks_uri`](Issuer::jwks_uri) with `?appid=` and its id.
    ///
    /// # Errors
    /// `tenant` when it is no GUID: tokens name their tenant by GUID, even if a domain name,
    /// `common` or `organizations` was asked.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// let tenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
    /// let issuer = Issuer::entra(tenant).unwrap();
    /// assert!(issuer.identifier().ends_with("/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0"));
    /// assert_eq!(Issuer::entra("contoso.onmicrosoft.com").unwrap_err().setting(), "tenant");
    /// ```
    ///
    /// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens>.
    pub fn entra(tenant: &str) -> Result<Issuer, ConfigError> {
        let tenant = guid(tenant)?;
        let identifier = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        preset("tenant", identifier, Profile::ENTRA)
    }

    /// A tenant of Microsoft Entra ID that issues tokens of version 1.0: issuer
    /// `https://sts.windows.net/TENANT/`, profile [`Profile::ENTRA`], keys from
    /// `https://login.microsoftonline.com/TENANT/discovery/keys`. See [`entra`](Issuer::entra).
    ///
    /// # Errors
    /// `tenant` when it is no GUID.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// let issuer = Issuer::entra_v1("8eaef023-2b34-4da1-9baa-8bc8c9d6a490").unwrap();
    /// assert!(issuer.identifier().starts_with("https://sts.windows.net/8eaef023-"));
    /// ```
    ///
    /// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens>.
    pub fn entra_v1(tenant: &str) -> Result<Issuer, ConfigError> {
        let tenant = guid(tenant)?;
        preset("tenant", format!("https://sts.windows.net/{tenant}/"), Profile::ENTRA)?
            .jwks_uri(&format!("https://login.microsoftonline.com/{tenant}/discovery/keys"))
    }

    /// An Amazon Cognito user pool by region and id: issuer
    /// `https://cognito-idp.REGION.amazonaws.com/POOL`, profile [`Profile::COGNITO`].
    ///
    /// The audience is the id of an app client; list others in
    /// [`audiences`](Issuer::audiences). Pools that are replicated to several regions, and regions
    /// outside `amazonaws.com`, have other issuers: give them to [`Issuer::new`].
    ///
    /// # Errors
    /// `region` when it is none, such as `eu-central-1`, or one outside `amazonaws.com`; `pool`
    /// when it is not the region, `_`, and letters and digits.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::cognito("eu-central-1", "eu-central-1_AbCd12345")?;
    /// assert_eq!(
    ///     issuer.identifier(),
    ///     "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCd12345"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html>.
    pub fn cognito(region: &str, pool: &str) -> Result<Issuer, ConfigError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !region.contains('-') || !region.chars().all(plain) {
            return Err(expected("region", "a region such as eu-central-1", region));
        }
        if ["cn-", "eusc-"].iter().any(|elsewhere| region.starts_with(elsewhere)) {
            return Err(expected("region", "a region of amazonaws.com", region));
        }
        let name = pool.strip_prefix(region).and_then(|rest| rest.strip_prefix('_'));
        if !name
            .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()))
        {
            return Err(expected("pool", &format!("a user pool such as {region}_AbCd12345"), pool));
        }
        let identifier = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
        preset("pool", identifier, Profile::COGNITO)
    }
}

fn preset(setting: &'static str, id: String, profile: Profile) -> Result<Issuer, ConfigError> {
    match Issuer::new(id) {
        Ok(issuer) => Ok(issuer.profile(profile)),
        Err(error) => Err(ConfigError::new(setting, error.to_string())),
    }
}

fn expected(setting: &'static str, what: &str, found: &str) -> ConfigError {
    ConfigError::new(setting, format!("expected {what}, found \"{}\"", shown(found)))
}

/// A bare host, with a port or without, in lower case.
fn host(domain: &str, example: &str) -> Result<String, ConfigError> {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if domain.is_empty() || !domain.chars().all(bare) {
        return Err(expected("domain", &format!("a domain such as {example}"), domain));
    }
    Ok(domain.to_ascii_lowercase())
}

/// A segment of a path that no URL parser writes in another way.
fn segment<'s>(setting: &'static str, text: &'s str, what: &str) -> Result<&'s str, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || matches!(text, "." | "..") || !text.chars().all(plain) {
        return Err(expected(setting, what, text));
    }
    Ok(text)
}

/// In lower case, as tokens write it.
fn guid(tenant: &str) -> Result<String, ConfigError> {
    let groups: Vec<&str> = tenant.split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    let hexadecimal = |c: char| c.is_ascii_hexdigit() || c == '-';
    if !lengths.eq([8, 4, 4, 4, 12]) || !tenant.chars().all(hexadecimal) {
        return Err(expected("tenant", "the tenant's id, a GUID", tenant));
    }
    Ok(tenant.to_ascii_lowercase())
}
