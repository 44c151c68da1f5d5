//! The streams that this process has opened to partners. A stream that does not come up, or breaks, costs nothing but that
//! messages go by calls until the next one is up.

mod run;
mod traffic;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use console_db::entity::partner;
use console_model::{InstanceId, PartnerId, PartnerTrust};
use console_peer::Word;
use console_peer::client::{CallOptions, Hearing, Partner, PeerError, Saying};
use console_peer::ext::Capability;
use console_peer::identity::PublicKey;
use console_peer::stream::Item;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(in crate::instances) use run::Answers;
pub use traffic::{Counts, Traffic};

use crate::{App, AppError, partners};

/// So many items wait for the stream; runs take turns in it.
const QUEUED: usize = 64;
/// How often it is looked at whether the partner is still trusted and where it was.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a partner's announcement may take.
const HELLO: Duration = Duration::from_secs(10);
/// A stream on which nothing came for so long is broken: pings are answered.
const SILENT: Duration = Duration::from_secs(50);
/// A stream that no run uses is closed after a while.
const UNUSED: Duration = Duration::from_secs(300);
/// A stream that broke after a shorter time than this counts as one that did not come up.
const LIVED: Duration = Duration::from_secs(10);

type Runs = Mutex<HashMap<(InstanceId, u32), Arc<Answers>>>;

/// An open stream to a partner.
pub(in crate::instances) struct Link {
    items: mpsc::Sender<Item>,
    runs: Runs,
    closed: CancellationToken,
}

enum Slot {
    /// It is being opened.
    Opening,
    Open(Arc<Link>),
    /// It did not come up: not before a moment, and twice as long after the next time.
    Waiting(Instant, Duration),
}

/// The streams by partner.
#[derive(Default)]
pub(in crate::instances) struct Links(Mutex<HashMap<PartnerId, Slot>>);

impl Links {
    /// The stream to a partner, if it is up. Otherwise one is opened, unless the last try was a short time ago.
    pub(in crate::instances) fn get(app: &App, partner: &PartnerId) -> Option<Arc<Link>> {
        if !app.settings().federation.channel_stream {
            return None;
        }
        let mut slots = app.jobs().channels().links().lock();
        match slots.get(partner) {
            Some(Slot::Open(link)) if !link.closed.is_cancelled() => return Some(Arc::clone(link)),
            Some(Slot::Waiting(until, _)) if Instant::now() < *until => return None,
            Some(Slot::Open(_) | Slot::Opening) => return None,
            Some(Slot::Waiting(..)) | None => {}
        }
        let wait = match slots.insert(partner.clone(), Slot::Opening) {
            Some(Slot::Waiting(_, wait)) => (2 * wait).min(app.settings().federation.stream_retry_most),
            _ => app.settings().federation.stream_retry_first,
        };
        let (app, partner) = (app.clone(), partner.clone());
        tokio::spawn(async move {
            let next = tokio::select! {
                next = keep(&app, &partner, wait) => next,
                () = app.shutdown().cancelled() => None,
            };
            let mut slots = app.jobs().channels().links().lock();
            match next {
                Some(wait) => slots.insert(partner, Slot::Waiting(Instant::now() + wait, wait)),
                None => slots.remove(&partner),
            };
        });
        None
    }

    /// How many streams are up.
    pub(in crate::instances) fn open(&self) -> usize {
        let is_open = |slot: &&Slot| matches!(slot, Slot::Open(link) if !link.closed.is_cancelled());
        self.lock().values().filter(is_open).count()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerId, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a stream leads, and whose key answers there.
#[derive(PartialEq)]
struct Target {
    route: Partner,
    key: PublicKey,
}

fn target(row: &partner::Model) -> Result<Option<Target>, AppError> {
    let route = partners::trusted_route(row)?;
    let key = row.public_key.as_deref().map(PublicKey::parse).transpose();
    let key = key.map_err(AppError::internal)?;
    Ok(match row.trust {
        PartnerTrust::Paired => key.map(|key| Target { route, key }),
        _ => None,
    })
}

/// Opens a stream to a partner that announces that it takes one. It is asked now: it may be of another version than when we
/// heard of it last.
async fn opened(app: &App, target: &Target) -> Result<(Saying, Hearing), PeerError> {
    let options = CallOptions {
        timeout: Some(HELLO),
        ..CallOptions::default()
    };
    let hello = app.peer().hello(&target.route, &options).await?;
    if !hello
        .capabilities
        .contains(&Word::Known(Capability::ChannelStream))
    {
        return Err(PeerError::NotSpoken);
    }
    app.peer().stream_open(&target.route, &target.key).await
}

/// Opens a stream and keeps it for as long as it lasts. Gives how long to wait before the next try; none when the next run
/// may open one at once.
async fn keep(app: &App, partner: &PartnerId, wait: Duration) -> Option<Duration> {
    let opened = async {
        let row = partners::find(app.db().reader(), partner).await?;
        let Some(target) = target(&row)? else {
            return Ok(None);
        };
        let stream = self::opened(app, &target).await;
        Ok::<_, AppError>(Some((target, stream)))
    };
    let (target, (saying, hearing)) = match opened.await {
        Ok(Some((target, Ok(stream)))) => (target, stream),
        Ok(Some((_, Err(error)))) => {
            tracing::info!(partner.id = %partner, %error, "no stream to the partner: messages of engines go by calls");
            return Some(wait);
        }
        Ok(None) => return Some(wait),
        Err(error) => {
            tracing::debug!(partner.id = %partner, error = &error as &dyn std::error::Error, "no stream is opened");
            return Some(wait);
        }
    };
    let (items, queued) = mpsc::channel(QUEUED);
    let link = Arc::new(Link {
        items,
        runs: Runs::default(),
        closed: CancellationToken::new(),
    });
    // Dropped with this future: whoever uses the stream hears of its end.
    let _closing = link.closed.clone().drop_guard();
    let channels = app.jobs().channels();
    channels
        .links()
        .lock()
        .insert(partner.clone(), Slot::Open(Arc::clone(&link)));
    let began = Instant::now();
    tracing::debug!(partner.id = %partner, "a stream to the partner is up");
    let traffic = channels.traffic();
    let ended = tokio::select! {
        ended = say(saying, queued, traffic, app.settings().federation.stream_ping) => ended,
        ended = hear(hearing, &link) => ended,
        () = watch(app, partner, &target, &link) => Ok(()),
    };
    match ended {
        // Nobody uses it, or the partner is not to be called there any more.
        Ok(()) => None,
        Err(error) => {
            tracing::info!(partner.id = %partner, %error, "the stream to the partner broke");
            (began.elapsed() < LIVED).then_some(wait)
        }
    }
}

async fn say(
    mut saying: Saying,
    mut queued: mpsc::Receiver<Item>,
    traffic: &Traffic,
    ping_every: Duration,
) -> Result<(), PeerError> {
    let mut items = Vec::new();
    loop {
        match tokio::time::timeout(ping_every, queued.recv_many(&mut items, QUEUED)).await {
            Ok(0) => {
                saying.close().await;
                return Ok(());
            }
            Ok(_) => {
                traffic.said.count(&items);
                saying.say(items.drain(..)).await?;
            }
            Err(_) => saying.ping().await?,
        }
    }
}

async fn hear(mut hearing: Hearing, link: &Link) -> Result<(), PeerError> {
    loop {
        let items = tokio::time::timeout(SILENT, hearing.hear()).await;
        let items = items.map_err(|_| PeerError::Protocol("nothing was heard for too long".to_owned()))??;
        for item in items {
            match item {
                Item::Taken(at) => link.answered(at, false),
                Item::Call(at) => link.answered(at, true),
                // Messages come by the streams that the partner opens.
                Item::Message(..) | Item::Flush(_) => {}
            }
        }
    }
}

/// Returns when the stream is not to be used any more.
async fn watch(app: &App, partner: &PartnerId, target: &Target, link: &Link) {
    let mut used = Instant::now();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if link.is_used() {
            used = Instant::now();
        }
        let row = partners::find(app.db().reader(), partner).await;
        let is_same = match row {
            Ok(row) => self::target(&row).is_ok_and(|now| now.as_ref() == Some(target)),
            // It is not known; calls would not be made either.
            Err(_) => false,
        };
        if !is_same || used.elapsed() > UNUSED {
            return;
        }
    }
}
