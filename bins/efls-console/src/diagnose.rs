//! Collects what somebody needs who helps from afar, in one JSON document without secrets.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use chrono::Utc;
use console_app::diagnosis;
use console_db::{Db, unfit_tables};
use serde_json::{Value, json};

use crate::cli;
use crate::config::{self, Config, Sources};
use crate::engines::Registry;
use crate::out;

/// Each part has so long.
const WITHIN: Duration = Duration::from_secs(20);

/// Prints or writes the document. What does not work is in it, so a console that does not start can be asked as well.
///
/// # Errors
/// When the document cannot be written.
pub(crate) async fn diagnose(
    sources: &Sources,
    engines: &Registry,
    args: &cli::Diagnose,
) -> anyhow::Result<()> {
    let (settings, problems) = config::entries(sources, engines);
    let mut bundle = json!({
        "made_at": Utc::now(),
        "program": {
            "version": env!("CARGO_PKG_VERSION"),
            "os": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "processors": std::thread::available_parallelism().map_or(0, usize::from),
        },
        "settings": settings,
        "problems": problems,
    });
    // With a wrong setting it is not known which database and which process are meant.
    if let Ok(config) = config::load(sources, engines) {
        let (database, ready, metrics) = tokio::join!(
            in_time(database(&config)),
            in_time(ask(format!("{}/health/ready", config.own_url()))),
            in_time(metrics(&config)),
        );
        bundle["database"] = database;
        bundle["ready"] = ready;
        bundle["metrics"] = metrics;
    }
    let text = serde_json::to_string_pretty(&bundle)?;
    match &args.output {
        None => out::line(&text),
        Some(file) => {
            write(file, &text).with_context(|| format!("{} cannot be written", file.display()))?;
            out::note(&format!(
                "Written to {}. Read it before you pass it on.",
                file.display()
            ));
            Ok(())
        }
    }
}

/// For its owner only: it tells who works with whom.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(file)?, text.as_bytes())
}

async fn in_time(work: impl Future<Output = anyhow::Result<Value>>) -> Value {
    let error = |text: String| json!({ "error": text });
    match tokio::time::timeout(WITHIN, work).await {
        Ok(Ok(found)) => found,
        Ok(Err(found)) => error(format!("{found:#}")),
        Err(_) => error(format!("no answer within {} s", WITHIN.as_secs())),
    }
}

async fn database(config: &Config) -> anyhow::Result<Value> {
    let settings = config.database()?;
    if let Some(path) = settings.url.sqlite_path().filter(|path| !path.exists()) {
        anyhow::bail!("there is no file {}", path.display());
    }
    let db = Db::connect(&settings).await?;
    let schema = match migration::origin(db.reader()).await? {
        migration::Origin::Ours => match migration::standing(db.reader()).await {
            Ok(standing) => json!({ "pending": standing.pending, "unknown": standing.unknown }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        origin => json!({ "error": format!("a database of the original console ({origin:?})") }),
    };
    let unfit = unfit_tables(db.reader()).await?;
    let mut found = diagnosis::of_database(&db).await;
    found["kind"] = json!(format!("{:?}", db.backend()));
    found["schema"] = schema;
    found["unfit_tables"] = json!(unfit);
    db.close().await?;
    Ok(found)
}

/// What the running process says of its parts.
async fn ask(url: String) -> anyhow::Result<Value> {
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build()?;
    let answer = client.get(url).send().await?;
    let status = answer.status().as_u16();
    let said: Value = serde_json::from_str(&answer.text().await?).unwrap_or_default();
    Ok(json!({ "status": status, "parts": said["parts"] }))
}

/// The lines of `/metrics`, but for names of partners.
async fn metrics(config: &Config) -> anyhow::Result<Value> {
    let listen = &config.metrics.listen;
    if listen.is_empty() {
        return Ok(Value::Null);
    }
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build()?;
    let listen = listen.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]");
    let answer = client.get(format!("http://{listen}/metrics")).send().await?;
    let text = answer.error_for_status()?.text().await?;
    let lines = text.lines().filter(|line| !line.starts_with("efls_outbox_"));
    Ok(lines.collect())
}
