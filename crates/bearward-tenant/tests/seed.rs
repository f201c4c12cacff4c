//! What a seed file does, and what is wrong with one that does nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use bearward_tenant::{
    ApplicationType, NewApi, NewApplication, NewUser, SeedOutcome, SigningAlgorithm, Tenant,
    TenantErrorKind, TokenDialect,
};

async fn tenant() -> Tenant {
    Tenant::in_memory("http://localhost:3011/").await.unwrap()
}

const SEED: &str = r#"
[[api]]
identifier = "messages"
name = "Messages"
signing_algorithm = "ES256"
token_dialect = "rfc9068_profile_authz"
token_lifetime = 600
token_lifetime_for_web = 60
enforce_policies = true
allow_offline_access = true
skip_consent_for_verifiable_first_party_clients = false
permissions = { "write:messages" = "Write", "read:messages" = "Read" }

[[api]]
identifier = "reports"
name = "Reports"
[[api.permissions]]
value = "read:reports"

[[application]]
name = "Report"
app_type = "regular_web"
client_id = "report-1"
client_secret = "sixteen-characters"
is_first_party = false
callbacks = ["https://app.example/callback"]
allowed_logout_urls = ["https://app.example/"]
web_origins = ["https://app.example"]
grant_types = ["client_credentials"]

[[application]]
name = "Reader"
app_type = "spa"

[[grant]]
application = "Report"
audience = "messages"
scopes = ["read:messages"]

[[grant]]
application = "report-1"
audience = "reports"

[[role]]
name = "Reader"
description = "May read"
permissions = [{ audience = "messages", value = "read:messages" }]

[[user]]
email = "Alice@example.com"
password = "correct horse"
name = "Alice"
email_verified = true
roles = ["Reader"]
permissions = [{ audience = "reports", value = "read:reports" }]
"#;

/// Created, updated and unchanged.
async fn counts(tenant: &Tenant, seed: &str) -> [usize; 3] {
    let report = tenant.seed(seed).await.unwrap();
    [SeedOutcome::Created, SeedOutcome::Updated, SeedOutcome::Unchanged]
        .map(|outcome| report.count(outcome))
}

#[tokio::test]
async fn everything_in_the_file_is_made() {
    let tenant = tenant().await;
    assert_eq!(counts(&tenant, SEED).await, [8, 0, 0]);

    let api = tenant.api("messages").await.unwrap();
    assert_eq!(api.signing_algorithm, SigningAlgorithm::Es256);
    assert_eq!(api.token_dialect, TokenDialect::Rfc9068ProfileAuthz);
    assert_eq!((api.token_lifetime.as_secs(), api.token_lifetime_for_web.as_secs()), (600, 60));
    assert!(api.enforce_policies && api.allow_offline_access);
    assert!(!api.skip_consent_for_verifiable_first_party_clients);
    let permissions: Vec<_> =
        api.permissions.iter().map(|p| (p.value.as_str(), p.description.as_str())).collect();
    assert_eq!(permissions, [("write:messages", "Write"), ("read:messages", "Read")]);
    assert_eq!(tenant.api("reports").await.unwrap().permissions[0].value, "read:reports");

    let report = tenant.application("report-1").await.unwrap();
    assert_eq!((report.name.as_str(), report.is_first_party), ("Report", false));
    assert_eq!(report.callbacks, ["https://app.example/callback"]);
    assert_eq!(report.allowed_logout_urls, ["https://app.example/"]);
    assert_eq!(report.web_origins, ["https://app.example"]);
    assert_eq!(report.grant_types.len(), 1);
    let grants = tenant.grants().await.unwrap();
    let grants: Vec<_> = grants.iter().map(|g| (g.audience.as_str(), g.scopes.len())).collect();
    assert_eq!(grants, [("messages", 1), ("reports", 0)]);

    let alice = tenant.user("alice@example.com").await.unwrap();
    assert_eq!((alice.name.as_str(), alice.email_verified), ("Alice", true));
    assert_eq!(tenant.user_roles(&alice.user_id).await.unwrap()[0].description, "May read");
    let held = tenant.user_permissions(&alice.user_id).await.unwrap();
    let held: Vec<_> = held.iter().map(|h| (h.value.as_str(), h.direct)).collect();
    assert_eq!(held, [("read:messages", false), ("read:reports", true)]);
}

#[tokio::test]
async fn run_again_it_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for expected in [[8, 0, 0], [0, 0, 8], [0, 0, 8]] {
        let tenant = Tenant::open("http://localhost:3011/", folder.path()).await.unwrap();
        assert_eq!(counts(&tenant, SEED).await, expected);
        tenant.close().await;
    }
}

#[tokio::test]
async fn what_differs_is_brought_up_to_date() {
    let tenant = tenant().await;
    counts(&tenant, SEED).await;
    for (from, to) in [
        ("\"Messages\"", "\"Letters\""),
        ("= 600", "= 601"),
        ("\"Read\"", "\"Read them\""),
        ("\"Read\"", "\"Read\", \"drop:messages\" = \"\""),
        ("sixteen-characters", "other-sixteen-characters"),
        ("is_first_party = false", "is_first_party = true"),
        ("https://app.example/callback", "https://app.example/back"),
        ("\"Alice\"", "\"Alice Liddell\""),
        ("correct horse", "battery staple"),
        ("description = \"May read\"", "description = \"May look\""),
        ("scopes = [\"read:messages\"]", "scopes = [\"write:messages\"]"),
    ] {
        let changed = SEED.replacen(from, to, 1);
        assert_ne!(changed, SEED);
        assert_eq!(counts(&tenant, &changed).await, [0, 1, 7], "{to}");
        assert_eq!(counts(&tenant, &changed).await, [0, 0, 8], "{to}");
        // Permissions and scopes are added and never taken away, so that they differ no more.
        counts(&tenant, SEED).await;
        assert_eq!(counts(&tenant, SEED).await, [0, 0, 8], "{to}");
    }
    let grant = &tenant.grants().await.unwrap()[0];
    assert_eq!(grant.scopes, ["read:messages", "write:messages"]);
    assert_eq!(tenant.api("messages").await.unwrap().permissions.len(), 3);
}

#[tokio::test]
async fn what_the_file_leaves_out_stays_as_it_is() {
    let tenant = tenant().await;
    counts(&tenant, SEED).await;
    let short = r#"
        api = [{ identifier = "messages", name = "Messages" }]
        application = [{ name = "Report", app_type = "regular_web" }]
        role = [{ name = "Reader" }]
        user = [{ email = "alice@example.com" }]
        grant = [{ application = "Report", audience = "messages" }]
    "#;
    assert_eq!(counts(&tenant, short).await, [0, 0, 5]);
    assert_eq!(counts(&tenant, SEED).await, [0, 0, 8]);
    assert_eq!(counts(&tenant, "").await, [0, 0, 0]);
}

/// The error about a file, for a tenant that knows an API, a role and two applications of one name.
async fn faults(seed: &str) -> String {
    let tenant = tenant().await;
    tenant.create_api(NewApi::new("Kept", "kept").permission("read:kept", "")).await.unwrap();
    tenant.create_role("Keeper", "").await.unwrap();
    tenant.create_user(NewUser::new("kept@example.com", "correct horse")).await.unwrap();
    let application = |id: &str, app_type| NewApplication::new("Twin", app_type).client_id(id);
    let machine = ApplicationType::NonInteractive;
    tenant.create_application(application("twin-one", machine)).await.unwrap();
    tenant.create_application(application("twin-two", ApplicationType::Spa)).await.unwrap();
    let error = tenant.seed(seed).await.unwrap_err();
    assert_eq!(error.kind(), TenantErrorKind::InvalidSeed);
    assert_eq!(tenant.apis().await.unwrap().len(), 1, "something was written");
    assert_eq!(tenant.applications().await.unwrap().len(), 2, "something was written");
    error.to_string()
}

#[tokio::test]
async fn b066_a_lifetime_that_is_no_number_of_seconds_is_refused() {
    for lifetime in ["'1h30'", "'1,5h'", "' 60'", "'60'", "1.5", "inf", "nan", "1h", "1,5"] {
        let api = format!("[[api]]\nidentifier = 'a'\nname = 'A'\ntoken_lifetime = {lifetime}\n");
        assert!(faults(&api).await.starts_with("line 4"), "{lifetime}");
    }
}

#[tokio::test]
#[rustfmt::skip] // A row a line.
async fn each_fault_is_told_with_its_line_and_its_mend() {
    const API: &str = "[[api]]\nidentifier = 'a'\nname = 'A'\n";
    const APP: &str = "[[application]]\nname = 'A'\napp_type = 'spa'\n";
    const USER: &str = "[[user]]\nemail = 'a@example.com'\npassword = 'correct horse'\n";
    const ROLE: &str = "[[role]]\nname = 'R'\n";
    const GRANT: &str = "[[grant]]\napplication = 'twin-one'\naudience = 'kept'\n";
    for (before, line, expected) in [
        ("", "[[apis]]", "line 1, apis: unknown key; did you mean `api`?"),
        ("", "[api]", "line 1, api: expected a list of tables: [[api]], found a table"),
        ("", "api = [1]", "line 1, [[api]]: expected a table, found a number"),
        ("", "x = ", "line 1: string values must be quoted, expected literal string"),
        (API, "token_lifetim = 1", "line 4, [[api]] token_lifetim: unknown key; did you mean `token_lifetime`?"),
        (API, "token_lifetime = '1'", "line 4, [[api]] token_lifetime: expected a whole number that is not negative, found a string"),
        (API, "token_lifetime = -1", "line 4, [[api]] token_lifetime: expected a whole number that is not negative, found -1"),
        (API, "token_lifetime = 2592001", "line 4, [[api]] token_lifetime: expected a token lifetime of at most 2592000 seconds, found 2592001"),
        (API, "enforce_policies = 'yes'", "line 4, [[api]] enforce_policies: expected true or false, found a string"),
        (API, "signing_algorithm = 'RS25'", "line 4, [[api]] signing_algorithm: unknown value \"RS25\"; did you mean `RS256`?"),
        (API, "token_dialect = 'jwt'", "line 4, [[api]] token_dialect: unknown value \"jwt\"; expected one of `access_token`, `access_token_authz`, `rfc9068_profile`, `rfc9068_profile_authz`"),
        (API, "permissions = { 'a b' = '' }", "line 4, [[api]] permissions \"a b\": expected a permission of 1 to 280 printable ASCII characters without space, quote and backslash, found \"a b\""),
        (API, "permissions = { a = 1 }", "line 4, [[api]] permissions \"a\": expected a string, found a number"),
        (API, "permissions = [{ valuee = 'a' }]", "line 4, [[api]] permissions: expected the key `value`, found none\nline 4, [[api]] permissions valuee: unknown key; did you mean `value`?"),
        (API, "permissions = [{ value = 'a' }, { value = 'a' }]", "line 4, [[api]] permissions value: the permission \"a\" stands twice"),
        (API, "[[api]]\nidentifier = 'a'\nname = 'B'", "line 5, [[api]] identifier: \"a\" stands in line 2 already"),
        ("", "[[api]]", "line 1, [[api]]: expected the key `identifier`, found none\nline 1, [[api]]: expected the key `name`, found none"),
        (APP, "first_party = true", "line 4, [[application]] first_party: unknown key; did you mean `is_first_party`?"),
        (APP, "client_secret = 'sixteen-characters'", "line 4, [[application]] client_secret: an application of the type spa cannot keep a secret; leave the secret out"),
        (APP, "client_id = 'a|b'", "line 4, [[application]] client_id: expected a client id of 8 to 64 letters, digits, - and _, found \"a|b\""),
        (APP, "callbacks = [\n'https://a.example/',\n'a']", "line 6, [[application]] callbacks: expected an absolute URL, found \"a\": relative URL without a base"),
        (APP, "web_origins = ['https://a.example/']", "line 4, [[application]] web_origins: expected the origin \"https://a.example\", found \"https://a.example/\""),
        (APP, "grant_types = ['client_credentials']", "line 4, [[application]] grant_types: an application that cannot keep a secret cannot have the grant type client_credentials"),
        (APP, "grant_types = ['code']", "line 4, [[application]] grant_types: unknown value \"code\"; expected one of `authorization_code`, `refresh_token`, `client_credentials`"),
        (APP, "[[application]]\nname = 'A'\napp_type = 'spa'\nclient_id = 'a-longer-id'", "line 2, [[application]] name: several applications are called \"A\"; say `client_id` too"),
        ("", "[[application]]\nname = 'Twin'\napp_type = 'spa'", "line 2, [[application]] name: 2 applications are called \"Twin\"; say `client_id` too"),
        ("", "[[application]]\nname = 'Twin'\nclient_id = 'twin-one'\napp_type = 'spa'", "line 4, [[application]] app_type: the application is of the type non_interactive, which cannot become spa"),
        (ROLE, "permissions = [{ audience = 'kapt', value = 'x' }]", "line 3, [[role]] permissions audience: there is no API \"kapt\"; did you mean `kept`?"),
        (ROLE, "permissions = [{ audience = 'kept', value = 'read:keep' }]", "line 3, [[role]] permissions value: the API \"kept\" has no permission \"read:keep\"; did you mean `read:kept`?"),
        (USER, "roles = ['Keepr']", "line 4, [[user]] roles: there is no role \"Keepr\"; did you mean `Keeper`?"),
        (USER, "roles = 'Keeper'", "line 4, [[user]] roles: expected a list of strings, found a string"),
        ("", "[[user]]\nemail = 'b@example.com'", "line 1, [[user]]: expected the key `password` for a new user, found none"),
        ("", "[[user]]\nemail = 'b@example.com'\npassword = 's3cret'", "line 3, [[user]] password: expected a password of 8 to 256 bytes, found 6"),
        ("", "[[user]]\nemail = 'b'", "line 2, [[user]] email: expected an email address such as alice@example.com of at most 254 characters, found 1 characters that are none"),
        (GRANT, "scopes = ['read:kep']", "line 4, [[grant]] scopes: the API \"kept\" has no permission \"read:kep\"; did you mean `read:kept`?"),
        (GRANT, GRANT, "line 4, [[grant]]: the grant of this application for this API stands twice"),
        ("", "[[grant]]\napplication = 'Twin'\naudience = 'kept'", "line 2, [[grant]] application: 2 applications are called \"Twin\"; name it by its client id"),
        ("", "[[grant]]\napplication = 'twin_one'\naudience = 'kept'", "line 2, [[grant]] application: there is no application \"twin_one\"; did you mean `twin-one`?"),
    ] {
        assert_eq!(faults(&format!("{before}{line}\n")).await, expected);
    }
}

#[tokio::test]
async fn all_faults_are_told_together_in_the_order_of_the_file() {
    let seed = "[[user]]\nemail = 1\n[[api]]\nn_ame = 'x'\n[[grant]]\naudience = 'x'\n\
        application = 'y'\n";
    assert_eq!(
        faults(seed).await.lines().map(|line| &line[..6]).collect::<Vec<_>>(),
        ["line 2", "line 3", "line 3", "line 4", "line 6", "line 7"]
    );
}

#[tokio::test]
async fn no_fault_tells_a_secret() {
    let secrets = "[[user]]\nemail = 'a@example.com'\npassword = 'hunter2'\n\
        [[application]]\nname = 'A'\napp_type = 'non_interactive'\nclient_secret = 'hunter3'\n\
        [[user]]\nemail = 'b@example.com'\npasword = 'hunter4'\n";
    let faults = faults(secrets).await;
    assert!(!faults.contains("hunter"), "{faults}");
    assert_eq!(faults.lines().count(), 4, "{faults}");
}
