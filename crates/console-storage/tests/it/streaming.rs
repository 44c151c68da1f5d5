//! Large objects go through in memory that does not depend on their size.

use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use console_storage::{PutMode, PutOptions};
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::support::{Fixture, MIB, on_both_stores, user};

const SIZE: u64 = 64 * MIB;
const CHUNK: u64 = 64 * 1024;

on_both_stores!(a_large_object_goes_up_and_down_in_bounded_memory);

/// Chunk `number` of a content in which no two chunks are equal.
fn chunk(number: u64) -> Bytes {
    let mut bytes = vec![number as u8; CHUNK as usize];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Bytes::from(bytes)
}

async fn a_large_object_goes_up_and_down_in_bounded_memory(f: Fixture) {
    let key = user("large");
    let (before, mut produced, mut most, mut seen) = (f.arrived(), 0, 0, 0);
    let mut expected = Sha256::new();
    let content = stream::iter(0..SIZE / CHUNK).map(|number| {
        // Everything produced, and not yet in the file or through the socket, is in our memory.
        seen = f.arrived() - before;
        most = most.max(u64::saturating_sub(produced, seen));
        produced += CHUNK;
        let bytes = chunk(number);
        expected.update(&bytes);
        io::Result::Ok(bytes)
    });
    let info = f
        .store
        .put(&key, content, PutOptions::new(PutMode::CreateNew))
        .await
        .unwrap();
    let expected: [u8; 32] = expected.finalize().into();
    assert_eq!((info.size, info.sha256), (SIZE, Some(expected)));
    let bound = if f.server.is_some() { 9 * MIB } else { 4 * MIB };
    assert!(most <= bound, "{most} bytes were held");
    assert!((1..=SIZE).contains(&seen), "the measure saw {seen} bytes");
    assert_eq!(f.leftovers(), 0);

    let sent = || {
        f.server
            .as_ref()
            .map_or(0, |server| server.sent.load(Ordering::SeqCst))
    };
    let before = sent();
    let (info, mut content) = f.store.get(&key, None).await.unwrap();
    assert_eq!(info.size, SIZE);
    let (mut consumed, mut found) = (0, Sha256::new());
    while let Some(bytes) = content.next().await {
        let bytes = bytes.unwrap();
        assert!(bytes.len() as u64 <= MIB, "a chunk of {} bytes", bytes.len());
        if consumed == 0 {
            // A slow reader: the server now sends as much as anybody is willing to hold.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        consumed += bytes.len() as u64;
        found.update(&bytes);
        // The kernel's socket buffers hold up to some 10 MiB, we nearly nothing.
        let held = (sent() - before).saturating_sub(consumed);
        assert!(held < SIZE / 2, "{held} bytes were sent but not read");
    }
    assert_eq!((consumed, <[u8; 32]>::from(found.finalize())), (SIZE, expected));
}
