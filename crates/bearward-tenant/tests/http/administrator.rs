//! Somebody who is logged in to the dashboard.

use crate::dashboard::{Page, enter, send};
use crate::served::{Served, serve};

pub(crate) struct Administrator {
    pub(crate) served: Served,
    cookie: String,
    csrf: String,
}

/// Breaks out of text and of attributes. Names may hold no angle brackets; what clients send may.
pub(crate) const HOSTILE: &str = "Tom & \"Jerry' onfocus='x'";

impl Administrator {
    pub(crate) async fn new() -> Administrator {
        Administrator::of(serve().await).await
    }

    pub(crate) async fn of(served: Served) -> Administrator {
        let cookie = enter(&served).await;
        let page = send(&served, "GET /apis", &[&cookie], "").await;
        Administrator { csrf: page.field("csrf").to_owned(), cookie, served }
    }

    /// The header of the session.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        send(&self.served, &format!("GET {path}"), &[&self.cookie], "").await
    }

    /// The page, which must be there, as text.
    pub(crate) async fn read(&self, path: &str) -> String {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    /// Sends a form with the CSRF token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        send(&self.served, &format!("POST {path}"), &[&self.cookie], &form.finish()).await
    }

    /// The same, which must lead to another page; its address, without what it says there.
    pub(crate) async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let page = self.post(path, fields).await;
        assert_eq!(page.status, 303, "{path} {fields:?}: {}", page.body);
        let location = page.header("location").unwrap();
        location.split('?').next().unwrap().to_owned()
    }
}

/// Nobody gets in without a session, and nothing is changed without the proof of one.
pub(crate) async fn check_closed(administrator: &Administrator, gets: &[&str], posts: &[&str]) {
    for path in gets {
        let page = send(&administrator.served, &format!("GET {path}"), &[], "").await;
        assert_eq!((page.status, page.header("location")), (303, Some("/login")), "{path}");
    }
    for path in posts {
        for headers in [&[][..], &[administrator.cookie.as_str()]] {
            let page =
                send(&administrator.served, &format!("POST {path}"), headers, "confirm=x").await;
            assert_eq!(page.status, 403, "{path}");
        }
    }
}
