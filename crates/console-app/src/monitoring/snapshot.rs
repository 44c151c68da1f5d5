//! What is looked at when it is asked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use console_db::{DbResult, instances, outbox, partners, utc};
use console_model::InstanceStatus;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::{App, system};

/// Partners that have series of their own: those whose oldest message waits longest. The others are one.
const PARTNERS: usize = 50;
/// The database has so long to answer.
const WITHIN: Duration = Duration::from_secs(5);

type Labels = Vec<(&'static str, String)>;

/// One metric: its name without the prefix, and what it tells.
struct Metric(&'static str, &'static str, Option<Unit>);

impl Metric {
    fn gauge(self, registry: &mut Registry, series: impl IntoIterator<Item = (Labels, f64)>) {
        let family = Family::<Labels, Gauge<f64, AtomicU64>>::default();
        for (labels, value) in series {
            family.get_or_create(&labels).set(value);
        }
        let Self(name, help, unit) = self;
        match unit {
            Some(unit) => registry.register_with_unit(name, help, unit, family),
            None => registry.register(name, help, family),
        }
    }

    fn counter(self, registry: &mut Registry, series: impl IntoIterator<Item = (Labels, u64)>) {
        let family = Family::<Labels, Counter>::default();
        for (labels, value) in series {
            family.get_or_create(&labels).inc_by(value);
        }
        registry.register(self.0, self.1, family);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of this size are exact")]
const fn number(count: usize) -> f64 {
    count as f64
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn age(since: DateTime<Utc>) -> f64 {
    (Utc::now() - since).to_std().unwrap_or_default().as_secs_f64()
}

pub(super) async fn register(app: &App, registry: &mut Registry) {
    process(app, registry);
    reconcilers(app, registry);
    connections(app, registry);
    streams(app, registry);
    let ready = system::readiness(app).await;
    let ready = ready.into_iter().map(|part| {
        (
            vec![("part", part.part.to_owned())],
            truth(part.problem.is_none()),
        )
    });
    Metric(
        "ready",
        "Whether a part of the console works (1) or not (0)",
        None,
    )
    .gauge(registry, ready);
    match tokio::time::timeout(WITHIN, stored(app)).await {
        Ok(Ok((runs, queues))) => {
            Metric("runs", "Runs, those that have ended included", None).gauge(registry, runs);
            register_queues(queues, registry);
        }
        Ok(Err(error)) => tracing::warn!(%error, "metrics of the database are left out"),
        Err(_) => tracing::warn!("metrics of the database are left out: no answer in time"),
    }
}

fn process(app: &App, registry: &mut Registry) {
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("build", "The program", build);
    let one = |value: f64| [(Labels::new(), value)];
    let started = app.jobs().started().timestamp_micros();
    #[expect(clippy::cast_precision_loss, reason = "exact for some centuries")]
    let started = started as f64 / 1e6;
    Metric(
        "process_start_time",
        "When the process began, since 1970",
        Some(Unit::Seconds),
    )
    .gauge(registry, one(started));
    let jobs = number(app.jobs().all().len());
    Metric("engine_jobs", "Runs that this process looks after", None).gauge(registry, one(jobs));
    let most = number(app.settings().runs.at_most);
    Metric(
        "engine_jobs_max",
        "Runs that this process looks after at most",
        None,
    )
    .gauge(registry, one(most));
    let refused = app.refused_requests().counts();
    let refused = refused
        .into_iter()
        .map(|(status, count)| (vec![("status", status.to_string())], count));
    let help = "Requests that were refused for want of room or time";
    Metric("refused_requests", help, None).counter(registry, refused);
    let refused = app.refused_peer_calls().load(Ordering::Relaxed);
    let help = "Calls in the name of a partner that were refused";
    Metric("refused_peer_calls", help, None).counter(registry, [(Labels::new(), refused)]);
}

fn reconcilers(app: &App, registry: &mut Registry) {
    let all = app.statuses().all();
    let named = |name: &str| vec![("reconciler", name.to_owned())];
    let ages = all.iter().filter_map(|(name, status)| {
        let age = age(status.last_pass.or(status.begun)?);
        Some((named(name), age))
    });
    let help = "Since the last pass of background work ended";
    Metric("reconciler_age", help, Some(Unit::Seconds)).gauge(registry, ages);
    let failing = all
        .iter()
        .map(|(name, status)| (named(name), truth(status.last_error.is_some())));
    let help = "Whether the last pass of background work failed (1)";
    Metric("reconciler_failing", help, None).gauge(registry, failing);
    let passes = all.iter().map(|(name, status)| (named(name), status.passes));
    Metric("reconciler_passes", "Passes of background work", None).counter(registry, passes);
}

fn connections(app: &App, registry: &mut Registry) {
    let pools = app.db().pools();
    let of = |pool: &'static str| vec![("pool", pool.to_owned())];
    let states = pools.iter().flat_map(|pool| {
        let series = |state: &str, count: u32| {
            let mut labels = of(pool.name);
            labels.push(("state", state.to_owned()));
            (labels, f64::from(count))
        };
        [
            series("idle", pool.idle),
            series("used", pool.open.saturating_sub(pool.idle)),
        ]
    });
    Metric("database_connections", "Connections to the database", None).gauge(registry, states);
    let most = pools.iter().map(|pool| (of(pool.name), f64::from(pool.most)));
    Metric(
        "database_connections_max",
        "Connections to the database at most",
        None,
    )
    .gauge(registry, most);
}

/// What crosses the streams to partners and from them.
fn streams(app: &App, registry: &mut Registry) {
    let channels = app.jobs().channels();
    let way = |direction: &str| vec![("direction", direction.to_owned())];
    let up = [
        (way("to_partners"), number(channels.opened())),
        (way("from_partners"), number(channels.heard())),
    ];
    Metric(
        "engine_streams",
        "Streams for messages of engines that are up",
        None,
    )
    .gauge(registry, up);
    let traffic = channels.traffic();
    let (said, heard) = (traffic.said.read(), traffic.heard.read());
    let messages = [(way("to_partners"), said.0), (way("from_partners"), heard.0)];
    let help = "Messages of engines that crossed a stream";
    Metric("engine_stream_messages", help, None).counter(registry, messages);
    let bytes = [(way("to_partners"), said.1), (way("from_partners"), heard.1)];
    let help = "Bytes of messages of engines that crossed a stream";
    Metric("engine_stream_bytes", help, None).counter(registry, bytes);
}

/// What waits for one partner, or for all those that have no series of their own.
struct Queue {
    partner: String,
    name: String,
    messages: i64,
    oldest: f64,
}

async fn stored(app: &App) -> DbResult<(Vec<(Labels, f64)>, Vec<Queue>)> {
    let db = app.db().reader();
    let counts: HashMap<i16, i64> = instances::count_by_status(db).await?.into_iter().collect();
    let runs = InstanceStatus::ALL.iter().map(|status| {
        let count = counts.get(&status.number()).copied().unwrap_or_default();
        let count = number(usize::try_from(count).unwrap_or_default());
        (vec![("state", status.word().to_owned())], count)
    });
    let mut waiting = outbox::waiting_by_partner(db).await?;
    waiting.sort_by_key(|waiting| waiting.oldest);
    let mut queues = Vec::new();
    let mut others: Option<Queue> = None;
    for (place, waiting) in waiting.into_iter().enumerate() {
        if place < PARTNERS {
            let name = partners::name(db, &waiting.partner_id).await?;
            queues.push(Queue {
                partner: waiting.partner_id.into(),
                name: name.unwrap_or_default(),
                messages: waiting.messages,
                oldest: age(utc(waiting.oldest)),
            });
        } else {
            // The first of them is the oldest.
            let others = others.get_or_insert_with(|| Queue {
                partner: "other".to_owned(),
                name: "other".to_owned(),
                messages: 0,
                oldest: age(utc(waiting.oldest)),
            });
            others.messages += waiting.messages;
        }
    }
    queues.extend(others);
    Ok((runs.collect(), queues))
}

fn register_queues(queues: Vec<Queue>, registry: &mut Registry) {
    let labels = |queue: &Queue| vec![("partner", queue.partner.clone()), ("name", queue.name.clone())];
    let depth = queues.iter().map(|queue| {
        let messages = number(usize::try_from(queue.messages).unwrap_or_default());
        (labels(queue), messages)
    });
    Metric("outbox_messages", "Messages that wait for a partner", None).gauge(registry, depth);
    let oldest = queues.iter().map(|queue| (labels(queue), queue.oldest));
    let help = "Since the oldest message that waits for a partner was queued";
    Metric("outbox_oldest", help, Some(Unit::Seconds)).gauge(registry, oldest);
}
