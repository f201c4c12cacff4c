//! Activity in the dashboard: what happened, and the button that mends it.

use serde_json::Value;

use crate::administrator::{Administrator, check_closed};
use crate::dashboard::send;
use crate::served::{GOOD, MESSAGES, SECLUDED, machine};

/// The address of the newest entry.
async fn newest(admin: &Administrator) -> String {
    let entries = admin.served.tenant.activity(None, 1).await.unwrap();
    format!("/activity/{}", entries[0].id)
}

#[tokio::test]
async fn activity_is_closed_to_strangers() {
    let admin = Administrator::new().await;
    admin.served.post_form(&[], GOOD).await;
    let entry = newest(&admin).await;
    check_closed(&admin, &["/activity", &entry], &[&format!("{entry}/mend")]).await;
    assert_eq!(admin.get("/activity/unknown").await.status, 404);
    assert_eq!(admin.post("/activity/unknown/mend", &[]).await.status, 404);
}

#[tokio::test]
async fn entries_are_filtered_and_paged_and_read_as_json() {
    let admin = Administrator::new().await;
    let served = &admin.served;
    let other = machine(&served.tenant, "Other").await;
    served.post_form(&[], GOOD).await;
    served.post_form(&[], &format!("{GOOD}&scope=delete%3Amessages")).await;
    let of_other =
        GOOD.replace("$id", &other.client_id).replace("$secret", other.client_secret.expose());
    served.post_form(&[], &of_other).await;
    served.post_form(&[], &GOOD.replace("$secret", "wrong")).await;

    let shown = async |query: &str| {
        let line = format!("GET /activity{query}");
        let page = send(served, &line, &[admin.cookie(), "Accept: application/json"], "").await;
        let lines: Vec<Value> = serde_json::from_str(&page.body).unwrap();
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let text = |line: &Value| line["reason"].as_str().unwrap().to_owned();
        lines.iter().map(text).collect::<Vec<_>>()
    };
    let all = ["client_secret_wrong", "no_grant", "scopes_not_granted", ""];
    assert_eq!(shown("").await, all);
    assert_eq!(shown("?show=refused").await, all[..3]);
    let of = format!("?application={}", other.client_id);
    assert_eq!(shown(&of).await, all[1..2]);
    assert_eq!(shown(&format!("?api={MESSAGES}")).await, all[1..]);
    assert_eq!(shown(&format!("?show=refused&api={MESSAGES}&application=x")).await, [""; 0]);
    let page = admin.read("/activity?show=refused").await;
    for reason in &all[..3] {
        assert!(page.contains(reason), "{reason}");
    }
    assert!(!page.contains("rel=\"next\""), "there is nothing older");
    for _ in 0..60 {
        served.post_form(&[], &GOOD.replace("$secret", "wrong")).await;
    }
    let page = admin.read("/activity?show=refused").await;
    assert_eq!(page.matches("<tr data-id=").count(), 50);
    let older = page.split("href=\"").find(|rest| rest.contains("before=")).unwrap();
    let older = older.split('"').next().unwrap().replace("&#38;", "&");
    let page = admin.read(&older).await;
    assert_eq!(page.matches("<tr data-id=").count(), 13, "{older}");
}

#[tokio::test]
async fn a_refusal_says_its_rule_and_the_button_mends_it() {
    let admin = Administrator::new().await;
    let served = &admin.served;
    let secluded = SECLUDED.replace(':', "%3A").replace('&', "%26");
    let to_secluded = GOOD.replace("http%3A%2F%2Flocalhost%3A3010", &secluded);
    for (form, rule, button) in [
        (
            format!("{GOOD}&scope=read%3Amessages+delete%3Amessages"),
            "Each scope that is asked for was granted.",
            "Grant delete:messages to Nightly report",
        ),
        (
            format!("{to_secluded}&scope=read%3Amessages"),
            "The application is authorized for the API.",
            "Authorize Nightly report for Messages with read:messages",
        ),
    ] {
        assert_eq!(served.post_form(&[], &form).await.status, 403);
        let entry = newest(&admin).await;
        let page = admin.read(&entry).await;
        assert!(page.contains(rule) && page.contains(button), "{page}");
        assert_eq!(admin.done(&format!("{entry}/mend"), &[]).await, entry);
        assert_eq!(served.post_form(&[], &form).await.status, 200, "mended: {rule}");
        assert!(!admin.read(&entry).await.contains(button), "there is nothing left to mend");
        assert_eq!(admin.done(&format!("{entry}/mend"), &[]).await, entry, "twice does no harm");
    }
    let scopes = served.tenant.grants().await.unwrap();
    let scopes = scopes.iter().find(|g| g.audience == SECLUDED).unwrap();
    assert_eq!(scopes.scopes, ["read:messages"], "and nothing else");
}

#[tokio::test]
async fn what_cannot_be_mended_here_leads_to_where_it_can() {
    let admin = Administrator::new().await;
    let served = &admin.served;
    let api = served.tenant.api(MESSAGES).await.unwrap().id;
    for (form, leads_to) in [
        (format!("{GOOD}&scope=fly%3Aaway"), format!("/apis/{api}/permissions")),
        (GOOD.replace("$secret", "wrong"), "/applications".to_owned()),
        (GOOD.replace("3010", "3010%2F"), "/apis".to_owned()),
        (
            GOOD.replace("$id", "$public").replace("&client_secret=$secret", ""),
            format!("/applications/{}/settings", served.public_client_id),
        ),
    ] {
        served.post_form(&[], &form).await;
        let entry = newest(&admin).await;
        let page = admin.read(&entry).await;
        assert!(page.contains(&format!("class=\"button small\" href=\"{leads_to}\"")), "{page}");
        assert_eq!(admin.done(&format!("{entry}/mend"), &[]).await, entry, "nothing to press");
    }
}

#[tokio::test]
async fn what_clients_send_is_text() {
    let admin = Administrator::new().await;
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%E2%80%AE";
    let form = GOOD.replace("http%3A%2F%2Flocalhost%3A3010", hostile);
    admin.served.post_form(&[], &format!("{form}&scope={hostile}")).await;
    let entry = newest(&admin).await;
    for path in ["/activity", &entry] {
        let page = admin.read(path).await;
        assert!(page.contains("&#60;script&#62;"), "{path}: {page}");
        assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{path}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_listed_is_added_by_a_button() {
    let admin = Administrator::new().await;
    let client_id = &admin.served.public_client_id;
    let new = "https://app.example/new";
    for (path, address, button) in [
        ("authorize?redirect_uri", new, "Add https://app.example/new to Reader"),
        ("v2/logout?returnTo", new, "Add https://app.example/new to Reader"),
        ("authorize?redirect_uri", "javascript:alert(1)", "Open the settings of Reader"),
    ] {
        let line = format!("GET /{path}={address}&client_id={client_id}&response_type=code");
        let page = send(&admin.served, &line, &[], "").await;
        assert!([400, 403].contains(&page.status), "{path}: {}", page.status);
        let entry = newest(&admin).await;
        assert!(admin.read(&entry).await.contains(button), "{path}");
        admin.done(&format!("{entry}/mend"), &[]).await;
    }
    let kept = admin.served.tenant.application(client_id).await.unwrap();
    assert_eq!((kept.callbacks, kept.allowed_logout_urls), (vec![new.into()], vec![new.into()]));
}
