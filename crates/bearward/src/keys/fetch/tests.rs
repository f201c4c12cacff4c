use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use bearward_testkit::TestIssuer;
use reqwest::dns::{Addrs, Name, Resolving};
use tokio::net::TcpListener;

use super::*;
use crate::keys::remote::tests::logged;

mod answers;

/// A name server that answers what it is told to.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<HashMap<String, Vec<IpAddr>>>>);

impl Names {
    fn answer(&self, name: &str, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        lock(&self.0).insert(name.to_owned(), addresses);
    }

    fn forget(&self, name: &str) {
        lock(&self.0).remove(name);
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let found = lock(&self.0).get(name.as_str()).cloned();
        Box::pin(async move {
            let found = found.ok_or("no such name")?;
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}

fn fetcher(issuer: &Issuer, names: &Names) -> Fetcher {
    Fetcher::with_names(issuer, Arc::new(names.clone())).unwrap()
}

/// Pretends that the metadata came from an address of this class and named this address.
fn led(fetcher: &Fetcher, from: AddressClass, uri: &str) {
    let Location::Discovery(discovery) = &fetcher.location else { panic!("not by discovery") };
    *lock(&discovery.from) = from;
    *lock(&discovery.found) = Some(Url::parse(uri).unwrap());
}

async fn error(fetcher: &Fetcher) -> String {
    fetcher.fetch(None).await.unwrap_err().to_string()
}

#[test]
fn metadata_is_looked_for_at_both_places_of_the_issuers_host() {
    for (issuer, oidc, rfc8414) in [
        (
            "https://a.example/",
            "https://a.example/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server",
        ),
        (
            "https://a.example/realms/one",
            "https://a.example/realms/one/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server/realms/one",
        ),
    ] {
        let found = metadata_addresses(&Url::parse(issuer).unwrap());
        let found: Vec<&str> = found.iter().map(Url::as_str).collect();
        assert_eq!(found, [oidc, rfc8414]);
    }
}

#[tokio::test]
async fn b114_metadata_of_a_public_issuer_leads_to_no_internal_address() {
    let names = Names::default();
    let fetcher = fetcher(&Issuer::new("https://issuer.example/").unwrap(), &names);
    for (address, class) in [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("169.254.169.254", "link-local"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.100.100.200", "private"),
        ("fd00::1", "private"),
        ("fe80::1", "link-local"),
        ("64:ff9b::a00:1", "private"),
        ("224.0.0.1", "reserved"),
    ] {
        let expected = format!(
            "at {address}, {class}; expected no more internal than where it came from, public; \
             configure jwks_uri if this is meant"
        );
        // By a name, which a resolver answers, and as a literal, which it is not asked for.
        names.answer("keys.example", &[address]);
        led(&fetcher, AddressClass::Public, "https://keys.example/jwks");
        let refused = error(&fetcher).await;
        assert!(refused.contains("GET https://keys.example/jwks: "), "{refused}");
        let ended = format!("the metadata leads to keys.example {expected}");
        assert!(refused.ends_with(&ended), "{refused}");

        let literal = address.parse::<IpAddr>().unwrap();
        let host = if literal.is_ipv6() { format!("[{literal}]") } else { literal.to_string() };
        led(&fetcher, AddressClass::Public, &format!("https://{host}/jwks"));
        let refused = error(&fetcher).await;
        assert!(refused.contains(&expected), "{refused}");
    }
}

#[tokio::test]
async fn rs_62_a_private_issuer_may_lead_to_its_own_network_and_not_to_the_machine() {
    let names = Names::default();
    let fetcher = fetcher(&Issuer::new("https://issuer.example/").unwrap(), &names);
    for address in ["169.254.169.254", "127.0.0.1"] {
        names.answer("keys.example", &[address]);
        led(&fetcher, AddressClass::Private, "https://keys.example/jwks");
        let refused = error(&fetcher).await;
        assert!(refused.contains("expected no more internal"), "{refused}");
    }
    let Location::Discovery(discovery) = &fetcher.location else { panic!("not by discovery") };
    *lock(&discovery.from) = AddressClass::Private;
    let reach = Reach::LedTo(Arc::clone(&discovery.from));
    assert!(reach.check("keys.example", "10.0.0.1".parse().unwrap()).is_ok());
    assert!(reach.check("keys.example", "8.8.8.8".parse().unwrap()).is_ok());
}

#[tokio::test]
async fn only_the_allowed_ones_of_a_names_addresses_are_connected_to() {
    let names: Arc<dyn Resolve> = {
        let names = Names::default();
        names.answer("keys.example", &["10.0.0.1", "8.8.8.8", "127.0.0.1", "2606:4700::1"]);
        Arc::new(names)
    };
    let from = Arc::new(Mutex::new(AddressClass::Public));
    let resolver = crate::keys::reach::Resolver { names, reach: Reach::LedTo(from) };
    let found = resolver.resolve("keys.example".parse().unwrap()).await.unwrap();
    let found: Vec<String> = found.map(|address| address.ip().to_string()).collect();
    assert_eq!(found, ["8.8.8.8", "2606:4700::1"]);
}

#[tokio::test]
async fn metadata_from_this_machine_may_lead_to_this_machine() {
    let issuer = TestIssuer::start().await;
    let fetcher = Fetcher::new(&Issuer::new(issuer.identifier()).unwrap()).unwrap();
    assert_eq!(fetcher.fetch(None).await.unwrap().set.unwrap().set.usable(), 1);
    let Location::Discovery(discovery) = &fetcher.location else { panic!("not by discovery") };
    assert_eq!(*lock(&discovery.from), AddressClass::Loopback);
}

#[tokio::test]
async fn what_is_configured_is_trusted_wherever_it_is() {
    let issuer = TestIssuer::start().await;
    let names = Names::default();
    let uri = format!("{}jwks", issuer.identifier());
    let configured = Issuer::new("https://issuer.example/").unwrap().jwks_uri(&uri).unwrap();
    assert_eq!(
        fetcher(&configured, &names).fetch(None).await.unwrap().set.unwrap().set.usable(),
        1
    );
}

#[tokio::test]
async fn c20_a_name_that_fails_or_leads_elsewhere_is_a_failed_fetch() {
    let issuer = TestIssuer::start().await;
    let names = Names::default();
    names.answer("localhost", &["127.0.0.1"]);
    let uri = format!("{}jwks", issuer.identifier().replace("127.0.0.1", "localhost"));
    let configured = Issuer::new("https://issuer.example/").unwrap().jwks_uri(&uri).unwrap();
    let fetcher = fetcher(&configured, &names);
    assert!(fetcher.fetch(None).await.is_ok());
    names.forget("localhost");
    let failed = error(&fetcher).await;
    assert!(failed.ends_with("no such name"), "{failed}");
    names.answer("localhost", &["10.0.0.1"]);
    let failed = error(&fetcher).await;
    assert!(failed.ends_with("localhost is at 10.0.0.1, private; expected loopback"), "{failed}");
    names.answer("localhost", &["127.0.0.1"]);
    assert!(fetcher.fetch(None).await.is_ok());
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test]
async fn the_metadata_is_asked_each_time_and_the_known_address_where_it_gives_no_answer() {
    let issuer = TestIssuer::start().await;
    let fetcher = Fetcher::new(&Issuer::new(issuer.identifier()).unwrap()).unwrap();
    assert!(fetcher.fetch(None).await.is_ok());
    assert!(fetcher.fetch(None).await.is_ok());
    assert_eq!((issuer.requests(), issuer.key_requests()), (4, 2));
    issuer.hold();
    let fetched = tokio::spawn(async move { fetcher.fetch(None).await });
    // In what the metadata leaves of the 5 s.
    issuer.asked_for_keys(3).await;
    issuer.release();
    assert!(fetched.await.unwrap().is_ok());
    assert_eq!((issuer.requests(), issuer.key_requests()), (6, 3));
}

#[tokio::test]
async fn who_fetches_in_vain_is_told_of_the_metadata_and_of_the_known_address() {
    let issuer = TestIssuer::start().await;
    let fetcher = Fetcher::new(&Issuer::new(issuer.identifier()).unwrap()).unwrap();
    assert!(fetcher.fetch(None).await.is_ok());
    issuer.metadata_text("<html>");
    issuer.answer_keys_with(500, "");
    let failed = error(&fetcher).await;
    assert!(failed.contains("oauth-authorization-server answered with no metadata"), "{failed}");
    assert!(failed.ends_with("jwks: expected status 200, found 500"), "{failed}");
}

#[test]
fn metadata_that_cannot_be_had_is_told_when_it_begins_changes_and_ends() {
    logged(|log| {
        const MISSED: &str =
            "WARN the issuer's metadata cannot be had: the key set it named last is used";
        let fetcher = fetcher(&Issuer::new("https://issuer.example/").unwrap(), &Names::default());
        let Location::Discovery(discovery) = &fetcher.location else { panic!("not by discovery") };
        let told_thrice = |missed: Option<&str>| {
            for _ in 0..3 {
                fetcher.tell(discovery, missed.map(str::to_owned));
            }
            log.take()
        };
        assert!(told_thrice(None).is_empty());
        assert_eq!(told_thrice(Some("status 500")), [MISSED]);
        assert_eq!(told_thrice(Some("no such name")), [MISSED], "another reason");
        assert_eq!(told_thrice(None), ["INFO the issuer's metadata is there again"]);
    });
}

#[tokio::test]
async fn a_page_in_place_of_one_form_of_metadata_hides_no_other() {
    let page = "<html>";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}/", listener.local_addr().unwrap());
    let metadata = format!(r#"{{"issuer":"{origin}","jwks_uri":"{origin}jwks"}}"#);
    let set = bearward_testkit::keys::jwks_text(&[bearward_testkit::keys::stranger()]);
    let asked = answers::serve(listener, [page, &metadata, &set].map(answers::ok_with).to_vec());
    let fetcher = Fetcher::new(&Issuer::new(&origin).unwrap()).unwrap();
    assert!(fetcher.fetch(None).await.is_ok());
    let asked = asked.await.unwrap();
    assert!(asked[0].starts_with("get /.well-known/openid-configuration "), "{}", asked[0]);
    assert!(asked[1].starts_with("get /.well-known/oauth-authorization-server "), "{}", asked[1]);
}
