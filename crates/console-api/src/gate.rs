//! Reading from connections no faster than their requests are answered.
//!
//! The framework takes in what comes, whether somebody asks for it or not: every request that has come before it answers the
//! first, each of which costs some kilobytes however short it was, and much of a body before anybody knows whose it is. So a
//! caller who sends thousands of requests at once and reads no answer, or many who send large bodies, would take gigabytes. Here
//! a connection gives a few requests at a time, none while its caller does not take what was answered, and a large body only when
//! its sender is known, or when it was refused and what comes is dropped.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_web::HttpRequest;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So many ends of request heads pass before the framework gets its turn ...
const MAX_HEADS: usize = 4;
/// ... and so many bytes.
const MAX_BYTES: usize = 16 << 10;
/// Read from the connection at a time.
const CHUNK: usize = 8 << 10;
/// So much comes of a request whose sender is not known: more than is read from anybody.
const MAX_UNKNOWN: usize = 32 << 10;

/// What is known of those who send requests over a connection.
#[derive(Clone, Default)]
pub(crate) struct Admission(Rc<State>);

#[derive(Default)]
struct State {
    is_known: Cell<bool>,
    /// So many bytes belong to a request that was refused: whoever takes them drops them.
    refused: Cell<u64>,
    waiting: RefCell<Option<Waker>>,
}

impl Admission {
    /// Somebody known sends a request: all that comes over its connection may pass from now on.
    pub(crate) fn admit(request: &HttpRequest) {
        if let Some(Self(state)) = request.conn_data::<Self>() {
            state.is_known.set(true);
            if let Some(waker) = state.waiting.take() {
                waker.wake();
            }
        }
    }

    /// A request is refused, of which so many bytes may come yet.
    pub(crate) fn refuse(&self, bytes: u64) {
        self.0.refused.set(bytes);
        if let Some(waker) = self.0.waiting.take() {
            waker.wake();
        }
    }
}

/// A connection whose requests come a few at a time.
pub(crate) struct Gate<T> {
    io: T,
    admission: Admission,
    /// What has come and was not given yet.
    ahead: Vec<u8>,
    given: usize,
    blank: BlankLines,
    /// Given in this turn.
    in_turn: usize,
    /// Given since something was written last.
    unanswered: usize,
    /// The framework has its turn now.
    is_paused: bool,
    /// The caller does not take what is written.
    is_blocked: bool,
    /// What comes now are no requests any more: a WebSocket's sides may both wait for the other to read.
    is_upgraded: bool,
}

impl<T> Gate<T> {
    pub(crate) fn new(io: T) -> Self {
        Self {
            io,
            admission: Admission::default(),
            ahead: Vec::new(),
            given: 0,
            blank: BlankLines::default(),
            in_turn: 0,
            unanswered: 0,
            is_paused: false,
            is_blocked: false,
            is_upgraded: false,
        }
    }

    /// The connection itself.
    pub(crate) const fn io(&self) -> &T {
        &self.io
    }

    /// Where it is said whose request it is.
    pub(crate) fn admission(&self) -> Admission {
        self.admission.clone()
    }

    /// Gives of what has come, as far as it may pass now.
    fn give(&mut self, buffer: &mut ReadBuf<'_>) {
        let rest = &self.ahead[self.given..];
        let rest = &rest[..rest.len().min(buffer.remaining())];
        let (length, is_cut) = self.blank.cut(rest, MAX_HEADS);
        buffer.put_slice(&rest[..length]);
        self.given += length;
        self.in_turn += length;
        let refused = &self.admission.0.refused;
        match refused.get() {
            0 => self.unanswered += length,
            left => refused.set(left.saturating_sub(length as u64)),
        }
        self.is_paused = is_cut || self.in_turn >= MAX_BYTES;
        if self.given == self.ahead.len() {
            self.ahead.clear();
            self.given = 0;
        }
    }

    /// Whether too much of a request has come for one of nobody knows whom.
    fn is_held(&self) -> bool {
        let State {
            is_known, refused, ..
        } = &*self.admission.0;
        self.unanswered >= MAX_UNKNOWN && !is_known.get() && refused.get() == 0
    }
}

impl<T: AsyncRead + Unpin> Gate<T> {
    /// Reads on into `ahead`.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.ahead.resize(CHUNK, 0);
        let mut chunk = ReadBuf::new(&mut self.ahead);
        let read = Pin::new(&mut self.io).poll_read(context, &mut chunk);
        let length = chunk.filled().len();
        self.ahead.truncate(length);
        read
    }
}

/// Finds blank lines, which end the head of a request; the parser takes a line feed alone as the end of a line too. In a body they
/// mean nothing, and cost no more than a turn.
#[derive(Debug, Default)]
struct BlankLines {
    /// Nothing has come since the end of a line.
    at_start: bool,
}

impl BlankLines {
    /// How much may pass: to the end of the last of so many blank lines, or all. Tells whether there were so many.
    fn cut(&mut self, bytes: &[u8], most: usize) -> (usize, bool) {
        let mut found = 0;
        for (place, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' if self.at_start => {
                    found += 1;
                    if found == most {
                        return (place + 1, true);
                    }
                }
                b'\n' => self.at_start = true,
                b'\r' => {}
                _ => self.at_start = false,
            }
        }
        (bytes.len(), false)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Gate<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_upgraded && this.ahead.is_empty() {
            return Pin::new(&mut this.io).poll_read(context, buffer);
        }
        if this.is_blocked && !this.is_upgraded {
            // The end of that wait wakes the connection.
            return Poll::Pending;
        }
        if this.is_held() {
            this.admission.0.waiting.replace(Some(context.waker().clone()));
            return Poll::Pending;
        }
        if std::mem::take(&mut this.is_paused) {
            this.in_turn = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.ahead.is_empty() {
            match this.poll_more(context) {
                Poll::Ready(Ok(())) => {}
                other => return other,
            }
        }
        this.give(buffer);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Gate<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.is_upgraded |= bytes.starts_with(b"HTTP/1.1 101 ");
        let written = Pin::new(&mut this.io).poll_write(context, bytes);
        this.is_blocked = written.is_pending();
        if !this.is_blocked {
            this.unanswered = 0;
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    /// What one turn gives; none when there is nothing for now.
    async fn turn<T: AsyncRead + Unpin>(gate: &mut Gate<T>) -> Option<Vec<u8>> {
        let mut space = vec![0; 64 << 10];
        let mut buffer = ReadBuf::new(&mut space);
        let read = poll_fn(|context| Poll::Ready(Pin::new(&mut *gate).poll_read(context, &mut buffer))).await;
        match read {
            Poll::Ready(done) => {
                done.unwrap();
                Some(buffer.filled().to_vec())
            }
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn requests_pass_a_few_at_a_time_and_nothing_is_lost() {
        let (mut caller, server) = duplex(1 << 20);
        let mut gate = Gate::new(server);
        let head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let all = head.repeat(10) + &"a body without end\n".repeat(100) + "\n\n\n\n\n";
        caller.write_all(all.as_bytes()).await.unwrap();
        assert_eq!(turn(&mut gate).await.unwrap(), head.repeat(MAX_HEADS).as_bytes());
        assert_eq!(turn(&mut gate).await, None, "the framework has its turn");
        let mut rest = vec![0; all.len() - MAX_HEADS * head.len()];
        gate.read_exact(&mut rest).await.unwrap();
        assert_eq!(rest, all.as_bytes()[MAX_HEADS * head.len()..]);
        drop(caller);
        assert_eq!(turn(&mut gate).await.or(turn(&mut gate).await), Some(Vec::new()));
    }

    #[tokio::test]
    async fn a_large_body_passes_when_its_sender_is_known_or_it_is_refused() {
        const ALL: usize = 1 << 20;
        for is_known in [true, false] {
            let (mut caller, server) = duplex(2 * ALL);
            let mut gate = Gate::new(server);
            caller.write_all(&vec![b'x'; ALL + MAX_UNKNOWN]).await.unwrap();
            let given = async |gate: &mut Gate<_>| {
                let mut given = 0;
                for _ in 0..1000 {
                    given += turn(gate).await.map_or(0, |part| part.len());
                    tokio::task::yield_now().await;
                }
                given
            };
            assert_eq!(given(&mut gate).await, MAX_UNKNOWN);
            match is_known {
                true => gate.admission().0.is_known.set(true),
                false => gate.admission().refuse(ALL as u64 - 1),
            }
            // The answer.
            gate.write_all(b"x").await.unwrap();
            assert_eq!(given(&mut gate).await, ALL);
            caller.write_all(&vec![b'x'; ALL]).await.unwrap();
            assert_eq!(given(&mut gate).await, if is_known { ALL } else { MAX_UNKNOWN });
        }
    }

    #[tokio::test]
    async fn a_caller_who_takes_nothing_is_not_read_until_it_does() {
        let (mut caller, server) = duplex(16);
        let mut gate = Gate::new(server);
        caller.write_all(b"GET / HTTP/1.1").await.unwrap();
        let answer = [b'x'; 32];
        let write = async |gate: &mut Gate<_>| {
            poll_fn(|context| Poll::Ready(Pin::new(&mut *gate).poll_write(context, &answer))).await
        };
        assert!(matches!(write(&mut gate).await, Poll::Ready(Ok(16))));
        assert!(write(&mut gate).await.is_pending());
        assert_eq!(turn(&mut gate).await, None);
        caller.read_exact(&mut [0; 16]).await.unwrap();
        assert!(matches!(write(&mut gate).await, Poll::Ready(Ok(16))));
        assert_eq!(turn(&mut gate).await.unwrap(), b"GET / HTTP/1.1");
    }

    #[tokio::test]
    async fn both_sides_of_a_web_socket_may_wait_for_each_other() {
        let (mut caller, server) = duplex(64);
        let mut gate = Gate::new(server);
        gate.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
            .await
            .unwrap();
        let write = poll_fn(|context| Poll::Ready(Pin::new(&mut gate).poll_write(context, &[0; 64])));
        assert!(matches!(write.await, Poll::Ready(Ok(_))));
        let write = poll_fn(|context| Poll::Ready(Pin::new(&mut gate).poll_write(context, &[0; 64])));
        assert!(write.await.is_pending());
        caller.write_all(b"\n\n\n\n\n\n").await.unwrap();
        assert_eq!(turn(&mut gate).await.unwrap(), b"\n\n\n\n\n\n");
    }
}
