//! The decision about a token, step by step, with the mend beside the step that failed.

use super::subject::Subject;
use crate::model::Api;
use crate::pages::pieces::{Mend, Outcome, Step};

/// What the token endpoint looks at, in its order.
pub(super) struct Decision<'a> {
    pub(super) api: &'a Api,
    pub(super) subject: &'a Subject,
}

impl Decision<'_> {
    /// The steps for these scopes, up to the one that failed.
    pub(super) fn steps(&self, asked: &[&str]) -> Vec<Step> {
        let (api, subject) = (self.api, self.subject);
        let application = &subject.application;
        let mut trail = Trail::default();
        trail.step(true, format!("{} is an API here", api.name), &api.identifier, Mend::None);
        trail.step(
            true,
            format!("{} is an application here", application.name),
            &application.client_id,
            Mend::None,
        );
        let open = Mend::Open {
            label: "Open its settings".to_owned(),
            href: format!("/applications/{}", application.client_id),
        };
        match &subject.user {
            None => {
                let what = format!("{} may ask without a user", application.name);
                trail.step(subject.may_ask(), what, "grant type client_credentials", open);
                let what = format!("{} is authorized for {}", application.name, api.name);
                let authorize = self.mend(format!("Authorize {}", application.name), asked);
                trail.step(subject.has_access(), what, "", authorize);
            }
            Some(user) => {
                let what = format!("{} may log users in", application.name);
                trail.step(subject.may_ask(), what, "grant type authorization_code", open);
                let unblock = Mend::Open {
                    label: "Open the user".to_owned(),
                    href: format!("/users/{}", user.user_id.replace('|', "%7C")),
                };
                trail.step(!user.blocked, format!("{} is not blocked", user.email), "", unblock);
            }
        }
        for scope in asked {
            let is_there = api.has_permission(scope);
            let add = Mend::Open {
                label: "Add it".to_owned(),
                href: format!("/apis/{}/permissions", api.id),
            };
            trail.step(is_there, format!("{} has the permission {scope}", api.name), "", add);
            let what = format!("{scope} is granted to {}", subject.name());
            let grant = self.mend(format!("Grant it to {}", subject.name()), &[scope]);
            trail.step(subject.has(api, scope), what, "", grant);
        }
        trail.0
    }

    /// The same for a token that came and that the API found too weak.
    pub(super) fn steps_for_weak_token(&self, lacking: &[&str]) -> Vec<Step> {
        let mut trail = Trail(self.steps(lacking));
        let what = format!("The token holds {}", lacking.join(", "));
        trail.step(false, what, "Tick it above and get another token.", Mend::None);
        trail.0
    }

    fn mend(&self, label: String, scopes: &[&str]) -> Mend {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![
            field("client_id", &self.subject.application.client_id),
            field("user_id", self.subject.user_id()),
            field("back", "test"),
        ];
        let known = scopes.iter().filter(|scope| self.api.has_permission(scope));
        fields.extend(known.map(|scope| field("scope", scope)));
        let action = format!("/apis/{}/access/authorize", self.api.id);
        Mend::Apply { label, action, fields }
    }
}

/// Steps; those after the first that failed were never taken.
#[derive(Default)]
struct Trail(Vec<Step>);

impl Trail {
    fn step(&mut self, held: bool, what: String, found: &str, mend: Mend) {
        let ended = self.0.iter().any(|step| !matches!(step.outcome, Outcome::Held));
        let (outcome, found, mend) = match (ended, held) {
            (true, _) => (Outcome::Unasked, "", Mend::None),
            (false, true) => (Outcome::Held, found, Mend::None),
            (false, false) => (Outcome::Failed, found, mend),
        };
        self.0.push(Step { outcome, what, found: found.to_owned(), mend });
    }
}
