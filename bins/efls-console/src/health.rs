//! Asks the running console how it does. For service managers and for images, which have no other program to ask with.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::config::Config;
use crate::{cli, out};

/// A console that answers later is not well. The console itself gives its parts half of it.
const WITHIN: Duration = Duration::from_secs(4);

/// Succeeds when the console of this configuration, on this machine, can work; or when its process answers at all.
///
/// # Errors
/// When it does not answer, or answers that it is not ready.
pub(crate) async fn health(config: &Config, args: &cli::Health, json: bool) -> anyhow::Result<()> {
    if config.service.port == 0 {
        bail!("service.port is 0: only the console knows which port it took; set one (PORT)");
    }
    let word = if args.live { "live" } else { "ready" };
    let url = format!("{}/health/{word}", config.own_url());
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build()?;
    let answer = client.get(&url).send().await;
    let answer = answer.with_context(|| format!("no console answers at {url}"))?;
    let status = answer.status();
    let said: Value = serde_json::from_str(&answer.text().await?).unwrap_or_default();
    let parts = said["parts"].as_object().into_iter().flatten();
    let failing: Vec<&str> = parts
        .filter_map(|(name, state)| (state != "ok").then_some(name.as_str()))
        .collect();
    if !failing.is_empty() {
        bail!(
            "the console at {url} is not ready: {}; its log says why",
            failing.join(", ")
        );
    }
    if !status.is_success() {
        bail!("{url} answers {status}; is another program running there?");
    }
    if json {
        out::line(&json!({ word: true }).to_string())
    } else {
        out::line(&format!("The console is {word}."))
    }
}
