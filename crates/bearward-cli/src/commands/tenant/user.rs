//! `bearward tenant user`.

use bearward_tenant::{GeneratedPassword, HeldPermission, NewUser, Role, User};
use serde_json::Value;

use super::app::first;
use super::confirm::{agreed, count};
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{
    ConfirmArgs, HeldPermissionCommand, PasswordArgs, UserArgs, UserCommand, UserCreateArgs,
    UserRoleCommand,
};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::table::{Table, record};

pub(super) async fn run(args: UserArgs, environment: &Environment) -> Result<Exit, Failure> {
    let missing = match args.command {
        UserCommand::Create(_) => Missing::Make,
        _ => Missing::Refuse,
    };
    let opened = Opened::folder(&args.manage, environment, missing).await?;
    let exit = match args.command {
        UserCommand::List => list(&opened).await,
        UserCommand::Create(args) => create(&opened, args).await,
        UserCommand::Show { user } => show(&opened, &user).await,
        UserCommand::SetPassword { user, password } => {
            set_password(&opened, &user, &password).await
        }
        UserCommand::Block { user } => block(&opened, &user, Access::Blocked).await,
        UserCommand::Unblock { user } => block(&opened, &user, Access::Free).await,
        UserCommand::Delete { user, confirm } => delete(&opened, &user, &confirm).await,
        UserCommand::Role(command) => role(&opened, command).await,
        UserCommand::Permission(command) => permission(&opened, command).await,
    };
    opened.tenant.close().await;
    exit
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let users = opened.tenant.users().await?;
    let row = |user: &User| {
        let state = if user.blocked { "blocked" } else { "" };
        [user.email.clone(), user.name.clone(), user.user_id.clone(), state.to_owned()]
    };
    let table = Table::new(["email", "name", "user id", ""], users.iter().map(row));
    opened.list("user", &table, || users.iter().map(shapes::user).collect())
}

/// A password, and whether nobody has seen it yet.
enum Password {
    Given(String),
    Made(GeneratedPassword),
}

impl Password {
    fn read(args: &PasswordArgs) -> Result<Self, Failure> {
        if args.password_stdin {
            return Ok(Self::Given(input::read_password()?));
        }
        Ok(Self::Made(GeneratedPassword::generate()?))
    }

    fn expose(&self) -> &str {
        match self {
            Self::Given(password) => password,
            Self::Made(password) => password.expose(),
        }
    }

    /// What has to be told to somebody.
    fn news(&self) -> Option<&str> {
        match self {
            Self::Given(_) => None,
            Self::Made(password) => Some(password.expose()),
        }
    }

    fn text(&self) -> String {
        let shown = |password| format!("\nThe password, which is shown this once:\n{password}\n");
        self.news().map(shown).unwrap_or_default()
    }

    fn answer(&self, opened: &Opened, user: &User, done: &str) -> Result<Exit, Failure> {
        let json = || {
            let mut json = shapes::user(user);
            shapes::put(&mut json, "password", self.news().map(Into::into));
            json
        };
        opened.answer(json, || format!("{done}\n{}", self.text()))
    }
}

async fn create(opened: &Opened, args: UserCreateArgs) -> Result<Exit, Failure> {
    let password = Password::read(&args.password)?;
    let mut new = NewUser::new(args.email, password.expose());
    if let Some(name) = args.name {
        new = new.name(name);
    }
    if args.email_verified {
        new = new.email_verified();
    }
    let user = opened.tenant.create_user(new).await?;
    let done = format!("Made the user {}.\nThe user id:\n{}", user.email, user.user_id);
    password.answer(opened, &user, &done)
}

async fn set_password(opened: &Opened, named: &str, args: &PasswordArgs) -> Result<Exit, Failure> {
    let user = opened.tenant.user(named).await?;
    let password = Password::read(args)?;
    opened.tenant.set_password(&user.user_id, password.expose()).await?;
    let user = opened.tenant.user(&user.user_id).await?;
    password.answer(opened, &user, &format!("{} has another password.", user.email))
}

async fn show(opened: &Opened, named: &str) -> Result<Exit, Failure> {
    let user = opened.tenant.user(named).await?;
    let roles = opened.tenant.user_roles(&user.user_id).await?;
    let held = opened.tenant.user_permissions(&user.user_id).await?;
    let json = || {
        let mut json = shapes::user(&user);
        shapes::put(&mut json, "roles", Some(roles.iter().map(shapes::role).collect()));
        shapes::put(&mut json, "permissions", Some(held.iter().map(shapes::held).collect()));
        json
    };
    opened.answer(json, || text(&user, &roles, &held))
}

fn text(user: &User, roles: &[Role], held: &[HeldPermission]) -> String {
    let verified = if user.email_verified { "verified" } else { "not verified" };
    let state = if user.blocked { "blocked" } else { "may log in" };
    let mut fields = vec![
        ("email", format!("{}, {verified}", user.email)),
        ("name", user.name.clone()),
        ("user id", user.user_id.clone()),
        ("state", format!("{state}; {} so far", count_of_logins(user.logins_count))),
    ];
    fields.extend(roles.iter().enumerate().map(|(i, role)| (first("roles", i), role.name.clone())));
    for (i, held) in held.iter().enumerate() {
        let direct = held.direct.then(|| "directly".to_owned());
        let sources: Vec<_> = direct.into_iter().chain(held.roles.iter().cloned()).collect();
        let text = format!("{} on {} (by {})", held.value, held.audience, sources.join(", "));
        fields.push((first("permissions", i), text.replace("by directly", "directly")));
    }
    record(&fields)
}

fn count_of_logins(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), "login")
}

/// Whether a user may log in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Blocked,
    Free,
}

async fn block(opened: &Opened, named: &str, access: Access) -> Result<Exit, Failure> {
    let mut user = opened.tenant.user(named).await?;
    user.blocked = access == Access::Blocked;
    opened.tenant.update_user(&user).await?;
    let user = opened.tenant.user(&user.user_id).await?;
    let what = match access {
        Access::Blocked => {
            "is blocked: no login, and no new tokens.\n\
                            Tokens that are out are good until they expire."
        }
        Access::Free => "may log in.",
    };
    opened.answer(|| shapes::user(&user), || format!("{} {what}\n", user.email))
}

async fn delete(opened: &Opened, named: &str, confirm: &ConfirmArgs) -> Result<Exit, Failure> {
    let user = opened.tenant.user(named).await?;
    let roles = opened.tenant.user_roles(&user.user_id).await?.len();
    let what = format!("this deletes the user {} ({})", user.email, user.user_id);
    let roles = count(roles, "role");
    let breaks = format!("they have {roles}; sessions and refresh tokens end");
    if !agreed(confirm, &what, &breaks)? {
        return Ok(Exit::Refused);
    }
    opened.tenant.delete_user(&user.user_id).await?;
    opened.done(&format!("Deleted the user {}.", user.email))
}

async fn role(opened: &Opened, command: UserRoleCommand) -> Result<Exit, Failure> {
    let tenant = &opened.tenant;
    let (UserRoleCommand::Add(args) | UserRoleCommand::Remove(args)) = &command;
    let (user, role) = (tenant.user(&args.user).await?, tenant.role(&args.role).await?);
    let what = match command {
        UserRoleCommand::Add(_) => {
            tenant.give_user_role(&user.user_id, &role.id).await?;
            "has the role"
        }
        UserRoleCommand::Remove(_) => {
            tenant.take_user_role(&user.user_id, &role.id).await?;
            "does not have the role"
        }
    };
    let roles = tenant.user_roles(&user.user_id).await?;
    let json: &dyn Fn() -> Value = &|| roles.iter().map(shapes::role).collect();
    opened.answer(json, || format!("{} {what} {}.\n", user.email, role.name))
}

async fn permission(opened: &Opened, command: HeldPermissionCommand) -> Result<Exit, Failure> {
    let tenant = &opened.tenant;
    let (HeldPermissionCommand::Add(args) | HeldPermissionCommand::Remove(args)) = &command;
    let user = tenant.user(&args.holder).await?;
    match command {
        HeldPermissionCommand::Add(_) => {
            tenant.give_user_permission(&user.user_id, &args.audience, &args.value).await?;
        }
        HeldPermissionCommand::Remove(_) => {
            tenant.take_user_permission(&user.user_id, &args.audience, &args.value).await?;
        }
    }
    let held = tenant.user_permissions(&user.user_id).await?;
    let is_it = |held: &&HeldPermission| held.audience == args.audience && held.value == args.value;
    let text = || match held.iter().find(is_it) {
        None => format!("{} may not {}.\n", user.email, args.value),
        Some(held) if held.roles.is_empty() => format!("{} may {}.\n", user.email, held.value),
        Some(held) => {
            let roles = held.roles.join(", ");
            format!("{} may {}, by the role {roles} too.\n", user.email, held.value)
        }
    };
    opened.answer(|| held.iter().map(shapes::held).collect(), text)
}
