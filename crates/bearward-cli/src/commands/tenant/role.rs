//! `bearward tenant role`.

use bearward_tenant::Role;
use serde_json::Value;

use super::app::first;
use super::confirm::{agreed, count};
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{ConfirmArgs, HeldPermissionCommand, RoleArgs, RoleCommand};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::table::{Table, record};

pub(super) async fn run(args: RoleArgs, environment: &Environment) -> Result<Exit, Failure> {
    let missing = match args.command {
        RoleCommand::Create { .. } => Missing::Make,
        _ => Missing::Refuse,
    };
    let opened = Opened::folder(&args.manage, environment, missing).await?;
    let exit = match args.command {
        RoleCommand::List => list(&opened).await,
        RoleCommand::Create { name, description } => create(&opened, &name, &description).await,
        RoleCommand::Show { role } => show(&opened, &role).await,
        RoleCommand::Delete { role, confirm } => delete(&opened, &role, &confirm).await,
        RoleCommand::Permission(command) => permission(&opened, command).await,
    };
    opened.tenant.close().await;
    exit
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let roles = opened.tenant.roles().await?;
    let row = |role: &Role| [role.name.clone(), role.id.clone(), role.description.clone()];
    let table = Table::new(["name", "id", "description"], roles.iter().map(row));
    opened.list("role", &table, || roles.iter().map(shapes::role).collect())
}

async fn create(opened: &Opened, name: &str, description: &str) -> Result<Exit, Failure> {
    let role = opened.tenant.create_role(name, description).await?;
    let text = || format!("Made the role {}.\nIts id:\n{}\n", role.name, role.id);
    opened.answer(|| shapes::role(&role), text)
}

async fn show(opened: &Opened, named: &str) -> Result<Exit, Failure> {
    let role = opened.tenant.role(named).await?;
    let permissions = opened.tenant.role_permissions(&role.id).await?;
    let mut users = Vec::new();
    for user_id in opened.tenant.role_users(&role.id).await? {
        users.push(opened.tenant.user(&user_id).await?);
    }
    let json = || {
        let mut json = shapes::role(&role);
        let permissions = permissions.iter().map(shapes::role_permission).collect();
        shapes::put(&mut json, "permissions", Some(permissions));
        shapes::put(&mut json, "users", Some(users.iter().map(shapes::user).collect()));
        json
    };
    let text = || {
        let mut fields = vec![("name", role.name.clone()), ("id", role.id.clone())];
        if !role.description.is_empty() {
            fields.push(("description", role.description.clone()));
        }
        for (i, (audience, value)) in permissions.iter().enumerate() {
            fields.push((first("permissions", i), format!("{value} on {audience}")));
        }
        let users = users.iter().enumerate();
        fields.extend(users.map(|(i, user)| (first("users", i), user.email.clone())));
        record(&fields)
    };
    opened.answer(json, text)
}

async fn delete(opened: &Opened, named: &str, confirm: &ConfirmArgs) -> Result<Exit, Failure> {
    let role = opened.tenant.role(named).await?;
    let users = opened.tenant.role_users(&role.id).await?.len();
    let what = format!("this deletes the role {}", role.name);
    let breaks = format!("{} will lose what it gives", count(users, "user"));
    if !agreed(confirm, &what, &breaks)? {
        return Ok(Exit::Refused);
    }
    opened.tenant.delete_role(&role.id).await?;
    opened.done(&format!("Deleted the role {}.", role.name))
}

async fn permission(opened: &Opened, command: HeldPermissionCommand) -> Result<Exit, Failure> {
    let tenant = &opened.tenant;
    let (HeldPermissionCommand::Add(args) | HeldPermissionCommand::Remove(args)) = &command;
    let role = tenant.role(&args.holder).await?;
    let what = match command {
        HeldPermissionCommand::Add(_) => {
            tenant.give_role_permission(&role.id, &args.audience, &args.value).await?;
            "gives"
        }
        HeldPermissionCommand::Remove(_) => {
            tenant.take_role_permission(&role.id, &args.audience, &args.value).await?;
            "does not give"
        }
    };
    let permissions = tenant.role_permissions(&role.id).await?;
    let json: &dyn Fn() -> Value = &|| permissions.iter().map(shapes::role_permission).collect();
    opened.answer(json, || format!("The role {} {what} {}.\n", role.name, args.value))
}
