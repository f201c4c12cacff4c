//! Applications in the dashboard.

use bearward_tenant::{ApplicationType, GrantType, NewApplication};

use crate::administrator::{Administrator, HOSTILE, check_closed};
use crate::served::{GOOD, MESSAGES, SECLUDED};

#[tokio::test]
async fn applications_are_closed_to_strangers() {
    let admin = Administrator::new().await;
    let one = format!("/applications/{}", admin.served.application.client_id);
    let below = |part: &str| format!("{one}{part}");
    check_closed(
        &admin,
        &[
            "/applications",
            "/applications/new",
            &one,
            &below("/settings"),
            &below("/credentials"),
            &below("/apis"),
        ],
        &[
            "/applications/new",
            &below("/settings"),
            &below("/delete"),
            &below("/credentials"),
            &below("/apis"),
            &below("/apis/authorize"),
            &below("/apis/withdraw"),
        ],
    )
    .await;
    assert_eq!(admin.served.tenant.applications().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_application_is_created_and_its_secret_shown_once() {
    let admin = Administrator::new().await;
    for (fields, says) in [
        (&[("name", "x")][..], "Expected one of the four types"),
        (&[("name", "x"), ("app_type", "toaster")], "Expected one of the four types"),
        (&[("name", " "), ("app_type", "spa")], "Expected a name for the application"),
    ] {
        let page = admin.post("/applications/new", fields).await;
        assert_eq!(page.status, 400, "{fields:?}");
        assert!(page.body.contains(says), "{}", page.body);
    }
    let fields = [("name", HOSTILE), ("app_type", "non_interactive")];
    let page = admin.post("/applications/new", &fields).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    let secret = page.body.split("data-secret=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(secret.len(), 64);
    let all = admin.served.tenant.applications().await.unwrap();
    let created = all.iter().find(|one| one.name == HOSTILE).unwrap();
    for part in ["", "/settings", "/credentials", "/apis"] {
        let page = admin.read(&format!("/applications/{}{part}", created.client_id)).await;
        assert!(!page.contains(secret) && !page.contains(HOSTILE), "{part}");
        assert!(page.contains("Tom &#38; &#34;Jerry&#39;"), "{part}: {page}");
    }
    assert!(!admin.read("/applications").await.contains(HOSTILE));

    let spa = [("name", "Reader"), ("app_type", "spa")];
    let page = admin.done("/applications/new", &spa).await;
    assert!(admin.read(&page).await.contains("response_type=code"), "the login's address");
}

#[tokio::test]
async fn settings_are_saved_or_the_fault_stands_at_its_field() {
    let admin = Administrator::new().await;
    let client_id = admin.served.public_client_id.clone();
    let path = format!("/applications/{client_id}/settings");
    let good = [
        ("name", "Reader of messages"),
        ("callbacks", "https://app.example/a\r\n\r\n http://localhost:3000/b "),
        ("allowed_logout_urls", "https://app.example/out"),
        ("web_origins", "https://app.example"),
        ("authorization_code", "on"),
    ];
    assert_eq!(admin.done(&path, &good).await, path);
    let kept = admin.served.tenant.application(&client_id).await.unwrap();
    assert_eq!(kept.name, "Reader of messages");
    assert_eq!(kept.callbacks, ["https://app.example/a", "http://localhost:3000/b"]);
    assert_eq!(kept.allowed_logout_urls, ["https://app.example/out"]);
    assert_eq!(kept.web_origins, ["https://app.example"]);
    assert_eq!(kept.grant_types, [GrantType::AuthorizationCode]);
    assert!(!kept.is_first_party);

    for (name, value, id) in [
        ("name", "a < b", "name-says"),
        ("callbacks", "javascript:alert(1)", "callbacks-says"),
        ("allowed_logout_urls", "/out", "allowed_logout_urls-says"),
        ("web_origins", "https://app.example/", "web_origins-says"),
        ("client_credentials", "on", "grant-types-says"),
    ] {
        let mut fields: Vec<_> = good.iter().copied().filter(|(other, _)| *other != name).collect();
        fields.push((name, value));
        let page = admin.post(&path, &fields).await;
        assert_eq!(page.status, 400, "{name}");
        let fault = page.body.split("✗ Expected").nth(1).or(page.body.split("✗ An app").nth(1));
        assert!(fault.is_some(), "{name}: {}", page.body);
        assert_eq!(page.body.matches("class=\"fault\"").count(), 1, "{name}");
        let before = page.body.split("class=\"fault\"").next().unwrap();
        assert!(before.contains(id), "{name}: the fault stands at its field");
    }
    let unchanged = admin.served.tenant.application(&client_id).await.unwrap();
    assert_eq!((unchanged.name, unchanged.callbacks), (kept.name, kept.callbacks));
}

#[tokio::test]
async fn a_secret_is_rotated_and_the_old_one_is_good_no_more() {
    let admin = Administrator::new().await;
    let path = format!("/applications/{}/credentials", admin.served.application.client_id);
    assert_eq!(admin.served.post_form(&[], GOOD).await.status, 200);
    let page = admin.post(&path, &[]).await;
    let secret = page.body.split("data-secret=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(admin.served.post_form(&[], GOOD).await.status, 401);
    assert_eq!(admin.served.post_form(&[], &GOOD.replace("$secret", secret)).await.status, 200);
    assert!(!admin.read(&path).await.contains(secret));
    let public = format!("/applications/{}/credentials", admin.served.public_client_id);
    assert_eq!(admin.post(&public, &[]).await.status, 404, "a public client has no secret");
}

#[tokio::test]
async fn permissions_are_granted_and_withdrawn_as_they_are_ticked() {
    let admin = Administrator::new().await;
    let client_id = admin.served.application.client_id.clone();
    let tenant = &admin.served.tenant;
    let path = format!("/applications/{client_id}/apis");
    let api = tenant.api(MESSAGES).await.unwrap().id;
    let scopes = async || {
        let grants = tenant.grants().await.unwrap();
        let grant = grants.into_iter().find(|g| g.client_id == client_id && g.audience == MESSAGES);
        grant.map(|grant| grant.scopes)
    };
    let cell = |value: &str| format!("{value} {api}");
    let delete = cell("delete:messages");
    let page = admin.post(&path, &[("change", &delete), ("granted", "on")]).await;
    assert_eq!((page.status, page.body.as_str()), (204, ""));
    let all = ["read:messages", "write:messages", "delete:messages"].map(str::to_owned);
    assert_eq!(scopes().await.unwrap(), all);
    admin.post(&path, &[("change", &delete), ("granted", "off")]).await;
    assert_eq!(scopes().await.unwrap(), all[..2]);

    let (read, write) = (cell("read:messages"), cell("write:messages"));
    let form = [("shown", &*read), ("shown", &*write), ("shown", &*delete), ("granted", &*delete)];
    assert_eq!(admin.done(&path, &form).await, path);
    assert_eq!(scopes().await.unwrap(), all[2..]);

    for change in ["fly:away", "read:messages"] {
        let wrong = format!("{change} {}", if change == "fly:away" { &api } else { "nowhere" });
        let page = admin.post(&path, &[("change", &wrong), ("granted", "on")]).await;
        assert_eq!(page.status, 404, "{wrong}");
    }
    admin.done(&format!("{path}/withdraw"), &[("api", &api)]).await;
    assert_eq!(scopes().await, None);
    assert!(admin.read(&path).await.contains("Not authorized"));
    let secluded = tenant.api(SECLUDED).await.unwrap().id;
    admin.done(&format!("{path}/authorize"), &[("api", &secluded)]).await;
    let form = GOOD.replace("http%3A%2F%2Flocalhost%3A3010", &SECLUDED.replace('&', "%26"));
    assert_eq!(admin.served.post_form(&[], &form).await.status, 200);
}

#[tokio::test]
async fn the_quickstart_has_the_applications_own_values() {
    let admin = Administrator::new().await;
    let page = admin.read(&format!("/applications/{}", admin.served.application.client_id)).await;
    for text in [admin.served.application.client_id.as_str(), MESSAGES, "CLIENT_SECRET"] {
        assert!(page.contains(&format!("<mark>{text}</mark>")), "{text}: {page}");
    }
    let web = NewApplication::new("Web", ApplicationType::RegularWeb)
        .callback("https://app.example/it's?a=b");
    let web = admin.served.tenant.create_application(web).await.unwrap().application;
    let page = admin.read(&format!("/applications/{}", web.client_id)).await;
    assert!(page.contains("redirect_uri=https%3A%2F%2Fapp.example%2Fit%27s%3Fa%3Db"), "{page}");
    assert!(page.contains(r"it&#39;\&#39;&#39;s?a=b"), "quoted for the shell: {page}");
    assert!(page.contains("authorized for an API"));
}

#[tokio::test]
async fn an_application_is_deleted_when_its_name_is_typed() {
    let admin = Administrator::new().await;
    let client_id = admin.served.application.client_id.clone();
    let path = format!("/applications/{client_id}/delete");
    for fields in [&[][..], &[("confirm", "Reader")], &[("confirm", "nightly report")]] {
        assert_eq!(admin.post(&path, fields).await.status, 400, "{fields:?}");
        assert!(admin.served.tenant.application(&client_id).await.is_ok());
    }
    assert_eq!(admin.done(&path, &[("confirm", "Nightly report")]).await, "/applications");
    assert!(admin.served.tenant.application(&client_id).await.is_err());
    assert_eq!(admin.get(&format!("/applications/{client_id}")).await.status, 404);
}
