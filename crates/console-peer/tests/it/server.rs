//! A server that answers what a test tells it, byte by byte, and keeps what it received.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use console_peer::address::{AddressPolicy, PartnerAddress};
use console_peer::client::{ClientConfig, Partner, PeerClient, Speaks};
use console_peer::identity::{Fingerprint, IdentityKey};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// Answers with a status, further headers (each ending in CR LF), and a body.
    Answer(u16, String, Vec<u8>),
    /// Reads the request and closes the connection.
    Drop,
    /// Reads the request and never answers.
    Hang,
    /// Announces a longer body than it sends, then closes.
    CutOff,
}

impl Behaviour {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Answer(
            status,
            "Content-Type: application/json\r\n".to_owned(),
            body.to_string().into_bytes(),
        )
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::Answer(
            status,
            "Content-Type: text/html\r\n".to_owned(),
            b"<html>no</html>".to_vec(),
        )
    }

    pub(crate) fn data(data: &Value) -> Self {
        Self::json(
            200,
            &json!({"data": data, "http_code": 200, "message": null, "rsp_code": 0}),
        )
    }

    pub(crate) fn error(status: u16, code: i64, message: &str) -> Self {
        Self::json(status, &json!({"message": message, "rsp_code": code}))
    }
}

/// A request as it was on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let same = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .filter(same)
            .map(|(_, value)| value.clone())
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.all(name).first().cloned()
    }

    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&self.body).unwrap()
        }
    }
}

pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Answers every request by what `behave` says.
    pub(crate) async fn start(behave: impl Fn(&Seen) -> Behaviour + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (keep, behave) = (Arc::clone(&seen), Arc::new(behave));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (keep, behave) = (Arc::clone(&keep), Arc::clone(&behave));
                tokio::spawn(async move { serve(stream, &keep, &*behave).await });
            }
        });
        Self { at, seen, task }
    }

    /// Answers every request in the same way.
    pub(crate) async fn always(behaviour: Behaviour) -> Self {
        Self::start(move |_| behaviour.clone()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn address(&self) -> PartnerAddress {
        PartnerAddress::parse(&format!("http://{}", self.at)).unwrap()
    }

    pub(crate) fn base(&self) -> Partner {
        Partner {
            address: self.address(),
            speaks: Speaks::Base,
        }
    }

    pub(crate) fn paired(&self, receiver: Fingerprint) -> Partner {
        Partner {
            address: self.address(),
            speaks: Speaks::Paired { receiver },
        }
    }
}

async fn serve(mut stream: TcpStream, keep: &Mutex<Vec<Seen>>, behave: &(dyn Fn(&Seen) -> Behaviour + Sync)) {
    let Some(seen) = read(&mut stream).await else {
        return;
    };
    let behaviour = behave(&seen);
    keep.lock().unwrap().push(seen);
    match behaviour {
        Behaviour::Answer(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
            let _ = stream.shutdown().await;
        }
        Behaviour::Drop => drop(stream),
        Behaviour::Hang => {
            // Until the client gives up and closes.
            let _ = stream.read(&mut [0; 1]).await;
        }
        Behaviour::CutOff => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\": ")
                .await;
        }
    }
}

pub(crate) async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut seen = Seen {
        method,
        target,
        headers,
        body: bytes[end + 4..].to_vec(),
    };
    let length = seen
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while seen.body.len() < length {
        if stream.read_buf(&mut seen.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(seen)
}

/// A client that may call loopback addresses, and gives up soon.
pub(crate) fn client() -> PeerClient {
    client_with(|_| ())
}

pub(crate) fn client_with(change: impl FnOnce(&mut ClientConfig)) -> PeerClient {
    let mut config = ClientConfig {
        connect_timeout: Duration::from_secs(2),
        total_timeout: Duration::from_secs(10),
        policy: AddressPolicy {
            allow_loopback: true,
            ..AddressPolicy::default()
        },
        ..ClientConfig::default()
    };
    change(&mut config);
    PeerClient::new(config, Arc::new(our_key())).unwrap()
}

/// Base64 of 32 bytes of the same number: a key that a test can name.
pub(crate) fn key(number: u8) -> IdentityKey {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode([number; 32]);
    IdentityKey::from_secret_text(&text).unwrap()
}

pub(crate) fn our_key() -> IdentityKey {
    key(1)
}

pub(crate) fn partner_key() -> IdentityKey {
    key(2)
}
