//! The two stores that every behaviour is tried on, and an S3 server in this process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use console_storage::{ObjectKey, ObjectName, ObjectStore, S3Config, Secret, StorageConfig, StorageKind};
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::io::{InspectReader, InspectWriter};

pub(crate) const ACCESS_KEY: &str = "alifl";
pub(crate) const SECRET_KEY: &str = "aliflminio";
pub(crate) const MIB: u64 = 1024 * 1024;

/// Makes a test of each behaviour for each kind of store.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        mod on_local {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::support::Fixture::local().await).await;
            })+
        }
        mod on_s3 {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::support::Fixture::s3().await).await;
            })+
        }
    };
}
pub(crate) use on_both_stores;

/// A store with a view behind it.
pub(crate) struct Fixture {
    pub(crate) store: ObjectStore,
    pub(crate) dir: TempDir,
    pub(crate) server: Option<Server>,
}

impl Fixture {
    pub(crate) async fn local() -> Self {
        let dir = TempDir::new().unwrap();
        let store = ObjectStore::open(&local_config(dir.path())).await.unwrap();
        Self {
            store,
            dir,
            server: None,
        }
    }

    pub(crate) async fn s3() -> Self {
        let dir = TempDir::new().unwrap();
        let server = Server::start(dir.path()).await;
        let store = ObjectStore::open(&server.config()).await.unwrap();
        Self {
            store,
            dir,
            server: Some(server),
        }
    }

    /// Bytes of the put under way that have left the store's own memory: into a file, or through the socket.
    pub(crate) fn arrived(&self) -> u64 {
        match &self.server {
            Some(server) => server.received.load(Ordering::SeqCst),
            None => files(&self.dir.path().join(".tmp"))
                .map(|path| path.metadata().map_or(0, |m| m.len()))
                .sum(),
        }
    }

    /// Unfinished files and multipart uploads.
    pub(crate) fn leftovers(&self) -> usize {
        match &self.server {
            Some(_) => files(self.dir.path())
                .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(".upload"))
                .count(),
            None => files(&self.dir.path().join(".tmp")).count(),
        }
    }

    pub(crate) async fn wait_for_no_leftovers(&self) {
        let start = Instant::now();
        while self.leftovers() > 0 {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{} leftovers stay",
                self.leftovers()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
}

pub(crate) fn local_config(dir: &Path) -> StorageConfig {
    let mut config = StorageConfig::default();
    config.local.dir = dir.to_owned();
    config
}

/// A key of a user's object.
pub(crate) fn user(name: &str) -> ObjectKey {
    ObjectKey::user(&ObjectName::parse(name).unwrap())
}

/// An S3 server over a folder, stopped when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    /// Bytes that came through its sockets.
    pub(crate) received: Arc<AtomicU64>,
    /// Bytes that it wrote to its sockets.
    pub(crate) sent: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(root: &Path) -> Self {
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (received, sent) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let task = tokio::spawn(serve(listener, service, Arc::clone(&received), Arc::clone(&sent)));
        Self {
            address,
            received,
            sent,
            task,
        }
    }

    pub(crate) fn config(&self) -> StorageConfig {
        StorageConfig {
            kind: StorageKind::S3,
            s3: S3Config {
                endpoint: format!("http://{}", self.address),
                access_key: ACCESS_KEY.to_owned(),
                secret_key: Secret::new(SECRET_KEY),
                timeout_seconds: 20,
                ..S3Config::default()
            },
            ..StorageConfig::default()
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, service: S3Service, received: Arc<AtomicU64>, sent: Arc<AtomicU64>) {
    let lock = Arc::new(Mutex::new(()));
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let socket = counted(socket, Arc::clone(&received), Arc::clone(&sent));
        let (service, lock) = (service.clone(), Arc::clone(&lock));
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (service, lock) = (service.clone(), Arc::clone(&lock));
            async move {
                // This server looks first and writes then; real ones decide on the condition in one step.
                let conditional = request.headers().contains_key("if-none-match");
                let _guard = if conditional {
                    Some(lock.lock().await)
                } else {
                    None
                };
                Service::call(&service, request).await
            }
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service),
        );
    }
}

fn counted(
    socket: TcpStream,
    received: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
) -> impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send {
    let (read, write) = socket.into_split();
    tokio::io::join(
        InspectReader::new(read, move |bytes| {
            received.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        }),
        InspectWriter::new(write, move |bytes| {
            sent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        }),
    )
}
