//! A proxy that loses answers: the partner has done the work, and the caller never hears of it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Forwards connections, and loses the answers to the next so many requests.
pub(crate) struct LossyProxy {
    pub(crate) url: String,
    upstream: Arc<OnceLock<SocketAddr>>,
    to_lose: Arc<AtomicUsize>,
    lost: Arc<AtomicUsize>,
    cut: Arc<AtomicBool>,
    /// The largest body that it lets through.
    limit: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl LossyProxy {
    /// Listens; connections wait for [`lead_to`](Self::lead_to).
    pub(crate) async fn start() -> Self {
        let upstream = Arc::new(OnceLock::new());
        let target = Arc::clone(&upstream);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (to_lose, lost) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let cut = Arc::new(AtomicBool::new(false));
        let is_cut = Arc::clone(&cut);
        let limit = Arc::new(AtomicUsize::new(usize::MAX));
        let most = Arc::clone(&limit);
        let refused = Arc::new(AtomicUsize::new(0));
        let refusals = Arc::clone(&refused);
        let (counter, count) = (Arc::clone(&to_lose), Arc::clone(&lost));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Some(upstream) = target.get().filter(|_| !is_cut.load(Ordering::SeqCst)) else {
                    continue;
                };
                let Ok(server) = TcpStream::connect(*upstream).await else {
                    continue;
                };
                let losses = (Arc::clone(&counter), Arc::clone(&count));
                tokio::spawn(forward(
                    client,
                    server,
                    losses,
                    (Arc::clone(&is_cut), Arc::clone(&most), Arc::clone(&refusals)),
                ));
            }
        });
        Self {
            url,
            upstream,
            to_lose,
            lost,
            cut,
            limit,
            refused,
            task,
        }
    }

    /// Says where the connections go.
    pub(crate) fn lead_to(&self, upstream: SocketAddr) {
        self.upstream.set(upstream).unwrap();
    }

    /// Loses the answers to the next requests.
    pub(crate) fn lose(&self, answers: usize) {
        self.to_lose.store(answers, Ordering::SeqCst);
    }

    /// Lets no request through, or lets them through again.
    pub(crate) fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
    }

    /// Answers larger bodies with 413, as proxies do.
    pub(crate) fn limit(&self, bytes: usize) {
        self.limit.store(bytes, Ordering::SeqCst);
    }

    /// How many requests were too large.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }

    /// How many answers were lost.
    pub(crate) fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

impl Drop for LossyProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(
    client: TcpStream,
    server: TcpStream,
    (to_lose, lost): (Arc<AtomicUsize>, Arc<AtomicUsize>),
    (cut, limit, refusals): (Arc<AtomicBool>, Arc<AtomicUsize>, Arc<AtomicUsize>),
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let refused = Arc::new(tokio::sync::Notify::new());
    let refuse = Arc::clone(&refused);
    let requests = tokio::spawn(async move {
        let mut buffer = vec![0_u8; 64 * 1024];
        while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
            let cut = cut.load(Ordering::SeqCst);
            if body_of(&buffer[..read]).is_some_and(|bytes| bytes > limit.load(Ordering::SeqCst)) {
                refusals.fetch_add(1, Ordering::SeqCst);
                refuse.notify_one();
                break;
            }
            if cut || to_server.write_all(&buffer[..read]).await.is_err() {
                // The server ends the connection, and with it this half of the way back.
                break;
            }
        }
    });
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read = tokio::select! {
            read = from_server.read(&mut buffer) => read,
            () = refused.notified() => {
                let answer = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = to_client.write_all(answer.as_bytes()).await;
                break;
            }
        };
        let Ok(read @ 1..) = read else {
            break;
        };
        let lose = to_lose
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok();
        if lose {
            lost.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if to_client.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    requests.abort();
}

/// The length of the body of a request whose head is in one piece.
fn body_of(bytes: &[u8]) -> Option<usize> {
    let head = String::from_utf8_lossy(bytes).to_lowercase();
    let (_, rest) = head.split_once("content-length:")?;
    rest.lines().next()?.trim().parse().ok()
}
