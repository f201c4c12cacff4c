//! As much of a browser as the pages need: it keeps cookies, and reads and sends forms.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bearward::Clock;
use bearward_tenant::{ApplicationType, NewApi, NewApplication, NewUser, User};
use url::{Url, form_urlencoded};

use crate::served::{Answer, NOW, Served, serve_behind_tls, serve_on};

pub(crate) const CALLBACK: &str = "https://app.example/callback";
/// With a query of its own.
pub(crate) const LOCAL: &str = "http://localhost:3000/callback?kept=1";
pub(crate) const AFTER_LOGOUT: &str = "https://app.example/bye";
pub(crate) const PASSWORD: &str = "correct horse";
/// An API with RBAC and refresh tokens.
pub(crate) const STRICT: &str = "https://strict.example";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A clock that moves when it is told to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hand(Arc<AtomicU64>);

impl Hand {
    pub(crate) fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A tenant with people and the applications that they use.
pub(crate) struct Town {
    pub(crate) served: Served,
    pub(crate) clock: Hand,
    /// A single-page application of ours.
    pub(crate) spa: String,
    /// A confidential application of ours.
    pub(crate) web: String,
    /// A third party's single-page application.
    pub(crate) stranger: String,
    /// May `read:notes` at [`STRICT`], and not `write:notes`.
    pub(crate) alice: User,
}

pub(crate) async fn town() -> Town {
    let clock = Hand::default();
    settle(serve_on(clock.clone()).await, clock).await
}

/// The same, with an issuer that browsers reach by TLS.
pub(crate) async fn town_behind_tls() -> Town {
    let clock = Hand::default();
    settle(serve_behind_tls(clock.clone()).await, clock).await
}

async fn settle(served: Served, clock: Hand) -> Town {
    let tenant = &served.tenant;
    let strict = NewApi::new("Notes", STRICT)
        .permission("read:notes", "Read notes")
        .permission("write:notes", "Write notes")
        .enforce_policies(true)
        .allow_offline_access(true);
    tenant.create_api(strict).await.unwrap();
    let make = async |name: &str, app_type| {
        NewApplication::new(name, app_type)
            .callback(CALLBACK)
            .callback(LOCAL)
            .allowed_logout_url(AFTER_LOGOUT)
    };
    let create = async |new| tenant.create_application(new).await.unwrap().application.client_id;
    let spa = create(make("Notebook", ApplicationType::Spa).await).await;
    let web = create(make("Desk", ApplicationType::RegularWeb).await).await;
    let stranger = create(make("Stranger", ApplicationType::Spa).await.third_party()).await;
    let alice = tenant.create_user(NewUser::new("alice@example.com", PASSWORD)).await.unwrap();
    tenant.create_user(NewUser::new("bob@example.com", PASSWORD)).await.unwrap();
    tenant.give_user_permission(&alice.user_id, STRICT, "read:notes").await.unwrap();
    Town { served, clock, spa, web, stranger, alice }
}

impl Town {
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { served: &self.served, cookies: BTreeMap::new() }
    }

    /// A request of the single-page application that is granted; `more` adds parameters.
    pub(crate) fn request(&self, more: &str) -> String {
        self.request_of(&self.spa, more)
    }

    pub(crate) fn request_of(&self, client_id: &str, more: &str) -> String {
        format!(
            "/authorize?response_type=code&client_id={client_id}&redirect_uri={}&state=xyz\
             &code_challenge={CHALLENGE}&code_challenge_method=S256{more}",
            encoded(CALLBACK)
        )
    }

    /// Reason and scope of the latest entry.
    pub(crate) async fn latest(&self) -> (String, Option<String>, Option<String>) {
        let entry = self.served.tenant.activity(None, 1).await.unwrap().remove(0);
        (entry.event, entry.reason, entry.scope)
    }
}

pub(crate) struct Browser<'a> {
    served: &'a Served,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], "").await
    }

    /// Sends a form as a page of the tenant does.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Answer {
        let origin = format!("Origin: {}", self.served.tenant.issuer().trim_end_matches('/'));
        self.post_from(path, form, &[&origin]).await
    }

    pub(crate) async fn post_from(&mut self, path: &str, form: &str, headers: &[&str]) -> Answer {
        let headers = [&["Content-Type: application/x-www-form-urlencoded"], headers].concat();
        self.send(&format!("POST {path}"), &headers, form).await
    }

    async fn send(&mut self, line: &str, headers: &[&str], body: &str) -> Answer {
        let (_, authority) = self.served.tenant.issuer().split_once("://").unwrap();
        let host = format!("Host: {}", authority.trim_end_matches('/'));
        let pairs: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookie = format!("Cookie: {}", pairs.join("; "));
        let mut headers = headers.to_vec();
        headers.push(&host);
        if !pairs.is_empty() {
            headers.push(&cookie);
        }
        let answer = self.served.send(line, &headers, body.as_bytes()).await;
        for line in answer.all("set-cookie") {
            let (name, rest) = line.split_once('=').unwrap();
            let (value, attributes) = rest.split_once("; ").unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens a request up to the login page, and returns its address.
    pub(crate) async fn open_login(&mut self, request: &str) -> String {
        let answer = self.get(request).await;
        let location = answer.header("location").unwrap_or_else(|| panic!("{}", answer.body));
        assert!(location.starts_with("/u/login?state="), "{location}");
        location.to_owned()
    }

    /// Gives a name and a password at the login page with this address.
    pub(crate) async fn log_in_at(&mut self, login: &str, email: &str, password: &str) -> Answer {
        let page = self.get(login).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let form =
            form(&page, &[("username", email), ("password", password), ("action", "default")]);
        self.post("/u/login", &form).await
    }

    /// From a request to the answer of its login.
    pub(crate) async fn log_in(&mut self, request: &str) -> Answer {
        let login = self.open_login(request).await;
        self.log_in_at(&login, "alice@example.com", PASSWORD).await
    }
}

/// The form of a page, with its hidden fields and these.
pub(crate) fn form(page: &Answer, fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for name in ["state", "csrf", "asked"] {
        // Consent alone says what it asked.
        if name != "asked" || page.body.contains("name=\"asked\"") {
            form.append_pair(name, &hidden(page, name));
        }
    }
    form.extend_pairs(fields);
    form.finish()
}

pub(crate) fn hidden(page: &Answer, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let start = page.body.find(&marker).unwrap_or_else(|| panic!("no {name}: {}", page.body));
    page.body[start + marker.len()..].split('"').next().unwrap().to_owned()
}

/// Where an answer leads: the address without what was added, and what was.
pub(crate) fn led_to(answer: &Answer) -> (String, BTreeMap<String, String>) {
    let location = answer.header("location").unwrap_or_else(|| panic!("{}", answer.body));
    let mut url = Url::parse(location).unwrap();
    let fields = url.query_pairs().into_owned().collect();
    url.set_query(None);
    (url.to_string(), fields)
}

pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
