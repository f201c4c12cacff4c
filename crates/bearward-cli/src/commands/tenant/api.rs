//! `bearward tenant api`.

use std::time::Duration;

use bearward_tenant::{Api, NewApi, Usage};
use serde_json::Value;

use super::confirm::{agreed, count};
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{ApiArgs, ApiCommand, ApiCreateArgs, ApiPermissionCommand, ConfirmArgs};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::moment::length_in_words;
use crate::table::{Table, record};

pub(super) async fn run(args: ApiArgs, environment: &Environment) -> Result<Exit, Failure> {
    let missing = match args.command {
        ApiCommand::Create(_) => Missing::Make,
        _ => Missing::Refuse,
    };
    let opened = Opened::folder(&args.manage, environment, missing).await?;
    let exit = match args.command {
        ApiCommand::List => list(&opened).await,
        ApiCommand::Create(args) => create(&opened, args).await,
        ApiCommand::Show { api } => show(&opened, &api).await,
        ApiCommand::Delete { api, confirm } => delete(&opened, &api, &confirm).await,
        ApiCommand::Permission(command) => permission(&opened, command).await,
    };
    opened.tenant.close().await;
    exit
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let apis = opened.tenant.apis().await?;
    let row = |api: &Api| {
        [api.name.clone(), api.identifier.clone(), count(api.permissions.len(), "permission")]
    };
    let table = Table::new(["name", "identifier", "permissions"], apis.iter().map(row));
    opened.list("api", &table, || apis.iter().map(shapes::api).collect())
}

async fn create(opened: &Opened, args: ApiCreateArgs) -> Result<Exit, Failure> {
    let name = args.name.unwrap_or_else(|| args.identifier.clone());
    let mut api = NewApi::new(name, args.identifier)
        .enforce_policies(args.enforce_policies)
        .allow_offline_access(args.allow_offline_access);
    for permission in &args.permission {
        let (value, description) = permission.split_once('=').unwrap_or((permission, ""));
        api = api.permission(value, description);
    }
    if let Some(seconds) = args.token_lifetime {
        api = api.token_lifetime(Duration::from_secs(seconds));
    }
    if let Some(dialect) = args.token_dialect {
        api = api.token_dialect(dialect);
    }
    if let Some(algorithm) = args.signing_algorithm {
        api = api.signing_algorithm(algorithm);
    }
    let api = opened.tenant.create_api(api).await?;
    let text = || format!("Made the API {}.\nIts identifier:\n{}\n", api.name, api.identifier);
    opened.answer(|| shapes::api(&api), text)
}

async fn show(opened: &Opened, named: &str) -> Result<Exit, Failure> {
    let api = opened.tenant.api(named).await?;
    let usage = opened.tenant.api_usage(&api.id).await?;
    let json = || {
        let mut json = shapes::api(&api);
        shapes::put(&mut json, "used_by", Some(shapes::usage(usage)));
        json
    };
    opened.answer(json, || text(&api, usage))
}

fn text(api: &Api, usage: Usage) -> String {
    let lifetime = |length: Duration| {
        format!("{} s ({})", length.as_secs(), length_in_words(length.as_secs()))
    };
    let mut fields = vec![
        ("name", api.name.clone()),
        ("identifier", api.identifier.clone()),
        ("id", api.id.clone()),
        ("used by", usage.in_words().unwrap_or_else(|| "nobody".to_owned())),
        ("signing algorithm", api.signing_algorithm.name().to_owned()),
        ("token dialect", api.token_dialect.name().to_owned()),
        ("token lifetime", lifetime(api.token_lifetime)),
        ("in a browser", lifetime(api.token_lifetime_for_web)),
        ("enforce policies", on_or_off(api.enforce_policies)),
        ("offline access", on_or_off(api.allow_offline_access)),
    ];
    for (i, permission) in api.permissions.iter().enumerate() {
        let name = if i == 0 { "permissions" } else { "" };
        let dash = if permission.description.is_empty() { "" } else { ": " };
        fields.push((name, format!("{}{dash}{}", permission.value, permission.description)));
    }
    record(&fields)
}

fn on_or_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}

async fn delete(opened: &Opened, named: &str, confirm: &ConfirmArgs) -> Result<Exit, Failure> {
    let api = opened.tenant.api(named).await?;
    let usage = opened.tenant.api_usage(&api.id).await?;
    let breaks = match usage.in_words() {
        Some(who) => format!("it is used by {who}"),
        None => "nothing uses it".to_owned(),
    };
    let what = format!("this deletes the API {} ({})", api.name, api.identifier);
    if !agreed(confirm, &what, &breaks)? {
        return Ok(Exit::Refused);
    }
    opened.tenant.delete_api(&api.id).await?;
    opened.done(&format!("Deleted the API {}.", api.name))
}

async fn permission(opened: &Opened, command: ApiPermissionCommand) -> Result<Exit, Failure> {
    let tenant = &opened.tenant;
    let (named, what) = match &command {
        ApiPermissionCommand::Add { api, value, description } => {
            tenant.put_permission(api, value, description).await?;
            (api, format!("Added {value} to"))
        }
        ApiPermissionCommand::Remove { api: named, value, confirm } => {
            let api = tenant.api(named).await?;
            let usage = tenant.permission_usage(&api.id, value).await?;
            let breaks = match usage.in_words() {
                Some(who) => format!("{who} will lose it"),
                None => "nobody has it".to_owned(),
            };
            let what = format!("this removes {value} from the API {}", api.name);
            let is_there = api.permissions.iter().any(|permission| permission.value == *value);
            if is_there && !agreed(confirm, &what, &breaks)? {
                return Ok(Exit::Refused);
            }
            tenant.delete_permission(named, value).await?;
            (named, format!("Removed {value} from"))
        }
    };
    let api = tenant.api(named).await?;
    let json: &dyn Fn() -> Value = &|| shapes::api(&api);
    opened.answer(json, || format!("{what} the API {}.\n", api.name))
}
