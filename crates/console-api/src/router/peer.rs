//! The routes that partners call: the base protocol and its extensions.

use actix_web::web::{self, ServiceConfig};

use crate::peer::{call, extensions, instances, projects, stream, tasks};

/// Consoles in the field send a double slash when their partner's address ends with one.
macro_rules! path {
    ($path:literal) => {
        concat!("/{slashes:/*}", $path)
    };
}

/// Registers the peer API below the base path.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource(path!("project/peer"))
                .post(projects::create)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource(path!("project/peer/{id}"))
                .get(projects::check)
                .put(projects::update)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource(path!("task/peer/{id}"))
                .get(tasks::meta)
                .post(tasks::pair)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource(path!("task_instance/peer/{id}"))
                .get(instances::get)
                .post(instances::create)
                .put(instances::update)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/hello")
                .get(extensions::hello)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/pairing")
                .post(extensions::pair)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/unpair")
                .post(extensions::unpair)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/instances/{id}/status")
                .put(instances::report)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/stream")
                .get(stream::open)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/channel/{id}/{attempt}/{seq}")
                .post(instances::channel)
                .default_service(web::to(call::wrong_method)),
        )
        .service(
            web::resource("/peer/channel/{id}/{attempt}/{seq}/{digest}/{length}/{offset}")
                .post(instances::channel_piece)
                .default_service(web::to(call::wrong_method)),
        );
}
