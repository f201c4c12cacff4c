//! A TLS client that trusts what it is given and nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

pub(crate) type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// A connection to `https://localhost:PORT`, to a server that is called `name`, after its
/// handshake. The error is what the client found wrong.
pub(crate) fn connect(address: &str, name: &str, ca_pem: &str) -> Result<TlsStream, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = TcpStream::connect(address.trim_start_matches("https://")).unwrap();
    // Half the time that the server gives a silent client: nobody waits for one of those.
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    connection.complete_io(&mut socket).map_err(|error| error.to_string())?;
    Ok(StreamOwned::new(connection, socket))
}

/// What a server answers to `GET path`.
pub(crate) fn get(address: &str, path: &str, ca_pem: &str) -> Result<String, String> {
    get_as("localhost", address, path, ca_pem)
}

/// The same, from a client that calls the server by another name.
pub(crate) fn get_as(
    host: &str,
    address: &str,
    path: &str,
    ca_pem: &str,
) -> Result<String, String> {
    let mut stream = connect(address, "localhost", ca_pem)?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    Ok(answer)
}
