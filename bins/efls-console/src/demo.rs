//! Two consoles on this machine pair, join two data sets and train a model.
//!
//! Each console is a process of its own, exactly as two organisations would run it; everything is done through the
//! operator API, as a person would. Nothing is remembered beside what the consoles store and the passwords: a second run
//! asks the consoles what is there and goes on from it.

mod api;
mod data;
mod folder;
mod pair;
mod process;
mod progress;
mod report;
mod task;
mod train;

use std::time::Duration;

use anyhow::{Context, bail};

use crate::cli::Demo;
use crate::out;
use api::Console;
use data::Tables;
use folder::Folder;
use pair::Link;
use process::{Place, Running};
use progress::Progress;
use report::Report;

/// The end of a process is seen within this time.
const END_SEEN_WITHIN: Duration = Duration::from_millis(500);

/// Runs the demonstration.
///
/// # Errors
/// Says in one line what does not work and what to do.
pub(crate) async fn run(args: Demo, json: bool) -> anyhow::Result<()> {
    let progress = Progress::new(json);
    let tables = Tables::read(&args)?;
    let folder = Folder::open(&args.dir)?;
    let mut running = start(&args, &folder, &progress).await?;
    let at = running.places();
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let report = tokio::select! {
        report = cooperate(&at, &folder, &tables, &progress) => report,
        ended = running.one_ended() => Err(ended),
        _ = &mut interrupted => Err(anyhow::anyhow!("interrupted; run it again to go on from here")),
    };
    progress.clear();
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            // A console that has ended is the reason, whatever it was that failed first.
            let ended = tokio::time::timeout(END_SEEN_WITHIN, running.one_ended()).await;
            running.stop().await;
            return Err(ended.unwrap_or(error));
        }
    };
    out::line(&if json {
        report.json().to_string()
    } else {
        report.text()
    })?;
    if !args.once {
        say(json, &folder.sign_ins(&report.host_url, &report.peer_url))?;
        tokio::select! {
            ended = running.one_ended() => return Err(ended),
            _ = &mut interrupted => {}
        }
        say(json, "Ending both consoles.")?;
    }
    running.stop().await;
    Ok(())
}

/// Tells the person, beside the result of a program.
fn say(json: bool, text: &str) -> anyhow::Result<()> {
    if json {
        out::note(text);
        Ok(())
    } else {
        out::line(text)
    }
}

async fn start(args: &Demo, folder: &Folder, progress: &Progress) -> anyhow::Result<Running> {
    for (side, port, flag) in [
        ("host", args.host_port, "--host-port"),
        ("peer", args.peer_port, "--peer-port"),
    ] {
        if let Err(error) = std::net::TcpListener::bind(("127.0.0.1", port)) {
            bail!(
                "port {port}, where the {side}'s console should be, cannot be used ({error}); stop the program that \
                 has it, or choose another port with {flag}"
            );
        }
    }
    progress.say("Starting two consoles");
    Running::start(folder, args.host_port, args.peer_port).await
}

/// Does everything that is not done yet.
async fn cooperate(
    [host_at, peer_at]: &[Place; 2],
    folder: &Folder,
    tables: &Tables,
    progress: &Progress,
) -> anyhow::Result<Report> {
    let host = Console::sign_in("host", host_at, folder.password("host")).await?;
    let peer = Console::sign_in("peer", peer_at, folder.password("peer")).await?;
    progress.say("Pairing the consoles by invitation");
    pair::partners(&host, &peer).await?;
    let (host_project, peer_project) = pair::project(&host, &peer).await?;
    let link = Link {
        host,
        peer,
        host_project,
        peer_project,
    };
    progress.say("Registering the data sets");
    let host_uri = link.host.upload(&tables.host).await?;
    let peer_uri = link.peer.upload(&tables.peer).await?;

    progress.say("Joining the data sets privately");
    let joined = task::join(&link, tables, [host_uri, peer_uri], progress)
        .await
        .context("the join")?;
    progress.done(&format!(
        "Joined: {} of the host's {} rows and the peer's {} are the same",
        joined.intersection, joined.host_rows, joined.peer_rows
    ));
    if joined.intersection == 0 {
        bail!(
            "the two tables have no id in common, so there is nothing to train on; is --id the right column?"
        );
    }
    progress.say("Training a model together");
    let trained = train::train(&link, tables, &joined, progress)
        .await
        .context("the training")?;
    progress.done(&format!(
        "Trained: {} epochs, both sides together",
        trained.epochs
    ));
    Ok(Report {
        joined,
        trained,
        host_url: host_at.address.clone(),
        peer_url: peer_at.address.clone(),
    })
}
