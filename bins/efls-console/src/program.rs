//! The program: what each sub-command starts.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde::Serialize;
use serde::de::DeserializeOwned;
use task_interface::Engine;

use crate::cli::{self, Cli, Command};
use crate::config::{self, Config, Problems, Sources};
use crate::engines::{Plug, Registry};
use crate::failure::{self, WRONG_CONFIGURATION};
use crate::{admin, adopt, demo, diagnose, health, out, serve, telemetry};

/// What blocks a thread at the very end is waited for so long.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// A console's program: the engine that is built in, and those that are added.
pub struct Program {
    engines: Registry,
}

impl Default for Program {
    fn default() -> Self {
        Self::new()
    }
}

impl Program {
    /// A program with the built-in engine alone, which `engines.local.enabled = false` turns off.
    #[must_use]
    pub fn new() -> Self {
        Self {
            engines: Registry::built_in(),
        }
    }

    /// Adds an engine. Its settings are the section `[engines.<name>]`, read into a struct of the engine's own: the fields
    /// of its `Default` are the settings that there are, and their defaults. They may be texts, whole numbers from 0, numbers,
    /// truth values, lists of texts, and structs of these; each can be set by file and by environment variable, and
    /// `config show` lists it. A setting whose name contains `secret`, `password`, `token` or `key` is not shown. The
    /// section also has the setting `enabled`, which the console looks after.
    ///
    /// `make` is called when a console is opened. The name must be the one that the engine describes itself by.
    #[must_use]
    pub fn engine<S, E, X>(
        mut self,
        name: &'static str,
        make: impl Fn(S) -> Result<E, X> + Send + Sync + 'static,
    ) -> Self
    where
        S: Serialize + DeserializeOwned + Default,
        E: Engine,
        X: Into<anyhow::Error>,
    {
        self.engines.add(Plug::new(name, make));
        self
    }

    /// Does what the command line says, and gives the code to end with.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let cli = match Cli::try_parse() {
            Ok(cli) => cli,
            Err(error) => return failure::wrong_command_line(&error),
        };
        let json = cli.json;
        // Fails only where there is a provider already, which is then the one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match run(cli, &self.engines) {
            Ok(code) => code,
            Err(error) => failure::report(&error, json),
        }
    }
}

fn run(cli: Cli, engines: &Registry) -> anyhow::Result<ExitCode> {
    let json = cli.json;
    let mut sources = Sources::of_process();
    if let Some(dir) = cli.config_dir {
        sources.dir = dir;
        sources.dir_from = Some("flag --config-dir");
    }
    match cli.command {
        Command::Openapi => out::line(&console_api::openapi().to_pretty_json()?)?,
        Command::Config(cli::Config::Check) => return check(&sources, engines, json),
        Command::Config(cli::Config::Show) => return show(&sources, engines, json),
        Command::Demo(args) => block_on(2, demo::run(args, json))?,
        Command::Serve(args) => {
            let sources = sources
                .with_flag("service.host", args.host, "--host")
                .with_flag("service.port", args.port, "--port")
                .with_flag("service.base_path", args.base_path, "--base-path")
                .with_flag("service.base_url", args.base_url, "--base-url");
            let config = configured(&sources, engines)?;
            block_on(2, serve::serve(config, json, args.until_stdin_closes))?;
        }
        Command::Health(args) => {
            let config = config::load(&sources, engines)?;
            block_on(1, health::health(&config, &args, json))?;
        }
        Command::Diagnose(args) => block_on(1, diagnose::diagnose(&sources, engines, &args))?,
        Command::Migrate => {
            let config = configured(&sources, engines)?;
            block_on(1, admin::migrate(&config, json))?;
        }
        Command::Adopt(args) => {
            let config = configured(&sources, engines)?;
            block_on(1, adopt::adopt(&config, args, json))?;
        }
        Command::User(command) => {
            let config = configured(&sources, engines)?;
            block_on(1, admin::user(&config, command, json))?;
        }
        Command::Partner(command) => {
            let config = configured(&sources, engines)?;
            block_on(1, admin::partner(&config, command, json))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn configured(sources: &Sources, engines: &Registry) -> anyhow::Result<Config> {
    let config = config::load(sources, engines)?;
    telemetry::start(&config.log);
    Ok(config)
}

/// Few threads: what computes for long has threads of its own, and a console that is idle should be small.
fn block_on(threads: usize, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_WAIT);
    result
}

fn check(sources: &Sources, engines: &Registry, json: bool) -> anyhow::Result<ExitCode> {
    let problems = match config::load(sources, engines) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0,
    };
    if json {
        let report = serde_json::json!({ "valid": problems.is_empty(), "problems": problems });
        out::line(&report.to_string())?;
    } else if problems.is_empty() {
        out::line("The configuration is valid.")?;
    } else {
        out::line(&Problems(problems.clone()).to_string())?;
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(WRONG_CONFIGURATION)
    })
}

fn show(sources: &Sources, engines: &Registry, json: bool) -> anyhow::Result<ExitCode> {
    let (entries, problems) = config::entries(sources, engines);
    if json {
        let report = serde_json::json!({ "settings": entries, "problems": problems });
        out::line(&report.to_string())?;
    } else {
        let lines = entries
            .iter()
            .map(|entry| format!("{} = {}  # {}", entry.key, entry.value, entry.source));
        out::line(&lines.collect::<Vec<_>>().join("\n"))?;
    }
    if problems.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if !json {
        out::note(&format!("efls-console: {}", Problems(problems)));
    }
    Ok(ExitCode::from(WRONG_CONFIGURATION))
}
