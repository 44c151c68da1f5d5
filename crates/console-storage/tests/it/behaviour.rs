use std::sync::Arc;

use bytes::Bytes;
use console_model::InstanceId;
use console_storage::{Durability, KeyPrefix, ObjectKey, PutMode, PutOptions, StorageError};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tokio::sync::Barrier;

use crate::support::{Fixture, on_both_stores, user};

const NEW: PutOptions = PutOptions::new(PutMode::CreateNew);
const REPLACE: PutOptions = PutOptions::new(PutMode::Replace);

on_both_stores!(
    an_object_comes_back_as_it_was_put,
    an_empty_object_is_an_object,
    an_existing_object_is_replaced_only_on_request,
    of_many_creators_one_wins,
    ranges_are_cut_at_the_end,
    limit_and_digest_are_kept,
    users_objects_are_listed_in_pages,
    own_areas_are_listed_and_removed_apart,
    odd_names_are_names,
    the_store_is_ready,
);

async fn an_object_comes_back_as_it_was_put(f: Fixture) {
    let key = user("data.csv");
    let put = f
        .store
        .put_bytes(&key, Bytes::from_static(b"a,b\n1,2\n"), NEW)
        .await
        .unwrap();
    assert_eq!((put.size, &put.key), (8, &key));
    assert_eq!(put.sha256, Some(Sha256::digest(b"a,b\n1,2\n").into()));
    assert_eq!(f.store.get_bytes(&key, 8).await.unwrap(), "a,b\n1,2\n");
    assert!(matches!(
        f.store.get_bytes(&key, 7).await,
        Err(StorageError::TooLarge { limit: 7 })
    ));

    let head = f.store.head(&key).await.unwrap();
    assert_eq!(head.size, 8);
    let age = chrono::Utc::now() - head.modified.unwrap();
    assert!(age.abs() < chrono::TimeDelta::seconds(60), "{age}");

    f.store.delete(&key).await.unwrap();
    f.store.delete(&key).await.unwrap();
    assert!(matches!(
        f.store.head(&key).await,
        Err(StorageError::NotFound { .. })
    ));
    assert!(matches!(
        f.store.get(&key, None).await,
        Err(StorageError::NotFound { .. })
    ));
    assert!(matches!(
        f.store.get(&key, Some(0..1)).await,
        Err(StorageError::NotFound { .. })
    ));
}

async fn an_empty_object_is_an_object(f: Fixture) {
    let key = user("empty");
    assert_eq!(f.store.put_bytes(&key, Bytes::new(), NEW).await.unwrap().size, 0);
    assert_eq!(f.store.head(&key).await.unwrap().size, 0);
    assert_eq!(f.store.get_bytes(&key, 0).await.unwrap(), "");
}

async fn an_existing_object_is_replaced_only_on_request(f: Fixture) {
    for size in [10, 9 * 1024 * 1024] {
        let key = user(&format!("object-{size}"));
        let content = |byte: u8| Bytes::from(vec![byte; size]);
        f.store.put_bytes(&key, content(1), NEW).await.unwrap();
        let refused = f.store.put_bytes(&key, content(2), NEW).await.unwrap_err();
        assert!(
            matches!(refused, StorageError::AlreadyExists { .. }),
            "{refused:?}"
        );
        assert_eq!(f.store.get_bytes(&key, u64::MAX).await.unwrap(), content(1));
        f.store.put_bytes(&key, content(3), REPLACE).await.unwrap();
        assert_eq!(f.store.get_bytes(&key, u64::MAX).await.unwrap(), content(3));
    }
    assert_eq!(f.leftovers(), 0);
}

async fn of_many_creators_one_wins(f: Fixture) {
    let key = user("contested");
    let barrier = Arc::new(Barrier::new(8));
    let tasks: Vec<_> = (0..8u8)
        .map(|number| {
            let (store, key, barrier) = (f.store.clone(), key.clone(), Arc::clone(&barrier));
            tokio::spawn(async move {
                // All have looked for the object before one of them writes it.
                let content = futures_util::stream::once(async move {
                    barrier.wait().await;
                    Ok(Bytes::from(vec![number; 100]))
                });
                (number, store.put(&key, content, NEW).await)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(_)) => winners.push(number),
            (_, Err(error)) => assert!(matches!(error, StorageError::AlreadyExists { .. }), "{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(f.store.get_bytes(&key, 100).await.unwrap(), vec![winners[0]; 100]);
    assert_eq!(f.leftovers(), 0);
}

async fn ranges_are_cut_at_the_end(f: Fixture) {
    let key = user("digits");
    f.store
        .put_bytes(&key, Bytes::from_static(b"0123456789"), NEW)
        .await
        .unwrap();
    for (range, expected) in [(0..1, "0"), (3..7, "3456"), (0..10, "0123456789"), (8..100, "89")] {
        let (info, content) = f.store.get(&key, Some(range.clone())).await.unwrap();
        assert_eq!(info.size, 10);
        let bytes: Vec<Bytes> = content.try_collect().await.unwrap();
        assert_eq!(bytes.concat(), expected.as_bytes(), "{range:?}");
    }
    for range in [10..11, 4..4, u64::MAX - 1..u64::MAX] {
        let refused = f.store.get(&key, Some(range)).await.err();
        assert!(
            matches!(refused, Some(StorageError::InvalidRange { size: 10 })),
            "{refused:?}"
        );
    }
}

async fn limit_and_digest_are_kept(f: Fixture) {
    let key = user("checked");
    for size in [100, 9 * 1024 * 1024] {
        let content = Bytes::from(vec![7; size]);
        let small = NEW.limit(size as u64 - 1);
        let refused = f.store.put_bytes(&key, content.clone(), small).await.unwrap_err();
        assert!(matches!(refused, StorageError::TooLarge { .. }), "{refused:?}");
        let other = NEW.sha256(Sha256::digest(b"other").into());
        let refused = f.store.put_bytes(&key, content.clone(), other).await.unwrap_err();
        assert!(
            matches!(refused, StorageError::ChecksumMismatch { .. }),
            "{refused:?}"
        );
        assert!(matches!(
            f.store.head(&key).await,
            Err(StorageError::NotFound { .. })
        ));
        assert_eq!(f.leftovers(), 0);

        let good = NEW.limit(size as u64).sha256(Sha256::digest(&content).into());
        f.store.put_bytes(&key, content, good).await.unwrap();
        f.store.delete(&key).await.unwrap();
    }
}

async fn users_objects_are_listed_in_pages(f: Fixture) {
    let mut names: Vec<_> = (0..25).map(|i| format!("file-{i}")).collect();
    names.extend(["!first", "Upper", "zzz", "ünlaut"].map(str::to_owned));
    for name in &names {
        f.store
            .put_bytes(&user(name), Bytes::from(name.clone()), NEW)
            .await
            .unwrap();
    }
    let id = InstanceId::generate();
    f.store
        .put_bytes(&ObjectKey::channel(&id, 1, 0), Bytes::from_static(b"x"), NEW)
        .await
        .unwrap();
    names.sort();

    let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = f.store.list_user(after.as_ref(), 10).await.unwrap();
        assert!(page.objects.len() <= 10);
        pages += 1;
        after = page.objects.last().map(|object| object.key.clone());
        for object in page.objects {
            assert_eq!(object.size, object.key.as_str().len() as u64);
            assert!(object.modified.is_some());
            seen.push(object.key.to_string());
        }
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, names);
    assert_eq!(pages, 3);
}

async fn own_areas_are_listed_and_removed_apart(f: Fixture) {
    let (one, two) = (InstanceId::generate(), InstanceId::generate());
    let message = NEW.durability(Durability::Process);
    let byte = || Bytes::from_static(b"x");
    for seq in 0..12 {
        f.store
            .put_bytes(&ObjectKey::channel(&one, 1, seq), byte(), message.clone())
            .await
            .unwrap();
    }
    let others = [
        ObjectKey::channel(&one, 12, 3),
        ObjectKey::channel(&two, 1, 3),
        ObjectKey::log_chunk(&one, 1, 0),
        ObjectKey::scratch(&one, 1, "state").unwrap(),
        user("mine"),
    ];
    for key in &others {
        f.store.put_bytes(key, byte(), NEW).await.unwrap();
    }

    let prefix = KeyPrefix::channel(&one, 1);
    let page = f.store.list(&prefix, None, 5).await.unwrap();
    let keys: Vec<_> = page.objects.into_iter().map(|object| object.key).collect();
    assert_eq!(
        keys,
        (0..5)
            .map(|seq| ObjectKey::channel(&one, 1, seq))
            .collect::<Vec<_>>()
    );
    assert!(page.more);
    let page = f
        .store
        .list(&prefix, Some(&ObjectKey::channel(&one, 1, 9)), 5)
        .await
        .unwrap();
    assert_eq!((page.objects.len(), page.more), (2, false));

    for _ in 0..2 {
        f.store.delete_prefix(&prefix).await.unwrap();
        assert_eq!(
            f.store.list(&prefix, None, 5).await.unwrap(),
            console_storage::ListPage::default()
        );
    }
    for key in &others {
        f.store.head(key).await.unwrap();
    }
    f.store
        .put_bytes(&ObjectKey::channel(&one, 1, 0), byte(), message)
        .await
        .unwrap();
    f.store.delete_prefix(&KeyPrefix::channels(&one)).await.unwrap();
    assert!(matches!(
        f.store.head(&others[0]).await,
        Err(StorageError::NotFound { .. })
    ));
    f.store.head(&others[1]).await.unwrap();
}

async fn odd_names_are_names(f: Fixture) {
    let mut names = vec![
        "%41",
        "A",
        "a",
        "a%2Fb",
        "a+b",
        "a b",
        " a ",
        "a&b<c>",
        "a#b",
        "a?b=c",
        "'a'\"b\"",
        "a.",
        "café.csv",
        "cafe\u{301}.csv",
        "数据.csv",
        "🦀",
        "%",
        "a:b",
        "*",
        "~",
        "con",
        "a;b,c=d@e!$()[]{}^`|",
        "x:y/c",
        "folder/part of it/data.csv",
    ];
    for name in &names {
        f.store
            .put_bytes(&user(name), Bytes::from(name.to_string()), NEW)
            .await
            .unwrap();
    }
    names.sort_unstable();
    let page = f.store.list_user(None, 100).await.unwrap();
    let listed: Vec<_> = page.objects.iter().map(|object| object.key.as_str()).collect();
    assert_eq!(listed, names);
    for name in names {
        let key = user(name);
        assert_eq!(f.store.get_bytes(&key, 100).await.unwrap(), name);
        assert_eq!(f.store.key_of_uri(&f.store.uri_of(&key)).unwrap(), key);
        f.store.delete(&key).await.unwrap();
    }
    assert!(f.store.list_user(None, 100).await.unwrap().objects.is_empty());
}

async fn the_store_is_ready(f: Fixture) {
    f.store.check().await.unwrap();
    assert_eq!(f.leftovers(), 0);
}
