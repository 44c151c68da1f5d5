//! Runs a console until it is told to end.

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use anyhow::{Context, bail};
use console_api::connections::Connections;
use console_api::server::{self, ServerSettings};
use console_app::background::Background;
use console_app::engines::check_all;
use console_app::{App, instances, setup, system};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::{connections, console, out};

/// A connection that has not sent the head of its request within this time is closed.
const HEADERS_WITHIN: Duration = Duration::from_secs(5);

/// Monitoring systems that read metrics at a time.
const METRICS_CONNECTIONS: usize = 16;

/// Runs a console until Ctrl-C, SIGTERM, or the end of the standard input if that is asked for.
///
/// # Errors
/// When a part of the console cannot be opened, or does not end in time.
pub(crate) async fn serve(config: Config, json: bool, until_stdin_closes: bool) -> anyhow::Result<()> {
    let ending = ended_from_outside(until_stdin_closes)?;
    let (host, port) = (config.service.host.trim_matches(['[', ']']), config.service.port);
    let listener = TcpListener::bind((host, port))
        .with_context(|| format!("cannot listen on {host}:{port}; is another program running there?"))?;
    let port = listener.local_addr()?.port();
    let for_metrics = metrics_listener(&config.metrics.listen)?;
    let shutdown = CancellationToken::new();
    let app = console::open(&config, port, shutdown.clone()).await?;
    warn_of_published_secrets(&config);
    let configure = console_api::configure(app.clone(), config.api(port));
    let service = &config.service;
    let allowed = connections::allowed(service.max_connections, connections::raise_file_limit());
    let places = Connections::new(
        allowed,
        service.max_connections_per_address,
        config.trusted_proxies(),
    );
    let settings = ServerSettings {
        workers: service.workers,
        max_connections_per_worker: connections::per_worker(allowed, service.workers),
        headers_within: HEADERS_WITHIN,
        shutdown_seconds: service.shutdown_seconds,
    };
    let server = server::start(listener, settings, places, configure)?;
    let handle = server.handle();
    let mut server = tokio::spawn(server);
    let metrics = for_metrics
        .map(|listener| monitoring(&app, listener))
        .transpose()?;
    let background = Background::start(&app);
    let engines = app.engines().clone();
    tokio::spawn(async move { check_all(&engines).await });
    system::note_address(&app).await?;
    announce(&app, json).await?;

    tokio::select! {
        () = ending => tracing::info!("ending"),
        ended = &mut server => {
            ended?.context("the web server has failed")?;
            bail!("the web server has ended by itself");
        }
    }
    app.drain();
    tokio::time::sleep(Duration::from_secs(config.service.drain_seconds)).await;
    shutdown.cancel();
    let bound = Duration::from_secs(config.service.shutdown_seconds);
    let ended = tokio::time::timeout(bound, async {
        handle.stop(true).await;
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        background.ended().await;
        if let Err(error) = instances::drive::hand_over(&app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "runs were not handed over"
            );
        }
        app.db().clone().close().await
    });
    match ended.await {
        Ok(closed) => closed.context("the database cannot be closed"),
        // What was cut off is taken up at the next start: no work lives in the process alone.
        Err(_) => bail!("not everything ended within {} s", bound.as_secs()),
    }
}

/// The place for metrics, if there is to be one.
fn metrics_listener(address: &str) -> anyhow::Result<Option<TcpListener>> {
    if address.is_empty() {
        return Ok(None);
    }
    let listener = TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address} (metrics.listen); is another program running there?")
    })?;
    tracing::info!(metrics.address = %listener.local_addr()?, "metrics are served");
    Ok(Some(listener))
}

/// Serves metrics beside the console, so that a monitoring system is answered when the console's own connections are taken.
fn monitoring(app: &App, listener: TcpListener) -> anyhow::Result<ServerHandle> {
    let configure = console_api::configure_monitoring(app.clone());
    let server = HttpServer::new(move || actix_web::App::new().configure(configure.clone()))
        .workers(1)
        .max_connections(METRICS_CONNECTIONS)
        .client_request_timeout(HEADERS_WITHIN)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

/// Says where the console is, and how the first account is made if there is none.
async fn announce(app: &App, json: bool) -> anyhow::Result<()> {
    let address = &app.settings().base_url;
    let code = setup::code_if_needed(app).await?;
    if json {
        out::line(&json!({ "address": address, "setup_code": code }).to_string())?;
    } else {
        out::line(&format!("The console is at {address}"))?;
        if let Some(code) = &code {
            out::line(&format!(
                "There is no account yet. The first one is made with this one-time code: {code}"
            ))?;
        }
    }
    tracing::info!(service.address = %address, "ready");
    Ok(())
}

fn warn_of_published_secrets(config: &Config) {
    let published = config.database.url.expose().contains(":Ali-fl@");
    if published {
        tracing::warn!(
            "the password of the database is a published example; change it and set EFLS_DATABASE__URL"
        );
    }
    if config.storage.s3.secret_key.expose() == "aliflminio" {
        tracing::warn!(
            "the secret key of the object store is a published example; change it and set EFLS_STORAGE__S3__SECRET_KEY"
        );
    }
}

/// Completes when somebody wants the program to end. The signals are caught from the moment of the call.
fn ended_from_outside(until_stdin_closes: bool) -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let stdin_closed = async move {
        if !until_stdin_closes {
            return std::future::pending().await;
        }
        let (send, closed) = tokio::sync::oneshot::channel();
        // A thread of its own, since a read of the standard input cannot be cancelled and must not delay the end.
        std::thread::spawn(move || {
            let mut ignored = [0; 64];
            while matches!(std::io::stdin().read(&mut ignored), Ok(count) if count > 0) {}
            let _ = send.send(());
        });
        let _ = closed.await;
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = stdin_closed => {}
        }
        #[cfg(not(unix))]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = stdin_closed => {}
        }
    })
}
