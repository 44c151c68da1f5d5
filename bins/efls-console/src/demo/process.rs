//! The two consoles as processes of this program.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde::Deserialize;
use tokio::sync::oneshot;

use super::folder::Folder;
use crate::out::private_folder;

/// A console that does not say within this time that it is ready has failed.
const START_BOUND: Duration = Duration::from_secs(60);
const END_BOUND: Duration = Duration::from_secs(20);
/// How often a process is asked whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Variables that would change what the consoles do.
const FOREIGN: [&str; 10] = [
    "ENV",
    "STATIC",
    "PORT",
    "BASE_URL",
    "BASE-URL",
    "RUST_LOG",
    "MYSQL_SERVICE_HOST",
    "MYSQLPEER_SERVICE_HOST",
    "MINIO_SERVICE_SERVICE_HOST",
    "MALLOC_ARENA_MAX",
];

/// What a console says when it is ready.
#[derive(Clone, Deserialize)]
pub(super) struct Place {
    /// Where it is.
    pub(super) address: String,
    /// Good for the first account, if there is none.
    pub(super) setup_code: Option<String>,
}

/// One console.
struct Process {
    place: Place,
    side: &'static str,
    log: Log,
    child: Child,
    // The console ends when this is closed, also when this program is killed.
    stdin: Option<ChildStdin>,
}

/// Both consoles.
pub(super) struct Running {
    host: Process,
    peer: Process,
}

impl Running {
    /// Starts both and waits until they are ready.
    pub(super) async fn start(folder: &Folder, host_port: u16, peer_port: u16) -> anyhow::Result<Self> {
        let (host, peer) = tokio::join!(
            Process::start("host", folder, host_port),
            Process::start("peer", folder, peer_port)
        );
        Ok(Self {
            host: host?,
            peer: peer?,
        })
    }

    /// Where they are, the host's first.
    pub(super) fn places(&self) -> [Place; 2] {
        [self.host.place.clone(), self.peer.place.clone()]
    }

    /// Waits until one of them has ended, which neither should.
    pub(super) async fn one_ended(&mut self) -> anyhow::Error {
        tokio::select! {
            error = self.host.ended() => error,
            error = self.peer.ended() => error,
        }
    }

    /// Ends both.
    pub(super) async fn stop(&mut self) {
        tokio::join!(self.host.stop(), self.peer.stop());
    }
}

impl Process {
    async fn start(side: &'static str, folder: &Folder, port: u16) -> anyhow::Result<Self> {
        let dir = folder.of(side);
        // The console demands the folder of its configuration, in which nothing need be.
        private_folder(&dir.join("config"))?;
        let (log, log_file) = Log::open(dir.join("console.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "serve",
            "--json",
            "--until-stdin-closes",
            "--port",
            &port.to_string(),
        ]);
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("EFLS_") || FOREIGN.contains(&name))
            {
                command.env_remove(name);
            }
        }
        let at = |name: &str| dir.join(name).display().to_string();
        command
            .env("EFLS_CONFIG_DIR", at("config"))
            .env("EFLS_SERVICE__NAME", side)
            .env("EFLS_DATABASE__URL", format!("sqlite:{}", at("console.db")))
            .env("EFLS_STORAGE__LOCAL__DIR", at("objects"))
            .env("EFLS_ENGINES__LOCAL__WORK_DIR", at("work"))
            .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log_file);
        // Ctrl-C is for the demo, which ends them in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .with_context(|| format!("the {side}'s console cannot be started"))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("a process without an output")?;
        // From here on the process ends with its `Process`, whatever happens.
        let place = Place {
            address: String::new(),
            setup_code: None,
        };
        let mut process = Self {
            place,
            side,
            log,
            child,
            stdin,
        };
        let Ok(Some(line)) = tokio::time::timeout(START_BOUND, first_line(stdout)).await else {
            process.stop().await;
            bail!("the {side}'s console did not start; {}", process.end());
        };
        process.place = serde_json::from_str(&line)?;
        Ok(process)
    }

    async fn ended(&mut self) -> anyhow::Error {
        // A process that cannot be asked has ended as well.
        while matches!(self.child.try_wait(), Ok(None)) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let end = self.end();
        anyhow!("the {}'s console has ended; {end}", self.side)
    }

    /// How it ended, and what it said last.
    fn end(&mut self) -> String {
        // Statuses of Unix tell an exit from a signal in their own words.
        let how = match self.child.try_wait() {
            Ok(Some(status)) => status.to_string(),
            Ok(None) | Err(_) => "it still runs".to_owned(),
        };
        format!("{how}; {}", self.log.last_words())
    }

    async fn stop(&mut self) {
        drop(self.stdin.take());
        // What it does not finish in time is taken up at the next start.
        let _ = tokio::time::timeout(END_BOUND, self.ended()).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Neither is possible when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line of an output, if there is one. What follows is read and dropped, so that nobody waits for a reader.
async fn first_line(output: ChildStdout) -> Option<String> {
    let (send, receive) = oneshot::channel();
    std::thread::spawn(move || {
        let mut lines = std::io::BufReader::new(output).lines();
        let first = lines.next().and_then(Result::ok);
        // Nobody waits for it any more when it comes too late.
        let _ = send.send(first);
        lines.for_each(drop);
    });
    receive.await.ok().flatten()
}

/// A console's log. Runs before this one have left their lines in it.
struct Log {
    path: PathBuf,
    begin: u64,
}

impl Log {
    fn open(path: PathBuf) -> std::io::Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        let begin = file.metadata()?.len();
        Ok((Self { path, begin }, file))
    }

    /// The end of this run's lines, which says why a console has ended.
    fn last_words(&self) -> String {
        let text = self.text().unwrap_or_default();
        let line = text
            .lines()
            .rev()
            .find(|line| line.starts_with("efls-console:"))
            .or_else(|| text.lines().last());
        match line {
            Some(line) => format!("its last words in {}: {line}", self.path.display()),
            None => format!("it said nothing in {}", self.path.display()),
        }
    }

    fn text(&self) -> std::io::Result<String> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.begin))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_last_words_are_those_of_this_run() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("console.log");
        std::fs::write(&path, "efls-console: an old failure\n").unwrap();
        let (log, mut file) = Log::open(path).unwrap();
        assert!(
            log.last_words().starts_with("it said nothing"),
            "{}",
            log.last_words()
        );
        file.write_all(b"ready\nending\n").unwrap();
        assert!(log.last_words().ends_with(": ending"), "{}", log.last_words());
        file.write_all(b"efls-console: the port is taken\nmore\n")
            .unwrap();
        assert!(
            log.last_words().ends_with("efls-console: the port is taken"),
            "{}",
            log.last_words()
        );
    }
}
