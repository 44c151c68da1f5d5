//! A console as a process of its own, and its operator API.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::load::{PASSWORD, Request};
use crate::wire::ROLE;

/// The program, built with the benchmark.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_efls-console");
/// The account that everything is done with.
pub(crate) const USER: &str = "bench";

const START_BOUND: Duration = Duration::from_secs(60);
const WAIT_BOUND: Duration = Duration::from_secs(60);
const END_BOUND: Duration = Duration::from_secs(30);
/// How often a console that starts is asked.
const ASK_EVERY: Duration = Duration::from_millis(1);
/// How often something that will happen is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a console is started with.
#[derive(Clone)]
pub(crate) struct Place {
    /// The console's name.
    pub(crate) name: String,
    /// The folder of what it stores.
    pub(crate) dir: PathBuf,
    /// Its database.
    pub(crate) database: String,
}

/// Which program is the console.
pub(crate) enum Play {
    /// The one that is released.
    Program,
    /// The benchmark itself, which is a console with one more engine when it is told so.
    Own,
}

/// A running console.
pub(crate) struct Console {
    /// Where it is.
    pub(crate) address: String,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
    child: Child,
    log: PathBuf,
    http: Client,
    token: String,
}

impl Console {
    /// Starts a console and waits for its first answer. Nobody is signed in.
    pub(crate) async fn start(place: &Place) -> anyhow::Result<Self> {
        Self::start_as(place, &Play::Program).await
    }

    async fn start_as(place: &Place, play: &Play) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&place.dir)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let address = format!("http://127.0.0.1:{port}");
        let log = place.dir.join("console.log");
        let mut command = command(place, &log, play)?;
        command.args(["serve", "--until-stdin-closes", "--port", &port.to_string()]);
        let begun = Instant::now();
        let mut console = Self {
            address,
            started_in: Duration::ZERO,
            child: command.spawn().context("a console cannot be started")?,
            log,
            http: client()?,
            token: String::new(),
        };
        while !console.is_healthy().await {
            ensure!(
                begun.elapsed() < START_BOUND,
                "a console did not start; see {}",
                console.log.display()
            );
            if let Some(status) = console.child.try_wait()? {
                let said = std::fs::read_to_string(&console.log).unwrap_or_default();
                bail!("a console ended at once ({status}): {said}");
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        console.started_in = begun.elapsed();
        Ok(console)
    }

    /// Starts a console and signs in; on a new database makes the account first.
    pub(crate) async fn start_signed_in(place: &Place) -> anyhow::Result<Self> {
        Self::start_signed_in_as(place, &Play::Program).await
    }

    /// As [`start_signed_in`](Self::start_signed_in), with a program of choice.
    pub(crate) async fn start_signed_in_as(place: &Place, play: &Play) -> anyhow::Result<Self> {
        let mut console = Self::start_as(place, play).await?;
        let needed = console.get("setup").await?["needed"] == true;
        if needed {
            let log = place.dir.join("user.log");
            let mut create = command(place, &log, play)?;
            create
                .args(["user", "create", USER, "--role", "root"])
                .env("EFLS_PASSWORD", PASSWORD);
            ensure!(
                create.status()?.success(),
                "no account could be made; see {}",
                log.display()
            );
        }
        let session = console.post("session", &credentials()).await?;
        text(&session, "token")?.clone_into(&mut console.token);
        Ok(console)
    }

    async fn is_healthy(&self) -> bool {
        let answer = self.http.get(format!("{}/health", self.address)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The digest of the token, which is the id of the session.
    pub(crate) fn session_id(&self) -> String {
        use sha2::{Digest, Sha256};
        hex::encode(Sha256::digest(self.token.as_bytes()))
    }

    /// A load of GET requests.
    pub(crate) fn load(&self, path: &str, at_a_time: usize) -> Request {
        Request {
            url: format!("{}/api/v1/{path}", self.address),
            token: Some(self.token.clone()),
            body: None,
            at_a_time,
        }
    }

    /// A request to the operator API.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v1/{path}", self.address));
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
    }

    /// Reads something.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        answer(self.request(Method::GET, path)).await
    }

    /// Does something.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        answer(self.request(Method::POST, path).json(body)).await
    }

    /// Waits until something is as it should be.
    pub(crate) async fn wait(&self, path: &str, is: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        self.wait_within(WAIT_BOUND, path, is).await
    }

    /// Waits until something is as it should be, or has failed to be for this long.
    pub(crate) async fn wait_within(
        &self,
        bound: Duration,
        path: &str,
        is: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let begun = Instant::now();
        loop {
            let found = self.get(path).await?;
            if is(&found) {
                return Ok(found);
            }
            ensure!(begun.elapsed() < bound, "{path} stays as it is: {found}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until there is something in a list.
    pub(crate) async fn wait_for(&self, list: &str, is: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let found = self.wait(list, |page| items(page).any(&is)).await?;
        Ok(items(&found).find(|item| is(item)).cloned().unwrap_or_default())
    }

    /// A figure of the process's memory in MiB; none where the system does not tell it.
    pub(crate) fn memory(&self, figure: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
        let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib / 1024.0)
    }

    /// How long the process's threads have computed; none where the system does not tell it.
    pub(crate) fn cpu_seconds(&self) -> Option<f64> {
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // Behind the name in brackets, which may hold anything; the 14th and 15th field of all.
        let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<f64>().ok();
        Some((next()? + next()?) / TICKS_PER_SECOND)
    }

    /// Ends it in order.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                ensure!(
                    status.success(),
                    "a console ended badly; see {}",
                    self.log.display()
                );
                return Ok(());
            }
            ensure!(
                begun.elapsed() < END_BOUND,
                "a console did not end; see {}",
                self.log.display()
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // Neither is possible when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is sent to sign in.
pub(crate) fn credentials() -> Value {
    json!({ "name": USER, "password": PASSWORD })
}

/// The items of a list.
pub(crate) fn items(page: &Value) -> impl Iterator<Item = &Value> {
    page.as_array()
        .or_else(|| page["items"].as_array())
        .into_iter()
        .flatten()
}

/// A text of an object that must have it.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("{value} lacks {key:?}"))
}

fn client() -> anyhow::Result<Client> {
    Ok(Client::builder().no_proxy().build()?)
}

/// The program in its place, with nothing of this process's environment that would change what it does.
fn command(place: &Place, log: &Path, play: &Play) -> anyhow::Result<Command> {
    let log: File = OpenOptions::new().create(true).append(true).open(log)?;
    // A folder of its own without any file, or what lies in ./config would count.
    let config = place.dir.join("config");
    std::fs::create_dir_all(&config)?;
    let mut command = match play {
        Play::Program => Command::new(PROGRAM),
        Play::Own => Command::new(std::env::current_exe()?),
    };
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME"));
    if matches!(play, Play::Own) {
        command.env(ROLE, "console");
    }
    command
        .env("EFLS_CONFIG_DIR", config)
        .env("EFLS_SERVICE__NAME", &place.name)
        .env("EFLS_DATABASE__URL", &place.database)
        .env("EFLS_STORAGE__LOCAL__DIR", place.dir.join("objects"))
        .env("EFLS_ENGINES__LOCAL__WORK_DIR", place.dir.join("work"))
        .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true")
        // Nobody is there to be asked.
        .env("EFLS_FEDERATION__START_ON_PARTNER_REQUEST", "always")
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command)
}

/// The answer, which must be a good one.
pub(crate) async fn answer(request: RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().clone());
    let is_json = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    let body = answer.text().await?;
    ensure!(status.is_success(), "{url} answers {status}: {body}");
    Ok(if is_json {
        serde_json::from_str(&body)?
    } else {
        Value::Null
    })
}
