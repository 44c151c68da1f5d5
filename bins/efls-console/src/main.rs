//! The console as a program: sub-commands, configuration and wiring. Holds no query, no route and no business rule.

mod admin;
mod adopt;
mod cli;
mod config;
mod connections;
mod console;
mod demo;
mod failure;
mod health;
mod out;
mod serve;
mod telemetry;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use cli::{Cli, Command};
use config::{Config, Problems, Sources};
use failure::WRONG_CONFIGURATION;

/// It gives memory back to the system soon after a burst of requests. The C library's keeps most of it for good.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What blocks a thread at the very end is waited for so long.
const LAST_WAIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::wrong_command_line(&error),
    };
    let json = cli.json;
    // Fails only where there is a provider already, which is then the one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(cli) {
        Ok(code) => code,
        Err(error) => failure::report(&error, json),
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let json = cli.json;
    let mut sources = Sources::of_process();
    if let Some(dir) = cli.config_dir {
        sources.dir = dir;
        sources.dir_from = Some("flag --config-dir");
    }
    match cli.command {
        Command::Openapi => out::line(&console_api::openapi().to_pretty_json()?)?,
        Command::Config(cli::Config::Check) => return check(&sources, json),
        Command::Config(cli::Config::Show) => return show(&sources, json),
        Command::Demo(args) => block_on(2, demo::run(args, json))?,
        Command::Serve(args) => {
            let sources = sources
                .with_flag("service.host", args.host, "--host")
                .with_flag("service.port", args.port, "--port")
                .with_flag("service.base_path", args.base_path, "--base-path")
                .with_flag("service.base_url", args.base_url, "--base-url");
            let config = configured(&sources)?;
            block_on(2, serve::serve(config, json, args.until_stdin_closes))?;
        }
        Command::Health(args) => {
            let config = config::load(&sources)?;
            block_on(1, health::health(&config, &args, json))?;
        }
        Command::Migrate => {
            let config = configured(&sources)?;
            block_on(1, admin::migrate(&config, json))?;
        }
        Command::Adopt(args) => {
            let config = configured(&sources)?;
            block_on(1, adopt::adopt(&config, args, json))?;
        }
        Command::User(command) => {
            let config = configured(&sources)?;
            block_on(1, admin::user(&config, command, json))?;
        }
        Command::Partner(command) => {
            let config = configured(&sources)?;
            block_on(1, admin::partner(&config, command, json))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn configured(sources: &Sources) -> anyhow::Result<Config> {
    let config = config::load(sources)?;
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

fn check(sources: &Sources, json: bool) -> anyhow::Result<ExitCode> {
    let problems = match config::load(sources) {
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

fn show(sources: &Sources, json: bool) -> anyhow::Result<ExitCode> {
    let (entries, problems) = config::entries(sources);
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
