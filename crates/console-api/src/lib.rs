//! The HTTP doors of a console: the operator API, the peer API, and the health checks.
//!
//! Routes are registered in one file per API (`router`). A handler extracts, authorises through its use-case, makes
//! one call and converts; errors become answers in one place for operators (`error`) and one for partners.

mod auth;
mod blocker;
pub mod connections;
mod error;
mod extract;
mod gate;
mod guard;
mod health;
mod idempotency;
mod limits;
mod monitoring;
mod openapi;
mod operator;
mod page;
mod peer;
mod pieces;
mod router;
pub mod server;
mod sse;
mod ui;
mod words;

use actix_web::web::{self, ServiceConfig};
use console_app::App;
use ipnet::IpNet;

pub use openapi::openapi;

/// What the doors need to know besides the console itself.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Prefix of every path but those of `/health`: empty, or `/host`.
    pub base_path: String,
    /// Whether the session cookie is sent over TLS only.
    pub secure_cookie: bool,
    /// The most bytes of a JSON body.
    pub json_limit_bytes: usize,
    /// Reverse proxies, whose word about the address of a caller is taken.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            base_path: String::new(),
            secure_cookie: false,
            json_limit_bytes: 2 << 20,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Registers everything that a console serves.
pub fn configure(app: App, settings: ApiSettings) -> impl FnOnce(&mut ServiceConfig) + Clone {
    let (app, settings) = (web::Data::new(app), web::Data::new(settings));
    let budget = web::Data::new(peer::body::Budget::default());
    let description = web::Data::new(openapi::Served::default());
    move |config: &mut ServiceConfig| {
        config
            .app_data(app)
            .app_data(settings.clone())
            .app_data(budget)
            .app_data(description);
        if settings.base_path.is_empty() {
            router::all(config);
        } else {
            config.configure(router::probes);
            config.service(web::scope(&settings.base_path).configure(router::all));
            config.default_service(web::to(error::no_route));
        }
    }
}

/// Registers what a monitoring system reads. For a listener of its own, which strangers do not reach.
pub fn configure_monitoring(app: App) -> impl FnOnce(&mut ServiceConfig) + Clone {
    let app = web::Data::new(app);
    move |config: &mut ServiceConfig| {
        config.app_data(app).configure(router::monitoring);
    }
}
