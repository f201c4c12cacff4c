//! Applications that users log in to, and what they send once somebody has.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward_tenant::{
    ApplicationType, Authorization, ClientSecret, NewApi, NewApplication, NewUser, TokenDialect,
    User,
};
use bearward_testkit::ManualClock;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::served::{Answer, Served, keys, serve_with};

pub(crate) const CALLBACK: &str = "http://localhost:3000/callback";

/// The example of RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An API that asks who may do what, says so in its tokens, and lets applications refresh.
pub(crate) const ARCHIVE: &str = "https://archive.example";

pub(crate) const ALL: &str =
    "openid profile email offline_access read:archive write:archive drop:archive";

/// A tenant at 2026-01-01 with a user and two applications that she logs in to.
pub(crate) struct Shop {
    pub(crate) served: Served,
    pub(crate) clock: ManualClock,
    /// Holds `read:archive` by the role Reader, and `write:archive` without a role.
    pub(crate) alice: User,
    pub(crate) role_id: String,
    /// Confidential.
    pub(crate) client_id: String,
    pub(crate) client_secret: ClientSecret,
    /// A page in a browser: a public client.
    pub(crate) page: String,
}

pub(crate) async fn shop() -> Shop {
    shop_in(None).await
}

/// The same on a disk.
pub(crate) async fn shop_in(folder: Option<&Path>) -> Shop {
    let clock = ManualClock::new();
    let [current, next] = keys();
    let served = serve_with(|tenant| {
        let tenant = tenant.clock(clock.clone()).signing_keys(current, next);
        match folder {
            Some(folder) => tenant.data_dir(folder),
            None => tenant,
        }
    })
    .await;
    let tenant = &served.tenant;
    let archive = NewApi::new("Archive", ARCHIVE)
        .permission("read:archive", "Read")
        .permission("write:archive", "Write")
        .permission("drop:archive", "Drop")
        .token_dialect(TokenDialect::AccessTokenAuthz)
        .enforce_policies(true)
        .allow_offline_access(true);
    tenant.create_api(archive).await.unwrap();
    let alice = NewUser::new("alice@example.com", "correct horse").name("Alice").user_id("alice");
    let alice = tenant.create_user(alice).await.unwrap();
    let role_id = tenant.create_role("Reader", "").await.unwrap().id;
    tenant.give_role_permission(&role_id, ARCHIVE, "read:archive").await.unwrap();
    tenant.give_user_role(&alice.user_id, &role_id).await.unwrap();
    tenant.give_user_permission(&alice.user_id, ARCHIVE, "write:archive").await.unwrap();
    let web = NewApplication::new("Shop", ApplicationType::RegularWeb).callback(CALLBACK);
    let web = tenant.create_application(web).await.unwrap();
    let page = NewApplication::new("Page", ApplicationType::Spa).callback(CALLBACK);
    let page = tenant.create_application(page).await.unwrap().application.client_id;
    Shop {
        clock,
        alice,
        role_id,
        client_id: web.application.client_id,
        client_secret: web.client_secret.unwrap(),
        page,
        served,
    }
}

impl Shop {
    /// What Alice lets the confidential application do.
    pub(crate) fn authorization(&self) -> Authorization {
        self.authorization_of(&self.client_id)
    }

    pub(crate) fn authorization_of(&self, client_id: &str) -> Authorization {
        Authorization::new(&self.alice.user_id, client_id, CALLBACK)
            .scope(ALL)
            .audience(ARCHIVE)
            .code_challenge(CHALLENGE)
            .nonce("n-0S6_WzA2Mj")
    }

    pub(crate) async fn code(&self) -> String {
        self.code_for(self.authorization()).await
    }

    pub(crate) async fn code_for(&self, authorization: Authorization) -> String {
        self.served.tenant.authorize(authorization).await.unwrap().expose().to_owned()
    }

    /// Redeems a code as the confidential application; `changes` replace parameters, and an empty
    /// one is as good as none.
    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let request = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth/token", &request, changes).await
    }

    pub(crate) async fn refresh(&self, token: &str, changes: &[(&str, &str)]) -> Answer {
        let request = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth/token", &request, changes).await
    }

    /// What a login gives: a whole token response.
    pub(crate) async fn tokens(&self) -> Value {
        self.tokens_for(self.authorization()).await
    }

    pub(crate) async fn tokens_for(&self, authorization: Authorization) -> Value {
        let code = self.code_for(authorization).await;
        let answer = self.redeem(&code, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    pub(crate) async fn refresh_token(&self) -> String {
        text(&self.tokens().await, "refresh_token")
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        request: &[(&str, &str)],
        changes: &[(&str, &str)],
    ) -> Answer {
        let form = self.form(request, changes);
        let headers = ["Content-Type: application/x-www-form-urlencoded"];
        self.served.send(&format!("POST {path}"), &headers, form.as_bytes()).await
    }

    fn form(&self, request: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
        let client = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
        ];
        let mut form = Serializer::new(String::new());
        for (name, value) in client.iter().chain(request) {
            let changed = changes.iter().find(|(other, _)| other == name);
            form.append_pair(name, changed.map_or(*value, |(_, value)| value));
        }
        for (name, value) in changes {
            if !client.iter().chain(request).any(|(other, _)| other == name) {
                form.append_pair(name, value);
            }
        }
        form.finish()
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let header = format!("Authorization: Bearer {token}");
        self.served.send("GET /userinfo", &[&header], b"").await
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

pub(crate) fn text(json: &Value, member: &str) -> String {
    json[member].as_str().unwrap_or_else(|| panic!("no {member} in {json}")).to_owned()
}

/// What a token says, whoever signed it.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub(crate) fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// Status, `error` and `error_description`.
pub(crate) fn refusal(answer: &Answer) -> (u16, String, String) {
    let body = answer.json();
    (answer.status, text(&body, "error"), text(&body, "error_description"))
}

pub(crate) fn refused(status: u16, error: &str, description: &str) -> (u16, String, String) {
    (status, error.to_owned(), description.to_owned())
}
