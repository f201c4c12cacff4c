//! What `bearward quickstart` prints once it runs: for a person, or one line of JSON for a script.

use std::fmt::Write as _;

use anstyle::Style;
use serde::Serialize;

use super::local_tenant::{LocalTenant, LocalUser};
use crate::config;
use crate::listen::Listeners;
use crate::output::{ALLOWED, QUIET, REFUSED, STRONG};
use crate::shell::quoted;

/// Where everything is. No `Debug`: it holds tokens and a secret.
#[derive(Serialize)]
pub(super) struct Report {
    api: String,
    issuer: String,
    audience: String,
    pub(super) jwks_uri: Option<String>,
    #[serde(flatten)]
    tenant: Option<TenantReport>,
}

/// What the local tenant has given out.
#[derive(Serialize)]
struct TenantReport {
    client_id: String,
    client_secret: String,
    token: String,
    token_without_scope: String,
    dashboard: String,
    /// Good once, and only while nobody has set a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    dashboard_link: Option<String>,
    users: [UserReport; 2],
}

/// A user of the local tenant.
#[derive(Serialize)]
struct UserReport {
    email: &'static str,
    password: String,
    permissions: &'static [&'static str],
}

impl Report {
    pub(super) fn with_tenant(
        listeners: &Listeners,
        tenant: &LocalTenant,
        dashboard_link: Option<String>,
        audience: &str,
        token: &str,
        token_without_scope: &str,
    ) -> Self {
        Self {
            jwks_uri: Some(tenant.jwks_uri()),
            tenant: Some(TenantReport {
                client_id: tenant.application.client_id.clone(),
                client_secret: tenant.application.client_secret.expose().to_owned(),
                token: token.to_owned(),
                token_without_scope: token_without_scope.to_owned(),
                dashboard: tenant.dashboard_url(),
                dashboard_link,
                users: [
                    UserReport::new(&tenant.reader, &["read:messages"]),
                    UserReport::new(&tenant.visitor, &[]),
                ],
            }),
            ..Self::with_issuer(listeners, tenant.issuer(), audience)
        }
    }

    pub(super) fn with_issuer(listeners: &Listeners, issuer: &str, audience: &str) -> Self {
        Self {
            api: listeners.url(),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            jwks_uri: None,
            tenant: None,
        }
    }

    pub(super) fn to_json(&self) -> anyhow::Result<String> {
        Ok(format!("{}\n", serde_json::to_string(self)?))
    }

    pub(super) fn to_text(&self) -> String {
        // Writing to a String cannot fail.
        let mut text = String::new();
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let Self { api, issuer, audience, tenant, .. } = self;
        let what = match tenant {
            Some(_) => "a guarded API, and a tenant for its tokens",
            None => "a guarded API that takes the tokens of your issuer",
        };
        writeln!(text, "{STRONG}bearward quickstart{STRONG:#}: {what}\n")?;
        writeln!(text, "The API, with a page to try it:\n{STRONG}{api}/{STRONG:#}\n")?;
        match tenant {
            Some(tenant) => {
                tenant.write_users(text)?;
                writeln!(text, "The tenant, which is the issuer:\n{issuer}\n")?;
                tenant.write_tokens(text)?;
            }
            None => {
                writeln!(text, "The issuer of its tokens:\n{issuer}\n")?;
                writeln!(text, "Its identifier there, the audience of the tokens:\n{audience}\n")?;
                writeln!(
                    text,
                    "Get a token with the id and secret of an application (the secret in\nBEARWARD_CLIENT_SECRET):"
                )?;
                writeln!(text, "TOKEN=$({})\n", self.token_get("ID"))?;
            }
        }
        self.write_calls(text)?;
        if let Some(tenant) = tenant {
            writeln!(text, "Get another token, as any client does:")?;
            writeln!(text, "export BEARWARD_CLIENT_SECRET={}", tenant.client_secret)?;
            writeln!(text, "{}\n", self.token_get(&tenant.client_id))?;
        }
        // The first lines have scrolled away by now.
        writeln!(text, "Or try it all on its page:\n{STRONG}{api}/{STRONG:#}\n")?;
        writeln!(
            text,
            "{QUIET}Each refusal of the API is explained below. Ctrl-C stops it all.{QUIET:#}"
        )
    }

    fn token_get(&self, client_id: &str) -> String {
        let (program, issuer) = (quoted(&config::program()), quoted(&self.issuer));
        let audience = quoted(&self.audience);
        format!(
            "{program} token get --issuer {issuer} --audience {audience} --client-id {client_id}"
        )
    }

    fn write_calls(&self, text: &mut String) -> std::fmt::Result {
        let with = r#" -H "Authorization: Bearer $TOKEN""#;
        let without = r#" -H "Authorization: Bearer $TOKEN_WITHOUT_SCOPE""#;
        let calls: &[(Style, u16, &str, &str, &str)] = &[
            (ALLOWED, 200, "open to anyone", "", "public"),
            (REFUSED, 401, "no token", "", "private"),
            (ALLOWED, 200, "a valid token", with, "private"),
            (REFUSED, 403, "a valid token without the scope", without, "private-scoped"),
            (ALLOWED, 200, "a valid token with the scope", with, "private-scoped"),
        ];
        writeln!(text, "Then call the API, and see the answer that is written above each:\n")?;
        for (style, status, why, header, route) in calls {
            // An issuer of one's own has given nothing out yet, and least of all a poor token.
            if self.tenant.is_none() && *header == without {
                continue;
            }
            writeln!(text, "{style}{status}{style:#} {why}")?;
            writeln!(text, "curl -i{header} {}/api/{route}\n", self.api)?;
        }
        Ok(())
    }
}

impl UserReport {
    fn new(user: &LocalUser, permissions: &'static [&'static str]) -> Self {
        Self { email: user.email, password: user.password.expose().to_owned(), permissions }
    }
}

impl TenantReport {
    fn write_users(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "Log in on that page as one of these; the first may read messages:")?;
        for user in &self.users {
            writeln!(text, "{:<20} {}", user.email, user.password)?;
        }
        match &self.dashboard_link {
            Some(link) => writeln!(
                text,
                "\nThe tenant's dashboard; the link is good once and for ten minutes:\n{link}\n"
            ),
            None => writeln!(text, "\nThe tenant's dashboard:\n{}\n", self.dashboard),
        }
    }

    fn write_tokens(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "A token with the scope read:messages, and one without it. Paste both")?;
        writeln!(text, "lines into a shell:\n")?;
        writeln!(text, "TOKEN={}\n", self.token)?;
        writeln!(text, "TOKEN_WITHOUT_SCOPE={}\n", self.token_without_scope)
    }
}
