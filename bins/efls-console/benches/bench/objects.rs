//! Files up and down, beside the object store alone and plain files.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;
use console_storage::{LocalConfig, ObjectKey, ObjectName, ObjectStore, PutMode, PutOptions, StorageConfig};
use futures_util::StreamExt;
use rand::RngExt;
use reqwest::{Body, Method};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use crate::console::{Console, answer};
use crate::report::Row;
use crate::sample::median;

const MIB: usize = 1 << 20;
/// The size of the file.
const SIZE_MIB: usize = 256;
const ROUNDS: usize = 5;
/// How much is read at a time from a file that is sent.
const CHUNK: usize = 256 << 10;
const NAME: &str = "bench.bin";

/// Measures both directions.
pub(crate) async fn up_and_down(console: &Console, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let file = folder.join("content");
    write_random(&file)?;
    let store = ObjectStore::open(&StorageConfig {
        local: LocalConfig {
            dir: folder.join("store-alone"),
        },
        ..StorageConfig::default()
    })
    .await?;
    let key = ObjectKey::user(&ObjectName::parse(NAME)?);
    let (mut up, mut down) = (<[Vec<f64>; 3]>::default(), <[Vec<f64>; 3]>::default());
    for _ in 0..ROUNDS {
        let took = [
            timed(upload(console, &file)).await?,
            timed(put(&store, &key, &file)).await?,
            timed(copy(&file, &folder.join("copy"))).await?,
        ];
        up.iter_mut().zip(took).for_each(|(all, took)| all.push(took));
        let took = [
            timed(download(console)).await?,
            timed(get(&store, &key)).await?,
            timed(read(&file)).await?,
        ];
        down.iter_mut().zip(took).for_each(|(all, took)| all.push(took));
    }
    Ok(vec![
        row("object upload", &up, "plain file copy, synced"),
        row("object download", &down, "plain file read"),
    ])
}

/// Seconds, of the console, of the store alone and of plain files.
fn row(what: &str, [ours, store, plain]: &[Vec<f64>; 3], plain_is: &str) -> Row {
    let speed = |seconds: &[f64]| SIZE_MIB as f64 / median(seconds.iter().copied());
    let ratio = |limit: &[f64]| median(ours.iter().zip(limit).map(|(ours, limit)| limit / ours));
    Row::new(format!("{what}, {SIZE_MIB} MiB"), speed(ours), "MiB/s")
        .limit("store alone", speed(store), ratio(store))
        .limit(plain_is, speed(plain), ratio(plain))
}

async fn timed(work: impl Future<Output = anyhow::Result<u64>>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let bytes = work.await?;
    let took: Duration = begun.elapsed();
    ensure!(bytes == (SIZE_MIB * MIB) as u64, "{bytes} bytes are not all");
    Ok(took.as_secs_f64())
}

async fn upload(console: &Console, file: &Path) -> anyhow::Result<u64> {
    let content = ReaderStream::with_capacity(File::open(file).await?, CHUNK);
    let path = format!("objects/{NAME}?replace=true");
    let put = console
        .request(Method::PUT, &path)
        .body(Body::wrap_stream(content));
    let stored = answer(put).await?;
    Ok(stored["size"].as_u64().unwrap_or_default())
}

async fn put(store: &ObjectStore, key: &ObjectKey, file: &Path) -> anyhow::Result<u64> {
    let content = ReaderStream::with_capacity(File::open(file).await?, CHUNK);
    Ok(store
        .put(key, content, PutOptions::new(PutMode::Replace))
        .await?
        .size)
}

async fn copy(file: &Path, to: &Path) -> anyhow::Result<u64> {
    let copied = tokio::fs::copy(file, to).await?;
    File::open(to).await?.sync_all().await?;
    Ok(copied)
}

async fn download(console: &Console) -> anyhow::Result<u64> {
    let got = console
        .request(Method::GET, &format!("objects/{NAME}"))
        .send()
        .await?;
    let mut content = got.error_for_status()?.bytes_stream();
    let mut bytes = 0;
    while let Some(chunk) = content.next().await {
        bytes += chunk?.len() as u64;
    }
    Ok(bytes)
}

async fn get(store: &ObjectStore, key: &ObjectKey) -> anyhow::Result<u64> {
    let (_, mut content) = store.get(key, None).await?;
    let mut bytes = 0;
    while let Some(chunk) = content.next().await {
        bytes += chunk?.len() as u64;
    }
    Ok(bytes)
}

async fn read(file: &Path) -> anyhow::Result<u64> {
    let mut file = File::open(file).await?;
    let (mut buffer, mut bytes) = (vec![0; CHUNK], 0);
    loop {
        match file.read(&mut buffer).await? {
            0 => return Ok(bytes),
            count => bytes += count as u64,
        }
    }
}

fn write_random(path: &Path) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = std::fs::File::create(path)?;
    let mut random = rand::rng();
    let mut block = vec![0_u8; MIB];
    for _ in 0..SIZE_MIB {
        random.fill(block.as_mut_slice());
        file.write_all(&block)?;
    }
    file.sync_all()
}
