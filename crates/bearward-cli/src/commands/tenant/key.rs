//! `bearward tenant key`.

use bearward_tenant::SigningKeyState;
use jiff::Timestamp;

use super::confirm::agreed;
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{ConfirmArgs, KeyArgs, KeyCommand};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(super) async fn run(args: KeyArgs, environment: &Environment) -> Result<Exit, Failure> {
    let opened = Opened::folder(&args.manage, environment, Missing::Refuse).await?;
    let exit = match args.command {
        KeyCommand::List => list(&opened).await,
        KeyCommand::Rotate => rotate(&opened).await,
        KeyCommand::Revoke { kid, confirm } => revoke(&opened, &kid, &confirm).await,
    };
    opened.tenant.close().await;
    exit
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let mut keys = opened.tenant.signing_keys().await?;
    // In the order in which one asks about them.
    let order = ["current", "next", "previous", "revoked"];
    keys.sort_by_key(|key| order.iter().position(|other| *other == state(key)));
    let row = |key: &SigningKeyState| {
        let since = key.revoked_at.or(key.current_until).or(key.current_since);
        let since = since.unwrap_or(key.created_at);
        [key.kid.clone(), key.algorithm.name().to_owned(), state(key).to_owned(), date(since)]
    };
    let table = Table::new(["kid", "algorithm", "state", "since"], keys.iter().map(row));
    opened.list("key", &table, || keys.iter().map(shapes::key).collect())
}

fn state(key: &SigningKeyState) -> &str {
    if key.revoked_at.is_some() { "revoked" } else { key.role }
}

fn date(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok());
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

async fn rotate(opened: &Opened) -> Result<Exit, Failure> {
    opened.tenant.rotate_signing_keys().await?;
    let all = opened.tenant.signing_keys().await?;
    let current: Vec<_> = all.iter().filter(|key| key.role == "current").collect();
    let text = || {
        let line = |key: &&SigningKeyState| format!("{} {}\n", key.algorithm.name(), key.kid);
        let keys: String = current.iter().map(line).collect();
        format!("Tokens are signed from now on with:\n{keys}")
    };
    opened.answer(|| current.iter().map(|key| shapes::key(key)).collect(), text)
}

async fn revoke(opened: &Opened, kid: &str, confirm: &ConfirmArgs) -> Result<Exit, Failure> {
    let keys = opened.tenant.signing_keys().await?;
    let can_be = keys.iter().any(|key| key.kid == kid && state(key) == "previous");
    let what = format!("this revokes the key {kid}");
    if can_be && !agreed(confirm, &what, "every token that it has signed will be refused")? {
        return Ok(Exit::Refused);
    }
    opened.tenant.revoke_signing_key(kid).await?;
    opened.done(&format!(
        "Revoked the key {kid}.\n\
         Verifiers refuse its tokens once they fetch the keys anew."
    ))
}
