//! The tenant of the quickstart: one API with one permission; two applications that act for
//! themselves, of which one was granted it; the page as a third; and two users, of whom one holds
//! it. Everything is made anew at each start.

use anyhow::Context;
use axum::Router;
use bearward_tenant::{
    ApplicationType, ClientSecret, GeneratedPassword, NewApi, NewApplication, NewUser, Tenant,
};

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
    /// The quickstart's page, which people log in with.
    pub(super) page_client_id: String,
    pub(super) reader: LocalUser,
    pub(super) visitor: LocalUser,
}

/// A user, with the only copy of the password.
pub(super) struct LocalUser {
    pub(super) email: &'static str,
    pub(super) password: GeneratedPassword,
}

/// An application that acts for itself.
pub(super) struct Machine {
    pub(super) client_id: String,
    pub(super) client_secret: ClientSecret,
}

impl LocalTenant {
    /// `address` has no slash at the end; the issuer has one, as Auth0's. `page` is where the API
    /// serves its page, without a slash at the end either.
    pub(super) async fn new(address: &str, audience: &str, page: &str) -> anyhow::Result<Self> {
        // It listens on this machine alone: see `settings.rs`.
        let tenant = Tenant::builder(format!("{address}/")).development(true);
        let tenant = tenant.build().await.context("cannot make the tenant")?;
        let api = NewApi::new("Quickstart API", audience);
        tenant
            .create_api(api.permission("read:messages", "Read messages").enforce_policies(true))
            .await
            .with_context(|| format!("cannot make an API with the identifier `{audience}`"))?;
        let application = machine(&tenant, "Quickstart").await?;
        tenant.grant(&application.client_id, audience, &["read:messages"]).await?;
        let without_scope = machine(&tenant, "Quickstart without permissions").await?;
        tenant.grant(&without_scope.client_id, audience, &[]).await?;
        let page_client_id = page_application(&tenant, page).await?;
        let (reader, reader_id) = user(&tenant, "reader@example.com", "Robin Reader").await?;
        let (visitor, _) = user(&tenant, "visitor@example.com", "Vic Visitor").await?;
        let role = tenant.create_role("Reader", "May read messages").await?;
        tenant.give_role_permission(&role.id, audience, "read:messages").await?;
        tenant.give_user_role(&reader_id, &role.id).await?;
        Ok(Self {
            tenant,
            audience: audience.to_owned(),
            application,
            without_scope,
            page_client_id,
            reader,
            visitor,
        })
    }

    pub(super) fn router(&self) -> Router {
        self.tenant.router()
    }

    pub(super) fn issuer(&self) -> &str {
        self.tenant.issuer()
    }

    pub(super) fn dashboard_url(&self) -> String {
        self.tenant.dashboard_url()
    }

    pub(super) async fn first_dashboard_link(&self) -> anyhow::Result<Option<String>> {
        self.tenant.first_dashboard_link().await.context("cannot make the dashboard's link")
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

/// The page under each name that it can be opened by on this machine.
async fn page_application(tenant: &Tenant, page: &str) -> anyhow::Result<String> {
    let mut application = NewApplication::new("Quickstart page", ApplicationType::Spa);
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let origin = page.replace("localhost", host);
        application = application
            .callback(format!("{origin}/"))
            .allowed_logout_url(format!("{origin}/"))
            .web_origin(origin);
        if !page.contains("localhost") {
            break;
        }
    }
    Ok(tenant.create_application(application).await?.application.client_id)
}

async fn user(
    tenant: &Tenant,
    email: &'static str,
    name: &str,
) -> anyhow::Result<(LocalUser, String)> {
    let password = GeneratedPassword::generate()?;
    let user = NewUser::new(email, password.expose()).name(name).email_verified();
    let user_id = tenant.create_user(user).await?.user_id;
    Ok((LocalUser { email, password }, user_id))
}
