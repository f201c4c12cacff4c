//! `bearward tenant app`.

use bearward_tenant::{
    Application, ClientSecret, Grant, NewApplication, Tenant, TenantError, TenantErrorKind,
};

use super::confirm::{agreed, count};
use super::folder::{Missing, Opened};
use super::shapes;
use crate::args::{AppArgs, AppCommand, AppCreateArgs, ConfirmArgs};
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::output::one_line;
use crate::table::{Table, record};

pub(super) async fn run(args: AppArgs, environment: &Environment) -> Result<Exit, Failure> {
    let missing = match args.command {
        AppCommand::Create(_) => Missing::Make,
        _ => Missing::Refuse,
    };
    let opened = Opened::folder(&args.manage, environment, missing).await?;
    let exit = match args.command {
        AppCommand::List => list(&opened).await,
        AppCommand::Create(args) => create(&opened, args).await,
        AppCommand::Show { app } => show(&opened, &app).await,
        AppCommand::RotateSecret { app } => rotate_secret(&opened, &app).await,
        AppCommand::Delete { app, confirm } => delete(&opened, &app, &confirm).await,
    };
    opened.tenant.close().await;
    exit
}

/// The application with this client id, or the only one with this name.
pub(super) async fn named(tenant: &Tenant, named: &str) -> Result<Application, Failure> {
    let unknown: TenantError = match tenant.application(named).await {
        Ok(application) => return Ok(application),
        Err(error) if error.kind() == TenantErrorKind::UnknownApplication => error,
        Err(error) => return Err(error.into()),
    };
    let all = tenant.applications().await?;
    let found: Vec<_> = all.into_iter().filter(|application| application.name == named).collect();
    match <[Application; 1]>::try_from(found) {
        Ok([application]) => Ok(application),
        Err(none) if none.is_empty() => Err(unknown.into()),
        Err(several) => {
            let ids: Vec<_> = several.iter().map(|one| one.client_id.as_str()).collect();
            Err(Failure::trouble(format!("{} applications are called {named:?}", ids.len()))
                .hint(format!("name it by its client id: {}", ids.join(", "))))
        }
    }
}

async fn list(opened: &Opened) -> Result<Exit, Failure> {
    let all = opened.tenant.applications().await?;
    let row = |one: &Application| {
        [one.name.clone(), one.client_id.clone(), one.app_type.name().to_owned()]
    };
    let table = Table::new(["name", "client id", "type"], all.iter().map(row));
    opened.list("app", &table, || all.iter().map(|one| shapes::application(one, None)).collect())
}

async fn create(opened: &Opened, args: AppCreateArgs) -> Result<Exit, Failure> {
    let mut new = NewApplication::new(args.name, args.app_type);
    for url in args.callback {
        new = new.callback(url);
    }
    for url in args.allowed_logout_url {
        new = new.allowed_logout_url(url);
    }
    for origin in args.web_origin {
        new = new.web_origin(origin);
    }
    if args.third_party {
        new = new.third_party();
    }
    if let Some(client_id) = args.client_id {
        new = new.client_id(client_id);
    }
    let created = opened.tenant.create_application(new).await?;
    let application = &created.application;
    let secret = created.client_secret.as_ref().map(ClientSecret::expose);
    let text = || {
        let made =
            format!("Made the application {}.\nIts client id:\n", one_line(&application.name));
        let made = format!("{made}{}\n", application.client_id);
        match secret {
            Some(secret) => format!("{made}\n{}", secret_text(secret)),
            None => format!("{made}\nIt is a public client: it has no secret.\n"),
        }
    };
    opened.answer(|| shapes::application(application, secret), text)
}

/// The secret alone on its line, to be copied.
fn secret_text(secret: &str) -> String {
    format!("Its secret, which is shown this once:\n{secret}\n")
}

async fn show(opened: &Opened, app: &str) -> Result<Exit, Failure> {
    let application = named(&opened.tenant, app).await?;
    let all = opened.tenant.grants().await?;
    let is_its = |grant: &Grant| grant.client_id == application.client_id;
    let grants: Vec<_> = all.into_iter().filter(is_its).collect();
    let json = || {
        let mut json = shapes::application(&application, None);
        let grants = grants.iter().map(shapes::grant).collect();
        shapes::put(&mut json, "client_grants", Some(grants));
        json
    };
    opened.answer(json, || text(&application, &grants))
}

fn text(application: &Application, grants: &[Grant]) -> String {
    let kinds: Vec<_> = application.grant_types.iter().map(|kind| kind.name()).collect();
    let mut fields = vec![
        ("name", application.name.clone()),
        ("client id", application.client_id.clone()),
        ("type", application.app_type.name().to_owned()),
        ("secret", if application.is_public() { "none" } else { "kept as a hash" }.to_owned()),
        ("whose", if application.is_first_party { "ours" } else { "a third party's" }.to_owned()),
        ("grant types", kinds.join(", ")),
    ];
    for (name, urls) in [
        ("callbacks", &application.callbacks),
        ("allowed logout URLs", &application.allowed_logout_urls),
        ("web origins", &application.web_origins),
    ] {
        fields.extend(urls.iter().enumerate().map(|(i, url)| (first(name, i), url.clone())));
    }
    for (i, grant) in grants.iter().enumerate() {
        let scopes = grant.scopes.join(" ");
        let scopes = if scopes.is_empty() { "no permission".to_owned() } else { scopes };
        fields.push((first("granted", i), format!("{}: {scopes}", grant.audience)));
    }
    record(&fields)
}

/// The name of a list stands beside its first item alone.
pub(super) fn first(name: &str, i: usize) -> &str {
    if i == 0 { name } else { "" }
}

async fn rotate_secret(opened: &Opened, app: &str) -> Result<Exit, Failure> {
    let application = named(&opened.tenant, app).await?;
    let secret = new_secret(&opened.tenant, &application).await?;
    let text = || format!("{}The old one proves nothing now.\n", secret_text(&secret));
    opened.answer(|| shapes::application(&application, Some(&secret)), text)
}

/// A new secret for an application that keeps one.
pub(super) async fn new_secret(
    tenant: &Tenant,
    application: &Application,
) -> Result<String, Failure> {
    if application.is_public() {
        let app_type = application.app_type.name();
        let what =
            format!("the application {:?} has no secret: it is {app_type}", application.name);
        return Err(Failure::trouble(what).hint("a program on people's devices cannot keep one"));
    }
    let secret = tenant.rotate_client_secret(&application.client_id).await?;
    Ok(secret.expose().to_owned())
}

async fn delete(opened: &Opened, app: &str, confirm: &ConfirmArgs) -> Result<Exit, Failure> {
    let Application { client_id, name, .. } = named(&opened.tenant, app).await?;
    let grants = opened.tenant.grants().await?;
    let grants = grants.iter().filter(|grant| grant.client_id == client_id).count();
    let what = format!("this deletes the application {name} ({client_id})");
    let breaks = format!("it has {}, and will get no more tokens", count(grants, "grant"));
    if !agreed(confirm, &what, &breaks)? {
        return Ok(Exit::Refused);
    }
    opened.tenant.delete_application(&client_id).await?;
    opened.done(&format!("Deleted the application {name}."))
}
