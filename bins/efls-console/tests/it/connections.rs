//! Connections that somebody opens and leaves: others, and the health checks, go on.

use std::net::TcpStream;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{Console, client, post, program, sign_in};

const PASSWORD: &str = "correct horse battery";

/// The status and the code of the problem, if it is one.
async fn get(url: String, token: Option<&str>) -> (u16, Value) {
    let request = client().get(url);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn an_address_with_too_many_connections_still_gets_its_health_checks() {
    let dir = tempdir().unwrap();
    let mut command = program(dir.path(), &["serve", "--port", "0"]);
    command.env("EFLS_SERVICE__MAX_CONNECTIONS_PER_ADDRESS", "8");
    let console = Console::start(&mut command);
    let first = json!({ "code": console.ready["setup_code"], "name": "ann", "password": PASSWORD });
    assert_eq!(post(&console.api("setup"), None, &first).await.0, 201);
    let token = sign_in(&console, "ann", PASSWORD).await.1.unwrap();
    let port: u16 = console.address().rsplit(':').next().unwrap().parse().unwrap();
    let ready = format!("{}/health/ready", console.address());

    // Connections without a request are taken up one after the other, and closed after some seconds; a slow machine sees the
    // first ones go before it asks, so they are opened anew for each try.
    let idle = || -> Vec<TcpStream> {
        let one = |_| TcpStream::connect(("127.0.0.1", port)).unwrap();
        (0..200).map(one).collect()
    };
    let refused = async |url: String| {
        for _ in 0..50 {
            let _held = idle();
            let (status, body) = get(url.clone(), Some(&token)).await;
            if status == 503 {
                return body["code"].as_str().unwrap().to_owned();
            }
        }
        panic!("{url} is never refused");
    };
    assert_eq!(refused(console.api("system")).await, "too_many_connections");
    // What only ends like a health check is none.
    assert_eq!(
        refused(console.api("objects/health")).await,
        "too_many_connections"
    );
    let held = idle();
    for _ in 0..3 {
        assert_eq!(get(ready.clone(), None).await.0, 200, "again and again");
    }

    drop(held);
    let counted = loop {
        let (status, body) = get(console.api("system"), Some(&token)).await;
        if status == 200 {
            break body["refused_requests"]["503"].as_u64().unwrap();
        }
    };
    assert!(counted >= 1, "{counted}");
}

/// Memory that a process holds for itself, in MiB.
#[cfg(target_os = "linux")]
fn own_memory(console: &Console) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", console.process.0.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn parked_bodies_of_strangers_cost_little_memory_and_it_is_given_back() {
    use std::io::Write;

    const BYTES: usize = 2 << 20;

    let dir = tempdir().unwrap();
    let console = Console::start(&mut program(dir.path(), &["serve", "--port", "0"]));
    let port: u16 = console.address().rsplit(':').next().unwrap().parse().unwrap();
    let mut body = vec![b' '; BYTES];
    body[0] = b'{';
    for path in ["/api/v1/session", "/project/peer", "/peer/pairing"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            BYTES + 1
        );
        let parked: Vec<TcpStream> = (0..300)
            .map(|_| {
                let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
                // What is not taken at once stays with the sender; refused ones are closed meanwhile.
                let _ = stream.write_all(head.as_bytes());
                stream.set_nonblocking(true).unwrap();
                let _ = stream.write(&body);
                stream
            })
            .collect();
        let ready = format!("{}/health/ready", console.address());
        let (status, said) = get(ready, None).await;
        assert_eq!(status, 200, "{path}: {said}");
        let held = own_memory(&console);
        assert!(held < 200, "{held} MiB are held for {path}");
        drop(parked);
    }
    let begun = std::time::Instant::now();
    while own_memory(&console) >= 100 {
        assert!(
            begun.elapsed().as_secs() < 60,
            "{} MiB are kept",
            own_memory(&console)
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Each request costs its connection some kilobytes from when it is taken in, however short it is.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn thousands_of_requests_whose_answers_nobody_reads_cost_little_memory() {
    use std::io::Write;

    let dir = tempdir().unwrap();
    let console = Console::start(&mut program(dir.path(), &["serve", "--port", "0"]));
    let port: u16 = console.address().rsplit(':').next().unwrap().parse().unwrap();
    let requests = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2000);
    let held: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            stream.set_nonblocking(true).unwrap();
            // What is not taken stays with the sender.
            let _ = stream.write(requests.as_bytes());
            stream
        })
        .collect();
    // Each gets its first answer, so all that is taken in has been.
    for stream in &held {
        stream.set_nonblocking(false).unwrap();
        assert!(stream.peek(&mut [0; 9]).unwrap() > 0);
    }
    let ready = format!("{}/health/ready", console.address());
    assert_eq!(get(ready, None).await.0, 200);
    let memory = own_memory(&console);
    assert!(memory < 200, "{memory} MiB are held");
}
