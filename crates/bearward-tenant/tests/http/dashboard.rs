//! Who gets into the dashboard, and who does not.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::served::{Served, serve};

pub(crate) struct Page {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| line.starts_with(&format!("{name}: ")))?;
        Some(&line[name.len() + 2..])
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> &str {
        let marker = format!("name=\"{name}\" value=\"");
        let start = self.body.find(&marker).unwrap_or_else(|| panic!("no {name}: {}", self.body));
        self.body[start + marker.len()..].split('"').next().unwrap()
    }

    fn cookie(&self) -> &str {
        self.header("set-cookie").unwrap().split(';').next().unwrap()
    }
}

/// Sends a request to the dashboard as a browser would.
pub(crate) async fn send(served: &Served, line: &str, headers: &[&str], form: &str) -> Page {
    let host = served.tenant.issuer().trim_start_matches("http://").trim_end_matches('/');
    let length = form.len();
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n{form}"
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Page { status, head: head.to_owned(), body: body.to_owned() }
}

async fn link(served: &Served) -> String {
    let url = served.tenant.first_dashboard_link().await.unwrap().unwrap();
    url.strip_prefix(&served.tenant.dashboard_url()).unwrap().to_owned()
}

/// Sets the password, and returns the session's cookie as a header.
pub(crate) async fn enter(served: &Served) -> String {
    let link = link(served).await;
    let page = send(served, &format!("GET /{link}"), &[], "").await;
    let token = page.field("token").to_owned();
    let page = send(served, "POST /setup", &[], &format!("token={token}")).await;
    let form = format!("token={}&password=correct+horse&again=correct+horse", page.field("token"));
    let page = send(served, "POST /setup/password", &[], &form).await;
    assert_eq!((page.status, page.header("location")), (303, Some("/")));
    format!("Cookie: {}", page.cookie())
}

#[tokio::test]
async fn the_link_from_the_terminal_leads_in_once() {
    let served = serve().await;
    let link = link(&served).await;
    assert!(link.starts_with("setup?link=") && link.len() == "setup?link=".len() + 22, "{link}");
    for _ in 0..2 {
        let page = send(&served, &format!("GET /{link}"), &[], "").await;
        assert_eq!(page.status, 200, "a look uses nothing up");
    }
    let token = link.split_once('=').unwrap().1;
    let page = send(&served, "POST /setup", &[], &format!("token={token}")).await;
    assert_eq!(page.status, 200);
    let again = send(&served, "POST /setup", &[], &format!("token={token}")).await;
    assert_eq!(again.status, 403);
    for (password, repeated) in [("short", "short"), ("correct horse", "correct house")] {
        let form = format!("token={}&password={password}&again={repeated}", page.field("token"));
        let refused = send(&served, "POST /setup/password", &[], &form).await;
        assert_eq!(refused.status, 400, "{password}");
        assert!(refused.header("set-cookie").is_none());
    }
    let cookie = enter(&served).await;
    assert_eq!(send(&served, "GET /apis", &[&cookie], "").await.status, 200);
    assert_eq!(served.tenant.first_dashboard_link().await.unwrap(), None);
    for path in ["/setup?link=", &format!("/{link}")] {
        let page = send(&served, &format!("GET {path}"), &[], "").await;
        assert_eq!(page.header("location"), Some("/login"), "{path}");
    }
}

#[tokio::test]
async fn as_56_as_57_a_session_is_new_at_each_login_and_ends_at_logout() {
    let served = serve().await;
    let cookie = enter(&served).await;
    let wrong = send(&served, "POST /login", &[], "password=correct+house").await;
    assert_eq!((wrong.status, wrong.header("set-cookie")), (403, None));
    let planted = "Cookie: bearward-dashboard=planted";
    let page = send(&served, "POST /login", &[planted], "password=correct+horse").await;
    assert_eq!(page.status, 303);
    let set = page.header("set-cookie").unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"));
    let second = format!("Cookie: {}", page.cookie());
    assert!(second != cookie && second != planted);

    let page = send(&served, "GET /apis", &[&second], "").await;
    let csrf = page.field("csrf").to_owned();
    for (form, headers, expected) in [
        ("", vec![&*second], 403),
        ("csrf=wrong", vec![&second], 403),
        (&format!("csrf={csrf}"), vec![&cookie], 403),
        (&format!("csrf={csrf}"), vec![&second, "Origin: http://evil.example"], 403),
        (&format!("csrf={csrf}"), vec![&second, "Origin: null"], 403),
        (&format!("csrf={csrf}"), vec![], 403),
        (&format!("csrf={csrf}"), vec![&second], 303),
    ] {
        let page = send(&served, "POST /logout", &headers, form).await;
        assert_eq!(page.status, expected, "{form} {headers:?}");
    }
    let page = send(&served, "GET /apis", &[&second], "").await;
    assert_eq!((page.status, page.header("location")), (303, Some("/login")));
    assert_eq!(send(&served, "GET /apis", &[&cookie], "").await.status, 200);
}

#[tokio::test]
async fn names_are_text_on_every_page() {
    let served = serve().await;
    let cookie = enter(&served).await;
    let api = bearward_tenant::NewApi::new("Tom & \"Jerry\"", "x'\"><script>alert(1)</script>");
    served.tenant.create_api(api).await.unwrap();
    let page = send(&served, "GET /apis", &[&cookie], "").await;
    assert!(page.body.contains("Tom &#38; &#34;Jerry&#34;"), "{}", page.body);
    assert!(!page.body.contains("<script>alert"));
    assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn as_23_guesses_at_the_dashboards_password_are_slowed_down() {
    let served = serve().await;
    enter(&served).await;
    for _ in 0..10 {
        let page = send(&served, "POST /login", &[], "password=correct+house").await;
        assert_eq!(page.status, 403);
    }
    for password in ["correct+house", "correct+horse"] {
        let page = send(&served, "POST /login", &[], &format!("password={password}")).await;
        assert_eq!((page.status, page.header("retry-after")), (429, Some("60")), "{password}");
    }
}
