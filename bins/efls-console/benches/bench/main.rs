//! How fast the console is: each figure beside what it could be at best on the same machine, measured in the same run.
//!
//! `make bench` runs it, `make bench-join` its part `join`. Real consoles, built for release, are started as processes;
//! `oha` sends them requests; databases are filled through the real migrations.

mod channel;
mod console;
mod database;
mod join;
mod limits;
mod load;
mod objects;
mod pages;
mod pair;
mod process;
mod report;
mod runs;
mod sample;
mod seed;
mod wire;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use console::Place;
use database::Databases;
use load::Pace;
use pages::Filled;
use pair::Pair;
use report::{Row, grouped};

/// Measures a console.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    /// Also write the figures to a file, as JSON.
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    scale: Scale,
    /// Cargo says so.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Args)]
struct Scale {
    /// `sqlite`, `mysql` or `postgres`; the servers' addresses are EFLS_TEST_MYSQL_URL and EFLS_TEST_POSTGRES_URL.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Rows of the small table of runs.
    #[arg(long, default_value_t = 10_000)]
    few: u64,
    /// Rows of the large table of runs.
    #[arg(long, default_value_t = 1_000_000)]
    many: u64,
    /// How often each load runs; the medians count.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each load runs each time.
    #[arg(long, default_value_t = 2)]
    seconds: u64,
}

#[derive(Subcommand)]
enum Part {
    /// A large join through two consoles.
    Join {
        /// Ids on each side.
        #[arg(default_value_t = 1_000_000)]
        ids: u64,
    },
    /// Messages of engines through two consoles, and a training.
    Channel,
}

fn main() -> anyhow::Result<ExitCode> {
    // The consoles with an engine of the benchmark and the echo are this program as well.
    if let Some(code) = wire::played() {
        return Ok(code);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(measure())?;
    Ok(ExitCode::SUCCESS)
}

async fn measure() -> anyhow::Result<()> {
    let Arguments {
        part, json, scale, ..
    } = Arguments::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::Builder::new()
        .prefix("efls-bench-")
        .tempdir_in(place_for_data())?;
    let begun = Instant::now();
    let (rows, kind) = match part {
        Some(Part::Join { ids }) => (join::measure(folder.path(), ids).await?, "sqlite".to_owned()),
        Some(Part::Channel) => (channel::measure(folder.path()).await?, "sqlite".to_owned()),
        None => {
            let mut databases = Databases::new(&scale.database, folder.path().to_owned())?;
            let rows = consoles(&scale, folder.path(), &mut databases).await;
            databases.drop_all().await?;
            (rows?, databases.kind)
        }
    };
    let cores = std::thread::available_parallelism()?.get();
    println!(
        "\n{kind}, {cores} cores, {:.0} s; no request and no run failed\n\n{}",
        begun.elapsed().as_secs_f64(),
        report::table(&rows)
    );
    if let Some(file) = json {
        let about = json!({ "database": kind, "cores": cores, "version": env!("CARGO_PKG_VERSION") });
        std::fs::write(&file, format!("{:#}\n", report::json(&rows, about)))?;
        println!("Written to {}", file.display());
    }
    Ok(())
}

/// On the disk of the build, not in a temporary folder in memory: real databases are on disks.
fn place_for_data() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn say(what: &str) {
    eprintln!("bench: {what}");
}

async fn consoles(scale: &Scale, folder: &Path, databases: &mut Databases) -> anyhow::Result<Vec<Row>> {
    let pace = Pace {
        rounds: scale.rounds,
        time: Duration::from_secs(scale.seconds),
    };
    let few = filled(databases, folder, "few", scale.few).await?;
    let many = filled(databases, folder, "many", scale.many).await?;
    say("start and memory");
    let mut rows = vec![
        process::start(&few, scale.few).await?,
        process::start(&many, scale.many).await?,
    ];
    rows.extend(process::idle_memory(&many).await?);

    let few = Filled::start(&few, scale.few).await?;
    let many = Filled::start(&many, scale.many).await?;
    say("requests");
    rows.push(pages::health(pace, &few.console).await?);
    rows.extend(pages::small_lists(pace, &few).await?);
    say("lists of runs");
    rows.extend(pages::instance_lists(pace, &few, &many).await?);
    rows.extend(process::loaded_memory("lists", &many.console));
    say("sign-in");
    rows.push(pages::sign_in(pace, &few).await?);
    rows.extend(process::loaded_memory("sign-ins", &few.console));
    few.console.stop().await?;
    say("objects");
    rows.extend(objects::up_and_down(&many.console, folder).await?);
    many.console.stop().await?;

    say("runs through two consoles");
    let (host, peer) = (
        place(databases, folder, "host").await?,
        place(databases, folder, "peer").await?,
    );
    let (alone, _) = databases.make("alone").await?;
    let alone = Databases::open(&alone).await?;
    let pair = Pair::start(&host, &peer).await?;
    rows.extend(runs::through(&pair, &alone).await?);
    rows.extend(process::loaded_memory("runs", &pair.host));
    pair.stop().await?;
    say("messages of engines, and a training");
    rows.extend(channel::measure(folder).await?);
    Ok(rows)
}

/// A place with a database that has the schema and nothing else.
async fn place(databases: &mut Databases, folder: &Path, name: &str) -> anyhow::Result<Place> {
    let (database, db) = databases.make(name).await?;
    db.close().await?;
    Ok(Place {
        name: name.to_owned(),
        dir: folder.join(name),
        database,
    })
}

async fn filled(databases: &mut Databases, folder: &Path, name: &str, rows: u64) -> anyhow::Result<Place> {
    let begun = Instant::now();
    let (database, db) = databases.make(name).await?;
    seed::fill(&db, rows).await?;
    db.close().await?;
    say(&format!(
        "{} runs written in {:.1} s",
        grouped(rows),
        begun.elapsed().as_secs_f64()
    ));
    Ok(Place {
        name: name.to_owned(),
        dir: folder.join(name),
        database,
    })
}
