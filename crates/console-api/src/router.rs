//! Routes: one file per API, and nowhere else.

pub(crate) mod operator;
pub(crate) mod peer;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use crate::{error, guard, health, monitoring as metrics, openapi, ui};

/// What service managers and load balancers ask; they need not know the base path.
pub(crate) fn probes(config: &mut ServiceConfig) {
    let [here, live, ready] = health::PATHS;
    config
        .service(health::resource(here, web::to(health::alive)))
        .service(health::resource(live, web::to(health::alive)))
        .service(health::resource(ready, web::to(health::ready)));
}

/// What a monitoring system asks, at a listener of its own.
pub(crate) fn monitoring(config: &mut ServiceConfig) {
    config
        .service(health::resource("/metrics", web::to(metrics::metrics)))
        .default_service(web::to(error::no_route));
}

/// Everything below the base path.
pub(crate) fn all(config: &mut ServiceConfig) {
    config
        .configure(probes)
        .service(
            web::scope("/api/v1")
                .wrap(from_fn(guard::around))
                .configure(operator::routes)
                .default_service(web::to(error::no_route)),
        )
        .service(
            web::scope("/api/docs")
                .wrap(from_fn(guard::around))
                .route("", web::get().to(openapi::docs_slash))
                .route("/{file:.*}", web::get().to(openapi::docs)),
        )
        .configure(peer::routes)
        .default_service(web::to(ui::page));
}
