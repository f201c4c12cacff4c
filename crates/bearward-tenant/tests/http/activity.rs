//! What happened can be read afterwards.

use crate::served::{GOOD, MESSAGES, serve};

#[tokio::test]
async fn each_token_and_each_refusal_is_written_down() {
    let served = serve().await;
    let client_id = Some(served.application.client_id.clone());
    served.post_form(&[], GOOD).await;
    served.post_form(&[], &format!("{GOOD}&scope=delete%3Amessages")).await;
    served.post_form(&[], &GOOD.replace("$secret", "wrong-secret")).await;
    served.post_form(&[], &format!("{GOOD}&scope={}", "x".repeat(2_000))).await;

    let entries = served.tenant.activity(None, 10).await.unwrap();
    let [long, stranger, refused, issued] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(issued.reason, None);
    assert_eq!(issued.audience.as_deref(), Some(MESSAGES));
    assert_eq!(issued.scope.as_deref(), Some("read:messages write:messages"));
    assert_eq!(refused.reason.as_deref(), Some("scopes_not_granted"));
    assert_eq!(refused.detail, "Client has not been granted scopes: delete:messages");
    assert_eq!(refused.scope.as_deref(), Some("delete:messages"));
    assert_eq!([&issued.client_id, &refused.client_id], [&client_id; 2]);
    assert_eq!(stranger.reason.as_deref(), Some("client_secret_wrong"));
    assert_eq!(stranger.client_id, None);
    assert_eq!(long.scope.as_ref().unwrap().chars().count(), 601);
    assert!(!format!("{entries:?}").contains("wrong-secret"));

    let older = served.tenant.activity(Some(&refused.id), 10).await.unwrap();
    assert_eq!(older, std::slice::from_ref(issued));
    assert_eq!(served.tenant.activity(None, 1).await.unwrap(), std::slice::from_ref(long));
}
