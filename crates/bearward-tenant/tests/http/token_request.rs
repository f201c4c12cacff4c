//! How a token request is read, and what it may ask for.

use serde_json::json;

use crate::served::{GOOD, MESSAGES, SECLUDED, Served, serve};

const GOOD_JSON: &str = r#""grant_type":"client_credentials","client_id":"$id","client_secret":"$secret","audience":"http://localhost:3010""#;

async fn check_form(served: &Served, form: &str, expected: (u16, &str)) {
    let answer = served.post_form(&[], form).await;
    assert_eq!(answer.error(), (expected.0, expected.1.into()), "{form}");
}

async fn check_json(served: &Served, json: &str, expected: (u16, &str)) {
    let answer = served.post_json(&[], json).await;
    assert_eq!(answer.error(), (expected.0, expected.1.into()), "{json}");
}

#[tokio::test]
async fn as_05_repeated_parameters_are_refused() {
    let served = serve().await;
    check_form(&served, GOOD, (200, "")).await;
    for more in
        ["&grant_type=client_credentials", "&scope=a&scope=b", "&x=1&x=2", "&x=&x=", "&%78&x"]
    {
        check_form(&served, &format!("{GOOD}{more}"), (400, "invalid_request")).await;
    }
    check_json(&served, &format!("{{{GOOD_JSON}}}"), (200, "")).await;
    for more in [
        r#""audience":"http://localhost:3010""#,
        r#""audi\u0065nce":"http://localhost:3010""#,
        r#""scope":null,"scope":null"#,
        r#""x":1,"x":{}"#,
    ] {
        let json = format!("{{{GOOD_JSON},{more}}}");
        check_json(&served, &json, (400, "invalid_request")).await;
    }
}

#[tokio::test]
async fn as_06_empty_values_are_absent() {
    let served = serve().await;
    check_form(&served, &format!("{GOOD}&scope=&resource=&client_assertion="), (200, "")).await;
    check_form(&served, &GOOD.replace("$secret", ""), (401, "access_denied")).await;
    check_form(&served, &GOOD.replace("client_credentials", ""), (400, "invalid_request")).await;
    for empty in ["null", r#""""#] {
        let more = r#""scope":EMPTY,"organization":EMPTY"#.replace("EMPTY", empty);
        check_json(&served, &format!("{{{GOOD_JSON},{more}}}"), (200, "")).await;
        let json = GOOD_JSON.replace(r#""http://localhost:3010""#, empty);
        check_json(&served, &format!("{{{json}}}"), (403, "access_denied")).await;
    }
}

#[tokio::test]
async fn as_07_unknown_parameters_are_ignored() {
    let served = serve().await;
    check_form(&served, &format!("{GOOD}&unknown=1&x%00=%0d%0a"), (200, "")).await;
    let more = r#""unknown":{"a":[1,2,{"a":null}]},"y":1e9,"z":true"#;
    check_json(&served, &format!("{{{GOOD_JSON},{more}}}"), (200, "")).await;
}

#[tokio::test]
async fn content_type_parameters_do_not_matter_and_other_types_are_refused() {
    let served = serve().await;
    let json = format!("{{{GOOD_JSON}}}");
    for (content_type, body, status) in [
        ("application/x-www-form-urlencoded; charset=utf-8", GOOD, 200),
        ("APPLICATION/X-WWW-Form-Urlencoded", GOOD, 200),
        ("application/json;charset=UTF-8", json.as_str(), 200),
        ("application/json ; x=y", json.as_str(), 200),
        ("application/jsonp", json.as_str(), 415),
        ("text/plain", GOOD, 415),
        ("multipart/form-data; boundary=a", GOOD, 415),
        ("", GOOD, 415),
    ] {
        let answer = served.post(&format!("Content-Type: {content_type}"), &[], body).await;
        assert_eq!(answer.status, status, "{content_type}");
        if status == 415 {
            assert_eq!(answer.error(), (415, "invalid_request".into()), "{content_type}");
        }
    }
    let answer = served.send("POST /oauth/token", &[], served.fill(GOOD).as_bytes()).await;
    assert_eq!(answer.error(), (415, "invalid_request".into()));
}

#[tokio::test]
async fn malformed_bodies_are_refused() {
    let served = serve().await;
    for json in ["", "{", "[]", "null", "\"a\"", "{}x", "{\"a\":1,}", "{a:1}"] {
        check_json(&served, json, (400, "invalid_request")).await;
    }
    check_json(&served, "{}", (401, "access_denied")).await;
    for value in ["1", "true", "[]", "{}", r#"["read:messages"]"#] {
        let json = format!("{{{GOOD_JSON},\"scope\":{value}}}");
        check_json(&served, &json, (400, "invalid_request")).await;
    }
    for form in ["%ff=1", "a=%ff"] {
        check_form(&served, &format!("{GOOD}&{form}"), (400, "invalid_request")).await;
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    check_json(&served, &deep, (400, "invalid_request")).await;
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused() {
    let served = serve().await;
    let good = served.fill(GOOD);
    for (bytes, expected) in [(65_536, (200, "")), (65_537, (413, "invalid_request"))] {
        let padding = "x".repeat(bytes - good.len() - "&x=".len());
        check_form(&served, &format!("{good}&x={padding}"), expected).await;
    }
}

/// Once the tenant is there, time stands still and leaps to the next timer when everyone waits.
#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let served = serve().await;
    tokio::time::pause();
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let answer = served.send_declaring(100, "POST /oauth/token", &form, b"grant_type=").await;
    assert_eq!(answer.error(), (408, "invalid_request".into()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn other_methods_are_refused_and_told_which_is_allowed() {
    let served = serve().await;
    for (line, allow) in [
        ("GET /oauth/token", "POST"),
        ("PUT /oauth/token", "POST"),
        ("DELETE /oauth/token", "POST"),
        ("POST /.well-known/jwks.json", "GET,HEAD"),
        ("POST /.well-known/openid-configuration", "GET,HEAD"),
        ("POST /.well-known/oauth-authorization-server", "GET,HEAD"),
    ] {
        let answer = served.send(line, &[], b"").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{line}");
    }
    let answer = served.send("GET /oauth/token", &[], b"").await;
    assert_eq!(answer.error(), (405, "invalid_request".into()));
}

#[tokio::test]
async fn as_19_nothing_from_the_token_endpoint_is_stored() {
    let served = serve().await;
    let mut answers = vec![served.send("GET /oauth/token", &[], b"").await];
    for form in [
        GOOD.to_owned(),
        GOOD.replace("$secret", "wrong"),
        format!("{GOOD}&a=1&a=1"),
        String::new(),
    ] {
        answers.push(served.post_form(&[], &form).await);
    }
    answers.push(served.post("Content-Type: text/plain", &[], GOOD).await);
    assert_eq!(
        answers.iter().map(|a| a.status).collect::<Vec<_>>(),
        [405, 200, 401, 400, 401, 415]
    );
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.status);
        assert_eq!(answer.header("pragma"), Some("no-cache"), "{}", answer.status);
    }
}

#[tokio::test]
async fn as_28_other_grant_types_are_refused_passwords_too() {
    let served = serve().await;
    for (grant_type, description) in [
        ("password", "Unsupported grant type: password"),
        ("Client_Credentials", "Unsupported grant type: Client_Credentials"),
        ("%22%3Cb%3E%0A%C3%A9", "Unsupported grant type: ?<b>??"),
    ] {
        let answer = served.post_form(&[], &GOOD.replace("client_credentials", grant_type)).await;
        let expected =
            json!({ "error": "unsupported_grant_type", "error_description": description });
        assert_eq!((answer.status, answer.json()), (400, expected));
    }
}

#[tokio::test]
async fn as_33_the_audience_is_named_known_and_granted() {
    let served = serve().await;
    let asked = "grant_type=client_credentials&client_id=$id&client_secret=$secret";
    let secluded = SECLUDED.replace('&', "%26");
    let no_grant = served.fill(&format!(
        "Client \"$id\" is not authorized to access resource server \"{SECLUDED}\". You need to \
         create a \"client-grant\" associated to this API."
    ));
    let target = "the resource is unknown, or is not the audience";
    for (more, status, error, description) in [
        (
            String::new(),
            403,
            "access_denied",
            "No audience parameter was provided, and no default audience has been configured",
        ),
        (
            "&audience=https://unknown.example".into(),
            403,
            "access_denied",
            "Service not enabled within domain: https://unknown.example",
        ),
        (
            format!("&audience={MESSAGES}/"),
            403,
            "access_denied",
            "Service not enabled within domain: http://localhost:3010/",
        ),
        (format!("&audience={secluded}"), 403, "access_denied", no_grant.as_str()),
        (format!("&resource={secluded}"), 403, "access_denied", no_grant.as_str()),
        ("&resource=https://unknown.example".into(), 400, "invalid_target", target),
        (format!("&audience={MESSAGES}&resource={secluded}"), 400, "invalid_target", target),
    ] {
        let answer = served.post_form(&[], &format!("{asked}{more}")).await;
        let expected = json!({ "error": error, "error_description": description });
        assert_eq!((answer.status, answer.json()), (status, expected), "{more}");
    }
    for more in [
        format!("&audience={MESSAGES}"),
        format!("&resource={MESSAGES}"),
        format!("&audience={MESSAGES}&resource={MESSAGES}"),
    ] {
        check_form(&served, &format!("{asked}{more}"), (200, "")).await;
    }
}

#[tokio::test]
async fn scopes_are_those_asked_for_or_all_that_were_granted() {
    let served = serve().await;
    for (more, scope) in [
        ("", "read:messages write:messages"),
        ("&scope=", "read:messages write:messages"),
        ("&scope=+", "read:messages write:messages"),
        ("&scope=write:messages", "write:messages"),
        ("&scope=write:messages+read:messages", "read:messages write:messages"),
    ] {
        let answer = served.post_form(&[], &format!("{GOOD}{more}")).await;
        assert_eq!((answer.status, &answer.json()["scope"]), (200, &json!(scope)), "{more}");
    }
}

#[tokio::test]
async fn scopes_that_were_not_granted_refuse_the_request() {
    let served = serve().await;
    for (scope, status, error, description) in [
        (
            "delete:messages",
            403,
            "access_denied",
            "Client has not been granted scopes: delete:messages",
        ),
        (
            "read:messages+openid+Read:messages",
            403,
            "access_denied",
            "Client has not been granted scopes: openid, Read:messages",
        ),
        ("read:messages+%22", 400, "invalid_scope", "the scope is malformed"),
        ("read:messages%09write:messages", 400, "invalid_scope", "the scope is malformed"),
    ] {
        let answer = served.post_form(&[], &format!("{GOOD}&scope={scope}")).await;
        let expected = json!({ "error": error, "error_description": description });
        assert_eq!((answer.status, answer.json()), (status, expected), "{scope}");
    }
}
