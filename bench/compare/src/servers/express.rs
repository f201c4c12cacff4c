//! `express-oauth2-jwt-bearer`, in express: a program of its own in `bench/express`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{Server, Setting};

/// Where its program is, and what npm installed for it.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../express")
}

pub(super) async fn start(setting: Setting<'_>) -> anyhow::Result<Server> {
    let folder = folder();
    if !folder.join("node_modules").is_dir() {
        bail!("its packages are missing\nhint: cd bench/express && npm ci");
    }
    let mut child = Command::new("node")
        .args(["server.mjs", setting.issuer, setting.audience])
        .current_dir(&folder)
        .env("NODE_ENV", "production")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start node")?;
    let output = child.stdout.take().context("node's output is piped")?;
    let first = BufReader::new(output).lines().next_line().await?;
    let port: u16 = first.context("node ended before it served")?.parse()?;
    Ok(Server::new(([127, 0, 0, 1], port).into(), child))
}
