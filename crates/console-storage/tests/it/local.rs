use std::fs::File;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use console_storage::{ObjectKey, ObjectStore, PutMode, PutOptions, StorageError};

use crate::support::{Fixture, local_config, user};

const NEW: PutOptions = PutOptions::new(PutMode::CreateNew);

#[tokio::test]
async fn a_key_may_start_another() {
    let f = Fixture::local().await;
    let keys = ["a", "a/b", "a/b/c", "a+", "A", "a~"].map(|key| ObjectKey::parse(key).unwrap());
    for key in &keys {
        f.store
            .put_bytes(key, Bytes::from(key.to_string()), NEW)
            .await
            .unwrap();
    }
    for key in &keys {
        assert_eq!(f.store.get_bytes(key, 10).await.unwrap(), key.to_string());
        f.store.delete(key).await.unwrap();
        assert!(f.store.head(key).await.is_err());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_reads_what_is_stored() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::TempDir::new().unwrap();
    let store = ObjectStore::open(&local_config(&dir.path().join("store")))
        .await
        .unwrap();
    let key = ObjectKey::parse("a/b").unwrap();
    store
        .put_bytes(&key, Bytes::from_static(b"x"), NEW)
        .await
        .unwrap();
    let mut open = vec![dir.path().join("store")];
    let mut seen = 0;
    while let Some(path) = open.pop() {
        let metadata = std::fs::metadata(&path).unwrap();
        let mode = metadata.permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has the mode {mode:o}", path.display());
        seen += 1;
        if metadata.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[tokio::test]
async fn the_longest_names_are_stored_and_listed() {
    let f = Fixture::local().await;
    let names = [
        "a".repeat(200),
        "语".repeat(66),
        "é".repeat(100),
        format!("{}/", "é".repeat(99)).replace('/', "z"),
    ];
    for name in &names {
        f.store
            .put_bytes(&user(name), Bytes::from(name.clone()), NEW)
            .await
            .unwrap();
    }
    let mut sorted = names.to_vec();
    sorted.sort();
    let page = f.store.list_user(None, 10).await.unwrap();
    assert_eq!(
        page.objects
            .iter()
            .map(|object| object.key.to_string())
            .collect::<Vec<_>>(),
        sorted
    );
    for name in &names {
        assert_eq!(f.store.get_bytes(&user(name), 1000).await.unwrap(), name);
    }
}

#[tokio::test]
async fn stale_temporary_files_go_at_the_start() {
    let f = Fixture::local().await;
    let [old, young] = ["old", "young"].map(|name| f.dir.path().join(".tmp").join(name));
    let two_days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    File::create(&old).unwrap().set_modified(two_days_ago).unwrap();
    File::create(&young).unwrap();
    f.store
        .put_bytes(&user("kept"), Bytes::from_static(b"x"), NEW)
        .await
        .unwrap();

    let again = ObjectStore::open(&local_config(f.dir.path())).await.unwrap();
    assert!(!old.exists() && young.exists());
    assert_eq!(again.get_bytes(&user("kept"), 1).await.unwrap(), "x");
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("file");
    File::create(&file).unwrap();
    let error = ObjectStore::open(&local_config(&file)).await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
    assert!(!error.is_retryable());

    let f = Fixture::local().await;
    std::fs::remove_dir_all(f.dir.path()).unwrap();
    assert!(f.store.check().await.is_err());
}
