//! `demo`: the whole way, from two empty folders to a trained model.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::tempdir;

use crate::program::{Running, failure, free_port, json, program, run, wait_until};

fn sample(side: &str) -> String {
    let path = format!("{}/../../examples/data/{side}.csv", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The ids of a table whose first column is the id.
fn ids(table: &str) -> BTreeSet<String> {
    table
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().to_owned())
        .collect()
}

struct Ports(String, String);

impl Ports {
    fn free() -> Self {
        Self(free_port().to_string(), free_port().to_string())
    }

    fn once<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let mut args = vec![
            "demo",
            "--once",
            "--json",
            "--host-port",
            &self.0,
            "--peer-port",
            &self.1,
        ];
        args.extend(more);
        args
    }
}

fn demo(dir: &Path, ports: &Ports, more: &[&str]) -> Output {
    run(dir, &ports.once(more))
}

fn is_true(report: &Value) {
    let (host, peer) = (ids(&sample("host")), ids(&sample("peer")));
    let common = host.intersection(&peer).count();
    assert!(
        common > 100 && common < host.len() && common < peer.len(),
        "each side has rows that the other lacks"
    );
    assert_eq!(report["join"]["host_rows"], host.len());
    assert_eq!(report["join"]["peer_rows"], peer.len());
    assert_eq!(report["join"]["intersection"], common);
    assert!(
        report["train"]["host"]["auc"].as_f64().unwrap() >= 0.98,
        "{report}"
    );
    assert!(
        report["train"]["host"]["log_loss"].as_f64().unwrap() < 0.2,
        "{report}"
    );
    assert!(report["train"]["epochs"].as_u64().unwrap() > 1);
}

#[test]
fn the_demo_joins_and_trains_and_a_second_run_goes_on_from_there() {
    let dir = tempdir().unwrap();
    let ports = Ports::free();
    let output = demo(dir.path(), &ports, &[]);
    assert!(output.status.success(), "{}", crate::program::errors(&output));
    let first = json(&output);
    is_true(&first);
    assert_eq!(first["host_url"], format!("http://127.0.0.1:{}", ports.0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let passwords = std::fs::metadata(dir.path().join("demo-data/passwords.json")).unwrap();
        assert_eq!(passwords.permissions().mode() & 0o777, 0o600);
    }

    // On other ports, since those of the first run may have been taken meanwhile.
    let again = demo(dir.path(), &Ports::free(), &[]);
    assert!(again.status.success(), "{}", crate::program::errors(&again));
    let second = json(&again);
    assert_eq!(second["join"], first["join"], "nothing is done twice");
    assert_eq!(second["train"], first["train"]);
}

/// The consoles that a demo has started, the host's first.
#[cfg(target_os = "linux")]
fn consoles(demo: u32) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // After the name in parentheses come the state and the parent.
        let parent = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1));
        if parent == Some(demo.to_string().as_str()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort_by_key(|pid| pid.parse::<u32>().unwrap_or_default());
    found
}

/// Runs a demo until it says a word, then kills one of its processes, and waits until nothing of it is left.
#[cfg(target_os = "linux")]
fn kill_at(dir: &Path, ports: &Ports, word: &str, victim: Option<usize>) {
    let mut command = program(dir, &ports.once(&[]));
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let mut said = BufReader::new(running.0.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert!(said.any(|line| line.contains(word)), "{word} was not reached");
    match victim {
        None => running.0.kill().unwrap(),
        Some(which) => {
            let pid = &consoles(running.0.id())[which];
            let sent = std::process::Command::new("kill")
                .args(["-KILL", pid])
                .status()
                .unwrap();
            assert!(sent.success());
            let last = said.last().unwrap_or_default();
            assert!(last.contains("console has ended"), "{last}");
        }
    }
    running.0.wait().unwrap();
    for port in [&ports.0, &ports.1] {
        let port: u16 = port.parse().unwrap();
        wait_until("the end of a console", || {
            std::net::TcpListener::bind(("127.0.0.1", port)).is_ok()
        });
    }
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_is_killed_the_next_run_goes_on() {
    let dir = tempdir().unwrap();
    let ports = Ports::free();
    kill_at(dir.path(), &ports, "Pairing", None);
    kill_at(dir.path(), &ports, "Pairing", Some(1));
    kill_at(dir.path(), &ports, "Joining", Some(0));
    kill_at(dir.path(), &ports, "Training", Some(1));
    kill_at(dir.path(), &ports, "epoch", Some(0));
    kill_at(dir.path(), &ports, "epoch", None);
    let output = demo(dir.path(), &ports, &[]);
    assert!(output.status.success(), "{}", crate::program::errors(&output));
    is_true(&json(&output));
}

#[test]
fn own_tables_with_the_label_at_the_peer() {
    let dir = tempdir().unwrap();
    let (mut host, mut peer) = ("person,age\n".to_owned(), "income,person,buys\n".to_owned());
    for row in 0..60 {
        host += &format!("p{row},{}\n", 20 + row % 25);
        peer += &format!(
            "{},p{},{}\n",
            1000 + row % 30 * 10,
            row + 20,
            u8::from(row % 40 > 20)
        );
    }
    std::fs::write(dir.path().join("h.csv"), host).unwrap();
    std::fs::write(dir.path().join("p.csv"), peer).unwrap();
    let files = [
        "--host-data",
        "h.csv",
        "--peer-data",
        "p.csv",
        "--id",
        "person",
        "--label",
        "buys",
    ];
    let output = demo(dir.path(), &Ports::free(), &files);
    assert!(output.status.success(), "{}", crate::program::errors(&output));
    assert_eq!(json(&output)["join"]["intersection"], 40);
}

#[test]
fn what_cannot_work_is_told() {
    let told = |output: &Output, words: &[&str]| {
        assert_eq!(output.status.code(), Some(1));
        let failure = failure(output);
        let detail = failure["detail"].as_str().unwrap();
        for word in words {
            assert!(detail.contains(word), "{word:?} is not in {detail}");
        }
    };
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("a.csv"), "id,x\n1,2\n").unwrap();
    std::fs::write(dir.path().join("b.csv"), "id,y\n1,0\n").unwrap();
    std::fs::write(dir.path().join("empty.csv"), "").unwrap();
    std::fs::write(dir.path().join("header.csv"), "id,x\n").unwrap();
    let with = |host: &str, id: &str, label: &str| {
        let files = [
            "--host-data",
            host,
            "--peer-data",
            "b.csv",
            "--id",
            id,
            "--label",
            label,
        ];
        demo(dir.path(), &Ports::free(), &files)
    };
    told(&with("missing.csv", "id", "y"), &["missing.csv"]);
    told(&with("empty.csv", "id", "y"), &["empty.csv", "header"]);
    told(&with("header.csv", "id", "y"), &["header.csv", "row"]);
    told(&with("a.csv", "nr", "y"), &["nr", "id, x"]);
    told(&with("a.csv", "id", "z"), &["\"z\"", "id, x", "id, y"]);

    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    told(
        &demo(dir.path(), &Ports(free_port().to_string(), port.clone()), &[]),
        &[&port, "--peer-port"],
    );
    assert_eq!(
        run(dir.path(), &["demo", "--host-data", "a.csv"]).status.code(),
        Some(2)
    );
}
