//! The web server: HTTP/1.1 on a listener, with connections that read no faster than they answer.

use std::any::Any;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_http::HttpService;
use actix_server::Server;
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::ServiceConfig;
use actix_web::{App, Error};

use crate::connections::{self, Connections};
use crate::gate::Gate;

/// A caller whose connection is closed has so long to close its side.
const DISCONNECTED_WITHIN: Duration = Duration::from_secs(1);

/// How a web server works.
#[derive(Debug, Clone, Copy)]
pub struct ServerSettings {
    /// Threads that answer.
    pub workers: usize,
    /// Connections of one of them at a time; further ones wait.
    pub max_connections_per_worker: usize,
    /// A connection that has not sent the head of its request within this time is closed.
    pub headers_within: Duration,
    /// How long an orderly end waits for answers, in seconds.
    pub shutdown_seconds: u64,
}

/// Starts a web server on a listener; it is to be spawned. `places` bounds the connections.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(
    listener: TcpListener,
    settings: ServerSettings,
    places: Connections,
    configure: impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let at = listener.local_addr()?;
    let builder = Server::build()
        .workers(settings.workers)
        .max_concurrent_connections(settings.max_connections_per_worker)
        .shutdown_timeout(settings.shutdown_seconds)
        .disable_signals();
    let ends = builder.graceful_shutdown_signal();
    let builder = builder.listen(format!("console {at}"), listener, move || {
        let application = App::new()
            .wrap(from_fn(connections::around))
            .configure(configure.clone());
        let (places, ends) = (places.clone(), ends.clone());
        let service = HttpService::build()
            .graceful_shutdown_signal(move || {
                let ends = ends.clone();
                async move { ends.notified().await }
            })
            .client_request_timeout(settings.headers_within)
            .client_disconnect_timeout(DISCONNECTED_WITHIN)
            .local_addr(at)
            .on_connect_ext(move |connection: &Gate<TcpStream>, data: &mut _| {
                places.take(connection.io() as &dyn Any, data);
                data.insert(connection.admission());
            })
            .h1(map_config(
                application
                    .into_factory()
                    .map_err(|error: Error| error.error_response()),
                |()| AppConfig::default(),
            ));
        fn_service(async |connection: TcpStream| {
            let peer = connection.peer_addr().ok();
            Ok((Gate::new(connection), peer))
        })
        .and_then(service)
    })?;
    Ok(builder.run())
}
