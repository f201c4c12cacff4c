//! The tenant of the quickstart: one API with one permission, and two applications, of which one
//! was granted it. Everything is made anew at each start.

use anyhow::Context;
use axum::Router;
use bearward_tenant::{ApplicationType, ClientSecret, NewApi, NewApplication, Tenant};

use crate::address;
use crate::client_credentials::TokenRequest;
use crate::discovery::{self, Metadata};
use crate::exit::Failure;
use crate::http::Http;

pub(super) struct LocalTenant {
    tenant: Tenant,
    audience: String,
    /// May read messages.
    pub(super) application: Machine,
    /// May have tokens for the API, but no permission of it.
    without_scope: Machine,
}

/// An application that acts for itself.
pub(super) struct Machine {
    pub(super) client_id: String,
    pub(super) client_secret: ClientSecret,
}

impl LocalTenant {
    /// `address` has no slash at the end; the issuer has one, as Auth0's.
    pub(super) async fn new(address: &str, audience: &str) -> anyhow::Result<Self> {
        let tenant =
            Tenant::in_memory(format!("{address}/")).await.context("cannot make the tenant")?;
        let api = NewApi::new("Quickstart API", audience);
        tenant
            .create_api(api.permission("read:messages", "Read messages"))
            .await
            .with_context(|| format!("cannot make an API with the identifier `{audience}`"))?;
        let application = machine(&tenant, "Quickstart").await?;
        tenant.grant(&application.client_id, audience, &["read:messages"]).await?;
        let without_scope = machine(&tenant, "Quickstart without permissions").await?;
        tenant.grant(&without_scope.client_id, audience, &[]).await?;
        Ok(Self { tenant, audience: audience.to_owned(), application, without_scope })
    }

    pub(super) fn router(&self) -> Router {
        self.tenant.router()
    }

    pub(super) fn issuer(&self) -> &str {
        self.tenant.issuer()
    }

    pub(super) fn jwks_uri(&self) -> String {
        self.tenant.jwks_uri()
    }

    /// A token with the scope and one without, taken as any client takes them.
    pub(super) async fn tokens(&self) -> Result<(String, String), Failure> {
        let url = address::parse("the tenant", self.issuer())?;
        let http = Http::new(&url, None)?;
        let metadata = discovery::discover(&http, self.issuer()).await?;
        let with = self.token(&http, &metadata, &self.application).await?;
        let without = self.token(&http, &metadata, &self.without_scope).await?;
        Ok((with, without))
    }

    async fn token(
        &self,
        http: &Http,
        metadata: &Metadata,
        application: &Machine,
    ) -> Result<String, Failure> {
        let request = TokenRequest {
            client_id: &application.client_id,
            client_secret: application.client_secret.expose(),
            audience: Some(&self.audience),
            scope: "",
        };
        Ok(request.send(http, metadata).await?.access_token)
    }
}

async fn machine(tenant: &Tenant, name: &str) -> anyhow::Result<Machine> {
    let application = NewApplication::new(name, ApplicationType::NonInteractive);
    let created = tenant.create_application(application).await?;
    let client_secret = created.client_secret.context("the tenant gave no secret")?;
    Ok(Machine { client_id: created.application.client_id, client_secret })
}
