//! What the Test view shows.

use askama::Template;
use url::Url;

use super::subject::{Chosen, Subject};
use super::trail::Decision;
use crate::dashboard::Administrator;
use crate::dashboard::apis::head::{Head, View};
use crate::error::TenantError;
use crate::model::{Api, Application, GrantType, Permission, User};
use crate::pages::Frame;
use crate::pages::pieces::{AnswerCard, Control, Field, Sample, Step, TokenView};
use crate::protocol::Refusal;
use crate::samples::LANGUAGES;
use crate::tenant::Tenant;

/// The route of the quickstart's API that asks for a permission.
const SCOPED_ROUTE: &str = "api/private-scoped";

/// The languages for which no free compiler with these libraries runs where our tests do.
const UNRUN: [&str; 2] = ["objective-c", "swift"];

#[derive(Template)]
#[template(path = "dashboard/api/test.html")]
pub(super) struct TestPage {
    pub(super) frame: Frame,
    pub(super) head: Head,
    /// None when no application can get tokens.
    pub(super) subject: Option<Subject>,
    /// What they are chosen from.
    choices: Vec<Field>,
    boxes: Vec<ScopeBox>,
    /// The address that samples and calls go to.
    pub(super) target: String,
    pub(super) token: Option<Token>,
    pub(super) answer: Option<AnswerCard>,
    /// Why no token came, in the words that a client of the token endpoint reads.
    refusal: Option<String>,
    pub(super) steps: Vec<Step>,
    /// Whether the tenant calls APIs.
    is_development: bool,
}

impl TestPage {
    /// Whether there is anything to tick.
    fn has_grantable(&self) -> bool {
        self.boxes.iter().any(|scope| scope.is_granted)
    }
}

/// A permission that may be asked for.
struct ScopeBox {
    value: String,
    description: String,
    is_granted: bool,
    is_ticked: bool,
}

/// A token that was taken.
pub(super) struct Token {
    pub(super) text: String,
    pub(super) view: TokenView,
    samples: Vec<Sample>,
    target: Field,
}

impl TestPage {
    /// The view before anything is asked for; without `ticked` with every permission that can be
    /// had.
    pub(super) async fn read(
        tenant: &Tenant,
        administrator: Administrator,
        id: &str,
        chosen: Chosen<'_>,
        ticked: Option<&[&str]>,
    ) -> Result<TestPage, TenantError> {
        let (frame, head) = Head::read(tenant, administrator, id, View::Test).await?;
        let mut applications = tenant.applications().await?;
        applications.retain(|application| {
            let ways = [GrantType::ClientCredentials, GrantType::AuthorizationCode];
            ways.into_iter().any(|way| application.may_use(way))
        });
        let users = tenant.users().await?;
        let subject = Subject::read(tenant, &head.api, &applications, &users, chosen).await?;
        let target = match tenant.store().setting(&target_setting(&head.api)).await? {
            Some(target) => target,
            None => default_target(&head.api.identifier),
        };
        Ok(TestPage {
            choices: subject
                .as_ref()
                .map(|subject| choices(&applications, &users, subject))
                .unwrap_or_default(),
            boxes: boxes(&head.api, subject.as_ref(), ticked),
            frame,
            head,
            subject,
            target,
            token: None,
            answer: None,
            refusal: None,
            steps: Vec::new(),
            is_development: tenant.is_development(),
        })
    }

    /// Shows a token, and the request that carries it to the target.
    pub(super) fn show_token(&mut self, tenant: &Tenant, text: String, fault: Option<String>) {
        let samples = LANGUAGES.iter().map(|language| {
            let code = language.render(&self.target, &text);
            let sample = Sample::new(language.id, language.name, &code, &[&self.target, &text]);
            let unrun = UNRUN.contains(&language.id);
            if unrun { sample.note("This one was never run by our tests.") } else { sample }
        });
        let samples = samples.collect();
        let view = TokenView::new(&text, tenant.now());
        let hint = if self.is_development {
            "Called by GET with the token. An address of this machine."
        } else {
            "The samples below call it."
        };
        let target =
            Field::new("target", "Address").value(&*self.target).mono().hint(hint).fault(fault);
        self.token = Some(Token { text, view, samples, target });
    }

    /// Shows why no token came, and what mends it.
    pub(super) fn show_refusal(&mut self, refusal: &Refusal, asked: &[&str]) {
        self.refusal = Some(refusal.detail());
        if let Some(subject) = &self.subject {
            self.steps = Decision { api: &self.head.api, subject }.steps(asked);
        }
    }
}

/// The selectors: the application, and the user where there are some.
fn choices(applications: &[Application], users: &[User], subject: &Subject) -> Vec<Field> {
    let application = &subject.application;
    let option = |one: &Application| (one.client_id.clone(), one.name.clone());
    let mut options: Vec<_> = applications.iter().map(option).collect();
    if !options.iter().any(|(client_id, _)| *client_id == application.client_id) {
        options.push(option(application));
    }
    let applications = Field::new("application", "Application")
        .control(Control::Choice(options))
        .value(&*application.client_id);
    if users.is_empty() {
        return vec![applications];
    }
    let nobody = (String::new(), "None: the application itself".to_owned());
    let users = users.iter().map(|user| (user.user_id.clone(), user.email.clone()));
    let options = std::iter::once(nobody).chain(users).collect();
    let user =
        Field::new("user", "User").control(Control::Choice(options)).value(subject.user_id());
    vec![applications, user]
}

fn boxes(api: &Api, subject: Option<&Subject>, ticked: Option<&[&str]>) -> Vec<ScopeBox> {
    let one = |permission: &Permission| {
        let value = permission.value.clone();
        let is_granted = subject.is_some_and(|subject| subject.has(api, &value));
        let is_ticked = ticked.is_none_or(|ticked| ticked.contains(&value.as_str()));
        let description = permission.description.clone();
        ScopeBox { value, description, is_granted, is_ticked: is_ticked && is_granted }
    };
    api.permissions.iter().map(one).collect()
}

/// Where the target of an API is remembered.
pub(super) fn target_setting(api: &Api) -> String {
    format!("test_target {}", api.id)
}

/// The identifier, when it is an address on this machine; at its root the route of the quickstart.
fn default_target(identifier: &str) -> String {
    let url = Url::parse(identifier).ok();
    let here =
        url.filter(|url| matches!(url.scheme(), "http" | "https") && bearward::is_loopback(url));
    match here {
        Some(url) if url.path() == "/" => format!("{url}{SCOPED_ROUTE}"),
        Some(url) => url.into(),
        None => format!("http://localhost:3010/{SCOPED_ROUTE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_target_is_the_api_itself_when_it_is_near() {
        for (identifier, target) in [
            ("http://localhost:3010", "http://localhost:3010/api/private-scoped"),
            ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/api/private-scoped"),
            ("https://localhost:8443/messages", "https://localhost:8443/messages"),
            ("https://api.example.com", "http://localhost:3010/api/private-scoped"),
            ("messages", "http://localhost:3010/api/private-scoped"),
            ("", "http://localhost:3010/api/private-scoped"),
        ] {
            assert_eq!(default_target(identifier), target);
        }
    }
}
