//! Starts the program, and ends what it started.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The program in a folder of its own, with nothing of this process's environment but the path.
pub(crate) fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_efls-console"));
    command
        .args(args)
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Runs the program to its end, with a text on its standard input.
pub(crate) fn run_with(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Runs the program to its end.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    run_with(&mut program(dir, args), "")
}

/// What was printed, as JSON.
pub(crate) fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim())
        .unwrap_or_else(|error| panic!("{error} in {text:?}, {}", errors(output)))
}

/// The error output.
pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts that the program ended with 1 and said why in one line that holds these words.
pub(crate) fn failed_in_one_line(output: &Output, words: &[&str]) {
    ended_in_one_line(output, 1, words);
}

/// Asserts that the program ended with a code and said why in one line that holds these words.
pub(crate) fn ended_in_one_line(output: &Output, code: i32, words: &[&str]) {
    let said = errors(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("efls-console: "))
        .collect();
    assert_eq!(lines.len(), 1, "{said}");
    for word in words {
        assert!(lines[0].contains(word), "{word:?} is not in {said}");
    }
}

/// What a command with `--json` says of its failure: the last line of the error output.
pub(crate) fn failure(output: &Output) -> Value {
    assert!(output.stdout.is_empty());
    let said = errors(output);
    let last = said.trim_end().lines().last().unwrap();
    serde_json::from_str::<Value>(last).unwrap_or_else(|_| panic!("{said}"))["error"].clone()
}

/// A port that nobody has now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Waits until a condition holds.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{what} did not happen within a minute"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process that ends with this.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Sends SIGTERM, as service managers do, and waits for the end.
    pub(crate) fn terminate(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        let sent = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        (self.0.wait().unwrap(), begun.elapsed())
    }
}

/// A running console.
pub(crate) struct Console {
    pub(crate) process: Running,
    /// What it said when it was ready.
    pub(crate) ready: Value,
}

impl Console {
    /// Starts `serve` and waits until it is ready.
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command
            .arg("--json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = Running(child.unwrap());
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let mut stderr = process.0.stderr.take().unwrap();
        let Ok(ready) = serde_json::from_str(&line) else {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            panic!("the console did not start: {said}");
        };
        // Read on, so that the console never waits for a reader of its log.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        Self { process, ready }
    }

    /// Its address.
    pub(crate) fn address(&self) -> &str {
        self.ready["address"].as_str().unwrap()
    }

    /// A URL of its operator API.
    pub(crate) fn api(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.address())
    }
}

/// An HTTP client.
pub(crate) fn client() -> reqwest::Client {
    client_builder().build().unwrap()
}

/// What an HTTP client is made from.
pub(crate) fn client_builder() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
}

/// Sends JSON and reads the answer's status and body.
pub(crate) async fn post(url: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
    let request = client().post(url).json(body);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default(),
    )
}

/// Signs in, and gives the status and the token.
pub(crate) async fn sign_in(console: &Console, name: &str, password: &str) -> (u16, Option<String>) {
    let credentials = serde_json::json!({ "name": name, "password": password });
    let (status, body) = post(&console.api("session"), None, &credentials).await;
    (status, body["token"].as_str().map(ToOwned::to_owned))
}
