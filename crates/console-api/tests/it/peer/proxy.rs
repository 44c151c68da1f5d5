//! A proxy that loses answers: the partner has done the work, and the caller never hears of it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a proxy does to connections that were upgraded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Streaming {
    /// They pass.
    #[default]
    Pass,
    /// The head of the request loses what asks for an upgrade, as with proxies that were not told to let it through.
    NoUpgrade,
    /// What the server says is kept until it has said everything, which never comes.
    Buffer,
    /// They are closed when nothing has passed for so long.
    CloseIdle(Duration),
    /// The next one is closed after so many bytes of either direction, each later one after half as many again.
    CutAfter(usize),
}

/// Upgraded connections through a proxy.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    how: Mutex<Streaming>,
    asked: AtomicUsize,
    ended: AtomicUsize,
}

impl Streams {
    /// How the next one is treated.
    fn next(&self) -> Streaming {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut how = self.how.lock().unwrap();
        let now = *how;
        if let Streaming::CutAfter(bytes) = &mut *how {
            *bytes += (*bytes).div_ceil(2);
        }
        now
    }

    async fn carry(&self, how: Streaming, client: &mut TcpStream, server: &mut TcpStream, first: &[u8]) {
        let mut left = match how {
            Streaming::CutAfter(bytes) => bytes,
            _ => usize::MAX,
        };
        let idle = match how {
            Streaming::CloseIdle(idle) => idle,
            _ => Duration::from_secs(3600),
        };
        let first = &first[..first.len().min(left)];
        left -= first.len();
        let _ = server.write_all(first).await;
        let (mut up, mut down) = (vec![0_u8; 16 * 1024], vec![0_u8; 16 * 1024]);
        while left > 0 {
            let (mut most_up, mut most_down) = (up.len().min(left), down.len().min(left));
            let read = tokio::select! {
                read = client.read(&mut up[..most_up]) => { most_down = 0; read }
                read = server.read(&mut down[..most_down]) => { most_up = 0; read }
                () = tokio::time::sleep(idle) => break,
            };
            let Ok(read @ 1..) = read else { break };
            left -= read;
            let written = match (most_up, most_down) {
                (0, _) if matches!(how, Streaming::Buffer) => Ok(()),
                (0, _) => client.write_all(&down[..read]).await,
                _ => server.write_all(&up[..read]).await,
            };
            if written.is_err() {
                break;
            }
        }
        self.ended.fetch_add(1, Ordering::SeqCst);
    }
}

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
    streams: Arc<Streams>,
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
        let streams = Arc::<Streams>::default();
        let streaming = Arc::clone(&streams);
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
                    Arc::clone(&streaming),
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
            streams,
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

    /// Treats upgraded connections in a way from now on.
    pub(crate) fn stream(&self, how: Streaming) {
        *self.streams.how.lock().unwrap() = how;
    }

    /// How many connections asked for an upgrade, and how many of those were let through have ended.
    pub(crate) fn streamed(&self) -> (usize, usize) {
        let (asked, ended) = (&self.streams.asked, &self.streams.ended);
        (asked.load(Ordering::SeqCst), ended.load(Ordering::SeqCst))
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
    mut client: TcpStream,
    mut server: TcpStream,
    (to_lose, lost): (Arc<AtomicUsize>, Arc<AtomicUsize>),
    (cut, limit, refusals): (Arc<AtomicBool>, Arc<AtomicUsize>, Arc<AtomicUsize>),
    streams: Arc<Streams>,
) {
    let (mut up, mut down) = (vec![0_u8; 64 * 1024], vec![0_u8; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(read @ 1..) = read else { break };
                let request = &mut up[..read];
                if body_of(request).is_some_and(|bytes| bytes > limit.load(Ordering::SeqCst)) {
                    refusals.fetch_add(1, Ordering::SeqCst);
                    let answer = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    let _ = client.write_all(answer.as_bytes()).await;
                    break;
                }
                if cut.load(Ordering::SeqCst) {
                    break;
                }
                if let Some(at) = find(request, UPGRADE) {
                    match streams.next() {
                        Streaming::NoUpgrade => request[at..at + UPGRADE.len()].copy_from_slice(b"x-dropped: nothing"),
                        how => return streams.carry(how, &mut client, &mut server, request).await,
                    }
                }
                if server.write_all(request).await.is_err() {
                    break;
                }
            }
            read = server.read(&mut down) => {
                let Ok(read @ 1..) = read else { break };
                let lose = to_lose
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    .is_ok();
                if lose {
                    lost.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                if client.write_all(&down[..read]).await.is_err() {
                    break;
                }
            }
        }
    }
}

/// What the head of a request says that asks for a stream.
const UPGRADE: &[u8] = b"upgrade: websocket";

/// Where something begins in a request, whatever the case of its letters.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes
        .windows(what.len())
        .position(|part| part.eq_ignore_ascii_case(what))
}

/// The length of the body of a request whose head is in one piece.
fn body_of(bytes: &[u8]) -> Option<usize> {
    let head = String::from_utf8_lossy(bytes).to_lowercase();
    let (_, rest) = head.split_once("content-length:")?;
    rest.lines().next()?.trim().parse().ok()
}
