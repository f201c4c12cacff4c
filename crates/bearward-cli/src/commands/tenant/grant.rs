//! `bearward tenant grant`.

use bearward_tenant::Grant;

use super::app;
use super::confirm::agreed;
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{ConfirmArgs, GrantArgs, GrantCommand, GrantedArgs};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(super) async fn run(args: GrantArgs, environment: &Environment) -> Result<Exit, Failure> {
    let opened = Opened::folder(&args.manage, environment, Missing::Refuse).await?;
    let exit = match args.command {
        GrantCommand::List => list(&opened).await,
        GrantCommand::Create { grant, scope } => create(&opened, &grant, &scope).await,
        GrantCommand::Delete { grant, confirm } => delete(&opened, &grant, &confirm).await,
    };
    opened.tenant.close().await;
    exit
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let grants = opened.tenant.grants().await?;
    let applications = opened.tenant.applications().await?;
    let name = |client_id: &str| {
        let application = applications.iter().find(|one| one.client_id == client_id);
        application.map(|one| one.name.clone()).unwrap_or_default()
    };
    let row =
        |grant: &Grant| [name(&grant.client_id), grant.audience.clone(), grant.scopes.join(" ")];
    let heading = ["application", "audience", "scopes"];
    let table = Table::new(heading, grants.iter().map(row));
    opened.list("grant", &table, || grants.iter().map(shapes::grant).collect())
}

async fn create(opened: &Opened, args: &GrantedArgs, scope: &[String]) -> Result<Exit, Failure> {
    let application = app::named(&opened.tenant, &args.app).await?;
    let scopes: Vec<_> = scope.iter().map(String::as_str).collect();
    let grant = opened.tenant.grant(&application.client_id, &args.audience, &scopes).await?;
    let text = || {
        let what = if grant.scopes.is_empty() {
            "with no permission of it".to_owned()
        } else {
            format!("with {}", grant.scopes.join(" "))
        };
        format!("{} gets tokens for {}\n{what}.\n", application.name, grant.audience)
    };
    opened.answer(|| shapes::grant(&grant), text)
}

async fn delete(
    opened: &Opened,
    args: &GrantedArgs,
    confirm: &ConfirmArgs,
) -> Result<Exit, Failure> {
    let application = app::named(&opened.tenant, &args.app).await?;
    let (client_id, audience) = (&application.client_id, &args.audience);
    let grants = opened.tenant.grants().await?;
    let is_there = grants.iter().any(|g| g.client_id == *client_id && g.audience == *audience);
    let what = format!("this takes the grant for {audience} from {}", application.name);
    let breaks = "it will get no more tokens for that API";
    if is_there && !agreed(confirm, &what, breaks)? {
        return Ok(Exit::Refused);
    }
    opened.tenant.delete_grant(client_id, audience).await?;
    opened.done(&format!(
        "{} gets no more tokens for {audience}.\n\
         Those that are out are good until they expire.",
        application.name
    ))
}
