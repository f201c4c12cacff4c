//! APIs in the dashboard: whatever a person does there, the tenant does.

use std::time::Duration;

use bearward_tenant::{NewApi, SigningAlgorithm, TenantErrorKind, TokenDialect};

use crate::administrator::{Administrator, HOSTILE, check_closed};
use crate::served::MESSAGES;

async fn id(administrator: &Administrator) -> String {
    administrator.served.tenant.api(MESSAGES).await.unwrap().id
}

#[tokio::test]
async fn nothing_is_shown_or_done_without_a_session() {
    let administrator = Administrator::new().await;
    let id = id(&administrator).await;
    let at = |view: &str| format!("/apis/{id}{view}");
    let gets = ["", "/settings", "/permissions", "/permissions/delete", "/access", "/test"].map(at);
    let mut gets: Vec<&str> = gets.iter().map(String::as_str).collect();
    gets.extend(["/", "/apis", "/apis/new"]);
    let posts = [
        "/settings",
        "/delete",
        "/permissions",
        "/permissions/delete",
        "/access",
        "/access/authorize",
        "/access/withdraw",
        "/test",
        "/test/application",
        "/test/request",
        "/test/call",
    ]
    .map(at);
    let mut posts: Vec<&str> = posts.iter().map(String::as_str).collect();
    posts.extend(["/apis", "/get-started"]);
    check_closed(&administrator, &gets, &posts).await;
    assert_eq!(administrator.served.tenant.apis().await.unwrap().len(), 2);
}

#[tokio::test]
async fn three_steps_make_an_api_that_a_token_can_be_taken_for() {
    let administrator = Administrator::new().await;
    let page = administrator.read("/?api=new").await;
    for prefilled in ["value=\"Messages\"", "value=\"http://localhost:3010\"", "read:messages"] {
        assert!(page.contains(prefilled), "{prefilled}: {page}");
    }
    let fields = [
        ("name", "Orders"),
        ("identifier", "https://orders.example"),
        ("permission", "read:orders"),
        ("description", "Read orders"),
    ];
    let location = administrator.done("/get-started", &fields).await;
    let tenant = &administrator.served.tenant;
    let api = tenant.api("https://orders.example").await.unwrap();
    assert_eq!(location, format!("/apis/{}/test", api.id));
    assert_eq!((&*api.name, &*api.permissions[0].value), ("Orders", "read:orders"));
    let grants = tenant.grants().await.unwrap();
    let grant = grants.iter().find(|grant| grant.audience == api.identifier).unwrap();
    assert_eq!(grant.scopes, ["read:orders"]);
    let application = tenant.application(&grant.client_id).await.unwrap();
    assert_eq!(application.name, "Orders (Test Application)");

    let again = administrator.post("/get-started", &fields).await;
    assert_eq!(again.status, 400);
    assert!(again.body.contains("There is an API") && again.body.contains("value=\"Orders\""));
    let page = administrator.read(&format!("/?api={}", api.id)).await;
    assert!(page.contains("<mark>https://orders.example</mark>"), "{page}");
    assert!(page.contains("Create a new API"));
}

#[tokio::test]
async fn a_fault_stands_at_its_field_and_nothing_is_made() {
    let administrator = Administrator::new().await;
    for (path, fields, fault) in [
        ("/apis", [("name", ""), ("identifier", "x")], "name-says"),
        ("/apis", [("name", "<b>"), ("identifier", "x")], "name-says"),
        ("/apis", [("name", "x"), ("identifier", " ")], "identifier-says"),
        ("/apis", [("name", "x"), ("identifier", MESSAGES)], "identifier-says"),
        ("/get-started", [("name", "x"), ("identifier", "x")], "permission-says"),
    ] {
        let page = administrator.post(path, &fields).await;
        assert_eq!(page.status, 400, "{fields:?}");
        let said = page.body.split_once(&format!("id=\"{fault}\"")).unwrap().1;
        assert!(
            said.trim_start()
                .trim_start_matches('>')
                .trim_start()
                .starts_with("<p class=\"fault\""),
            "{said}"
        );
    }
    assert_eq!(administrator.served.tenant.apis().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_api_is_made_listed_and_named_as_text() {
    let administrator = Administrator::new().await;
    let fields = [("name", HOSTILE), ("identifier", "x'\"><script>alert(1)</script>")];
    let location = administrator.done("/apis", &fields).await;
    let api = administrator.served.tenant.api(fields[1].1).await.unwrap();
    assert_eq!((&*api.name, location), (HOSTILE, format!("/apis/{}/permissions", api.id)));
    let at = |view: &str| format!("/apis/{}{view}", api.id);
    for path in [
        "/".into(),
        format!("/?api={}", api.id),
        "/apis".into(),
        at(""),
        at("/settings"),
        at("/permissions"),
        at("/access"),
        at("/test"),
    ] {
        let page = administrator.read(&path).await;
        assert!(page.contains("Tom &#38;"), "{path}");
        assert!(!page.contains("<script>alert") && !page.contains(" onfocus='x'"), "{path}");
    }
}

#[tokio::test]
async fn settings_are_kept_and_the_identifier_is_none_of_them() {
    let administrator = Administrator::new().await;
    let path = format!("/apis/{}/settings", id(&administrator).await);
    let good = [
        ("name", "Letters"),
        ("identifier", "http://evil.example"),
        ("token_lifetime", "600"),
        ("token_lifetime_for_web", "60"),
        ("token_dialect", "rfc9068_profile_authz"),
        ("signing_algorithm", "ES256"),
        ("enforce_policies", "on"),
        ("allow_offline_access", "on"),
    ];
    assert!(administrator.read(&path).await.contains("Anybody who logs in gets every permission"));
    administrator.done(&path, &good).await;
    let api = administrator.served.tenant.api(MESSAGES).await.unwrap();
    assert_eq!(api.name, "Letters");
    assert_eq!(api.token_lifetime, Duration::from_secs(600));
    assert_eq!(api.token_lifetime_for_web, Duration::from_secs(60));
    assert_eq!(api.token_dialect, TokenDialect::Rfc9068ProfileAuthz);
    assert_eq!(api.signing_algorithm, SigningAlgorithm::Es256);
    assert!(api.enforce_policies && api.allow_offline_access);
    assert!(!api.skip_consent_for_verifiable_first_party_clients);
    assert!(!administrator.read(&path).await.contains("Anybody who logs in"));

    for (name, value) in [
        ("name", ""),
        ("token_lifetime", "-1"),
        ("token_lifetime", "2592001"),
        ("token_lifetime_for_web", "an hour"),
        ("token_dialect", "opaque"),
        ("signing_algorithm", "HS256"),
    ] {
        let fields = good.map(|field| if field.0 == name { (name, value) } else { field });
        let page = administrator.post(&path, &fields).await;
        assert_eq!(page.status, 400, "{name}={value}");
        let at = page.body.find(&format!("id=\"{name}-says\"")).unwrap();
        assert_eq!(page.body.matches("class=\"fault\"").count(), 1, "{name}={value}");
        assert!(page.body[at..].find("class=\"fault\"").unwrap() < 200, "{name}={value}");
    }
    assert_eq!(administrator.served.tenant.api(MESSAGES).await.unwrap(), api);
}

#[tokio::test]
async fn an_api_is_deleted_when_its_name_was_typed() {
    let administrator = Administrator::new().await;
    let id = id(&administrator).await;
    let page = administrator.read(&format!("/apis/{id}/settings")).await;
    assert!(page.contains("2 applications get no more tokens for it."), "{page}");
    let path = format!("/apis/{id}/delete");
    for typed in ["", "messages", MESSAGES] {
        assert_eq!(administrator.post(&path, &[("confirm", typed)]).await.status, 400, "{typed}");
    }
    assert_eq!(administrator.done(&path, &[("confirm", "Messages")]).await, "/apis");
    let error = administrator.served.tenant.api(MESSAGES).await.unwrap_err();
    assert_eq!(error.kind(), TenantErrorKind::UnknownApi);
    assert_eq!(administrator.get(&format!("/apis/{id}")).await.status, 404);
}

#[tokio::test]
async fn permissions_are_added_described_and_removed_with_what_breaks() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    let path = format!("/apis/{}/permissions", id(&administrator).await);
    for (value, description) in [("pay:bills+more", "Pay"), ("pay:bills+more", "Pay all bills")] {
        let fields = [("permission", value), ("description", description)];
        assert_eq!(administrator.done(&path, &fields).await, path);
    }
    let api = tenant.api(MESSAGES).await.unwrap();
    assert_eq!(api.permissions.len(), 4);
    assert_eq!(api.permissions[3].description, "Pay all bills");
    for value in ["", "two words", "quo\"te"] {
        let page = administrator.post(&path, &[("permission", value)]).await;
        assert_eq!(page.status, 400, "{value}");
        assert!(page.body.contains("class=\"fault\""), "{value}");
    }

    let role = tenant.create_role("Reader", "").await.unwrap();
    tenant.give_role_permission(&role.id, MESSAGES, "read:messages").await.unwrap();
    for (value, breaks) in [
        ("read%3Amessages", "2 applications and 1 role lose it."),
        ("pay%3Abills%2Bmore", "Nothing holds it: nothing breaks."),
    ] {
        let page = administrator.read(&format!("{path}/delete?permission={value}")).await;
        assert!(page.contains(breaks), "{page}");
        let list = administrator.read(&path).await;
        assert!(list.contains(&format!("/delete?permission={value}\"")), "{list}");
    }
    administrator.done(&format!("{path}/delete"), &[("permission", "read:messages")]).await;
    let left = tenant.api(MESSAGES).await.unwrap().permissions;
    assert!(left.iter().all(|permission| permission.value != "read:messages"));
    assert!(tenant.grants().await.unwrap().iter().all(|grant| grant.scopes == ["write:messages"]));
    let gone = administrator.get(&format!("{path}/delete?permission=read%3Amessages")).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn an_api_without_permissions_says_what_they_are_for() {
    let administrator = Administrator::new().await;
    let api = NewApi::new("Empty", "empty");
    let api = administrator.served.tenant.create_api(api).await.unwrap();
    let page = administrator.read(&format!("/apis/{}/permissions", api.id)).await;
    assert!(page.contains("Add the first one below"));
    let page = administrator.read(&format!("/apis/{}", api.id)).await;
    assert!(page.contains("The API has no permission yet"));
}

#[tokio::test]
async fn access_is_given_and_taken_box_by_box() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    let client_id = administrator.served.application.client_id.as_str();
    let path = format!("/apis/{}/access", id(&administrator).await);
    let scopes = async || {
        let grants = tenant.grants().await.unwrap();
        let grant = grants.into_iter().find(|g| g.client_id == client_id && g.audience == MESSAGES);
        grant.map(|grant| grant.scopes.join(" "))
    };
    let cell = |permission: &str| format!("{client_id} {permission}:messages");
    let (read, write, delete) = (cell("read"), cell("write"), cell("delete"));

    for (change, granted, left) in [
        (&read, "off", "write:messages"),
        (&delete, "on", "write:messages delete:messages"),
        (&delete, "on", "write:messages delete:messages"),
    ] {
        let page = administrator.post(&path, &[("change", change), ("granted", granted)]).await;
        assert_eq!(page.status, 204, "{change}");
        assert_eq!(scopes().await.unwrap(), left);
    }
    let fields =
        [("shown", &*read), ("shown", &*write), ("granted", &*read), ("granted", &*delete)];
    assert_eq!(administrator.done(&path, &fields).await, path);
    assert_eq!(scopes().await.unwrap(), "delete:messages read:messages");
    for change in ["nobody read:messages", &format!("{client_id} fly:messages")] {
        let page = administrator.post(&path, &[("change", change), ("granted", "on")]).await;
        assert_eq!(page.status, 404, "{change}");
    }

    let who = [("client_id", client_id)];
    assert_eq!(administrator.done(&format!("{path}/withdraw"), &who).await, path);
    assert_eq!(scopes().await, None);
    assert_eq!(administrator.post(&format!("{path}/withdraw"), &who).await.status, 404);
    administrator.done(&format!("{path}/authorize"), &who).await;
    assert_eq!(scopes().await.unwrap(), "");
    let mend = [("client_id", client_id), ("scope", "read:messages"), ("back", "test")];
    let location = administrator.done(&format!("{path}/authorize"), &mend).await;
    assert!(location.ends_with("/test"), "{location}");
    assert_eq!(scopes().await.unwrap(), "read:messages");
}
