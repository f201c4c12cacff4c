//! `/users/{user_id}`: who it is, whether they may log in, their password, and the end of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::SECTION;
use super::create::{password, password_field};
use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::{count, moment, sentence};
use crate::error::{TenantError, TenantErrorKind};
use crate::model::User;
use crate::pages::pieces::{Control, Danger, Field, Meaning, Moment};
use crate::pages::{Flash, FormTarget, Frame, Section, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/users/details.html")]
struct Details {
    frame: Frame,
    head: Head,
    fields: Vec<Field>,
    email_verified: bool,
    created: Option<Moment>,
    last_login: Option<Moment>,
    logins: String,
    here: String,
    password: Field,
    /// The password that was just made; the tenant itself keeps a hash.
    made: Option<String>,
    delete: Danger,
}

/// What was wrong with what was sent.
type Fault = Option<TenantError>;

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(user_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let user = tenant.user(&user_id).await?;
    let frame = Frame::new(Section::UsersAndRoles, administrator.csrf).after(query.done);
    page(&tenant, frame, &user, None, None).await
}

pub(super) async fn save(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let user = User {
        name: sent.trimmed("name").to_owned(),
        email: sent.trimmed("email").to_owned(),
        email_verified: sent.is_on("email_verified"),
        ..tenant.user(&user_id).await?
    };
    match tenant.update_user(&user).await {
        Ok(()) => Ok(Done::Kept.at(&View::Details.path(&user_id))),
        Err(fault) => refused(&tenant, &administrator, &user, fault).await,
    }
}

pub(super) async fn block(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
) -> Result<Response, Trouble> {
    let user = User { blocked: true, ..tenant.user(&user_id).await? };
    tenant.update_user(&user).await?;
    Ok(Done::Blocked.at(&View::Details.path(&user_id)))
}

pub(super) async fn unblock(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
) -> Result<Response, Trouble> {
    let user = User { blocked: false, ..tenant.user(&user_id).await? };
    tenant.update_user(&user).await?;
    Ok(Done::Unblocked.at(&View::Details.path(&user_id)))
}

pub(super) async fn set_password(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let user = tenant.user(&user_id).await?;
    let (password, generated) = password(&sent)?;
    match tenant.set_password(&user_id, &password).await {
        Ok(()) if generated => with_password(&tenant, &administrator, &user, password).await,
        Ok(()) => Ok(Done::PasswordSet.at(&View::Details.path(&user_id))),
        Err(fault) => refused(&tenant, &administrator, &user, fault).await,
    }
}

pub(super) async fn delete(
    State(tenant): State<Tenant>,
    Path(user_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let user = tenant.user(&user_id).await?;
    if sent.text("confirm") != user.email {
        return Ok(Trouble::not_confirmed(&user.email));
    }
    tenant.delete_user(&user_id).await?;
    Ok(Done::UserDeleted.at(SECTION))
}

/// The page with a password that was just made.
pub(super) async fn with_password(
    tenant: &Tenant,
    administrator: &Administrator,
    user: &User,
    password: String,
) -> Result<Response, Trouble> {
    let mut frame = Frame::new(Section::UsersAndRoles, administrator.csrf.clone());
    frame.flash = Some(Flash {
        meaning: Meaning::Attention,
        word: "Copy the password now",
        says: "The tenant keeps a hash of it and cannot show it again.".to_owned(),
        next: Some(("I have it".to_owned(), View::Details.path(&user.user_id))),
    });
    page(tenant, frame, user, Some(password), None).await
}

async fn refused(
    tenant: &Tenant,
    administrator: &Administrator,
    user: &User,
    fault: TenantError,
) -> Result<Response, Trouble> {
    use TenantErrorKind as Kind;
    match fault.kind() {
        Kind::InvalidEmail | Kind::DuplicateEmail | Kind::InvalidName | Kind::InvalidPassword => {
            let frame = Frame::new(Section::UsersAndRoles, administrator.csrf.clone());
            page(tenant, frame, user, None, Some(fault)).await
        }
        _ => Err(fault.into()),
    }
}

async fn page(
    tenant: &Tenant,
    frame: Frame,
    user: &User,
    made: Option<String>,
    fault: Fault,
) -> Result<Response, Trouble> {
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let fault = |kinds: &[TenantErrorKind]| {
        let fault = fault.as_ref().filter(|fault| kinds.contains(&fault.kind()));
        fault.map(sentence)
    };
    let kept = tenant.user(&user.user_id).await?;
    let page = Details {
        frame,
        head: Head::new(tenant, &kept, View::Details).await?,
        fields: vec![
            Field::new("email", "Email")
                .control(Control::Line("email"))
                .value(&user.email)
                .fault(fault(&[TenantErrorKind::InvalidEmail, TenantErrorKind::DuplicateEmail])),
            Field::new("name", "Name")
                .value(&user.name)
                .fault(fault(&[TenantErrorKind::InvalidName])),
        ],
        email_verified: user.email_verified,
        created: moment(tenant, kept.created_at),
        last_login: kept.last_login.and_then(|at| moment(tenant, at)),
        logins: count(usize::try_from(kept.logins_count).unwrap_or(usize::MAX), "login"),
        here: View::Details.path(&user.user_id),
        password: password_field().fault(fault(&[TenantErrorKind::InvalidPassword])),
        made,
        delete: Danger {
            id: "delete",
            title: "Delete this user".to_owned(),
            breaks: vec![
                "They cannot log in any more, and what they hold is forgotten.".to_owned(),
                "Their sessions and refresh tokens end; access tokens are good until they expire."
                    .to_owned(),
            ],
            action: format!("{}/delete", View::Details.path(&user.user_id)),
            button: "Delete user".to_owned(),
            typed: Some(kept.email),
            fields: Vec::new(),
        },
    };
    Ok(html_with(status, &FormTarget::Here, &page))
}
