//! A secure connection to a partner with an authority of its own. The certificates are for tests only.

use std::sync::Arc;

use console_model::ProjectId;
use console_peer::address::PartnerAddress;
use console_peer::client::{CallOptions, Hop, Partner, PeerError, Speaks};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::server::{client, client_with, read};

const AUTHORITY: &[u8] = include_bytes!("../tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("../tls/localhost.pem");
const KEY: &[u8] = include_bytes!("../tls/localhost.key");

async fn secure_server() -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = CertificateDer::pem_slice_iter(CERTIFICATE)
        .map(Result::unwrap)
        .collect();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            read(&mut stream).await.unwrap();
            let body = r#"{"data":{"project_id":"x"},"http_code":200,"message":null,"rsp_code":0}"#;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_is_accepted_from_a_configured_authority_only() {
    let port = secure_server().await;
    let address = PartnerAddress::parse(&format!("https://localhost:{port}")).unwrap();
    let partner = Partner {
        address,
        speaks: Speaks::Base,
    };
    let options = CallOptions::default();

    let error = client()
        .project_check(&partner, &options, &ProjectId::generate())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PeerError::Unreachable { hop: Hop::Tls, .. }),
        "{error:?}"
    );

    let trusting = client_with(|config| config.extra_roots_pem = vec![AUTHORITY.to_vec()]);
    let answer = trusting
        .project_check(&partner, &options, &ProjectId::generate())
        .await
        .unwrap();
    assert_eq!(answer.project_id.as_str(), "x");

    // The name is checked as well: the certificate is for localhost, not for its address.
    let address = PartnerAddress::parse(&format!("https://127.0.0.1:{port}")).unwrap();
    let partner = Partner {
        address,
        speaks: Speaks::Base,
    };
    let error = trusting
        .project_check(&partner, &options, &ProjectId::generate())
        .await
        .unwrap_err();
    assert!(
        matches!(error, PeerError::Unreachable { hop: Hop::Tls, .. }),
        "{error:?}"
    );
}
