//! What `bearward tenant serve` prints once it runs: for a person, or one line of JSON for a script.

use std::fmt::Write as _;
use std::path::PathBuf;

use bearward_tenant::Tenant;
use serde::Serialize;

use crate::certificates::{BUNDLE_FILE, CA_FILE, Source};
use crate::data::Data;
use crate::listen::Listeners;
use crate::output::{QUIET, STRONG};
use crate::shell;

use super::seed::Seeded;

/// Where everything is.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    issuer: String,
    /// Where it listens, as seen from this machine: not always where clients find the issuer.
    listen: String,
    dashboard: String,
    /// Good once, and only while nobody has set a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    dashboard_link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<Seeded>,
    #[serde(flatten)]
    trust: Option<Trust>,
}

/// The files that make a client trust the local CA.
#[derive(Debug, Serialize)]
struct Trust {
    ca: PathBuf,
    bundle: PathBuf,
}

impl Report {
    pub(super) fn new(
        tenant: &Tenant,
        dashboard_link: Option<String>,
        listeners: &Listeners,
        plain: Option<&Listeners>,
        data: &Data,
    ) -> Self {
        Self {
            issuer: tenant.issuer().to_owned(),
            dashboard: tenant.dashboard_url(),
            dashboard_link,
            listen: plain.map_or_else(|| listeners.url(), |_| listeners.https_url()),
            plain: plain.map(Listeners::url),
            data: data.kept().map(Into::into),
            seed: None,
            trust: None,
        }
    }

    pub(super) fn with_seed(self, seed: Option<Seeded>) -> Self {
        Self { seed, ..self }
    }

    pub(super) fn with_certificates(self, source: &Source) -> Self {
        let trust = match source {
            Source::Given(_) => None,
            Source::Local(local) => {
                Some(Trust { ca: local.file(CA_FILE), bundle: local.file(BUNDLE_FILE) })
            }
        };
        Self { trust, ..self }
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
        let Self { issuer, listen, dashboard, dashboard_link, plain, data, seed, trust } = self;
        writeln!(
            text,
            "{STRONG}bearward tenant{STRONG:#}: an authorization server for Auth0's SDKs\n"
        )?;
        writeln!(text, "The issuer:\n{STRONG}{issuer}{STRONG:#}\n")?;
        if !issuer.starts_with(listen.as_str()) {
            writeln!(text, "It listens on:\n{listen}/\n")?;
        }
        match dashboard_link {
            Some(link) => writeln!(
                text,
                "Set up the dashboard with this link, once and within ten minutes:\n\
                 {STRONG}{link}{STRONG:#}\n"
            )?,
            None => writeln!(text, "The dashboard:\n{dashboard}\n")?,
        }
        if let Some(Trust { ca, bundle }) = trust {
            writeln!(
                text,
                "Its certificate is of a local CA. Clients that add to what they trust"
            )?;
            writeln!(
                text,
                "(curl --cacert, NODE_EXTRA_CA_CERTS) take this file:\n{}\n",
                ca.display()
            )?;
            writeln!(
                text,
                "Clients that replace it (SSL_CERT_FILE, REQUESTS_CA_BUNDLE) take this one:"
            )?;
            writeln!(text, "{}\n", bundle.display())?;
        }
        if let (Some(plain), Some(_)) = (plain, trust) {
            writeln!(text, "The CA's certificate by plain http:\n{plain}/ca.pem\n")?;
        }
        if let (Some(data), Some(_)) = (data, trust) {
            let data = shell::quoted(&data.display().to_string());
            writeln!(
                text,
                "Make browsers on this machine trust it; print what SDKs want to know:\n\
                 bearward tenant trust --data {data}\n\
                 bearward tenant env --data {data}\n"
            )?;
        }
        match data {
            Some(data) => writeln!(text, "Everything is kept in:\n{}\n", data.display())?,
            None => writeln!(text, "Everything is forgotten at the end; --data DIR keeps it.\n")?,
        }
        if let Some(Seeded { file, created, updated, unchanged }) = seed {
            let file = file.display();
            writeln!(
                text,
                "Seed {file}: {created} created, {updated} updated, {unchanged} unchanged.\n"
            )?;
        }
        writeln!(text, "{QUIET}Ctrl-C stops it.{QUIET:#}")
    }
}
