//! What is revoked is not active any more, however it was revoked.

use crate::shop::{Shop, shop, text};

/// A way to end what a login has given.
#[derive(Clone, Copy, Debug)]
enum Revocation {
    RefreshTokenRevoked,
    RefreshTokenReused,
    CodeReplayed,
    UserBlocked,
    UserDeleted,
    ApplicationDeleted,
    OfflineAccessWithdrawn,
}

impl Revocation {
    /// Whether it ends what the user did with this application, and not the refreshing alone.
    fn ends_the_login(self) -> bool {
        !matches!(self, Revocation::OfflineAccessWithdrawn)
    }

    async fn happen(self, shop: &Shop, code: &str, refresh_token: &str) {
        let tenant = &shop.served.tenant;
        match self {
            Revocation::RefreshTokenRevoked => {
                let answer = shop.post("/oauth/revoke", &[("token", refresh_token)], &[]).await;
                assert_eq!(answer.status, 200);
            }
            Revocation::RefreshTokenReused => {
                assert_eq!(shop.refresh(refresh_token, &[]).await.status, 200);
                assert_eq!(shop.refresh(refresh_token, &[]).await.status, 403);
            }
            Revocation::CodeReplayed => assert_eq!(shop.redeem(code, &[]).await.status, 403),
            Revocation::UserBlocked => {
                let mut user = tenant.user(&shop.alice.user_id).await.unwrap();
                user.blocked = true;
                tenant.update_user(&user).await.unwrap();
            }
            Revocation::UserDeleted => tenant.delete_user(&shop.alice.user_id).await.unwrap(),
            Revocation::ApplicationDeleted => {
                tenant.delete_application(&shop.client_id).await.unwrap();
            }
            Revocation::OfflineAccessWithdrawn => {
                let mut api = tenant.api(crate::shop::ARCHIVE).await.unwrap();
                api.allow_offline_access = false;
                tenant.update_api(&api).await.unwrap();
            }
        }
    }
}

/// The tenant has no introspection endpoint, as Auth0 has none: it says what is active at the token
/// endpoint and at /userinfo.
#[tokio::test]
async fn b173_after_each_kind_of_revocation_nothing_is_active() {
    for revocation in [
        Revocation::RefreshTokenRevoked,
        Revocation::RefreshTokenReused,
        Revocation::CodeReplayed,
        Revocation::UserBlocked,
        Revocation::UserDeleted,
        Revocation::ApplicationDeleted,
        Revocation::OfflineAccessWithdrawn,
    ] {
        let shop = shop().await;
        let code = shop.code().await;
        let tokens = shop.redeem(&code, &[]).await.json();
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        assert_eq!(shop.userinfo(&access).await.status, 200, "{revocation:?}");
        revocation.happen(&shop, &code, &refresh).await;
        let refused = shop.refresh(&refresh, &[]).await.status;
        assert!(matches!(refused, 401 | 403), "{revocation:?}: {refused}");
        let expected = if revocation.ends_the_login() { 401 } else { 200 };
        assert_eq!(shop.userinfo(&access).await.status, expected, "{revocation:?}");
    }
}
