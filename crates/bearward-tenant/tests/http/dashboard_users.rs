//! Users and roles in the dashboard.

use bearward_tenant::NewUser;

use crate::administrator::{Administrator, HOSTILE, check_closed};
use crate::served::MESSAGES;

struct People {
    admin: Administrator,
    user_id: String,
    /// The page of the user.
    user: String,
    role_id: String,
    /// The page of the role.
    role: String,
    api: String,
}

async fn people() -> People {
    let admin = Administrator::new().await;
    let tenant = &admin.served.tenant;
    let user = NewUser::new("alice@example.com", "correct horse").name(HOSTILE);
    let user_id = tenant.create_user(user).await.unwrap().user_id;
    let role_id = tenant.create_role("Reader", HOSTILE).await.unwrap().id;
    let api = tenant.api(MESSAGES).await.unwrap().id;
    let user = format!("/users/{}", user_id.replace('|', "%7C"));
    People {
        user_id,
        user,
        role: format!("/roles/{}", role_id.replace('_', "%5F")),
        role_id,
        api,
        admin,
    }
}

#[tokio::test]
async fn users_and_roles_are_closed_to_strangers_and_names_are_text() {
    let People { admin, user, role, .. } = people().await;
    let of = |one: &str, parts: &[&str]| -> Vec<String> {
        parts.iter().map(|part| format!("{one}{part}")).collect()
    };
    let mut gets = of(&user, &["", "/roles", "/permissions"]);
    gets.extend(of(&role, &["", "/permissions", "/users"]));
    gets.extend(["/users", "/users/new", "/roles", "/roles/new"].map(str::to_owned));
    let mut posts = of(
        &user,
        &[
            "",
            "/block",
            "/unblock",
            "/password",
            "/delete",
            "/roles",
            "/permissions",
            "/permissions/take",
        ],
    );
    posts.extend(of(&role, &["", "/delete", "/permissions", "/users", "/users/take"]));
    posts.extend(["/users/new", "/roles/new"].map(str::to_owned));
    let gets: Vec<&str> = gets.iter().map(String::as_str).collect();
    let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
    check_closed(&admin, &gets, &posts).await;
    for path in &gets {
        assert!(!admin.read(path).await.contains(HOSTILE), "{path}");
    }
    for path in [&user, &role] {
        assert!(admin.read(path).await.contains("Tom &#38; &#34;Jerry&#39;"), "{path}");
    }
}

#[tokio::test]
async fn a_user_is_created_with_a_password_typed_or_made() {
    let People { admin, .. } = people().await;
    for (fields, id) in [
        (&[("email", "nobody")][..], "email-says"),
        (&[("email", "Alice@example.com")], "email-says"),
        (&[("email", "b@example.com"), ("name", "<b>")], "name-says"),
        (&[("email", "b@example.com"), ("password", "short")], "password-says"),
    ] {
        let page = admin.post("/users/new", fields).await;
        assert_eq!(page.status, 400, "{fields:?}");
        let before = page.body.split("class=\"fault\"").next().unwrap();
        assert!(before.rfind("id=\"").is_some_and(|at| before[at..].contains(id)), "{fields:?}");
    }
    let typed = [("email", "bob@example.com"), ("password", " secret "), ("email_verified", "on")];
    let page = admin.done("/users/new", &typed).await;
    let bob = admin.served.tenant.user("bob@example.com").await.unwrap();
    assert_eq!((bob.name.as_str(), bob.email_verified), ("bob@example.com", true));
    assert!(admin.read(&page).await.contains("bob@example.com"));

    let page = admin.post("/users/new", &[("email", "carol@example.com")]).await;
    let made = page.body.split("data-secret=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!((page.status, made.len()), (200, 20));
    assert!(admin.served.tenant.user("carol@example.com").await.is_ok());
}

#[tokio::test]
async fn a_user_is_changed_blocked_and_deleted() {
    let People { admin, user, user_id, .. } = people().await;
    let tenant = &admin.served.tenant;
    let fields = [("email", "Alicia@example.com"), ("name", "Alicia"), ("email_verified", "on")];
    assert_eq!(admin.done(&user, &fields).await, user);
    let kept = tenant.user(&user_id).await.unwrap();
    assert_eq!((kept.email.as_str(), kept.name.as_str()), ("alicia@example.com", "Alicia"));
    assert!(kept.email_verified);
    let page = admin.post(&user, &[("email", "alicia"), ("name", "Alicia")]).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("✗ Expected an email address"), "{}", page.body);

    admin.done(&format!("{user}/block"), &[]).await;
    assert!(tenant.user(&user_id).await.unwrap().blocked);
    assert!(admin.read("/users").await.contains("Blocked"));
    admin.done(&format!("{user}/unblock"), &[]).await;
    assert!(!tenant.user(&user_id).await.unwrap().blocked);

    let password = format!("{user}/password");
    assert_eq!(admin.post(&password, &[("password", "short")]).await.status, 400);
    assert_eq!(admin.done(&password, &[("password", "battery staple")]).await, user);
    let made = admin.post(&password, &[]).await;
    assert!(made.body.contains("data-secret="));

    let delete = format!("{user}/delete");
    assert_eq!(admin.post(&delete, &[("confirm", "alice@example.com")]).await.status, 400);
    assert!(tenant.user(&user_id).await.is_ok());
    assert_eq!(admin.done(&delete, &[("confirm", "alicia@example.com")]).await, "/users");
    assert!(tenant.user(&user_id).await.is_err());
    assert_eq!(admin.get(&user).await.status, 404);
}

#[tokio::test]
async fn permissions_come_directly_and_by_roles() {
    let People { admin, user, user_id, role, role_id, api } = people().await;
    let tenant = &admin.served.tenant;
    let read = format!("read:messages {api}");
    let given =
        admin.post(&format!("{role}/permissions"), &[("change", &read), ("granted", "on")]).await;
    assert_eq!(given.status, 204);
    assert_eq!(tenant.role_permissions(&role_id).await.unwrap().len(), 1);
    let assigned = format!("{role_id} assigned");
    admin.post(&format!("{user}/roles"), &[("change", &assigned), ("granted", "on")]).await;
    assert_eq!(tenant.user_roles(&user_id).await.unwrap()[0].id, role_id);

    let write = format!("{api} write:messages");
    let permissions = format!("{user}/permissions");
    admin.done(&permissions, &[("permission", &write)]).await;
    admin.done(&permissions, &[("permission", &format!("{api} read:messages"))]).await;
    assert_eq!(admin.post(&permissions, &[("permission", "nonsense")]).await.status, 404);
    let held = tenant.user_permissions(&user_id).await.unwrap();
    let shown: Vec<_> = held.iter().map(|p| (p.value.as_str(), p.direct, p.roles.len())).collect();
    assert_eq!(shown, [("read:messages", true, 1), ("write:messages", true, 0)]);
    let page = admin.read(&permissions).await;
    assert!(page.contains("direct, role <span class=\"foreign\">Reader"), "{page}");
    assert!(page.contains("RBAC is off"), "{page}");

    admin.done(&format!("{permissions}/take"), &[("permission", &write)]).await;
    admin.post(&format!("{user}/roles"), &[("shown", &assigned)]).await;
    let held = tenant.user_permissions(&user_id).await.unwrap();
    let shown: Vec<_> = held.iter().map(|p| (p.value.as_str(), p.direct, p.roles.len())).collect();
    assert_eq!(shown, [("read:messages", true, 0)]);
}

#[tokio::test]
async fn a_role_is_created_changed_given_and_deleted() {
    let People { admin, user_id, role, role_id, .. } = people().await;
    let tenant = &admin.served.tenant;
    for (name, says) in [("", "Expected a name"), ("Reader", "There is a role with the name")] {
        let page = admin.post("/roles/new", &[("name", name)]).await;
        assert_eq!(page.status, 400, "{name}");
        assert!(page.body.contains(says), "{}", page.body);
    }
    let page = admin.done("/roles/new", &[("name", "Editor"), ("description", "Edits")]).await;
    let editor = tenant.role("Editor").await.unwrap();
    assert!(page.ends_with("/permissions"), "what it gives comes next: {page}");

    assert_eq!(admin.post(&role, &[("name", "Editor")]).await.status, 400);
    admin.done(&role, &[("name", "Reads"), ("description", "")]).await;
    assert_eq!(tenant.role(&role_id).await.unwrap().name, "Reads");

    let users = format!("{role}/users");
    admin.done(&users, &[("user_id", &user_id)]).await;
    assert_eq!(tenant.role_users(&role_id).await.unwrap(), [user_id.as_str()]);
    assert_eq!(admin.post(&users, &[("user_id", "auth0|nobody")]).await.status, 404);
    admin.done(&format!("{users}/take"), &[("user_id", &user_id)]).await;
    assert!(tenant.role_users(&role_id).await.unwrap().is_empty());

    let delete = format!("{role}/delete");
    assert_eq!(admin.post(&delete, &[("confirm", "Reader")]).await.status, 400);
    assert_eq!(admin.done(&delete, &[("confirm", "Reads")]).await, "/roles");
    assert_eq!(tenant.roles().await.unwrap(), [editor]);
}
