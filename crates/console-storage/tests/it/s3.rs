use std::path::Path;

use bytes::Bytes;
use console_model::ErrorKind;
use console_storage::{ObjectStore, PutMode, PutOptions, Secret, StorageError};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{Fixture, Server, user};

const NEW: PutOptions = PutOptions::new(PutMode::CreateNew);

#[tokio::test]
async fn a_wrong_secret_is_refused_and_not_told() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(dir.path()).await;
    let mut config = server.config();
    config.s3.secret_key = Secret::new("guessed-secret");
    let error = ObjectStore::open(&config).await.unwrap_err();
    assert!(matches!(error, StorageError::Denied { .. }), "{error:?}");
    assert!(!error.is_retryable());
    let said = format!("{error:?} {config:?}");
    assert!(said.contains("SignatureDoesNotMatch"), "{said}");
    assert!(!said.contains("guessed-secret"), "{said}");
    assert!(!dir.path().join("alifl").exists());
}

#[tokio::test]
async fn the_bucket_is_made_only_when_configured() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(dir.path()).await;
    let mut config = server.config();
    config.s3.create_bucket = false;
    let error = ObjectStore::open(&config).await.unwrap_err();
    assert!(matches!(error, StorageError::NoBucket { .. }), "{error:?}");
    config.s3.create_bucket = true;
    ObjectStore::open(&config).await.unwrap();
    assert!(dir.path().join("alifl").is_dir());
    config.s3.create_bucket = false;
    ObjectStore::open(&config).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_and_used_when_it_comes() {
    let dir = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = Server::start(dir.path()).await.config();
    config.s3.endpoint = format!("http://{}", listener.local_addr().unwrap());
    config.s3.timeout_seconds = 1;
    // It takes connections but never answers.
    let store = ObjectStore::open(&config).await.unwrap();
    let silent = store.get(&user("a"), None).await.err().unwrap();
    drop(listener);
    let refused = store
        .put_bytes(&user("a"), Bytes::from_static(b"x"), NEW)
        .await
        .unwrap_err();
    for error in [silent, refused] {
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
    let error = store.check().await.unwrap_err();
    assert!(error.to_string().contains(&config.s3.endpoint), "{error}");
}

#[tokio::test]
async fn objects_lie_where_the_original_has_them() {
    let f = Fixture::s3().await;
    f.store
        .put_bytes(&user("data.csv"), Bytes::from_static(b"x"), NEW)
        .await
        .unwrap();
    assert_eq!(
        std::fs::read(f.dir.path().join(Path::new("alifl/data.csv"))).unwrap(),
        b"x"
    );
    let uri = f.store.uri_of(&user("data.csv"));
    assert_eq!(
        uri,
        format!("{}/alifl/data.csv", f.server.unwrap().config().s3.endpoint)
    );
}
