//! The engine keeps its promises, the program starts with it, and the guide shows the program as it is.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use own_console::{Greeter, Settings};
use serde_json::{Value, json};
use task_interface::TaskKind;
use task_interface::conformance::{self, CaseSide, EngineCase};

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_conforms() {
    let side = || CaseSide::new(json!({}));
    let case =
        EngineCase::new(TaskKind::Sample, side(), side(), json!({"greeting": "hi"})).check(|outcome| {
            match outcome.partner.result("greetings") {
                Some(table) if table["rows"] == json!([["hello", "hello"]]) => Ok(()),
                other => Err(format!("unexpected result {other:?}")),
            }
        });
    let make = || Greeter::from_settings(Settings::default()).expect("the defaults are right");
    let conforms = conformance::run(make, &[case]).await;
    conforms.unwrap_or_else(|failures| panic!("{failures}"));
}

#[test]
fn the_guide_shows_this_program() {
    let guide = include_str!("../../../crates/task-interface/GUIDE.md");
    let main = include_str!("../src/main.rs");
    let (_, code) = main
        .split_once("\n\n")
        .expect("a line of documentation comes first");
    assert!(
        guide.contains(code.trim()),
        "section 6 shows other code than src/main.rs"
    );
    let engine = include_str!("../src/lib.rs");
    let begin = engine
        .find("#[derive(Debug, Serialize, Deserialize)]")
        .expect("the settings");
    let end = engine.find("/// The engine named").expect("the engine");
    assert!(
        guide.contains(engine[begin..end].trim()),
        "section 6 shows other settings than src/lib.rs"
    );
}

#[test]
fn the_console_starts_with_the_engine_and_its_settings() {
    let dir = tempfile::tempdir().expect("a folder");
    let shown = program(dir.path(), &["--json", "config", "show"])
        .env("EFLS_ENGINES__GREETER__GREETING", "42")
        .output()
        .expect("the program runs");
    let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    let setting = shown["settings"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["key"] == "engines.greeter.greeting"));
    assert_eq!(setting.map(|one| &one["value"]), Some(&json!("42")), "{shown}");

    let console = Console::start(dir.path());
    let account =
        json!({ "code": console.ready["setup_code"], "name": "ann", "password": "correct horse battery" });
    console.call("POST", "setup", None, &account);
    let session = console.call("POST", "session", None, &account_of(&account));
    let token = session["token"].as_str().expect("a token");
    let engines = console.call("GET", "engines", Some(token), &Value::Null);
    let names: Vec<_> = engines
        .as_array()
        .expect("a list")
        .iter()
        .map(|engine| &engine["name"])
        .collect();
    assert_eq!(names, ["greeter", "local"]);
}

#[test]
fn a_wrong_setting_keeps_the_console_from_starting_and_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let refused = |key: &str, value: &str| {
        let output = program(dir.path(), &["serve", "--port", "0"])
            .env(key, value)
            .output();
        let output = output.expect("the program runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, said) = refused("EFLS_ENGINES__GREETER__GRETING", "hi");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("engines.greeter.greting"), "{said}");
    let (code, said) = refused("EFLS_ENGINES__GREETER__GREETING", " ");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the engine greeter cannot be made: greeting must not be empty"),
        "{said}"
    );
}

fn account_of(account: &Value) -> Value {
    json!({ "name": account["name"], "password": account["password"] })
}

/// The program in a folder of its own, with nothing of this process's environment but the path.
fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_own-console"));
    command.args(args).current_dir(dir).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// A console that ends with this value.
struct Console {
    process: Child,
    ready: Value,
}

impl Console {
    fn start(dir: &Path) -> Self {
        let mut process = program(dir, &["--json", "serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = process.stdout.as_mut().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready = serde_json::from_str(&line);
        let mut console = Self {
            process,
            ready: Value::Null,
        };
        console.ready = ready.expect("the line is JSON");
        console
    }

    /// Calls the operator API.
    fn call(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Value {
        let address = self.ready["address"].as_str().expect("an address");
        let host = address.strip_prefix("http://").expect("plain HTTP");
        let mut stream = TcpStream::connect(host).expect("a connection");
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let token = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        write!(
            stream,
            "{method} /api/v1/{path} HTTP/1.0\r\nHost: {host}\r\n{token}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.contains(" 200 ") || head.contains(" 201 "), "{answer}");
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
