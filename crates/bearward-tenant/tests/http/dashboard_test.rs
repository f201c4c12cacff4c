//! The Test view: a token as an application gets it, or why there is none.

use bearward_tenant::{ApplicationType, GrantType, NewApi, NewApplication, NewUser};

use crate::administrator::Administrator;
use crate::dashboard::Page;
use crate::served::{MESSAGES, SECLUDED};

async fn test_path(administrator: &Administrator, audience: &str) -> String {
    format!("/apis/{}/test", administrator.served.tenant.api(audience).await.unwrap().id)
}

/// The token of the form that calls the API.
fn token(page: &Page) -> &str {
    page.field("token")
}

#[tokio::test]
async fn a_token_is_shown_with_its_claims_and_samples_and_is_nowhere_else() {
    let administrator = Administrator::new().await;
    let client_id = administrator.served.application.client_id.as_str();
    let path = test_path(&administrator, MESSAGES).await;
    let page = administrator.read(&path).await;
    assert!(page.contains("Get token") && !page.contains("name=\"token\""));
    assert!(page.contains("Grant it to"), "delete:messages is not granted");

    let fields = [("application", client_id), ("scope", "read:messages")];
    let page = administrator.post(&path, &fields).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    let token = token(&page).to_owned();
    assert_eq!(token.split('.').count(), 3);
    assert!(page.body.contains("<span class=\"value\">read:messages</span>"), "{}", page.body);
    for id in [
        "curl",
        "csharp",
        "go",
        "java",
        "node",
        "objective-c",
        "php",
        "python",
        "ruby",
        "swift",
        "rust",
    ] {
        let code = format!("id=\"request-{id}-code\"");
        let code = page.body.split_once(&code).unwrap_or_else(|| panic!("{id}")).1;
        let code = code.split_once("</code>").unwrap().0;
        assert!(code.contains(&format!("<mark>{token}</mark>")), "{id}: {code}");
        assert!(code.contains("/api/private-scoped"), "{id}: {code}");
    }
    let entries = administrator.served.tenant.activity(None, 1).await.unwrap();
    assert_eq!(entries[0].scope.as_deref(), Some("read:messages"));
    assert!(!format!("{entries:?}").contains(&token));
}

#[tokio::test]
async fn a_refused_token_shows_the_decision_and_a_button_that_mends_it() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    let client_id = administrator.served.application.client_id.as_str();
    let shop = NewApplication::new("Shop", ApplicationType::RegularWeb)
        .grant_types([GrantType::AuthorizationCode]);
    let shop = tenant.create_application(shop).await.unwrap().application.client_id;
    let (messages, secluded) =
        (test_path(&administrator, MESSAGES).await, test_path(&administrator, SECLUDED).await);
    for (path, client_id, scope, words, failed, mend) in [
        (
            &secluded,
            client_id,
            "read:messages",
            "is not authorized to access resource server",
            "Nightly report is authorized for Messages",
            "Authorize Nightly report",
        ),
        (
            &messages,
            client_id,
            "delete:messages",
            "Client has not been granted scopes: delete:messages",
            "delete:messages is granted to Nightly report",
            "Grant it to Nightly report",
        ),
        (
            &messages,
            client_id,
            "fly:messages",
            "Client has not been granted scopes: fly:messages",
            "Messages has the permission fly:messages",
            "Add it",
        ),
        (
            &messages,
            &shop,
            "read:messages",
            "not allowed for the client",
            "Shop may ask without a user",
            "Open its settings",
        ),
    ] {
        let page = administrator.post(path, &[("application", client_id), ("scope", scope)]).await;
        assert_eq!(page.status, 200, "{scope}");
        assert!(page.body.contains(words), "{}", page.body);
        let step = page.body.split_once("<li class=\"failed\">").unwrap().1;
        let step = step.split_once("</li>").unwrap().0;
        assert!(step.contains(failed) && step.contains(mend), "{step}");
        assert!(!page.body.contains("name=\"token\""), "{scope}");
        let entries = tenant.activity(None, 1).await.unwrap();
        assert!(entries[0].reason.is_some(), "{scope}");
    }
    let unknown = [("application", "nobody"), ("scope", "read:messages")];
    assert_eq!(administrator.post(&messages, &unknown).await.status, 404);
}

#[tokio::test]
async fn a_test_application_is_made_when_there_is_none() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    for application in tenant.applications().await.unwrap() {
        tenant.delete_application(&application.client_id).await.unwrap();
    }
    let path = test_path(&administrator, MESSAGES).await;
    assert!(administrator.read(&path).await.contains("Create and authorize a test application"));
    let location = administrator.done(&format!("{path}/application"), &[]).await;
    assert_eq!(location, path);
    let applications = tenant.applications().await.unwrap();
    assert_eq!(applications[0].name, "Messages (Test Application)");
    let fields = [("application", &*applications[0].client_id)];
    let page = administrator.post(&path, &fields).await;
    assert_eq!(token(&page).split('.').count(), 3);
}

#[tokio::test]
async fn the_first_address_is_the_api_itself_and_the_last_is_remembered() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    let api = tenant.create_api(NewApi::new("Shop", "https://shop.example")).await.unwrap();
    let client_id = administrator.served.application.client_id.as_str();
    tenant.grant(client_id, "https://shop.example", &[]).await.unwrap();
    let path = format!("/apis/{}/test", api.id);
    let page = administrator.post(&path, &[("application", client_id)]).await;
    assert!(page.body.contains("value=\"http://localhost:3010/api/private-scoped\""));
    let fields = [
        ("application", client_id),
        ("token", token(&page)),
        ("target", "https://shop.example/orders?a=\"b'"),
    ];
    let request = administrator.post(&format!("{path}/request"), &fields).await;
    assert_eq!(request.status, 200);
    assert!(request.body.contains("https://shop.example/orders?a=%22b"), "{}", request.body);
    let page = administrator.post(&path, &[("application", client_id)]).await;
    assert!(page.body.contains("value=\"https://shop.example/orders?a=&#34;b&#39;\""));
    let faulty = [("application", client_id), ("token", "x"), ("target", "shop")];
    let page = administrator.post(&format!("{path}/request"), &faulty).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("class=\"fault\""));
}

#[tokio::test]
async fn a_token_for_a_user_holds_what_the_user_may_do() {
    let administrator = Administrator::new().await;
    let tenant = &administrator.served.tenant;
    let path = test_path(&administrator, MESSAGES).await;
    let alice = NewUser::new("alice@example.com", "correct horse");
    let alice = tenant.create_user(alice).await.unwrap();
    let mut api = tenant.api(MESSAGES).await.unwrap();
    let client_id = administrator.served.public_client_id.as_str();
    let fields =
        [("application", client_id), ("user", &*alice.user_id), ("scope", "read:messages")];

    let page = administrator.post(&path, &fields).await;
    assert!(page.body.contains(&format!("<span class=\"value\">{}</span>", alice.user_id)));
    assert!(page.body.contains("<span class=\"value\">read:messages</span>"), "{}", page.body);
    assert!(!page.body.contains("Grant it to"), "without RBAC the user may have all");

    api.enforce_policies = true;
    tenant.update_api(&api).await.unwrap();
    let page = administrator.post(&path, &fields).await;
    assert!(!page.body.contains("<span class=\"value\">read:messages</span>"), "{}", page.body);
    assert!(page.body.contains("Grant it to <span class=\"foreign\">alice@example.com"));
    let mend = [
        ("client_id", client_id),
        ("user_id", &*alice.user_id),
        ("scope", "read:messages"),
        ("back", "test"),
    ];
    let mended = administrator.post(&path.replace("/test", "/access/authorize"), &mend).await;
    let location = mended.header("location").unwrap();
    assert!(location.contains("user=auth0%7C"), "{location}");
    assert!(administrator.read(location).await.contains("alice@example.com"));
    let page = administrator.post(&path, &fields).await;
    assert!(page.body.contains("<span class=\"value\">read:messages</span>"), "{}", page.body);

    let mut blocked = alice.clone();
    blocked.blocked = true;
    tenant.update_user(&blocked).await.unwrap();
    let page = administrator.post(&path, &fields).await;
    let failed = page.body.split_once("<li class=\"failed\">").unwrap().1;
    assert!(failed.contains("alice@example.com is not blocked"), "{failed}");
    let machine = administrator.served.application.client_id.as_str();
    let fields = [("application", machine), ("user", &*blocked.user_id)];
    let page = administrator.post(&path, &fields).await;
    let failed = page.body.split_once("<li class=\"failed\">").unwrap().1;
    assert!(failed.contains("Nightly report may log users in"), "{failed}");
    let entries = tenant.activity(None, 1).await.unwrap();
    assert_eq!(entries[0].user_id, Some(blocked.user_id));
}
