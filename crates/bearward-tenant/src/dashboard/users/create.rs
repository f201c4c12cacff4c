//! `/users/new`: an address, a name, and a password that is typed or made.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{details, path};
use crate::dashboard::Administrator;
use crate::dashboard::done::Done;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::sentence;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::NewUser;
use crate::pages::pieces::{Control, Field};
use crate::pages::{FormTarget, Frame, Section, html_with};
use crate::random;
use crate::tenant::Tenant;

/// As many as nobody guesses and one can still copy by hand: 119 bits.
const GENERATED_CHARACTERS: usize = 20;

#[derive(Template)]
#[template(path = "dashboard/users/create.html")]
struct Create {
    frame: Frame,
    fields: Vec<Field>,
    email_verified: bool,
}

pub(super) async fn show(administrator: Administrator) -> Response {
    form(&administrator, StatusCode::OK, &Sent::default(), None)
}

pub(super) async fn create(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (password, generated) = password(&sent)?;
    let mut user = NewUser::new(sent.trimmed("email"), &password);
    if !sent.trimmed("name").is_empty() {
        user = user.name(sent.trimmed("name"));
    }
    if sent.is_on("email_verified") {
        user = user.email_verified();
    }
    use TenantErrorKind as Kind;
    match tenant.create_user(user).await {
        Ok(user) if generated => {
            details::with_password(&tenant, &administrator, &user, password).await
        }
        Ok(user) => Ok(Done::UserCreated.at(&path(&user.user_id))),
        Err(error)
            if matches!(
                error.kind(),
                Kind::InvalidEmail
                    | Kind::DuplicateEmail
                    | Kind::InvalidName
                    | Kind::InvalidPassword
            ) =>
        {
            Ok(form(&administrator, StatusCode::BAD_REQUEST, &sent, Some(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What was typed, or a new one when nothing was; and whether it is a new one.
pub(super) fn password(sent: &Sent) -> Result<(String, bool), TenantError> {
    match sent.text("password") {
        "" => Ok((random::letters_and_digits(GENERATED_CHARACTERS)?, true)),
        typed => Ok((typed.to_owned(), false)),
    }
}

/// The field in which a password is typed, for a new user and for an old one.
pub(super) fn password_field() -> Field {
    Field::new("password", "Password")
        .control(Control::Line("password"))
        .autocomplete("new-password")
        .hint("8 to 256 bytes. Leave it empty to have one made, which is shown once.")
        .optional()
}

fn form(
    administrator: &Administrator,
    status: StatusCode,
    sent: &Sent,
    error: Option<&TenantError>,
) -> Response {
    let fault = |kinds: &[TenantErrorKind]| {
        error.filter(|error| kinds.contains(&error.kind())).map(sentence)
    };
    let page = Create {
        frame: Frame::new(Section::UsersAndRoles, administrator.csrf.clone()),
        fields: vec![
            Field::new("email", "Email")
                .control(Control::Line("email"))
                .value(sent.trimmed("email"))
                .hint("They log in with it.")
                .fault(fault(&[TenantErrorKind::InvalidEmail, TenantErrorKind::DuplicateEmail]))
                .focused(),
            Field::new("name", "Name")
                .value(sent.trimmed("name"))
                .hint("Default: the address.")
                .fault(fault(&[TenantErrorKind::InvalidName]))
                .optional(),
            password_field().fault(fault(&[TenantErrorKind::InvalidPassword])),
        ],
        email_verified: sent.is_on("email_verified"),
    };
    html_with(status, &FormTarget::Here, &page)
}
