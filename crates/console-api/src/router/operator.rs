//! The operator API, as a table of contents.

use actix_web::web::{self, ServiceConfig};

use crate::error::ApiError;
use crate::openapi;
use crate::operator::{
    engines, events, instances, invitations, objects, overview, pairings, partners, projects, resources,
    session, setup, system, tasks, users,
};

/// Routes by method. What is read can be asked about with `HEAD`: the framework sends the headers alone.
mod on {
    // A stream has no end that `HEAD` could be answered at.
    pub(super) use actix_web::web::get as stream;
    pub(super) use actix_web::web::{delete, patch, post, put};
    use actix_web::{Route, guard, web};

    pub(super) fn get() -> Route {
        web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
    }
}

/// An address with its methods; every other method is told which there are.
macro_rules! at {
    ($config:ident, $path:literal, $allowed:literal, $($method:ident $handler:path),+) => {
        $config.service(
            web::resource($path)
                $(.route(on::$method().to($handler)))+
                .default_service(web::to(|| async { Err::<&str, _>(ApiError::Method($allowed)) })),
        );
    };
}

/// Registers the operator API below `/api/v1`.
pub(crate) fn routes(c: &mut ServiceConfig) {
    at!(c, "/openapi.json", "GET, HEAD", get openapi::document);

    at!(c, "/setup", "GET, HEAD, POST", get setup::status, post setup::first_admin);
    at!(c, "/session", "GET, HEAD, POST, DELETE", get session::who_am_i, post session::sign_in, delete session::sign_out);
    at!(c, "/registration", "POST", post session::register);
    at!(c, "/users", "GET, HEAD, POST", get users::list, post users::create);
    at!(c, "/users/{id}", "GET, HEAD, PATCH", get users::get, patch users::update);
    at!(c, "/users/{id}/password", "POST", post users::change_password);

    at!(c, "/invitations", "GET, HEAD, POST", get invitations::list, post invitations::invite);
    at!(c, "/invitations/preview", "POST", post invitations::preview);
    at!(c, "/invitations/accept", "POST", post invitations::accept);
    at!(c, "/invitations/{id}", "DELETE", delete invitations::revoke);
    at!(c, "/partners", "GET, HEAD, POST", get partners::list, post partners::add_base);
    at!(c, "/partners/{id}", "GET, HEAD, PATCH, DELETE", get partners::get, patch partners::update, delete partners::delete);
    at!(c, "/partners/{id}/confirm", "POST", post partners::confirm);
    at!(c, "/partners/{id}/suspend", "POST", post partners::suspend);
    at!(c, "/partners/{id}/resume", "POST", post partners::resume);
    at!(c, "/partners/{id}/unpair", "POST", post partners::unpair);
    at!(c, "/partners/{id}/check", "POST", post partners::check);

    at!(c, "/projects", "GET, HEAD, POST", get projects::list, post projects::create);
    at!(c, "/projects/{id}", "GET, HEAD, PATCH, DELETE", get projects::get, patch projects::update, delete projects::delete);
    at!(c, "/projects/{id}/archive", "POST", post projects::archive);
    at!(c, "/projects/{id}/partner", "PUT", put projects::assign);
    at!(c, "/projects/{id}/check", "POST", post projects::check);
    at!(c, "/projects/{id}/tasks", "GET, HEAD, POST", get tasks::list, post tasks::create);
    at!(c, "/tasks/{id}", "GET, HEAD, PATCH, DELETE", get tasks::get, patch tasks::update, delete tasks::delete);
    at!(c, "/tasks/{id}/archive", "POST", post tasks::archive);
    at!(c, "/tasks/{id}/versions", "GET, HEAD, POST", get tasks::versions, post tasks::new_version);
    at!(c, "/tasks/{id}/validate", "POST", post tasks::validate);
    at!(c, "/tasks/{id}/pairing", "POST", post pairings::ask);
    at!(c, "/tasks/{id}/resources", "GET, HEAD, POST", get resources::list, post resources::attach);
    at!(c, "/tasks/{id}/instances", "POST", post instances::run);
    at!(c, "/pairings/{id}", "GET, HEAD", get pairings::get);
    at!(c, "/pairings/{id}/refresh", "POST", post pairings::refresh);
    at!(c, "/pairings/{id}/take-settings", "POST", post pairings::take_settings);
    at!(c, "/resources/{id}", "PUT, DELETE", put resources::update, delete resources::detach);

    at!(c, "/instances", "GET, HEAD", get instances::list);
    at!(c, "/instances/{id}", "GET, HEAD, PATCH, DELETE", get instances::get, patch instances::comment, delete instances::delete);
    at!(c, "/instances/{id}/start", "POST", post instances::start);
    at!(c, "/instances/{id}/stop", "POST", post instances::stop);
    at!(c, "/instances/{id}/consent", "GET, HEAD, POST", get instances::consent::get, post instances::consent::decide);
    at!(c, "/instances/{id}/events", "GET, HEAD", get instances::events);
    at!(c, "/instances/{id}/logs", "GET, HEAD", get instances::logs::logs);
    at!(c, "/instances/{id}/metrics", "GET, HEAD", get instances::metrics);
    at!(c, "/instances/{id}/results", "GET, HEAD", get instances::results::results);
    at!(c, "/instances/{id}/warnings", "GET, HEAD", get instances::results::warnings);

    at!(c, "/objects", "GET, HEAD", get objects::list);
    at!(c, "/objects/{name}", "GET, HEAD, PUT, DELETE", get objects::download, put objects::upload, delete objects::delete);
    at!(c, "/objects/{name}/info", "GET, HEAD", get objects::info);
    at!(c, "/objects/{name}/table", "GET, HEAD", get objects::table::preview);
    at!(c, "/objects/{name}/profile", "GET, HEAD", get objects::profile::profile);

    at!(c, "/events", "GET", stream events::listen);
    at!(c, "/overview", "GET, HEAD", get overview::get);
    at!(c, "/engines", "GET, HEAD", get engines::list);
    at!(c, "/engines/{name}/check", "POST", post engines::check);
    at!(c, "/system", "GET, HEAD, PATCH", get system::get, patch system::update);
    at!(c, "/system/refused-calls", "GET, HEAD", get system::refused_calls);
    at!(c, "/system/outbox", "GET, HEAD", get system::outbox);
    at!(c, "/system/outbox/{id}/retry", "POST", post system::retry);
    at!(c, "/system/outbox/{id}/give-up", "POST", post system::give_up);
}
