//! A put that does not come to its end leaves nothing, and what was there before stays.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use console_storage::{ObjectKey, ObjectStore, PutMode, PutOptions, StorageError};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Notify;

use crate::support::{Fixture, on_both_stores, user};

/// In MiB: under one part on S3, over one, and over two.
const LENGTHS: [usize; 3] = [1, 9, 20];

on_both_stores!(a_sender_that_fails_leaves_nothing, a_dropped_put_leaves_nothing);

fn mebibytes(count: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::repeat_with(|| Ok(Bytes::from(vec![5; 1024 * 1024]))).take(count)
}

async fn assert_old_content(store: &ObjectStore, old: &ObjectKey, new: &ObjectKey) {
    assert!(matches!(
        store.head(new).await,
        Err(StorageError::NotFound { .. })
    ));
    assert_eq!(store.get_bytes(old, 10).await.unwrap(), "old");
    assert_eq!(store.list_user(None, 10).await.unwrap().objects.len(), 1);
}

async fn a_sender_that_fails_leaves_nothing(f: Fixture) {
    let (old, new) = (user("old"), user("new"));
    f.store
        .put_bytes(
            &old,
            Bytes::from_static(b"old"),
            PutOptions::new(PutMode::CreateNew),
        )
        .await
        .unwrap();
    for length in LENGTHS {
        for (key, mode) in [(&new, PutMode::CreateNew), (&old, PutMode::Replace)] {
            let broken =
                mebibytes(length).chain(stream::once(async { Err(io::ErrorKind::BrokenPipe.into()) }));
            let error = f.store.put(key, broken, PutOptions::new(mode)).await.unwrap_err();
            assert!(matches!(error, StorageError::Input(_)), "{error:?}");
            assert_eq!(f.leftovers(), 0);
            assert_old_content(&f.store, &old, &new).await;
        }
    }
}

async fn a_dropped_put_leaves_nothing(f: Fixture) {
    let (old, new) = (user("old"), user("new"));
    f.store
        .put_bytes(
            &old,
            Bytes::from_static(b"old"),
            PutOptions::new(PutMode::CreateNew),
        )
        .await
        .unwrap();
    for length in LENGTHS {
        let (store, key, stalled) = (f.store.clone(), new.clone(), Arc::new(Notify::new()));
        let signal = Arc::clone(&stalled);
        let task = tokio::spawn(async move {
            let stall = stream::once(async move {
                signal.notify_one();
                std::future::pending().await
            });
            store
                .put(
                    &key,
                    mebibytes(length).chain(stall),
                    PutOptions::new(PutMode::CreateNew),
                )
                .await
        });
        stalled.notified().await;
        // The first part of a multipart upload lies on the server by now; below that S3 was told nothing yet.
        assert_eq!(f.leftovers() > 0, f.server.is_none() || length > 8);
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        f.wait_for_no_leftovers().await;
        assert_old_content(&f.store, &old, &new).await;
    }
}
